//! The ordered collection that every expression results in. Nearly all hold none or one value, and those need no
//! memory of their own.

use serde_json::Value as Json;

use super::Value;

/// An ordered collection of values: the result of an expression.
#[derive(Clone, Debug, Default)]
pub struct Collection<'a>(Repr<'a>);

#[derive(Clone, Debug, Default)]
enum Repr<'a> {
    #[default]
    Empty,
    One(Value<'a>),
    Many(Vec<Value<'a>>),
}

impl<'a> Collection<'a> {
    /// A collection without a value.
    pub fn new() -> Self {
        Self(Repr::Empty)
    }

    /// A collection without a value that will take about so many.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        if capacity > 1 {
            Self(Repr::Many(Vec::with_capacity(capacity)))
        } else {
            Self::new()
        }
    }

    /// The values in order.
    pub fn as_slice(&self) -> &[Value<'a>] {
        match &self.0 {
            Repr::Empty => &[],
            Repr::One(value) => std::slice::from_ref(value),
            Repr::Many(values) => values,
        }
    }

    /// The values in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Value<'a>> {
        self.as_slice().iter()
    }

    /// The number of values.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first value.
    pub fn first(&self) -> Option<&Value<'a>> {
        self.as_slice().first()
    }

    /// The one value; `None` if there is none, or more than one.
    pub fn single(&self) -> Option<&Value<'a>> {
        match &self.0 {
            Repr::One(value) => Some(value),
            Repr::Many(values) if values.len() == 1 => values.first(),
            _ => None,
        }
    }

    /// What the collection means as a condition: the one Boolean, `true` for one value of another kind, `None` for
    /// no value or several.
    pub fn as_condition(&self) -> Option<bool> {
        self.single().map(|value| value.as_bool().unwrap_or(true))
    }

    /// Every value as FHIR JSON.
    pub fn to_json(&self) -> Vec<Json> {
        self.iter().map(Value::to_json).collect()
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: Value<'a>) {
        match &mut self.0 {
            Repr::Empty => self.0 = Repr::One(value),
            Repr::Many(values) => values.push(value),
            Repr::One(_) => {
                let Repr::One(first) = std::mem::take(&mut self.0) else {
                    return;
                };
                let mut values = Vec::with_capacity(8);
                values.push(first);
                values.push(value);
                self.0 = Repr::Many(values);
            }
        }
    }
}

impl<'a> From<Value<'a>> for Collection<'a> {
    fn from(value: Value<'a>) -> Self {
        Self(Repr::One(value))
    }
}

impl<'a> From<Option<Value<'a>>> for Collection<'a> {
    fn from(value: Option<Value<'a>>) -> Self {
        Self(value.map_or(Repr::Empty, Repr::One))
    }
}

impl<'a> From<Vec<Value<'a>>> for Collection<'a> {
    fn from(values: Vec<Value<'a>>) -> Self {
        Self(Repr::Many(values))
    }
}

impl<'a> From<&'a Json> for Collection<'a> {
    fn from(json: &'a Json) -> Self {
        Self(Repr::One(json.into()))
    }
}

impl<'a> FromIterator<Value<'a>> for Collection<'a> {
    fn from_iter<I: IntoIterator<Item = Value<'a>>>(values: I) -> Self {
        let mut collection = Self::new();
        collection.extend(values);
        collection
    }
}

impl<'a> Extend<Value<'a>> for Collection<'a> {
    fn extend<I: IntoIterator<Item = Value<'a>>>(&mut self, values: I) {
        for value in values {
            self.push(value);
        }
    }
}

impl<'a> IntoIterator for Collection<'a> {
    type Item = Value<'a>;
    type IntoIter = IntoIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(match self.0 {
            Repr::Empty => Rest::One(None),
            Repr::One(value) => Rest::One(Some(value)),
            Repr::Many(values) => Rest::Many(values.into_iter()),
        })
    }
}

/// The values of a collection, one after the other.
#[derive(Debug)]
pub struct IntoIter<'a>(Rest<'a>);

#[derive(Debug)]
enum Rest<'a> {
    One(Option<Value<'a>>),
    Many(std::vec::IntoIter<Value<'a>>),
}

impl<'a> Iterator for IntoIter<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        match &mut self.0 {
            Rest::One(value) => value.take(),
            Rest::Many(values) => values.next(),
        }
    }
}

impl<'a, 'c> IntoIterator for &'c Collection<'a> {
    type Item = &'c Value<'a>;
    type IntoIter = std::slice::Iter<'c, Value<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_in_the_order_they_went_in() {
        for count in [0_i64, 1, 2, 9] {
            let collection: Collection<'_> = (0..count).map(Value::Integer).collect();
            assert_eq!(collection.len() as i64, count);
            let out: Vec<i64> = collection
                .into_iter()
                .filter_map(|value| value.as_integer())
                .collect();
            assert_eq!(out, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_condition_is_one_boolean_or_any_one_value() {
        assert_eq!(Collection::new().as_condition(), None);
        assert_eq!(
            Collection::from(Value::Boolean(false)).as_condition(),
            Some(false)
        );
        assert_eq!(Collection::from(Value::Integer(0)).as_condition(), Some(true));
        let two: Collection<'_> = [Value::Boolean(true), Value::Boolean(true)].into_iter().collect();
        assert_eq!(two.as_condition(), None);
    }
}
