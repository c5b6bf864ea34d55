//! Runs Lighthouse over the running whole: `lighthouse AUDIT.mjs`, a script that gets the address. `cargo xtask bench
//! --lighthouse` calls this.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use journeys::Whole;

#[tokio::main]
async fn main() -> Result<()> {
    let script = std::env::args().nth(1).context("lighthouse needs a script")?;
    let whole = Whole::start().await?;
    let audited = Command::new("node").args([&script, &whole.url("")]).status()?;
    ensure!(audited.success(), "the pages could not be audited");
    Ok(())
}
