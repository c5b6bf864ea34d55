//! Counting the time between two moments: whole periods that have passed, or boundaries that were crossed.

use super::arithmetic::CalendarUnit::{self, Day, Hour, Month, Week, Year};
use super::{Date, DateTime, Time};

const NANOS_PER_DAY: i128 = 24 * 3600 * 1_000_000_000;

/// From one moment to another, negative where the second is earlier. `None` where a part that the unit needs is
/// missing, or only one of both has an offset.
pub(crate) fn between_moments(from: DateTime, to: DateTime, unit: CalendarUnit, whole: bool) -> Option<i64> {
    match unit {
        Year | Month => {
            let months = |date: Date| match (unit, date.month()) {
                (_, Some(month)) => Some(i64::from(date.year()) * 12 + i64::from(month)),
                (Year, None) => Some(i64::from(date.year()) * 12),
                _ => None,
            };
            if unit == Year && !whole {
                return Some(i64::from(to.date.year()) - i64::from(from.date.year()));
            }
            let mut passed = months(to.date)? - months(from.date)?;
            if whole {
                passed = without_fraction(passed, (from.date.day, clock(from)), (to.date.day, clock(to)));
            }
            Some(if unit == Year { passed / 12 } else { passed })
        }
        Week | Day => {
            let mut days = days_between(from.date, to.date)?;
            if whole {
                days = without_fraction(days, clock(from), clock(to));
                return Some(if unit == Week { days / 7 } else { days });
            }
            // Julian day 0 is a Monday, and weeks begin on Sundays.
            let week = |date: Date| Some((i64::from(date.calendar()?.to_julian_day()) + 1).div_euclid(7));
            Some(if unit == Week {
                week(to.date)? - week(from.date)?
            } else {
                days
            })
        }
        _ => {
            let (from_time, to_time) = (from.time?, to.time?);
            let precise = |time: Time| unit == Hour || time.digits() >= digits(unit);
            if !precise(from_time) || !precise(to_time) || from.offset.is_some() != to.offset.is_some() {
                return None;
            }
            let instant = |moment: DateTime| {
                let shift = i128::from(moment.offset.unwrap_or(0)) * 60_000_000_000;
                let days = i128::from(moment.date.calendar()?.to_julian_day());
                Some(days * NANOS_PER_DAY + i128::from(moment.time?.nanoseconds()) - shift)
            };
            steps(instant(from)?, instant(to)?, unit, whole)
        }
    }
}

/// From one time of day to another.
pub(crate) fn between_times(from: Time, to: Time, unit: CalendarUnit, whole: bool) -> Option<i64> {
    let precise = unit == Hour || (from.digits() >= digits(unit) && to.digits() >= digits(unit));
    let steps = || steps(from.nanoseconds().into(), to.nanoseconds().into(), unit, whole);
    (unit >= Hour && precise).then(steps)?
}

fn digits(unit: CalendarUnit) -> u32 {
    match unit {
        CalendarUnit::Minute => 4,
        CalendarUnit::Second => 6,
        CalendarUnit::Millisecond => 7,
        _ => 2,
    }
}

fn steps(from: i128, to: i128, unit: CalendarUnit, whole: bool) -> Option<i64> {
    let length = i128::from(unit.nanoseconds());
    let count = if whole {
        (to - from) / length
    } else {
        to.div_euclid(length) - from.div_euclid(length)
    };
    i64::try_from(count).ok()
}

fn clock(moment: DateTime) -> i64 {
    moment.time.map_or(0, Time::nanoseconds)
}

/// A count of periods whose last one may not be over yet.
fn without_fraction<T: PartialOrd>(count: i64, from: T, to: T) -> i64 {
    match count {
        1.. if to < from => count - 1,
        ..=-1 if to > from => count + 1,
        _ => count,
    }
}

/// The days from one date to another, where both have a day.
fn days_between(from: Date, to: Date) -> Option<i64> {
    Some(i64::from(to.calendar()?.to_julian_day()) - i64::from(from.calendar()?.to_julian_day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_counted_when_they_are_over_and_boundaries_when_they_are_crossed() {
        let table = [
            // from, to, unit, whole periods, boundaries
            ("2025-01-02", "2025-01-07", Week, Some(0), Some(1)),
            ("2025-01-01", "2025-09-01", Year, Some(0), Some(0)),
            ("2024-12-01", "2025-09-01", Year, Some(0), Some(1)),
            ("1950-03-15", "2024-03-14", Year, Some(73), Some(74)),
            ("1950-03-15", "2024-03-15", Year, Some(74), Some(74)),
            ("2024-03-15", "1950-03-15", Year, Some(-74), Some(-74)),
            ("2024-01-31", "2024-02-29", Month, Some(0), Some(1)),
            ("2024-02-28", "2024-03-01", Day, Some(2), Some(2)),
            ("2024-02-28T10:00", "2024-03-01T09:00", Day, Some(1), Some(2)),
            (
                "2024-01-01T10:59:00Z",
                "2024-01-01T11:01:00Z",
                Hour,
                Some(0),
                Some(1),
            ),
            (
                "2024-01-01T10:00:00+02:00",
                "2024-01-01T10:00:00Z",
                Hour,
                Some(2),
                Some(2),
            ),
            (
                "2024-01-01T10:00:00+02:00",
                "2024-01-01T10:00:00",
                Hour,
                None,
                None,
            ),
            ("2024", "2025", Year, Some(1), Some(1)),
            ("2024", "2025", Month, None, None),
            ("2024-01", "2025-01", Day, None, None),
            ("2024-01-01T10", "2024-01-01T11", CalendarUnit::Minute, None, None),
        ];
        for (from, to, unit, periods, boundaries) in table {
            let (start, end) = (DateTime::parse(from).unwrap(), DateTime::parse(to).unwrap());
            assert_eq!(
                between_moments(start, end, unit, true),
                periods,
                "whole {unit:?} from {from} to {to}"
            );
            assert_eq!(
                between_moments(start, end, unit, false),
                boundaries,
                "{unit:?} boundaries from {from} to {to}"
            );
        }
        let time = |text: &str| Time::parse(text).unwrap();
        assert_eq!(between_times(time("10:30"), time("12:00"), Hour, true), Some(1));
        assert_eq!(between_times(time("10:30"), time("12:00"), Hour, false), Some(2));
        assert_eq!(
            between_times(time("10:30"), time("12:00"), CalendarUnit::Second, true),
            None
        );
        assert_eq!(between_times(time("10:30"), time("12:00"), Day, true), None);
    }
}
