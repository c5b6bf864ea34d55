//! `cargo xtask fuzz`: bytes that nobody would send, for every parser of bytes from outside. The targets are in `fuzz/`, which
//! is no part of the workspace; what is kept of them, `fuzz/corpus`, is replayed with every other test.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::args;
use crate::process::{command, find, run};
use crate::{project, tools};

/// libFuzzer's own marks are LLVM's and work with a stable compiler; a sanitizer would need a nightly one, and is of little use
/// where `unsafe` is forbidden.
const STABLE: [&str; 2] = ["--sanitizer", "none"];

/// Runs one target, or all of them one after another. What it invents goes into `fuzz/target`, and stays out of the tree.
pub fn fuzz(options: &args::Fuzz) -> Result<()> {
    let targets = match &options.target {
        Some(target) => vec![target.clone()],
        None => targets()?,
    };
    let cargo_fuzz = tools::cargo_fuzz()?;
    if find("c++").is_none() {
        bail!("libFuzzer is C++: install a C++ compiler (Debian: g++), then run this command again");
    }
    for target in targets {
        println!("\n==> {target}, {} seconds", options.seconds);
        let invented = project::root().join("fuzz/target/corpus").join(&target);
        std::fs::create_dir_all(&invented).with_context(|| format!("cannot make {}", invented.display()))?;
        let found = || format!("{target} broke a promise: the input is named above, in fuzz/artifacts");
        run(command(&cargo_fuzz)
            .args(["fuzz", "run"])
            .args(STABLE)
            .arg(&target)
            .arg(&invented)
            .arg(corpus(&target))
            .arg("--")
            .arg(format!("-max_total_time={}", options.seconds))
            .arg(format!(
                "-dict={}",
                project::root().join("fuzz/words.dict").display()
            ))
            .args(["-timeout=10", "-print_final_stats=1", "-verbosity=0"]))
        .with_context(found)?;
    }
    Ok(())
}

fn corpus(target: &str) -> PathBuf {
    project::root().join("fuzz/corpus").join(target)
}

/// Each target has its corpus.
fn targets() -> Result<Vec<String>> {
    let folder = corpus("");
    let listed = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in listed {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
