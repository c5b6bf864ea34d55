//! `cargo xtask drawn`: every form of a folder drawn by the app in Chromium, filled in and looked at. `tests/bin/drawn.rs` does it; this
//! builds the page, which is that of [`form_page`].

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::{command, run};
use crate::{bench, browsers, conformance, form_page, project};

/// `drawn [--corpus DIR]`
pub fn parse(words: &[String]) -> Result<Option<PathBuf>> {
    match words {
        [] => Ok(None),
        [option, folder] if option == "--corpus" => Ok(Some(PathBuf::from(folder))),
        _ => bail!("drawn takes --corpus DIR, and nothing else"),
    }
}

/// Published forms where they are named, as [`conformance`] takes them; else the product's own.
pub fn drawn(corpus: Option<PathBuf>) -> Result<()> {
    let own = project::root().join("forms");
    let forms = conformance::corpus(corpus)?.map_or(own, |corpus| corpus.join("questionnaires"));
    let chromium = browsers::chromium()?;
    let page = form_page::build()?;
    crate::run::build(&["main-app", "drawn"])?;
    println!(
        "\nThe forms of {}, drawn and filled in (`cargo xtask drawn`)\n",
        forms.display()
    );
    run(bench::in_chromium(
        command(project::program("drawn")?).args([page, forms]),
        &chromium,
    )?)
}
