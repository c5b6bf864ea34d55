//! FHIR's dates and times: strictly parsed, kept letter for letter, compared as far as both sides are known.
//!
//! A date may stop at the year or the month. There is no clock here and no zone but the one that is written down.

use std::{cmp::Ordering, fmt};

/// `2026`, `2026-11` or `2026-11-23`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    text: String,
    /// Year, month and day as far as they are known.
    parts: Vec<u16>,
}

/// `14:05:00`, with a fraction of a second where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    text: String,
    nanos: u64,
}

/// A [`Date`], or a whole date with a time and its offset from UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTime {
    text: String,
    date: Date,
    /// Nanoseconds since 0000-03-01T00:00Z, known when there is a time.
    instant: Option<i128>,
}

impl Date {
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::with_capacity(3);
        for (at, part) in text.split('-').enumerate() {
            let width = if at == 0 { 4 } else { 2 };
            parts.push(digits(part, width)?);
        }
        let in_range = match parts[..] {
            [year] => year > 0,
            [year, month] => year > 0 && (1..=12).contains(&month),
            [year, month, day] => year > 0 && day > 0 && day <= days_in_month(year, month),
            _ => false,
        };
        in_range.then(|| Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// `None` where one of them is not known as far as the other and the common part is the same.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        let common = self.parts.len().min(other.parts.len());
        match self.parts[..common].cmp(&other.parts[..common]) {
            Ordering::Equal if self.parts.len() != other.parts.len() => None,
            order => Some(order),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Days since 0000-03-01, known when the date is whole.
    fn day_number(&self) -> Option<i128> {
        let [year, month, day] = self.parts[..] else {
            return None;
        };
        let (year, month, day) = (i128::from(year), i128::from(month), i128::from(day));
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        Some(
            365 * year + year.div_euclid(4) - year.div_euclid(100)
                + year.div_euclid(400)
                + (153 * month + 2) / 5
                + day
                - 1,
        )
    }
}

impl Time {
    /// Takes FHIR's `hh:mm:ss`, and the `hh:mm` that a time field gives, which it completes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = if text.len() == 5 {
            format!("{text}:00")
        } else {
            text.to_owned()
        };
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text.as_str(), None),
        };
        let mut parts = whole.split(':').map(|part| digits(part, 2));
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut nanos = (u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second)) * 1_000_000_000;
        if let Some(fraction) = fraction {
            if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            nanos += format!("{fraction:0<9}").parse::<u64>().ok()?;
        }
        Some(Self { text, nanos })
    }

    pub fn compare(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl DateTime {
    pub fn parse(text: &str) -> Option<Self> {
        let Some((date, rest)) = text.split_once('T') else {
            return Date::parse(text).map(|date| Self {
                text: text.to_owned(),
                date,
                instant: None,
            });
        };
        let (time, offset) = match rest.strip_suffix('Z') {
            Some(time) => (time, 0),
            None => {
                let sign_at = rest.rfind(['+', '-'])?;
                (&rest[..sign_at], offset_minutes(&rest[sign_at..])?)
            }
        };
        if time.len() < 8 {
            return None;
        }
        let date = Date::parse(date)?;
        let nanos = i128::from(Time::parse(time)?.nanos) - i128::from(offset) * 60_000_000_000;
        let instant = Some(date.day_number()? * 86_400_000_000_000 + nanos);
        Some(Self {
            text: text.to_owned(),
            date,
            instant,
        })
    }

    /// What a date field and a time field say together, `offset` minutes ahead of UTC; the time may be empty.
    pub fn local(date: &str, time: &str, offset: i16) -> Option<Self> {
        if time.is_empty() {
            return Self::parse(date);
        }
        let time = Time::parse(time)?;
        let sign = if offset < 0 { '-' } else { '+' };
        let offset = offset.unsigned_abs();
        Self::parse(&format!(
            "{date}T{}{sign}{:02}:{:02}",
            time.as_str(),
            offset / 60,
            offset % 60
        ))
    }

    /// `None` where it cannot be told, as with a day and an hour of the same day.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self.instant, other.instant) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            (None, None) => self.date.compare(&other.date),
            _ => match self.date.compare(&other.date) {
                Some(Ordering::Equal) | None => None,
                order => order,
            },
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date as written.
    pub fn date(&self) -> &str {
        self.date.as_str()
    }

    /// The time as written, without its offset; empty where there is none.
    pub fn time(&self) -> &str {
        let Some((_, rest)) = self.text.split_once('T') else {
            return "";
        };
        rest.find(['Z', '+', '-']).map_or(rest, |end| &rest[..end])
    }

    pub(crate) fn from_date(date: &Date) -> Self {
        Self {
            text: date.text.clone(),
            date: date.clone(),
            instant: None,
        }
    }
}

macro_rules! display {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
display!(Date, Time, DateTime);

fn digits(text: &str, width: usize) -> Option<u16> {
    let right = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    if right { text.parse().ok() } else { None }
}

fn offset_minutes(text: &str) -> Option<i16> {
    let (sign, rest) = (text.get(..1)?, text.get(1..)?);
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let total = i16::try_from(hours * 60 + minutes).ok()?;
    Some(if sign == "-" { -total } else { total })
}

fn days_in_month(year: u16, month: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_taken_exactly_when_it_exists() {
        for text in ["2026", "2026-11", "2026-11-23", "2024-02-29", "2000-02-29"] {
            assert!(Date::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "26",
            "0000",
            "2026-13",
            "2026-00",
            "2026-11-31",
            "2023-02-29",
            "1900-02-29",
            "2026-1-2",
            "2026-11-23T10:00",
            " 2026",
            "2026-11-",
            "２０２６",
            "-2026",
        ] {
            assert!(Date::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_time_is_completed_and_checked() {
        assert_eq!(Time::parse("09:05").unwrap().as_str(), "09:05:00");
        assert_eq!(Time::parse("09:05:30.25").unwrap().as_str(), "09:05:30.25");
        for text in [
            "",
            "9:05",
            "24:00",
            "10:60",
            "10:00:61",
            "10:00:00.",
            "10:00:00:00",
            "ab:cd",
            "10:00:00.x",
        ] {
            assert!(Time::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_moment_with_a_time_needs_its_offset() {
        for text in [
            "2026-11-23T10:00:00Z",
            "2026-11-23T10:00:00.5+01:00",
            "2026-11-23T10:00:00-05:30",
            "2026-11",
        ] {
            assert!(DateTime::parse(text).is_some(), "{text}");
        }
        for text in [
            "2026-11-23T10:00:00",
            "2026-11T10:00:00Z",
            "2026-11-23T10:00Z",
            "2026-11-23T10:00:00+15:00",
            "T",
        ] {
            assert!(DateTime::parse(text).is_none(), "{text}");
        }
        let local = DateTime::local("2026-11-23", "10:00", -300).unwrap();
        assert_eq!(local.as_str(), "2026-11-23T10:00:00-05:00");
        assert_eq!((local.date(), local.time()), ("2026-11-23", "10:00:00"));
        assert_eq!(
            DateTime::local("2026-11-23", "", 60).unwrap().as_str(),
            "2026-11-23"
        );
    }

    #[test]
    fn times_compare_as_far_as_they_are_known() {
        let date = |text| Date::parse(text).unwrap();
        assert_eq!(
            date("2026-11-22").compare(&date("2026-11-23")),
            Some(Ordering::Less)
        );
        assert_eq!(date("2025").compare(&date("2026-11-23")), Some(Ordering::Less));
        assert_eq!(date("2026").compare(&date("2026-11-23")), None);
        let moment = |text| DateTime::parse(text).unwrap();
        assert_eq!(
            moment("2026-11-23T10:00:00+01:00").compare(&moment("2026-11-23T09:00:00Z")),
            Some(Ordering::Equal)
        );
        assert_eq!(
            moment("2026-12-31T23:30:00-01:00").compare(&moment("2027-01-01T00:00:00Z")),
            Some(Ordering::Greater)
        );
        assert_eq!(
            moment("2026-11-23").compare(&moment("2026-11-23T09:00:00Z")),
            None
        );
        assert_eq!(
            moment("2026-11-22").compare(&moment("2026-11-23T09:00:00Z")),
            Some(Ordering::Less)
        );
        let (noon, later) = (
            Time::parse("12:00").unwrap(),
            Time::parse("12:00:00.001").unwrap(),
        );
        assert_eq!(noon.compare(&later), Ordering::Less);
    }
}
