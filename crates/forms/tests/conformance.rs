//! Real forms, real responses and the cases of two validators, where the test data is at hand: its folder is named by the
//! environment variable `FHIR_CORPUS`. The forms of this repository are always there. The example `conformance` prints
//! the same with every failure.

#![cfg(not(target_arch = "wasm32"))]

#[allow(dead_code, reason = "the property tests use more of it")]
mod actions;
#[allow(
    dead_code,
    clippy::print_stdout,
    reason = "the example prints and counts, the test only asks"
)]
#[path = "../examples/corpus/checks.rs"]
mod checks;
#[path = "../examples/corpus/validators.rs"]
mod validators;

use std::path::PathBuf;

fn judge(report: &checks::Report) {
    report.print();
    assert!(report.is_good(), "{} has failures without a reason", report.name);
}

#[test]
fn the_forms_of_this_repository_come_back_as_they_were() {
    judge(&checks::own());
}

#[test]
fn real_forms_and_responses_come_back_as_they_were() {
    let Some(corpus) = std::env::var_os("FHIR_CORPUS").map(PathBuf::from) else {
        eprintln!("passed over: FHIR_CORPUS does not name the folder of the test data");
        return;
    };
    judge(&checks::forms(&corpus));
    judge(&checks::responses(&corpus));
    judge(&validators::cases(&corpus));
}
