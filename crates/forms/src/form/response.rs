//! The way out: a FHIR R4 QuestionnaireResponse, and beside it what a response may not hold.

use serde_json::{Value, json};

use super::{Form, ItemId};
use crate::{
    Answer,
    definition::{Item, Kind, json::Object},
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
        let mut response = self.envelope.clone();
        response.insert("resourceType".to_owned(), json!("QuestionnaireResponse"));
        response.insert("status".to_owned(), json!(status.code()));
        if let Some(url) = self.url() {
            let version = self
                .version()
                .map(|version| format!("|{version}"))
                .unwrap_or_default();
            response.insert("questionnaire".to_owned(), json!(format!("{url}{version}")));
        }
        let top = (0..self.states.len()).filter(|at| self.definition.items[*at].parent.is_none());
        let items: Vec<Value> = top.filter_map(|at| self.write(at)).collect();
        if !items.is_empty() {
            response.insert("item".to_owned(), Value::Array(items));
        }
        Value::Object(response)
    }

    /// What has to be kept beside the response so that [`Form::resume`] brings everything back: answers of items that
    /// are not enabled now, answers that are not valid, and answers to questions that this form does not have. Null
    /// when there is nothing of that kind.
    pub fn set_aside(&self) -> Value {
        let mut aside = Object::new();
        let kept: Vec<Value> = (0..self.states.len())
            .filter(|at| self.is_set_aside(*at))
            .map(|at| {
                let (link_id, members) = (&self.definition.items[at].link_id, &self.states[at].members);
                let mut kept =
                    json!({ "item": link_id, "answer": self.write_answers(at, true), "members": members });
                if let Some(twin) = self.definition.items[at].twin {
                    kept["twin"] = json!(twin);
                }
                kept
            })
            .collect();
        if !kept.is_empty() {
            aside.insert("answers".to_owned(), Value::Array(kept));
        }
        if !self.unmatched.is_empty() {
            aside.insert("unmatched".to_owned(), Value::Array(self.unmatched.clone()));
        }
        if aside.is_empty() {
            Value::Null
        } else {
            Value::Object(aside)
        }
    }

    /// The answers of one item as FHIR's `answer` array, for a record of who changed what. Text that is no valid
    /// answer is among them, as `valueString`.
    pub fn answers_as_fhir(&self, item: ItemId) -> Value {
        let answers = self
            .states
            .get(item.at_index())
            .map(|state| state.answers.as_slice())
            .unwrap_or_default();
        answers
            .iter()
            .map(|answer| match answer {
                Answer::Invalid(text) => json!({ "valueString": text }),
                answer => Value::Object(written(answer, Object::new())),
            })
            .collect()
    }

    fn is_set_aside(&self, at: usize) -> bool {
        let (item, state) = (&self.definition.items[at], &self.states[at]);
        let holds_something = !state.answers.is_empty() && item.calculation.is_none();
        let lost = !state.enabled || state.answers.iter().any(Answer::is_invalid);
        // A response alone does not tell items of one name from each other.
        if item.twin.is_some() && item.kind.is_question() && item.calculation.is_none() {
            return true;
        }
        lost && (holds_something || !state.members.is_empty())
    }

    fn write(&self, at: usize) -> Option<Value> {
        let (item, state) = (&self.definition.items[at], &self.states[at]);
        if !state.enabled || item.kind == Kind::Display {
            return None;
        }
        let mut answers = self.write_answers(at, false);
        let below: Vec<Value> = item
            .children
            .iter()
            .filter_map(|child| self.write(*child))
            .collect();
        if answers.is_empty() && below.is_empty() && state.members.is_empty() && item.twin.is_none() {
            return None;
        }
        let mut written = self.head(item, &state.members);
        if !below.is_empty() {
            // What is asked below a question stands below its answer, and without one below the question itself.
            let holder = answers
                .first_mut()
                .and_then(Value::as_object_mut)
                .unwrap_or(&mut written);
            holder.insert("item".to_owned(), Value::Array(below));
        }
        if !answers.is_empty() {
            written.insert("answer".to_owned(), Value::Array(answers));
        }
        Some(Value::Object(written))
    }

    fn head(&self, item: &Item, members: &Object) -> Object {
        let mut head = Object::new();
        head.insert("linkId".to_owned(), json!(item.link_id));
        if !item.text.is_empty() {
            head.insert("text".to_owned(), json!(item.text));
        }
        head.extend(members.clone());
        head
    }

    fn write_answers(&self, at: usize, with_invalid: bool) -> Vec<Value> {
        let state = &self.states[at];
        let members = |place: usize| state.answer_members.get(place).cloned().unwrap_or_default();
        let answers = state.answers.iter().enumerate();
        answers
            .filter(|(_, answer)| with_invalid || !answer.is_invalid())
            .map(|(place, answer)| Value::Object(written(answer, members(place))))
            .collect()
    }
}

fn written(answer: &Answer, mut members: Object) -> Object {
    match answer {
        Answer::Invalid(text) => {
            members.insert("invalid".to_owned(), json!(text));
        }
        Answer::Other(value) => members.extend(value.as_object().cloned().unwrap_or_default()),
        answer => members.extend(answer.to_fhir().map(|(name, value)| (name.to_owned(), value))),
    }
    members
}
