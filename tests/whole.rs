//! The main application as a process, with the built PWA and sample data. Stopping it is what "offline" means in the
//! journeys: nothing answers any more.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::leash::Leash;
use crate::{free_port, named, until};

/// A running, or stopped, main application with data of its own.
pub struct Whole {
    port: u16,
    data: TempDir,
    dist: PathBuf,
    /// The port of the rehearsal's listener, where there is one.
    rehearsal: Option<u16>,
    process: Option<Leash>,
}

impl Whole {
    /// Starts it with sample accounts, clients and forms.
    pub async fn start() -> Result<Self> {
        Self::serving(named("DIST")?).await
    }

    /// The same with another build of the PWA.
    pub async fn serving(dist: PathBuf) -> Result<Self> {
        let mut whole = Self {
            port: free_port()?,
            data: tempfile::tempdir()?,
            dist,
            rehearsal: None,
            process: None,
        };
        whole.start_again().await?;
        Ok(whole)
    }

    /// Starts it with a second listener, on which the helpdesk rehearses.
    pub async fn rehearsing() -> Result<Self> {
        let mut whole = Self {
            port: free_port()?,
            data: tempfile::tempdir()?,
            dist: named("DIST")?,
            rehearsal: Some(free_port()?),
            process: None,
        };
        whole.start_again().await?;
        Ok(whole)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    /// Publishes a form, for every tablet's next connection.
    pub fn publishes(&self, questionnaire: &Value) -> Result<()> {
        let file = self.data.path().join("form.json");
        std::fs::write(&file, questionnaire.to_string())?;
        let published = Command::new(named("MAIN_APP")?)
            .args(["form", "publish", "--data"])
            .args([self.data.path(), &file])
            .stdout(Stdio::null())
            .status()?;
        anyhow::ensure!(published.success(), "the form was not published");
        Ok(())
    }

    /// The same port and the same data as before.
    pub async fn start_again(&mut self) -> Result<()> {
        let log = std::fs::File::create(self.data.path().join("log.txt"))?;
        let mut command = Command::new(named("MAIN_APP")?);
        command
            .args(["--sample", "--port", &self.port.to_string()])
            .arg("--data")
            .arg(self.data.path())
            .arg("--dist")
            .arg(&self.dist)
            // Without one no port is taken that another test may have been given.
            .args(match self.rehearsal {
                Some(port) => vec!["--rehearsal-port".to_owned(), port.to_string()],
                None => vec!["--no-rehearsal".to_owned()],
            })
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.process = Some(Leash::start(&mut command).context("starting the main application")?);
        let health = self.url("/health");
        until("the main application answers", || async {
            Ok(ureq::get(&health)
                .call()
                .is_ok_and(|reply| reply.status() == 200)
                .then_some(()))
        })
        .await
        .with_context(|| std::fs::read_to_string(self.data.path().join("log.txt")).unwrap_or_default())
    }

    /// Ends the process; the port refuses connections when this returns.
    pub async fn stop(&mut self) -> Result<()> {
        if self.process.take().is_none() {
            return Ok(());
        }
        let port = self.port;
        until("nothing listens", || async move {
            Ok(TcpStream::connect(("127.0.0.1", port)).is_err().then_some(()))
        })
        .await
    }
}
