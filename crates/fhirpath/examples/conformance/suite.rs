//! HL7's suite for R4: `fhirpath/tests-*.json` with the resources in `fhirpath/input`.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use fhirpath::{Context, DateTime, Expression, Value};
use serde_json::Value as Json;

use crate::report::{KnownMisses, Report};

pub fn run(corpus: &Path, known: &KnownMisses) -> Result<Report, Box<dyn Error>> {
    let mut report = Report::new("suite", 98.0);
    let mut inputs = HashMap::new();
    for entry in fs::read_dir(corpus.join("fhirpath/input"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        inputs.insert(name, serde_json::from_str::<Json>(&fs::read_to_string(&path)?)?);
    }
    for entry in fs::read_dir(corpus.join("fhirpath"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let tests: Vec<Json> = serde_json::from_str(&fs::read_to_string(&path)?)?;
            for test in &tests {
                let text = |key: &str| test[key].as_str().unwrap_or_default();
                let input = inputs.get(text("input"));
                let id = format!("{}/{}", text("group"), text("name"));
                report.note(known, id, text("expr"), check(test, text("expr"), input));
            }
        }
    }
    Ok(report)
}

fn check(test: &Json, source: &str, input: Option<&Json>) -> Result<(), String> {
    let must_fail = test["invalid"].is_string();
    let expression = match Expression::parse(source) {
        Ok(expression) => expression,
        Err(_) if must_fail => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let kind = input.and_then(|input| input["resourceType"].as_str());
    if test["invalid"] == "semantic" && !expression.strict_problems(kind).is_empty() {
        return Ok(());
    }
    let context = input.map_or_else(Context::empty, Context::new);
    let now = DateTime::parse("2024-06-01T12:00:00.000+02:00").ok_or("no clock")?;
    let result = expression.evaluate(&context.at(now));
    let values = match (result, must_fail) {
        (Err(_), true) => return Ok(()),
        (Err(error), false) => return Err(error.to_string()),
        (Ok(values), true) => return Err(format!("an error was due, found {:?}", values.to_json())),
        (Ok(values), false) => values,
    };
    let expected = test["outputs"].as_array().map_or(&[][..], Vec::as_slice);
    let found: Vec<_> = values.iter().map(shown).collect();
    let same = found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(found, expected)| is(found, expected));
    if same {
        Ok(())
    } else {
        Err(format!("found {found:?}, expected {expected:?}"))
    }
}

/// The type and the text of a value.
fn shown(value: &Value<'_>) -> (String, String) {
    let text = match value.system() {
        Value::Date(_) | Value::DateTime(_) => format!("@{}", plain(value)),
        Value::Time(_) => format!("@T{}", plain(value)),
        Value::Decimal(number) => number.to_string(),
        Value::Quantity(quantity) => quantity.to_string(),
        _ => plain(value),
    };
    (value.type_info().name.to_owned(), text)
}

fn plain(value: &Value<'_>) -> String {
    match value.system().to_json() {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

/// The suite writes the names of system types like those of FHIR, in lower case.
fn is((kind, text): &(String, String), expected: &Json) -> bool {
    let right_type = expected["type"]
        .as_str()
        .is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind));
    right_type && expected["value"].as_str() == Some(text)
}
