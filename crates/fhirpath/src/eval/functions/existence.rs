//! Whether there is something, how much, and whether it is all true.

use super::super::seen::Seen;
use super::super::{Evaluator, Outcome, condition, wrong_type};
use super::Invocation;
use crate::error::Failure;
use crate::functions::Function as F;
use crate::value::{Collection, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let input = &invocation.input;
    let answer = match invocation.call.function {
        F::Count => return Ok(Value::Integer(i64::try_from(input.len()).unwrap_or(i64::MAX)).into()),
        F::Distinct => {
            let mut seen = Seen::default();
            for value in invocation.input {
                seen.insert(evaluator, value)?;
            }
            return Ok(seen.into_collection());
        }
        F::Not => {
            return Ok(condition(input, "not")?
                .map(|truth| Value::Boolean(!truth))
                .into());
        }
        F::Empty => input.is_empty(),
        F::Exists => match invocation.call.arguments.first() {
            None => !input.is_empty(),
            Some(_) => any(evaluator, &invocation, Some(true))?,
        },
        F::All => !any(evaluator, &invocation, Some(false))?,
        F::AllTrue => !booleans(&invocation)?.contains(&false),
        F::AnyTrue => booleans(&invocation)?.contains(&true),
        F::AllFalse => !booleans(&invocation)?.contains(&true),
        F::AnyFalse => booleans(&invocation)?.contains(&false),
        F::SubsetOf => {
            let other = invocation.argument(evaluator, 0)?;
            subset(evaluator, invocation.input, other)?
        }
        F::SupersetOf => {
            let other = invocation.argument(evaluator, 0)?;
            subset(evaluator, other, invocation.input)?
        }
        F::IsDistinct => {
            let mut seen = Seen::default();
            let mut distinct = true;
            for value in invocation.input {
                distinct = distinct && seen.insert(evaluator, value)?;
            }
            distinct
        }
        _ => has_value(input),
    };
    Ok(Value::Boolean(answer).into())
}

/// Whether the criterion is `wanted` for one of the values. For `all`, unknown is not true: it counts as `false`.
fn any<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
    wanted: Option<bool>,
) -> Result<bool, Failure> {
    let Some(criterion) = invocation.call.arguments.first() else {
        return Ok(false);
    };
    for (index, value) in invocation.input.iter().enumerate() {
        let answer = evaluator.condition(criterion, invocation.scope.item(value, index))?;
        if answer == wanted || (wanted == Some(false) && answer.is_none()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn booleans(invocation: &Invocation<'_, '_>) -> Result<Vec<bool>, Failure> {
    let boolean = |value: &Value<'_>| {
        value
            .as_bool()
            .ok_or_else(|| wrong_type(invocation.name(), &[value]))
    };
    invocation.input.iter().map(boolean).collect()
}

fn subset<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    part: Collection<'a>,
    whole: Collection<'a>,
) -> Result<bool, Failure> {
    let mut seen = Seen::default();
    for value in whole {
        seen.insert(evaluator, value)?;
    }
    for value in &part {
        if !seen.contains(evaluator, value)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One primitive that has a value, not only extensions.
fn has_value(input: &Collection<'_>) -> bool {
    match input.single() {
        Some(Value::Node(node)) => !node.json().is_null() && !node.json().is_object(),
        Some(_) => true,
        None => false,
    }
}
