//! The way back in: a response and what was set aside beside it become the state that they were written from.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Form, check};
use crate::{
    Answer, FormError,
    definition::{Kind, MAX_DEPTH, NotSupported, json, json::Object},
};

impl Form {
    pub(super) fn restore(&mut self, response: &Value, set_aside: &Value) -> Result<(), FormError> {
        let response = response.as_object().ok_or(FormError::NotAResponse)?;
        if json::text(response, "resourceType").is_some_and(|kind| kind != "QuestionnaireResponse") {
            return Err(FormError::NotAResponse);
        }
        self.envelope = response.clone();
        for known in ["resourceType", "questionnaire", "status", "item"] {
            self.envelope.remove(known);
        }
        self.restore_items(response, None, 1)?;
        if let Some(set_aside) = set_aside.as_object() {
            self.restore_aside(set_aside);
        }
        if !self.unmatched.is_empty() {
            self.definition.not_supported.push(NotSupported {
                link_id: None,
                feature: "answers without a question".to_owned(),
                meaning: "There are answers here to questions that this form does not have. They are kept."
                    .to_owned(),
            });
        }
        Ok(())
    }

    fn restore_items(
        &mut self,
        holder: &Object,
        parent: Option<usize>,
        depth: usize,
    ) -> Result<(), FormError> {
        if depth > 2 * MAX_DEPTH {
            return Err(FormError::TooDeep);
        }
        let mut seen = HashSet::new();
        for raw in json::objects(holder, "item") {
            let mut named = self
                .named(json::text(raw, "linkId").unwrap_or_default())
                .iter()
                .copied();
            let here = named.find(|at| self.definition.items[*at].parent == parent && !seen.contains(at));
            let Some(at) = here else {
                self.unmatched.push(Value::Object(raw.clone()));
                continue;
            };
            seen.insert(at);
            self.restore_item(at, raw, depth)?;
        }
        Ok(())
    }

    fn restore_item(&mut self, at: usize, raw: &Object, depth: usize) -> Result<(), FormError> {
        let item = &self.definition.items[at];
        let has_answer = json::objects(raw, "answer").next().is_some();
        if has_answer && !item.kind.is_question() {
            self.unmatched.push(Value::Object(raw.clone()));
            return Ok(());
        }
        let mut members = raw.clone();
        for known in ["linkId", "answer", "item"] {
            members.remove(known);
        }
        if members.get("text").and_then(Value::as_str) == Some(&item.text) {
            members.remove("text");
        }
        self.states[at].members = members;
        self.restore_answers(at, raw);
        self.restore_items(raw, Some(at), depth + 1)?;
        // Below each answer there may be items; here they are asked once.
        let below: Vec<&Object> = json::objects(raw, "answer")
            .filter(|answer| answer.contains_key("item"))
            .collect();
        for (place, answer) in below.into_iter().enumerate() {
            match place {
                0 => self.restore_items(answer, Some(at), depth + 1)?,
                _ => self
                    .unmatched
                    .extend(json::objects(answer, "item").cloned().map(Value::Object)),
            }
        }
        Ok(())
    }

    fn restore_answers(&mut self, at: usize, raw: &Object) {
        let kind = self.definition.items[at].kind;
        if !kind.is_question() {
            return;
        }
        let (mut answers, mut answer_members) = (Vec::new(), Vec::new());
        for raw in json::objects(raw, "answer") {
            let Some((answer, members)) = read_answer(kind, raw) else {
                continue;
            };
            answers.extend(answer);
            answer_members.push(members);
        }
        let state = &mut self.states[at];
        state.answers = answers;
        state.answer_members = answer_members;
    }

    fn restore_aside(&mut self, aside: &Object) {
        for kept in json::objects(aside, "answers") {
            let twin = kept.get("twin").and_then(json::size).unwrap_or(0);
            let at = self
                .named(json::text(kept, "item").unwrap_or_default())
                .get(twin)
                .copied();
            match at {
                Some(at) => {
                    self.restore_answers(at, kept);
                    self.states[at].members = kept
                        .get("members")
                        .and_then(Value::as_object)
                        .cloned()
                        .unwrap_or_default();
                }
                None => self
                    .unmatched
                    .push(json!({ "linkId": kept.get("item"), "answer": kept.get("answer") })),
            }
        }
        if let Some(Value::Array(unmatched)) = aside.get("unmatched") {
            self.unmatched.extend(unmatched.iter().cloned());
        }
    }
}

/// One answer and the members beside its value. Blank text is none.
fn read_answer(kind: Kind, raw: &Object) -> Option<(Vec<Answer>, Object)> {
    let mut members = raw.clone();
    members.remove("item");
    let answer = match members.remove("invalid") {
        Some(Value::String(text)) => Answer::Invalid(text),
        _ => Answer::from_fhir(kind, "value", raw)?,
    };
    members.retain(|name, _| !name.starts_with("value"));
    let answers = check::tidy(vec![answer]);
    (!answers.is_empty()).then_some((answers, members))
}
