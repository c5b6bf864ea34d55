//! `cargo xtask load`, and a part of `cargo xtask bench`: how many sign-ins and cheap requests the main application answers in a
//! second. It measures the program that `cargo xtask run` runs, with the sample data in a folder that goes with it, on SQLite and
//! on a PostgreSQL server of its own, by wrk; `load.lua` beside this file is what wrk sends.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::postgres::{self, Commits, Postgres};
use crate::process::{command, find};
use crate::{apt, project};

const RUNS: usize = 3;
const SECONDS: u32 = 10;
/// Few enough that nobody waits for a turn so long that they are sent away.
const SIGN_IN_CONNECTIONS: u32 = 8;
const GET_CONNECTIONS: u32 = 32;
/// More than any machine signs in, so that the throttle lets all of it through.
const ATTEMPTS_PER_MINUTE: &str = "1000000";

/// One of the sample accounts, and the version of the exchange.
const SIGN_IN: [&str; 3] = ["field1", "sample-pass-1", "1"];

/// Builds the main application, and measures it.
pub fn load() -> Result<()> {
    crate::run::build(&["main-app"])?;
    print()
}

/// Measures the main application as it was built, on both databases; where there is no wrk or no PostgreSQL, it says so.
pub fn print() -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "\nThe main application, {cores} cores shared with wrk; medians of {RUNS} runs of {SECONDS} s\n"
    );
    if find("wrk").is_none() && apt::may_be_used() {
        apt::install("wrk (apt), which sends requests", "some seconds", &["wrk"])?;
    }
    if find("wrk").is_none() {
        println!("not measured: wrk is not installed (on Debian: apt install wrk)");
        return Ok(());
    }
    let postgres = postgres::ensure()?;
    println!("| database | request | per second | p50 ms | p99 ms |\n| --- | --- | ---: | ---: | ---: |");
    print_rows("SQLite", &MainApp::start(None)?)?;
    match postgres {
        Ok(programs) => {
            let server = Postgres::start(&programs, Commits::Kept)?;
            print_rows("PostgreSQL", &MainApp::start(Some(&server.url()))?)?;
        }
        Err(why) => println!("\nnot measured: PostgreSQL. {why}"),
    }
    Ok(())
}

fn print_rows(database: &str, main_app: &MainApp) -> Result<()> {
    for (request, connections) in [
        ("POST /api/sign-in", SIGN_IN_CONNECTIONS),
        ("GET /api/settings", GET_CONNECTIONS),
        ("GET /health", GET_CONNECTIONS),
    ] {
        let mut runs = Vec::with_capacity(RUNS);
        for _ in 0..RUNS {
            runs.push(main_app.measure(request, connections)?);
        }
        println!(
            "| {database} | `{request}`, {connections} at a time | {:.0} | {:.1} | {:.1} |",
            median(runs.iter().map(|run| run.per_second)),
            median(runs.iter().map(|run| run.p50)),
            median(runs.iter().map(|run| run.p99)),
        );
    }
    Ok(())
}

/// A running main application. It ends, and its data go, when this is dropped.
struct MainApp {
    child: Child,
    folder: PathBuf,
    address: String,
}

impl MainApp {
    /// On the PostgreSQL database of that address, or on a SQLite file.
    fn start(database: Option<&str>) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("mobile-assessments-load-{}", std::process::id()));
        let child = command(project::program("main-app")?)
            .args([
                "--sample",
                "--no-rehearsal",
                "--port",
                "0",
                "--attempts-per-minute",
                ATTEMPTS_PER_MINUTE,
            ])
            .arg("--data")
            .arg(&folder)
            .args(database.map(|url| format!("--database={url}")))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the main application does not start")?;
        let mut started = Self {
            child,
            folder,
            address: String::new(),
        };
        let mut out = BufReader::new(
            started
                .child
                .stdout
                .take()
                .context("standard output was asked for")?,
        );
        let mut line = String::new();
        // Its first line says where it is.
        out.read_line(&mut line)
            .context("cannot read what the main application says")?;
        let port = line
            .rsplit_once("http://localhost:")
            .map(|(_, port)| port.trim().trim_end_matches('/'))
            .context("the main application does not start; `cargo xtask run` shows why")?;
        started.address = format!("http://127.0.0.1:{port}");
        // It ends with the program; till then nobody else reads what it prints.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Ok(started)
    }

    fn measure(&self, request: &str, connections: u32) -> Result<Run> {
        let (method, path) = request.split_once(' ').context("a method and a path")?;
        let mut wrk = command("wrk");
        wrk.args(["--latency", "--threads", "2", "--timeout", "10s"])
            .arg(format!("--duration={SECONDS}s"))
            .arg(format!("--connections={connections}"));
        if method == "POST" {
            wrk.arg("--script")
                .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load.lua"));
        }
        wrk.arg(format!("{}{path}", self.address));
        if method == "POST" {
            wrk.arg("--").args(SIGN_IN);
        }
        let said = wrk.output().context("wrk does not start")?;
        let text = String::from_utf8_lossy(&said.stdout);
        ensure!(
            said.status.success(),
            "wrk failed: {}{text}",
            String::from_utf8_lossy(&said.stderr)
        );
        Run::parse(&text).with_context(|| format!("{request}: wrk said\n{text}"))
    }
}

impl Drop for MainApp {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("the main application did not stop: {error}");
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("cannot remove {}: {error}", self.folder.display());
        }
    }
}

/// What one run of wrk has measured; times in milliseconds.
#[derive(Debug, PartialEq)]
struct Run {
    per_second: f64,
    p50: f64,
    p99: f64,
}

impl Run {
    /// Reads wrk's report. One in which any request failed measures nothing and is an error.
    fn parse(report: &str) -> Result<Self> {
        let after = |start: &str| {
            report
                .lines()
                .find_map(|line| line.trim().strip_prefix(start))
                .map(str::trim)
        };
        for failure in ["Socket errors:", "Non-2xx or 3xx responses:"] {
            if let Some(count) = after(failure) {
                bail!("requests failed ({failure} {count})");
            }
        }
        if let Some(count) = after("Not signed in:").filter(|count| *count != "0") {
            bail!("{count} sign-ins were not answered with ok");
        }
        let number = |start: &str| after(start).with_context(|| format!("there is no line \"{start}\""));
        let per_second: f64 = number("Requests/sec:")?.parse().context("requests per second")?;
        ensure!(per_second > 0.0, "no request was answered");
        Ok(Self {
            per_second,
            p50: milliseconds(number("50%")?)?,
            p99: milliseconds(number("99%")?)?,
        })
    }
}

/// wrk writes "870.00us", "12.34ms", "1.20s" and "1.00m".
fn milliseconds(text: &str) -> Result<f64> {
    let (number, unit) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        _ => bail!("\"{text}\" is no time as wrk writes it"),
    };
    let number: f64 = number
        .parse()
        .with_context(|| format!("\"{text}\" is no time as wrk writes it"))?;
    Ok(number * factor)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
Running 10s test @ http://127.0.0.1:43211/health
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.23ms  402.10us  12.01ms   85.11%
    Req/Sec     4.05k   312.20     4.90k    70.00%
  Latency Distribution
     50%  870.00us
     75%    1.42ms
     90%    1.80ms
     99%    1.20s 
  81012 requests in 10.02s, 40.12MB read
Requests/sec:   8085.03
Transfer/sec:      4.00MB
";

    #[test]
    fn a_report_gives_the_rate_and_the_times() {
        let run = Run::parse(REPORT).unwrap();
        assert_eq!(
            run,
            Run {
                per_second: 8085.03,
                p50: 0.87,
                p99: 1_200.0
            }
        );
        assert!(Run::parse(&format!("{REPORT}Not signed in: 0\n")).is_ok());
    }

    #[test]
    fn a_run_in_which_a_request_failed_measures_nothing() {
        for (line, said) in [
            ("  Non-2xx or 3xx responses: 7\n", "Non-2xx or 3xx responses: 7"),
            (
                "  Socket errors: connect 0, read 0, write 0, timeout 3\n",
                "timeout 3",
            ),
            ("Not signed in: 2\n", "2 sign-ins were not answered with ok"),
        ] {
            let error = Run::parse(&format!("{REPORT}{line}")).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(Run::parse("").is_err());
        assert!(Run::parse(&REPORT.replace("8085.03", "0.00")).is_err());
    }

    #[test]
    fn the_middle_of_three_counts() {
        assert_eq!(median([9.0, 1.0, 5.0].into_iter()), 5.0);
    }
}
