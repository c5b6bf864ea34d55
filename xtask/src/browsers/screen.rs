//! A screen in memory, for a browser that opens only where there is one. Without it WebKit's driver waits two minutes and
//! then gives up.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::command;

/// Runs until it is dropped.
pub struct Screen {
    display: String,
    process: Child,
}

impl Screen {
    /// On a display number that is free: Xvfb chooses it, and says it once it listens.
    pub fn open(xvfb: &Path) -> Result<Self> {
        let mut process = command(xvfb)
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1600x1200x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{} does not start", xvfb.display()))?;
        let mut number = String::new();
        if let Some(said) = process.stdout.take() {
            BufReader::new(said)
                .read_line(&mut number)
                .context("cannot read what Xvfb says")?;
        }
        let screen = Self {
            display: format!(":{}", number.trim()),
            process,
        };
        ensure!(
            screen.display.len() > 1,
            "Xvfb has ended without opening a display"
        );
        Ok(screen)
    }

    pub fn name_to(&self, command: &mut Command) {
        command.env("DISPLAY", &self.display);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // It has no state to lose, and nobody is left to be told.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
