//! The response as expressions see it: JSON that is kept beside the answers and changed with each of them, so that
//! nothing is put together for an evaluation.
//!
//! It holds every enabled item, answered or not, each at a place of its own that never moves while others come and go:
//! an item that is not enabled is a `null`, which FHIRPath does not see. What is chosen carries its score, as
//! SDC's `weight()` looks for it there first.

use std::collections::HashMap;

use fhirpath::{Items, Node};
use serde_json::Value;

use super::{Form, response::written};
use crate::{
    Answer,
    definition::{
        Kind,
        json::{self, Object},
        options::score,
    },
    graph::sort,
    number,
};

/// What a choice's score is noted as, where its coding does not say it already.
pub(super) const WEIGHT: &str = "http://hl7.org/fhir/StructureDefinition/itemWeight";

impl Form {
    /// The item as it stands in the response; `None` while it is not enabled.
    pub(super) fn node(&self, at: usize) -> Option<&Value> {
        let state = &self.states[at];
        let items = match state.parent {
            Some(parent) => slots(self.node(parent)?)?,
            None => self.tree.get("item")?.as_array()?,
        };
        items.get(state.place).filter(|node| node.is_object())
    }

    /// The way from the response down to an item; `None` while it is not enabled.
    fn way(&self, at: usize) -> Option<Vec<Node<'_>>> {
        let state = &self.states[at];
        let mut way = match state.parent {
            Some(parent) => self.way(parent)?,
            None => vec![Node::root(&self.tree)],
        };
        let mut holder = *way.last()?;
        if let Some(answer) = holder.element("answer", 0).filter(|_| state.parent.is_some()) {
            way.push(answer);
            holder = answer;
        }
        way.push(holder.element("item", state.place)?);
        Some(way)
    }

    /// The places on the way down to an item, in whose order the document is.
    fn places(&self, at: usize) -> Vec<usize> {
        let state = &self.states[at];
        let mut places = state.parent.map(|parent| self.places(parent)).unwrap_or_default();
        places.push(state.place);
        places
    }

    fn slot_mut(&mut self, at: usize) -> Option<&mut Value> {
        let mut path = vec![self.states[at].place];
        let mut above = self.states[at].parent;
        while let Some(parent) = above {
            path.push(self.states[parent].place);
            above = self.states[parent].parent;
        }
        let mut items = self.tree.get_mut("item")?.as_array_mut()?;
        loop {
            let place = path.pop()?;
            if path.is_empty() {
                return items.get_mut(place);
            }
            items = slots_mut(items.get_mut(place)?)?;
        }
    }

    /// Puts the whole response together, at the beginning.
    pub(super) fn plant(&mut self) {
        let items: Vec<Value> = self.roots.iter().map(|at| self.grown(*at)).collect();
        let mut tree = self.envelope_for("in-progress");
        json::set(&mut tree, "item", items);
        self.tree = Value::Object(tree);
    }

    /// The item and all below it, after it was enabled or ceased to be.
    pub(super) fn replant(&mut self, at: usize) {
        let grown = self.grown(at);
        if let Some(slot) = self.slot_mut(at) {
            *slot = grown;
        }
    }

    /// The items below `parent`, or the uppermost, after there came to be more or fewer.
    pub(super) fn replant_below(&mut self, parent: Option<usize>) {
        match parent {
            Some(parent) => self.replant(parent),
            None => self.plant(),
        }
    }

    /// The answers of an item, after they changed. What is below it stays as it is.
    pub(super) fn replant_answers(&mut self, at: usize) {
        let answers = self.grown_answers(at);
        let is_asked_below = !self.states[at].children.is_empty();
        let Some(Value::Object(node)) = self.slot_mut(at) else {
            return;
        };
        let mut before = node.remove("answer");
        let below = before
            .as_mut()
            .and_then(|answers| answers.get_mut(0)?.as_object_mut()?.remove("item"))
            .or_else(|| node.remove("item"))
            .filter(|_| is_asked_below);
        place_below(node, answers, below);
    }

    fn grown(&self, at: usize) -> Value {
        let state = &self.states[at];
        let item = &self.definition.items[state.def];
        if !state.enabled || item.kind == Kind::Display {
            return Value::Null;
        }
        let mut node = self.head(item, &state.members);
        let below = (!state.children.is_empty())
            .then(|| state.children.iter().map(|child| self.grown(*child)).collect());
        place_below(&mut node, self.grown_answers(at), below);
        Value::Object(node)
    }

    fn grown_answers(&self, at: usize) -> Vec<Value> {
        let options = self.options(at);
        let state = &self.states[at];
        let answers = state.answers.iter().enumerate();
        answers
            .filter(|(_, answer)| !answer.is_invalid())
            .map(|(place, answer)| {
                let members = state.answer_members.get(place).cloned().unwrap_or_default();
                let mut node = written(answer, members);
                if let Answer::Coding(coding) = answer
                    && score(&coding.other).is_none()
                    && let Some(score) = options
                        .iter()
                        .find(|option| option.is(answer))
                        .and_then(|option| option.score)
                    && let Some(Value::Object(value)) = node.get_mut("valueCoding")
                {
                    let weight = json::extended(WEIGHT, "valueDecimal", number::to_json(score));
                    match value.get_mut("extension") {
                        Some(Value::Array(extensions)) => extensions.push(weight),
                        _ => json::set(value, "extension", vec![weight]),
                    }
                }
                Value::Object(node)
            })
            .collect()
    }
}

impl Items for Form {
    fn named<'t>(&'t self, link_ids: &[&str]) -> Vec<Vec<Node<'t>>> {
        let mut defs: Vec<usize> = link_ids.iter().flat_map(|id| self.named(id)).copied().collect();
        sort(&mut defs, &|left, right| left.cmp(&right));
        defs.dedup();
        let mut found: Vec<usize> = defs
            .iter()
            .flat_map(|def| &self.instances[*def])
            .copied()
            .collect();
        // Without repeats the order is that of the definition.
        if defs.len() > 1 && found.len() > defs.len() {
            let places: HashMap<usize, Vec<usize>> = found.iter().map(|at| (*at, self.places(*at))).collect();
            sort(&mut found, &|left, right| {
                places.get(&left).cmp(&places.get(&right))
            });
        }
        found.into_iter().filter_map(|at| self.way(at)).collect()
    }

    fn are_all(&self) -> bool {
        !self.has_foreign_link_ids
    }
}

/// What is asked below a question stands below its answer, and without one below the question itself.
fn place_below(node: &mut Object, mut answers: Vec<Value>, below: Option<Value>) {
    if let Some(below) = below {
        let holder = answers.first_mut().and_then(Value::as_object_mut).unwrap_or(node);
        json::set(holder, "item", below);
    }
    if !answers.is_empty() {
        json::set(node, "answer", answers);
    }
}

fn slots(node: &Value) -> Option<&Vec<Value>> {
    let below_answer = node.get("answer").and_then(|answers| answers.get(0)?.get("item"));
    below_answer.or_else(|| node.get("item"))?.as_array()
}

fn slots_mut(node: &mut Value) -> Option<&mut Vec<Value>> {
    let answered = node.get("answer").is_some_and(|answers| answers.get(0).is_some());
    let holder = if answered {
        node.get_mut("answer")?.get_mut(0)?
    } else {
        node
    };
    holder.get_mut("item")?.as_array_mut()
}
