//! Numbers: rounding, powers, logarithms, and how precisely a value is known.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::super::{Evaluator, Outcome, single, wrong_type, wrong_value};
use super::Invocation;
use crate::decimal;
use crate::functions::Function as F;
use crate::value::{Collection, Quantity, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    match invocation.call.function {
        F::LowBoundary => boundary(evaluator, &invocation, false),
        F::HighBoundary => boundary(evaluator, &invocation, true),
        F::Precision => precision(&invocation),
        F::Comparable => comparable(evaluator, &invocation),
        F::Power | F::Log => with_operand(evaluator, &invocation),
        F::Sqrt => on_real(&invocation, libm::sqrt),
        F::Ln => on_real(&invocation, libm::log),
        F::Exp => on_real(&invocation, libm::exp),
        _ => rounded(evaluator, &invocation),
    }
}

/// A whole number as an integer, where it fits.
fn whole<'a>(number: Decimal) -> Value<'a> {
    number.to_i64().map_or(Value::Decimal(number), Value::Integer)
}

/// The functions that map each kind of number to its like; the unit of a quantity stays.
fn rounded<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let function = invocation.call.function;
    let digits = invocation.integer(evaluator, 0)?.unwrap_or(0);
    let digits = u32::try_from(digits).map_err(|_| wrong_value("round", format!("{digits} digits")))?;
    let Some(value) = invocation.single()? else {
        return Ok(Collection::new());
    };
    let map = |number: Decimal| match function {
        F::Abs => number.abs(),
        F::Ceiling => number.round_dp_with_strategy(0, RoundingStrategy::ToPositiveInfinity),
        F::Floor => number.round_dp_with_strategy(0, RoundingStrategy::ToNegativeInfinity),
        F::Truncate => number.round_dp_with_strategy(0, RoundingStrategy::ToZero),
        _ => decimal::round(number, digits.min(decimal::MAX_SCALE)),
    };
    Ok(match value {
        Value::Integer(number) if function == F::Abs => Value::Integer(number.saturating_abs()),
        Value::Integer(_) => value,
        Value::Decimal(number) if matches!(function, F::Abs | F::Round) => Value::Decimal(map(number)),
        Value::Decimal(number) => whole(map(number)),
        Value::Quantity(quantity) => Quantity::new(map(quantity.value), quantity.unit).into(),
        other => return Err(wrong_type(invocation.name(), &[&other])),
    }
    .into())
}

/// A function that has no exact result. What is no number, such as the root of -1, is empty.
fn on_real<'a>(invocation: &Invocation<'a, '_>, function: fn(f64) -> f64) -> Outcome<'a> {
    let Some(value) = invocation.single()? else {
        return Ok(Collection::new());
    };
    let number = value
        .as_decimal()
        .ok_or_else(|| wrong_type(invocation.name(), &[&value]))?;
    Ok(decimal::from_f64(function(decimal::to_f64(number)))
        .map(Value::Decimal)
        .into())
}

fn with_operand<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let argument = invocation.argument(evaluator, 0)?;
    let (Some(value), Some(operand)) = (invocation.single()?, single(&argument, invocation.name())?) else {
        return Ok(Collection::new());
    };
    let operand = operand.system();
    let (Some(number), Some(by)) = (value.as_decimal(), operand.as_decimal()) else {
        return Err(wrong_type(invocation.name(), &[&value, &operand]));
    };
    if invocation.call.function == F::Log {
        let (number, base) = (decimal::to_f64(number), decimal::to_f64(by));
        // The quotient of two rounded logarithms misses whole results, such as the one of 1000 to the base 10.
        let quotient = libm::log(number) / libm::log(base);
        let nearest = libm::round(quotient);
        let exact = libm::pow(base, nearest) == number;
        return Ok(decimal::from_f64(if exact { nearest } else { quotient })
            .map(Value::Decimal)
            .into());
    }
    if let Some(exponent) = by.is_integer().then(|| by.to_i64()).flatten() {
        let power = u32::try_from(exponent.unsigned_abs())
            .ok()
            .and_then(|exponent| decimal::whole_power(number, exponent));
        let power = if exponent < 0 {
            power.and_then(|power| decimal::divide(Decimal::ONE, power))
        } else {
            power
        };
        let integers = matches!((&value, &operand), (Value::Integer(_), Value::Integer(_))) && exponent >= 0;
        return Ok(power
            .map(|power| {
                if integers {
                    whole(power)
                } else {
                    Value::Decimal(power)
                }
            })
            .into());
    }
    Ok(
        decimal::from_f64(libm::pow(decimal::to_f64(number), decimal::to_f64(by)))
            .map(Value::Decimal)
            .into(),
    )
}

/// The least or greatest value that the input may stand for.
fn boundary<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
    high: bool,
) -> Outcome<'a> {
    let digits = match invocation.integer(evaluator, 0)? {
        None => None,
        Some(digits) => match u32::try_from(digits) {
            Ok(digits) => Some(digits),
            Err(_) => return Ok(Collection::new()),
        },
    };
    let Some(value) = invocation.single()? else {
        return Ok(Collection::new());
    };
    let of_number = |number| decimal::boundary(number, digits.unwrap_or(decimal::DEFAULT_SCALE), high);
    Ok(match &value {
        Value::Date(date) => date.boundary(digits.unwrap_or(8), high).map(Value::Date).into(),
        Value::DateTime(moment) => moment
            .boundary(digits.unwrap_or(17), high)
            .map(Value::DateTime)
            .into(),
        Value::Time(time) => time.boundary(digits.unwrap_or(9), high).map(Value::Time).into(),
        Value::Quantity(quantity) => of_number(quantity.value)
            .map(|number| Quantity::new(number, quantity.unit.clone()).into())
            .into(),
        other => match other.as_decimal() {
            Some(number) => of_number(number).map(Value::Decimal).into(),
            None => return Err(wrong_type(invocation.name(), &[other])),
        },
    })
}

fn precision<'a>(invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let Some(value) = invocation.single()? else {
        return Ok(Collection::new());
    };
    let digits = match &value {
        Value::Date(date) => date.digits(),
        Value::DateTime(moment) => moment.digits(),
        Value::Time(time) => time.digits(),
        other => match other.as_decimal() {
            Some(number) => number.scale(),
            None => return Err(wrong_type("precision", &[other])),
        },
    };
    Ok(Value::Integer(digits.into()).into())
}

fn comparable<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let other = invocation.argument(evaluator, 0)?;
    let quantity = |value: &Value<'a>| match value.system() {
        Value::Quantity(quantity) => Some(*quantity),
        other => other.as_decimal().map(|number| Quantity::new(number, "1")),
    };
    let pair = (
        invocation.input.single().and_then(quantity),
        other.single().and_then(quantity),
    );
    let (Some(left), Some(right)) = pair else {
        return Ok(Collection::new());
    };
    Ok(Value::Boolean(left.compare(&right).is_some()).into())
}
