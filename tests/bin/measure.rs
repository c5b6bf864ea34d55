//! How long things take for a user, measured in headless Chromium against the running whole and printed as a table in
//! Markdown. `cargo xtask bench` calls this.
//!
//! The page is watched from inside, by a script that is there before its own: WebDriver's way to and fro would be longer
//! than what is measured.
#![allow(clippy::print_stdout, reason = "its output is the result")]

use anyhow::{Context as _, Result};
use journeys::{Browser, Whole, until};
use serde_json::json;

const RUNS: usize = 9;

/// Notes, in milliseconds since the page's start, when a heading was painted, when the form was sent, and when the
/// worker for the password began and answered.
const WATCH: &str = r#"(() => {
  const marks = window.marks = { headings: {} };
  const painted = then => requestAnimationFrame(() => requestAnimationFrame(() => then(performance.now())));
  new MutationObserver(() => {
    const heading = document.querySelector("h1")?.textContent.trim();
    if (heading && !(heading in marks.headings)) {
      marks.headings[heading] = null;
      painted(now => { marks.headings[heading] = now; });
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
  addEventListener("submit", () => { marks.sent = performance.now(); }, true);
  window.Worker = class extends Worker {
    constructor(...words) {
      super(...words);
      marks.kdfBegan = performance.now();
      this.addEventListener("message", () => { marks.kdfEnded = performance.now(); });
    }
  };
})()"#;

#[tokio::main]
async fn main() -> Result<()> {
    let mut whole = Whole::start().await?;
    let browser = Browser::open().await?;
    browser.go(&whole.url("/")).await?;
    sign_in(&browser).await?;
    heading_after_sign_in(&browser).await?;
    browser.is_installed().await?;
    browser
        .devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": WATCH }),
        )
        .await?;
    whole.stop().await?;

    let mut start = Times::new("Reload, server stopped, to the sign-in page");
    let mut whole_sign_in = Times::new("Offline sign-in, press to caseload");
    let mut rest = Times::new("Offline sign-in without the derivation of the key");
    for _ in 0..RUNS {
        browser.reload().await?;
        start.add(number(&browser, "marks.headings['Sign in']").await?);
        sign_in(&browser).await?;
        let caseload = heading_after_sign_in(&browser).await?;
        let sent = number(&browser, "marks.sent").await?;
        let derived = number(&browser, "marks.kdfEnded - marks.kdfBegan").await?;
        whole_sign_in.add(caseload - sent);
        rest.add(caseload - sent - derived);
    }

    println!("| what, in ms | median | fastest | slowest |\n| --- | ---: | ---: | ---: |");
    for times in [start, whole_sign_in, rest] {
        times.print();
    }
    browser.close().await
}

async fn sign_in(browser: &Browser) -> Result<()> {
    browser.fill("Username", "field1").await?;
    browser.fill("Password", "sample-pass-1").await?;
    browser.press("Sign in").await
}

/// When the first page behind the sign-in was painted.
async fn heading_after_sign_in(browser: &Browser) -> Result<f64> {
    browser.sees_no_more("Forgot your password?").await?;
    number(
        browser,
        "Object.entries(window.marks?.headings ?? { now: 0 }).filter(([name]) => name !== 'Sign in').pop()?.[1]",
    )
    .await
}

/// Waits until the page's expression is a number.
async fn number(browser: &Browser, expression: &str) -> Result<f64> {
    let script = format!("return {expression} ?? null;");
    until(expression, || async {
        Ok(browser.raw().execute(&script, vec![]).await?.json().as_f64())
    })
    .await
}

struct Times {
    what: &'static str,
    milliseconds: Vec<f64>,
}

impl Times {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            milliseconds: Vec::new(),
        }
    }

    fn add(&mut self, time: f64) {
        self.milliseconds.push(time);
    }

    fn print(mut self) {
        self.milliseconds.sort_by(f64::total_cmp);
        let at = |index: usize| self.milliseconds.get(index).copied().unwrap_or(f64::NAN);
        let last = self.milliseconds.len().saturating_sub(1);
        println!(
            "| {} | {:.0} | {:.0} | {:.0} |",
            self.what,
            at(last / 2),
            at(0),
            at(last)
        );
    }
}
