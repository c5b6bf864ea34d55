//! The functions, a file for each subject. Here they are found, and their arguments prepared.

mod aggregates;
mod conversion;
mod existence;
mod filtering;
mod math;
pub(super) mod sdc;
mod strings;
mod subsetting;
mod utility;

use std::borrow::Cow;

use super::{Evaluator, Outcome, Scope, single, wrong_type};
use crate::ast::Call;
use crate::error::Failure;
use crate::functions::Function as F;
use crate::value::{Collection, Value};

/// A call with everything that it works on.
struct Invocation<'a, 's> {
    call: &'a Call,
    input: Collection<'a>,
    scope: Scope<'a, 's>,
}

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    call: &'a Call,
    input: Collection<'a>,
    scope: Scope<'a, '_>,
) -> Outcome<'a> {
    let invocation = Invocation { call, input, scope };
    let subject = match call.function {
        F::Empty
        | F::Exists
        | F::All
        | F::AllTrue
        | F::AnyTrue
        | F::AllFalse
        | F::AnyFalse
        | F::SubsetOf
        | F::SupersetOf
        | F::Count
        | F::Distinct
        | F::IsDistinct
        | F::Not
        | F::HasValue => existence::call,
        F::Where
        | F::Select
        | F::Repeat
        | F::RepeatAll
        | F::OfType
        | F::Is
        | F::As
        | F::Sort
        | F::Coalesce
        | F::Iif => filtering::call,
        F::Single
        | F::First
        | F::Last
        | F::Tail
        | F::Skip
        | F::Take
        | F::Intersect
        | F::Exclude
        | F::Union
        | F::Combine => subsetting::call,
        F::ToBoolean
        | F::ConvertsToBoolean
        | F::ToInteger
        | F::ConvertsToInteger
        | F::ToLong
        | F::ConvertsToLong
        | F::ToDecimal
        | F::ConvertsToDecimal
        | F::ToString
        | F::ConvertsToString
        | F::ToDate
        | F::ConvertsToDate
        | F::ToDateTime
        | F::ConvertsToDateTime
        | F::ToTime
        | F::ConvertsToTime
        | F::ToQuantity
        | F::ConvertsToQuantity
        | F::GetValue => conversion::call,
        F::IndexOf
        | F::LastIndexOf
        | F::Substring
        | F::StartsWith
        | F::EndsWith
        | F::Contains
        | F::Upper
        | F::Lower
        | F::Replace
        | F::Matches
        | F::MatchesFull
        | F::ReplaceMatches
        | F::Length
        | F::ToChars
        | F::Trim
        | F::Split
        | F::Join
        | F::Encode
        | F::Decode
        | F::Escape
        | F::Unescape => strings::call,
        F::Abs
        | F::Ceiling
        | F::Exp
        | F::Floor
        | F::Ln
        | F::Log
        | F::Power
        | F::Round
        | F::Sqrt
        | F::Truncate
        | F::LowBoundary
        | F::HighBoundary
        | F::Precision
        | F::Comparable => math::call,
        F::Aggregate | F::Sum | F::Min | F::Max | F::Avg => aggregates::call,
        F::Now
        | F::Today
        | F::TimeOfDay
        | F::Children
        | F::Descendants
        | F::Trace
        | F::DefineVariable
        | F::Type => utility::call,
        F::Extension | F::Resolve | F::MemberOf | F::ConformsTo | F::Weight | F::Ordinal => sdc::call,
    };
    subject(evaluator, invocation)
}

impl<'a> Invocation<'a, '_> {
    fn name(&self) -> &'static str {
        self.call.function.name()
    }

    /// The argument as a collection; `$this` is what it is around the call.
    fn argument(&self, evaluator: &mut Evaluator<'a, '_>, index: usize) -> Outcome<'a> {
        evaluator.argument(self.call, index, self.scope)
    }

    /// The one value that the function is called on.
    fn single(&self) -> Result<Option<Value<'a>>, Failure> {
        Ok(single(&self.input, self.name())?.map(Value::system))
    }

    fn string(
        &self,
        evaluator: &mut Evaluator<'a, '_>,
        index: usize,
    ) -> Result<Option<Cow<'a, str>>, Failure> {
        let argument = self.argument(evaluator, index)?;
        let Some(value) = single(&argument, self.name())? else {
            return Ok(None);
        };
        text(value)
            .map(Some)
            .ok_or_else(|| wrong_type(self.name(), &[value]))
    }

    fn integer(&self, evaluator: &mut Evaluator<'a, '_>, index: usize) -> Result<Option<i64>, Failure> {
        let argument = self.argument(evaluator, index)?;
        let Some(value) = single(&argument, self.name())? else {
            return Ok(None);
        };
        value
            .as_integer()
            .map(Some)
            .ok_or_else(|| wrong_type(self.name(), &[value]))
    }
}

/// A text, or a date or time as its text.
fn text<'a>(value: &Value<'a>) -> Option<Cow<'a, str>> {
    match value.system() {
        Value::String(text) => Some(text),
        dated @ (Value::Date(_) | Value::DateTime(_) | Value::Time(_)) => dated.to_text(),
        _ => None,
    }
}
