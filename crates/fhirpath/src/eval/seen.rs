//! Sets of values, for everything that leaves out duplicates.
//!
//! Small ones are searched. Large ones first look at a hash that equal values share; values that may equal one that
//! looks different, such as moments in two time zones, all share one.

use serde_json::Value as Json;

use super::Evaluator;
use crate::decimal;
use crate::error::Failure;
use crate::types;
use crate::value::{Collection, Value};

/// Up to this size, comparing with each value is faster than hashing.
const SMALL: usize = 16;

#[derive(Default)]
pub(super) struct Seen<'a> {
    values: Vec<Value<'a>>,
    index: Index,
}

impl<'a> Seen<'a> {
    /// Adds the value unless an equal one is there; says whether it was added.
    pub(super) fn insert(
        &mut self,
        evaluator: &mut Evaluator<'a, '_>,
        value: Value<'a>,
    ) -> Result<bool, Failure> {
        let hash = self.prepare(evaluator, &value)?;
        if self.find(evaluator, &value, hash)? {
            return Ok(false);
        }
        if let Some(hash) = hash {
            self.index.insert(hash);
        }
        self.values.push(value);
        Ok(true)
    }

    pub(super) fn contains(
        &mut self,
        evaluator: &mut Evaluator<'a, '_>,
        value: &Value<'a>,
    ) -> Result<bool, Failure> {
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
    ) -> Result<Option<u64>, Failure> {
        if self.values.len() < SMALL {
            return Ok(None);
        }
        if self.index.is_empty() {
            for value in &self.values {
                self.index.insert(hash(evaluator, value)?);
            }
        }
        hash(evaluator, value).map(Some)
    }

    fn find(
        &self,
        evaluator: &mut Evaluator<'a, '_>,
        value: &Value<'a>,
        hash: Option<u64>,
    ) -> Result<bool, Failure> {
        let Some(hash) = hash else {
            for known in &self.values {
                if evaluator.values_equal(known, value)? == Some(true) {
                    return Ok(true);
                }
            }
            return Ok(false);
        };
        let mut candidate = self.index.first(hash);
        while let Some(position) = candidate {
            evaluator.spend(1)?;
            if self.index.hashes[position] == hash
                && evaluator.values_equal(&self.values[position], value)? == Some(true)
            {
                return Ok(true);
            }
            candidate = self.index.next(position);
        }
        Ok(false)
    }
}

/// Finds the positions at which a hash was inserted: a hash table of nothing but positions.
#[derive(Default)]
pub(super) struct Index {
    hashes: Vec<u64>,
    /// For each bucket one more than the position inserted last, 0 where there is none.
    heads: Vec<u32>,
    /// For each position the one inserted into its bucket before, likewise.
    before: Vec<u32>,
}

impl Index {
    fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    pub(super) fn insert(&mut self, hash: u64) {
        if self.hashes.len() >= self.heads.len() {
            self.heads = vec![0; (self.heads.len() * 2).max(64)];
            self.before.clear();
            for position in 0..self.hashes.len() {
                self.link(self.hashes[position]);
            }
        }
        self.hashes.push(hash);
        self.link(hash);
    }

    fn link(&mut self, hash: u64) {
        let bucket = self.bucket(hash);
        self.before.push(self.heads[bucket]);
        self.heads[bucket] = self.before.len() as u32;
    }

    fn bucket(&self, hash: u64) -> usize {
        // The number of buckets is a power of two.
        (hash ^ (hash >> 32)) as usize & (self.heads.len() - 1)
    }

    /// The position inserted last that may be of this hash.
    pub(super) fn first(&self, hash: u64) -> Option<usize> {
        if self.heads.is_empty() {
            return None;
        }
        (self.heads[self.bucket(hash)] as usize).checked_sub(1)
    }

    /// The one inserted before it.
    pub(super) fn next(&self, position: usize) -> Option<usize> {
        (self.before[position] as usize).checked_sub(1)
    }
}

/// Mixes bytes into a hash (FNV). Whoever aims at collisions pays for them from the budget.
fn mix(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
/// Shared by everything that is or may be read as a date or time, since equal ones may look different.
const TEMPORAL: u64 = 1;
/// Shared by quantities, which may be equal in different units.
const QUANTITY: u64 = 2;

fn hash(evaluator: &mut Evaluator<'_, '_>, value: &Value<'_>) -> Result<u64, Failure> {
    Ok(match value {
        Value::Boolean(value) => u64::from(*value),
        Value::Integer(_) | Value::Decimal(_) => hash_number(value),
        Value::String(text) => hash_text(text),
        Value::Date(_) | Value::DateTime(_) | Value::Time(_) => TEMPORAL,
        // A number equals the same quantity of the unit 1, and so may not be told apart from one.
        Value::Quantity(quantity) if quantity.unit == "1" => hash_number(&Value::Decimal(quantity.value)),
        Value::Quantity(_) => QUANTITY,
        Value::Type(info) => hash_text(info.name),
        Value::Node(node) => match node.system() {
            Some(value) => hash(evaluator, &value)?,
            None => hash_json(evaluator, node.json())?,
        },
    })
}

fn hash_number(number: &Value<'_>) -> u64 {
    let number = number.as_decimal().map(|number| number.normalize());
    number.map_or(0, |number| {
        mix(
            mix(SEED, &number.mantissa().to_le_bytes()),
            &number.scale().to_le_bytes(),
        )
    })
}

fn hash_text(text: &str) -> u64 {
    if types::looks_temporal(text) {
        TEMPORAL
    } else {
        mix(SEED, text.as_bytes())
    }
}

/// The sum of the hashes of all that is in an element: members may be stored in any order.
fn hash_json(evaluator: &mut Evaluator<'_, '_>, json: &Json) -> Result<u64, Failure> {
    let mut total = 0_u64;
    let mut waiting = vec![json];
    while let Some(json) = waiting.pop() {
        evaluator.spend(1)?;
        let part = match json {
            Json::Null => 3,
            Json::Bool(value) => 4 + u64::from(*value),
            Json::Number(number) => {
                decimal::from_json(number).map_or(6, |number| hash_number(&Value::Decimal(number)))
            }
            Json::String(text) => hash_text(text),
            Json::Array(items) => {
                waiting.extend(items);
                7
            }
            Json::Object(members) => {
                waiting.extend(members.values());
                members.len() as u64
            }
        };
        // Mixed once more, so that the parts of a sum do not cancel out.
        total = total.wrapping_add(mix(SEED, &part.to_le_bytes()));
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_found_by_its_hash() {
        let mut index = Index::default();
        assert_eq!(index.first(5), None);
        let hashes: Vec<u64> = (0..1000).map(|number| number * number % 97).collect();
        hashes.iter().for_each(|hash| index.insert(*hash));
        for wanted in 0..97 {
            let mut found = Vec::new();
            let mut next = index.first(wanted);
            while let Some(position) = next {
                if index.hashes[position] == wanted {
                    found.push(position);
                }
                next = index.next(position);
            }
            found.reverse();
            let expected: Vec<usize> = (0..1000).filter(|position| hashes[*position] == wanted).collect();
            assert_eq!(found, expected, "hash {wanted}");
        }
    }
}
