//! The three engines that the journeys run in: how each is started under WebDriver, and what its driver cannot do.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::{Device, named};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The one that has DevTools: what needs them runs here alone.
    Chromium,
    Firefox,
    /// WebKitGTK's MiniBrowser. It is not Safari on a tablet: no home screen, no eviction, no touch keyboard.
    WebKit,
}

impl Engine {
    /// The driver, told to listen on `port`. What it writes goes into `folder`.
    pub(crate) fn driver(self, port: u16, folder: &Path) -> Result<Command> {
        let mut driver = Command::new(named(match self {
            Self::Chromium => "CHROMEDRIVER",
            Self::Firefox => "GECKODRIVER",
            Self::WebKit => "WEBKITDRIVER",
        })?);
        driver.arg(format!("--port={port}"));
        match self {
            Self::Chromium => {}
            // System access: for the colour scheme, which a setting of the browser decides. The other port is not used,
            // and would be the same one for every driver.
            Self::Firefox => drop(driver.args(["--allow-system-access", "--websocket-port=0"])),
            Self::WebKit => {
                let settings = folder.join("gtk-3.0");
                std::fs::create_dir_all(&settings)?;
                std::fs::write(
                    settings.join("settings.ini"),
                    "[Settings]\ngtk-enable-animations=0\n",
                )?;
                for place in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
                    driver.env(place, folder);
                }
            }
        }
        Ok(driver)
    }

    /// What a session is asked for with. `arguments` are the browser's, beside those that every test needs.
    pub(crate) fn capabilities(self, arguments: &[String]) -> Result<Capabilities> {
        let with = |standard: &[&str]| -> Vec<String> {
            standard
                .iter()
                .map(|word| (*word).to_owned())
                .chain(arguments.iter().cloned())
                .collect()
        };
        let (name, options, value) = match self {
            Self::Chromium => {
                let args = with(&[
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-dev-shm-usage",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--no-first-run",
                ]);
                (
                    "chrome",
                    "goog:chromeOptions",
                    json!({ "binary": text("CHROMIUM")?, "args": args }),
                )
            }
            Self::Firefox => {
                let prefs = json!({ SCHEME: LIGHT, "ui.prefersReducedMotion": 1 });
                (
                    "firefox",
                    "moz:firefoxOptions",
                    json!({ "binary": text("FIREFOX")?, "args": with(&["-headless"]), "prefs": prefs }),
                )
            }
            Self::WebKit => (
                "MiniBrowser",
                "webkitgtk:browserOptions",
                json!({ "binary": text("MINIBROWSER")?, "args": with(&["--automation"]) }),
            ),
        };
        let mut capabilities = Capabilities::new();
        capabilities.set("browserName", name)?;
        capabilities.set(options, value)?;
        Ok(capabilities)
    }

    /// Why this engine cannot show a page on that device; `None` where it can.
    pub fn cannot_show(self, device: Device) -> Option<&'static str> {
        match self {
            Self::Chromium => None,
            _ if device.width < Device::NARROWEST_WINDOW => Some("its windows do not get that narrow"),
            Self::WebKit if device.dark => Some("its driver cannot ask for dark colours"),
            Self::Firefox | Self::WebKit => None,
        }
    }
}

/// Turns Firefox's colours, by the setting behind them. `session` is the WebDriver session's address.
pub(crate) async fn set_scheme(driver: &WebDriver, session: &str, dark: bool) -> Result<()> {
    let scheme = if dark { DARK } else { LIGHT };
    let script = "Services.prefs.setIntPref(arguments[0], arguments[1])";
    run_scripts_in(session, "chrome")?;
    let set = driver.execute(script, vec![json!(SCHEME), json!(scheme)]).await;
    run_scripts_in(session, "content")?;
    set.context("setting Firefox's colour scheme")?;
    Ok(())
}

/// Firefox's setting for `prefers-color-scheme`.
const SCHEME: &str = "layout.css.prefers-color-scheme.content-override";
const DARK: u8 = 0;
const LIGHT: u8 = 1;

/// In Firefox scripts run in the page ("content") or in the browser itself ("chrome").
fn run_scripts_in(session: &str, context: &str) -> Result<()> {
    ureq::post(&format!("{session}/moz/context"))
        .header("Content-Type", "application/json")
        .send(json!({ "context": context }).to_string())
        .context("changing the context of Firefox's scripts")?;
    Ok(())
}

fn text(variable: &str) -> Result<Value> {
    let path = named(variable)?;
    Ok(path
        .to_str()
        .with_context(|| format!("{variable} is not text"))?
        .into())
}
