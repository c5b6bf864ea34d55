//! `=`, `~` and `<` between single values, and between collections.
//!
//! Every comparison may come out unknown, where one side is less precise than the other or units do not convert.

use std::borrow::Cow;
use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{Evaluator, wrong_type};
use crate::decimal;
use crate::error::{EvaluationError, Failure};
use crate::temporal::{Compared, Date, DateTime, Time};
use crate::types;
use crate::value::{Collection, Quantity, Value};

/// How deep two elements are compared. JSON from outside is at most this deep.
const MAX_JSON_DEPTH: usize = 128;

impl<'a> Evaluator<'a, '_> {
    /// `left = right`; `None` where either is empty, or it cannot be known.
    pub(super) fn equal(
        &mut self,
        left: &Collection<'a>,
        right: &Collection<'a>,
    ) -> Result<Option<bool>, Failure> {
        if left.is_empty() || right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        let mut result = Some(true);
        for (left, right) in left.iter().zip(right) {
            match self.values_equal(left, right)? {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => result = None,
            }
        }
        Ok(result)
    }

    pub(super) fn values_equal(
        &mut self,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Result<Option<bool>, Failure> {
        self.spend(1)?;
        if let (Some(left), Some(right)) = (left.as_str(), right.as_str())
            && !(types::looks_temporal(left) && types::looks_temporal(right))
        {
            return Ok(Some(left == right));
        }
        if let (Value::Node(left), Value::Node(right)) = (left, right)
            && left.is_same_place(right)
        {
            return Ok(Some(true));
        }
        if let (Value::Node(left), Value::Node(right)) = (&left.system(), &right.system()) {
            return self.json_equal(left.json(), right.json(), 0).map(Some);
        }
        Ok(match compare(left, right) {
            Order::Known(ordering) => Some(ordering == Ordering::Equal),
            Order::Unknown => None,
            Order::Incomparable => Some(left.as_bool().is_some() && left.as_bool() == right.as_bool()),
        })
    }

    /// Two elements are equal if all that is in them is.
    fn json_equal(&mut self, left: &Json, right: &Json, depth: usize) -> Result<bool, Failure> {
        self.spend(1)?;
        if depth > MAX_JSON_DEPTH {
            return Err(EvaluationError::TooDeep.into());
        }
        Ok(match (left, right) {
            (Json::Object(left), Json::Object(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (key, value) in left {
                    let Some(other) = right.get(key) else {
                        return Ok(false);
                    };
                    if !self.json_equal(value, other, depth + 1)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Json::Array(left), Json::Array(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (left, right) in left.iter().zip(right) {
                    if !self.json_equal(left, right, depth + 1)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Json::Number(left), Json::Number(right)) => {
                left == right || decimal::from_json(left) == decimal::from_json(right)
            }
            (left, right) => left == right,
        })
    }

    /// `left ~ right`: in any order, and never unknown.
    pub(super) fn equivalent(
        &mut self,
        left: &Collection<'a>,
        right: &Collection<'a>,
    ) -> Result<bool, Failure> {
        if left.len() != right.len() {
            return Ok(false);
        }
        let mut open: Vec<&Value<'a>> = right.iter().collect();
        for left in left {
            self.spend(1 + open.len())?;
            let mut found = None;
            for (index, right) in open.iter().enumerate() {
                if self.values_equivalent(left, right)? {
                    found = Some(index);
                    break;
                }
            }
            match found {
                Some(index) => open.swap_remove(index),
                None => return Ok(false),
            };
        }
        Ok(true)
    }

    fn values_equivalent(&mut self, left: &Value<'a>, right: &Value<'a>) -> Result<bool, Failure> {
        Ok(match (left.system(), right.system()) {
            (Value::String(left), Value::String(right)) => folded(&left).eq(folded(&right)),
            (Value::Node(left), Value::Node(right)) => {
                left.is_same_place(&right) || self.json_equivalent(left.json(), right.json(), 0)?
            }
            (Value::Quantity(left), Value::Quantity(right)) => left.equivalent(&right),
            (left, right) => match (left.as_decimal(), right.as_decimal()) {
                (Some(left), Some(right)) => decimal::equivalent(left, right),
                _ => self.values_equal(&left, &right)? == Some(true),
            },
        })
    }

    fn json_equivalent(&mut self, left: &Json, right: &Json, depth: usize) -> Result<bool, Failure> {
        self.spend(1)?;
        if depth > MAX_JSON_DEPTH {
            return Err(EvaluationError::TooDeep.into());
        }
        Ok(match (left, right) {
            (Json::Object(left), Json::Object(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (key, value) in left {
                    let Some(other) = right.get(key) else {
                        return Ok(false);
                    };
                    if !self.json_equivalent(value, other, depth + 1)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Json::Array(left), Json::Array(right)) => {
                let mut open: Vec<&Json> = right.iter().collect();
                for left in left {
                    let mut found = None;
                    for (index, right) in open.iter().enumerate() {
                        if self.json_equivalent(left, right, depth + 1)? {
                            found = Some(index);
                            break;
                        }
                    }
                    match found {
                        Some(index) => open.swap_remove(index),
                        None => return Ok(false),
                    };
                }
                open.is_empty()
            }
            (Json::Number(left), Json::Number(right)) => {
                match (decimal::from_json(left), decimal::from_json(right)) {
                    (Some(left), Some(right)) => decimal::equivalent(left, right),
                    _ => left == right,
                }
            }
            (Json::String(left), Json::String(right)) => folded(left).eq(folded(right)),
            (left, right) => left == right,
        })
    }
}

/// The text without regard to case, and with every kind of space as a space.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
}

/// What can be said of the order of two values.
pub(super) enum Order {
    Known(Ordering),
    Unknown,
    /// The types have no order between them.
    Incomparable,
}

impl From<Compared> for Order {
    fn from(compared: Compared) -> Self {
        match compared {
            Compared::Known(ordering) => Self::Known(ordering),
            Compared::Unknown => Self::Unknown,
        }
    }
}

/// The order of two values of one type, or of types that convert to one another. A text beside a date is read as one.
pub(super) fn compare(left: &Value<'_>, right: &Value<'_>) -> Order {
    let (left, right) = (left.system(), right.system());
    match (&left, &right) {
        (Value::Integer(left), Value::Integer(right)) => Order::Known(left.cmp(right)),
        (Value::String(left), Value::String(right)) => Order::Known(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => left.compare(*right).into(),
        (Value::Date(left), Value::Date(right)) => left.compare(*right).into(),
        (Value::Quantity(left), Value::Quantity(right)) => quantities(left, right),
        (Value::Quantity(left), _) => match plain(&right) {
            Some(right) => quantities(left, &right),
            None => Order::Incomparable,
        },
        (_, Value::Quantity(right)) => match plain(&left) {
            Some(left) => quantities(&left, right),
            None => Order::Incomparable,
        },
        _ => match (moment(&left, &right), moment(&right, &left)) {
            (Some(left), Some(right)) => left.compare(right).into(),
            _ => match (time(&left, &right), time(&right, &left)) {
                (Some(left), Some(right)) => left.compare(right).into(),
                _ => match (left.as_decimal(), right.as_decimal()) {
                    (Some(left), Some(right)) => Order::Known(left.cmp(&right)),
                    _ => Order::Incomparable,
                },
            },
        },
    }
}

fn quantities(left: &Quantity<'_>, right: &Quantity<'_>) -> Order {
    left.compare(right).map_or(Order::Unknown, Order::Known)
}

/// A number beside a quantity has the unit 1.
fn plain(value: &Value<'_>) -> Option<Quantity<'static>> {
    value
        .as_decimal()
        .map(|value: Decimal| Quantity::new(value, Cow::Borrowed("1")))
}

/// A date or moment, or a text that is to be compared with one and can be read as one.
fn moment(value: &Value<'_>, other: &Value<'_>) -> Option<DateTime> {
    match (value, other) {
        (Value::Date(date), _) => Some(DateTime::from(*date)),
        (Value::DateTime(moment), _) => Some(*moment),
        (Value::String(text), Value::Date(_)) => {
            DateTime::parse(text).or_else(|| Date::parse(text).map(DateTime::from))
        }
        (Value::String(text), Value::DateTime(_)) => DateTime::parse(text),
        _ => None,
    }
}

fn time(value: &Value<'_>, other: &Value<'_>) -> Option<Time> {
    match (value, other) {
        (Value::Time(time), _) => Some(*time),
        (Value::String(text), Value::Time(_)) => Time::parse(text.strip_prefix('T').unwrap_or(text)),
        _ => None,
    }
}

/// The order for `<` and its like, where types without one are an error.
pub(super) fn ordered(
    operation: &'static str,
    left: &Value<'_>,
    right: &Value<'_>,
) -> Result<Option<Ordering>, Failure> {
    match compare(left, right) {
        Order::Known(ordering) => Ok(Some(ordering)),
        Order::Unknown => Ok(None),
        Order::Incomparable => Err(wrong_type(operation, &[left, right])),
    }
}
