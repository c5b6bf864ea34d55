//! The answers that a question offers: `answerOption`, or a value set that travels within the questionnaire.

use rust_decimal::Decimal;
use serde_json::Value;

use super::json::{self, Object};
use super::{ChoiceOption, Kind};
use crate::{Answer, Coding, number};

pub(super) fn option(raw: &Object, kind: Kind) -> Option<ChoiceOption> {
    let answer = Answer::from_fhir(kind, "value", raw)?;
    let coding = raw.get("valueCoding").and_then(Value::as_object);
    let score = score(raw).or_else(|| coding.and_then(score));
    let prefix = |raw| {
        json::extension(raw, "questionnaire-optionPrefix")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    Some(ChoiceOption {
        display: answer.to_string(),
        prefix: prefix(raw).or_else(|| coding.and_then(prefix)),
        score,
        exclusive: json::extension(raw, "questionnaire-optionExclusive")
            .and_then(json::boolean)
            .unwrap_or(false),
        answer,
    })
}

/// The options of a value set that travels within the questionnaire.
pub(super) fn contained(root: &Object, url: &str) -> Vec<ChoiceOption> {
    let Some(id) = url.strip_prefix('#') else {
        return Vec::new();
    };
    let mut sets = json::objects(root, "contained");
    let Some(set) = sets.find(|set| json::text(set, "id") == Some(id)) else {
        return Vec::new();
    };
    let nested = |name| set.get(name).and_then(Value::as_object);
    let expanded = nested("expansion")
        .into_iter()
        .flat_map(|e| json::objects(e, "contains"));
    let mut options: Vec<_> = expanded
        .filter_map(|raw| concept(raw, json::text(raw, "system")))
        .collect();
    if options.is_empty() {
        for include in nested("compose")
            .into_iter()
            .flat_map(|c| json::objects(c, "include"))
        {
            let system = json::text(include, "system");
            options.extend(json::objects(include, "concept").filter_map(|raw| concept(raw, system)));
        }
    }
    options
}

fn concept(raw: &Object, system: Option<&str>) -> Option<ChoiceOption> {
    let code = json::text(raw, "code")?;
    let coding = Coding {
        system: system.map(str::to_owned),
        code: Some(code.to_owned()),
        display: json::text(raw, "display").map(str::to_owned),
        ..Coding::default()
    };
    let display = coding.text().to_owned();
    let answer = Answer::Coding(Box::new(coding));
    Some(ChoiceOption {
        answer,
        display,
        prefix: None,
        score: score(raw),
        exclusive: false,
    })
}

/// What an extension on this object says that it counts.
pub(crate) fn score(raw: &Object) -> Option<Decimal> {
    ["itemWeight", "ordinalValue", "questionnaire-ordinalValue"]
        .iter()
        .find_map(|name| json::extension(raw, name).and_then(number::from_json))
}
