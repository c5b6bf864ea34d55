//! A number with a unit: comparing, adding and multiplying, with the conversion of units that this takes.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use crate::decimal;
use crate::temporal::CalendarUnit;
use crate::ucum;

/// A number with a unit. The unit is a UCUM code (`mg`), or one of FHIRPath's words for calendar durations (`days`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity<'a> {
    /// The number.
    pub value: Decimal,
    /// The unit; `1` where there is none.
    pub unit: Cow<'a, str>,
}

const UCUM_SYSTEM: &str = "http://unitsofmeasure.org";

impl<'a> Quantity<'a> {
    /// A quantity of this value and unit.
    pub fn new(value: Decimal, unit: impl Into<Cow<'a, str>>) -> Self {
        Self {
            value,
            unit: unit.into(),
        }
    }

    /// Reads a FHIR Quantity. Codes of calendar durations become the words, as FHIR says: 3 `a` is 3 years.
    pub(crate) fn from_fhir(object: &'a Map<String, Json>) -> Option<Self> {
        let value = match object.get("value")? {
            Json::Number(number) => decimal::from_json(number)?,
            Json::String(text) => decimal::parse(text)?,
            _ => return None,
        };
        let text = |name: &str| object.get(name).and_then(Json::as_str);
        let code = text("code");
        let unit = match code {
            Some("a") if text("system") == Some(UCUM_SYSTEM) => "year",
            Some("mo") if text("system") == Some(UCUM_SYSTEM) => "month",
            _ => code.or(text("unit")).unwrap_or("1"),
        };
        Some(Self::new(value, unit))
    }

    pub(crate) fn to_json(&self) -> Json {
        let code = match self.calendar() {
            Some(unit) => unit.ucum(),
            None => &self.unit,
        };
        let mut object = Map::new();
        object.insert("value".to_owned(), decimal::to_json(self.value));
        for (name, text) in [
            ("unit", self.unit.as_ref()),
            ("system", UCUM_SYSTEM),
            ("code", code),
        ] {
            object.insert(name.to_owned(), text.into());
        }
        Json::Object(object)
    }

    /// Reads `4 days`, `10 'mg'` or `5`.
    pub(crate) fn parse(text: &str) -> Option<Quantity<'static>> {
        let signed = text.trim();
        let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-');
        let end = signed.find(|c| !digits(c)).unwrap_or(signed.len());
        let value = decimal::parse(&signed[..end])?;
        let unit = signed[end..].trim_start();
        let unit = match unit.strip_prefix('\'') {
            Some(quoted) => quoted
                .strip_suffix('\'')
                .filter(|code| !code.is_empty() && !code.contains('\''))?,
            None if unit.is_empty() => "1",
            None => CalendarUnit::from_keyword(unit).map(|_| unit)?,
        };
        Some(Quantity::new(value, unit.to_owned()))
    }

    /// The calendar duration that the unit is a word for.
    pub(crate) fn calendar(&self) -> Option<CalendarUnit> {
        CalendarUnit::from_keyword(&self.unit)
    }

    /// The unit with which a date can be moved: a word, or a UCUM code of the same length.
    pub(crate) fn duration(&self) -> Option<CalendarUnit> {
        self.calendar().or_else(|| CalendarUnit::from_ucum(&self.unit))
    }

    fn same_unit(&self, other: &Self) -> bool {
        let words = self.calendar().zip(other.calendar());
        self.unit == other.unit || words.is_some_and(|(left, right)| left == right)
    }

    /// The value in another unit, where one can be converted to the other.
    fn value_in(&self, unit: &str) -> Option<Decimal> {
        if self.unit == unit {
            return Some(self.value);
        }
        match (self.calendar(), CalendarUnit::from_keyword(unit)) {
            (Some(from), Some(to)) => convert_calendar(self.value, from, to),
            (Some(from), None) if exact(from) => ucum::convert(self.value, from.ucum(), unit),
            (None, Some(to)) if exact(to) => ucum::convert(self.value, &self.unit, to.ucum()),
            (None, None) => ucum::convert(self.value, &self.unit, unit),
            _ => None,
        }
    }

    /// The quantity in another unit; years and months become UCUM's mean ones when they are asked for by name.
    pub(crate) fn convert(&self, unit: &str) -> Option<Quantity<'static>> {
        let value = self.value_in(unit).or_else(|| {
            let from = self.calendar()?;
            let to = [CalendarUnit::Year, CalendarUnit::Month]
                .into_iter()
                .find(|to| to.ucum() == unit)?;
            convert_calendar(self.value, from, to)
        })?;
        Some(Quantity::new(value, unit.to_owned()))
    }

    /// Which of both is less, units converted; `None` where the units cannot be compared.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.value.cmp(&other.value_in(&self.unit)?))
    }

    /// Equal after rounding, in the coarser of both units.
    pub(crate) fn equivalent(&self, other: &Self) -> bool {
        let mean = |quantity: &Self| match quantity.calendar() {
            Some(unit) => Quantity::new(quantity.value, unit.ucum().to_owned()),
            None => Quantity::new(quantity.value, quantity.unit.clone().into_owned()),
        };
        let (left, right) = (mean(self), mean(other));
        let finer = Quantity::new(Decimal::ONE, right.unit.clone()).value_in(&left.unit);
        let pair = match finer {
            Some(factor) if factor <= Decimal::ONE => {
                right.value_in(&left.unit).map(|value| (left.value, value))
            }
            Some(_) => left.value_in(&right.unit).map(|value| (value, right.value)),
            None => None,
        };
        pair.is_some_and(|(left, right)| decimal::equivalent(left, right))
    }

    /// The sum in the finer of both units; `None` where one cannot be converted to the other.
    pub(crate) fn add(&self, other: &Self) -> Option<Quantity<'a>> {
        if self.same_unit(other) {
            return Some(Quantity {
                value: decimal::add(self.value, other.value)?,
                unit: self.unit.clone(),
            });
        }
        let inexact = |quantity: &Self| quantity.calendar().is_some_and(|unit| !exact(unit));
        if inexact(self) || inexact(other) {
            return None;
        }
        let factor = Quantity::new(Decimal::ONE, other.unit.clone()).value_in(&self.unit)?;
        let (value, unit) = match factor < Decimal::ONE {
            true => (
                decimal::add(self.value_in(&other.unit)?, other.value)?,
                &other.unit,
            ),
            false => (decimal::add(self.value, other.value_in(&self.unit)?)?, &self.unit),
        };
        Some(Quantity {
            value,
            unit: unit.clone(),
        })
    }

    pub(crate) fn negate(&self) -> Quantity<'a> {
        Quantity {
            value: -self.value,
            unit: self.unit.clone(),
        }
    }

    /// Product (`exponent` 1) or quotient (-1); calendar durations have none but with a plain number.
    pub(crate) fn multiply(&self, other: &Self, exponent: i32) -> Option<Quantity<'a>> {
        let value = match exponent {
            1 => decimal::multiply(self.value, other.value)?,
            _ => decimal::divide(self.value, other.value)?,
        };
        if other.unit == "1" {
            return Some(Quantity {
                value,
                unit: self.unit.clone(),
            });
        }
        if self.calendar().is_some() || other.calendar().is_some() {
            return None;
        }
        let (unit, factor) = ucum::multiply(&self.unit, &other.unit, exponent)?;
        Some(Quantity {
            value: decimal::multiply(value, factor)?,
            unit: Cow::Owned(unit),
        })
    }
}

/// Years and months have no fixed length.
fn exact(unit: CalendarUnit) -> bool {
    unit > CalendarUnit::Month
}

fn convert_calendar(value: Decimal, from: CalendarUnit, to: CalendarUnit) -> Option<Decimal> {
    let (from, to) = match (from, to) {
        (CalendarUnit::Year, CalendarUnit::Month) => (12, 1),
        (CalendarUnit::Month, CalendarUnit::Year) => (1, 12),
        _ => (from.nanoseconds(), to.nanoseconds()),
    };
    decimal::scaled(value, Decimal::from(from), Decimal::from(to))
}

impl fmt::Display for Quantity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calendar() {
            Some(_) => write!(f, "{} {}", self.value, self.unit),
            None => write!(f, "{} '{}'", self.value, self.unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity<'static> {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn quantities_of_one_kind_compare_in_a_common_unit() {
        use Ordering::{Equal, Greater, Less};
        let table = [
            ("4 'g'", "4000 'mg'", Some(Equal)),
            ("1 'cm'", "1 'm'", Some(Less)),
            ("1 'cm'", "1 's'", None),
            ("23 'Cel'", "73.4 '[degF]'", Some(Equal)),
            ("7 days", "1 week", Some(Equal)),
            ("1 week", "7 'd'", Some(Equal)),
            ("1 hour", "3600 's'", Some(Equal)),
            ("1 year", "12 months", Some(Equal)),
            ("1 year", "1 'a'", None),
            ("1 'a'", "1 year", None),
            ("6 months", "1 year", Some(Less)),
            ("10 seconds", "1 's'", Some(Greater)),
            ("2 'puffs'", "3 'puffs'", Some(Less)),
            ("2 'puffs'", "3 'drops'", None),
        ];
        for (left, right, expected) in table {
            assert_eq!(
                quantity(left).compare(&quantity(right)),
                expected,
                "{left} with {right}"
            );
        }
    }

    #[test]
    fn equivalence_rounds_in_the_coarser_unit() {
        let table = [
            ("21 'mm'", "2 'cm'", true),
            ("4 'g'", "4040 'mg'", true),
            ("1 '[in_i]'", "2.5 'cm'", true),
            ("1 year", "1 'a'", true),
            ("1 year", "11 months", true),
            ("1 year", "5 months", false),
            ("1 'cm'", "1 's'", false),
        ];
        for (left, right, expected) in table {
            assert_eq!(
                quantity(left).equivalent(&quantity(right)),
                expected,
                "{left} with {right}"
            );
            assert_eq!(
                quantity(right).equivalent(&quantity(left)),
                expected,
                "{right} with {left}"
            );
        }
    }

    #[test]
    fn sums_are_in_the_finer_unit() {
        let sum = |left: &str, right: &str| quantity(left).add(&quantity(right)).map(|sum| sum.to_string());
        assert_eq!(sum("3 'm'", "3 'cm'").unwrap(), "303 'cm'");
        assert_eq!(sum("3 'cm'", "3 'm'").unwrap(), "303 'cm'");
        assert_eq!(sum("2 minutes", "60 seconds").unwrap(), "180 seconds");
        assert_eq!(sum("1 day", "2 days").unwrap(), "3 day");
        assert_eq!(sum("1 year", "12 months"), None);
        assert_eq!(sum("2", "2 'cm'"), None);
    }

    #[test]
    fn products_have_the_product_of_the_units() {
        let times = |left: &str, right: &str, exponent| {
            quantity(left)
                .multiply(&quantity(right), exponent)
                .map(|product| product.to_string())
        };
        assert_eq!(times("12 'cm'", "3 'cm'", 1).unwrap(), "36 'cm2'");
        assert_eq!(times("2.0 'cm'", "2.0 'm'", 1).unwrap(), "400.00 'cm2'");
        assert_eq!(times("10 'm/s'", "10 's'", 1).unwrap(), "100 'm'");
        assert_eq!(times("120 'm'", "60 's'", -1).unwrap(), "2 'm/s'");
        assert_eq!(times("60", "1 's'", -1).unwrap(), "60 '/s'");
        assert_eq!(times("60 's'", "2", -1).unwrap(), "30 's'");
        assert_eq!(times("1.0 'm'", "1.0 'm'", -1).unwrap(), "1 '1'");
        assert_eq!(times("12 days", "45 'm'", 1), None);
    }

    #[test]
    fn only_quantities_are_read_as_quantities() {
        for text in ["", "1.a", "1 'mg", "1 ''", "1 fortnight", "'mg'", "1 'm' 2"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
        assert_eq!(quantity("1 'wk'").unit, "wk");
        assert_eq!(quantity("4 days").to_string(), "4 days");
    }
}
