//! Forms and responses: opens, takes answers, saves, reopens identically, loses nothing.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use forms::{Form, Setting, Status};
use serde_json::{Value, json};

use crate::actions::{act, difference};

const KNOWN_MISSES: &str = include_str!("../../known-misses.json");

/// What a set of cases came to.
pub struct Report {
    pub name: &'static str,
    pub passed: usize,
    /// Case and reason.
    pub failed: Vec<(String, String)>,
    /// Case and why it is right.
    pub known: Vec<(String, String)>,
}

impl Report {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            passed: 0,
            failed: Vec::new(),
            known: Vec::new(),
        }
    }

    pub fn note(&mut self, case: &str, verdict: Result<(), String>) {
        let misses: Value = serde_json::from_str(KNOWN_MISSES).unwrap_or_default();
        let reason = misses.as_array().into_iter().flatten().find_map(|miss| {
            let is = miss["set"] == self.name && miss["case"] == case;
            is.then(|| miss["reason"].as_str().unwrap_or_default().to_owned())
        });
        match (verdict, reason) {
            (Ok(()), _) => self.passed += 1,
            (Err(_), Some(reason)) => self.known.push((case.to_owned(), reason)),
            (Err(reason), None) => self.failed.push((case.to_owned(), reason)),
        }
    }

    pub fn is_good(&self) -> bool {
        self.failed.is_empty() && self.passed > 0
    }

    pub fn print(&self) {
        let all = self.passed + self.failed.len() + self.known.len();
        println!("{}: {} of {all} passed", self.name, self.passed);
        for (case, reason) in &self.known {
            println!("  known   {case}: {reason}");
        }
        for (case, reason) in &self.failed {
            let reason: String = reason.chars().take(1_500).collect();
            println!("  FAILED  {case}: {reason}");
        }
    }

    pub fn to_json(&self) -> Value {
        let list = |list: &[(String, String)]| -> Vec<Value> {
            list.iter()
                .map(|(case, reason)| json!({ "case": case, "reason": reason }))
                .collect()
        };
        json!({ "set": self.name, "passed": self.passed, "failed": list(&self.failed), "known": list(&self.known) })
    }
}

pub fn read(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The JSON files of a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    files
}

pub fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Runs a check; a panic is a failure.
pub fn caught(check: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Err(format!("panicked: {}", words.unwrap_or_default()))
    })
}

/// Opens a form, does this and that with it, and sees that it is the same when it is saved and opened again: on the
/// way, and at the end.
fn fill_in(questionnaire: &Value, steps: usize) -> Result<(), String> {
    let mut form = Form::open(questionnaire).map_err(|error| error.to_string())?;
    let mut number = 42_u64;
    for step in 0..=steps {
        if step % (steps / 2).max(1) == 0
            && let Some(difference) = difference(questionnaire, &form)
        {
            return Err(format!("after {step} steps: {difference}"));
        }
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        act(&mut form, (number >> 33) as usize, (number >> 17) as usize);
    }
    Ok(())
}

/// The forms of this repository.
pub fn own() -> Report {
    let mut report = Report::new("own forms");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    for path in files(&folder) {
        let verdict = caught(|| {
            let questionnaire = read(&path)?;
            let form = Form::open(&questionnaire).map_err(|error| error.to_string())?;
            if let Some(lack) = form.not_supported().first() {
                return Err(format!("{}: {}", lack.feature, lack.meaning));
            }
            fill_in(&questionnaire, 60)
        });
        report.note(&name(&path), verdict);
    }
    report
}

/// Every form of the corpus opens, takes answers, saves and reopens identically.
pub fn forms(corpus: &Path) -> Report {
    let mut report = Report::new("corpus forms");
    for path in files(&corpus.join("questionnaires")) {
        let verdict = caught(|| fill_in(&read(&path)?, 24));
        report.note(&name(&path), verdict);
    }
    report
}

/// Every real response comes out as it went in, or is set aside beside what comes out.
pub fn responses(corpus: &Path) -> Report {
    let mut report = Report::new("responses");
    let manifest = std::fs::read_to_string(corpus.join("manifest.csv")).unwrap_or_default();
    for path in files(&corpus.join("responses")) {
        let file = name(&path);
        let row = manifest
            .lines()
            .find(|line| line.starts_with(&format!("responses/{file},")));
        let form = row.and_then(|row| {
            row.split([',', '"'])
                .find(|cell| cell.starts_with("questionnaires/"))
        });
        let Some(form) = form else { continue };
        let verdict = caught(|| {
            let (questionnaire, response) = (read(&corpus.join(form))?, read(&path)?);
            let now = forms::DateTime::parse("2026-11-23T08:00:00+01:00");
            let setting = now.map_or_else(Setting::new, |now| Setting::new().at(now));
            let form = Form::resume_in(&questionnaire, &response, &Value::Null, setting)
                .map_err(|error| error.to_string())?;
            let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
            answers(&response, "", &mut before);
            answers(&form.response(Status::InProgress), "", &mut after);
            answers(&form.set_aside(), "", &mut after);
            let lost: Vec<String> = before
                .into_iter()
                .filter(|(answer, count)| after.get(answer).copied().unwrap_or(0) < *count)
                .map(|((link_id, value), _)| format!("{link_id}: {value}"))
                .collect();
            if lost.is_empty() {
                Ok(())
            } else {
                Err(format!("lost {}", lost.join("; ")))
            }
        });
        report.note(&file, verdict);
    }
    report
}

/// How often each answer is there, by link id and value; numbers as numbers, whatever their zeros.
fn answers(json: &Value, link_id: &str, found: &mut BTreeMap<(String, String), usize>) {
    match json {
        Value::Array(list) => list.iter().for_each(|each| answers(each, link_id, found)),
        Value::Object(object) => {
            let named = object
                .get("linkId")
                .or_else(|| object.get("item"))
                .and_then(Value::as_str);
            let link_id = named.unwrap_or(link_id);
            for (name, value) in object {
                if name.starts_with("value") && name != "valueSet" {
                    *found.entry((link_id.to_owned(), plain(value))).or_default() += 1;
                } else {
                    answers(value, link_id, found);
                }
            }
        }
        _ => {}
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Number(number) => number.as_f64().unwrap_or_default().to_string(),
        // Some programs write numbers as texts; they are read as what they are.
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) => number.to_string(),
            Err(_) => text.clone(),
        },
        other => other.to_string(),
    }
}
