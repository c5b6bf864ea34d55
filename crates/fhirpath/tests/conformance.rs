//! HL7's suite and the recorded results of another engine, where the test data is at hand: its folder is named by the
//! environment variable `FHIR_CORPUS`. The example `conformance` prints the same with every failure.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../examples/conformance/oracle.rs"]
mod oracle;
#[allow(
    dead_code,
    clippy::print_stdout,
    reason = "the example prints and counts, the test only asks"
)]
#[path = "../examples/conformance/report.rs"]
mod report;
#[path = "../examples/conformance/suite.rs"]
mod suite;

use std::path::PathBuf;

use report::{KnownMisses, Report};

fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("FHIR_CORPUS").map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("passed over: FHIR_CORPUS does not name the folder of the test data");
    }
    corpus
}

fn judge(report: &Report) {
    report.print();
    assert!(
        report.is_good(),
        "{} has failures without a reason, or too many",
        report.name
    );
}

#[test]
fn the_suite_of_hl7_passes_but_for_misses_with_a_reason() {
    let Some(corpus) = corpus() else { return };
    judge(&suite::run(&corpus, &KnownMisses::read().unwrap()).unwrap());
}

#[test]
fn expressions_of_real_forms_give_what_another_engine_gave() {
    let Some(corpus) = corpus() else { return };
    judge(&oracle::run(&corpus, &KnownMisses::read().unwrap()).unwrap());
}
