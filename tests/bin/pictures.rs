//! Takes the pictures that README shows, on a tablet's page. `cargo xtask shots` calls this, and says where they go.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use journeys::{Browser, Whole};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .context("needs the folder of the pictures")?,
    );
    let whole = Whole::start().await?;
    let browser = Browser::open().await?;
    browser.go(&whole.url("/")).await?;
    browser.fill("Username", "field1").await?;
    browser.fill("Password", "sample-pass-1").await?;
    browser.press("Sign in").await?;
    browser.sees_no_more("Forgot your password?").await?;
    browser.screenshot(&folder.join("caseload.png")).await?;
    browser.close().await
}
