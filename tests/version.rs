//! A build of the PWA that a test may change: what a deployment does to an installed app.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::named;

/// A copy of the build, served and changed in place.
pub struct Version {
    folder: TempDir,
}

impl Version {
    pub fn current() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        copy(&named("DIST")?, folder.path())?;
        Ok(Self { folder })
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Publishes a new version, told from the old by a comment in one of its files.
    pub fn publish(&self, comment: &str) -> Result<()> {
        let file = self.folder.path().join("boot.js");
        let script = std::fs::read_to_string(&file)?;
        std::fs::write(&file, format!("{script}\n// {comment}\n"))?;
        let done = Command::new(named("XTASK")?)
            .arg("sw")
            .env("TRUNK_STAGING_DIR", self.folder.path())
            .status()?;
        ensure!(done.success(), "the service worker could not be written");
        Ok(())
    }

    /// Takes a file away after it was listed: a deployment that broke off.
    pub fn break_off(&self) -> Result<PathBuf> {
        let (file, away) = (
            self.folder.path().join("boot.js"),
            self.folder.path().join(".away"),
        );
        std::fs::rename(&file, &away)?;
        let compressed = self.folder.path().join("boot.js.br");
        if compressed.exists() {
            std::fs::rename(compressed, self.folder.path().join(".away-br"))?;
        }
        Ok(away)
    }

    /// Puts it back.
    pub fn complete(&self) -> Result<()> {
        std::fs::rename(
            self.folder.path().join(".away"),
            self.folder.path().join("boot.js"),
        )?;
        let compressed = self.folder.path().join(".away-br");
        if compressed.exists() {
            std::fs::rename(compressed, self.folder.path().join("boot.js.br"))?;
        }
        Ok(())
    }
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
