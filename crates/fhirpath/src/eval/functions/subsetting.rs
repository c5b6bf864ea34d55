//! Parts of collections, and collections put together.

use super::super::seen::Seen;
use super::super::{Evaluator, Outcome, single};
use super::Invocation;
use crate::error::Failure;
use crate::functions::Function as F;
use crate::value::Collection;

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    match invocation.call.function {
        F::Single => Ok(single(&invocation.input, "single")?.cloned().into()),
        F::First => Ok(invocation.input.into_iter().next().into()),
        F::Last => Ok(invocation.input.as_slice().last().cloned().into()),
        F::Tail => Ok(invocation.input.into_iter().skip(1).collect()),
        F::Skip => Ok(match count(evaluator, &invocation)? {
            Some(count) => invocation.input.into_iter().skip(count).collect(),
            None => invocation.input,
        }),
        F::Take => {
            let count = count(evaluator, &invocation)?.unwrap_or(0);
            Ok(invocation.input.into_iter().take(count).collect())
        }
        F::Union => {
            let other = invocation.argument(evaluator, 0)?;
            evaluator.union(invocation.input, other)
        }
        F::Combine => {
            let mut all = invocation.argument(evaluator, 0)?;
            let other = std::mem::replace(&mut all, invocation.input);
            evaluator.spend(other.len())?;
            all.extend(other);
            Ok(all)
        }
        _ => {
            let (mut other, mut kept) = (Seen::default(), Seen::default());
            for value in invocation.argument(evaluator, 0)? {
                other.insert(evaluator, value)?;
            }
            let mut excluded = Collection::new();
            let intersecting = invocation.call.function == F::Intersect;
            for value in invocation.input {
                match (other.contains(evaluator, &value)?, intersecting) {
                    (true, true) => drop(kept.insert(evaluator, value)?),
                    (false, false) => excluded.push(value),
                    _ => {}
                }
            }
            Ok(if intersecting {
                kept.into_collection()
            } else {
                excluded
            })
        }
    }
}

/// The number that the argument says; below zero is zero.
fn count<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
) -> Result<Option<usize>, Failure> {
    let count = invocation.integer(evaluator, 0)?;
    Ok(count.map(|count| usize::try_from(count.max(0)).unwrap_or(usize::MAX)))
}
