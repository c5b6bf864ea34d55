//! `cargo xtask bench`: what the first visit loads, and how long things take, as tables in Markdown. The times are measured by
//! a program of the tests' package, which drives a browser; `cargo xtask shots` has another one take pictures, and `cargo
//! xtask faults` has one kill the tab.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::browsers::Browser;
use crate::process::{command, find, output, run};
use crate::{args, browsers, engine, form_page, project, sw, test, tools, web};

/// What the first visit may load at most, in bytes as they are sent; a build that loads more fails `cargo xtask test`. A
/// change that needs more says why in docs/adr/0048-size.md.
const BUDGET: u64 = 705_000;
/// What it is to load.
const GOAL: u64 = 250_000;

/// `bench [--times | --lighthouse | --page [--peers DIR] [-- WORDS]]`
#[derive(Debug, PartialEq)]
pub enum Options {
    /// Everything that needs nothing from outside.
    All,
    /// What a user waits for.
    Times,
    /// What Lighthouse says of the pages.
    Lighthouse,
    /// The app's drawing of a form beside other renderers.
    Page(form_page::Options),
}

impl Options {
    pub fn parse(words: &[String]) -> Result<Self> {
        let Some((first, rest)) = words.split_first() else {
            return Ok(Self::All);
        };
        for (word, part) in [("--times", Self::Times), ("--lighthouse", Self::Lighthouse)] {
            if first == word {
                args::none(rest)?;
                return Ok(part);
            }
        }
        if first != "--page" {
            bail!(
                "bench does not know \"{first}\"; it takes --times, --lighthouse, or --page and behind it --peers DIR and -- WORDS for the harness"
            );
        }
        let mut options = form_page::Options::default();
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--peers" => {
                    let folder = words.next().context("--peers needs a folder behind it")?;
                    options.peers = Some(PathBuf::from(folder));
                }
                "--" => options.words = words.by_ref().cloned().collect(),
                other => bail!("bench --page does not know \"{other}\"; it takes --peers DIR and -- WORDS"),
            }
        }
        Ok(Self::Page(options))
    }
}

pub fn bench(options: &Options) -> Result<()> {
    let chromium = browsers::chromium()?;
    match options {
        Options::Page(options) => form_page::bench(options, &chromium),
        Options::Times => {
            web::build()?;
            print_times(&chromium)
        }
        Options::Lighthouse => {
            web::build()?;
            print_lighthouse(&chromium)
        }
        Options::All => {
            web::build()?;
            crate::run::build(&["main-app"])?;
            print_sizes()?;
            engine::print(&chromium)?;
            print_times(&chromium)?;
            crate::load::print()
        }
    }
}

fn print_times(chromium: &Browser) -> Result<()> {
    crate::run::build(&["main-app", "measure"])?;
    let version = output(&chromium.program, &["--version"]).unwrap_or_else(|| "Chromium".into());
    println!("\nTimes, of 9 runs each, in headless {version} (`cargo xtask bench`)\n");
    let mut measure = command(project::program("measure")?);
    measure.args(engine::largest()?);
    run(in_chromium(&mut measure, chromium)?)
}

fn print_lighthouse(chromium: &Browser) -> Result<()> {
    tools::lighthouse()?;
    crate::run::build(&["main-app", "lighthouse"])?;
    println!("\nLighthouse; times in ms (`cargo xtask bench --lighthouse`)\n");
    let mut measure = command(project::program("lighthouse")?);
    measure.arg(tools::lighthouse_folder().join("audit.mjs"));
    run(in_chromium(&mut measure, chromium)?)
}

/// Kills the tab after each request of sign-in and of save, and fails where anything is found but the state before or after.
pub fn faults(rounds: u32) -> Result<()> {
    let chromium = browsers::chromium()?;
    web::build()?;
    crate::run::build(&["main-app", "faults"])?;
    println!("\nThe tab killed, {rounds} times (`cargo xtask faults`)\n");
    run(in_chromium(
        command(project::program("faults")?).arg(rounds.to_string()),
        &chromium,
    )?)
}

/// README's pictures.
pub fn shots() -> Result<()> {
    let chromium = browsers::chromium()?;
    web::build()?;
    crate::run::build(&["main-app", "pictures"])?;
    let folder = project::root().join("docs/pictures");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    run(in_chromium(
        command(project::program("pictures")?).arg(&folder),
        &chromium,
    )?)?;
    if find("pngquant").is_some() {
        for picture in ["caseload.png", "form.png"] {
            run(command("pngquant")
                .args(["--force", "--ext", ".png", "--strip", "128"])
                .arg(folder.join(picture)))?;
        }
    }
    println!("==> {} written", folder.display());
    Ok(())
}

pub fn in_chromium<'c>(command: &'c mut Command, chromium: &Browser) -> Result<&'c mut Command> {
    chromium.name_to(command, "CHROMIUM", "CHROMEDRIVER");
    test::with_whole(command)
}

fn print_sizes() -> Result<()> {
    let mut sizes = sizes(&project::dist())?;
    sizes.sort_by_key(|size| (size.later, std::cmp::Reverse(size.sent)));
    println!("\nWhat the first visit loads, in bytes (`cargo xtask bench`)\n");
    println!("| file | loaded | raw | brotli |\n| --- | --- | ---: | ---: |");
    for size in &sizes {
        println!(
            "| {} | {} | {} | {} |",
            size.file,
            when(size.later),
            size.raw,
            size.sent
        );
    }
    for later in [false, true] {
        let (raw, sent) = sum(sizes.iter().filter(|size| size.later == later));
        println!("| all of these | {} | {raw} | {sent} |", when(later));
    }
    let (raw, sent) = sum(&sizes);
    println!("| **everything** | | **{raw}** | **{sent}** |");
    println!("| what it may be | | | {BUDGET} |");
    println!("| what it is to be | | | {GOAL} |");
    Ok(())
}

/// Bytes of the whole first visit, as they are sent.
pub fn first_visit(dist: &Path) -> Result<u64> {
    Ok(sum(&sizes(dist)?).1)
}

/// The size is the same on every machine, so a test may say what it is.
pub fn keep_to_budget(dist: &Path) -> Result<()> {
    let sent = first_visit(dist)?;
    println!("a first visit loads {sent} bytes, of {BUDGET} that it may");
    ensure!(
        sent <= BUDGET,
        "a first visit loads {sent} bytes, {} more than it may; CONTRIBUTING.md says how to keep it small",
        sent - BUDGET
    );
    Ok(())
}

struct Size {
    file: String,
    raw: u64,
    sent: u64,
    /// Not needed for the first page: fetched behind it by the service worker, for the days without a network.
    later: bool,
}

fn sizes(dist: &Path) -> Result<Vec<Size>> {
    let length = |file: &str| std::fs::metadata(dist.join(file)).map(|data| data.len());
    let size = |file: String| {
        let raw = length(&file).with_context(|| format!("cannot read {file}"))?;
        // No copy: it does not shrink, and is sent as it is.
        let sent = length(&format!("{file}.br")).unwrap_or(raw);
        let later = ["sw.js", "kdf-worker", "icons/", "manifest.", "es.words"]
            .iter()
            .any(|start| file.starts_with(start));
        Ok(Size {
            file,
            raw,
            sent,
            later,
        })
    };
    sw::files(dist)?
        .into_iter()
        .filter(|file| !file.ends_with(".br"))
        .map(size)
        .collect()
}

fn sum<'s>(sizes: impl IntoIterator<Item = &'s Size>) -> (u64, u64) {
    sizes
        .into_iter()
        .fold((0, 0), |(raw, sent), size| (raw + size.raw, sent + size.sent))
}

fn when(later: bool) -> &'static str {
    if later { "behind the page" } else { "for the page" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::tests::Folder;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_part_can_be_asked_for() {
        assert_eq!(parse("").unwrap(), Options::All);
        assert_eq!(parse("--times").unwrap(), Options::Times);
        assert_eq!(parse("--lighthouse").unwrap(), Options::Lighthouse);
        let page = form_page::Options {
            peers: Some("there".into()),
            words: vec!["--runs=1".into(), "--n=50".into()],
        };
        assert_eq!(
            parse("--page --peers there -- --runs=1 --n=50").unwrap(),
            Options::Page(page)
        );
        assert_eq!(
            parse("--page").unwrap(),
            Options::Page(form_page::Options::default())
        );
        for (line, said) in [
            ("fast", "does not know \"fast\""),
            ("--page --peers", "needs a folder"),
            ("--page --runs=1", "it takes --peers DIR and -- WORDS"),
        ] {
            let error = parse(line).unwrap_err().to_string();
            assert!(error.contains(said), "{line}: {error}");
        }
    }

    #[test]
    fn a_file_counts_as_it_is_sent() {
        let dist = Folder::with(&[
            ("app.js", "1234567890"),
            ("app.js.br", "123"),
            ("icons/icon.png", "12345"),
        ]);
        assert_eq!(first_visit(&dist.path).unwrap(), 3 + 5);
        assert_eq!(sum(&sizes(&dist.path).unwrap()), (15, 8));
    }
}
