//! A place in a resource: an element with the name it was reached by and the object that holds it.

use serde_json::{Map, Value as Json};

use super::{Quantity, Value};
use crate::decimal;
use crate::temporal::{Date, DateTime, Time};
use crate::types;

/// An element of a resource, borrowed from its JSON.
///
/// FHIR's JSON keeps the extensions of a primitive element beside it, under its name with an underscore; a node knows
/// its parent, and so finds them.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    json: &'a Json,
    parent: Option<&'a Map<String, Json>>,
    name: &'a str,
}

/// Stands for a primitive element that has extensions and no value.
static NO_VALUE: Json = Json::Null;

impl<'a> Node<'a> {
    /// The top of a resource, or any JSON object to begin with.
    pub fn root(json: &'a Json) -> Self {
        Self {
            json,
            parent: None,
            name: "",
        }
    }

    /// The JSON of the element; `null` for a primitive that has extensions and no value.
    pub fn json(&self) -> &'a Json {
        self.json
    }

    /// The name of the element in the JSON: `valueCoding` also where it was reached as `value`. Empty at the top.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The object that the element stands in.
    pub fn parent(&self) -> Option<&'a Map<String, Json>> {
        self.parent
    }

    /// The element of this name right below; where there are several, the one at this position.
    pub fn element(&self, name: &str, position: usize) -> Option<Node<'a>> {
        let object = self.json.as_object()?;
        let (name, json) = object.get_key_value(name)?;
        let json = match json {
            Json::Array(items) => items.get(position)?,
            json => Some(json).filter(|_| position == 0)?,
        };
        (!json.is_null()).then_some(Node {
            json,
            parent: Some(object),
            name,
        })
    }

    /// The name of the element's FHIR type, as far as it can be told without the definitions of all resources.
    pub fn type_name(&self) -> &'a str {
        types::of_node(self)
    }

    /// Whether both are the same place in the same resource.
    pub(crate) fn is_same_place(&self, other: &Node<'_>) -> bool {
        std::ptr::eq(self.json, other.json) && !self.json.is_null()
    }

    /// Whether nothing is below: a primitive element without an id or extensions.
    pub(crate) fn is_leaf(&self) -> bool {
        !matches!(self.json, Json::Object(_)) && self.sibling().is_none()
    }

    /// The elements of this name: `value` also finds `valueCoding`.
    pub(crate) fn children_named(&self, name: &'a str, found: &mut dyn FnMut(Node<'a>)) {
        let Json::Object(object) = self.json else {
            let beside = self.sibling();
            if let Some((parent, json)) = beside.and_then(|beside| Some((beside, beside.get(name)?))) {
                spread(parent, name, json, found);
            }
            return;
        };
        if let Some(json) = object.get(name) {
            return spread(object, name, json, found);
        }
        for (key, json) in object {
            if let Some(rest) = key.strip_prefix(name)
                && types::is_choice_suffix(rest)
            {
                return spread(object, key, json, found);
            }
            if let Some(beside) = key.strip_prefix('_')
                && (beside == name || beside.strip_prefix(name).is_some_and(types::is_choice_suffix))
            {
                return without_value(object, beside, json, found);
            }
        }
    }

    /// Every element directly below, in the order of the JSON.
    pub(crate) fn children(&self, found: &mut dyn FnMut(Node<'a>)) {
        let (object, is_element) = match self.json {
            Json::Object(object) => (object, true),
            _ => match self.sibling() {
                Some(object) => (object, false),
                None => return,
            },
        };
        for (key, json) in object {
            match key.strip_prefix('_') {
                Some(beside) if object.contains_key(beside) => {}
                Some(beside) => without_value(object, beside, json, found),
                None if is_element && key == "resourceType" => {}
                None => spread(object, key, json, found),
            }
        }
    }

    /// For a primitive element: the object beside it with its id and extensions.
    fn sibling(&self) -> Option<&'a Map<String, Json>> {
        // A value that stands alone, as most answers do, has nothing beside it.
        let parent = self
            .parent
            .filter(|parent| parent.len() > 1 || self.json.is_null())?;
        let (_, beside) = parent
            .iter()
            .find(|(key, _)| key.strip_prefix('_') == Some(self.name))?;
        let Json::Array(siblings) = beside else {
            return beside.as_object();
        };
        let values = parent.get(self.name)?.as_array()?;
        let position = values.iter().position(|value| std::ptr::eq(value, self.json))?;
        siblings.get(position)?.as_object()
    }

    /// The value of a primitive element, or of a Quantity; `None` for other elements.
    pub(crate) fn system(&self) -> Option<Value<'a>> {
        match self.json {
            Json::Bool(value) => Some(Value::Boolean(*value)),
            Json::Number(number) => match number.as_i64() {
                Some(integer) if self.name != "valueDecimal" => Some(Value::Integer(integer)),
                _ => decimal::from_json(number).map(Value::Decimal),
            },
            Json::String(text) => Some(self.temporal(text).unwrap_or(Value::String(text.as_str().into()))),
            Json::Object(object)
                if types::looks_like_quantity(object) && types::is_quantity(self.type_name()) =>
            {
                Quantity::from_fhir(object).map(Value::from)
            }
            _ => None,
        }
    }

    /// The date or time in a text, if the element's type says that it is one.
    fn temporal(&self, text: &str) -> Option<Value<'a>> {
        if !types::looks_temporal(text) {
            return None;
        }
        match self.type_name() {
            "date" => Date::parse(text).map(Value::Date),
            "dateTime" | "instant" => DateTime::parse(text).map(Value::DateTime),
            "time" => Time::parse(text).map(Value::Time),
            _ => None,
        }
    }
}

fn spread<'a>(parent: &'a Map<String, Json>, name: &'a str, json: &'a Json, found: &mut dyn FnMut(Node<'a>)) {
    match json {
        Json::Null => {}
        Json::Array(items) => {
            for json in items {
                let node = Node {
                    json,
                    parent: Some(parent),
                    name,
                };
                // A `null` in a list only keeps the place of a value that has extensions instead.
                if !json.is_null() || node.sibling().is_some() {
                    found(node);
                }
            }
        }
        json => found(Node {
            json,
            parent: Some(parent),
            name,
        }),
    }
}

/// An element that only its extensions (`beside`, under the underscore) speak of.
fn without_value<'a>(
    parent: &'a Map<String, Json>,
    name: &'a str,
    beside: &'a Json,
    found: &mut dyn FnMut(Node<'a>),
) {
    if beside.as_object().is_some_and(|object| !object.is_empty()) {
        found(Node {
            json: &NO_VALUE,
            parent: Some(parent),
            name,
        });
    }
}
