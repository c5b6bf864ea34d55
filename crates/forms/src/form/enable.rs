//! Which items are enabled: `enableWhen` with its seven operators, `enableWhenExpression`, and what lies above an item.

use std::cmp::Ordering;
use words::msg;

use super::Form;
use crate::{
    Answer,
    definition::{Condition, Test},
};

/// Whether an item is enabled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub enabled: bool,
    /// It cannot be told, here or above: the item is shown and not insisted on.
    pub uncertain: bool,
    /// Its own condition is what cannot be evaluated.
    pub faulty: bool,
}

impl Form {
    /// Whether this item is enabled, its parent and sources being settled.
    pub(super) fn evaluate_enabled(&mut self, at: usize) -> Verdict {
        let state = &self.states[at];
        let above = state.parent.map(|parent| &self.states[parent]);
        if above.is_some_and(|above| !above.enabled) {
            return Verdict::default();
        }
        if self.is_part(at) && !self.stands(at) {
            return Verdict::default();
        }
        let item = &self.definition.items[state.def];
        let mut faulty = item.faulty;
        let mut uncertain = item.uncertain || above.is_some_and(|above| above.uncertain);
        let mut conditions = item.conditions.iter().map(|condition| self.holds(at, condition));
        let mut enabled = match item.conditions.len() {
            0 => true,
            _ if item.all => conditions.all(|holds| holds),
            _ => conditions.any(|holds| holds),
        };
        drop(conditions);
        if let Some(formula) = &item.enable {
            match self.evaluate(formula, Some(at)) {
                Ok(result) => enabled &= result.as_condition() == Some(true),
                Err(error) => {
                    (uncertain, faulty) = (true, true);
                    let meaning = msg!(
                        "This is always shown. The form means to show it only at times; leave it empty where it does not apply."
                    );
                    let (def, error) = (state.def, error.to_string());
                    self.note_failure(def, "sdc-questionnaire-enableWhenExpression", &error, meaning);
                }
            }
        }
        Verdict {
            enabled,
            uncertain: uncertain && enabled,
            faulty: faulty && enabled,
        }
    }

    /// Whether a condition of the item at `at` holds. Asked about the question below whose answer the item stands, it is asked
    /// about that answer: FHIR means the question that is nearest along the ancestors
    /// (<https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question>), and the way there
    /// leads through that answer alone.
    fn holds(&self, at: usize, condition: &Condition) -> bool {
        let given: Vec<&Answer> = match condition.source {
            None => Vec::new(),
            Some(source) => {
                let in_circle = self.graph.in_one_circle(self.states[at].def, source);
                let instances = self.nearest(at, source);
                let answers = |source: &usize| {
                    let asked = self.part_around(at, *source).unwrap_or(*source);
                    match in_circle {
                        true => self.given(asked).collect::<Vec<_>>(),
                        false => self.effective(asked).collect(),
                    }
                };
                instances.iter().flat_map(answers).collect()
            }
        };
        let any = |wanted: &Answer, fits: fn(Ordering) -> bool| {
            given
                .iter()
                .any(|answer| answer.compare(wanted).is_some_and(fits))
        };
        match &condition.test {
            Test::Exists(wanted) => *wanted != given.is_empty(),
            Test::Equal(wanted) => any(wanted, Ordering::is_eq),
            // FHIR: "True if no answer has a value that is equal", so also where there is no answer.
            Test::NotEqual(wanted) => !any(wanted, Ordering::is_eq),
            Test::Greater(wanted) => any(wanted, Ordering::is_gt),
            Test::Less(wanted) => any(wanted, Ordering::is_lt),
            Test::GreaterOrEqual(wanted) => any(wanted, Ordering::is_ge),
            Test::LessOrEqual(wanted) => any(wanted, Ordering::is_le),
        }
    }

    /// The instances of `source` that a condition at `at` means: those in the innermost group that holds both.
    pub(super) fn nearest(&self, at: usize, source: usize) -> Vec<usize> {
        let instances = &self.instances[source];
        if instances.len() < 2 {
            return instances.clone();
        }
        let holds = |at: usize| {
            let def = self.states[at].def;
            (def..self.definition.items[def].end).contains(&source)
        };
        let mut scope = Some(at);
        while let Some(here) = scope.filter(|here| !holds(*here)) {
            scope = self.states[here].parent;
        }
        let Some(scope) = scope else {
            return instances.clone();
        };
        let below = |instance: &&usize| {
            let mut here = Some(**instance);
            while let Some(at) = here.filter(|at| *at != scope) {
                here = self.states[at].parent;
            }
            here.is_some()
        };
        instances.iter().filter(below).copied().collect()
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

    /// Tells once for each item that one of its expressions cannot be evaluated.
    pub(super) fn note_failure(&mut self, def: usize, feature: &'static str, error: &str, meaning: &str) {
        if self.failed.insert((def, feature)) {
            self.definition
                .note(def, &format!("{feature} ({error})"), meaning);
        }
    }
}
