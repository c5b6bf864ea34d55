//! An open form as pages and controls share it: the form itself, and one trigger for each item that is drawn.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use forms::{Answer, AnswerError, Changes, Form, ItemId, ItemView, Kind, Problem, SectionId, Waiver};
use leptos::prelude::*;
use serde_json::Value;

use super::item::{About, element_id, with_question};
use super::note::note_id;
use super::repeat;
use crate::language::{sentence, tr};

/// What the user just did, in the words of a document's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub item: ItemId,
    pub link_id: String,
    /// FHIR `answer` arrays.
    pub before: Value,
    pub after: Value,
    /// False while somebody types. When the field is left, the same comes once more with true, and `before` and
    /// `after` are equal then.
    pub settled: bool,
}

/// Cheap to copy; lives as long as the owner in which it was made.
#[derive(Clone, Copy)]
pub struct FormHandle {
    open: StoredValue<Rc<Open>, LocalStorage>,
    /// Say also which required answers are missing.
    pub insist: RwSignal<bool>,
    /// Nothing can be changed: answers stand there as text.
    pub locked: RwSignal<bool>,
    /// Where somebody left off the last time: marked when its section is drawn.
    pub left_off: RwSignal<Option<ItemId>>,
    /// What is wrong with the answers, from the first to the last, as of when a field was last left: half an answer is not
    /// called wrong.
    pub wrong: RwSignal<Vec<About>>,
    /// What has just appeared, for those who do not see it appear.
    pub(super) news: RwSignal<String>,
    /// What was just taken away and can be brought back, in words.
    pub(super) removed: RwSignal<Option<String>>,
    /// What has just come to be wrong, for those who do not see it.
    pub(super) alarm: RwSignal<String>,
}

struct Open {
    form: Rc<RefCell<Form>>,
    /// Notified when the item has changed; made when the item is first drawn.
    items: RefCell<HashMap<ItemId, ArcTrigger>>,
    /// Notified when anything has changed.
    any: ArcTrigger,
    /// Notified when there came to be more or fewer items.
    structure: ArcTrigger,
    /// What was wrong when a field was last left.
    wrong: RefCell<Vec<(About, String)>>,
    on_answer: Box<dyn Fn(Answered)>,
}

impl FormHandle {
    pub fn new(form: Form, on_answer: impl Fn(Answered) + 'static) -> Self {
        let wrong = wrong(&form);
        let items = items_of(&wrong);
        let open = Open {
            form: Rc::new(RefCell::new(form)),
            items: RefCell::default(),
            any: ArcTrigger::new(),
            structure: ArcTrigger::new(),
            wrong: RefCell::new(wrong),
            on_answer: Box::new(on_answer),
        };
        Self {
            open: StoredValue::new_local(Rc::new(open)),
            insist: RwSignal::new(false),
            locked: RwSignal::new(false),
            left_off: RwSignal::new(None),
            wrong: RwSignal::new(items),
            news: RwSignal::new(String::new()),
            removed: RwSignal::new(None),
            alarm: RwSignal::new(String::new()),
        }
    }

    /// Whether nothing can be changed. What is drawn by it is drawn anew where that is news, and not whenever it is said again.
    pub fn lock(&self, locked: bool) {
        if self.locked.get_untracked() != locked {
            self.locked.set(locked);
        }
    }

    /// The form itself, for what outlives the page, such as a save under way. No borrow may be held across an await.
    pub fn share(&self) -> Rc<RefCell<Form>> {
        self.open().form.clone()
    }

    /// Looks into the form once.
    pub fn read<R>(&self, look: impl FnOnce(&Form) -> R) -> R {
        look(&self.open().form.borrow())
    }

    /// Looks into the form, and again after every answer.
    pub fn watch<R>(&self, look: impl FnOnce(&Form) -> R) -> R {
        self.open().any.track();
        self.read(look)
    }

    /// Looks at one item, and again when that item has changed.
    pub fn item<R>(&self, item: ItemId, look: impl FnOnce(ItemView<'_>) -> R) -> R {
        let trigger = self.open().items.borrow_mut().entry(item).or_default().clone();
        trigger.track();
        self.peek(item, look)
    }

    /// Looks at one item once.
    pub(super) fn peek<R>(&self, item: ItemId, look: impl FnOnce(ItemView<'_>) -> R) -> R {
        self.read(|form| look(form.item(item)))
    }

    /// Gives the answers of an item to the form, and draws what that changes.
    pub(super) fn answer(&self, item: ItemId, answers: Vec<Answer>, settled: bool) {
        if self.locked.get_untracked() {
            return;
        }
        let before = self.read(|form| form.answers_as_fhir(item));
        let below = settled.then(|| self.read(|form| repeat::answered_below(form, item)));
        let taken = self.open().form.borrow_mut().answer(item, answers);
        match taken {
            Ok(changes) if changes.is_empty() => {}
            Ok(_) => {
                self.tell(item, before, settled);
                self.draw();
                if let Some(below) = below {
                    self.review();
                    repeat::tell_gone(*self, below);
                }
            }
            // A control offers only what its question takes, so there is nothing that the user could do about it.
            Err(error) => leptos::logging::warn!("an answer was not taken: {error}"),
        }
    }

    /// Whether the option at this place is chosen, and again when that has changed.
    pub(super) fn chosen(&self, item: ItemId, place: usize) -> bool {
        self.item(item, |item| {
            item.options.get(place).is_some_and(|option| item.chosen(option))
        })
    }

    /// Away with one of several answers.
    pub(super) fn take_back(&self, item: ItemId, gone: &Answer) {
        let mut left = self.peek(item, |item| item.answers.to_vec());
        left.retain(|answer| answer != gone);
        self.answer(item, left, true);
    }

    /// Takes the last change back; returns the item that it was about, and the element to go to.
    pub fn undo(&self) -> Option<(ItemId, String)> {
        self.turn(Form::undoes, Form::undoes_note, Form::undo)
    }

    /// Makes again what was taken back last.
    pub fn redo(&self) -> Option<(ItemId, String)> {
        self.turn(Form::redoes, Form::redoes_note, Form::redo)
    }

    fn turn(
        &self,
        about: impl FnOnce(&Form) -> Option<ItemId>,
        note: impl FnOnce(&Form) -> Option<SectionId>,
        turn: impl FnOnce(&mut Form) -> Option<Changes>,
    ) -> Option<(ItemId, String)> {
        if self.locked.get_untracked() {
            return None;
        }
        let item = self.read(about)?;
        if let Some(section) = self.read(note) {
            self.turn_note(section, turn);
            return Some((item, note_id(section)));
        }
        let before = self.read(|form| form.answers_as_fhir(item));
        let changes = turn(&mut self.open().form.borrow_mut())?;
        let is_repeat = changes.iter().any(|change| change.children);
        let is_answer = self.peek(item, |item| item.kind.is_question());
        self.tell(
            item,
            if is_repeat && !is_answer {
                Value::Null
            } else {
                before
            },
            true,
        );
        self.draw();
        self.review();
        if is_repeat {
            self.open().structure.notify();
        }
        Some((item, element_id(item)))
    }

    /// Overrides every open rule of the form's own, for one reason, and returns them: the page notes each, as what it is.
    pub fn waive(&self, waiver: &Waiver) -> Vec<Problem> {
        if self.locked.get_untracked() {
            return Vec::new();
        }
        let mut waived = self.read(Form::problems);
        waived.retain(Problem::can_be_waived);
        let open = self.open();
        waived.retain(|problem| {
            let done = open.form.borrow_mut().waive(problem, waiver.clone());
            // The page asks for a reason first.
            done.inspect_err(|error| leptos::logging::warn!("a rule was not overridden: {error}"))
                .is_ok()
        });
        self.draw();
        self.review();
        waived
    }

    /// Looks into the form, and again when there came to be more or fewer items.
    pub(super) fn structure<R>(&self, look: impl FnOnce(&Form) -> R) -> R {
        self.open().structure.track();
        self.read(look)
    }

    /// What a section shows, and again when that becomes more or less.
    pub(super) fn items_of(&self, section: SectionId) -> Vec<ItemId> {
        self.structure(|form| {
            let section = form.sections().get(section.index());
            section.map(|section| section.items.clone()).unwrap_or_default()
        })
    }

    /// One more of a part that can be there several times, after this one.
    pub(super) fn add(&self, group: ItemId) -> Option<ItemId> {
        let mut added = None;
        self.repeat(group, |form| {
            let (item, changes) = form.add(group)?;
            added = Some(item);
            Ok(changes)
        });
        added
    }

    /// Away with this one of a part that can be there several times.
    pub(super) fn remove(&self, group: ItemId) {
        self.repeat(group, |form| form.remove(group));
    }

    fn repeat(&self, group: ItemId, act: impl FnOnce(&mut Form) -> Result<Changes, AnswerError>) {
        if self.locked.get_untracked() {
            return;
        }
        let changes = act(&mut self.open().form.borrow_mut());
        match changes {
            Ok(_) => {
                self.tell(group, Value::Null, true);
                self.draw();
                self.review();
                self.open().structure.notify();
            }
            // The buttons are there only where they can be used.
            Err(error) => leptos::logging::warn!("a part was not repeated: {error}"),
        }
    }

    /// A field that was typed in has been left.
    pub(super) fn settle(&self, item: ItemId) {
        self.open().form.borrow_mut().pause();
        let now = self.read(|form| form.answers_as_fhir(item));
        self.tell(item, now, true);
        self.review();
    }

    /// Looks what is wrong, now that nobody is in the middle of a word, and says what has come to be.
    pub(super) fn review(&self) {
        let now = self.read(wrong);
        let before = self.open().wrong.replace(now.clone());
        let alarm = self.read(|form| alarm(form, &before, &now));
        if self.alarm.with_untracked(|said| *said != alarm) {
            self.alarm.set(alarm);
        }
        let items = items_of(&now);
        if self.wrong.with_untracked(|known| *known != items) {
            self.wrong.set(items);
        }
    }

    pub(super) fn tell(&self, item: ItemId, before: Value, settled: bool) {
        let answered = self.read(|form| Answered {
            item,
            link_id: form.item(item).link_id.to_owned(),
            before: without_content(before),
            after: without_content(form.answers_as_fhir(item)),
            settled,
        });
        self.report(answered);
    }

    /// Draws again what has changed, and nothing else.
    pub(super) fn draw(&self) {
        let open = self.open();
        let changes = open.form.borrow_mut().changes();
        if !changes.is_empty() && self.removed.with_untracked(Option::is_some) {
            self.removed.set(None);
        }
        let drawn = |change: &forms::Change| open.items.borrow().get(&change.item).cloned();
        let triggers: Vec<ArcTrigger> = changes.iter().filter_map(drawn).collect();
        let news = self.read(|form| news(form, &changes));
        if !news.is_empty() {
            self.news.set(news);
        }
        triggers.iter().for_each(ArcTrigger::notify);
        open.any.notify();
    }

    /// The form, to be changed. [`tell`](Self::tell) and [`draw`](Self::draw) come after.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Form) -> R) -> R {
        change(&mut self.open().form.borrow_mut())
    }

    /// Tells of a change that is no item's.
    pub(super) fn report(&self, answered: Answered) {
        (self.open().on_answer)(answered);
    }

    /// False once its page has gone.
    pub fn is_open(&self) -> bool {
        !self.open.is_disposed()
    }

    fn open(&self) -> Rc<Open> {
        self.open.get_value()
    }
}

/// A history tells which files came and went, by name, size and hash; their content is in the answers and nowhere else.
fn without_content(mut answers: Value) -> Value {
    for answer in answers.as_array_mut().into_iter().flatten() {
        if let Some(attachment) = answer.get_mut("valueAttachment").and_then(Value::as_object_mut) {
            attachment.remove("data");
        }
    }
    answers
}

/// What is wrong with the answers that are there, in document order.
fn wrong(form: &Form) -> Vec<(About, String)> {
    let problems = form.problems().into_iter();
    let problems = problems.filter(Problem::is_wrong_answer);
    problems
        .map(|problem| (problem.about(), sentence(&problem.sentence)))
        .collect()
}

/// Each item once, however many rules its answer breaks.
fn items_of(wrong: &[(About, String)]) -> Vec<About> {
    let mut items: Vec<About> = wrong.iter().map(|(item, _)| *item).collect();
    items.dedup();
    items
}

/// What was not wrong before, each with its question.
fn alarm(form: &Form, before: &[(About, String)], now: &[(About, String)]) -> String {
    let new = now.iter().filter(|problem| !before.contains(problem));
    let said = new.map(|(item, message)| with_question(form, *item, message));
    said.collect::<Vec<String>>().join(" ")
}

/// What has appeared, in words: texts as they stand, questions by their number.
fn news(form: &Form, changes: &Changes) -> String {
    let appeared = changes
        .iter()
        .filter(|change| change.enabled)
        .map(|change| form.item(change.item));
    let (mut texts, mut questions) = (Vec::new(), 0);
    for item in appeared.filter(ItemView::shown) {
        match item.kind {
            Kind::Display => texts.push(item.text.to_owned()),
            kind if kind.is_question() => questions += 1,
            _ => {}
        }
    }
    match questions {
        0 => {}
        more => texts.push(tr!(
            "One more question below." | "{n} more questions below." % more
        )),
    }
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_history_names_a_file_and_does_not_carry_it() {
        let answers = json!([
            { "valueAttachment": { "title": "a.jpg", "size": 3, "hash": "aaaa", "data": "AAAA" } },
            { "valueString": "data" },
        ]);
        assert_eq!(
            without_content(answers),
            json!([{ "valueAttachment": { "title": "a.jpg", "size": 3, "hash": "aaaa" } }, { "valueString": "data" }])
        );
        assert_eq!(without_content(Value::Null), Value::Null);
    }

    #[test]
    fn what_appears_is_said() {
        let when = |answer: bool| json!([{ "question": "a", "operator": "=", "answerBoolean": answer }]);
        let mut form = Form::open(&json!({ "item": [
            { "linkId": "a", "type": "boolean" },
            { "linkId": "b", "type": "display", "text": "Call your supervisor.", "enableWhen": when(false) },
            { "linkId": "c", "type": "string", "enableWhen": when(false) },
            { "linkId": "d", "type": "string", "enableWhen": when(false) },
            { "linkId": "e", "type": "string", "enableWhen": when(true) },
        ] }))
        .unwrap();
        let a = form.find("a").unwrap();
        for (answer, words) in [
            (
                vec![Answer::Boolean(false)],
                "Call your supervisor. 2 more questions below.",
            ),
            (vec![Answer::Boolean(true)], "One more question below."),
            (vec![], ""),
        ] {
            let changes = form.answer(a, answer).unwrap();
            assert_eq!(news(&form, &changes), words);
        }
    }

    #[test]
    fn what_has_come_to_be_wrong_is_said_once() {
        let mut form = Form::open(&json!({ "item": [
            { "linkId": "w", "type": "integer", "text": "Weight", "extension": [
                { "url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 20 }] },
            { "linkId": "r", "type": "boolean", "text": "Required", "required": true },
        ] }))
        .unwrap();
        let before = wrong(&form);
        assert!(before.is_empty(), "a missing answer is not said");
        let weight = form.find("w").unwrap();
        form.answer(weight, vec![Answer::Integer(3)]).unwrap();
        let now = wrong(&form);
        let said = alarm(&form, &before, &now);
        assert!(said.starts_with("Weight: ") && said.contains("20"), "{said}");
        assert_eq!(alarm(&form, &now, &now), "");
        form.answer(weight, vec![Answer::Integer(70)]).unwrap();
        assert_eq!(alarm(&form, &now, &wrong(&form)), "");
    }
}
