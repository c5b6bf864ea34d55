//! Exact decimals: from what is typed, from JSON and back. No arithmetic is ever done in binary fractions.

use rust_decimal::Decimal;
use serde_json::Value;

/// As people type it: a sign, digits, and a point or a comma before the fraction.
pub(crate) fn from_text(text: &str) -> Option<Decimal> {
    let text = text.trim().replace(['\u{2212}', '\u{2013}'], "-");
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let point = digits.find(['.', ',']);
    let (whole, fraction) = match point {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    // Not the library's own reading, which is a second one beside FHIRPath's.
    let mut mantissa = 0_i128;
    for digit in whole.bytes().chain(fraction.bytes()) {
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    let mantissa = if text.starts_with('-') {
        -mantissa
    } else {
        mantissa
    };
    let scale = u32::try_from(fraction.len()).ok()?;
    exact(Decimal::try_from_i128_with_scale(mantissa, scale).ok()?)
}

/// The number without trailing zeros; `None` when JSON's readers would alter it.
pub(crate) fn exact(decimal: Decimal) -> Option<Decimal> {
    let decimal = decimal.normalize();
    (from_json(&to_json(decimal))? == decimal).then_some(decimal)
}

/// A JSON number; a string of digits too, since real forms have them.
pub(crate) fn from_json(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => from_text(text),
        number => fhirpath::Value::from(number)
            .as_decimal()
            .map(|number| number.normalize()),
    }
}

/// Fifteen digits at most, which every reader of JSON keeps.
pub(crate) fn to_json(decimal: Decimal) -> Value {
    fhirpath::Value::Decimal(decimal.normalize()).to_json()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for (text, value) in [
            ("12", "12"),
            ("12.50", "12.5"),
            ("12,5", "12.5"),
            (" 7 ", "7"),
            ("-3", "-3"),
            ("\u{2212}3", "-3"),
            (".5", "0.5"),
            ("5.", "5"),
            ("+4", "4"),
            ("007", "7"),
            ("0", "0"),
        ] {
            assert_eq!(from_text(text).unwrap().to_string(), value, "{text}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.2.3",
            "1,2.3",
            "1e5",
            "12 kg",
            "abc",
            "--1",
            "１",
            "1234567890123456789.123",
        ] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_stay_exact_through_json() {
        for text in [
            "58.3",
            "35.09444",
            "0.1",
            "-0.000001",
            "123456789012345",
            "99999.99999",
        ] {
            let decimal = Decimal::from_str_exact(text).unwrap();
            assert_eq!(from_json(&to_json(decimal)), Some(decimal), "{text}");
        }
        assert_eq!(from_json(&serde_json::json!("2.50")).unwrap().to_string(), "2.5");
        assert_eq!(from_json(&serde_json::json!(1e3)).unwrap().to_string(), "1000");
        assert_eq!(from_json(&serde_json::json!(1e300)), None);
    }
}
