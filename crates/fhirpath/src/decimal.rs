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

/// Reads digits with an optional sign.
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    let (digits, negative) = unsigned(text);
    (!digits.is_empty()).then_some(())?;
    let signed = |digit: u8| {
        digit
            .is_ascii_digit()
            .then(|| i64::from(digit - b'0') * if negative { -1 } else { 1 })
    };
    digits.bytes().try_fold(0_i64, |number, digit| {
        number.checked_mul(10)?.checked_add(signed(digit)?)
    })
}

/// Reads digits with an optional sign and point.
pub(crate) fn parse(text: &str) -> Option<Decimal> {
    let (digits, negative) = unsigned(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let scale = if digits.contains('.') { fraction.len() } else { 0 };
    let fraction = if scale == 0 { "" } else { fraction };
    if whole.is_empty() || digits.ends_with('.') {
        return None;
    }
    build(
        whole.bytes().chain(fraction.bytes()),
        i32::try_from(scale).ok()?,
        negative,
    )
}

/// The decimal with the digits that the number is written with.
pub(crate) fn from_json(number: &Number) -> Option<Decimal> {
    if let Some(integer) = number.as_i64() {
        return Some(Decimal::from(integer));
    }
    let mut text = Buffer::default();
    write!(text, "{number}").ok()?;
    let (mantissa, exponent) = match text.as_str().split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, i32::try_from(parse_integer(exponent)?).ok()?),
        None => (text.as_str(), 0),
    };
    let (digits, negative) = unsigned(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    build(whole.bytes().chain(fraction.bytes()), scale, negative)
}

fn unsigned(text: &str) -> (&str, bool) {
    match text.strip_prefix(['+', '-']) {
        Some(digits) => (digits, text.starts_with('-')),
        None => (text, false),
    }
}

/// The number of these digits, so many of them after the point. `None` for other characters, and out of range.
fn build(digits: impl Iterator<Item = u8>, scale: i32, negative: bool) -> Option<Decimal> {
    let mut mantissa = 0_i128;
    for digit in digits {
        digit.is_ascii_digit().then_some(())?;
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    // More zeros than a decimal can hold are out of range anyway.
    for _ in 0..scale.saturating_neg().clamp(0, 40) {
        mantissa = mantissa.checked_mul(10)?;
    }
    let mantissa = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, scale.max(0).unsigned_abs()).ok()
}

/// The shortest decimal that reads back as this number; `None` for infinities and what is out of range.
pub(crate) fn from_f64(number: f64) -> Option<Decimal> {
    from_json(&Number::from_f64(number)?)
}

/// The nearest number, or one beside it where there are more digits than the type can hold.
pub(crate) fn to_f64(decimal: Decimal) -> f64 {
    // Powers of ten up to the 22nd are exact.
    let power = (0..decimal.scale()).fold(1.0_f64, |power, _| power * 10.0);
    decimal.mantissa() as f64 / power
}

/// A whole number as a JSON integer, any other as the JSON number of its first fifteen digits, which is exact.
pub(crate) fn to_json(decimal: Decimal) -> serde_json::Value {
    if decimal.scale() == 0
        && let Some(integer) = decimal.to_i64()
    {
        return integer.into();
    }
    let mut short = decimal.normalize();
    while short.scale() > 0 && short.mantissa().unsigned_abs() > MOST_EXACT {
        short = round(short, short.scale() - 1);
    }
    Number::from_f64(to_f64(short)).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// The greatest number of fifteen digits: two of them are never the same binary number.
const MOST_EXACT: u128 = 999_999_999_999_999;

// Each operation is here once: the library's own are inlined wherever they are used, at a kilobyte apiece.

#[inline(never)]
pub(crate) fn add(left: Decimal, right: Decimal) -> Option<Decimal> {
    left.checked_add(right)
}

pub(crate) fn subtract(left: Decimal, right: Decimal) -> Option<Decimal> {
    add(left, -right)
}

#[inline(never)]
pub(crate) fn multiply(left: Decimal, right: Decimal) -> Option<Decimal> {
    left.checked_mul(right)
}

#[inline(never)]
pub(crate) fn divide(left: Decimal, right: Decimal) -> Option<Decimal> {
    left.checked_div(right)
}

#[inline(never)]
pub(crate) fn remainder(left: Decimal, right: Decimal) -> Option<Decimal> {
    left.checked_rem(right)
}

/// `value * numerator / denominator`. Multiplying first keeps what ends exactly exact; where that is too large, the
/// ratio must do.
pub(crate) fn scaled(value: Decimal, numerator: Decimal, denominator: Decimal) -> Option<Decimal> {
    match multiply(value, numerator) {
        Some(product) => divide(product, denominator),
        None => multiply(value, divide(numerator, denominator)?),
    }
}

/// Halves go away from zero.
#[inline(never)]
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
        add(decimal, half)?
    } else {
        subtract(decimal, half)?
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
            result = multiply(result, square)?;
        }
        rest >>= 1;
        if rest > 0 {
            square = multiply(square, square)?;
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
            ("1.5E3", "1500.0"),
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
