//! `cargo xtask test`: everything that is tested, part by part, with a line for each at the end.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::browsers::{self, Browsers};
use crate::postgres::{self, Commits, Postgres};
use crate::process::{command, run_reading, shown_duration};
use crate::tools::{self, Tools};
use crate::{bench, project, run, web};

pub fn all() -> Result<bool> {
    // The quick installations first: if one is refused, nobody has waited for the long ones.
    let browsers = Browsers::ensure()?;
    let postgres = postgres::ensure()?;
    let tools = tools::ensure()?;
    let mut report = Report::default();
    report.part("native tests", |counts| {
        cargo_test(
            command("cargo").args(["test", "--workspace", "--no-fail-fast"]),
            counts,
        )
    });
    if let Ok(programs) = &postgres {
        report.part("the same on PostgreSQL", |counts| {
            let server = Postgres::start(programs, Commits::Quick)?;
            let mut test = command("cargo");
            // `--workspace`, so that its dependencies are the ones that are built already.
            test.args(["test", "--workspace", "--test", "api", "--no-fail-fast"]);
            cargo_test(server.name_to(&mut test), counts)
        });
    }
    in_pages(&tools, &browsers, &mut report)?;
    let built = report.part("build of the whole", |_| {
        web::build_with(&tools)?;
        run::build(&["main-app"])
    });
    report.part("size of the first visit", |_| match built {
        true => bench::keep_to_budget(&project::dist()),
        false => bail!("not measured: the build failed"),
    });
    report.part("end-to-end tests", |counts| match built {
        true => end_to_end(&browsers, None, counts),
        false => bail!("not run: the build failed"),
    });
    let passed = report.print();
    println!("\n{} passed, {} failed", report.sum.passed, report.sum.failed);
    say_passed_over(&browsers);
    if let Err(why) = postgres {
        println!("passed over: the main application on PostgreSQL; it was tested on SQLite only. {why}");
    }
    Ok(passed)
}

/// The end-to-end tests alone, or those of them whose name contains `filter`.
pub fn e2e(filter: Option<&str>) -> Result<bool> {
    let browsers = Browsers::ensure()?;
    web::build()?;
    run::build(&["main-app"])?;
    let mut report = Report::default();
    report.part("end-to-end tests", |counts| end_to_end(&browsers, filter, counts));
    let passed = report.print();
    say_passed_over(&browsers);
    Ok(passed)
}

/// The tests that are compiled for the browser, in each of them.
fn in_pages(tools: &Tools, browsers: &Browsers, report: &mut Report) -> Result<()> {
    let firefox = browsers.firefox.as_ref();
    browsers::write_webdriver_json(
        &browsers.chromium.program,
        firefox.map(|firefox| firefox.program.as_path()),
    )?;
    let test = |what: &[&str], variable: &str, driver: &Path| {
        let mut test = command("cargo");
        test.arg("test")
            .args(what)
            .args(["--target", "wasm32-unknown-unknown"])
            // What does not say where it runs would run in Node.js.
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &tools.test_runner)
            // In seconds; the runner's own 20 are short on a busy machine.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        // The runner takes the first driver that it finds a variable for.
        for other in ["CHROMEDRIVER", "GECKODRIVER", "SAFARIDRIVER"] {
            test.env_remove(other);
        }
        test.env(variable, driver);
        test
    };
    let web = ["-p", "mobile-assessments", "--test", "web"];
    report.part("in Chromium's pages", |counts| {
        cargo_test(&mut test(&web, "CHROMEDRIVER", &browsers.chromium.driver), counts)
    });
    // The engine's own tests, where numbers and the stack are a browser's: in one of them.
    let engine = ["-p", "fhirpath", "-p", "forms", "--tests", "--no-fail-fast"];
    report.part("the form engine in wasm", |counts| {
        cargo_test(
            &mut test(&engine, "CHROMEDRIVER", &browsers.chromium.driver),
            counts,
        )
    });
    if let Some(firefox) = firefox {
        report.part("in Firefox's pages", |counts| {
            cargo_test(&mut test(&web, "GECKODRIVER", &firefox.driver), counts)
        });
    }
    if let Some((webkit, screen)) = &browsers.webkit {
        report.part("in WebKit's pages", |counts| {
            // WebKit's drivers ask alike, and without a wish this one opens MiniBrowser.
            let mut test = test(&web, "SAFARIDRIVER", &webkit.driver);
            screen.name_to(&mut test);
            cargo_test(&mut test, counts)
        });
    }
    Ok(())
}

/// So many journeys that failed beside all others are tried once more, alone; of more, something is broken.
const TRIED_AGAIN: usize = 3;

/// Three browsers at a time are much for a small machine, and a driver or a browser sometimes gives in. A journey that failed
/// is tried once more, alone, and where it passes then the report says so: it is not steady, and wants looking at.
fn end_to_end(browsers: &Browsers, filter: Option<&str>, counts: &mut Counts) -> Result<()> {
    tools::npm_packages()?;
    let words: Vec<&str> = filter.into_iter().chain(browsers.skips()).collect();
    let first = journeys(browsers, &words, counts);
    let failed = std::mem::take(&mut counts.names);
    if first.is_ok() || failed.is_empty() || failed.len() > TRIED_AGAIN {
        return first;
    }
    for name in failed {
        println!("\n==> once more, alone: {name}");
        let mut again = Counts::default();
        journeys(browsers, &["--exact", &name], &mut again)
            .with_context(|| format!("{name} failed twice"))?;
        counts.failed -= again.passed;
        counts.passed += again.passed;
        counts.unsteady.push(name);
    }
    Ok(())
}

/// `--workspace`, so that its dependencies are the ones that the native tests have built already.
fn journeys(browsers: &Browsers, words: &[&str], counts: &mut Counts) -> Result<()> {
    let mut test = command("cargo");
    browsers.name_to(&mut test);
    test.args(["test", "--workspace", "--test", "e2e", "--"])
        .args(words);
    cargo_test(with_whole(&mut test)?, counts)
}

fn say_passed_over(browsers: &Browsers) {
    for sentence in &browsers.passed_over {
        println!("passed over: {sentence}");
    }
}

/// Tells a program of the tests' package where the parts of the whole lie.
pub fn with_whole(command: &mut Command) -> Result<&mut Command> {
    Ok(command
        .env("MAIN_APP", project::program("main-app")?)
        .env("DIST", project::dist())
        .env("AXE", project::axe())
        // Writes the service worker of another version, for the tests of an update.
        .env("XTASK", std::env::current_exe()?))
}

fn cargo_test(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let passed = run_reading(command, |line| counts.read(line))?;
    match (passed, counts.passed) {
        (false, _) => bail!("some failed"),
        (true, 0) => bail!("no test ran"),
        (true, _) => Ok(()),
    }
}

#[derive(Debug, Default, PartialEq)]
pub struct Counts {
    passed: u32,
    failed: u32,
    /// The tests that failed, by name.
    names: Vec<String>,
    /// Those that passed only when they were tried again.
    unsteady: Vec<String>,
}

impl Counts {
    /// Takes "test result: ok. 3 passed; 1 failed; 0 ignored; …" and "test name ... FAILED", and leaves every other line
    /// alone.
    fn read(&mut self, line: &str) {
        let failed = line
            .strip_prefix("test ")
            .and_then(|line| line.strip_suffix(" ... FAILED"));
        self.names.extend(failed.map(str::to_owned));
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        let number = |word: &str| {
            let before = result
                .split(word)
                .next()
                .filter(|before| before.len() < result.len())?;
            before.trim_end().rsplit(' ').next()?.parse::<u32>().ok()
        };
        self.passed += number("passed").unwrap_or(0);
        self.failed += number("failed").unwrap_or(0);
    }
}

/// What became of each part, and how long it took.
#[derive(Default)]
pub struct Report {
    parts: Vec<(String, Duration, Counts, Option<anyhow::Error>)>,
    pub sum: Counts,
}

impl Report {
    /// A failed part is kept for the end; the next ones run all the same.
    pub fn part(&mut self, name: &str, work: impl FnOnce(&mut Counts) -> Result<()>) -> bool {
        println!("\n==> {name}");
        let start = Instant::now();
        let mut counts = Counts::default();
        let error = work(&mut counts).err();
        let passed = error.is_none();
        // A part that fails without a failed test, as one that does not compile, counts as one.
        if !passed && counts.failed == 0 {
            counts.failed = 1;
        }
        self.sum.passed += counts.passed;
        self.sum.failed += counts.failed;
        self.parts.push((name.to_owned(), start.elapsed(), counts, error));
        passed
    }

    /// A line for each part. Whether all passed.
    pub fn print(&self) -> bool {
        println!();
        for (name, time, counts, error) in &self.parts {
            let time = shown_duration(*time);
            match error {
                None if counts.passed == 0 => println!("ok      {name:<24} {time:>12}"),
                None => println!("ok      {name:<24} {time:>12}   {} tests", counts.passed),
                Some(error) => println!("FAILED  {name:<24} {time:>12}   {error:#}"),
            }
            for unsteady in &counts.unsteady {
                println!("        not steady: {unsteady} passed only when it was tried again, alone");
            }
        }
        self.parts.iter().all(|(.., error)| error.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_programs_are_added() {
        let mut counts = Counts::default();
        for line in [
            "running 4 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
            "test says: test result: ok. 9 passed",
            "test result: something else",
            "test ready::a_tablet::webkit ... FAILED",
            "test ready::a_tablet::firefox ... ok",
        ] {
            counts.read(line);
        }
        assert_eq!((counts.passed, counts.failed), (15, 2));
        assert_eq!(counts.names, ["ready::a_tablet::webkit"]);
    }

    #[test]
    fn a_part_that_fails_without_a_test_counts_as_one_and_the_next_part_runs() {
        let mut report = Report::default();
        assert!(!report.part("does not compile", |_| bail!("no")));
        assert!(report.part("fine", |counts| {
            counts.passed = 5;
            Ok(())
        }));
        assert_eq!((report.sum.passed, report.sum.failed), (5, 1));
        assert!(!report.print());
    }
}
