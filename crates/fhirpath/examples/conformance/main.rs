//! Measures the crate against HL7's FHIRPath test suite, and against recorded results of another engine.
//!
//! ```text
//! cargo run --release -p fhirpath --example conformance -- [--corpus DIR] [--json]
//! ```
//!
//! The test data lies outside of the project: its folder comes from `--corpus` or from the environment variable
//! `FHIR_CORPUS`. Each failure is printed with its reason; those in `known-misses.json` carry one that was written
//! down. The exit code is not zero where less than 98 % of the suite passes, or a difference has no reason.

#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

mod oracle;
mod report;
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;

use report::{KnownMisses, Report};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut corpus = std::env::var_os("FHIR_CORPUS").map(PathBuf::from);
    let mut json = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--corpus" => corpus = arguments.next().map(PathBuf::from),
            "--json" => json = true,
            other => return Err(format!("unknown argument {other}; see the head of this example").into()),
        }
    }
    let Some(corpus) = corpus else {
        println!("no corpus: name its folder with --corpus DIR or in FHIR_CORPUS");
        return Ok(ExitCode::SUCCESS);
    };
    let known: KnownMisses = KnownMisses::read()?;
    let reports = [suite::run(&corpus, &known)?, oracle::run(&corpus, &known)?];
    if json {
        println!(
            "{}",
            serde_json::Value::from_iter(reports.iter().map(|report| (report.name, report.to_json())))
        );
    } else {
        reports.iter().for_each(Report::print);
    }
    let good = reports.iter().all(Report::is_good);
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
