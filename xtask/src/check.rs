//! `cargo xtask check`: formatting and lints, for the machine and for the browser.

use anyhow::Result;

use crate::process::{command, run};
use crate::test::Report;
use crate::tools;

/// The packages that run in the browser; the crates that they use are linted with them.
const IN_BROWSER: [&str; 8] = [
    "--target",
    "wasm32-unknown-unknown",
    "-p",
    "mobile-assessments",
    "-p",
    "kdf-worker",
    "-p",
    "form-page",
];
const STRICT: [&str; 3] = ["--", "-D", "warnings"];

pub fn check() -> Result<bool> {
    tools::wasm_target()?;
    let mut report = Report::default();
    report.part("formatting", |_| {
        run(command("cargo").args(["fmt", "--all", "--check"]))
    });
    report.part("lints", |_| {
        run(command("cargo")
            .args(["clippy", "--workspace", "--all-targets"])
            .args(STRICT))?;
        // Not among all targets, because a plain `cargo test` leaves it out.
        run(command("cargo")
            .args(["clippy", "--workspace", "--test", "e2e"])
            .args(STRICT))
    });
    report.part("lints for the browser", |_| {
        run(command("cargo")
            .arg("clippy")
            .args(IN_BROWSER)
            .arg("--all-targets")
            .args(STRICT))
    });
    Ok(report.print())
}
