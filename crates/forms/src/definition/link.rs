//! What refers to other items, and so can be read only when all are known: conditions and calculations.

use std::collections::HashMap;

use serde_json::Value;

use super::json::{self, Object};
use super::read::Reader;
use super::{Calculation, Condition, Kind, Test, total};
use crate::{Answer, FormError};

/// More items of one name are no mistake but nonsense.
const MAX_TWINS: usize = 100;

impl Reader<'_> {
    /// What refers to other items: conditions and calculations.
    pub(super) fn link(&mut self) -> Result<(), FormError> {
        let mut places = HashMap::with_capacity(self.items.len());
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for at in 0..self.items.len() {
            let first = *places.entry(self.items[at].link_id.clone()).or_insert(at);
            if first != at {
                let before = counts.entry(first).or_insert(0);
                *before += 1;
                if *before > MAX_TWINS {
                    return Err(FormError::SameLinkId(self.items[at].link_id.clone()));
                }
                self.items[first].twin = Some(0);
                self.items[at].twin = Some(*before);
                self.note_twin(at);
            }
        }
        for at in 0..self.items.len() {
            let raw = self.raw[at];
            self.items[at].all = json::text(raw, "enableBehavior") == Some("all");
            for raw in json::objects(raw, "enableWhen") {
                self.condition(at, raw, &places);
            }
            self.calculation(at, raw, &places);
        }
        Ok(())
    }

    fn note_twin(&mut self, at: usize) {
        let link_id = self.items[at].link_id.clone();
        let meaning =
            "Another question of the form has the same name. Conditions that name it mean the first one.";
        self.note(Some(&link_id), "linkId", meaning);
    }

    fn condition(&mut self, at: usize, raw: &Object, places: &HashMap<String, usize>) {
        let link_id = self.items[at].link_id.clone();
        let Some(test) = test(raw) else {
            let meaning = "A condition for showing this cannot be read. It is shown without it.";
            self.note(Some(&link_id), "enableWhen", meaning);
            return;
        };
        let source = json::text(raw, "question")
            .and_then(|question| places.get(question))
            .copied();
        if source.is_none() {
            let meaning =
                "This depends on a question that the form does not have, which counts as unanswered.";
            self.note(Some(&link_id), "enableWhen", meaning);
        }
        self.items[at].conditions.push(Condition { source, test });
    }

    fn calculation(&mut self, at: usize, raw: &Object, places: &HashMap<String, usize>) {
        let Some(expression) = json::extension(raw, "sdc-questionnaire-calculatedExpression") else {
            return;
        };
        let item = &mut self.items[at];
        let text = expression
            .get("expression")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let counts = matches!(item.kind, Kind::Integer | Kind::Decimal | Kind::Quantity);
        match total::link_ids(text).filter(|_| counts) {
            Some(ids) => {
                let sources = ids.iter().filter_map(|id| places.get(id)).copied().collect();
                item.calculation = Some(Calculation::Total(sources));
            }
            None => self.not_calculated(at),
        }
    }

    /// A formula that is not worked out must not keep the user from the answer.
    fn not_calculated(&mut self, at: usize) {
        self.items[at].read_only = false;
        let link_id = self.items[at].link_id.clone();
        let meaning = "The form means to work this out. Enter it yourself.";
        self.note(Some(&link_id), "sdc-questionnaire-calculatedExpression", meaning);
    }
}

fn test(raw: &Object) -> Option<Test> {
    let operator = json::text(raw, "operator")?;
    let answer = Answer::from_fhir(Kind::Display, "answer", raw)?;
    Some(match (operator, answer) {
        ("exists", Answer::Boolean(exists)) => Test::Exists(exists),
        ("=", answer) => Test::Equal(answer),
        ("!=", answer) => Test::NotEqual(answer),
        (">", answer) => Test::Greater(answer),
        ("<", answer) => Test::Less(answer),
        (">=", answer) => Test::GreaterOrEqual(answer),
        ("<=", answer) => Test::LessOrEqual(answer),
        _ => return None,
    })
}
