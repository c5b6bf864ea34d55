//! The main application as a program: options in, addresses out, a listener in between.

use clap::Parser as _;

mod cli;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    cli::Cli::parse().run().await
}
