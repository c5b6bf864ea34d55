//! Reading JSON in two steps: the bytes become plain JSON, and plain JSON becomes our types. What reads a type is compiled
//! for each source that it is read from; with one source for all the tablet has less to load.
//!
//! The types that carry one of several verdicts say here what serde's `tag` and `flatten` would say by a source of its own.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Value};

use crate::plain::Plain;

/// Reads a value of ours. Strings are moved, not copied: a secret that wipes itself is wiped where it was read.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Error> {
    of(serde_json::from_slice(json)?)
}

/// Takes one field. A field that is not there reads as `null`.
pub fn part<T: DeserializeOwned>(object: &mut Value, name: &str) -> Result<T, Error> {
    of(object.get_mut(name).map(Value::take).unwrap_or_default())
}

/// The same from JSON that has been read.
pub fn of<T: DeserializeOwned>(json: Value) -> Result<T, Error> {
    T::deserialize(Plain(json))
}

/// The word that says which of several shapes an object has.
pub fn tag<'o>(object: &'o Value, name: &str) -> Result<&'o str, Error> {
    let word = object.get(name).and_then(Value::as_str);
    word.ok_or_else(|| Error::custom(format!("expected `{name}`")))
}

pub fn unknown(tag: &str) -> Error {
    Error::custom(format!("unknown: {tag}"))
}
