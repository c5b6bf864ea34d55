//! One value from many: sums, extremes and averages. An empty collection has none.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::super::arithmetic::calculated;
use super::super::equality::ordered;
use super::super::{Evaluator, Outcome, Scope};
use super::Invocation;
use crate::ast::Operator;
use crate::error::Failure;
use crate::functions::Function as F;
use crate::value::{Collection, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let input = &invocation.input;
    evaluator.spend(input.len())?;
    match invocation.call.function {
        F::Aggregate => aggregate(evaluator, &invocation),
        F::Sum => Ok(sum(input)?.into()),
        F::Min => extreme(&invocation, Ordering::Less),
        F::Max => extreme(&invocation, Ordering::Greater),
        _ => {
            let Some(sum) = sum(input)? else {
                return Ok(Collection::new());
            };
            let count = Value::Decimal(Decimal::from(input.len()));
            Ok(calculated(Operator::Divide, &sum, &count)?.into())
        }
    }
}

/// The sum of all values; empty also where it cannot be represented.
fn sum<'a>(input: &Collection<'a>) -> Result<Option<Value<'a>>, Failure> {
    let mut values = input.iter();
    let Some(first) = values.next() else {
        return Ok(None);
    };
    // Adding to zero checks that a single value is a number, too.
    let first = first.system();
    let mut total = match first {
        Value::Quantity(_) => first,
        _ => match calculated(Operator::Add, &Value::Integer(0), &first)? {
            Some(first) => first,
            None => return Ok(None),
        },
    };
    for value in values {
        match calculated(Operator::Add, &total, value)? {
            Some(next) => total = next,
            None => return Ok(None),
        }
    }
    Ok(Some(total))
}

fn extreme<'a>(invocation: &Invocation<'a, '_>, wanted: Ordering) -> Outcome<'a> {
    let mut values = invocation.input.iter();
    let Some(mut best) = values.next() else {
        return Ok(Collection::new());
    };
    for value in values {
        match ordered(invocation.name(), value, best)? {
            Some(ordering) if ordering == wanted => best = value,
            Some(_) => {}
            None => return Ok(Collection::new()),
        }
    }
    Ok(best.clone().into())
}

fn aggregate<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let mut total = invocation.argument(evaluator, 1)?;
    for (index, value) in invocation.input.iter().enumerate() {
        let scope = Scope {
            total: Some(&total),
            ..invocation.scope.item(value, index)
        };
        total = evaluator.argument(invocation.call, 0, scope)?;
    }
    Ok(total)
}
