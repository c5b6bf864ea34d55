//! The current moment, the parts of dates and times, and the time between them.

use rust_decimal::Decimal;

use super::super::{Evaluator, Outcome, single, wrong_type};
use super::Invocation;
use crate::error::EvaluationError;
use crate::functions::Function as F;
use crate::temporal::{CalendarUnit, DateTime, count};
use crate::value::{Collection, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    let now = || evaluator.context.now.ok_or(EvaluationError::NoClock);
    match invocation.call.function {
        F::Now => Ok(Value::DateTime(now()?).into()),
        F::Today => Ok(Value::Date(now()?.date()).into()),
        F::TimeOfDay => Ok(now()?.time().map(Value::Time).into()),
        F::Duration | F::Difference => between(evaluator, &invocation),
        _ => Ok(invocation
            .single()?
            .and_then(|value| part(invocation.call.function, &value))
            .into()),
    }
}

/// The part of a date or time; empty where the value does not have it.
fn part<'a>(function: F, value: &Value<'a>) -> Option<Value<'a>> {
    let (date, time, offset) = match value {
        Value::Date(date) => (Some(*date), None, None),
        Value::DateTime(moment) => (Some(moment.date()), moment.time(), moment.offset()),
        Value::Time(time) => (None, Some(*time), None),
        _ => return None,
    };
    let number = match function {
        F::DateOf => return date.map(Value::Date),
        F::TimeOf => return time.filter(|_| date.is_some()).map(Value::Time),
        F::TimezoneOffsetOf => {
            let hours = Decimal::from(offset?).checked_div(Decimal::from(60))?;
            return Some(Value::Decimal(hours.normalize()));
        }
        F::YearOf => i64::from(date?.year()),
        F::MonthOf => i64::from(date?.month()?),
        F::DayOf => i64::from(date?.day()?),
        F::HourOf => i64::from(time?.hour()),
        F::MinuteOf => i64::from(time?.minute()?),
        F::SecondOf => i64::from(time?.second()?),
        _ => i64::from(time?.millisecond()?),
    };
    Some(Value::Integer(number))
}

/// Whole periods (`duration`) or boundaries crossed (`difference`) between two dates or times.
fn between<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let argument = invocation.argument(evaluator, 0)?;
    let unit = invocation.string(evaluator, 1)?;
    let ends = (
        invocation.single()?,
        single(&argument, invocation.name())?.map(Value::system),
    );
    let (Some(from), Some(to), Some(unit)) = (ends.0, ends.1, unit) else {
        return Ok(Collection::new());
    };
    let unit = CalendarUnit::from_keyword(&unit).ok_or_else(|| EvaluationError::WrongValue {
        operation: invocation.name(),
        found: unit.into_owned(),
    })?;
    let moment = |value: &Value<'a>| match value {
        Value::Date(date) => Some(DateTime::from(*date)),
        Value::DateTime(moment) => Some(*moment),
        _ => None,
    };
    let whole = invocation.call.function == F::Duration;
    let number = match (&from, &to) {
        (Value::Time(from), Value::Time(to)) => count::between_times(*from, *to, unit, whole),
        _ => match (moment(&from), moment(&to)) {
            (Some(from), Some(to)) => count::between_moments(from, to, unit, whole),
            _ => return Err(wrong_type(invocation.name(), &[&from, &to])),
        },
    };
    Ok(number.map(Value::Integer).into())
}
