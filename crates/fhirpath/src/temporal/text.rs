//! Dates and times from and to their ISO 8601 text.

use std::fmt;

use super::{Date, DateTime, Time, TimePrecision};

impl Date {
    /// Reads `2014`, `2014-01` or `2014-01-25`; anything else, and a day that does not exist, is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let year = number(bytes.get(0..4)?)?;
        let (month, day) = match bytes.len() {
            4 => (None, None),
            7 if bytes[4] == b'-' => (Some(number(&bytes[5..7])?), None),
            10 if bytes[4] == b'-' && bytes[7] == b'-' => {
                (Some(number(&bytes[5..7])?), Some(number(&bytes[8..10])?))
            }
            _ => return None,
        };
        let sound = month != Some(0) && day != Some(0);
        sound.then(|| Self::partial(year, month.map(narrow), day.map(narrow)))?
    }
}

impl Time {
    /// Reads `14`, `14:30`, `14:30:59` or `14:30:59.123`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let pair = |at: usize| number(bytes.get(at..at + 2)?).map(narrow);
        let colon = |at: usize| bytes.get(at) == Some(&b':');
        let hour = pair(0)?;
        match bytes.len() {
            2 => Self::build(hour, 0, 0, 0, TimePrecision::HOUR),
            5 if colon(2) => Self::build(hour, pair(3)?, 0, 0, TimePrecision::MINUTE),
            8 if colon(2) && colon(5) => Self::build(hour, pair(3)?, pair(6)?, 0, TimePrecision::SECOND),
            length if length > 9 && colon(2) && colon(5) && bytes[8] == b'.' => {
                let (nanosecond, digits) = fraction(&bytes[9..])?;
                Self::build(
                    hour,
                    pair(3)?,
                    pair(6)?,
                    nanosecond,
                    TimePrecision::fraction(digits),
                )
            }
            _ => None,
        }
    }
}

impl DateTime {
    /// Reads a date, or a date with a time and, mostly, an offset: `2014-01-25T14:30:14.559+01:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((date, rest)) = text.split_once('T') else {
            return Some(Date::parse(text)?.into());
        };
        let date = Date::parse(date)?;
        if rest.is_empty() {
            return Some(date.into());
        }
        let (time, offset) = match rest.find(['Z', '+', '-']) {
            Some(at) => (&rest[..at], Some(offset(&rest[at..])?)),
            None => (rest, None),
        };
        Self::partial(date, Some(Time::parse(time)?), offset)
    }
}

fn offset(text: &str) -> Option<i16> {
    let bytes = text.as_bytes();
    match bytes {
        b"Z" => Some(0),
        [sign @ (b'+' | b'-'), .., _] if bytes.len() == 6 && bytes[3] == b':' => {
            let (hours, minutes) = (number(&bytes[1..3])?, number(&bytes[4..6])?);
            let total = i16::try_from(hours * 60 + minutes).ok()?;
            (minutes < 60).then_some(if *sign == b'-' { -total } else { total })
        }
        _ => None,
    }
}

/// Digits alone; at most four are ever asked for.
fn number(bytes: &[u8]) -> Option<u16> {
    bytes.iter().try_fold(0_u16, |total, byte| {
        let digit = byte.is_ascii_digit().then(|| u16::from(byte - b'0'))?;
        total.checked_mul(10)?.checked_add(digit)
    })
}

fn narrow(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// Nanoseconds and the number of digits written; digits after the ninth are dropped.
fn fraction(digits: &[u8]) -> Option<(u32, u8)> {
    digits.iter().all(u8::is_ascii_digit).then_some(())?;
    let kept = &digits[..digits.len().min(9)];
    let value = kept
        .iter()
        .fold(0_u32, |total, digit| total * 10 + u32::from(digit - b'0'));
    Some((value * 10_u32.pow(9 - kept.len() as u32), kept.len() as u8))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month != 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day != 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.hour)?;
        if self.precision >= TimePrecision::MINUTE {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.precision >= TimePrecision::SECOND {
            write!(f, ":{:02}", self.second)?;
        }
        let digits = self.precision.fraction_digits();
        if digits > 0 {
            let width = usize::from(digits);
            let fraction = self.nanosecond / 10_u32.pow(9 - u32::from(digits));
            write!(f, ".{fraction:0width$}")?;
        }
        Ok(())
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        if let Some(time) = self.time {
            write!(f, "T{time}")?;
        }
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for text in ["2014", "2014-01", "2016-02-29"] {
            assert_eq!(Date::parse(text).unwrap().to_string(), text);
        }
        for text in ["14", "14:30", "14:30:59", "14:30:59.5", "00:00:00.007"] {
            assert_eq!(Time::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "2014",
            "2014-01-25T14",
            "2014-01-25T14:30:14.559-05:30",
            "2014-01-25T14:30:14Z",
        ] {
            assert_eq!(DateTime::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "20",
            "0000",
            "2014-1",
            "2014-13",
            "2014-00",
            "2014-02-30",
            "2015-02-29",
            "2014-01-25T",
            "abcd",
            "２０１４",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        for text in [
            "",
            "1",
            "24",
            "14:60",
            "14:30:61",
            "14:30:59.",
            "14:30:59.x",
            "14-30",
            "14:30:59+01:00",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
        for text in [
            "2014T14",
            "2014-01-25T14:30+1:00",
            "2014-01-25T14:30+15:00",
            "2014-01-25T14:30ZZ",
            "2014-01-25t14:30",
        ] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
    }
}
