//! `+ - * / div mod &` and signs. What cannot be represented is empty; what has no meaning is an error.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Outcome, single, wrong_type, wrong_value};
use crate::ast::Operator;
use crate::decimal;
use crate::error::Failure;
use crate::temporal::{Date, DateTime};
use crate::value::{Collection, Quantity, Value};

/// `-x` and `+x`.
pub(super) fn signed<'a>(operand: &Collection<'a>, negative: bool) -> Outcome<'a> {
    let sign = if negative { "-" } else { "+" };
    let Some(value) = single(operand, sign)? else {
        return Ok(Collection::new());
    };
    let value = value.system();
    Ok(match &value {
        Value::Integer(_) | Value::Decimal(_) | Value::Quantity(_) if !negative => value.into(),
        Value::Integer(number) => number.checked_neg().map(Value::Integer).into(),
        Value::Decimal(number) if number.is_zero() => value.into(),
        Value::Decimal(number) => Value::Decimal(-number).into(),
        Value::Quantity(quantity) => Value::from(quantity.negate()).into(),
        other => return Err(wrong_type(sign, &[other])),
    })
}

/// `left & right`: nothing counts as the empty text.
pub(super) fn concatenated(left: &Collection<'_>, right: &Collection<'_>) -> Result<String, Failure> {
    let text = |operand| match single(operand, "&")? {
        None => Ok(Cow::Borrowed("")),
        Some(value) => value.to_text().ok_or_else(|| wrong_type("&", &[value])),
    };
    Ok(text(left)?.into_owned() + &text(right)?)
}

pub(super) fn calculated<'a>(
    operator: Operator,
    left: &Value<'a>,
    right: &Value<'a>,
) -> Result<Option<Value<'a>>, Failure> {
    let (left, right) = (left.system(), right.system());
    match (&left, &right) {
        (Value::Integer(left), Value::Integer(right)) => return Ok(integers(operator, *left, *right)),
        (Value::String(left), Value::String(right)) if operator == Operator::Add => {
            return Ok(Some(Value::from(left.clone().into_owned() + right)));
        }
        (_, Value::Quantity(quantity)) if matches!(operator, Operator::Add | Operator::Subtract) => {
            if let Some(moved) = moved(operator, &left, quantity)? {
                return Ok(Some(moved));
            }
        }
        _ => {}
    }
    if let (Some(left), Some(right)) = (left.as_decimal(), right.as_decimal()) {
        return Ok(decimals(operator, left, right));
    }
    match (as_quantity(&left), as_quantity(&right)) {
        (Some(left), Some(right)) if !matches!(operator, Operator::Div | Operator::Mod) => {
            Ok(quantities(operator, &left, &right).map(Value::from))
        }
        _ => Err(wrong_type(operator.symbol(), &[&left, &right])),
    }
}

fn integers<'a>(operator: Operator, left: i64, right: i64) -> Option<Value<'a>> {
    Some(Value::Integer(match operator {
        Operator::Add => left.checked_add(right)?,
        Operator::Subtract => left.checked_sub(right)?,
        Operator::Multiply => left.checked_mul(right)?,
        Operator::Div => left.checked_div(right)?,
        Operator::Mod => left.checked_rem(right)?,
        _ => return decimals(operator, left.into(), right.into()),
    }))
}

fn decimals<'a>(operator: Operator, left: Decimal, right: Decimal) -> Option<Value<'a>> {
    Some(Value::Decimal(match operator {
        Operator::Add => decimal::add(left, right)?,
        Operator::Subtract => decimal::subtract(left, right)?,
        Operator::Multiply => decimal::multiply(left, right)?,
        Operator::Divide => decimal::divide(left, right)?,
        Operator::Mod => decimal::remainder(left, right)?,
        _ => {
            let whole = decimal::divide(left, right)?.trunc();
            return Some(whole.to_i64().map_or(Value::Decimal(whole), Value::Integer));
        }
    }))
}

fn as_quantity<'a>(value: &Value<'a>) -> Option<Quantity<'a>> {
    match value {
        Value::Quantity(quantity) => Some((**quantity).clone()),
        other => other.as_decimal().map(|number| Quantity::new(number, "1")),
    }
}

fn quantities<'a>(operator: Operator, left: &Quantity<'a>, right: &Quantity<'a>) -> Option<Quantity<'a>> {
    match operator {
        Operator::Add => left.add(right),
        Operator::Subtract => left.add(&right.negate()),
        Operator::Multiply if left.unit == "1" => right.multiply(left, 1),
        Operator::Multiply => left.multiply(right, 1),
        _ => left.multiply(right, -1),
    }
}

/// A date or time moved by a duration; `None` if the left side is neither. A text that reads as a date is one.
fn moved<'a>(
    operator: Operator,
    left: &Value<'a>,
    quantity: &Quantity<'_>,
) -> Result<Option<Value<'a>>, Failure> {
    let temporal = match left {
        Value::Date(_) | Value::DateTime(_) | Value::Time(_) => left.clone(),
        Value::String(text) => match (Date::parse(text), DateTime::parse(text)) {
            (Some(date), _) => Value::Date(date),
            (None, Some(moment)) => Value::DateTime(moment),
            (None, None) => return Ok(None),
        },
        _ => return Ok(None),
    };
    let amount = if operator == Operator::Subtract {
        -quantity.value
    } else {
        quantity.value
    };
    let result = quantity.duration().and_then(|unit| match temporal {
        Value::Date(date) => date.add(amount, unit).map(Value::Date),
        Value::DateTime(moment) => moment.add(amount, unit).map(Value::DateTime),
        Value::Time(time) => time.add(amount, unit).map(Value::Time),
        _ => None,
    });
    // A unit that no calendar has, a day added to a time of day, or a year after 9999.
    result
        .map(Some)
        .ok_or_else(|| wrong_value(operator.symbol(), format!("{quantity} beside a date or time")))
}
