//! A form being filled in: the only holder of its answers.
//!
//! `pass` decides which items are visited and when, `enable`, `calculate` and `check` work out one item each, `tree` is
//! the response as expressions see it and `evaluate` asks them. `repeat` adds and takes away what repeats, `below` what is
//! asked below each of several answers. `history` goes back and forth, `waive` overrides rules of the form's own, `note`
//! keeps what no question asks for, `band` knows what a total means and `last_time` what an earlier response said. `view` is
//! what a page reads, `response` and `resume` are the way out and back in.

mod band;
mod below;
mod calculate;
mod check;
mod enable;
mod evaluate;
mod history;
mod last_time;
mod note;
mod pass;
mod repeat;
mod response;
mod resume;
mod tree;
mod view;
mod waive;

use std::collections::HashSet;

use serde_json::Value;
use words::msg;

pub use band::Band;
pub use calculate::Tally;
pub use check::{Problem, Rule, Severity};
pub use last_time::{LastTime, NotTaken, Origin, Place, Plan, TAKEN, Taking, Told};
pub use pass::{Change, Changes};
pub use response::Status;
pub use resume::Misfit;
pub use view::{Children, ItemView, Progress, Section, SectionId};
pub use waive::Waiver;

use crate::{
    Answer, ChoiceOption, FormError, Setting,
    arena::Arena,
    definition::{self, Definition, Kind, NotSupported, json::Object},
    graph::Graph,
};
use evaluate::World;
use history::{History, Step};
use pass::Pass;
use waive::Waived;

/// Names an item of one open form; cheap to copy. A repeating group, and all in it, has one for each time that it is
/// there. It stays valid while the form is open, also after what it names was taken away and brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(u32);

/// A questionnaire and its answers. See the [crate's head](crate) for an example.
pub struct Form {
    definition: Definition,
    graph: Graph,
    /// By instance. At first they are the items in document order; what is added comes last.
    states: Arena<State>,
    /// The uppermost instances, in document order.
    roots: Vec<usize>,
    /// By item of the definition: its instances that are there now, in document order.
    instances: Arena<Vec<usize>>,
    sections: Vec<Section>,
    /// The only group at the top, where its groups are the sections.
    cover: Option<usize>,
    /// Members of the response that are not the form's to know, as they came.
    envelope: Object,
    /// Free notes on sections.
    /// By the section's place; none is empty.
    notes: Vec<(SectionId, String)>,
    /// Answers that came with a response and belong to no item of this form.
    unmatched: Vec<Value>,
    misfits: Vec<Misfit>,
    /// Answers of calculated items as they came with the response, until it is known which of them stay.
    calculated_before: Vec<(usize, Vec<Answer>, Vec<Object>)>,
    /// Something in the response that is no item of this form has a `linkId` nevertheless.
    has_foreign_link_ids: bool,
    /// The response as expressions see it.
    tree: Value,
    world: World,
    history: History,
    /// What has changed since it was last asked.
    changed: Changes,
    /// Rules about the whole that are broken now.
    broken: Vec<Problem>,
    /// Expressions that failed, by item: each is told once.
    failed: HashSet<(usize, &'static str)>,
}

#[derive(Default)]
struct State {
    /// Its item in the definition.
    def: usize,
    parent: Option<usize>,
    /// Its place among its parent's children, or among the uppermost.
    place: usize,
    children: Vec<usize>,
    /// Taken away: an instance of a repeating group that may come back.
    gone: bool,
    enabled: bool,
    /// Whether it applies cannot be told: it is shown, and nothing at or below it is insisted on.
    uncertain: bool,
    /// Its own condition cannot be evaluated now.
    faulty: bool,
    answers: Vec<Answer>,
    /// The answers came with the response that the form was resumed from.
    from_response: bool,
    /// The user's own answer stands in place of the calculated one.
    overridden: bool,
    /// Of a total, as it was last told.
    tally: Option<Tally>,
    problems: Vec<Problem>,
    /// Rules of the form's own that are broken now.
    broken: Vec<Problem>,
    /// Rules of the form's own that the user has overridden.
    waived: Vec<Waived>,
    /// The options, where they are worked out.
    options: Option<Vec<ChoiceOption>>,
    /// The text, where it is worked out.
    wording: Option<String>,
    /// Members of the response's item that are not the form's to know.
    members: Object,
    /// The same for each answer, by its place; they go when the answers change.
    answer_members: Vec<Object>,
}

/// The answers of a question, and what goes with them.
#[derive(Clone)]
struct Given {
    answers: Vec<Answer>,
    /// What stands beside each.
    members: Vec<Object>,
    /// What is asked below each.
    parts: Vec<usize>,
    overridden: bool,
}

/// An answer that was not taken: a mistake of the caller's, not of the user's, whose mistakes are [`Problem`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error("the form has no such item")]
    NoSuchItem,
    #[error("this item takes no answer")]
    NotAQuestion,
    #[error("this item cannot be changed by the user")]
    ReadOnly,
    #[error("the answer is not of a kind that this question takes")]
    WrongKind,
    #[error("this question takes one answer")]
    OneAnswerOnly,
    #[error("this is not a group that can be there several times")]
    NotRepeating,
    #[error("the form allows no more of these")]
    TooMany,
    #[error("this is no rule of the form's own, which alone can be overridden")]
    NotWaivable,
    #[error("a rule is overridden with a reason")]
    NoReason,
}

impl Form {
    /// A new form, with the answers that the questionnaire gives to begin with.
    pub fn open(questionnaire: &Value) -> Result<Self, FormError> {
        Self::open_in(questionnaire, Setting::new())
    }

    /// The same, where something is known of the time, the language or whom the form is about.
    pub fn open_in(questionnaire: &Value, setting: Setting) -> Result<Self, FormError> {
        let mut form = Self::read(questionnaire, setting)?;
        for at in 0..form.states.len() {
            form.begin(at);
        }
        form.settle();
        let all: Vec<usize> = (0..form.states.len()).collect();
        let mut pass = Pass::default();
        form.fill_in(&all, &mut pass);
        form.close(pass);
        form.changed = Changes::default();
        Ok(form)
    }

    /// The form as it was left: `response` as [`Form::response`] wrote it, or another program, and `set_aside` as
    /// [`Form::set_aside`] did; null when there is none.
    pub fn resume(questionnaire: &Value, response: &Value, set_aside: &Value) -> Result<Self, FormError> {
        Self::resume_in(questionnaire, response, set_aside, Setting::new())
    }

    /// The same, where something is known of the time, the language or whom the form is about.
    pub fn resume_in(
        questionnaire: &Value,
        response: &Value,
        set_aside: &Value,
        setting: Setting,
    ) -> Result<Self, FormError> {
        let mut form = Self::read(questionnaire, setting)?;
        form.restore(response, set_aside)?;
        form.settle();
        form.note_disabled();
        form.changed = Changes::default();
        Ok(form)
    }

    /// Replaces the answers of one question; none to clear it. Returns what changed, that question included.
    ///
    /// An answer that breaks a rule of the form is taken, and shows up in [`Form::problems`]. One to a question that
    /// the form calculates stays until it is cleared.
    pub fn answer(&mut self, item: ItemId, answers: Vec<Answer>) -> Result<Changes, AnswerError> {
        self.give(item, answers, None)
    }

    /// Takes every signature out. Whoever goes on with a copy of a response does not have it signed: a signature is for the
    /// response on which it was given.
    pub fn clear_signatures(&mut self) -> Changes {
        let is_signature = |item: &ItemView<'_>| item.hints.is_some_and(|hints| hints.signature);
        let signed = self.items().filter(is_signature).map(|item| item.id);
        let signed: Vec<ItemId> = signed.collect();
        let mut all = Changes::default();
        for item in signed {
            // One that the form keeps from being changed stays.
            if let Ok(changes) = self.answer(item, Vec::new()) {
                all.merge(&changes);
            }
        }
        all
    }

    /// The same; `mark` is what is to stand beside each answer.
    fn give(
        &mut self,
        item: ItemId,
        answers: Vec<Answer>,
        mark: Option<&Object>,
    ) -> Result<Changes, AnswerError> {
        let at = self.at(item)?;
        let asked = &self.definition.items[self.states[at].def];
        if !asked.kind.is_question() {
            return Err(AnswerError::NotAQuestion);
        }
        if self.is_read_only(self.states[at].def) {
            return Err(AnswerError::ReadOnly);
        }
        let answers = check::tidy(answers);
        if answers.len() > 1 && !asked.repeats {
            return Err(AnswerError::OneAnswerOnly);
        }
        if !answers
            .iter()
            .all(|answer| check::fits(asked, self.options(at), answer))
        {
            return Err(AnswerError::WrongKind);
        }
        let overridden = asked.calculation.is_some() && !answers.is_empty();
        let known = self.states.len();
        let parts = self.make_parts(at, &answers)?;
        let mut pass = Pass::default();
        let members = match mark {
            Some(mark) => vec![mark.clone(); answers.len()],
            None => self.members_of(at, &answers),
        };
        let given = Given {
            answers,
            members,
            parts,
            overridden,
        };
        let step = self.exchange(at, given, &mut pass);
        if let Some(step) = step {
            let typed = matches!(
                self.definition.items[self.states[at].def].kind,
                Kind::String | Kind::Text | Kind::Url | Kind::Integer | Kind::Decimal | Kind::Quantity
            );
            self.history.add(step, typed);
        }
        self.run(&mut pass);
        self.fill_in_from(known, &mut pass);
        Ok(self.close(pass))
    }

    /// What has changed since this was last asked, over all answers, parts added or taken away, steps back and forth: what a
    /// page has to draw again. Nothing has right after the form was opened. What changed and came back is among it.
    pub fn changes(&mut self) -> Changes {
        std::mem::take(&mut self.changed)
    }

    /// What this form asks for and does not get here, and what that means for the user.
    pub fn not_supported(&self) -> &[NotSupported] {
        &self.definition.not_supported
    }

    /// The items of the definition with that link id, in document order.
    fn named(&self, link_id: &str) -> &[usize] {
        self.definition
            .places
            .get(link_id)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn read(questionnaire: &Value, setting: Setting) -> Result<Self, FormError> {
        let mut definition = definition::read(questionnaire, &setting)?;
        let (mut graph, circular) = Graph::new(&definition);
        if !circular.is_empty() {
            for at in circular {
                definition.items[at].calculation = None;
                definition.items[at].total_of.clear();
                definition.items[at].read_only = false;
                definition.note(
                    at,
                    "calculatedExpression",
                    msg!("The form's calculation depends on itself. Enter the answer yourself."),
                );
            }
            graph = Graph::new(&definition).0;
        }
        for at in 0..definition.items.len() {
            if graph.in_a_circle(at) {
                definition.note(
                    at,
                    "enableWhen",
                    msg!("Questions here are shown depending on each other, in a circle."),
                );
            }
        }
        let questionnaire = definition.wants_questionnaire.then(|| questionnaire.clone());
        let mut form = Self {
            instances: vec![Vec::new(); definition.items.len()].into(),
            definition,
            graph,
            states: Vec::new().into(),
            roots: Vec::new(),
            sections: Vec::new(),
            cover: None,
            envelope: Object::new(),
            notes: Vec::new(),
            unmatched: Vec::new(),
            misfits: Vec::new(),
            calculated_before: Vec::new(),
            has_foreign_link_ids: false,
            tree: Value::Null,
            world: World {
                setting,
                questionnaire,
            },
            history: History::default(),
            changed: Changes::default(),
            broken: Vec::new(),
            failed: HashSet::new(),
        };
        form.set_up()?;
        Ok(form)
    }

    /// The instance of an id, where it is there now.
    fn at(&self, item: ItemId) -> Result<usize, AnswerError> {
        let at = item.at_index();
        if at < self.states.len() && self.is_there(at) {
            Ok(at)
        } else {
            Err(AnswerError::NoSuchItem)
        }
    }

    /// The answers that the questionnaire gives an item to begin with.
    fn begin(&mut self, at: usize) {
        if self.is_part(at) {
            return;
        }
        let initial = self.definition.items[self.states[at].def].initial.clone();
        self.states[at].answers = check::tidy(initial);
        self.name_parts(at);
    }

    /// Puts answers in the place of others, and says what undoes it.
    fn exchange(&mut self, at: usize, given: Given, pass: &mut Pass) -> Option<Step> {
        let state = &self.states[at];
        let kept = state.answers == given.answers;
        if kept && state.overridden == given.overridden {
            return None;
        }
        let before = self.given_now(at);
        pass.touch_answers(at, &before.answers, before.overridden);
        self.states[at].overridden = given.overridden;
        if !kept {
            self.exchange_parts(at, &given.parts, &given.answers, pass);
            self.put(at, given.answers, pass);
            self.states[at].answer_members = given.members;
            if !self.states[at].answer_members.is_empty() && self.states[at].enabled {
                self.replant_answers(at);
            }
        }
        // Also where it is replaced by the same: others may be worked out with it.
        self.wake_calculation(at, pass);
        Some(Step::Answers { at, given: before })
    }

    /// What is given to a question now.
    fn given_now(&self, at: usize) -> Given {
        let state = &self.states[at];
        Given {
            answers: state.answers.clone(),
            members: state.answer_members.clone(),
            parts: self.parts(at).to_vec(),
            overridden: state.overridden,
        }
    }

    /// What stands beside the answers that are among these too: their ids, extensions, and the items below them.
    fn members_of(&self, at: usize, answers: &[Answer]) -> Vec<Object> {
        let state = &self.states[at];
        if state.answer_members.iter().all(Object::is_empty) {
            return Vec::new();
        }
        let members = |answer: &Answer| {
            let place = state.answers.iter().position(|known| known == answer)?;
            state.answer_members.get(place).cloned()
        };
        answers
            .iter()
            .map(|answer| members(answer).map(last_time::unmark).unwrap_or_default())
            .collect()
    }

    /// Not the user's to change; but what the form cannot work out is.
    fn is_read_only(&self, def: usize) -> bool {
        let item = &self.definition.items[def];
        let failed = || self.failed.contains(&(def, calculate::FEATURE));
        item.kind == Kind::Unsupported || item.read_only && !(item.calculation.is_some() && failed())
    }

    /// The options that are offered now.
    fn options(&self, at: usize) -> &[ChoiceOption] {
        let state = &self.states[at];
        state
            .options
            .as_deref()
            .unwrap_or(&self.definition.items[state.def].options)
    }
}

impl ItemId {
    /// A number that no other item of the same form has: for a key or an element's id.
    pub fn number(self) -> u32 {
        self.0
    }

    /// An index of an instance is at most [`definition::MAX_INSTANCES`].
    fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn at_index(self) -> usize {
        self.0 as usize
    }
}
