//! Lenient looks into FHIR JSON: a wrong type reads as an absent member, `"true"` as true, a lone value as a list of one.

use serde_json::{Map, Value};

pub(crate) type Object = Map<String, Value>;

pub(crate) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

pub(crate) fn flag(object: &Object, name: &str) -> bool {
    object.get(name).and_then(boolean).unwrap_or(false)
}

pub(crate) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.trim().is_empty())
}

/// The deepest JSON that is looked into: four levels for each level of items that is opened, and what hangs below.
const MAX_DEPTH: usize = 512;

/// Whether JSON nests so deeply that copying it might exhaust a browser's stack.
pub(crate) fn is_too_deep(value: &Value) -> bool {
    let mut waiting = vec![(value, 0)];
    while let Some((value, depth)) = waiting.pop() {
        if depth > MAX_DEPTH {
            return true;
        }
        match value {
            Value::Array(list) => waiting.extend(list.iter().map(|value| (value, depth + 1))),
            Value::Object(object) => waiting.extend(object.values().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    false
}

/// A count; what is more than this machine can count is as many as it can.
pub(crate) fn size(value: &Value) -> Option<usize> {
    let count = match value {
        Value::String(text) => text.trim().parse().ok(),
        _ => value.as_u64(),
    };
    count.map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}

/// Objects in a row. A list of its own, so that what goes through it is compiled for one kind of row, and small.
pub(crate) type Objects<'a> = std::vec::IntoIter<&'a Object>;

/// The objects in a list; of a lone object, that object.
#[inline(never)]
pub(crate) fn objects<'a>(object: &'a Object, name: &str) -> Objects<'a> {
    let list: &[Value] = match object.get(name) {
        Some(Value::Array(list)) => list,
        Some(lone) => std::slice::from_ref(lone),
        None => &[],
    };
    let found: Vec<&Object> = list.iter().filter_map(Value::as_object).collect();
    found.into_iter()
}

/// The extensions of `object` whose URL ends in `/name`.
#[inline(never)]
pub(crate) fn extensions<'a>(object: &'a Object, name: &str) -> Objects<'a> {
    // Most items have none, and are asked for many.
    if !object.contains_key("extension") {
        return Vec::new().into_iter();
    }
    let mut all: Vec<&Object> = objects(object, "extension").collect();
    all.retain(|extension| {
        let url = text(extension, "url").unwrap_or_default();
        url.strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    });
    all.into_iter()
}

/// The `value[x]` of the first extension of that name.
#[inline(never)]
pub(crate) fn extension<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    extensions(object, name).find_map(value)
}

/// The texts that the extensions of that name hold.
#[inline(never)]
pub(crate) fn texts<'a>(object: &'a Object, name: &str) -> Vec<&'a str> {
    extensions(object, name)
        .filter_map(|extension| value(extension)?.as_str())
        .collect()
}

/// The `value[x]` of the part of an extension that has exactly that URL.
pub(crate) fn part<'a>(extension: &'a Object, url: &str) -> Option<&'a Value> {
    let mut parts = objects(extension, "extension");
    parts.find(|part| text(part, "url") == Some(url)).and_then(value)
}

/// Puts a member into an object, in the place of what has its name.
pub(crate) fn set(object: &mut Object, name: &str, content: impl Into<Value>) {
    put(object, name, content.into());
}

#[inline(never)]
fn put(object: &mut Object, name: &str, content: Value) {
    object.insert(name.to_owned(), content);
}

/// An object of one member.
pub(crate) fn lone(name: &str, content: impl Into<Value>) -> Value {
    let mut object = Object::new();
    put(&mut object, name, content.into());
    Value::Object(object)
}

/// An extension of this address: `name` is a `value[x]`, or `extension` where it has parts.
pub(crate) fn extended(url: &str, name: &str, content: impl Into<Value>) -> Value {
    let mut extension = Object::new();
    put(&mut extension, "url", url.into());
    put(&mut extension, name, content.into());
    Value::Object(extension)
}

/// Takes out of a list of extensions those that are not to stay. What is no list is left alone.
pub(crate) fn retain_extensions(object: &mut Object, keep: impl FnMut(&Value) -> bool) {
    let Some(Value::Array(list)) = object.get_mut("extension") else {
        return;
    };
    list.retain(keep);
    if list.is_empty() {
        object.remove("extension");
    }
}

/// The `value[x]` of `holder`.
pub(crate) fn value(holder: &Object) -> Option<&Value> {
    holder
        .iter()
        .find(|(name, _)| name.starts_with("value") && name.len() > 5)
        .map(|(_, value)| value)
}

/// The codes of a CodeableConcept, or of a lone code.
pub(crate) fn codes(value: &Value) -> Vec<&str> {
    match value {
        Value::String(code) => vec![code],
        Value::Object(concept) if concept.contains_key("coding") => objects(concept, "coding")
            .filter_map(|coding| text(coding, "code"))
            .collect(),
        Value::Object(coding) => text(coding, "code").into_iter().collect(),
        _ => Vec::new(),
    }
}
