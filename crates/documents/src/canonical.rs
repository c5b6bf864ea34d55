//! The one way to write JSON down, so that two programs that mean the same hash the same: RFC 8785 (JSON Canonicalization
//! Scheme), with numbers of at most 15 significant digits.
//!
//! Fifteen digits are what survives a double, whichever reader and writer it goes through; a history that is read and written
//! again hashes as before.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

/// As many digits survive a double.
const DIGITS: usize = 15;

/// Writes `value` with its members in order and without white space.
pub(crate) fn write(value: &Value, to: &mut String) {
    match value {
        Value::Null | Value::Bool(_) => to.push_str(&value.to_string()),
        Value::String(text) => string(text, to),
        Value::Number(number) => to.push_str(&Digits::of(number).laid_out()),
        Value::Array(items) => {
            to.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                write(item, to);
            }
            to.push(']');
        }
        Value::Object(members) => {
            // FHIR's names are ASCII, whose bytes are in the order of RFC 8785's UTF-16 units.
            let mut sorted = BTreeMap::new();
            for (name, member) in members {
                sorted.insert(name.as_str(), member);
            }
            to.push('{');
            for (at, (name, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                string(name, to);
                to.push(':');
                write(member, to);
            }
            to.push('}');
        }
    }
}

/// serde_json escapes as RFC 8785 wants it.
fn string(text: &str, to: &mut String) {
    to.push_str(&Value::from(text).to_string());
}

/// Brings every number in `value` to the digits that survive.
pub(crate) fn snap(value: &mut Value) {
    match value {
        Value::Number(number) if !number.is_i64() && !number.is_u64() => {
            // A number that JSON wrote is one that JSON reads.
            if let Ok(snapped) = serde_json::from_str(&Digits::of(number).laid_out()) {
                *number = snapped;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(snap),
        Value::Object(members) => members.iter_mut().for_each(|(_, member)| snap(member)),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => {}
    }
}

/// A number as 0.d₁d₂d₃… × 10^point.
struct Digits {
    negative: bool,
    digits: String,
    point: i32,
}

impl Digits {
    fn of(number: &Number) -> Self {
        let text = number.to_string();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, &*text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{part}");
        let leading = all.len() - all.trim_start_matches('0').len();
        let exponent: i32 = exponent.parse().unwrap_or_default();
        let mut digits = Self {
            negative,
            digits: all.trim_matches('0').to_owned(),
            point: whole.len() as i32 - leading as i32 + exponent,
        };
        if !number.is_i64() && !number.is_u64() {
            digits.round();
        }
        digits
    }

    fn round(&mut self) {
        if self.digits.len() <= DIGITS {
            return;
        }
        let up = self.digits.as_bytes()[DIGITS] >= b'5';
        self.digits.truncate(DIGITS);
        if up {
            let nines = self.digits.len() - self.digits.trim_end_matches('9').len();
            self.digits.truncate(DIGITS - nines);
            match self.digits.pop() {
                Some(last) => self.digits.push(char::from(last as u8 + 1)),
                None => {
                    self.digits.push('1');
                    self.point += 1;
                }
            }
        }
        let kept = self.digits.trim_end_matches('0').len();
        self.digits.truncate(kept);
    }

    /// As ECMAScript writes it.
    fn laid_out(&self) -> String {
        let Self {
            negative,
            digits,
            point,
        } = self;
        let (length, point) = (digits.len() as i32, *point);
        if length == 0 {
            return "0".to_owned();
        }
        let zeros = |count: i32| "0".repeat(count.max(0) as usize);
        let text = match point {
            1..=21 if length <= point => format!("{digits}{}", zeros(point - length)),
            1..=21 => format!("{}.{}", &digits[..point as usize], &digits[point as usize..]),
            -5..=0 => format!("0.{}{digits}", zeros(-point)),
            _ => {
                let (first, rest) = digits.split_at(1);
                let dot = if rest.is_empty() { "" } else { "." };
                let sign = if point > 0 { "+" } else { "" };
                format!("{first}{dot}{rest}e{sign}{}", point - 1)
            }
        };
        format!("{}{text}", if *negative { "-" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(json: &str) -> String {
        let mut text = String::new();
        write(&serde_json::from_str(json).unwrap(), &mut text);
        text
    }

    #[test]
    fn json_is_written_as_rfc_8785_wants_it() {
        for (json, canonical) in [
            (r#"{"b":1,"a":[true,null,"x"]}"#, r#"{"a":[true,null,"x"],"b":1}"#),
            (r#"{ "a" : { } , "A" : [ ] }"#, r#"{"A":[],"a":{}}"#),
            // RFC 8785, section 3.2.2: the sample's strings.
            (
                r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#,
                r#""€$\u000f\nA'B\"\\\\\"/""#,
            ),
            // The same section's numbers, brought to 15 digits.
            ("333333333.33333329", "333333333.333333"),
            ("1E30", "1e+30"),
            ("4.50", "4.5"),
            ("2e-3", "0.002"),
            ("0.000000000000000000000000001", "1e-27"),
            ("1.0", "1"),
            ("-0.0", "0"),
            ("-12.25", "-12.25"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1e+21"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("120", "120"),
            ("0.30000000000000004", "0.3"),
            ("0.99999999999999999", "1"),
            ("99999.9999999999999", "100000"),
        ] {
            assert_eq!(written(json), canonical, "{json}");
        }
    }

    #[test]
    fn a_number_that_was_snapped_reads_as_it_was_written() {
        for text in [
            "24.691358024691358",
            "0.1",
            "1e-25",
            "7.9e28",
            "123456789012345678.5",
        ] {
            let mut value = json!([serde_json::from_str::<Value>(text).unwrap()]);
            snap(&mut value);
            let (mut first, mut second) = (String::new(), String::new());
            write(&value, &mut first);
            let again: Value = serde_json::from_str(&value.to_string()).unwrap();
            write(&again, &mut second);
            assert_eq!(first, second, "{text}");
        }
    }
}
