//! Adding calendar durations to dates and times.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::decimal;

use super::{Date, DateTime, NANOS_PER_SECOND, Time, TimePrecision, days_in_month};

/// The units of calendar durations, from the coarsest to the finest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CalendarUnit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

use CalendarUnit::{Day, Hour, Millisecond, Minute, Month, Second, Week, Year};

const NANOS_PER_DAY: i64 = 24 * 3600 * NANOS_PER_SECOND;

impl CalendarUnit {
    /// The unit of a keyword, singular or plural.
    pub(crate) fn from_keyword(word: &str) -> Option<Self> {
        Some(match word.strip_suffix('s').unwrap_or(word) {
            "year" => Year,
            "month" => Month,
            "week" => Week,
            "day" => Day,
            "hour" => Hour,
            "minute" => Minute,
            "second" => Second,
            "millisecond" => Millisecond,
            _ => return None,
        })
    }

    /// The unit of a UCUM code that means the same; the mean year and month of UCUM do not.
    pub(crate) fn from_ucum(code: &str) -> Option<Self> {
        Some(match code {
            "wk" => Week,
            "d" => Day,
            "h" => Hour,
            "min" => Minute,
            "s" => Second,
            "ms" => Millisecond,
            _ => return None,
        })
    }

    pub(crate) fn ucum(self) -> &'static str {
        match self {
            Year => "a",
            Month => "mo",
            Week => "wk",
            Day => "d",
            Hour => "h",
            Minute => "min",
            Second => "s",
            Millisecond => "ms",
        }
    }

    /// The length in nanoseconds, with the calendar's conventional 365 and 30 days.
    pub(crate) fn nanoseconds(self) -> i64 {
        match self {
            Year => 365 * NANOS_PER_DAY,
            Month => 30 * NANOS_PER_DAY,
            Week => 7 * NANOS_PER_DAY,
            Day => NANOS_PER_DAY,
            Hour => 3600 * NANOS_PER_SECOND,
            Minute => 60 * NANOS_PER_SECOND,
            Second => NANOS_PER_SECOND,
            Millisecond => NANOS_PER_SECOND / 1000,
        }
    }
}

/// So many whole units of the coarser kind as `amount` of `unit` make; the remainder is dropped.
fn whole(amount: Decimal, unit: CalendarUnit, coarser: CalendarUnit) -> Option<i64> {
    if coarser == Year && unit == Month {
        return decimal::divide(amount, Decimal::from(12))?.trunc().to_i64();
    }
    // Fractions count only for seconds and what is finer.
    let amount = if unit >= Second { amount } else { amount.trunc() };
    let (finer, coarser) = (
        Decimal::from(unit.nanoseconds()),
        Decimal::from(coarser.nanoseconds()),
    );
    decimal::scaled(amount, finer, coarser)?.trunc().to_i64()
}

impl Date {
    /// The date so much later, or `None` outside the years 1 to 9999.
    pub(crate) fn add(self, amount: Decimal, unit: CalendarUnit) -> Option<Self> {
        if self.month == 0 {
            return self.add_months(whole(amount, unit, Year)?.checked_mul(12)?);
        }
        match unit {
            Year => self.add_months(amount.trunc().to_i64()?.checked_mul(12)?),
            Month => self.add_months(amount.trunc().to_i64()?),
            _ if self.day == 0 => self.add_months(whole(amount, unit, Month)?),
            _ => self.add_days(whole(amount, unit, Day)?),
        }
    }

    fn add_months(self, months: i64) -> Option<Self> {
        let count = i64::from(self.year) * 12 + i64::from(self.month.max(1)) - 1;
        let total = count.checked_add(months)?;
        let year = u16::try_from(total.div_euclid(12))
            .ok()
            .filter(|year| (1..=9999).contains(year))?;
        let month = if self.month == 0 {
            0
        } else {
            (total.rem_euclid(12) + 1) as u8
        };
        Some(Self {
            year,
            month,
            day: self.day.min(days_in_month(year, month)),
        })
    }

    pub(super) fn add_days(self, days: i64) -> Option<Self> {
        from_calendar(
            self.calendar()?
                .checked_add(time::Duration::days(in_range(days)?))?,
        )
    }

    pub(super) fn calendar(self) -> Option<time::Date> {
        let month = time::Month::try_from(self.month).ok()?;
        time::Date::from_calendar_date(i32::from(self.year), month, self.day).ok()
    }
}

/// No date is further from another than this; more would overflow the calendar's own arithmetic.
fn in_range(days: i64) -> Option<i64> {
    (-4_000_000..=4_000_000).contains(&days).then_some(days)
}

fn from_calendar(date: time::Date) -> Option<Date> {
    Date::new(
        u16::try_from(date.year()).ok()?,
        u8::from(date.month()),
        date.day(),
    )
}

pub(super) fn date_from_unix_days(days: i64) -> Option<Date> {
    Date::new(1970, 1, 1)?.add_days(days)
}

impl Time {
    /// The time of day so much later; past midnight it goes round. `None` for a unit of days or more.
    pub(crate) fn add(self, amount: Decimal, unit: CalendarUnit) -> Option<Self> {
        let nanoseconds = self.step(amount, unit)?;
        let total = (self.nanoseconds() + nanoseconds % NANOS_PER_DAY).rem_euclid(NANOS_PER_DAY);
        Some(Self::from_nanoseconds(total, self.precision).cut())
    }

    /// The nanoseconds that the amount makes in whole steps of this time's precision.
    fn step(self, amount: Decimal, unit: CalendarUnit) -> Option<i64> {
        let precision = match self.precision {
            TimePrecision::HOUR => Hour,
            TimePrecision::MINUTE => Minute,
            TimePrecision::SECOND => Second,
            _ => Millisecond,
        };
        match unit {
            Hour | Minute | Second | Millisecond => {
                whole(amount, unit, precision)?.checked_mul(precision.nanoseconds())
            }
            Year | Month | Week | Day => None,
        }
    }
}

impl DateTime {
    /// The moment so much later, in the same offset.
    pub(crate) fn add(self, amount: Decimal, unit: CalendarUnit) -> Option<Self> {
        match (self.time, unit) {
            (Some(time), Hour | Minute | Second | Millisecond) => {
                let total = time.nanoseconds().checked_add(time.step(amount, unit)?)?;
                let date = self.date.add_days(total.div_euclid(NANOS_PER_DAY))?;
                let time = Time::from_nanoseconds(total.rem_euclid(NANOS_PER_DAY), time.precision).cut();
                Some(Self {
                    date,
                    time: Some(time),
                    ..self
                })
            }
            _ => Some(Self {
                date: self.date.add(amount, unit)?,
                ..self
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn dates_move_by_the_calendar() {
        let table = [
            ("1973-12-25", "7", Day, "1974-01-01"),
            ("1973-12-25", "7.9", Day, "1974-01-01"),
            ("1973-12-25", "1", Week, "1974-01-01"),
            ("2019-03-01", "24", Month, "2021-03-01"),
            ("2026-01-31", "1", Month, "2026-02-28"),
            ("2024-02-29", "1", Year, "2025-02-28"),
            ("2024-03-31", "-1", Month, "2024-02-29"),
            ("2024-01-15", "-13", Month, "2022-12-15"),
            ("2024-03-01", "-1", Day, "2024-02-29"),
            ("2024-03-01", "25", Hour, "2024-03-02"),
            ("2014", "24", Month, "2016"),
            ("2014", "23", Month, "2015"),
            ("2016", "365", Day, "2017"),
            ("2014", "11", Month, "2014"),
            ("2014", "-1", Month, "2014"),
            ("2026-02", "5", Week, "2026-03"),
            ("2026-02", "4", Week, "2026-02"),
            ("2026-02", "-1", Day, "2026-02"),
            ("2026-12", "1", Month, "2027-01"),
        ];
        for (date, amount, unit, expected) in table {
            let moved = Date::parse(date).unwrap().add(decimal(amount), unit).unwrap();
            assert_eq!(moved.to_string(), expected, "{date} and {amount} {unit:?}");
        }
    }

    #[test]
    fn moments_and_times_of_day_keep_their_precision() {
        let table = [
            ("2026-01-01T13:00:00", "30", Minute, "2026-01-01T13:30:00"),
            (
                "1973-12-25T00:00:00.000+10:00",
                "42.53",
                Second,
                "1973-12-25T00:00:42.530+10:00",
            ),
            (
                "1973-12-25T00:00:00.000+10:00",
                "0.1",
                Second,
                "1973-12-25T00:00:00.100+10:00",
            ),
            (
                "1973-12-25T00:00:00.000+10:00",
                "-1",
                Millisecond,
                "1973-12-24T23:59:59.999+10:00",
            ),
            ("1973-12-25T10:30:00Z", "0.5", Second, "1973-12-25T10:30:00Z"),
            ("1973-12-25T23:30", "45", Minute, "1973-12-26T00:15"),
            ("1973-12-25T23:30", "1", Month, "1974-01-25T23:30"),
            ("1973-12-25", "1", Day, "1973-12-26"),
        ];
        for (moment, amount, unit, expected) in table {
            let moved = DateTime::parse(moment)
                .unwrap()
                .add(decimal(amount), unit)
                .unwrap();
            assert_eq!(moved.to_string(), expected, "{moment} and {amount} {unit:?}");
        }
        let time = |text: &str, amount: &str, unit| {
            Time::parse(text)
                .unwrap()
                .add(decimal(amount), unit)
                .map(|t| t.to_string())
        };
        assert_eq!(time("23:30:00", "1", Hour).unwrap(), "00:30:00");
        assert_eq!(time("01:00:00", "48", Hour).unwrap(), "01:00:00");
        assert_eq!(time("00:30:00", "-1", Hour).unwrap(), "23:30:00");
        assert_eq!(time("10:00", "90", Second).unwrap(), "10:01");
        assert_eq!(time("10:00", "1", Day), None);
    }

    #[test]
    fn outside_the_calendar_there_is_nothing() {
        let date = Date::parse("9999-12-31").unwrap();
        assert_eq!(date.add(decimal("1"), Day), None);
        assert_eq!(
            date.add(decimal("79228162514264337593543950335"), Millisecond),
            None
        );
        assert_eq!(Date::parse("0001").unwrap().add(decimal("-1"), Year), None);
        assert_eq!(
            Date::parse("2020-01-01")
                .unwrap()
                .add(decimal("9223372036854775807"), Day),
            None
        );
    }
}
