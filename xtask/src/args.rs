//! Reads the words behind a command.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// `run [--port N] [--data DIR] [--fresh]`
#[derive(Debug, PartialEq)]
pub struct Run {
    pub port: u16,
    /// Where the main application keeps its database; `.data` in the project when it is not said.
    pub data: Option<PathBuf>,
    pub fresh: bool,
}

impl Run {
    pub fn parse(words: &[String]) -> Result<Self> {
        let mut run = Self {
            port: 8080,
            data: None,
            fresh: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = |what: &str| {
                words
                    .next()
                    .with_context(|| format!("{word} needs {what} behind it"))
            };
            match word.as_str() {
                "--port" => {
                    let port = value("a number from 1 to 65535")?;
                    run.port = match port.parse() {
                        Ok(number) if number != 0 => number,
                        _ => bail!("\"{port}\" is not a port: give a number from 1 to 65535"),
                    };
                }
                "--data" => run.data = Some(PathBuf::from(value("a folder")?)),
                "--fresh" => run.fresh = true,
                other => bail!("run does not know \"{other}\"; it takes --port N, --data DIR and --fresh"),
            }
        }
        Ok(run)
    }
}

/// `fuzz [TARGET] [--seconds N]`
#[derive(Debug, PartialEq)]
pub struct Fuzz {
    /// All of them when it is not said.
    pub target: Option<String>,
    /// For each target.
    pub seconds: u32,
}

impl Fuzz {
    pub fn parse(words: &[String]) -> Result<Self> {
        let mut fuzz = Self {
            target: None,
            seconds: 60,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--seconds" {
                let seconds = words.next().context("--seconds needs a number behind it")?;
                fuzz.seconds = match seconds.parse() {
                    Ok(number) if number != 0 => number,
                    _ => bail!("\"{seconds}\" is no number of seconds"),
                };
            } else if word.starts_with('-') || fuzz.target.is_some() {
                bail!("fuzz does not know \"{word}\"; it takes one TARGET and --seconds N");
            } else {
                fuzz.target = Some(word.clone());
            }
        }
        Ok(fuzz)
    }
}

pub fn none(words: &[String]) -> Result<()> {
    match words.first() {
        Some(word) => bail!("this command takes nothing behind it, and got \"{word}\""),
        None => Ok(()),
    }
}

pub fn at_most_one(words: &[String]) -> Result<Option<&str>> {
    match words {
        [] => Ok(None),
        [word] => Ok(Some(word)),
        [_, extra, ..] => bail!("this command takes one word at most, and got \"{extra}\" as well"),
    }
}

/// `faults [ROUNDS]`
pub fn rounds(words: &[String]) -> Result<u32> {
    match at_most_one(words)? {
        None => Ok(500),
        Some(word) => match word.parse() {
            Ok(rounds) if rounds > 0 => Ok(rounds),
            _ => bail!("\"{word}\" is not a number of rounds: give a whole number from 1 on"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Run> {
        Run::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn without_options_it_is_port_8080_and_the_usual_data() {
        assert_eq!(
            parse("").unwrap(),
            Run {
                port: 8080,
                data: None,
                fresh: false
            }
        );
    }

    #[test]
    fn options_come_in_any_order() {
        let expected = Run {
            port: 9000,
            data: Some("elsewhere".into()),
            fresh: true,
        };
        assert_eq!(parse("--fresh --data elsewhere --port 9000").unwrap(), expected);
    }

    #[test]
    fn rounds_are_500_unless_it_is_said() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(rounds(&words("")).unwrap(), 500);
        assert_eq!(rounds(&words("25")).unwrap(), 25);
        for wrong in ["0", "many", "-1"] {
            let error = rounds(&words(wrong)).unwrap_err().to_string();
            assert!(error.contains("is not a number of rounds"), "{wrong}: {error}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("--port", "--port needs a number"),
            ("--port 0", "\"0\" is not a port"),
            ("--port 70000", "\"70000\" is not a port"),
            ("--data", "--data needs a folder"),
            ("--prot 1", "does not know \"--prot\""),
        ] {
            let error = parse(line).unwrap_err().to_string();
            assert!(error.contains(said), "{line}: {error}");
        }
    }

    #[test]
    fn fuzz_takes_a_target_and_a_time() {
        let fuzz = |line: &str| Fuzz::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(fuzz("").unwrap().seconds, 60);
        let expected = Fuzz {
            target: Some("questionnaire".into()),
            seconds: 600,
        };
        assert_eq!(fuzz("questionnaire --seconds 600").unwrap(), expected);
        assert_eq!(fuzz("--seconds 600 questionnaire").unwrap(), expected);
        for line in ["--seconds", "--seconds 0", "--seconds soon", "a b", "--second 1"] {
            assert!(fuzz(line).is_err(), "{line}");
        }
    }
}
