//! One answer, typed: read from what a user types and from FHIR's `answer` elements, and written as the latter.

use std::{cmp::Ordering, fmt};

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::{Date, DateTime, Kind, Time, definition::json, number};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Boolean(bool),
    Integer(i32),
    Decimal(Decimal),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    String(String),
    Uri(String),
    Coding(Box<Coding>),
    Quantity(Box<Quantity>),
    /// What was typed and cannot be an answer to its question. It is kept, shown and marked, and never sent.
    Invalid(String),
    /// FHIR's `Attachment`, as it is.
    Attachment(Box<Map<String, Value>>),
    /// FHIR's `Reference`, as it is.
    Reference(Box<Map<String, Value>>),
    /// A kind of value that this crate does not look into, carried through unchanged.
    Other(Box<Value>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
    pub display: Option<String>,
    /// Every other member, as it came.
    pub other: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub value: Decimal,
    pub unit: Option<String>,
    pub system: Option<String>,
    pub code: Option<String>,
    /// Every other member, as it came.
    pub other: Map<String, Value>,
}

impl Answer {
    /// What a text field's content says as an answer to a question of this kind; `None` when it is blank.
    /// Content that is no such answer is [`Answer::Invalid`].
    pub fn read(kind: Kind, text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return None;
        }
        let trimmed = text.trim();
        let read = match kind {
            Kind::String | Kind::Text | Kind::OpenChoice => Some(Self::String(text.to_owned())),
            Kind::Url => (!trimmed.contains(char::is_whitespace)).then(|| Self::Uri(trimmed.to_owned())),
            Kind::Integer => trimmed.replace('\u{2212}', "-").parse().ok().map(Self::Integer),
            Kind::Decimal => number::from_text(trimmed).map(Self::Decimal),
            Kind::Date => Date::parse(trimmed).map(Self::Date),
            Kind::DateTime => DateTime::parse(trimmed).map(Self::DateTime),
            Kind::Time => Time::parse(trimmed).map(Self::Time),
            Kind::Boolean => trimmed.parse().ok().map(Self::Boolean),
            Kind::Quantity => {
                number::from_text(trimmed).map(|value| Self::Quantity(Box::new(Quantity::new(value))))
            }
            Kind::Choice => Some(Self::Coding(Box::new(Coding {
                display: Some(text.to_owned()),
                ..Coding::default()
            }))),
            Kind::Reference => (!trimmed.contains(char::is_whitespace)).then(|| {
                let mut reference = Map::new();
                json::set(&mut reference, "reference", trimmed);
                Self::Reference(Box::new(reference))
            }),
            Kind::Group | Kind::Display | Kind::Attachment | Kind::Below | Kind::Unsupported => None,
        };
        Some(read.unwrap_or_else(|| Self::Invalid(text.to_owned())))
    }

    /// The `value[x]` of this answer: its name and content. `None` for what cannot be sent.
    pub fn to_fhir(&self) -> Option<(&'static str, Value)> {
        Some(match self {
            Self::Boolean(value) => ("valueBoolean", Value::from(*value)),
            Self::Integer(value) => ("valueInteger", Value::from(*value)),
            Self::Decimal(value) => ("valueDecimal", number::to_json(*value)),
            Self::Date(value) => ("valueDate", Value::from(value.as_str())),
            Self::DateTime(value) => ("valueDateTime", Value::from(value.as_str())),
            Self::Time(value) => ("valueTime", Value::from(value.as_str())),
            Self::String(value) => ("valueString", Value::from(value.as_str())),
            Self::Uri(value) => ("valueUri", Value::from(value.as_str())),
            Self::Coding(value) => ("valueCoding", value.to_fhir()),
            Self::Quantity(value) => ("valueQuantity", value.to_fhir()),
            Self::Attachment(value) => ("valueAttachment", Value::Object((**value).clone())),
            Self::Reference(value) => ("valueReference", Value::Object((**value).clone())),
            Self::Invalid(_) | Self::Other(_) => return None,
        })
    }

    /// Reads the `value[x]` (or `answer[x]`, `initial[x]`) of `holder`; `None` where there is none.
    /// Integers are read as decimals, and dates as moments, where the question is of that kind.
    pub(crate) fn from_fhir(kind: Kind, prefix: &str, holder: &Map<String, Value>) -> Option<Self> {
        let (name, value) = holder.iter().find(|(name, value)| {
            let rest = name.strip_prefix(prefix);
            !value.is_null() && rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })?;
        let text = value.as_str();
        let read = match &name[prefix.len()..] {
            "Boolean" => json::boolean(value).map(Self::Boolean),
            "Integer" | "Decimal" if kind == Kind::Decimal => number::from_json(value).map(Self::Decimal),
            "Decimal" if kind == Kind::Integer => number::from_json(value).and_then(whole).map(Self::Integer),
            "Integer" => number::from_json(value).and_then(whole).map(Self::Integer),
            "Decimal" => number::from_json(value).map(Self::Decimal),
            "Date" if kind == Kind::DateTime => text.and_then(DateTime::parse).map(Self::DateTime),
            "Date" => text.and_then(Date::parse).map(Self::Date),
            "DateTime" => text.and_then(DateTime::parse).map(Self::DateTime),
            "Time" => text.and_then(Time::parse).map(Self::Time),
            "String" => text.map(|text| Self::String(text.to_owned())),
            "Uri" | "Url" => text.map(|text| Self::Uri(text.to_owned())),
            "Coding" => value
                .as_object()
                .map(|o| Self::Coding(Box::new(Coding::from_fhir(o)))),
            "Quantity" => value
                .as_object()
                .and_then(Quantity::from_fhir)
                .map(|q| Self::Quantity(Box::new(q))),
            "Attachment" => value.as_object().map(|o| Self::Attachment(Box::new(o.clone()))),
            "Reference" => value.as_object().map(|o| Self::Reference(Box::new(o.clone()))),
            _ => None,
        };
        Some(read.unwrap_or_else(|| Self::Other(Box::new(json::lone(name, value.clone())))))
    }

    pub fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid(_))
    }

    /// `None` where the two cannot be compared: values of different kinds, other units, an unknown day.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(left), Self::Boolean(right)) => (left == right).then_some(Ordering::Equal),
            (Self::Date(left), Self::Date(right)) => left.compare(right),
            (Self::DateTime(left), Self::DateTime(right)) => left.compare(right),
            (Self::DateTime(left), Self::Date(right)) => left.compare(&DateTime::from_date(right)),
            (Self::Date(left), Self::DateTime(right)) => DateTime::from_date(left).compare(right),
            (Self::Time(left), Self::Time(right)) => Some(left.compare(right)),
            (Self::String(left) | Self::Uri(left), Self::String(right) | Self::Uri(right)) => {
                Some(left.cmp(right))
            }
            (Self::Coding(left), Self::Coding(right)) => left.is(right).then_some(Ordering::Equal),
            (Self::Quantity(left), Self::Quantity(right)) => left.compare(right),
            _ => Some(self.number()?.cmp(&other.number()?)),
        }
    }

    /// The number in it, without its unit.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some(Decimal::from(*value)),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }
}

/// As a text field or a summary shows it.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(true) => f.write_str("Yes"),
            Self::Boolean(false) => f.write_str("No"),
            Self::Integer(value) => value.fmt(f),
            Self::Decimal(value) => value.normalize().fmt(f),
            Self::Date(value) => value.fmt(f),
            Self::DateTime(value) => value.fmt(f),
            Self::Time(value) => value.fmt(f),
            Self::String(value) | Self::Uri(value) | Self::Invalid(value) => f.write_str(value),
            Self::Coding(value) => f.write_str(value.text()),
            Self::Quantity(value) => value.value.normalize().fmt(f),
            Self::Attachment(value) => f.write_str(
                ["title", "url", "contentType"]
                    .iter()
                    .find_map(|name| value.get(*name)?.as_str())
                    .unwrap_or("Attachment"),
            ),
            Self::Reference(value) => f.write_str(
                ["display", "reference"]
                    .iter()
                    .find_map(|name| value.get(*name)?.as_str())
                    .unwrap_or("Reference"),
            ),
            Self::Other(_) => f.write_str("(kept, not shown)"),
        }
    }
}

impl Coding {
    /// The words for it: its display, else its code.
    pub fn text(&self) -> &str {
        self.display
            .as_deref()
            .or(self.code.as_deref())
            .unwrap_or_default()
    }

    /// Whether both name the same concept. A coding that names no system is taken at its code.
    pub fn is(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (None, None) => self.display == other.display,
            (left, right) => left == right && agree(&self.system, &other.system),
        }
    }

    pub(crate) fn from_fhir(object: &Map<String, Value>) -> Self {
        let mut other = object.clone();
        let system = take_text(&mut other, "system");
        let code = take_text(&mut other, "code");
        let display = take_text(&mut other, "display");
        Self {
            system,
            code,
            display,
            other,
        }
    }

    pub(crate) fn to_fhir(&self) -> Value {
        let mut object = self.other.clone();
        put_text(&mut object, "system", &self.system);
        put_text(&mut object, "code", &self.code);
        put_text(&mut object, "display", &self.display);
        Value::Object(object)
    }
}

impl Quantity {
    pub fn new(value: Decimal) -> Self {
        Self {
            value,
            unit: None,
            system: None,
            code: None,
            other: Map::new(),
        }
    }

    /// The same number in the unit that `unit` names.
    pub fn in_unit(mut self, unit: &Coding) -> Self {
        self.unit = Some(unit.text().to_owned());
        self.system.clone_from(&unit.system);
        self.code.clone_from(&unit.code);
        self
    }

    fn same_unit(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(left), Some(right)) => left == right && agree(&self.system, &other.system),
            _ => self.unit == other.unit,
        }
    }

    /// In one unit, or in two that UCUM converts into each other.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.same_unit(other) {
            return Some(self.value.cmp(&other.value));
        }
        let (left, right) = (self.code.as_deref()?, other.code.as_deref()?);
        fhirpath::Quantity::new(self.value, left).compare(&fhirpath::Quantity::new(other.value, right))
    }

    pub(crate) fn from_fhir(object: &Map<String, Value>) -> Option<Self> {
        let mut other = object.clone();
        let value = number::from_json(&other.remove("value")?)?;
        let unit = take_text(&mut other, "unit");
        let system = take_text(&mut other, "system");
        let code = take_text(&mut other, "code");
        Some(Self {
            value,
            unit,
            system,
            code,
            other,
        })
    }

    fn to_fhir(&self) -> Value {
        let mut object = self.other.clone();
        json::set(&mut object, "value", number::to_json(self.value));
        put_text(&mut object, "unit", &self.unit);
        put_text(&mut object, "system", &self.system);
        put_text(&mut object, "code", &self.code);
        Value::Object(object)
    }
}

fn whole(number: Decimal) -> Option<i32> {
    number.to_string().parse().ok()
}

fn agree(left: &Option<String>, right: &Option<String>) -> bool {
    left == right || left.is_none() || right.is_none()
}

fn take_text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    match object.remove(name) {
        Some(Value::String(text)) => Some(text),
        Some(other) => {
            json::set(object, name, other);
            None
        }
        None => None,
    }
}

fn put_text(object: &mut Map<String, Value>, name: &str, text: &Option<String>) {
    if let Some(text) = text {
        json::set(object, name, text.as_str());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_typed_becomes_an_answer_or_stays_as_it_is() {
        for (kind, text, value) in [
            (Kind::Integer, " 12 ", json!({"valueInteger": 12})),
            (Kind::Decimal, "37,20", json!({"valueDecimal": 37.2})),
            (Kind::Date, "2026-11-23", json!({"valueDate": "2026-11-23"})),
            (Kind::Time, "09:30", json!({"valueTime": "09:30:00"})),
            (Kind::String, " as typed ", json!({"valueString": " as typed "})),
            (Kind::Quantity, "5", json!({"valueQuantity": {"value": 5}})),
            (
                Kind::Choice,
                "Other",
                json!({"valueCoding": {"display": "Other"}}),
            ),
        ] {
            let (name, fhir) = Answer::read(kind, text).unwrap().to_fhir().unwrap();
            assert_eq!(json!({ name: fhir }), value, "{text}");
        }
        for (kind, text) in [
            (Kind::Integer, "twelve"),
            (Kind::Integer, "1.5"),
            (Kind::Integer, "99999999999"),
            (Kind::Decimal, "1.2.3"),
            (Kind::Date, "2026-02-30"),
            (Kind::Time, "25:00"),
            (Kind::Url, "a b"),
        ] {
            assert_eq!(
                Answer::read(kind, text),
                Some(Answer::Invalid(text.to_owned())),
                "{text}"
            );
        }
        assert_eq!(Answer::read(Kind::Text, " \n"), None);
    }

    #[test]
    fn an_answer_survives_the_way_through_fhir() {
        for (kind, value) in [
            (Kind::Decimal, json!({"valueDecimal": 58.3})),
            (
                Kind::Choice,
                json!({"valueCoding": {"system": "s", "code": "c", "display": "d", "version": "2", "x": [1]}}),
            ),
            (
                Kind::Quantity,
                json!({"valueQuantity": {"value": 1.5, "unit": "kg", "code": "kg", "comparator": "<"}}),
            ),
            (
                Kind::DateTime,
                json!({"valueDateTime": "2026-11-23T10:00:00+01:00"}),
            ),
        ] {
            let (name, fhir) = Answer::from_fhir(kind, "value", value.as_object().unwrap())
                .unwrap()
                .to_fhir()
                .unwrap();
            assert_eq!(json!({ name: fhir }), value);
        }
    }
}
