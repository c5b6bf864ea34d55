//! What an earlier response said: beside each question, and taken over where somebody wants it. Nothing is ever filled in by
//! itself.
//!
//! Questions are the same where linkId and type are, and in a group that repeats, where nothing in that part says otherwise: the
//! dose of one medicine is not offered for another. Below one of several answers, they are the same where that was answered then
//! too, wherever it stood. An answer that was taken over says so in an extension of its own, which goes
//! with the next change of it.

use std::collections::HashMap;

use serde_json::Value;
use words::Sentence;

use super::{AnswerError, Changes, Form, ItemId, SectionId, below::is_same, check};
use crate::{
    Answer, Kind,
    definition::json::{self, Object},
};

/// The extension of an answer that was taken over.
pub const TAKEN: &str = "urn:mobile-assessments:as-last-time";

/// Which response an answer was taken over from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// A URI.
    pub from: String,
    /// A FHIR dateTime.
    pub when: String,
}

/// What an earlier response said.
#[derive(Clone, Debug)]
pub struct LastTime {
    origin: Origin,
    answers: HashMap<Place, (Kind, Vec<Answer>)>,
    /// How often a group that repeats was there, by its first.
    groups: HashMap<Place, usize>,
}

/// Names an item in whichever response to the form, also to another version of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    link_id: String,
    /// Which one it is among the items that share the link id.
    twin: usize,
    /// Which one it is of each group that repeats, and below which of several answers it stands, the outermost first.
    at: Vec<usize>,
}

/// Why an answer of last time is not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// There is an answer already.
    Answered,
    /// The form works it out.
    Calculated,
    ReadOnly,
    /// The question does not apply now.
    Disabled,
    /// The form offers no such answer any more, or words it otherwise.
    Option,
    /// A file is of its day.
    File,
    /// Another rule of the form forbids it now, which says why.
    Breaks(Sentence),
}

/// What is to be taken over, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Taking {
    /// One more of the group that repeats of which this is the first.
    Add(Place),
    Answer(Told),
}

/// A question with what was answered last time.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub place: Place,
    pub text: String,
    pub answers: Vec<Answer>,
}

/// What comes of "as last time" for a section.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub take: Vec<Taking>,
    pub left: Vec<(Told, NotTaken)>,
}

impl Place {
    pub fn link_id(&self) -> &str {
        &self.link_id
    }
}

impl LastTime {
    pub fn of(earlier: &Form, origin: Origin) -> Self {
        let mut last = Self {
            origin,
            answers: HashMap::new(),
            groups: HashMap::new(),
        };
        for item in earlier.items().filter(|item| item.shown()) {
            let place = || earlier.place(item.id);
            if item.kind.is_question() && !item.answers.is_empty() {
                last.answers.insert(place(), (item.kind, item.answers.to_vec()));
            } else if item.kind == Kind::Group && item.repeats {
                let (this, count) = earlier.place_of(item.id);
                if this == 0 && count > 1 {
                    last.groups.insert(place(), count);
                }
            }
        }
        last
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// What would come of taking over every open question of a section, and of those that appear by it. `form` is a copy that
    /// is tried on.
    pub fn plan(&self, mut form: Form, section: SectionId) -> Plan {
        let mut plan = Plan::default();
        let mut broken: HashMap<Place, Sentence> = HashMap::new();
        loop {
            let before = plan.take.len();
            for item in form.items_on(section) {
                self.try_group(&mut form, item, &mut plan);
                self.try_answer(&mut form, item, &mut plan, &mut broken);
            }
            if plan.take.len() == before {
                break;
            }
        }
        for item in form.items_on(section) {
            let place = form.place(item);
            let told = form
                .answered_last_time(self, item)
                .map(|answers| form.told(item, answers.to_vec()));
            let why = match (broken.remove(&place), form.as_last_time(self, item)) {
                (Some(sentence), _) => NotTaken::Breaks(sentence),
                (None, Some(Err(why))) if why != NotTaken::Answered => why,
                _ => continue,
            };
            plan.left.extend(told.map(|told| (told, why)));
        }
        plan
    }

    fn try_group(&self, form: &mut Form, item: ItemId, plan: &mut Plan) {
        let place = form.place(item);
        let then = form.place_then(self, item);
        let Some(wanted) = then.and_then(|then| self.groups.get(&then)) else {
            return;
        };
        let (this, mut count) = form.place_of(item);
        let untouched = || {
            form.siblings(item.at_index())
                .iter()
                .all(|at| !form.has_answer(*at))
        };
        if this > 0 || !form.item(item).shown() || !untouched() {
            return;
        }
        while count < *wanted && form.add(item).is_ok() {
            plan.take.push(Taking::Add(place.clone()));
            count += 1;
        }
    }

    fn try_answer(
        &self,
        form: &mut Form,
        item: ItemId,
        plan: &mut Plan,
        broken: &mut HashMap<Place, Sentence>,
    ) {
        let Some(Ok(answers)) = form.as_last_time(self, item) else {
            return;
        };
        let place = form.place(item);
        if broken.contains_key(&place) || form.take(item, answers.clone(), &self.origin).is_err() {
            return;
        }
        let mut problems = form.item(item).problems.iter();
        let broken_now = problems.find(|problem| problem.is_wrong_answer());
        match broken_now.map(|problem| problem.sentence.clone()) {
            Some(sentence) => {
                broken.insert(place, sentence);
                form.undo();
            }
            None => plan.take.push(Taking::Answer(form.told(item, answers))),
        }
    }
}

impl Form {
    /// What was answered last time to the same question.
    pub fn answered_last_time<'l>(&self, last: &'l LastTime, item: ItemId) -> Option<&'l [Answer]> {
        let view = self.item(item);
        if view.hidden || !view.kind.is_question() {
            return None;
        }
        let (kind, answers) = last.answers.get(&self.place_then(last, item)?)?;
        (*kind == view.kind && self.is_same_part(last, item)).then_some(answers)
    }

    /// What to give to [`take`](Self::take) so that the question is answered as last time, or why it is not. None where it was
    /// not answered then.
    pub fn as_last_time(&self, last: &LastTime, item: ItemId) -> Option<Result<Vec<Answer>, NotTaken>> {
        let then = self.answered_last_time(last, item)?;
        let view = self.item(item);
        Some(match &view {
            view if !view.enabled => Err(NotTaken::Disabled),
            view if view.calculated => Err(NotTaken::Calculated),
            view if view.read_only => Err(NotTaken::ReadOnly),
            view if !view.answers.is_empty() => Err(NotTaken::Answered),
            view if view.kind == Kind::Attachment => Err(NotTaken::File),
            view if then.len() > 1 && !view.repeats => Err(NotTaken::Option),
            _ => then
                .iter()
                .map(|answer| self.still(item, answer).ok_or(NotTaken::Option))
                .collect(),
        })
    }

    /// Answers a question as it was answered in another response. What was taken over says so until it is changed.
    pub fn take(
        &mut self,
        item: ItemId,
        answers: Vec<Answer>,
        origin: &Origin,
    ) -> Result<Changes, AnswerError> {
        self.give(item, answers, Some(&mark(origin)))
    }

    /// Where the answers were taken over from, if all of them were and none was changed since.
    pub fn taken(&self, item: ItemId) -> Option<Origin> {
        let state = self.states.get(item.at_index())?;
        let origins = (0..state.answers.len()).map(|place| read(state.answer_members.get(place)?));
        let origins: Option<Vec<Origin>> = origins.collect();
        origins?.into_iter().next()
    }

    /// The name of an item that another response to this form has too.
    pub fn place(&self, item: ItemId) -> Place {
        let at = item.at_index().min(self.states.len().saturating_sub(1));
        let asked = &self.definition.items[self.states[at].def];
        Place {
            link_id: asked.link_id.clone(),
            twin: asked.twin.unwrap_or_default(),
            at: self.ordinals(at),
        }
    }

    /// Where the same item was last time: what is below an answer, below the same answer then.
    fn place_then(&self, last: &LastTime, item: ItemId) -> Option<Place> {
        let mut place = self.place(item);
        place.at.clear();
        self.ordinals_then(last, item.at_index(), &mut place.at)?;
        Some(place)
    }

    fn ordinals_then(&self, last: &LastTime, at: usize, found: &mut Vec<usize>) -> Option<()> {
        let Some(above) = self.states.get(at)?.parent else {
            found.extend(self.ordinals(at));
            return Some(());
        };
        self.ordinals_then(last, above, found)?;
        if self.is_part(at) {
            let mut asked = self.place(ItemId::at(above));
            asked.at.clone_from(found);
            let then = last.answers.get(&asked).map(|(_, then)| then.as_slice());
            let then = then.unwrap_or_default();
            found.push(match self.states[at].answers.as_slice() {
                [] => then.is_empty().then_some(0)?,
                answer => then.chunks(1).position(|then| is_same(then, answer))?,
            });
        } else if self.definition.items[self.states[at].def].is_several() {
            found.push(self.place_of(ItemId::at(at)).0);
        }
        Some(())
    }

    /// The item of that name, where it is there now.
    pub fn placed(&self, place: &Place) -> Option<ItemId> {
        let mut items = self.find_all(&place.link_id).into_iter();
        items.find(|item| self.place(*item) == *place)
    }

    /// The extension that marks the answer at this place as taken over, for a record of who changed what.
    pub(super) fn mark_at(&self, at: usize, place: usize) -> Object {
        let members = self.states[at].answer_members.get(place);
        members
            .and_then(read)
            .map(|origin| mark(&origin))
            .unwrap_or_default()
    }

    /// The same answer as the form offers it now.
    fn still(&self, item: ItemId, answer: &Answer) -> Option<Answer> {
        let state = &self.states[item.at_index()];
        let asked = &self.definition.items[state.def];
        if answer.is_invalid() || matches!(answer, Answer::Other(_)) {
            return None;
        }
        let options = self.options(item.at_index());
        if let Some(option) = options.iter().find(|option| option.is(answer)) {
            return is_worded_alike(&option.answer, answer).then(|| option.answer.clone());
        }
        let own_words = matches!((asked.kind, answer), (Kind::OpenChoice, Answer::String(_)));
        let is_free = options.is_empty() || own_words;
        (is_free && check::fits(asked, options, answer)).then(|| answer.clone())
    }

    /// Whether nothing in the parts that repeat, in which this item stands, is answered otherwise than last time.
    fn is_same_part(&self, last: &LastTime, item: ItemId) -> bool {
        let mut here = self.instance_of(item);
        while let Some(part) = here {
            if !self.is_part(part.at_index()) && !self.parts_agree(last, part) {
                return false;
            }
            let above = self.states[part.at_index()].parent;
            here = above.and_then(|at| self.instance_of(ItemId::at(at)));
        }
        true
    }

    fn parts_agree(&self, last: &LastTime, part: ItemId) -> bool {
        let mut below: Vec<ItemId> = self.item(part).children.iter().collect();
        while let Some(item) = below.pop() {
            let view = self.item(item);
            if view.several {
                continue;
            }
            below.extend(view.children.iter());
            let is_given = view.enabled && !view.calculated && !view.answers.is_empty();
            let then = self
                .place_then(last, item)
                .and_then(|then| last.answers.get(&then));
            if is_given && then.is_none_or(|(_, then)| then != view.answers) {
                return false;
            }
        }
        true
    }

    /// Everything on a section, in document order, whether it is shown or not.
    pub fn items_on(&self, section: SectionId) -> Vec<ItemId> {
        let items = self.sections.get(section.index());
        let items = items.map(|section| section.items.iter().map(|item| item.at_index()).collect());
        let items: Vec<usize> = items.unwrap_or_default();
        self.walk(&items).map(ItemId::at).collect()
    }

    fn told(&self, item: ItemId, answers: Vec<Answer>) -> Told {
        let view = self.item(item);
        Told {
            place: self.place(item),
            text: view.text.to_owned(),
            answers,
        }
    }
}

/// Whether an option still says what was chosen: another wording may mean something else.
fn is_worded_alike(option: &Answer, then: &Answer) -> bool {
    match (option, then) {
        (Answer::Coding(option), Answer::Coding(then)) => {
            option.display == then.display || option.display.is_none() || then.display.is_none()
        }
        _ => true,
    }
}

fn mark(origin: &Origin) -> Object {
    let parts = vec![
        json::extended("from", "valueUri", origin.from.as_str()),
        json::extended("when", "valueDateTime", origin.when.as_str()),
    ];
    let mark = json::extended(TAKEN, "extension", parts);
    let mut members = Object::new();
    json::set(&mut members, "extension", vec![mark]);
    members
}

fn is_mark(extension: &Value) -> bool {
    extension.get("url").and_then(Value::as_str) == Some(TAKEN)
}

fn read(members: &Object) -> Option<Origin> {
    let mark =
        json::objects(members, "extension").find(|extension| json::text(extension, "url") == Some(TAKEN))?;
    let part = |name: &str| json::part(mark, name).and_then(Value::as_str).map(str::to_owned);
    Some(Origin {
        from: part("from").unwrap_or_default(),
        when: part("when").unwrap_or_default(),
    })
}

/// What stands beside an answer that is changed: it is not as last time any more.
pub(super) fn unmark(mut members: Object) -> Object {
    json::retain_extensions(&mut members, |extension| !is_mark(extension));
    members
}
