//! Builds a program of this workspace for a page, as the app is built: the same flags, wasm-bindgen, wasm-opt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{command, run};
use crate::tools::Tools;
use crate::{project, web};

const TARGET: &str = "wasm32-unknown-unknown";

pub enum Target {
    Lib,
    Bin(&'static str),
}

pub struct Program {
    pub package: &'static str,
    pub target: Target,
    /// As `--no-default-features` is told to cargo when it is false.
    pub default_features: bool,
    /// What wasm-bindgen writes its script for: "web" is a module, "no-modules" a plain script.
    pub script: &'static str,
    /// What its files in `folder` begin with.
    pub name: &'static str,
    /// The functions keep their names, which a program that is sent does without.
    pub keep_names: bool,
}

/// The path of the wasm; its script lies beside it.
pub fn build(tools: &Tools, program: &Program, folder: &Path) -> Result<PathBuf> {
    let mut build = command("cargo");
    let (what, file) = match program.target {
        Target::Lib => (&["--lib"][..], program.package.replace('-', "_")),
        Target::Bin(name) => (&["--bin", name][..], name.to_owned()),
    };
    build
        .args(["build", "--quiet", "--release", "--target", TARGET])
        .args(what)
        .args(["--package", program.package])
        .args((!program.default_features).then_some("--no-default-features"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", web::flags());
    run(&mut build).context("the program to measure could not be built")?;
    let built = project::root()
        .join("target")
        .join(TARGET)
        .join("release")
        .join(file)
        .with_extension("wasm");
    run(command(tools.test_runner.with_file_name("wasm-bindgen"))
        .args(["--target", program.script, "--out-name", program.name])
        .args(["--no-typescript", "--out-dir"])
        .args([folder, &built]))?;
    let shrunk = folder.join(format!("{}_bg.wasm", program.name));
    let page = project::root().join("index.html");
    let page = std::fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let mut shrink = command("wasm-opt");
    shrink
        .env("PATH", &tools.path)
        .args(passes(&page)?)
        .args(program.keep_names.then_some("-g"));
    run(shrink.arg(&shrunk).arg("-o").arg(&shrunk))?;
    Ok(shrunk)
}

/// What trunk has wasm-opt do with the app, as the page tells it.
fn passes(page: &str) -> Result<Vec<String>> {
    let app = page.split("data-bin=\"app\"").nth(1);
    let app = app.context("index.html does not name the app")?;
    let value = |name: &str| {
        let value = app.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
        Some(value.split_whitespace())
    };
    let level = value("data-wasm-opt").into_iter().flatten();
    let passes = value("data-wasm-opt-params").into_iter().flatten();
    Ok(level
        .map(|level| format!("-O{level}"))
        .chain(passes.map(str::to_owned))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_passes_are_those_of_the_app() {
        let page = "<link data-bin=\"app\" data-wasm-opt=\"z\" data-wasm-opt-params=\"--one -Oz\" /> \
            <link data-bin=\"worker\" data-wasm-opt=\"3\" />";
        assert_eq!(passes(page).unwrap(), ["-Oz", "--one", "-Oz"]);
        assert!(passes("<link data-bin=\"worker\" />").is_err());
    }
}
