//! Exact decimal numbers: what the crate `rust_decimal` does not say in FHIRPath's words.
//!
//! Sums, differences, products and quotients are never computed in binary floating point; only roots, powers with a
//! fraction, logarithms and exponentials are, and they come back as the shortest decimal of that result.

use std::fmt::Write;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Number;

/// The most digits after the point that a decimal can hold.
pub(crate) const MAX_SCALE: u32 = Decimal::MAX_SCALE;
/// FHIRPath's own greatest precision of a decimal, used where an expression does not say one.
pub(crate) const DEFAULT_SCALE: u32 = 8;

/// Reads digits with an optional sign and point; an exponent only where JSON may have one.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    text.parse().ok()
}

/// The decimal with the digits that the number is written with.
pub(crate) fn from_json(number: &Number) -> Option<Decimal> {
    if let Some(integer) = number.as_i64() {
        return Some(Decimal::from(integer));
    }
    let mut text = Buffer::default();
    write!(text, "{number}").ok()?;
    from_shortest(text.as_str())
}

/// The shortest decimal that reads back as this number; `None` for infinities and what is out of range.
pub(crate) fn from_f64(number: f64) -> Option<Decimal> {
    from_json(&Number::from_f64(number)?)
}

fn from_shortest(text: &str) -> Option<Decimal> {
    match text.contains(['e', 'E']) {
        true => Decimal::from_scientific(text).ok(),
        false => text.parse().ok(),
    }
}

pub(crate) fn to_f64(decimal: Decimal) -> f64 {
    decimal.to_f64().unwrap_or(f64::NAN)
}

/// A whole number as a JSON integer, any other as the nearest JSON number.
pub(crate) fn to_json(decimal: Decimal) -> serde_json::Value {
    if decimal.scale() == 0
        && let Some(integer) = decimal.to_i64()
    {
        return integer.into();
    }
    let nearest = decimal.to_string().parse::<f64>().ok();
    nearest
        .and_then(Number::from_f64)
        .map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// Halves go away from zero.
pub(crate) fn round(decimal: Decimal, digits: u32) -> Decimal {
    decimal.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// Equal once both are rounded to the digits of the less precise one; zeros at the end are no precision.
pub(crate) fn equivalent(left: Decimal, right: Decimal) -> bool {
    let digits = left.normalize().scale().min(right.normalize().scale());
    round(left, digits) == round(right, digits)
}

/// The least (or greatest) number that rounds to this one, to so many digits after the point.
pub(crate) fn boundary(decimal: Decimal, digits: u32, high: bool) -> Option<Decimal> {
    let half = Decimal::try_from_i128_with_scale(5, decimal.scale() + 1).ok()?;
    let exact = if high {
        decimal.checked_add(half)?
    } else {
        decimal.checked_sub(half)?
    };
    let strategy = if high {
        RoundingStrategy::ToPositiveInfinity
    } else {
        RoundingStrategy::ToNegativeInfinity
    };
    let mut rounded = exact.round_dp_with_strategy(digits, strategy);
    rounded.rescale(digits);
    (rounded.scale() == digits).then_some(rounded)
}

/// A whole power by repeated multiplication; `None` where the result is out of range.
pub(crate) fn whole_power(base: Decimal, exponent: u32) -> Option<Decimal> {
    let (mut result, mut square, mut rest) = (Decimal::ONE, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result.checked_mul(square)?;
        }
        rest >>= 1;
        if rest > 0 {
            square = square.checked_mul(square)?;
        }
    }
    Some(result)
}

/// Room for the longest JSON number, so that reading one needs no allocation.
#[derive(Default)]
struct Buffer {
    bytes: [u8; 32],
    length: usize,
}

impl Buffer {
    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        let free = self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?;
        free.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        parse(text).unwrap()
    }

    #[test]
    fn a_json_number_keeps_the_digits_it_is_written_with() {
        for (json, expected) in [
            ("58.3", "58.3"),
            ("5", "5"),
            ("5.0", "5.0"),
            ("-0.1", "-0.1"),
            ("1e-7", "0.0000001"),
            ("1.5E3", "1500"),
        ] {
            let number: Number = serde_json::from_str(json).unwrap();
            assert_eq!(from_json(&number).unwrap().to_string(), expected, "{json}");
        }
        assert_eq!(from_json(&serde_json::from_str("1e300").unwrap()), None);
    }

    #[test]
    fn only_digits_are_a_decimal() {
        for text in ["", "+", ".5", "5.", "1e3", "1_000", "1 ", "١", "--1"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(decimal("+1.50").to_string(), "1.50");
    }

    #[test]
    fn the_boundaries_round_outwards() {
        let table = [
            ("1.587", 8, "1.58650000", "1.58750000"),
            ("1.587", 2, "1.58", "1.59"),
            ("1.587", 0, "1", "2"),
            ("-1.587", 8, "-1.58750000", "-1.58650000"),
            ("-1.587", 2, "-1.59", "-1.58"),
            ("-1.587", 0, "-2", "-1"),
            ("120", 2, "119.50", "120.50"),
            ("12.500", 4, "12.4995", "12.5005"),
        ];
        for (text, digits, low, high) in table {
            assert_eq!(
                boundary(decimal(text), digits, false).unwrap().to_string(),
                low,
                "{text} low to {digits}"
            );
            assert_eq!(
                boundary(decimal(text), digits, true).unwrap().to_string(),
                high,
                "{text} high to {digits}"
            );
        }
    }

    #[test]
    fn equivalence_looks_at_the_digits_of_the_less_precise_number() {
        let two_thirds = decimal("1.2") / decimal("1.8");
        assert!(equivalent(two_thirds, decimal("0.67")));
        assert!(equivalent(decimal("1.10"), decimal("1.1")));
        assert!(!equivalent(decimal("1.1"), decimal("1.2")));
    }

    #[test]
    fn powers_are_exact_while_they_fit() {
        assert_eq!(whole_power(decimal("2.5"), 2), Some(decimal("6.25")));
        assert_eq!(
            whole_power(decimal("10"), 28),
            Some(decimal("10000000000000000000000000000"))
        );
        assert_eq!(whole_power(decimal("10"), 400), None);
    }
}
