//! Builds the PWA into `dist/` with trunk, unless nothing changed since the last build.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::process::{command, lasted, output, run};
use crate::tools::{self, Tools};
use crate::{bench, project, sw};

/// What a build is made of. Tests, documents and the main application are not part of it.
const FOLDERS: [&str; 6] = ["src", "crates", "worker", "po", "public", "xtask/src"];
const FILES: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
    "rust-toolchain.toml",
    ".cargo/config.toml",
    "package-lock.json",
];
/// In `dist/`, which trunk empties: so it speaks of this very build.
const STAMP: &str = ".inputs";

pub fn build() -> Result<()> {
    build_with(&tools::ensure()?)
}

pub fn build_with(tools: &Tools) -> Result<()> {
    let inputs = inputs(&project::root())?;
    let stamp = project::dist().join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|of_last_build| of_last_build == inputs) {
        println!("==> PWA: unchanged since the last build");
        return Ok(());
    }
    println!("==> PWA: building; the first time takes 4 to 10 minutes, later ones 1 to 2");
    let start = Instant::now();
    run(command(&tools.trunk)
        .args(["build", "--release"])
        .env("PATH", &tools.path)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags())
        // trunk takes NO_COLOR=1 for a mistake.
        .env_remove("NO_COLOR"))
    .context("the PWA could not be built")?;
    std::fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))?;
    let kilobytes = bench::first_visit(&project::dist())?.div_ceil(1000);
    println!(
        "==> PWA: built in {}; a first visit loads {kilobytes} kB",
        lasted(start)
    );
    Ok(())
}

/// Two things that make less to load: Leptos shares code between views instead of compiling each anew, and the places in
/// the code that a panic names do not begin with this machine's folders.
pub fn flags() -> String {
    let mut flags = "--cfg erase_components".to_owned();
    let home = std::env::var("CARGO_HOME")
        .ok()
        .or_else(|| Some(format!("{}/.cargo", std::env::var("HOME").ok()?)));
    let crates = home.map(|home| format!("{home}/registry/src"));
    let library = output("rustc", &["--print", "sysroot"]).map(|root| format!("{root}/lib/rustlib/src/rust"));
    // The variable is split at blanks, so a folder that has one stays as it is.
    let folders = crates.into_iter().chain(library);
    for folder in folders.filter(|folder| !folder.contains(char::is_whitespace)) {
        flags.push_str(&format!(" --remap-path-prefix={folder}="));
    }
    flags
}

/// A hash over the names and contents of all inputs.
fn inputs(root: &Path) -> Result<String> {
    let mut files: Vec<String> = FILES.iter().map(|file| (*file).to_owned()).collect();
    for folder in FOLDERS {
        files.extend(
            sw::files(&root.join(folder))?
                .into_iter()
                .map(|file| format!("{folder}/{file}")),
        );
    }
    let mut hash = Sha256::new();
    for file in files {
        let bytes = std::fs::read(root.join(&file)).with_context(|| format!("cannot read {file}"))?;
        hash.update(&file);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(&bytes);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::tests::Folder;

    fn project() -> Folder {
        let folders = FOLDERS.iter().map(|folder| format!("{folder}/file"));
        let files: Vec<String> = FILES
            .iter()
            .map(|file| (*file).to_owned())
            .chain(folders)
            .collect();
        Folder::with(
            &files
                .iter()
                .map(|file| (file.as_str(), "as it was"))
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn every_input_counts() {
        let project = project();
        let before = inputs(&project.path).unwrap();
        assert_eq!(inputs(&project.path).unwrap(), before, "nothing changed");
        for file in FILES
            .iter()
            .map(|file| (*file).to_owned())
            .chain(FOLDERS.iter().map(|f| format!("{f}/file")))
        {
            std::fs::write(project.path.join(&file), "As it was").unwrap();
            assert_ne!(inputs(&project.path).unwrap(), before, "{file}");
            std::fs::write(project.path.join(&file), "as it was").unwrap();
        }
    }

    #[test]
    fn a_new_file_and_a_new_name_count() {
        let project = project();
        let at = |name: &str| project.path.join(name);
        let before = inputs(&project.path).unwrap();
        std::fs::rename(at("src/file"), at("src/other")).unwrap();
        assert_ne!(inputs(&project.path).unwrap(), before, "another name");
        std::fs::rename(at("src/other"), at("src/file")).unwrap();
        std::fs::write(at("src/new"), "").unwrap();
        assert_ne!(inputs(&project.path).unwrap(), before, "an empty file more");
    }
}
