//! Which items are enabled: `enableWhen` with its seven operators, and what lies above an item.

use std::cmp::Ordering;

use super::Form;
use crate::{
    Answer,
    definition::{Condition, Test},
};

impl Form {
    /// Whether this item is enabled, its parent and sources being settled.
    pub(super) fn evaluate_enabled(&self, at: usize) -> bool {
        let item = &self.definition.items[at];
        if item.parent.is_some_and(|parent| !self.states[parent].enabled) {
            return false;
        }
        let mut conditions = item.conditions.iter().map(|condition| self.holds(at, condition));
        match item.conditions.len() {
            0 => true,
            _ if item.all => conditions.all(|holds| holds),
            _ => conditions.any(|holds| holds),
        }
    }

    fn holds(&self, at: usize, condition: &Condition) -> bool {
        let answers: Vec<&Answer> = match condition.source {
            None => Vec::new(),
            Some(source) if self.graph.in_one_circle(at, source) => self.given(source).collect(),
            Some(source) => self.effective(source).collect(),
        };
        let any = |wanted: &Answer, fits: fn(Ordering) -> bool| {
            answers
                .iter()
                .any(|answer| answer.compare(wanted).is_some_and(fits))
        };
        match &condition.test {
            Test::Exists(wanted) => *wanted != answers.is_empty(),
            Test::Equal(wanted) => any(wanted, Ordering::is_eq),
            // FHIR: "True if no answer has a value that is equal", so also where there is no answer.
            Test::NotEqual(wanted) => !any(wanted, Ordering::is_eq),
            Test::Greater(wanted) => any(wanted, Ordering::is_gt),
            Test::Less(wanted) => any(wanted, Ordering::is_lt),
            Test::GreaterOrEqual(wanted) => any(wanted, Ordering::is_ge),
            Test::LessOrEqual(wanted) => any(wanted, Ordering::is_le),
        }
    }

    /// What counts as this item's answers for others: nothing while it is not enabled, and nothing invalid ever.
    pub(super) fn effective(&self, at: usize) -> impl Iterator<Item = &Answer> {
        self.given(at).filter(move |_| self.states[at].enabled)
    }

    /// The valid answers, enabled or not.
    pub(super) fn given(&self, at: usize) -> impl Iterator<Item = &Answer> {
        self.states[at]
            .answers
            .iter()
            .filter(|answer| !answer.is_invalid())
    }
}
