//! Starts other programs, and tells what became of them in a sentence that says what to do.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project;

/// A command in the project's folder. What `cargo run` sets for xtask itself is taken out: build scripts watch some of it, and
/// would be run again at each change between `cargo xtask …` and plain cargo.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project::root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let set_by_cargo_run = text == "CARGO"
            || [
                "CARGO_PKG_",
                "CARGO_MANIFEST_",
                "CARGO_PRIMARY_",
                "CARGO_BIN_",
                "CARGO_CRATE_",
            ]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        if set_by_cargo_run {
            command.env_remove(&name);
        }
    }
    command
}

/// Its output goes to ours as it comes; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| not_started(command, error))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Like [`run`], and hands every line of standard output to `line` as well.
pub fn run_reading(command: &mut Command, mut line: impl FnMut(&str)) -> Result<bool> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, error))?;
    let output = child.stdout.take().context("standard output was asked for")?;
    for bytes in BufReader::new(output).split(b'\n') {
        let bytes = bytes.with_context(|| format!("cannot read what `{}` says", shown(command)))?;
        let text = String::from_utf8_lossy(&bytes);
        println!("{text}");
        line(&text);
    }
    Ok(child
        .wait()
        .with_context(|| format!("cannot wait for `{}`", shown(command)))?
        .success())
}

/// What a program prints, or `None` where there is no such program or it fails.
pub fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = command(program)
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The full path of a program in PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let file = Path::new(name).with_extension(std::env::consts::EXE_EXTENSION);
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// "3 min 4 s", "7 s", "0.4 s"
pub fn lasted(since: Instant) -> String {
    shown_duration(since.elapsed())
}

pub fn shown_duration(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn not_started(command: &Command, error: std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy().into_owned();
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("the program \"{program}\" is not installed, or not in PATH"),
        _ => anyhow::Error::new(error).context(format!("\"{program}\" does not start")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut command("no-such-program-here")).unwrap_err().to_string();
        assert_eq!(
            error,
            "the program \"no-such-program-here\" is not installed, or not in PATH"
        );
    }

    #[test]
    fn durations_are_short_to_read() {
        for (milliseconds, expected) in [
            (420, "0.4 s"),
            (7_040, "7.0 s"),
            (59_900, "59 s"),
            (65_000, "1 min 5 s"),
            (184_000, "3 min 4 s"),
        ] {
            assert_eq!(shown_duration(Duration::from_millis(milliseconds)), expected);
        }
    }
}
