//! Plain JSON as a source of our types. `serde_json::Value` is one as well; it also reads a structure from a list of its
//! fields, which nobody sends, and for which every type would be compiled a second time.

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer as _, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value, map};

pub(crate) struct Plain(pub Value);

impl Plain {
    fn is_no<'de>(&self, wanted: &impl Visitor<'de>) -> Error {
        let found = match &self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(_) => Unexpected::Other("number"),
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Error::invalid_type(found, wanted)
    }
}

impl<'de> Deserializer<'de> for Plain {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields {
                rest: fields.into_iter(),
                value: Value::Null,
            }),
            other => Err(Self(other).is_no(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(list) => visitor.visit_seq(List(list.into_iter())),
            other => Err(Self(other).is_no(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            other => Err(Self(other).is_no(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Fields {
    rest: map::IntoIter,
    value: Value,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = value;
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Plain(self.value.take()))
    }
}

struct List(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for List {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0
            .next()
            .map(|value| seed.deserialize(Plain(value)))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Visit {
        id: Id,
        minutes: u32,
        rating: Option<f64>,
        #[serde(default)]
        notes: Vec<Note>,
        kind: Kind,
        more: BTreeMap<String, Value>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Id(String);

    #[derive(Debug, PartialEq, Deserialize)]
    struct Note {
        text: String,
        at: (u8, u8),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        AtHome,
        Other(String),
    }

    fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
        T::deserialize(Plain(value)).map_err(|error| error.to_string())
    }

    #[test]
    fn types_are_read_as_from_any_json() {
        let visit = json!({ "id": "v1", "minutes": 40, "rating": 4.5, "kind": "at-home", "unknown": [1, { "a": null }],
            "notes": [{ "text": "Knock twice.", "at": [9, 30] }], "more": { "deep": [{ "a": 1 }], "none": null } });
        assert_eq!(
            read::<Visit>(visit.clone()),
            Ok(serde_json::from_value(visit).unwrap())
        );
        let bare =
            json!({ "id": "v2", "minutes": 0, "rating": null, "kind": { "other": "by phone" }, "more": {} });
        assert_eq!(
            read::<Visit>(bare.clone()),
            Ok(serde_json::from_value(bare).unwrap())
        );
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let note = |text: Value, at: Value| json!({ "text": text, "at": at });
        for (wrong, told) in [
            (
                json!(["a list of fields", [9, 30]]),
                "invalid type: sequence, expected struct Note",
            ),
            (
                note(json!(3), json!([9, 30])),
                "invalid type: number, expected a string",
            ),
            (note(json!("x"), json!([9])), "invalid length 1"),
            (
                note(json!("x"), json!([9, 300])),
                "invalid value: integer `300`, expected u8",
            ),
            (json!({ "text": "x" }), "missing field `at`"),
            (Value::Null, "invalid type: null, expected struct Note"),
        ] {
            let error = read::<Note>(wrong.clone()).unwrap_err();
            assert!(error.contains(told), "{wrong}: {error}");
        }
    }
}
