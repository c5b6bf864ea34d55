//! The browsers of the tests, each with its driver: finds them, and installs by apt what is missing where it may. Chromium
//! is needed everywhere; Firefox and WebKit on Debian and in CI, and elsewhere they are passed over, and that is said.
//! [`crate::apt`] installs, [`screen`] gives WebKit something to draw on.

mod screen;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::find;
use crate::{apt, project, tools};
use screen::Screen;

/// A browser and the program that drives it.
pub struct Browser {
    pub program: PathBuf,
    pub driver: PathBuf,
}

pub struct Browsers {
    pub chromium: Browser,
    pub firefox: Option<Browser>,
    /// With a screen, because it has no headless mode.
    pub webkit: Option<(Browser, Screen)>,
    /// Why some of them are not here, a sentence each.
    pub passed_over: Vec<String>,
}

/// What there is to know about getting one of them.
struct Wanted {
    name: &'static str,
    packages: &'static [&'static str],
    takes: &'static str,
    /// Where there is no apt, or it may not be used.
    by_hand: &'static str,
}

const CHROMIUM: Wanted = Wanted {
    name: "Chromium",
    packages: &["chromium", "chromium-driver", "fonts-dejavu-core"],
    takes: "1 to 3 minutes",
    by_hand: "install Chromium and its driver, of one version, and name them in CHROMIUM and CHROMEDRIVER",
};
const FIREFOX: Wanted = Wanted {
    name: "Firefox",
    packages: &["firefox-esr"],
    takes: "a minute",
    by_hand: "install Firefox and name it in FIREFOX",
};
const WEBKIT: Wanted = Wanted {
    name: "WebKit",
    packages: &["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"],
    takes: "1 to 2 minutes",
    by_hand: "install WebKitGTK's MiniBrowser and WebKitWebDriver, and name them in MINIBROWSER and WEBKITDRIVER; \
              they need Xvfb",
};

impl Browsers {
    /// All of them, as far as this machine can have them.
    pub fn ensure() -> Result<Self> {
        let mut passed_over = Vec::new();
        let chromium = chromium()?;
        let firefox = optional(&FIREFOX, find_firefox, &mut passed_over)?;
        let firefox = match firefox {
            Some(program) => Some(Browser {
                program,
                driver: named("GECKODRIVER").map_or_else(tools::geckodriver, Ok)?,
            }),
            None => None,
        };
        let webkit = match optional(&WEBKIT, find_webkit, &mut passed_over)? {
            Some((browser, xvfb)) => Some((browser, Screen::open(&xvfb)?)),
            None => None,
        };
        Ok(Self {
            chromium,
            firefox,
            webkit,
            passed_over,
        })
    }

    /// Tells a program of the tests' package where they are.
    pub fn name_to(&self, command: &mut Command) {
        self.chromium.name_to(command, "CHROMIUM", "CHROMEDRIVER");
        if let Some(firefox) = &self.firefox {
            firefox.name_to(command, "FIREFOX", "GECKODRIVER");
        }
        if let Some((webkit, screen)) = &self.webkit {
            webkit.name_to(command, "MINIBROWSER", "WEBKITDRIVER");
            screen.name_to(command);
        }
    }

    /// For the test program: leaves out the journeys in browsers that are not here.
    pub fn skips(&self) -> Vec<&'static str> {
        let mut words = Vec::new();
        if self.firefox.is_none() {
            words.extend(["--skip", "::firefox"]);
        }
        if self.webkit.is_none() {
            words.extend(["--skip", "::webkit"]);
        }
        words
    }
}

impl Browser {
    pub fn name_to(&self, command: &mut Command, program: &str, driver: &str) {
        command.env(program, &self.program).env(driver, &self.driver);
    }
}

/// Chromium alone, for what is measured and drawn. `CHROMIUM` and `CHROMEDRIVER` go before what lies in PATH.
pub fn chromium() -> Result<Browser> {
    ensure(&CHROMIUM, find_chromium)
}

/// What wasm-bindgen's runner opens its browsers with. In `target/`, because it names this machine's programs;
/// `.cargo/config.toml` leads the runner there.
pub fn write_webdriver_json(chromium: &Path, firefox: Option<&Path>) -> Result<()> {
    let quoted = |path: &Path| format!("{:?}", path.to_string_lossy());
    let mut json = format!(
        "{{\n  \"goog:chromeOptions\": {{\n    \"binary\": {},\n    \"args\": [\"--headless=new\", \"--no-sandbox\", \
         \"--disable-dev-shm-usage\", \"--disable-gpu\"]\n  }}",
        quoted(chromium)
    );
    if let Some(firefox) = firefox {
        json.push_str(&format!(
            ",\n  \"moz:firefoxOptions\": {{\n    \"binary\": {},\n    \"args\": [\"-headless\"]\n  }}",
            quoted(firefox)
        ));
    }
    json.push_str("\n}\n");
    let file = project::webdriver_json();
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(&file, json).with_context(|| format!("cannot write {}", file.display()))
}

fn ensure<T>(wanted: &Wanted, find: impl Fn() -> Option<T>) -> Result<T> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let Wanted {
        name,
        packages,
        takes,
        by_hand,
    } = wanted;
    let list = packages.join(" ");
    if !apt::may_be_used() {
        bail!("{name} is missing. On Debian: sudo apt install {list}. Elsewhere {by_hand}");
    }
    apt::install(&format!("{name} (apt)"), takes, packages)?;
    find().with_context(|| format!("apt has installed {list}, and {name} is still not found; {by_hand}"))
}

/// The same, and where the tests may do without it: `None`, and a sentence.
fn optional<T>(
    wanted: &Wanted,
    find: impl Fn() -> Option<T>,
    passed_over: &mut Vec<String>,
) -> Result<Option<T>> {
    match ensure(wanted, find) {
        Ok(found) => Ok(Some(found)),
        Err(error) if apt::is_debian() || std::env::var_os("CI").is_some() => Err(error),
        Err(error) => {
            passed_over.push(format!("no test runs in {}: {error:#}", wanted.name));
            Ok(None)
        }
    }
}

fn find_chromium() -> Option<Browser> {
    Some(Browser {
        program: named("CHROMIUM")
            .or_else(|| find_any(&["chromium", "chromium-browser", "google-chrome"]))?,
        driver: named("CHROMEDRIVER").or_else(|| find("chromedriver"))?,
    })
}

fn find_firefox() -> Option<PathBuf> {
    named("FIREFOX").or_else(|| find_any(&["firefox-esr", "firefox"]))
}

/// With Xvfb.
fn find_webkit() -> Option<(Browser, PathBuf)> {
    let browser = Browser {
        program: named("MINIBROWSER").or_else(mini_browser)?,
        driver: named("WEBKITDRIVER").or_else(|| find("WebKitWebDriver"))?,
    };
    Some((browser, find("Xvfb")?))
}

/// MiniBrowser is in no PATH: it lies beside WebKitGTK's library, or in libexec.
fn mini_browser() -> Option<PathBuf> {
    let architectures = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    let folders = architectures.map(|entry| entry.path()).chain([
        "/usr/lib".into(),
        "/usr/lib64".into(),
        "/usr/libexec".into(),
    ]);
    folders
        .map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.is_file())
}

/// A program that the environment names.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

fn find_any(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| find(name))
}
