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
    definition::{Kind, json, options::score},
    graph::sort,
    number,
};

/// What a choice's score is noted as, where its coding does not say it already.
pub(super) const WEIGHT: &str = "http://hl7.org/fhir/StructureDefinition/itemWeight";

impl Form {
    /// The item as it stands in the response, of what is asked below an answer that answer; `None` while it is not enabled.
    pub(super) fn node(&self, at: usize) -> Option<&Value> {
        let above = match self.states[at].parent {
            Some(parent) => self.node(parent)?,
            None => &self.tree,
        };
        let node = match self.hop(at)? {
            Hop::Item { place, below_answer } => {
                let answer = above.get("answer").filter(|_| below_answer);
                let holder = answer.and_then(|answers| answers.get(0)).unwrap_or(above);
                holder.get("item")?.get(place)?
            }
            Hop::Answer(Some(place)) => above.get("answer")?.get(place)?,
            Hop::Answer(None) => above,
        };
        Some(node).filter(|node| node.is_object())
    }

    /// The way from the response down to an item; `None` while it is not enabled.
    fn way(&self, at: usize) -> Option<Vec<Node<'_>>> {
        let mut way = match self.states[at].parent {
            Some(parent) => self.way(parent)?,
            None => vec![Node::root(&self.tree)],
        };
        let mut above = *way.last()?;
        match self.hop(at)? {
            Hop::Item { place, below_answer } => {
                if let Some(answer) = above.element("answer", 0).filter(|_| below_answer) {
                    way.push(answer);
                    above = answer;
                }
                way.push(above.element("item", place)?);
            }
            Hop::Answer(Some(place)) => way.push(above.element("answer", place)?),
            Hop::Answer(None) => {}
        }
        Some(way)
    }

    /// The way from what an item stands in to the item.
    fn hop(&self, at: usize) -> Option<Hop> {
        let state = &self.states[at];
        match self.definition.items[state.def].kind {
            Kind::Display => None,
            Kind::Below => self.holder_of(at).map(Hop::Answer),
            _ => Some(Hop::Item {
                place: state.place,
                below_answer: state.parent.is_some_and(|parent| !self.is_part(parent)),
            }),
        }
    }

    /// The places on the way down to an item, in whose order the document is.
    fn places(&self, at: usize) -> Vec<usize> {
        let state = &self.states[at];
        let mut places = state.parent.map(|parent| self.places(parent)).unwrap_or_default();
        places.push(state.place);
        places
    }

    fn slot_mut(&mut self, at: usize) -> Option<&mut Value> {
        let mut way = Vec::new();
        let mut here = Some(at);
        while let Some(at) = here {
            way.push(self.hop(at)?);
            here = self.states[at].parent;
        }
        let mut node = &mut self.tree;
        for hop in way.into_iter().rev() {
            node = match hop {
                Hop::Item { place, below_answer } => {
                    let answered =
                        below_answer && node.get("answer").is_some_and(|list| list.get(0).is_some());
                    let holder = match answered {
                        true => node.get_mut("answer")?.get_mut(0)?,
                        false => node,
                    };
                    holder.get_mut("item")?.get_mut(place)?
                }
                Hop::Answer(Some(place)) => node.get_mut("answer")?.get_mut(place)?,
                Hop::Answer(None) => node,
            };
        }
        Some(node)
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
        let is_part = self.is_part(at);
        let grown = match is_part {
            true => self.grown_row(&self.states[at].children),
            false => Some(self.grown(at)),
        };
        match (self.slot_mut(at), grown) {
            // The answer is its question's; what is asked below it is here.
            (Some(Value::Object(answer)), Some(below)) if is_part => {
                json::set(answer, "item", below);
            }
            (Some(slot), Some(grown)) => *slot = grown,
            _ => {}
        }
    }

    /// The items below `parent`, or the uppermost, after there came to be more or fewer.
    pub(super) fn replant_below(&mut self, parent: Option<usize>) {
        match parent {
            Some(parent) => self.replant(parent),
            None => self.plant(),
        }
    }

    /// The answers of an item, after they changed. What is below it stays as it is, unless it is asked below each.
    pub(super) fn replant_answers(&mut self, at: usize) {
        if !self.parts(at).is_empty() {
            return self.replant(at);
        }
        let mut answers = self.grown_answers(at);
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
        if let Some(below) = below {
            let holder = answers.first_mut().and_then(Value::as_object_mut).unwrap_or(node);
            json::set(holder, "item", below);
        }
        if !answers.is_empty() {
            json::set(node, "answer", answers);
        }
    }

    fn grown(&self, at: usize) -> Value {
        let state = &self.states[at];
        let item = &self.definition.items[state.def];
        if !state.enabled || item.kind == Kind::Display {
            return Value::Null;
        }
        let mut node = self.head(item, &state.members);
        self.assemble(at, &mut node, self.grown_answers(at), &|row| self.grown_row(row));
        Value::Object(node)
    }

    fn grown_row(&self, row: &[usize]) -> Option<Value> {
        let grown = row.iter().map(|child| self.grown(*child));
        (!row.is_empty()).then(|| grown.collect())
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

/// One step down to an item.
#[derive(Clone, Copy)]
enum Hop {
    /// To an item at its place. It may stand below the answer of a question, where there is one.
    Item { place: usize, below_answer: bool },
    /// To an answer of a question, or to no other place where it has none.
    Answer(Option<usize>),
}
