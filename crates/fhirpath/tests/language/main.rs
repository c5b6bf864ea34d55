//! What expressions mean, by tables: an expression beside its result as JSON, or the beginning of its error.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod forms;
mod operators;
mod paths;
mod subjects;

use fhirpath::{Context, DateTime, Expression};
use serde_json::Value as Json;

/// Evaluates each expression on `resource` and compares.
fn check(resource: &Json, table: &[(&str, &str)]) {
    let now = DateTime::parse("2024-06-01T12:00:00.000+02:00").unwrap();
    let mut wrong = Vec::new();
    for (source, expected) in table {
        let found = match Expression::parse(source) {
            Err(error) => format!("cannot be read: {error}"),
            Ok(expression) => match expression.evaluate(&Context::new(resource).at(now)) {
                Err(error) => format!("cannot be evaluated: {error}"),
                Ok(result) => Json::from(result.to_json()).to_string(),
            },
        };
        let same = match expected.strip_suffix("...") {
            Some(beginning) => found.starts_with(beginning),
            None => {
                let json = |text: &str| serde_json::from_str::<Json>(text).ok();
                json(&found).is_some() && json(&found) == json(expected)
            }
        };
        if !same {
            wrong.push(format!("{source}\n    gave {found}\n    for  {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
