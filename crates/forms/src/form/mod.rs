//! A form being filled in: the only holder of its answers.
//!
//! `enable`, `total` and `check` work out one item each; this file decides which items are visited and when. `view` is
//! what a page reads, `response` and `resume` are the way out and back in.

mod check;
mod enable;
mod response;
mod resume;
mod total;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

pub use check::{Problem, Rule};
pub use response::Status;
pub use total::Tally;
pub use view::{ItemView, Progress, Section, SectionId};

use crate::{
    Answer, FormError,
    definition::{self, Definition, Kind, NotSupported, json::Object},
    graph::{Graph, Node},
};

/// Names an item of one open form; cheap to copy. A repeating group has one for each time that it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(u32);

/// A questionnaire and its answers. See the [crate's head](crate) for an example.
pub struct Form {
    definition: Definition,
    graph: Graph,
    /// By item, in document order.
    states: Vec<State>,
    /// Several where the form gives several items one name.
    by_link_id: HashMap<String, Vec<usize>>,
    sections: Vec<Section>,
    /// Members of the response that are not the form's to know, as they came.
    envelope: Object,
    /// Answers that came with a response and belong to no item of this form.
    unmatched: Vec<Value>,
}

#[derive(Default)]
struct State {
    enabled: bool,
    answers: Vec<Answer>,
    problems: Vec<Problem>,
    /// Members of the response's item that are not the form's to know.
    members: Object,
    /// The same for each answer, by its place; they go when the answers change.
    answer_members: Vec<Object>,
}

/// The items that an answer changed, in document order. Nothing else needs to be drawn again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

/// What changed about one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub item: ItemId,
    pub enabled: bool,
    pub answers: bool,
    pub problems: bool,
    /// A total whose [`Tally`] moved.
    pub tally: bool,
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
}

impl Form {
    /// A new form, with the answers that the questionnaire gives to begin with.
    pub fn open(questionnaire: &Value) -> Result<Self, FormError> {
        let mut form = Self::read(questionnaire)?;
        for (item, state) in form.definition.items.iter().zip(&mut form.states) {
            state.answers = check::tidy(item.initial.clone());
        }
        form.settle();
        Ok(form)
    }

    /// The form as it was left: `response` as [`Form::response`] wrote it, or another program, and `set_aside` as
    /// [`Form::set_aside`] did; null when there is none.
    pub fn resume(questionnaire: &Value, response: &Value, set_aside: &Value) -> Result<Self, FormError> {
        let mut form = Self::read(questionnaire)?;
        form.restore(response, set_aside)?;
        form.settle();
        Ok(form)
    }

    /// Replaces the answers of one question; none to clear it. Returns what changed, that question included.
    ///
    /// An answer that breaks a rule of the form is taken, and shows up in [`Form::problems`].
    pub fn answer(&mut self, item: ItemId, answers: Vec<Answer>) -> Result<Changes, AnswerError> {
        let at = item.at_index();
        let asked = self.definition.items.get(at).ok_or(AnswerError::NoSuchItem)?;
        if !asked.kind.is_question() {
            return Err(AnswerError::NotAQuestion);
        }
        if asked.read_only || asked.calculation.is_some() || asked.kind == Kind::Unsupported {
            return Err(AnswerError::ReadOnly);
        }
        let answers = check::tidy(answers);
        if answers.len() > 1 && !asked.repeats {
            return Err(AnswerError::OneAnswerOnly);
        }
        if !answers.iter().all(|answer| check::fits(asked, answer)) {
            return Err(AnswerError::WrongKind);
        }
        let mut pass = Pass::default();
        self.put(at, answers, &mut pass);
        self.run(&mut pass);
        Ok(self.close(pass))
    }

    /// What this form asks for and does not get here, and what that means for the user.
    pub fn not_supported(&self) -> &[NotSupported] {
        &self.definition.not_supported
    }

    /// The items of that link id, in document order.
    fn named(&self, link_id: &str) -> &[usize] {
        self.by_link_id
            .get(link_id)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    fn read(questionnaire: &Value) -> Result<Self, FormError> {
        let mut definition = definition::read(questionnaire)?;
        let (mut graph, circular) = Graph::new(&definition.items);
        if !circular.is_empty() {
            for at in circular {
                definition.items[at].calculation = None;
                definition.note(
                    at,
                    "calculatedExpression",
                    "The form's sum depends on itself. Enter it yourself.",
                );
            }
            graph = Graph::new(&definition.items).0;
        }
        for at in 0..definition.items.len() {
            if graph.in_a_circle(at) {
                definition.note(
                    at,
                    "enableWhen",
                    "Questions here are shown depending on each other, in a circle.",
                );
            }
        }
        let states = definition.items.iter().map(|_| State::default()).collect();
        let mut by_link_id: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, item) in definition.items.iter().enumerate() {
            by_link_id.entry(item.link_id.clone()).or_default().push(at);
        }
        let sections = view::sections(&definition);
        let (envelope, unmatched) = (Object::new(), Vec::new());
        Ok(Self {
            definition,
            graph,
            states,
            by_link_id,
            sections,
            envelope,
            unmatched,
        })
    }

    /// Works out everything from the answers alone.
    fn settle(&mut self) {
        let mut pass = Pass {
            waiting: (0..self.graph.len()).collect(),
            ..Pass::default()
        };
        self.run(&mut pass);
        for at in 0..self.states.len() {
            self.states[at].problems = self.check(at);
        }
    }

    /// Visits what waits, each node after everything that it reads, and whatever that makes wait in turn.
    fn run(&mut self, pass: &mut Pass) {
        while let Some(place) = pass.waiting.pop_first() {
            match self.graph.node(place) {
                Some(Node::Enabled(at)) => {
                    let enabled = self.evaluate_enabled(at);
                    if self.states[at].enabled != enabled {
                        self.states[at].enabled = enabled;
                        pass.change(at).enabled = true;
                        let children = &self.definition.items[at].children;
                        pass.waiting
                            .extend(children.iter().map(|child| self.graph.enabled_at(*child)));
                        pass.waiting.extend(self.graph.readers(at));
                    }
                }
                Some(Node::Calculated(at)) => {
                    pass.change(at).tally = true;
                    let answers = self.evaluate_calculated(at);
                    self.put(at, answers, pass);
                }
                None => {}
            }
        }
    }

    fn put(&mut self, at: usize, answers: Vec<Answer>, pass: &mut Pass) {
        let state = &mut self.states[at];
        if state.answers != answers {
            state.answers = answers;
            state.answer_members.clear();
            pass.change(at).answers = true;
            pass.waiting.extend(self.graph.readers(at));
        }
    }

    /// Checks what changed, and the required groups above it.
    fn close(&mut self, mut pass: Pass) -> Changes {
        let mut doubtful: BTreeSet<usize> = pass.changed.keys().copied().collect();
        for at in pass.changed.keys() {
            let mut above = self.definition.items[*at].parent;
            while let Some(group) = above {
                if self.definition.items[group].required {
                    doubtful.insert(group);
                }
                above = self.definition.items[group].parent;
            }
        }
        for at in doubtful {
            let problems = self.check(at);
            if self.states[at].problems != problems {
                self.states[at].problems = problems;
                pass.change(at).problems = true;
            }
        }
        Changes(pass.changed.into_values().collect())
    }
}

/// One walk through the graph: what is still to be visited and what has changed so far.
#[derive(Default)]
struct Pass {
    /// Places in the graph's order.
    waiting: BTreeSet<usize>,
    changed: BTreeMap<usize, Change>,
}

impl Pass {
    fn change(&mut self, at: usize) -> &mut Change {
        let item = ItemId::at(at);
        let none = Change {
            item,
            enabled: false,
            answers: false,
            problems: false,
            tally: false,
        };
        self.changed.entry(at).or_insert(none)
    }
}

impl ItemId {
    /// A number that no other item of the same form has: for a key or an element's id.
    pub fn number(self) -> u32 {
        self.0
    }

    /// An index of an item is at most [`definition::MAX_ITEMS`].
    fn at(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    fn at_index(self) -> usize {
        self.0 as usize
    }
}

impl Changes {
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What changed about this item; `None` when nothing did.
    pub fn of(&self, item: ItemId) -> Option<&Change> {
        self.0.iter().find(|change| change.item == item)
    }
}

impl IntoIterator for Changes {
    type Item = Change;
    type IntoIter = std::vec::IntoIter<Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
