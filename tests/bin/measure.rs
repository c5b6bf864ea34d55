//! How long things take for a user, measured in headless Chromium against the running whole and printed as a table in
//! Markdown. `cargo xtask bench` calls this.
//!
//! The page is watched from inside, by a script that is there before its own: WebDriver's way to and fro would be longer
//! than what is measured. `measure [QUESTIONNAIRE.json]` opens that one as the large form, or a generated one of as many items.
#![allow(clippy::print_stdout, reason = "its output is the result")]

use anyhow::Result;
use benches::generated;
use journeys::people::{Nurse, SAMPLE_PASSWORD};
use journeys::{Browser, Whole, until};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

const RUNS: usize = 9;

/// Notes, in milliseconds since the page's start, when a heading was painted, when the form was sent, when the worker for
/// the password began and answered, when a key or a tap came, when the first question of another page and another total were
/// painted after it, when the first commit was done, and how long the longest task was.
const WATCH: &str = r#"(() => {
  const marks = window.marks = { headings: {} };
  const painted = then => requestAnimationFrame(() => requestAnimationFrame(() => then(performance.now())));
  const inFrame = then => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => then(performance.now());
    after.port2.postMessage(null);
  });
  const question = () => document.querySelector(".form [data-linkid]");
  const total = () => document.querySelector(".form output")?.textContent;
  let [questionBefore, totalBefore] = [];
  new PerformanceObserver(list => {
    for (const task of list.getEntries())
      if (task.startTime + task.duration > marks.touched) marks.longest = Math.max(marks.longest, task.duration);
  }).observe({ type: "longtask" });
  new MutationObserver(() => {
    if (marks.question === null && question() && question() !== questionBefore) {
      marks.question = undefined;
      inFrame(now => { marks.question = now; });
    }
    if (marks.total === null && total() !== totalBefore) {
      marks.total = undefined;
      inFrame(now => { marks.total = now; });
    }
    const isApp = document.body && !document.getElementById("starting");
    const heading = isApp ? document.querySelector("h1")?.textContent.trim() : document.querySelector("h1") && "before the app";
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
  for (const event of ["keydown", "pointerdown"])
    addEventListener(event, ({ timeStamp }) => {
      Object.assign(marks, { touched: timeStamp, committed: null, question: null, total: null, longest: 0 });
      [questionBefore, totalBefore] = [question(), total()];
    }, true);
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...words) {
    const made = transaction.apply(this, words);
    if (words[1] === "readwrite") made.addEventListener("complete", () => { marks.committed ??= performance.now(); });
    return made;
  };
})()"#;

#[tokio::main]
async fn main() -> Result<()> {
    let mut whole = Whole::start().await?;
    let large = match std::env::args().nth(1) {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path)?)?,
        None => named(generated::questionnaire(743), "A form of 821 items"),
    };
    let long = named(answered_from_the_start(2_000), "A form of 2000 questions");
    whole.publishes(&large)?;
    whole.publishes(&long)?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet.sees("Start assessment").await?;
    let watch = json!({ "source": WATCH });
    tablet
        .devtools("Page.addScriptToEvaluateOnNewDocument", watch)
        .await?;
    whole.stop().await?;

    let mut before = Times::new("Reload, server stopped, to the sign-in page that takes typing");
    let mut start = Times::new("Reload, server stopped, until the app has taken its place");
    let mut sign_in = Times::new("Offline sign-in, from the press to the caseload");
    let mut rest = Times::new("Offline sign-in, KDF apart: at most 150");
    for _ in 0..RUNS {
        tablet.reload().await?;
        before.add(number(tablet, "marks.headings['before the app']").await?);
        start.add(number(tablet, "marks.headings['Sign in']").await?);
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        let caseload = number(tablet, "marks.headings['Caseload']").await?;
        let sent = number(tablet, "marks.sent").await?;
        let derived = number(tablet, "marks.kdfEnded - marks.kdfBegan").await?;
        sign_in.add(caseload - sent);
        rest.add(caseload - sent - derived);
    }

    let mut tap = Times::new("From a tap on an answer to its commit, which \"Saved\" speaks of");
    let mut key = Times::new("From a key to its commit, the wait for more keys included");
    tablet.sees("Start assessment").await?;
    let client = tablet.raw().find(By::Css("li h2")).await?.text().await?;
    nurse.starts(&client, "Home care intake").await?;
    for run in 0..RUNS {
        nurse
            .chooses("interpreter", if run % 2 == 0 { "Yes" } else { "No" })
            .await?;
        tap.add(number(tablet, SAVED).await?);
    }
    for _ in 0..RUNS {
        nurse.writes("language", "x").await?;
        key.add(number(tablet, SAVED).await?);
    }

    nurse.goes_to_the_caseload().await?;
    let title = large["title"].as_str().unwrap_or_default();
    let items = items(&large);
    let mut open = Times::new(format!(
        "Form of {items} items, from the tap on it to its first page: at most 300"
    ));
    nurse.starts(&client, title).await?;
    for _ in 0..RUNS {
        nurse.goes_to_the_caseload().await?;
        nurse.opens(&client, title).await?;
        open.add(number(tablet, "marks.question && marks.question - marks.touched").await?);
    }

    let mut answer = Times::new("Form of 2,000 answers, from a key to the painted total: at most 33");
    let mut task =
        Times::new("Form of 2,000 answers, longest task from a key to its commit: none is over 50");
    nurse.goes_to_the_caseload().await?;
    nurse.starts(&client, "A form of 2000 questions").await?;
    tablet.press_at(".finish-sections a[href$='/50']").await?;
    tablet.arrives_at("Section 50").await?;
    for _ in 0..RUNS {
        nurse.writes("g50.i2", "1").await?;
        answer.add(number(tablet, "marks.total && marks.total - marks.touched").await?);
        number(tablet, SAVED).await?;
        task.add(number(tablet, "marks.longest").await?);
    }

    println!("| what, in ms | median | fastest | slowest |\n| --- | ---: | ---: | ---: |");
    for times in [before, start, sign_in, rest, tap, key, open, answer, task] {
        times.print();
    }
    nurse.tablet.close().await
}

const SAVED: &str = "marks.committed && marks.committed - marks.touched";

/// Waits until the page's expression is a number.
async fn number(browser: &Browser, expression: &str) -> Result<f64> {
    let script = format!("return ({expression}) ?? null;");
    until(expression, || async {
        Ok(browser.raw().execute(&script, vec![]).await?.json().as_f64())
    })
    .await
}

/// A generated form under a name of its own.
fn named(mut questionnaire: Value, title: &str) -> Value {
    questionnaire["title"] = json!(title);
    questionnaire["url"] = json!(format!("https://forms.example.org/{}", title.replace(' ', "-")));
    questionnaire
}

fn items(holder: &Value) -> usize {
    let below = holder["item"].as_array().map(Vec::as_slice).unwrap_or_default();
    below.iter().map(|item| 1 + items(item)).sum()
}

struct Times {
    what: String,
    milliseconds: Vec<f64>,
}

impl Times {
    fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
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

/// A generated form with an answer to each question to begin with.
fn answered_from_the_start(questions: usize) -> Value {
    let mut questionnaire = generated::questionnaire(questions);
    let answered = generated::response(questions);
    let groups = |of: &Value| of["item"].as_array().cloned().unwrap_or_default();
    for (at, group) in groups(&answered).iter().enumerate() {
        for (place, item) in groups(group).iter().enumerate() {
            let question = &mut questionnaire["item"][at]["item"][place];
            if question.get("readOnly").is_none() {
                question["initial"] = item["answer"].clone();
            }
        }
    }
    questionnaire
}
