//! Finds the tools of the build, each of one fixed version, and installs what is missing: into the project's own folders, so
//! that nothing else on the machine changes.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::{command, find, lasted, output, run};
use crate::project;

/// The same as in Cargo.toml and Trunk.toml: the glue and the tool that writes it must be of one version.
const WASM_BINDGEN: &str = "0.2.130";
const TRUNK: &str = "0.21.14";
const GECKODRIVER: &str = "0.37.1";
const CARGO_FUZZ: &str = "0.13.2";
/// wasm-opt's version, of npm's binaryen in package.json. Debian's is too old: a page built with it stays blank.
const BINARYEN: &str = "132";

pub struct Tools {
    pub trunk: PathBuf,
    /// wasm-bindgen's runner for tests in a browser.
    pub test_runner: PathBuf,
    /// PATH for a build: the tools of the project first.
    pub path: std::ffi::OsString,
}

/// Everything that a build needs.
pub fn ensure() -> Result<Tools> {
    wasm_target()?;
    npm_packages()?;
    let bindgen = cargo_tool(&CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: WASM_BINDGEN,
        takes: "2 to 6 minutes",
        // Not --locked: its own lock file names a version that not every mirror of crates.io has.
        options: &[],
    })?;
    let trunk = cargo_tool(&CargoTool {
        package: "trunk",
        program: "trunk",
        version: TRUNK,
        takes: "3 to 8 minutes",
        options: &[
            "--profile",
            "dev",
            "--no-default-features",
            "--features",
            "rustls",
            "--locked",
        ],
    })?;
    let bin = |tool: &Path| tool.parent().map(Path::to_owned).unwrap_or_default();
    let mut folders = vec![
        project::root().join("node_modules/.bin"),
        bin(&bindgen),
        bin(&trunk),
    ];
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    Ok(Tools {
        trunk,
        test_runner: bindgen.with_file_name("wasm-bindgen-test-runner"),
        path: std::env::join_paths(folders).context("PATH cannot be extended")?,
    })
}

/// Firefox's driver, which only the tests need.
pub fn geckodriver() -> Result<PathBuf> {
    cargo_tool(&CargoTool {
        package: "geckodriver",
        program: "geckodriver",
        version: GECKODRIVER,
        takes: "1 to 3 minutes",
        options: &["--profile", "dev", "--locked"],
    })
}

/// What npm installs by the lock file: wasm-opt, and axe-core for the tests.
pub fn npm_packages() -> Result<()> {
    let root = project::root();
    let wasm_opt = root.join("node_modules/.bin/wasm-opt");
    let wanted = format!("wasm-opt version {BINARYEN}");
    let ready = || output(&wasm_opt, &["--version"]).is_some_and(|said| said.starts_with(&wanted));
    if ready() && project::axe().is_file() {
        return Ok(());
    }
    if find("node").is_none() || find("npm").is_none() {
        bail!("Node.js 18 or newer and npm are needed, for wasm-opt. On Debian: apt install nodejs npm");
    }
    npm_ci("wasm-opt", &root)?;
    if !ready() {
        bail!(
            "wasm-opt was installed by npm and does not answer as version {BINARYEN}: is Node.js 18 or newer?"
        );
    }
    Ok(())
}

/// npm's fhirpath and what puts it into one script, which only measuring needs.
pub fn peer() -> Result<()> {
    let ready = || {
        ["fhirpath/package.json", ".bin/esbuild"]
            .iter()
            .all(|file| project::root().join("node_modules").join(file).is_file())
    };
    if ready() {
        return Ok(());
    }
    npm_ci("fhirpath", &project::root())
}

fn npm_ci(what: &str, folder: &Path) -> Result<()> {
    step(&format!("npm packages ({what})"), "less than a minute", || {
        let mut install = command("npm");
        install
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(folder);
        run(&mut install).with_context(|| {
            format!("npm could not install {what}. Is there a network? npm's own words are above")
        })
    })
}

/// Where Lighthouse is installed, for measuring alone: it is larger than all other tools from npm.
pub fn lighthouse_folder() -> PathBuf {
    project::root().join("benches/lighthouse")
}

pub fn lighthouse() -> Result<()> {
    let folder = lighthouse_folder();
    if folder.join("node_modules/lighthouse/package.json").is_file() {
        return Ok(());
    }
    npm_ci("Lighthouse", &folder)
}

/// Rust's standard library for the browser, which lints and builds for it need.
pub fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let installed = || {
        output("rustc", &["--print", "sysroot"]).is_some_and(|sysroot| {
            Path::new(&sysroot)
                .join("lib/rustlib")
                .join(TARGET)
                .join("lib")
                .is_dir()
        })
    };
    if installed() {
        return Ok(());
    }
    if find("rustup").is_none() {
        bail!(
            "Rust's target {TARGET} is missing, and rustup, which could add it, is not installed. \
             Install Rust by rustup (https://rustup.rs), then run this command again"
        );
    }
    step("Rust's target for the browser", "less than a minute", || {
        run(command("rustup").args(["target", "add", TARGET]))
            .context("rustup could not add it. Is there a network? rustup's own words are above")
    })
}

/// What builds and runs the targets in `fuzz/`.
pub fn cargo_fuzz() -> Result<PathBuf> {
    cargo_tool(&CargoTool {
        package: "cargo-fuzz",
        program: "cargo-fuzz",
        version: CARGO_FUZZ,
        takes: "less than a minute",
        options: &["--locked"],
    })
}

struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    takes: &'static str,
    options: &'static [&'static str],
}

/// The tool's path. One of the right version elsewhere in PATH will do; a build of our own goes into `.tools`.
fn cargo_tool(tool: &CargoTool) -> Result<PathBuf> {
    let own = project::tools()
        .join("bin")
        .join(tool.program)
        .with_extension(std::env::consts::EXE_EXTENSION);
    let right =
        |path: &PathBuf| output(path, &["--version"]).is_some_and(|said| has_version(&said, tool.version));
    if right(&own) {
        return Ok(own);
    }
    if let Some(found) = find(tool.program).filter(right) {
        return Ok(found);
    }
    let CargoTool {
        package,
        version,
        takes,
        options,
        ..
    } = tool;
    let target = project::tools().join("target");
    step(&format!("{package} {version}"), takes, || {
        run(command("cargo")
            .args(["install", package, "--version", version])
            .args(*options)
            .arg("--force")
            .arg("--root")
            .arg(project::tools())
            .arg("--target-dir")
            .arg(&target))
        .with_context(|| {
            format!("{package} could not be installed. Is there a network? cargo's own words are above")
        })
    })?;
    // Hundreds of megabytes that nothing reads again.
    std::fs::remove_dir_all(&target).with_context(|| format!("cannot remove {}", target.display()))?;
    Ok(own)
}

/// A line when a long step begins, with the time that it may take, and one when it is done.
pub fn step<T>(what: &str, takes: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what}: installing, once, {takes}");
    let start = Instant::now();
    let done = work()?;
    println!("==> {what}: ready after {}", lasted(start));
    Ok(done)
}

/// "trunk 0.21.14" has version 0.21.14, and not 0.21.1.
fn has_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_whole_word() {
        assert!(has_version("wasm-bindgen 0.2.130", "0.2.130"));
        assert!(!has_version("wasm-bindgen 0.2.130", "0.2.13"));
        assert!(!has_version("", "0.2.13"));
    }

    #[test]
    fn the_pinned_versions_are_the_same_in_every_file() {
        let file = |name: &str| std::fs::read_to_string(project::root().join(name)).unwrap();
        for (name, line) in [
            ("Cargo.toml", format!("wasm-bindgen = \"={WASM_BINDGEN}\"")),
            ("Trunk.toml", format!("wasm_bindgen = \"{WASM_BINDGEN}\"")),
            ("Trunk.toml", format!("trunk-version = \"={TRUNK}\"")),
            ("package.json", format!("\"binaryen\": \"{BINARYEN}.0.0\"")),
        ] {
            assert!(file(name).contains(&line), "{name} does not say {line}");
        }
    }
}
