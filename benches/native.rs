//! The engine's figures natively, one JSON object on standard output: `native [QUESTIONNAIRE.json]`. `cargo xtask bench`
//! prints them beside those of a page.
#![allow(clippy::print_stdout, reason = "its output is the result")]

#[cfg(feature = "engine")]
mod measured;

#[cfg(feature = "engine")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    measured::print(std::env::args().nth(1).as_deref())
}

#[cfg(not(feature = "engine"))]
fn main() {}
