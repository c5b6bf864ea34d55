//! What expressions are made of at run time: values, and ordered collections of them.
//!
//! A value is either one of FHIRPath's own ("system") values, small and owned, or a place in a resource ([`Node`]),
//! which borrows the JSON and is never cloned deeply. A primitive element stays a node, so that its extensions and
//! its FHIR type can still be asked for, and is read as a system value ([`Value::system`]) when an operator needs one.

mod collection;
mod convert;
mod node;
mod quantity;

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value as Json;

pub use collection::Collection;
pub use node::Node;
pub use quantity::Quantity;

use crate::decimal;
use crate::temporal::{Date, DateTime, Time};

/// One value of a [`Collection`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Value<'a> {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// A text.
    String(Cow<'a, str>),
    /// A date, which may lack its day or month.
    Date(Date),
    /// A date with a time.
    DateTime(DateTime),
    /// A time of day.
    Time(Time),
    /// A number with a unit.
    Quantity(Box<Quantity<'a>>),
    /// An element of a resource.
    Node(Node<'a>),
    /// What `type()` says of a value.
    Type(TypeInfo<'a>),
}

/// The name of a type and of the model it belongs to: `System.Boolean`, `FHIR.Patient`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeInfo<'a> {
    /// `System` or `FHIR`.
    pub namespace: &'static str,
    /// The type's own name.
    pub name: &'a str,
}

impl<'a> Value<'a> {
    /// The value itself: a primitive element as the system value that it holds. A complex element, and an element
    /// without a value, stay what they are.
    pub fn system(&self) -> Value<'a> {
        match self {
            Value::Node(node) => node.system().unwrap_or(Value::Node(*node)),
            other => other.clone(),
        }
    }

    /// The name of the type: `Boolean`, `Patient`, `code`.
    pub fn type_info(&self) -> TypeInfo<'a> {
        let system = |name| TypeInfo {
            namespace: "System",
            name,
        };
        match self {
            Value::Boolean(_) => system("Boolean"),
            Value::Integer(_) => system("Integer"),
            Value::Decimal(_) => system("Decimal"),
            Value::String(_) => system("String"),
            Value::Date(_) => system("Date"),
            Value::DateTime(_) => system("DateTime"),
            Value::Time(_) => system("Time"),
            Value::Quantity(_) => system("Quantity"),
            Value::Type(_) => system("TypeInfo"),
            Value::Node(node) => TypeInfo {
                namespace: "FHIR",
                name: node.type_name(),
            },
        }
    }

    /// The value if it is a Boolean, or an element that holds one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Boolean(value) => Some(*value),
            Value::Node(node) => node.json().as_bool(),
            _ => None,
        }
    }

    /// The value if it is a whole number, or an element that holds one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(value) => Some(*value),
            Value::Node(node) => node.json().as_i64(),
            _ => None,
        }
    }

    /// The value if it is a number of either kind, or an element that holds one.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Value::Integer(value) => Some(Decimal::from(*value)),
            Value::Decimal(value) => Some(*value),
            Value::Node(node) => match node.json() {
                Json::Number(number) => decimal::from_json(number),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text if it is a string, or an element that holds one (dates and codes included).
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(value) => Some(value),
            Value::Node(node) => node.json().as_str(),
            _ => None,
        }
    }

    /// The value as FHIR JSON: an element as it stands in the resource, a date as its text, a quantity as an object.
    ///
    /// A decimal becomes the nearest JSON number.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Boolean(value) => Json::Bool(*value),
            Value::Integer(value) => Json::from(*value),
            Value::Decimal(value) => decimal::to_json(*value),
            Value::String(value) => Json::from(value.as_ref()),
            Value::Date(_) | Value::DateTime(_) | Value::Time(_) => {
                self.to_text().map_or(Json::Null, Json::from)
            }
            Value::Quantity(quantity) => quantity.to_json(),
            Value::Node(node) => node.json().clone(),
            Value::Type(info) => Json::from(format!("{}.{}", info.namespace, info.name)),
        }
    }

    /// The text that `toString()` gives; `None` for a complex element.
    pub(crate) fn to_text(&self) -> Option<Cow<'a, str>> {
        let value = self.system();
        let shown: &dyn fmt::Display = match &value {
            Value::String(text) => return Some(text.clone()),
            Value::Boolean(truth) => return Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
            Value::Integer(number) => number,
            Value::Decimal(number) => number,
            Value::Date(date) => date,
            Value::DateTime(moment) => moment,
            Value::Time(time) => time,
            Value::Quantity(quantity) => quantity,
            Value::Node(_) | Value::Type(_) => return None,
        };
        Some(Cow::Owned(shown.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_small_enough_to_be_moved_about() {
        let pointers = 5;
        assert!(size_of::<Value<'_>>() <= pointers * size_of::<usize>());
        assert!(size_of::<Collection<'_>>() <= size_of::<Value<'_>>() + size_of::<usize>());
    }
}
