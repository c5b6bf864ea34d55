//! The form engine's figures in headless Chromium, beside the native ones and its peer's, as tables in Markdown: `engine PAGE
//! NATIVELY.json [QUESTIONNAIRE.json]`. `cargo xtask bench` makes the page (`benches/page`) and calls this.
#![allow(clippy::print_stdout, reason = "its output is the result")]

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use journeys::Browser;
use serde_json::Value;

/// How many times as many expressions a second as the peer.
const TIMES: u32 = 10;

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [page, natively, largest @ ..] = &*words else {
        bail!("engine needs the paths of the page and of the native figures");
    };
    let read = |path: &str| std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"));
    let natively: Value = serde_json::from_str(&read(natively)?)?;
    let largest = largest.first().map(|path| read(path)).transpose()?;
    let in_page = in_page(page, Value::from(largest.clone())).await?;
    print_forms(&natively, &in_page, largest.is_some());
    print_expressions(&natively, &in_page);
    Ok(())
}

async fn in_page(page: &str, largest: Value) -> Result<Value> {
    let browser = Browser::open().await?;
    browser.raw().set_script_timeout(Duration::from_secs(600)).await?;
    browser.go(&format!("file://{page}")).await?;
    let script = "const [largest, done] = arguments;
        measure(largest).then(done, error => done(String(error)));";
    let measured = browser.raw().execute_async(script, vec![largest]).await?;
    let measured = measured.json().clone();
    browser.close().await?;
    match measured.as_str() {
        Some(error) => bail!("the page could not measure: {error}"),
        None => Ok(measured),
    }
}

fn list<'m>(measured: &'m Value, name: &str) -> &'m [Value] {
    measured[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn print_forms(natively: &Value, in_page: &Value, is_published: bool) {
    println!("\nThe form engine alone (`cargo xtask bench`)\n");
    println!(
        "| form | items | open, natively | in Chromium | one answer, natively | in Chromium | items drawn again, at most |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let pairs = list(natively, "forms").iter().zip(list(in_page, "forms"));
    for (at, (native, page)) in pairs.enumerate() {
        let name = match at {
            0 if is_published => "the largest that is published",
            _ => "generated",
        };
        let time = |measured: &Value, what: &str| match measured[what].as_f64().unwrap_or(f64::NAN) {
            time if time < 1.0 => format!("{:.0} µs", time * 1_000.0),
            time => format!("{time:.0} ms"),
        };
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} |",
            native["items"],
            time(native, "open"),
            time(page, "open"),
            time(native, "answer"),
            time(page, "answer"),
            native["drawn"],
        );
    }
}

fn print_expressions(natively: &Value, in_page: &Value) {
    let version = in_page["version"].as_str().unwrap_or_default();
    println!(
        "\nExpressions a second over a complete response to 500 questions, beside npm's fhirpath {version} in the same page (`cargo xtask bench`)\n"
    );
    println!(
        "| expression | natively | in Chromium | fhirpath in Chromium | times as many; at least {TIMES} |"
    );
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (at, expression) in list(in_page, "expressions").iter().enumerate() {
        let rate = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let (ours, peer) = (rate(&expression["ours"]), rate(&expression["peer"]));
        println!(
            "| {} | {:.0} | {ours:.0} | {peer:.0} | {:.0} |",
            expression["name"].as_str().unwrap_or_default(),
            rate(&natively["expressions"][at]),
            ours / peer,
        );
    }
}
