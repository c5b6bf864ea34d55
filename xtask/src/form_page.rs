//! `cargo xtask bench --page`: the app's drawing of a form as a page of its own (`benches/form-page`), measured beside other
//! renderers. Their harness lies outside of this project; without it the page is built, and that is all.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::browsers::Browser;
use crate::process::{command, run};
use crate::{compress, project, tools, wasm};

/// `--page [--peers DIR] [-- WORDS]`
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    /// The folder of the peers' harness.
    pub peers: Option<PathBuf>,
    /// What the harness is told, such as `--targets=ours,floor`.
    pub words: Vec<String>,
}

pub fn bench(options: &Options, chromium: &Browser) -> Result<()> {
    let page = build()?;
    println!("==> {} built", page.display());
    let named = options.peers.clone();
    let Some(peers) = named.or_else(|| std::env::var_os("PEERS_BENCH").map(PathBuf::from)) else {
        println!(
            "passed over: the page beside others; name their harness with --peers DIR or PEERS_BENCH=DIR"
        );
        return Ok(());
    };
    ensure!(
        peers.join("harness/bench.mjs").is_file(),
        "{} is not the peers' harness: it has no harness/bench.mjs",
        peers.display()
    );
    let peers = std::fs::canonicalize(&peers)
        .with_context(|| format!("cannot find the folder {}", peers.display()))?;
    run(command("node")
        .arg(project::root().join("benches/form-page/beside.mjs"))
        .args([&peers, &page])
        .args(&options.words)
        .env("BENCH_CHROME", &chromium.program))
    .context("the pages could not be measured. The harness needs `npm ci` and `npm run gen` in its folder, and `npm run build` for the peers")
}

/// The page as it would be served: in `target/`, and never in `dist/`.
pub fn build() -> Result<PathBuf> {
    let tools = tools::ensure()?;
    let root = project::root();
    let folder = root.join("target/form-page");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let program = wasm::Program {
        package: "form-page",
        target: wasm::Target::Lib,
        default_features: true,
        script: "web",
        name: "form_page",
        keep_names: false,
    };
    wasm::build(&tools, &program, &folder)?;
    let copy = |from: &Path| {
        let name = from.file_name().unwrap_or_default();
        std::fs::copy(from, folder.join(name)).with_context(|| format!("cannot copy {}", from.display()))
    };
    for file in ["index.html", "page.js"] {
        copy(&root.join("benches/form-page/page").join(file))?;
    }
    for file in std::fs::read_dir(root.join("public/styles"))? {
        copy(&file?.path())?;
    }
    compress::write_siblings(&folder, &root.join("target/form-page-compressed"))?;
    Ok(folder)
}
