//! The way out: a FHIR R4 QuestionnaireResponse, and beside it what a response may not hold.

use serde_json::Value;

use super::{Form, ItemId};
use crate::{
    Answer,
    definition::{
        Item, Kind,
        json::{self, Object},
    },
};

/// How far the response is, in FHIR's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    InProgress,
    Completed,
}

impl Status {
    fn code(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
        }
    }
}

impl Form {
    /// The answers of all enabled items, as FHIR R4 wants them. What is not enabled or not valid is left out: see
    /// [`Form::set_aside`].
    pub fn response(&self, status: Status) -> Value {
        let mut response = self.envelope_for(status.code());
        let mut ours = self.waived_extensions();
        ours.extend(self.note_extensions());
        if !ours.is_empty() {
            match response
                .entry("extension")
                .or_insert_with(|| Value::Array(Vec::new()))
            {
                Value::Array(extensions) => extensions.extend(ours),
                other => *other = Value::Array(ours),
            }
        }
        let items = self.write_all(&self.roots);
        if !items.is_empty() {
            json::set(&mut response, "item", items);
        }
        Value::Object(response)
    }

    /// What a response says besides its items.
    pub(super) fn envelope_for(&self, status: &str) -> Object {
        let mut response = self.envelope.clone();
        json::set(&mut response, "resourceType", "QuestionnaireResponse");
        json::set(&mut response, "status", status);
        if let Some(url) = self.url() {
            let version = self
                .version()
                .map(|version| format!("|{version}"))
                .unwrap_or_default();
            json::set(&mut response, "questionnaire", format!("{url}{version}"));
        }
        response
    }

    /// What has to be kept beside the response so that [`Form::resume`] brings everything back: answers of items that
    /// are not enabled now, answers that are not valid, and answers to questions that this form does not have. Null
    /// when there is nothing of that kind.
    pub fn set_aside(&self) -> Value {
        let mut aside = Object::new();
        let all: Vec<usize> = self.roots.iter().flat_map(|root| self.below(*root)).collect();
        let kept = all.iter().filter(|at| self.is_set_aside(**at)).map(|at| {
            let mut kept = self.address(*at);
            json::set(&mut kept, "answer", self.write_answers(*at, true));
            json::set(&mut kept, "members", self.states[*at].members.clone());
            Value::Object(kept)
        });
        let groups = all.iter().filter_map(|at| self.group_aside(*at));
        let overridden = all.iter().filter(|at| self.states[**at].overridden);
        let overridden = overridden.map(|at| Value::Object(self.address(*at)));
        let lists: [(&str, Vec<Value>); 5] = [
            ("groups", groups.collect()),
            ("answers", kept.collect()),
            ("overridden", overridden.collect()),
            ("unmatched", self.unmatched.clone()),
            ("notes", self.notes_aside()),
        ];
        for (name, list) in lists {
            let always = name == "overridden" && self.can_be_overridden();
            if !list.is_empty() || always {
                aside.insert(name.to_owned(), Value::Array(list));
            }
        }
        if aside.is_empty() {
            Value::Null
        } else {
            Value::Object(aside)
        }
    }

    /// Whether some calculated answer can be replaced by the user's own. Then what is set aside always says which are.
    fn can_be_overridden(&self) -> bool {
        let mut items = self.definition.items.iter();
        items.any(|item| item.calculation.is_some() && !item.read_only)
    }

    /// Names an instance: its item, which of several of that name, and which of each repeating group, or below which of several
    /// answers, it stands in. What is below answers is named by its question.
    pub(super) fn address(&self, at: usize) -> Object {
        let at = match self.states[at].parent {
            Some(question) if self.is_part(at) => question,
            _ => at,
        };
        let item = &self.definition.items[self.states[at].def];
        let mut address = Object::new();
        json::set(&mut address, "item", item.link_id.as_str());
        if let Some(twin) = item.twin {
            json::set(&mut address, "twin", twin);
        }
        let ordinals = self.ordinals(at);
        if !ordinals.is_empty() {
            json::set(&mut address, "at", ordinals);
        }
        address
    }

    /// Which one it is of each repeating group, and below which of several answers, it stands in, the outermost first.
    pub(super) fn ordinals(&self, at: usize) -> Vec<usize> {
        let mut ordinals = Vec::new();
        let mut here = Some(at);
        while let Some(at) = here {
            if self.definition.items[self.states[at].def].is_several() {
                let siblings = self.siblings(at);
                ordinals.extend(siblings.iter().position(|sibling| *sibling == at));
            }
            here = self.states[at].parent;
        }
        ordinals.reverse();
        ordinals
    }

    /// How many there are of a repeating group, or answers with something below, where the response does not show it, and which
    /// of them it shows. Told at the first.
    fn group_aside(&self, at: usize) -> Option<Value> {
        let item = &self.definition.items[self.states[at].def];
        if !item.is_several() {
            return None;
        }
        let siblings = self.siblings(at);
        if siblings.first() != Some(&at) {
            return None;
        }
        let reaches = self.is_written_through(at);
        let shown: Vec<usize> = match reaches {
            true => {
                let written = self.write_row(&siblings);
                (0..siblings.len())
                    .filter(|place| match item.kind {
                        Kind::Below => self.stands(siblings[*place]),
                        _ => written[*place].is_some(),
                    })
                    .collect()
            }
            false => Vec::new(),
        };
        let told = shown.len() == siblings.len() || (shown.is_empty() && siblings.len() == item.at_first());
        (!told).then(|| {
            let mut group = self.address(at);
            json::set(&mut group, "count", siblings.len());
            json::set(&mut group, "shown", shown);
            Value::Object(group)
        })
    }

    /// Whether all that this stands in is enabled, so that the response can hold it.
    fn is_written_through(&self, at: usize) -> bool {
        self.states[at]
            .parent
            .is_none_or(|parent| self.states[parent].enabled)
    }

    /// The answers of one item as FHIR's `answer` array, for a record of who changed what. Text that is no valid
    /// answer is among them, as `valueString`, and a rule that was overridden, as an element of extensions. One that was
    /// taken over from another response says so.
    pub fn answers_as_fhir(&self, item: ItemId) -> Value {
        let Some(state) = self.states.get(item.at_index()) else {
            return Value::Array(Vec::new());
        };
        let waived = self.waived_at(item.at_index());
        let waived = (!waived.is_empty()).then(|| json::lone("extension", waived));
        state
            .answers
            .iter()
            .enumerate()
            .map(|(place, answer)| match answer {
                Answer::Invalid(text) => json::lone("valueString", text.as_str()),
                answer => Value::Object(written(answer, self.mark_at(item.at_index(), place))),
            })
            .chain(waived)
            .collect()
    }

    fn is_set_aside(&self, at: usize) -> bool {
        if self.is_part(at) {
            return false;
        }
        let state = &self.states[at];
        let item = &self.definition.items[state.def];
        let holds_something = !state.answers.is_empty();
        let lost = !state.enabled || state.answers.iter().any(Answer::is_invalid);
        // A response alone does not tell items of one name from each other.
        if item.twin.is_some() && item.kind.is_question() {
            return true;
        }
        lost && (holds_something || !state.members.is_empty())
    }

    /// Items that stand side by side. Where one of a repeating group has something, the empty ones beside it are
    /// written too: which one it is must not depend on what the others hold.
    fn write_all(&self, row: &[usize]) -> Vec<Value> {
        let mut written = Vec::new();
        for group in row.chunk_by(|left, right| self.states[*left].def == self.states[*right].def) {
            written.extend(self.write_row(group).into_iter().flatten());
        }
        written
    }

    fn write_row(&self, group: &[usize]) -> Vec<Option<Value>> {
        let mut written: Vec<Option<Value>> = group.iter().map(|at| self.write(*at)).collect();
        if group.len() > 1 && written.iter().any(Option::is_some) {
            for (slot, at) in written.iter_mut().zip(group) {
                let state = &self.states[*at];
                if slot.is_none() && state.enabled {
                    let item = &self.definition.items[state.def];
                    *slot = Some(Value::Object(self.head(item, &state.members)));
                }
            }
        }
        written
    }

    fn write(&self, at: usize) -> Option<Value> {
        let state = &self.states[at];
        let item = &self.definition.items[state.def];
        if !state.enabled || item.kind == Kind::Display {
            return None;
        }
        let answers = self.write_answers(at, false);
        let below = |row: &[usize]| {
            let written = self.write_all(row);
            (!written.is_empty()).then_some(Value::Array(written))
        };
        let mut written = Object::new();
        self.assemble(at, &mut written, answers, &below);
        if written.is_empty() && state.members.is_empty() && item.twin.is_none() {
            return None;
        }
        let mut whole = self.head(item, &state.members);
        whole.extend(written);
        Some(Value::Object(whole))
    }

    /// Puts the valid answers of an item into its JSON, and what `below` makes of the items that are asked below: below their
    /// answer, and without one below the question itself.
    pub(super) fn assemble(
        &self,
        at: usize,
        node: &mut Object,
        mut answers: Vec<Value>,
        below: &dyn Fn(&[usize]) -> Option<Value>,
    ) {
        let parts = self.parts(at);
        let row = |at: usize| self.states[at].children.as_slice();
        let mut put = |holder: Option<usize>, items: Option<Value>| {
            let answer = holder.and_then(|place| answers.get_mut(place));
            let holder = answer.and_then(Value::as_object_mut).unwrap_or(node);
            if let Some(items) = items {
                json::set(holder, "item", items);
            }
        };
        match parts.is_empty() {
            true => put(Some(0), below(row(at))),
            false => {
                for part in parts {
                    if let Some(holder) = self.holder_of(*part) {
                        put(holder, below(row(*part)));
                    }
                }
            }
        }
        if !answers.is_empty() {
            json::set(node, "answer", answers);
        }
    }

    pub(super) fn head(&self, item: &Item, members: &Object) -> Object {
        let mut head = Object::new();
        json::set(&mut head, "linkId", item.link_id.as_str());
        if !item.text.is_empty() {
            json::set(&mut head, "text", item.text.as_str());
        }
        head.extend(members.clone());
        head
    }

    pub(super) fn write_answers(&self, at: usize, with_invalid: bool) -> Vec<Value> {
        let state = &self.states[at];
        let members = |place: usize| state.answer_members.get(place).cloned().unwrap_or_default();
        let answers = state.answers.iter().enumerate();
        answers
            .filter(|(_, answer)| with_invalid || !answer.is_invalid())
            .map(|(place, answer)| Value::Object(written(answer, members(place))))
            .collect()
    }
}

pub(super) fn written(answer: &Answer, mut members: Object) -> Object {
    match answer {
        Answer::Invalid(text) => {
            json::set(&mut members, "invalid", text.as_str());
        }
        Answer::Other(value) => members.extend(value.as_object().cloned().unwrap_or_default()),
        answer => members.extend(answer.to_fhir().map(|(name, value)| (name.to_owned(), value))),
    }
    members
}
