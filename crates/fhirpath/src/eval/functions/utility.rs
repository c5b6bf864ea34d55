//! The time, the tree, names for intermediate results, and types.

use super::super::{Evaluator, Outcome, Scope, wrong_value};
use super::Invocation;
use crate::error::{EvaluationError, Failure};
use crate::functions::Function as F;
use crate::value::{Collection, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let now = || {
        evaluator
            .context
            .now
            .ok_or_else(|| Failure::from(EvaluationError::NoClock))
    };
    match invocation.call.function {
        F::Now => Ok(Value::DateTime(now()?).into()),
        F::Today => Ok(Value::Date(now()?.date()).into()),
        F::TimeOfDay => Ok(now()?.time().map(Value::Time).into()),
        F::Children => {
            let mut found = Collection::new();
            for value in &invocation.input {
                if let Value::Node(node) = value {
                    node.children(&mut |child| found.push(child.into()));
                }
            }
            evaluator.spend(found.len())?;
            Ok(found)
        }
        F::Descendants => evaluator.descendants(&invocation.input),
        F::Type => Ok(invocation
            .input
            .iter()
            .map(|value| Value::Type(value.type_info()))
            .collect()),
        F::DefineVariable => define(evaluator, invocation),
        _ => trace(evaluator, invocation),
    }
}

fn define<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let Some(name) = invocation
        .call
        .arguments
        .first()
        .and_then(|name| name.as_string())
    else {
        let found = "a name that is not a literal".to_owned();
        return Err(wrong_value("defineVariable", found));
    };
    let taken = matches!(
        name,
        "context" | "resource" | "rootResource" | "ucum" | "sct" | "loinc"
    ) || evaluator.locals.iter().any(|(known, _)| *known == name);
    if taken {
        return Err(EvaluationError::VariableDefinedTwice(name.to_owned()).into());
    }
    let value = match invocation.call.arguments.len() {
        1 => invocation.input.clone(),
        _ => {
            let scope = Scope {
                this: invocation.input.as_slice(),
                ..invocation.scope
            };
            evaluator.argument(invocation.call, 1, scope)?
        }
    };
    evaluator.spend(value.len())?;
    evaluator.locals.push((name, value));
    Ok(invocation.input)
}

fn trace<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let name = invocation.string(evaluator, 0)?.unwrap_or_default();
    if invocation.call.arguments.len() < 2 {
        evaluator.context.host.trace(&name, &invocation.input);
        return Ok(invocation.input);
    }
    let mut projected = Collection::new();
    for (index, value) in invocation.input.iter().enumerate() {
        projected.extend(evaluator.argument(invocation.call, 1, invocation.scope.item(value, index))?);
    }
    evaluator.context.host.trace(&name, &projected);
    Ok(invocation.input)
}
