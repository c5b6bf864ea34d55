//! Finds Chromium and its driver, and installs them by apt where it may.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{command, find, output, run};
use crate::tools::step;

pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// `CHROMIUM` and `CHROMEDRIVER` in the environment go before what lies in PATH.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = present() {
        return Ok(browser);
    }
    install()?;
    present().context("apt has installed chromium and chromium-driver, and they are not in PATH")
}

fn present() -> Option<Browser> {
    let named = |variable: &str| {
        std::env::var_os(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_file())
    };
    let chromium = named("CHROMIUM").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| find(name))
    });
    let driver = named("CHROMEDRIVER").or_else(|| find("chromedriver"));
    Some(Browser {
        chromium: chromium?,
        driver: driver?,
    })
}

fn install() -> Result<()> {
    const BY_HAND: &str = "the tests need Chromium and its driver. On Debian: sudo apt install chromium chromium-driver. \
         Elsewhere install both, of one version, and name them in the variables CHROMIUM and CHROMEDRIVER";
    if !Path::new("/etc/debian_version").exists() || find("apt-get").is_none() {
        bail!("{BY_HAND}");
    }
    let as_root = match output("id", &["-u"]).as_deref() {
        Some("0") => Vec::new(),
        _ if output("sudo", &["-n", "true"]).is_some() => vec!["sudo", "-n"],
        _ => bail!("{BY_HAND}"),
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
    step("Chromium and its driver (apt)", "1 to 3 minutes", || {
        apt(&["update", "-qq"])?;
        apt(&[
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
            "fonts-dejavu-core",
        ])
    })
}
