//! One chromedriver for one browser, ended with it.

use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use crate::{free_port, named, until};

pub(crate) struct Driver {
    pub url: String,
    process: Child,
}

impl Driver {
    pub async fn start() -> Result<Self> {
        let port = free_port()?;
        let process = Command::new(named("CHROMEDRIVER")?)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting chromedriver")?;
        let driver = Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
        };
        let status = format!("{}/status", driver.url);
        until("chromedriver answers", || async {
            Ok(ureq::get(&status).call().is_ok().then_some(()))
        })
        .await?;
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
