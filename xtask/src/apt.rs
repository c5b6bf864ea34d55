//! Installs Debian packages, where this user may.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::process::{command, find, output, run};
use crate::tools::step;

/// Debian itself, where every package of ours is known to be.
pub fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "ID=debian"))
}

/// Whether there is apt, and a way to call it as root that asks nobody for a password.
pub fn may_be_used() -> bool {
    as_root().is_some()
}

pub fn install(what: &str, takes: &str, packages: &[&str]) -> Result<()> {
    let Some(as_root) = as_root() else {
        bail!("apt may not be used here");
    };
    let apt = |words: &[&str]| {
        let all: Vec<&str> = as_root
            .iter()
            .copied()
            .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .chain(words.iter().copied())
            .collect();
        run(command(all[0]).args(&all[1..]))
            .context("apt failed. Is there a network? Its own words are above")
    };
    step(what, takes, || {
        apt(&["update", "-qq"])?;
        let install = ["install", "-y", "-qq", "--no-install-recommends"];
        apt(&[&install, packages].concat())
    })
}

/// The words before a command that needs root.
fn as_root() -> Option<&'static [&'static str]> {
    if !Path::new("/etc/debian_version").exists() || find("apt-get").is_none() {
        return None;
    }
    match output("id", &["-u"]).as_deref() {
        Some("0") => Some(&[]),
        _ => output("sudo", &["-n", "true"]).map(|_| &["sudo", "-n"][..]),
    }
}
