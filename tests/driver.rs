//! One WebDriver for one browser, ended with it.

use std::process::Stdio;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::leash::Leash;
use crate::{Engine, free_port, until};

pub(crate) struct Driver {
    pub url: String,
    process: Leash,
    /// What it and its browser write.
    _folder: TempDir,
}

impl Driver {
    pub async fn start(engine: Engine) -> Result<Self> {
        let port = free_port()?;
        let folder = tempfile::tempdir()?;
        let mut command = engine.driver(port, folder.path())?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process =
            Leash::start(&mut command).with_context(|| format!("starting the driver of {engine:?}"))?;
        let driver = Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
            _folder: folder,
        };
        let status = format!("{}/status", driver.url);
        until("the driver answers", || async {
            Ok(ureq::get(&status).call().is_ok().then_some(()))
        })
        .await?;
        Ok(driver)
    }

    pub fn pid(&self) -> u32 {
        self.process.pid()
    }
}
