//! The way back in: a response and what was set aside beside it become the state that they were written from.

use std::collections::HashMap;

use serde_json::Value;
use words::msg;

use super::{Form, Given, Pass, Rule, calculate::FEATURE, check};
use crate::{
    Answer, FormError,
    definition::{Kind, MAX_DEPTH, NotSupported, json, json::Object},
};

/// Something in a response that does not fit its form. It is kept and written back; a validator would object to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The link id that the response gives.
    pub link_id: String,
    pub rule: Rule,
    /// A sentence about it.
    pub message: String,
}

/// What is known while a response is read.
#[derive(Default)]
struct Reading {
    /// By parent and repeating group: which of its instances the response shows.
    shown: HashMap<(Option<usize>, usize), Vec<usize>>,
}

impl Reading {
    /// Which of all instances the response shows as the one at this place.
    fn place(&self, parent: Option<usize>, def: usize, shown: usize) -> usize {
        let all = self.shown.get(&(parent, def));
        all.and_then(|all| all.get(shown).copied()).unwrap_or(shown)
    }
}

impl Form {
    /// What was in the response that this form was resumed from and does not fit it.
    pub fn misfits(&self) -> &[Misfit] {
        &self.misfits
    }

    pub(super) fn restore(&mut self, response: &Value, set_aside: &Value) -> Result<(), FormError> {
        if json::is_too_deep(response) || json::is_too_deep(set_aside) {
            return Err(FormError::TooDeep);
        }
        self.has_foreign_link_ids =
            has_foreign_link_ids(response) || set_aside.get("answers").is_some_and(has_foreign_link_ids);
        let response = response.as_object().ok_or(FormError::NotAResponse)?;
        if json::text(response, "resourceType").is_some_and(|kind| kind != "QuestionnaireResponse") {
            return Err(FormError::NotAResponse);
        }
        self.envelope = response.clone();
        for known in ["resourceType", "status", "item"] {
            self.envelope.remove(known);
        }
        let none = Object::new();
        let aside = set_aside.as_object().unwrap_or(&none);
        let mut reading = Reading::default();
        self.restore_groups(aside, &mut reading)?;
        self.restore_items(response, None, 1, &reading)?;
        for at in 0..self.states.len() {
            self.states[at].from_response = !self.states[at].answers.is_empty();
        }
        self.note_other_words();
        self.restore_aside(aside)?;
        self.restore_waivers()?;
        self.restore_notes(aside);
        self.restore_parts()?;
        for lost in &self.unmatched {
            let link_id = lost.get("linkId").and_then(Value::as_str).unwrap_or_default();
            let is_known = self.definition.places.contains_key(link_id);
            if !is_known || lost.get("answer").is_none() {
                self.misfits.push(Misfit {
                    link_id: link_id.to_owned(),
                    rule: Rule::LinkId,
                    message: format!("The form has no question {link_id:?} here."),
                });
            }
        }
        if !self.unmatched.is_empty() {
            self.definition.not_supported.push(NotSupported {
                link_id: None,
                feature: "answers without a question".to_owned(),
                meaning: msg!(
                    "There are answers here to questions that this form does not have. They are kept."
                )
                .to_owned(),
            });
        }
        if !aside.contains_key("overridden") {
            self.settle();
            self.find_overridden();
        }
        self.calculated_before = Vec::new();
        Ok(())
    }

    /// A response of another program does not say which of its calculated answers were replaced by the user: those
    /// that the user may replace, and that are not what comes out here. Nor is lost what cannot be worked out here.
    fn find_overridden(&mut self) {
        for (at, answers, members) in std::mem::take(&mut self.calculated_before) {
            let state = &self.states[at];
            let item = &self.definition.items[state.def];
            let failed = self.failed.contains(&(state.def, FEATURE));
            let by_user = !item.read_only && item.calculation.as_ref().is_some_and(|formula| !formula.clock);
            if state.enabled && !answers.is_empty() && state.answers != answers && (failed || by_user) {
                let given = Given {
                    answers,
                    members,
                    parts: Vec::new(),
                    overridden: true,
                };
                let mut pass = Pass::default();
                self.exchange(at, given, &mut pass);
                self.run(&mut pass);
                self.close(pass);
            }
        }
    }

    /// Answers whose code is in the list, where the list has other words for it: which of both was meant is not known. What a list
    /// says in several languages may have been said in any of them.
    fn note_other_words(&mut self) {
        for at in 0..self.states.len() {
            let item = &self.definition.items[self.states[at].def];
            if !item.from_list {
                continue;
            }
            for answer in &self.states[at].answers {
                let Answer::Coding(given) = answer else { continue };
                let option = item.options.iter().find(|option| option.is(answer));
                let (Some(option), Some(words)) = (option, &given.display) else {
                    continue;
                };
                let mut known = option.display == *words;
                if let Answer::Coding(coding) = &option.answer {
                    known |= coding
                        .display
                        .as_ref()
                        .is_none_or(|known| known.eq_ignore_ascii_case(words));
                }
                if !known && !option.has_other_words {
                    self.misfits.push(Misfit {
                        link_id: item.link_id.clone(),
                        rule: Rule::Coding,
                        message: format!(
                            "{:?} is answered {words:?}, and the code of that answer means {:?}.",
                            item.link_id, option.display
                        ),
                    });
                }
            }
        }
    }

    /// Answers in the response to questions that do not apply.
    pub(super) fn note_disabled(&mut self) {
        for state in &self.states {
            if state.from_response && !state.enabled {
                let link_id = self.definition.items[state.def].link_id.clone();
                self.misfits.push(Misfit {
                    message: format!("{link_id:?} is answered and does not apply."),
                    link_id,
                    rule: Rule::Disabled,
                });
            }
        }
    }

    /// How often groups are there that the response does not show in full, the outer ones first.
    fn restore_groups(&mut self, aside: &Object, reading: &mut Reading) -> Result<(), FormError> {
        for group in json::objects(aside, "groups") {
            let Some(at) = self.find_address(group)? else {
                continue;
            };
            let count = group.get("count").and_then(json::size).unwrap_or(1);
            // A question stands for what is asked below each of its answers.
            let at = self.parts(at).first().copied().unwrap_or(at);
            if !self.definition.items[self.states[at].def].is_several() {
                continue;
            }
            self.repeat_to(at, count)?;
            let shown = group.get("shown").and_then(Value::as_array);
            let shown = shown.into_iter().flatten().filter_map(json::size);
            let key = (self.states[at].parent, self.states[at].def);
            reading
                .shown
                .insert(key, shown.filter(|place| *place < count).collect());
        }
        Ok(())
    }

    fn restore_items(
        &mut self,
        holder: &Object,
        parent: Option<usize>,
        depth: usize,
        reading: &Reading,
    ) -> Result<(), FormError> {
        if depth > 2 * MAX_DEPTH {
            return Err(FormError::TooDeep);
        }
        let parent_def = parent.map(|parent| self.states[parent].def);
        let mut seen: HashMap<usize, usize> = HashMap::new();
        for raw in json::objects(holder, "item") {
            let named = self.named(json::text(raw, "linkId").unwrap_or_default());
            let free = |def: &usize| {
                let item = &self.definition.items[*def];
                item.parent == parent_def && (item.is_repeating_group() || !seen.contains_key(def))
            };
            let answerable = |def: &usize| free(def) && self.definition.items[*def].kind != Kind::Display;
            // A text of the same name is hardly meant: none is ever written.
            let here = named.iter().copied().find(answerable);
            let Some(def) = here.or_else(|| named.iter().copied().find(free)) else {
                self.unmatched.push(Value::Object(raw.clone()));
                continue;
            };
            let times = seen.entry(def).or_insert(0);
            let place = reading.place(parent, def, *times);
            *times += 1;
            match self.child(parent, def, place)? {
                Some(at) => self.restore_item(at, raw, depth, reading)?,
                None => self.unmatched.push(Value::Object(raw.clone())),
            }
        }
        Ok(())
    }

    /// One of the instances of an item within its parent; there are made to be so many of a repeating group.
    fn child(&mut self, parent: Option<usize>, def: usize, place: usize) -> Result<Option<usize>, FormError> {
        let among = match parent {
            Some(parent) => &self.states[parent].children,
            None => &self.roots,
        };
        let first = among.partition_point(|at| self.states[*at].def < def);
        let Some(at) = among.get(first).copied().filter(|at| self.states[*at].def == def) else {
            return Ok(None);
        };
        if !self.definition.items[def].is_several() {
            return Ok((place == 0).then_some(at));
        }
        self.repeat_to(at, place.saturating_add(1))?;
        Ok(self.siblings(at).get(place).copied())
    }

    fn restore_item(
        &mut self,
        at: usize,
        raw: &Object,
        depth: usize,
        reading: &Reading,
    ) -> Result<(), FormError> {
        let item = &self.definition.items[self.states[at].def];
        let kind = item.kind;
        let has_answer = json::objects(raw, "answer").next().is_some();
        if has_answer && (!item.kind.is_question() || item.kind == Kind::Unsupported) {
            self.misfits.push(Misfit {
                link_id: item.link_id.clone(),
                rule: Rule::ItemType,
                message: format!("{:?} is answered and is not a question.", item.link_id),
            });
        }
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
        let below = self.definition.items[self.states[at].def].below;
        let holder = match below {
            Some(def) => self.child(Some(at), def, 0)?,
            None => Some(at),
        };
        self.restore_items(raw, holder, depth + 1, reading)?;
        // Below an answer that cannot be read, and below a second one where one is asked about, nothing is asked. Where no answer
        // can be read, what is below the first is below none.
        let answers: Vec<&Object> = json::objects(raw, "answer").collect();
        let none_read = !answers.iter().any(|answer| read_answer(kind, answer).is_some());
        let mut place = 0;
        for answer in answers {
            let is_read = read_answer(kind, answer).is_some() || none_read && answer.contains_key("item");
            let holder = match below {
                _ if !is_read => None,
                Some(def) => self.child(Some(at), def, reading.place(Some(at), def, place))?,
                None => Some(at).filter(|_| place == 0),
            };
            place += usize::from(is_read);
            match holder {
                Some(holder) => self.restore_items(answer, Some(holder), depth + 1, reading)?,
                None => self
                    .unmatched
                    .extend(json::objects(answer, "item").cloned().map(Value::Object)),
            }
        }
        Ok(())
    }

    fn restore_answers(&mut self, at: usize, raw: &Object) {
        let item = &self.definition.items[self.states[at].def];
        if !item.kind.is_question() {
            return;
        }
        let (mut answers, mut answer_members) = (Vec::new(), Vec::new());
        for raw in json::objects(raw, "answer") {
            let Some((answer, members)) = read_answer(item.kind, raw) else {
                continue;
            };
            answers.extend(answer);
            answer_members.push(members);
        }
        if item.calculation.is_some() {
            self.calculated_before
                .push((at, answers.clone(), answer_members.clone()));
        }
        let state = &mut self.states[at];
        state.answers = answers;
        state.answer_members = answer_members;
    }

    fn restore_aside(&mut self, aside: &Object) -> Result<(), FormError> {
        for kept in json::objects(aside, "answers") {
            match self.find_address(kept)? {
                Some(at) => {
                    self.restore_answers(at, kept);
                    self.states[at].members = kept
                        .get("members")
                        .and_then(Value::as_object)
                        .cloned()
                        .unwrap_or_default();
                }
                None => self.keep_unmatched(kept.get("item").cloned(), kept.get("answer").cloned()),
            }
        }
        for address in json::objects(aside, "overridden") {
            if let Some(at) = self.find_address(address)? {
                let item = &self.definition.items[self.states[at].def];
                self.states[at].overridden = item.calculation.is_some();
            }
        }
        if let Some(Value::Array(unmatched)) = aside.get("unmatched") {
            self.unmatched.extend(unmatched.iter().cloned());
        }
        Ok(())
    }

    fn keep_unmatched(&mut self, link_id: Option<Value>, answer: Option<Value>) {
        let mut unmatched = Object::new();
        json::set(&mut unmatched, "linkId", link_id);
        json::set(&mut unmatched, "answer", answer);
        self.unmatched.push(Value::Object(unmatched));
    }

    /// As much is asked below answers as there are answers. What is answered below any other is kept.
    fn restore_parts(&mut self) -> Result<(), FormError> {
        for at in 0..self.states.len() {
            let Some(first) = self.parts(at).first().copied() else {
                continue;
            };
            self.repeat_to(first, self.states[at].answers.len())?;
            for lost in self.name_parts(at) {
                for below in self.below(lost).into_iter().filter(|below| *below != lost) {
                    if !self.states[below].answers.is_empty() {
                        let answer = self.write_answers(below, true);
                        let link_id = self.definition.items[self.states[below].def].link_id.clone();
                        self.keep_unmatched(Some(link_id.into()), Some(answer.into()));
                    }
                }
            }
        }
        Ok(())
    }

    /// The instance that [`Form::set_aside`] named so; there are made to be so many of repeating groups.
    pub(super) fn find_address(&mut self, address: &Object) -> Result<Option<usize>, FormError> {
        let twin = address.get("twin").and_then(json::size).unwrap_or(0);
        let link_id = json::text(address, "item").unwrap_or_default();
        let Some(def) = self.named(link_id).get(twin).copied() else {
            return Ok(None);
        };
        let ordinals = address.get("at").and_then(Value::as_array);
        let mut ordinals = ordinals.into_iter().flatten().filter_map(json::size);
        let mut path = vec![def];
        while let Some(parent) = path.last().and_then(|def| self.definition.items[*def].parent) {
            path.push(parent);
        }
        let mut here = None;
        for def in path.into_iter().rev() {
            let place = match self.definition.items[def].is_several() {
                true => ordinals.next().unwrap_or(0),
                false => 0,
            };
            match self.child(here, def, place)? {
                Some(at) => here = Some(at),
                None => return Ok(None),
            }
        }
        Ok(here)
    }
}

/// Whether something has a `linkId` that is no item: a contained questionnaire's items have.
fn has_foreign_link_ids(response: &Value) -> bool {
    let mut waiting = vec![(response, false)];
    while let Some((value, may_be_item)) = waiting.pop() {
        match value {
            Value::Object(object) => {
                if object.contains_key("linkId") && !may_be_item {
                    return true;
                }
                let holds_items = may_be_item || std::ptr::eq(value, response);
                let below = object.iter();
                waiting.extend(below.map(|(name, value)| {
                    let leads_on = name == "item" || name == "answer" && may_be_item;
                    (value, holds_items && leads_on)
                }));
            }
            Value::Array(list) => waiting.extend(list.iter().map(|value| (value, may_be_item))),
            _ => {}
        }
    }
    false
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
