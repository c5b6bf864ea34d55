//! The form engine's part of `cargo xtask bench`: how long forms take to open and to answer, how many expressions a second
//! beside npm's fhirpath, natively and in Chromium, and what the engine adds to a program in wasm and to the app's ([`share`]).
//! `benches/` is what is measured, and a program of the tests' package drives the browser.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64ct::{Base64, Encoding};

use crate::browsers::Browser;
use crate::process::{command, run};
use crate::share::{self, Share, Size};
use crate::tools::Tools;
use crate::{bench, compress, project, tools, wasm};

/// The largest of the published forms: 821 items, a health check with a section for each age.
const LARGEST: &str =
    "questionnaires/smart-forms-ig__Questionnaire-AboriginalTorresStraitIslanderHealthCheck-assemble.json";
/// What the two crates are to add to the app at most, in bytes as they are sent.
const GOAL: usize = 120_000;

pub fn print(chromium: &Browser) -> Result<()> {
    let tools = tools::ensure()?;
    tools::peer()?;
    let folder = project::root().join("target/bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let without = program(&tools, &folder, false)?;
    let with = program(&tools, &folder, true)?;
    page(&folder, &with)?;

    let largest = largest()?;
    let natively = folder.join("natively.json");
    let mut native = command("cargo");
    native
        .args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "benches",
            "--bin",
            "native",
            "--",
        ])
        .arg(&natively)
        .args(&largest);
    run(&mut native)?;
    crate::run::build(&["engine"])?;
    let mut measure = command(project::program("engine")?);
    measure
        .arg(folder.join("index.html"))
        .arg(&natively)
        .args(&largest);
    run(bench::in_chromium(&mut measure, chromium)?)?;
    print_weight(&without, &with)?;
    print_share(&tools, &folder, &without, &with)
}

/// The largest published form, where the test data are named.
pub fn largest() -> Result<Option<PathBuf>> {
    let Some(corpus) = std::env::var_os("FHIR_CORPUS") else {
        eprintln!("passed over: the largest published form; name the test data's folder in FHIR_CORPUS");
        return Ok(None);
    };
    let form = Path::new(&corpus).join(LARGEST);
    ensure!(form.is_file(), "FHIR_CORPUS has no {LARGEST}");
    Ok(Some(form))
}

/// A program with or without the engine.
fn program(tools: &Tools, folder: &Path, engine: bool) -> Result<Vec<u8>> {
    let program = wasm::Program {
        package: "benches",
        target: wasm::Target::Lib,
        default_features: engine,
        script: "no-modules",
        name: "engine",
        keep_names: false,
    };
    let built = wasm::build(tools, &program, folder)?;
    std::fs::read(&built).with_context(|| format!("cannot read {}", built.display()))
}

/// A page that a browser opens from the disk.
fn page(folder: &Path, wasm: &[u8]) -> Result<()> {
    let root = project::root();
    for file in ["index.html", "page.js"] {
        let from = root.join("benches/page").join(file);
        std::fs::copy(&from, folder.join(file)).with_context(|| format!("cannot copy {}", from.display()))?;
    }
    let script = format!("const wasm = \"{}\";\n", Base64::encode_string(wasm));
    std::fs::write(folder.join("wasm.js"), script).context("cannot write the page")?;
    let mut out = std::ffi::OsString::from("--outfile=");
    out.push(folder.join("peer.js"));
    run(command(root.join("node_modules/.bin/esbuild"))
        .arg(root.join("benches/page/peer.js"))
        .args(["--bundle", "--minify", "--platform=browser", "--log-level=error"])
        .arg(out))
    .context("the peer could not be put together")
}

fn print_weight(without: &[u8], with: &[u8]) -> Result<()> {
    println!(
        "\nWhat `fhirpath` and `forms`, and what they use, add to a program in wasm, in bytes (`cargo xtask bench`)\n"
    );
    println!("| program | raw | brotli |\n| --- | ---: | ---: |");
    let (small, large) = (compress::brotli(without)?.len(), compress::brotli(with)?.len());
    println!("| reads and writes JSON | {} | {small} |", without.len());
    println!("| opens and answers forms as well | {} | {large} |", with.len());
    println!(
        "| **the difference** | **{}** | **{}** |",
        with.len().saturating_sub(without.len()),
        large.saturating_sub(small)
    );
    Ok(())
}

fn print_share(tools: &Tools, folder: &Path, without: &[u8], with: &[u8]) -> Result<()> {
    let Share { app, rest } = share::measure(tools, folder)?;
    let functions = app.without(rest);
    let constants = Size::of(share::constants(with))?.without(Size::of(share::constants(without))?);
    println!("\nThe same within the app's own program, in bytes (docs/adr/0101-the-engine-in-the-app.md)\n");
    println!("| what | raw | brotli |\n| --- | ---: | ---: |");
    let row = |what: &str, size: Size| println!("| {what} | {} | {} |", size.raw, size.brotli);
    row("the app", app);
    row(
        "the app without the engine's functions, and without what nothing calls then",
        rest,
    );
    row("so the functions of the engine", functions);
    row("its constants, of the two programs above", constants);
    let all = Size {
        raw: functions.raw + constants.raw,
        brotli: functions.brotli + constants.brotli,
    };
    row("**the engine in the app**", all);
    println!("| what it is to be | | {GOAL} |");
    Ok(())
}
