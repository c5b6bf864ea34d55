//! The cases of two validators: where they agree on accepting or rejecting a response, so do we, and complain of the
//! same.

use std::path::Path;

use forms::{Form, Severity};
use serde_json::{Value, json};

use crate::checks::{Report, caught, name, read};

pub fn cases(corpus: &Path) -> Report {
    let mut report = Report::new("validator cases");
    let entries = std::fs::read_dir(corpus.join("pairs"))
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    for folder in folders {
        // Cases about the questionnaire alone, or one that is not there, ask nothing of a form.
        if !folder.join("response.json").exists() || !folder.join("questionnaire.json").exists() {
            continue;
        }
        report.note(&name(&folder), caught(|| case(&folder)));
    }
    report
}

/// What a validator said: the codes of what it rejects.
struct Verdict {
    rejects: bool,
    codes: Vec<String>,
}

fn verdict(folder: &Path, file: &str) -> Option<Verdict> {
    let outcome = read(&folder.join(file)).ok()?;
    let issues = outcome["issue"].as_array().cloned().unwrap_or_default();
    let wrong = issues
        .into_iter()
        .filter(|issue| matches!(issue["severity"].as_str(), Some("error" | "fatal")));
    let codes: Vec<Option<String>> = wrong
        .map(|issue| issue["details"]["coding"][0]["code"].as_str().map(str::to_owned))
        .collect();
    Some(Verdict {
        rejects: !codes.is_empty(),
        codes: codes.into_iter().flatten().collect(),
    })
}

fn case(folder: &Path) -> Result<(), String> {
    let (questionnaire, response) = (
        read(&folder.join("questionnaire.json"))?,
        read(&folder.join("response.json"))?,
    );
    let form = Form::resume(&questionnaire, &response, &Value::Null).map_err(|error| error.to_string())?;
    let mut ours: Vec<&str> = form.misfits().iter().map(|misfit| misfit.rule.code()).collect();
    let problems = form.problems();
    ours.extend(problems.iter().map(|problem| problem.rule.code()));
    let warned = form.warnings();
    assert!(warned.iter().all(|problem| problem.severity == Severity::Warning));

    let first = verdict(folder, "expected-brianpos-dotnet.json");
    let second = verdict(folder, "expected-hl7-java-validator.json");
    let agreed = match (&first, &second) {
        (Some(first), Some(second)) if first.rejects != second.rejects => return Ok(()),
        (Some(verdict), _) | (None, Some(verdict)) => verdict,
        (None, None) => return Ok(()),
    };
    if agreed.rejects == ours.is_empty() {
        return Err(format!(
            "they {}, we find {}",
            if agreed.rejects { "reject" } else { "accept" },
            json!(ours)
        ));
    }
    let missing: Vec<&String> = agreed
        .codes
        .iter()
        .filter(|code| !ours.contains(&code.as_str()))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "they say {}, we say {}",
            json!(agreed.codes),
            json!(ours)
        ))
    }
}
