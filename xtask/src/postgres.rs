//! A PostgreSQL server for the tests and for measuring: finds its programs or has apt install them, and runs a cluster of its own in a folder
//! that goes with it. No other server on the machine is touched.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::apt;
use crate::process::{command, find, output, run};

/// Where `initdb` and `pg_ctl` lie, and who may run them.
pub struct Programs {
    folder: PathBuf,
    /// PostgreSQL does not run as root: then it runs as the user that Debian's package has made.
    as_other_user: bool,
}

/// The programs, or a sentence that says why they are not here. An installation that was tried and failed is an error.
pub fn ensure() -> Result<Result<Programs, &'static str>> {
    const BY_HAND: &str = "To have both, install PostgreSQL 13 or newer (on Debian: apt install postgresql).";
    if find_programs().is_none() && apt::may_be_used() {
        apt::install("PostgreSQL (apt)", "a minute", &["postgresql"])?;
    }
    let Some(folder) = find_programs() else {
        return Ok(Err(BY_HAND));
    };
    let as_other_user = output("id", &["-u"]).as_deref() == Some("0");
    if as_other_user && output("id", &["-u", USER]).is_none() {
        return Ok(Err(
            "PostgreSQL does not run as root, and there is no user \"postgres\" to run it.",
        ));
    }
    Ok(Ok(Programs {
        folder,
        as_other_user,
    }))
}

const USER: &str = "postgres";

/// Debian keeps them out of PATH, in a folder for each version; the newest is taken.
fn find_programs() -> Option<PathBuf> {
    let version = |folder: &PathBuf| -> Option<u32> { folder.file_name()?.to_str()?.parse().ok() };
    let newest = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .and_then(|entries| entries.flatten().map(|entry| entry.path()).max_by_key(version))
        .map(|folder| folder.join("bin"));
    newest
        .or_else(|| Some(find("initdb")?.parent()?.to_owned()))
        .filter(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// What a commit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commits {
    /// As on a server that is in use: it is on the disk.
    Kept,
    /// What is lost with the machine is made anew by the next run, so nothing has to reach the disk.
    Quick,
}

/// A running server. It ends, and its folder goes, when this is dropped.
pub struct Postgres<'p> {
    programs: &'p Programs,
    folder: PathBuf,
    port: u16,
}

impl<'p> Postgres<'p> {
    pub fn start(programs: &'p Programs, commits: Commits) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("mobile-assessments-postgres-{}", std::process::id()));
        let owner: &[&str] = if programs.as_other_user {
            &["-o", USER]
        } else {
            &[]
        };
        run(command("install")
            .args(["-d", "-m", "700"])
            .args(owner)
            .arg(&folder))?;
        let server = Self {
            programs,
            folder,
            port: TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(),
        };
        let said = server
            .program("initdb")
            .args([
                "--username=tests",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(server.data())
            .output()
            .context("initdb does not start")?;
        ensure!(
            said.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&said.stderr)
        );
        let fsync = match commits {
            Commits::Kept => "on",
            Commits::Quick => "off",
        };
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync={fsync} -c max_connections=300",
            server.port,
            server.folder.display()
        );
        let log = server.folder.join("log");
        let started = server
            .program("pg_ctl")
            .args(["start", "--silent", "-w", "-t", "60", "-o", &options, "-l"])
            .arg(&log)
            .arg("-D")
            .arg(server.data())
            .status()
            .context("pg_ctl does not start")?;
        ensure!(
            started.success(),
            "PostgreSQL does not start: {}",
            std::fs::read_to_string(&log).unwrap_or_default()
        );
        Ok(server)
    }

    /// Tells the tests where it is.
    pub fn name_to<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("MAIN_APP_TEST_POSTGRES", self.url())
    }

    pub fn url(&self) -> String {
        format!("postgres://tests@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.folder.join(name);
        let mut program = if self.programs.as_other_user {
            let mut other = command("runuser");
            other.args(["-u", USER, "--"]).arg(path);
            other
        } else {
            command(path)
        };
        // The other user may not enter the project's folder.
        program.current_dir(Path::new("/"));
        program
    }
}

impl Drop for Postgres<'_> {
    fn drop(&mut self) {
        let stopped = self
            .program("pg_ctl")
            .args(["stop", "--silent", "-m", "immediate", "-D"])
            .arg(self.data())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("the tests' PostgreSQL in {} did not stop", self.folder.display());
        }
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("cannot remove {}: {error}", self.folder.display());
        }
    }
}
