//! FHIR's dates and times: strictly parsed, kept letter for letter, compared as far as both sides are known.
//!
//! A date may stop at the year or the month. There is no clock here and no zone but the one that is written down. What
//! exists and which of two is earlier is `fhirpath`'s to say; that FHIR wants seconds and an offset is said here.

use std::{cmp::Ordering, fmt};

/// `2026`, `2026-11` or `2026-11-23`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Date {
    text: Box<str>,
    value: fhirpath::Date,
}

/// `14:05:00`, with a fraction of a second where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    text: Box<str>,
    value: fhirpath::Time,
}

/// A [`Date`], or a whole date with a time and its offset from UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTime {
    text: Box<str>,
    value: fhirpath::DateTime,
}

impl Date {
    pub fn parse(text: &str) -> Option<Self> {
        let value = fhirpath::Date::parse(text).filter(|_| matches!(text.len(), 4 | 7 | 10))?;
        Some(Self {
            text: text.into(),
            value,
        })
    }

    /// `None` where one of them is not known as far as the other and the common part is the same.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        self.value.ordering(other.value)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Time {
    /// Takes FHIR's `hh:mm:ss`, and the `hh:mm` that a time field gives, which it completes.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = match text.len() {
            5 => format!("{text}:00"),
            _ => text.to_owned(),
        };
        let value = fhirpath::Time::parse(&whole).filter(|time| time.second().is_some())?;
        Some(Self {
            text: whole.into(),
            value,
        })
    }

    pub fn compare(&self, other: &Self) -> Ordering {
        self.value.ordering(other.value).unwrap_or(Ordering::Equal)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl DateTime {
    pub fn parse(text: &str) -> Option<Self> {
        let value = match text.contains('T') {
            false => Date::parse(text)?.value.into(),
            // FHIR: with a time there are seconds and an offset.
            true => fhirpath::DateTime::parse(text).filter(|moment| {
                moment.offset().is_some() && moment.time().is_some_and(|time| time.second().is_some())
            })?,
        };
        Some(Self {
            text: text.into(),
            value,
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

    /// The moment that a clock gives: milliseconds since 1970 in UTC, and the offset in minutes to show it in.
    pub fn from_unix_milliseconds(milliseconds: i64, offset: i16) -> Option<Self> {
        let value = fhirpath::DateTime::from_unix_milliseconds(milliseconds, offset)?;
        Some(Self {
            text: value.to_string().into(),
            value,
        })
    }

    /// `None` where it cannot be told, as with a day and an hour of the same day.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        self.value.ordering(other.value)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date as written.
    pub fn date(&self) -> &str {
        self.text.split_once('T').map_or(&*self.text, |(date, _)| date)
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
            value: date.value.into(),
        }
    }

    pub(crate) fn value(&self) -> fhirpath::DateTime {
        self.value
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
