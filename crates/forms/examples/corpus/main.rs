//! Holds the engine against real forms, real responses and the cases of two validators, and against the forms of this
//! repository, which are always there.
//!
//! `cargo run -p forms --example corpus` reads the test data from the folder that the environment variable
//! `FHIR_CORPUS` names, and passes over it where there is none. `--json` is for machines. Each failure is printed with
//! its reason; it ends with an error where one is not in `known-misses.json`.

#![allow(clippy::print_stdout, reason = "an example for the command line")]

#[allow(dead_code, reason = "the property tests use more of it")]
#[path = "../../tests/actions/mod.rs"]
mod actions;
mod checks;
mod validators;

use std::path::PathBuf;
use std::process::ExitCode;

use checks::Report;
use serde_json::{Value, json};

fn main() -> ExitCode {
    let as_json = std::env::args().any(|word| word == "--json");
    let corpus = std::env::var_os("FHIR_CORPUS").map(PathBuf::from);
    // A failure of one form is a line of the report.
    std::panic::set_hook(Box::new(|_| {}));
    let mut reports = vec![checks::own()];
    match &corpus {
        Some(corpus) => {
            reports.push(checks::forms(corpus));
            reports.push(checks::responses(corpus));
            reports.push(validators::cases(corpus));
        }
        None => eprintln!("passed over: FHIR_CORPUS does not name the folder of the test data"),
    }
    if as_json {
        let reports: Vec<Value> = reports.iter().map(Report::to_json).collect();
        println!("{}", json!(reports));
    } else {
        reports.iter().for_each(Report::print);
    }
    match reports.iter().all(Report::is_good) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
