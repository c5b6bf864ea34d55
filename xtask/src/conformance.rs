//! `cargo xtask conformance`: the form engine and its expressions against HL7's suite, another engine's results, the cases
//! of two validators, and real forms. The crates' examples of that name do the work; the test data lies outside of the
//! project.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::process::command;

/// `conformance [--corpus DIR] [--json]`
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    corpus: Option<PathBuf>,
    json: bool,
}

impl Options {
    pub fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--corpus" => {
                    let folder = words.next().context("--corpus needs a folder behind it")?;
                    options.corpus = Some(PathBuf::from(folder));
                }
                "--json" => options.json = true,
                other => bail!("conformance does not know \"{other}\"; it takes --corpus DIR and --json"),
            }
        }
        Ok(options)
    }
}

/// Whether every threshold is reached.
pub fn conformance(options: &Options) -> Result<bool> {
    let corpus = corpus(options.corpus.clone())?;
    let mut good = true;
    let mut parts = Vec::new();
    for (package, program) in [("fhirpath", "conformance"), ("forms", "corpus")] {
        // FHIRPath's own tables are among its tests; without test data there is nothing else to hold it against.
        if package == "fhirpath" && corpus.is_none() {
            eprintln!("passed over: no test data; name its folder with --corpus DIR or in FHIR_CORPUS");
            continue;
        }
        let mut example = command("cargo");
        example.args(["run", "--quiet", "--release", "--package", package]);
        example.args(["--example", program]);
        if let Some(corpus) = &corpus {
            example.env("FHIR_CORPUS", corpus);
        }
        if !options.json {
            good &= example.status().context("cannot start cargo")?.success();
            continue;
        }
        let output = example
            .args(["--", "--json"])
            .stderr(std::process::Stdio::inherit())
            .output()
            .context("cannot start cargo")?;
        good &= output.status.success();
        parts.push(format!(
            "\"{package}\": {}",
            String::from_utf8_lossy(&output.stdout).trim()
        ));
    }
    if options.json {
        println!("{{ {} }}", parts.join(", "));
    }
    Ok(good)
}

/// The folder of the test data: `named`, or what `FHIR_CORPUS` says.
pub fn corpus(named: Option<PathBuf>) -> Result<Option<PathBuf>> {
    let Some(named) = named.or_else(|| std::env::var_os("FHIR_CORPUS").map(PathBuf::from)) else {
        return Ok(None);
    };
    let corpus = std::fs::canonicalize(&named)
        .with_context(|| format!("there is no folder {} with test data", named.display()))?;
    ensure!(
        corpus.join("questionnaires").is_dir(),
        "{} is not the test data: it has no folder \"questionnaires\"",
        corpus.display()
    );
    Ok(Some(corpus))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_behind_the_command_are_read_or_refused() {
        let parse =
            |words: &[&str]| Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let both = parse(&["--json", "--corpus", "data"]).unwrap();
        assert_eq!(
            both,
            Options {
                corpus: Some("data".into()),
                json: true
            }
        );
        assert!(parse(&["--corpus"]).is_err());
        assert!(parse(&["corpus"]).is_err());
    }
}
