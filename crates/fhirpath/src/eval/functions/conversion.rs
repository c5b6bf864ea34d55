//! From one type to another: `to...`, which is empty where there is no way, and `convertsTo...`, which says so.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::super::{Evaluator, Outcome};
use super::Invocation;
use crate::decimal;
use crate::functions::Function as F;
use crate::temporal::{Date, DateTime, Time};
use crate::value::{Quantity, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let function = invocation.call.function;
    let Some(value) = invocation.single()? else {
        return Ok(None.into());
    };
    let mut converted = convert(function, &value);
    if !invocation.call.arguments.is_empty()
        && let Some(Value::Quantity(quantity)) = &converted
        && let Some(unit) = invocation.string(evaluator, 0)?
    {
        converted = quantity.convert(&unit).map(Value::from);
    }
    Ok(match function {
        F::ConvertsToBoolean
        | F::ConvertsToInteger
        | F::ConvertsToLong
        | F::ConvertsToDecimal
        | F::ConvertsToString
        | F::ConvertsToDate
        | F::ConvertsToDateTime
        | F::ConvertsToTime
        | F::ConvertsToQuantity => Value::Boolean(converted.is_some()).into(),
        _ => converted.into(),
    })
}

fn convert<'a>(to: F, value: &Value<'a>) -> Option<Value<'a>> {
    match to {
        F::ToBoolean | F::ConvertsToBoolean => to_boolean(value),
        F::ToInteger | F::ConvertsToInteger => to_integer(value),
        F::ToLong | F::ConvertsToLong => to_long(value),
        F::ToDecimal | F::ConvertsToDecimal => to_decimal(value),
        F::ToString | F::ConvertsToString => value.to_text().map(Value::String),
        F::ToDate | F::ConvertsToDate => to_date(value),
        F::ToDateTime | F::ConvertsToDateTime => to_date_time(value),
        F::ToTime | F::ConvertsToTime => to_time(value),
        F::ToQuantity | F::ConvertsToQuantity => to_quantity(value),
        // getValue
        _ => (!matches!(value, Value::Node(_))).then(|| value.clone()),
    }
}

fn to_boolean<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let truth = match value {
        Value::Boolean(truth) => *truth,
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        number => match number.as_decimal()? {
            number if number == Decimal::ONE => true,
            number if number.is_zero() => false,
            _ => return None,
        },
    };
    Some(Value::Boolean(truth))
}

fn to_integer<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let number = to_long(value)?;
    i32::try_from(number.as_integer()?).is_ok().then_some(number)
}

/// A decimal without a fraction is whole, whatever its type.
fn to_long<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let number = match value {
        Value::Boolean(truth) => i64::from(*truth),
        Value::Integer(number) => *number,
        Value::Decimal(number) if number.is_integer() => number.to_i64()?,
        Value::String(text) => decimal::parse_integer(text)?,
        _ => return None,
    };
    Some(Value::Integer(number))
}

fn to_decimal<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    let number = match value {
        Value::Boolean(truth) => Decimal::new(if *truth { 10 } else { 0 }, 1),
        Value::String(text) => decimal::parse(text)?,
        number => number.as_decimal()?,
    };
    Some(Value::Decimal(number))
}

fn to_date<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::Date(match value {
        Value::Date(date) => *date,
        Value::DateTime(moment) => moment.date(),
        Value::String(text) => Date::parse(text)?,
        _ => return None,
    }))
}

fn to_date_time<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::DateTime(match value {
        Value::Date(date) => (*date).into(),
        Value::DateTime(moment) => *moment,
        Value::String(text) => DateTime::parse(text)?,
        _ => return None,
    }))
}

fn to_time<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(Value::Time(match value {
        Value::Time(time) => *time,
        Value::String(text) => Time::parse(text.strip_prefix('T').unwrap_or(text))?,
        _ => return None,
    }))
}

fn to_quantity<'a>(value: &Value<'a>) -> Option<Value<'a>> {
    Some(match value {
        Value::Quantity(_) => value.clone(),
        Value::String(text) => Quantity::parse(text)?.into(),
        other => match to_decimal(other)? {
            Value::Decimal(number) => Quantity::new(number, "1").into(),
            _ => return None,
        },
    })
}
