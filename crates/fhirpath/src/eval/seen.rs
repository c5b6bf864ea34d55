//! Sets of values, for everything that leaves out duplicates.
//!
//! Small ones are searched. Large ones first look at a hash that equal values share; values that may equal one that
//! looks different, such as moments in two time zones, all share one.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value as Json;

use super::Evaluator;
use crate::decimal;
use crate::error::EvaluationError;
use crate::types;
use crate::value::{Collection, Value};

/// Up to this size, comparing with each value is faster than hashing.
const SMALL: usize = 16;

#[derive(Default)]
pub(super) struct Seen<'a> {
    values: Vec<Value<'a>>,
    by_hash: HashMap<u64, Vec<usize>>,
}

impl<'a> Seen<'a> {
    /// Adds the value unless an equal one is there; says whether it was added.
    pub(super) fn insert(
        &mut self,
        evaluator: &mut Evaluator<'a, '_>,
        value: Value<'a>,
    ) -> Result<bool, EvaluationError> {
        let hash = self.prepare(evaluator, &value)?;
        if self.find(evaluator, &value, hash)? {
            return Ok(false);
        }
        if let Some(hash) = hash {
            self.by_hash.entry(hash).or_default().push(self.values.len());
        }
        self.values.push(value);
        Ok(true)
    }

    pub(super) fn contains(
        &mut self,
        evaluator: &mut Evaluator<'a, '_>,
        value: &Value<'a>,
    ) -> Result<bool, EvaluationError> {
        let hash = self.prepare(evaluator, value)?;
        self.find(evaluator, value, hash)
    }

    pub(super) fn into_collection(self) -> Collection<'a> {
        self.values.into()
    }

    /// The hash of the value, once there are enough values for hashes.
    fn prepare(
        &mut self,
        evaluator: &mut Evaluator<'a, '_>,
        value: &Value<'a>,
    ) -> Result<Option<u64>, EvaluationError> {
        if self.values.len() < SMALL {
            return Ok(None);
        }
        if self.by_hash.is_empty() {
            for (index, value) in self.values.iter().enumerate() {
                let hash = hash(evaluator, value)?;
                self.by_hash.entry(hash).or_default().push(index);
            }
        }
        hash(evaluator, value).map(Some)
    }

    fn find(
        &self,
        evaluator: &mut Evaluator<'a, '_>,
        value: &Value<'a>,
        hash: Option<u64>,
    ) -> Result<bool, EvaluationError> {
        let Some(hash) = hash else {
            for known in &self.values {
                if evaluator.values_equal(known, value)? == Some(true) {
                    return Ok(true);
                }
            }
            return Ok(false);
        };
        for index in self.by_hash.get(&hash).into_iter().flatten() {
            if evaluator.values_equal(&self.values[*index], value)? == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn hash(evaluator: &mut Evaluator<'_, '_>, value: &Value<'_>) -> Result<u64, EvaluationError> {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Boolean(value) => value.hash(&mut hasher),
        Value::Integer(_) | Value::Decimal(_) => value
            .as_decimal()
            .map(|value| value.normalize())
            .hash(&mut hasher),
        Value::String(text) => hash_text(text, &mut hasher),
        Value::Date(_) | Value::DateTime(_) | Value::Time(_) => TEMPORAL.hash(&mut hasher),
        // A number equals the same quantity of the unit 1, and so may not be told apart from one.
        Value::Quantity(quantity) if quantity.unit == "1" => {
            Some(quantity.value.normalize()).hash(&mut hasher)
        }
        Value::Quantity(_) => {}
        Value::Type(info) => info.name.hash(&mut hasher),
        Value::Node(node) => match node.system() {
            Some(value @ (Value::Quantity(_) | Value::Date(_) | Value::DateTime(_) | Value::Time(_))) => {
                return hash(evaluator, &value);
            }
            _ => hash_json(evaluator, node.json(), &mut hasher)?,
        },
    }
    Ok(hasher.finish())
}

const TEMPORAL: u8 = 1;

/// A text that may be a date equals dates that are written otherwise.
fn hash_text(text: &str, hasher: &mut DefaultHasher) {
    if types::looks_temporal(text) {
        TEMPORAL.hash(hasher)
    } else {
        text.hash(hasher)
    }
}

fn hash_json(
    evaluator: &mut Evaluator<'_, '_>,
    json: &Json,
    hasher: &mut DefaultHasher,
) -> Result<(), EvaluationError> {
    // A stack of its own, as deep as the resource. Members are hashed in the order that they are stored in, which is
    // the same for equal objects only if keys are sorted; hence each on its own, and the sum of them.
    let mut waiting = vec![json];
    while let Some(json) = waiting.pop() {
        evaluator.spend(1)?;
        match json {
            Json::Null => 0_u8.hash(hasher),
            Json::Bool(value) => value.hash(hasher),
            Json::Number(number) => decimal::from_json(number)
                .map(|value| value.normalize())
                .hash(hasher),
            Json::String(text) => hash_text(text, hasher),
            Json::Array(items) => {
                items.len().hash(hasher);
                waiting.extend(items);
            }
            Json::Object(members) => {
                members.len().hash(hasher);
                let mut keys: Vec<_> = members.iter().collect();
                keys.sort_unstable_by_key(|(key, _)| *key);
                for (key, value) in keys {
                    key.hash(hasher);
                    waiting.push(value);
                }
            }
        }
    }
    Ok(())
}
