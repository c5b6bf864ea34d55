//! Rules of the form's own that the user overrides, with a reason: so that a form that is faulty itself blocks nobody
//! for ever.
//!
//! A waiver belongs to an item, a rule and its words. It turns the problem into a warning, comes and goes with undo and
//! redo, and is kept in the response, as an extension that the crate's README describes.

use serde_json::Value;

use super::{AnswerError, Changes, Form, Pass, Problem, Rule, Severity, history::Step};
use crate::{
    FormError,
    definition::json::{self, Object},
};

/// Marks a waiver among the extensions of a response.
const URL: &str = "urn:mobile-assessments:waived-rule";

/// Why a problem is left as it is, who says so, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub reason: String,
    /// The name of whoever decided it.
    pub by: String,
    /// A FHIR dateTime.
    pub at: String,
}

/// A waiver and the problem of its item that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waived {
    /// The rule's code.
    rule: String,
    /// Its words, which tell an item's rules from each other.
    about: String,
    waiver: Waiver,
}

impl Problem {
    /// Whether the rule is the form's own, so that the user can override it with a reason: [`Form::waive`].
    pub fn can_be_waived(&self) -> bool {
        matches!(self.rule, Rule::Invariant | Rule::Expression) && self.severity == Severity::Error
    }
}

impl Form {
    /// Leaves a problem as it is, for a reason: it becomes a warning that says why. Only rules of the form's own can be
    /// overridden, and only with a reason in words.
    pub fn waive(&mut self, problem: &Problem, waiver: Waiver) -> Result<Changes, AnswerError> {
        let at = self.at(problem.item)?;
        if !problem.can_be_waived() || !self.states[at].problems.contains(problem) {
            return Err(AnswerError::NotWaivable);
        }
        if waiver.reason.trim().is_empty() {
            return Err(AnswerError::NoReason);
        }
        let mut waived = self.states[at].waived.clone();
        waived.push(Waived {
            rule: problem.rule.code().to_owned(),
            about: problem.message.clone(),
            waiver,
        });
        let mut pass = Pass::default();
        let step = self.exchange_waived(at, waived, &mut pass);
        self.history.add(step, false);
        Ok(self.close(pass))
    }

    /// Every waiver, with the problem that it is about, in document order.
    pub fn waivers(&self) -> Vec<(Problem, Waiver)> {
        let warnings = self.warnings().into_iter();
        warnings
            .filter_map(|problem| Some((problem.clone(), problem.waiver?)))
            .collect()
    }

    /// Puts waivers in the place of others, and says what undoes it.
    pub(super) fn exchange_waived(&mut self, at: usize, waived: Vec<Waived>, pass: &mut Pass) -> Step {
        pass.change(at);
        let before = std::mem::replace(&mut self.states[at].waived, waived);
        Step::Waived { at, waived: before }
    }

    /// What the waivers of an item make of its problems.
    pub(super) fn apply_waivers(&self, at: usize, problems: &mut [Problem]) {
        for problem in problems.iter_mut().filter(|problem| problem.can_be_waived()) {
            let mut waived = self.states[at].waived.iter();
            let is_about =
                |waived: &&Waived| waived.rule == problem.rule.code() && waived.about == problem.message;
            if let Some(waived) = waived.find(is_about) {
                problem.severity = Severity::Warning;
                problem.waiver = Some(waived.waiver.clone());
            }
        }
    }

    /// The extensions that say what was overridden.
    pub(super) fn waived_extensions(&self) -> Vec<Value> {
        if self.states.iter().all(|state| state.waived.is_empty()) {
            return Vec::new();
        }
        let all = self.roots.iter().flat_map(|root| self.below(*root));
        all.flat_map(|at| self.waived_at(at)).collect()
    }

    /// Those of one item.
    pub(super) fn waived_at(&self, at: usize) -> Vec<Value> {
        let waived = &self.states[at].waived;
        if waived.is_empty() {
            return Vec::new();
        }
        let address = self.address(at);
        let text = |name, value: &str| json::extended(name, "valueString", value);
        let number = |name, value: &Value| json::extended(name, "valueInteger", value.clone());
        let item = address.get("item").and_then(Value::as_str).unwrap_or_default();
        let mut place = vec![text("item", item)];
        place.extend(address.get("twin").map(|twin| number("twin", twin)));
        let ordinals = address.get("at").and_then(Value::as_array).into_iter().flatten();
        place.extend(ordinals.map(|at| number("at", at)));
        let extension = |waived: &Waived| {
            let mut parts = place.clone();
            parts.extend([
                json::extended("rule", "valueCode", waived.rule.as_str()),
                text("about", &waived.about),
                text("reason", &waived.waiver.reason),
                text("by", &waived.waiver.by),
                json::extended("when", "valueDateTime", waived.waiver.at.as_str()),
            ]);
            json::extended(URL, "extension", parts)
        };
        waived.iter().map(extension).collect()
    }

    /// Takes the waivers out of the response's extensions. One about an item that the form does not have stays there.
    pub(super) fn restore_waivers(&mut self) -> Result<(), FormError> {
        let mut envelope = std::mem::take(&mut self.envelope);
        let mut done = Ok(());
        json::retain_extensions(&mut envelope, |extension| {
            let read = extension.as_object().and_then(read);
            let Some((address, waived)) = read.filter(|_| done.is_ok()) else {
                return true;
            };
            match self.find_address(&address) {
                Ok(Some(at)) => {
                    self.states[at].waived.push(waived);
                    false
                }
                Ok(None) => true,
                Err(fault) => {
                    done = Err(fault);
                    true
                }
            }
        });
        self.envelope = envelope;
        done
    }
}

/// The address of the item and the waiver, where this extension is one.
fn read(extension: &Object) -> Option<(Object, Waived)> {
    (json::text(extension, "url") == Some(URL)).then_some(())?;
    let part = |name: &str| json::part(extension, name);
    let text = |name: &str| part(name).and_then(Value::as_str).map(str::to_owned);
    let mut address = Object::new();
    json::set(&mut address, "item", text("item")?);
    if let Some(twin) = part("twin") {
        json::set(&mut address, "twin", twin.clone());
    }
    let places = json::objects(extension, "extension").filter(|part| json::text(part, "url") == Some("at"));
    let places: Vec<Value> = places.filter_map(json::value).cloned().collect();
    json::set(&mut address, "at", places);
    let waiver = Waiver {
        reason: text("reason")?,
        by: text("by").unwrap_or_default(),
        at: text("when").unwrap_or_default(),
    };
    let waived = Waived {
        rule: text("rule")?,
        about: text("about")?,
        waiver,
    };
    Some((address, waived))
}
