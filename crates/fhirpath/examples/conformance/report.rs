//! What was passed and what was not, each failure with its reason.

use serde_json::{Value as Json, json};

/// The misses that are known, from `known-misses.json` beside the crate's manifest.
pub struct KnownMisses(Vec<Json>);

impl KnownMisses {
    pub fn read() -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self(serde_json::from_str(include_str!(
            "../../known-misses.json"
        ))?))
    }

    /// The reason that is written down for this test: by its id or by its expression.
    fn reason(&self, set: &str, id: &str, expression: &str) -> Option<String> {
        let miss = self.0.iter().find(|miss| {
            let text = |key: &str| miss.get(key).and_then(Json::as_str);
            text("set") == Some(set) && (text("id") == Some(id) || text("expression") == Some(expression))
        })?;
        miss.get("reason").and_then(Json::as_str).map(str::to_owned)
    }
}

struct Failure {
    id: String,
    expression: String,
    found: String,
    reason: Option<String>,
}

pub struct Report {
    pub name: &'static str,
    /// The least part of all tests that must pass, in per cent.
    threshold: f64,
    passed: usize,
    failures: Vec<Failure>,
}

impl Report {
    pub fn new(name: &'static str, threshold: f64) -> Self {
        Self {
            name,
            threshold,
            passed: 0,
            failures: Vec::new(),
        }
    }

    /// Takes note of one test; `Err` says what was found instead.
    pub fn note(&mut self, known: &KnownMisses, id: String, expression: &str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(found) => {
                let reason = known.reason(self.name, &id, expression);
                self.failures.push(Failure {
                    id,
                    expression: expression.to_owned(),
                    found,
                    reason,
                });
            }
        }
    }

    fn percent(&self) -> f64 {
        let total = self.passed + self.failures.len();
        if total == 0 {
            0.0
        } else {
            100.0 * self.passed as f64 / total as f64
        }
    }

    /// Enough passes, and every failure has a reason.
    pub fn is_good(&self) -> bool {
        self.percent() >= self.threshold && self.failures.iter().all(|failure| failure.reason.is_some())
    }

    pub fn print(&self) {
        let total = self.passed + self.failures.len();
        println!(
            "{}: {} of {total} passed, {:.2} % (wanted: {} %)",
            self.name,
            self.passed,
            self.percent(),
            self.threshold
        );
        for failure in &self.failures {
            println!("  {} | {}", failure.id, failure.expression.replace('\n', " "));
            println!("    {}", failure.found);
            println!(
                "    {}",
                failure.reason.as_deref().unwrap_or("NO REASON IS WRITTEN DOWN")
            );
        }
    }

    pub fn to_json(&self) -> Json {
        let failures = self.failures.iter().map(|failure| {
            json!({ "id": failure.id, "expression": failure.expression, "found": failure.found, "reason": failure.reason })
        });
        json!({ "passed": self.passed, "failed": self.failures.len(), "percent": self.percent(),
            "threshold": self.threshold, "good": self.is_good(), "failures": failures.collect::<Vec<_>>() })
    }
}
