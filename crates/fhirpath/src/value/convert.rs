//! Ways to make a value from what Rust programs hold.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{Node, Quantity, Value};
use crate::temporal::{Date, DateTime, Time};

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Integer(value)
    }
}

impl From<Decimal> for Value<'_> {
    fn from(value: Decimal) -> Self {
        Value::Decimal(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::String(Cow::Borrowed(value))
    }
}

impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Value::String(Cow::Owned(value))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(value: Cow<'a, str>) -> Self {
        Value::String(value)
    }
}

impl From<Date> for Value<'_> {
    fn from(value: Date) -> Self {
        Value::Date(value)
    }
}

impl From<DateTime> for Value<'_> {
    fn from(value: DateTime) -> Self {
        Value::DateTime(value)
    }
}

impl From<Time> for Value<'_> {
    fn from(value: Time) -> Self {
        Value::Time(value)
    }
}

impl<'a> From<Quantity<'a>> for Value<'a> {
    fn from(value: Quantity<'a>) -> Self {
        Value::Quantity(Box::new(value))
    }
}

impl<'a> From<Node<'a>> for Value<'a> {
    fn from(node: Node<'a>) -> Self {
        Value::Node(node)
    }
}

impl<'a> From<&'a Json> for Value<'a> {
    fn from(json: &'a Json) -> Self {
        Value::Node(Node::root(json))
    }
}
