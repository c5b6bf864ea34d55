//! Choosing values and making others from them.

use std::cmp::Ordering;

use super::super::equality::ordered;
use super::super::seen::Seen;
use super::super::{Evaluator, Outcome, Scope, single};
use super::Invocation;
use crate::error::Failure;
use crate::functions::Function as F;
use crate::types;
use crate::value::{Collection, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    match invocation.call.function {
        F::Where => filter(evaluator, invocation),
        F::Select => select(evaluator, &invocation),
        F::Repeat => repeat(evaluator, &invocation, true),
        F::RepeatAll => repeat(evaluator, &invocation, false),
        F::Sort => sort(evaluator, invocation),
        F::Iif => iif(evaluator, &invocation),
        F::Coalesce => {
            for index in 0..invocation.call.arguments.len() {
                let values = invocation.argument(evaluator, index)?;
                if !values.is_empty() {
                    return Ok(values);
                }
            }
            Ok(Collection::new())
        }
        _ => by_type(invocation),
    }
}

fn filter<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let Invocation { call, input, scope } = invocation;
    let mut found = Collection::new();
    let Some(criterion) = call.arguments.first() else {
        return Ok(found);
    };
    for (index, value) in input.into_iter().enumerate() {
        if evaluator.condition(criterion, scope.item(&value, index))? == Some(true) {
            found.push(value);
        }
    }
    Ok(found)
}

fn select<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let mut found = Collection::new();
    for (index, value) in invocation.input.iter().enumerate() {
        let projected = evaluator.argument(invocation.call, 0, invocation.scope.item(value, index))?;
        evaluator.spend(projected.len())?;
        found.extend(projected);
    }
    Ok(found)
}

/// Projects again and again. `repeat` keeps each value once, also where two equal elements stand in two places.
fn repeat<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>, once: bool) -> Outcome<'a> {
    let mut found = Seen::default();
    let mut all: Vec<Value<'a>> = Vec::new();
    let scope = Scope {
        index: None,
        ..invocation.scope
    };
    let mut project = |evaluator: &mut Evaluator<'a, '_>, value: &Value<'a>, all: &mut Vec<Value<'a>>| {
        let this = std::slice::from_ref(value);
        for value in evaluator.argument(invocation.call, 0, Scope { this, ..scope })? {
            evaluator.spend(1)?;
            if !once || found.insert(evaluator, value.clone())? {
                all.push(value);
            }
        }
        Ok::<(), Failure>(())
    };
    for value in &invocation.input {
        project(evaluator, value, &mut all)?;
    }
    let mut next = 0;
    while let Some(value) = all.get(next).cloned() {
        project(evaluator, &value, &mut all)?;
        next += 1;
    }
    Ok(all.into())
}

fn iif<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let [criterion, results @ ..] = &*invocation.call.arguments else {
        return Ok(Collection::new());
    };
    single(&invocation.input, "iif")?;
    let scope = Scope {
        this: invocation.input.as_slice(),
        ..invocation.scope
    };
    let chosen = match evaluator.condition(criterion, scope)? {
        Some(true) => results.first(),
        _ => results.get(1),
    };
    chosen.map_or(Ok(Collection::new()), |result| {
        evaluator.expression(result, scope)
    })
}

fn by_type<'a>(invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let Some(of) = &invocation.call.of else {
        return Ok(Collection::new());
    };
    match invocation.call.function {
        F::OfType => Ok(invocation
            .input
            .into_iter()
            .filter(|value| types::lets_through(value, of))
            .collect()),
        F::Is => Ok(single(&invocation.input, "is")?
            .map(|value| Value::Boolean(types::matches(value, of)))
            .into()),
        _ => Ok(single(&invocation.input, "as")?
            .filter(|value| types::lets_through(value, of))
            .cloned()
            .into()),
    }
}

type Keyed<'a> = (Vec<Option<Value<'a>>>, Value<'a>);

fn sort<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let Invocation { call, input, scope } = invocation;
    let mut keyed: Vec<Keyed<'a>> = Vec::with_capacity(input.len());
    let scope = Scope { index: None, ..scope };
    for value in input {
        let mut keys = Vec::with_capacity(call.arguments.len().max(1));
        for argument in &call.arguments {
            let key = evaluator.expression(
                argument,
                Scope {
                    this: std::slice::from_ref(&value),
                    ..scope
                },
            )?;
            keys.push(single(&key, "sort")?.cloned());
        }
        if call.arguments.is_empty() {
            keys.push(Some(value.clone()));
        }
        // By halves: equal keys stay in the order that they came in.
        let (mut low, mut high) = (0, keyed.len());
        while low < high {
            evaluator.spend(1)?;
            let middle = (low + high) / 2;
            match by_keys(&keys, &keyed[middle].0, &call.descending)? {
                Ordering::Less => high = middle,
                _ => low = middle + 1,
            }
        }
        keyed.insert(low, (keys, value));
    }
    Ok(keyed.into_iter().map(|(_, value)| value).collect())
}

/// An empty key is lower than all others.
fn by_keys(
    left: &[Option<Value<'_>>],
    right: &[Option<Value<'_>>],
    descending: &[bool],
) -> Result<Ordering, Failure> {
    for (index, (left, right)) in left.iter().zip(right).enumerate() {
        let ordering = match (left, right) {
            (Some(left), Some(right)) => ordered("sort", left, right)?.unwrap_or(Ordering::Equal),
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if ordering != Ordering::Equal {
            let down = descending.get(index).is_some_and(|down| *down);
            return Ok(if down { ordering.reverse() } else { ordering });
        }
    }
    Ok(Ordering::Equal)
}
