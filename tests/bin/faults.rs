//! Kills the tab after each request of sign-in and of save, as often as it is told, and prints what was found, as a table in
//! Markdown. `cargo xtask faults` calls this.
#![allow(clippy::print_stdout, reason = "its output is the result")]

use anyhow::{Context as _, Result};
use journeys::killed;

#[tokio::main]
async fn main() -> Result<()> {
    let rounds = std::env::args().nth(1).context("needs the number of rounds")?;
    let rounds: usize = rounds.parse().context("the number of rounds is no number")?;
    // Two at a time, each with a main application of its own: a tablet waits more than it works.
    let (mut tally, other) = tokio::try_join!(killed::run(rounds.div_ceil(2)), killed::run(rounds / 2))?;
    tally.merge(other);
    println!("{tally}");
    tally.is_clean()
}
