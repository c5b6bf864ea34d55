//! Dates and times as FHIRPath has them: each value is only as precise as it was written.
//!
//! `@2014` is not the first of January: compared with `@2014-01-01` the answer is "unknown". Arithmetic follows the
//! calendar (31 January and one month is the last of February) and is in `arithmetic`, reading and
//! writing in `text`.
//! The lengths of months and the counting of days come from the crate `time`.

mod arithmetic;
mod text;

use std::cmp::Ordering;
use std::num::NonZeroU8;

pub(crate) use arithmetic::CalendarUnit;

/// A date: a year, a year and month, or a whole date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    year: u16,
    /// 0 where the date has no month.
    month: u8,
    /// 0 where the date has no day.
    day: u8,
}

/// A time of day, to the hour, minute, second or a fraction of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    precision: TimePrecision,
}

/// A date with, mostly, a time and an offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    date: Date,
    time: Option<Time>,
    /// Minutes east of UTC.
    offset: Option<i16>,
}

/// How much of a time of day was written down, as the number of digits. That it is never zero keeps values small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TimePrecision(NonZeroU8);

impl TimePrecision {
    const HOUR: Self = Self(NonZeroU8::MIN.saturating_add(1));
    const MINUTE: Self = Self(NonZeroU8::MIN.saturating_add(3));
    const SECOND: Self = Self(NonZeroU8::MIN.saturating_add(5));

    /// So many digits after the point.
    const fn fraction(digits: u8) -> Self {
        Self(Self::SECOND.0.saturating_add(digits))
    }

    /// The digits after the point.
    const fn fraction_digits(self) -> u8 {
        self.0.get().saturating_sub(Self::SECOND.0.get())
    }
}

/// What comparing two values of limited precision can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    Known(Ordering),
    /// One is less precise than the other, or has no offset where the other has one.
    Unknown,
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;
/// Offsets in use run from -12:00 to +14:00.
const LOWEST_OFFSET: i64 = -12 * 60;
const HIGHEST_OFFSET: i64 = 14 * 60;

impl Date {
    /// A whole date, or `None` where there is no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        (day >= 1).then_some(())?;
        Self::partial(year, Some(month), Some(day))
    }

    pub(crate) fn partial(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let (month, day) = (month.unwrap_or(0), day.unwrap_or(0));
        let sound = (1..=9999).contains(&year) && month <= 12 && day <= days_in_month(year, month);
        sound.then_some(Self { year, month, day })
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month from 1 to 12, where the date has one.
    pub fn month(self) -> Option<u8> {
        (self.month != 0).then_some(self.month)
    }

    /// The day of the month, where the date has one.
    pub fn day(self) -> Option<u8> {
        (self.day != 0).then_some(self.day)
    }

    pub(crate) fn compare(self, other: Self) -> Compared {
        compare_parts(&self.parts(), &other.parts())
    }

    /// Which of both is earlier; `None` where one is less precise than the other and that matters.
    pub fn ordering(self, other: Self) -> Option<Ordering> {
        self.compare(other).known()
    }

    fn parts(self) -> [Option<i64>; 3] {
        [
            Some(i64::from(self.year)),
            self.month().map(i64::from),
            self.day().map(i64::from),
        ]
    }

    /// The number of digits that the date is written with: 4, 6 or 8.
    pub(crate) fn digits(self) -> u32 {
        4 + 2 * u32::from(self.month != 0) + 2 * u32::from(self.day != 0)
    }

    /// The first (or last) date that this one may stand for, to so many digits.
    pub(crate) fn boundary(self, digits: u32, high: bool) -> Option<Self> {
        let month = if self.month != 0 {
            self.month
        } else if high {
            12
        } else {
            1
        };
        let last = days_in_month(self.year, month);
        let day = if self.day != 0 {
            self.day
        } else if high {
            last
        } else {
            1
        };
        match digits {
            4 => Self::partial(self.year, None, None),
            6 => Self::partial(self.year, Some(month), None),
            8 => Self::partial(self.year, Some(month), Some(day)),
            _ => None,
        }
    }
}

impl Time {
    /// A time of day to the second, or `None` where there is no such time.
    pub fn new(hour: u8, minute: u8, second: u8) -> Option<Self> {
        Self::build(hour, minute, second, 0, TimePrecision::SECOND)
    }

    pub(crate) fn build(
        hour: u8,
        minute: u8,
        second: u8,
        nanosecond: u32,
        precision: TimePrecision,
    ) -> Option<Self> {
        let sound = hour < 24 && minute < 60 && second < 60 && i64::from(nanosecond) < NANOS_PER_SECOND;
        sound.then_some(Self {
            hour,
            minute,
            second,
            nanosecond,
            precision,
        })
    }

    /// The hour from 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, where the time has one.
    pub fn minute(self) -> Option<u8> {
        (self.precision >= TimePrecision::MINUTE).then_some(self.minute)
    }

    /// The second, where the time has one.
    pub fn second(self) -> Option<u8> {
        (self.precision >= TimePrecision::SECOND).then_some(self.second)
    }

    /// The thousandths of a second, where the time has a fraction.
    pub fn millisecond(self) -> Option<u32> {
        (self.precision > TimePrecision::SECOND).then_some(self.nanosecond / 1_000_000)
    }

    pub(crate) fn compare(self, other: Self) -> Compared {
        compare_parts(&self.parts(), &other.parts())
    }

    /// Which of both is earlier; `None` where one is less precise than the other and that matters.
    pub fn ordering(self, other: Self) -> Option<Ordering> {
        self.compare(other).known()
    }

    /// Seconds and their fraction count as one part: `10:30:00` and `10:30:00.0` are the same.
    fn parts(self) -> [Option<i64>; 3] {
        let seconds = i64::from(self.second) * NANOS_PER_SECOND + i64::from(self.nanosecond);
        let second = (self.precision >= TimePrecision::SECOND).then_some(seconds);
        [Some(i64::from(self.hour)), self.minute().map(i64::from), second]
    }

    fn nanoseconds(self) -> i64 {
        let seconds = (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        seconds * NANOS_PER_SECOND + i64::from(self.nanosecond)
    }

    fn from_nanoseconds(nanoseconds: i64, precision: TimePrecision) -> Self {
        let seconds = nanoseconds / NANOS_PER_SECOND;
        Self {
            hour: (seconds / 3600 % 24) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            nanosecond: (nanoseconds % NANOS_PER_SECOND) as u32,
            precision,
        }
    }

    pub(crate) fn digits(self) -> u32 {
        self.precision.0.get().into()
    }

    pub(crate) fn boundary(self, digits: u32, high: bool) -> Option<Self> {
        let precision = match digits {
            2 => TimePrecision::HOUR,
            4 => TimePrecision::MINUTE,
            6 => TimePrecision::SECOND,
            9 => TimePrecision::fraction(3),
            _ => return None,
        };
        let mut filled = self;
        if high {
            let written = self.precision;
            if written < TimePrecision::MINUTE {
                filled.minute = 59;
            }
            if written < TimePrecision::SECOND {
                filled.second = 59;
            }
            if written <= TimePrecision::SECOND {
                filled.nanosecond = 999_000_000;
            }
        }
        filled.precision = precision;
        Some(filled.cut())
    }

    /// Drops what the precision does not hold, so that equal times are equal values.
    fn cut(mut self) -> Self {
        if self.precision < TimePrecision::MINUTE {
            self.minute = 0;
        }
        if self.precision < TimePrecision::SECOND {
            self.second = 0;
        }
        let step = 10_u32.pow(9 - u32::from(self.precision.fraction_digits().min(9)));
        self.nanosecond -= self.nanosecond % step;
        self
    }
}

impl DateTime {
    /// A date and time, with the offset from UTC in minutes where it is known.
    pub fn new(date: Date, time: Time, offset: Option<i16>) -> Option<Self> {
        Self::partial(date, Some(time), offset)
    }

    pub(crate) fn partial(date: Date, time: Option<Time>, offset: Option<i16>) -> Option<Self> {
        let whole_date = date.day != 0;
        let sound = (time.is_none() || whole_date) && offset.is_none_or(|minutes| minutes.abs() <= 14 * 60);
        sound.then_some(Self { date, time, offset })
    }

    /// The moment that a clock gives: milliseconds since 1970 in UTC, shown with the offset in minutes.
    ///
    /// ```
    /// let now = fhirpath::DateTime::from_unix_milliseconds(1_700_000_000_000, 60).unwrap();
    /// assert_eq!(now.to_string(), "2023-11-14T23:13:20.000+01:00");
    /// ```
    pub fn from_unix_milliseconds(milliseconds: i64, offset_minutes: i16) -> Option<Self> {
        const DAY: i64 = 24 * 60 * 60 * 1000;
        let local = milliseconds.checked_add(i64::from(offset_minutes) * 60_000)?;
        let date = arithmetic::date_from_unix_days(local.div_euclid(DAY))?;
        let time = Time::from_nanoseconds(local.rem_euclid(DAY) * 1_000_000, TimePrecision::fraction(3));
        Self::partial(date, Some(time), Some(offset_minutes))
    }

    /// The date as written, without a shift to UTC.
    pub fn date(self) -> Date {
        self.date
    }

    /// The time of day as written, where there is one.
    pub fn time(self) -> Option<Time> {
        self.time
    }

    /// Minutes east of UTC, where known.
    pub fn offset(self) -> Option<i16> {
        self.offset
    }

    pub(crate) fn compare(self, other: Self) -> Compared {
        match (self.time, other.time) {
            (Some(_), Some(_)) => match (self.offset, other.offset) {
                (Some(_), Some(_)) => self.compare_shifted(other),
                (None, None) => compare_parts(&self.parts(), &other.parts()),
                (Some(_), None) => self.compare_unknown_offset(other),
                (None, Some(_)) => other.compare_unknown_offset(self).reverse(),
            },
            _ => compare_parts(&self.parts(), &other.parts()),
        }
    }

    /// Which of both is earlier; `None` where one is less precise than the other, or has no offset, and that matters.
    pub fn ordering(self, other: Self) -> Option<Ordering> {
        self.compare(other).known()
    }

    fn compare_shifted(self, other: Self) -> Compared {
        let shift = |value: Self| value.shifted(-i64::from(value.offset.unwrap_or(0)));
        match (shift(self), shift(other)) {
            (Some(left), Some(right)) => compare_parts(&left.parts(), &right.parts()),
            _ => Compared::Unknown,
        }
    }

    /// `other` has no offset: the answer is known only where every offset in use gives the same.
    fn compare_unknown_offset(self, other: Self) -> Compared {
        let at = |offset: i64| Self {
            offset: Some(offset as i16),
            ..other
        };
        let (early, late) = (
            self.compare_shifted(at(HIGHEST_OFFSET)),
            self.compare_shifted(at(LOWEST_OFFSET)),
        );
        if early == late { early } else { Compared::Unknown }
    }

    fn parts(self) -> [Option<i64>; 6] {
        let [year, month, day] = self.date.parts();
        let [hour, minute, second] = self.time.map_or([None; 3], Time::parts);
        [year, month, day, hour, minute, second]
    }

    /// The same digits so many minutes later.
    fn shifted(self, minutes: i64) -> Option<Self> {
        let time = self.time?;
        let total = time.nanoseconds() + minutes * 60 * NANOS_PER_SECOND;
        let day = 24 * 3600 * NANOS_PER_SECOND;
        let date = self.date.add_days(total.div_euclid(day))?;
        let time = Time::from_nanoseconds(total.rem_euclid(day), time.precision);
        Some(Self {
            date,
            time: Some(time),
            offset: self.offset,
        })
    }

    pub(crate) fn digits(self) -> u32 {
        self.date.digits() + self.time.map_or(0, Time::digits)
    }

    pub(crate) fn boundary(self, digits: u32, high: bool) -> Option<Self> {
        if digits <= 8 {
            return Self::partial(self.date.boundary(digits, high)?, None, None);
        }
        let date = self.date.boundary(8, high)?;
        let midnight = Time {
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            precision: TimePrecision::HOUR,
        };
        let time = match (self.time, high) {
            (Some(time), _) => time,
            (None, false) => midnight,
            (None, true) => Time { hour: 23, ..midnight },
        };
        let offset = self.offset.unwrap_or(if high {
            LOWEST_OFFSET as i16
        } else {
            HIGHEST_OFFSET as i16
        });
        Self::partial(date, Some(time.boundary(digits - 8, high)?), Some(offset))
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self {
            date,
            time: None,
            offset: None,
        }
    }
}

impl Compared {
    fn known(self) -> Option<Ordering> {
        match self {
            Self::Known(ordering) => Some(ordering),
            Self::Unknown => None,
        }
    }

    fn reverse(self) -> Self {
        match self {
            Self::Known(ordering) => Self::Known(ordering.reverse()),
            Self::Unknown => Self::Unknown,
        }
    }
}

/// Part by part from the year (or hour) down; a part that only one side has makes the answer unknown.
fn compare_parts(left: &[Option<i64>], right: &[Option<i64>]) -> Compared {
    for (left, right) in left.iter().zip(right) {
        match (left, right) {
            (Some(left), Some(right)) if left == right => {}
            (Some(left), Some(right)) => return Compared::Known(left.cmp(right)),
            (None, None) => break,
            _ => return Compared::Unknown,
        }
    }
    Compared::Known(Ordering::Equal)
}

/// 0 for month 0, so that a date without a month can have no day.
fn days_in_month(year: u16, month: u8) -> u8 {
    match time::Month::try_from(month) {
        Ok(month) => month.length(i32::from(year)),
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime {
        DateTime::parse(text).unwrap()
    }

    #[test]
    fn a_less_precise_value_makes_the_comparison_unknown_unless_an_earlier_part_decides() {
        use Ordering::{Equal, Greater, Less};
        let table = [
            ("2012", "2012", Compared::Known(Equal)),
            ("2012", "2013", Compared::Known(Less)),
            ("2012-01", "2012", Compared::Unknown),
            ("2012-01-01T10:30", "2012-01-01T10:31", Compared::Known(Less)),
            ("2012-01-01T10:30:31", "2012-01-01T10:30", Compared::Unknown),
            (
                "2012-01-01T10:30:31.0",
                "2012-01-01T10:30:31",
                Compared::Known(Equal),
            ),
            (
                "2012-01-01T10:30:31.1",
                "2012-01-01T10:30:31",
                Compared::Known(Greater),
            ),
            (
                "2017-11-05T01:30:00.0-04:00",
                "2017-11-05T00:30:00.0-05:00",
                Compared::Known(Equal),
            ),
            (
                "2017-11-05T01:30:00.0-04:00",
                "2017-11-05T01:15:00.0-05:00",
                Compared::Known(Less),
            ),
            (
                "2018-12-31T23:30:00-01:00",
                "2019-01-01T00:30:00Z",
                Compared::Known(Equal),
            ),
        ];
        for (left, right, expected) in table {
            assert_eq!(
                moment(left).compare(moment(right)),
                expected,
                "{left} with {right}"
            );
            assert_eq!(
                moment(right).compare(moment(left)),
                expected.reverse(),
                "{right} with {left}"
            );
        }
    }

    #[test]
    fn a_missing_offset_leaves_open_only_what_some_offset_could_change() {
        let known = moment("2012-04-15T15:00:00Z");
        assert_eq!(known.compare(moment("2012-04-15T10:00:00")), Compared::Unknown);
        assert_eq!(
            known.compare(moment("2012-04-17T10:00:00")),
            Compared::Known(Ordering::Less)
        );
        assert_eq!(
            known.compare(moment("2012-04-13T10:00:00")),
            Compared::Known(Ordering::Greater)
        );
    }

    #[test]
    fn the_boundaries_are_the_first_and_last_moment_that_a_value_can_mean() {
        let date = |text: &str, digits, high| {
            Date::parse(text)
                .unwrap()
                .boundary(digits, high)
                .map(|d| d.to_string())
        };
        assert_eq!(date("2014", 6, false).unwrap(), "2014-01");
        assert_eq!(date("2014", 6, true).unwrap(), "2014-12");
        assert_eq!(date("2016-02", 8, true).unwrap(), "2016-02-29");
        assert_eq!(date("2014", 7, true), None);
        let full = |text: &str, high| moment(text).boundary(17, high).unwrap().to_string();
        assert_eq!(full("2014-01-01T08", false), "2014-01-01T08:00:00.000+14:00");
        assert_eq!(full("2014-01-01T08", true), "2014-01-01T08:59:59.999-12:00");
        assert_eq!(full("2014-02", true), "2014-02-28T23:59:59.999-12:00");
        assert_eq!(
            full("2014-01-01T08:05+01:00", true),
            "2014-01-01T08:05:59.999+01:00"
        );
    }
}
