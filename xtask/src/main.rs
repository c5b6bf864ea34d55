//! The commands that README names: they set up what is missing, build, run and test the whole.
//!
//! Where to start: [`run`] for "see it work", [`test`] for "is it right". [`tools`] installs what both need, [`web`] builds the
//! PWA, and trunk calls [`sw`] at the end of that build.
#![allow(
    clippy::print_stdout,
    reason = "a command-line tool talks to its user on standard output"
)]

mod apt;
mod args;
mod bench;
mod browsers;
mod check;
mod compress;
mod conformance;
mod drawn;
mod engine;
mod form_page;
mod fuzz;
mod icons;
mod load;
mod postgres;
mod process;
mod project;
mod run;
mod share;
mod styles;
mod sw;
mod test;
mod tools;
mod wasm;
mod web;
mod words;

use std::process::ExitCode;

use anyhow::Result;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run [--port N] [--data DIR] [--fresh]   set up, build, and start everything on http://localhost:8080
  test                                    set up, and run all tests: native, in the browser, end to end
  check                                   formatting and lints, native and for the browser
  e2e [FILTER]                            only the end-to-end tests (those whose name contains FILTER)
  conformance [--corpus DIR] [--json]     the form engine against published suites and real forms
  drawn [--corpus DIR]                    draw and fill in each real form in Chromium, and look at it; else the product's own
  fuzz [TARGET] [--seconds N]             feed each parser of bytes from outside with inventions, 60 s each
  faults [ROUNDS]                         kill the tab after each request of sign-in and save, 500 times, and count
  bench                                   sizes and times, as tables
  bench --times                           only what a user waits for
  bench --lighthouse                      only what Lighthouse says of the pages
  bench --page [--peers DIR] [-- WORDS]   only the drawing of forms, beside other renderers if DIR is their harness
  engine                                  only the form engine: its speed, beside npm's fhirpath, and its weight
  load                                    only how many requests the main application answers in a second
  shots                                   take README's pictures, into docs/pictures/
  build                                   only the PWA, into dist/
  openapi                                 write docs/openapi.json from the main application's code
  icons                                   draw the icons' PNG files from public/icons/icon.svg
  words                                   bring po/es.po up to date with the sentences in the code
  sw                                      (called by trunk) write the service worker and the compressed files
";

fn main() -> ExitCode {
    match dispatch(std::env::args().skip(1).collect()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything passed.
fn dispatch(words: Vec<String>) -> Result<bool> {
    let Some((command, rest)) = words.split_first() else {
        print!("{USAGE}");
        return Ok(false);
    };
    if !matches!(
        command.as_str(),
        "run" | "e2e" | "faults" | "conformance" | "drawn" | "fuzz" | "bench"
    ) {
        args::none(rest)?;
    }
    match command.as_str() {
        "run" => run::run(args::Run::parse(rest)?)?,
        "test" => return test::all(),
        "e2e" => return test::e2e(args::at_most_one(rest)?),
        "check" => return check::check(),
        "conformance" => return conformance::conformance(&conformance::Options::parse(rest)?),
        "drawn" => drawn::drawn(drawn::parse(rest)?)?,
        "fuzz" => fuzz::fuzz(&args::Fuzz::parse(rest)?)?,
        "faults" => bench::faults(args::rounds(rest)?)?,
        "bench" => bench::bench(&bench::Options::parse(rest)?)?,
        "engine" => engine::print(&browsers::chromium()?)?,
        "load" => load::load()?,
        "shots" => bench::shots()?,
        "build" => web::build()?,
        "openapi" => run::openapi()?,
        "words" => words::update()?,
        "icons" => icons::draw()?,
        "sw" => sw::hook()?,
        "help" | "--help" | "-h" => print!("{USAGE}"),
        other => anyhow::bail!("there is no command \"{other}\"\n\n{USAGE}"),
    }
    Ok(true)
}
