//! Builds a program of this workspace for a page, as the app is built: the same flags, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{command, run};
use crate::tools::Tools;
use crate::{project, web};

const TARGET: &str = "wasm32-unknown-unknown";

pub struct Program {
    pub package: &'static str,
    /// As `--no-default-features` is told to cargo when it is false.
    pub default_features: bool,
    /// What wasm-bindgen writes its script for: "web" is a module, "no-modules" a plain script.
    pub script: &'static str,
    /// What its files in `folder` begin with.
    pub name: &'static str,
}

/// The path of the wasm; its script lies beside it.
pub fn build(tools: &Tools, program: &Program, folder: &Path) -> Result<PathBuf> {
    let mut build = command("cargo");
    build
        .args(["build", "--quiet", "--release", "--lib", "--target", TARGET])
        .args(["--package", program.package])
        .args((!program.default_features).then_some("--no-default-features"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", web::flags());
    run(&mut build).context("the program to measure could not be built")?;
    let built = project::root()
        .join("target")
        .join(TARGET)
        .join("release")
        .join(program.package.replace('-', "_"))
        .with_extension("wasm");
    run(command(tools.test_runner.with_file_name("wasm-bindgen"))
        .args(["--target", program.script, "--out-name", program.name])
        .args(["--no-typescript", "--out-dir"])
        .args([folder, &built]))?;
    let shrunk = folder.join(format!("{}_bg.wasm", program.name));
    run(command("wasm-opt").env("PATH", &tools.path).args([
        Path::new("-Oz"),
        &shrunk,
        Path::new("-o"),
        &shrunk,
    ]))?;
    Ok(shrunk)
}
