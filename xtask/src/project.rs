//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The project's folder: the one above xtask.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Tools that this project installed for itself.
pub fn tools() -> PathBuf {
    root().join(".tools")
}

/// The built PWA.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// A program of the workspace, as the last build left it: beside this one, for all are built in one profile.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("cannot tell where xtask itself lies")?;
    Ok(own
        .with_file_name(name)
        .with_extension(std::env::consts::EXE_EXTENSION))
}

/// What the runner of tests in a browser opens it with, as `.cargo/config.toml` says.
pub fn webdriver_json() -> PathBuf {
    root().join("target/webdriver.json")
}

/// The accessibility checker that the end-to-end tests run in the page.
pub fn axe() -> PathBuf {
    root().join("node_modules/axe-core/axe.min.js")
}
