//! The whole product as a test meets it: the main application as a process that can be stopped, and a browser with a
//! person's means: labels, buttons, what is said on the page. [`people`] act in it.
//!
//! Used by `e2e/`, and by the programs in `bin/` that measure and take pictures. Paths come from the environment, which
//! `cargo xtask` sets: `MAIN_APP` (the program), `DIST` (the built PWA), `AXE` (axe.min.js), `XTASK` (itself, to write
//! another version's service worker); the browsers `CHROMIUM`, `FIREFOX` and `MINIBROWSER` (WebKit's) with `CHROMEDRIVER`,
//! `GECKODRIVER` and `WEBKITDRIVER`.
//! Every wait is for a state, with a deadline; none is for a time.

mod browser;
mod devtools;
mod driver;
mod engine;
pub mod hands;
pub mod killed;
mod leash;
pub mod people;
mod rehearsing;
mod version;
mod whole;

pub use browser::{Browser, Device};
pub use devtools::{Devtools, Inspected};
pub use engine::Engine;
pub use version::Version;
pub use whole::Whole;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a state may take to come about before a wait for it fails.
/// Long, because it is met only by what never comes, and a busy machine is slow.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A path that `cargo xtask` names.
pub fn named(variable: &str) -> Result<PathBuf> {
    let value = std::env::var_os(variable);
    value
        .map(PathBuf::from)
        .with_context(|| format!("{variable} is not set; run this through `cargo xtask e2e`"))
}

/// Polls `state` until it yields a value.
pub async fn until<T, F>(what: &str, mut state: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let end = Instant::now() + DEADLINE;
    let mut last = None;
    while Instant::now() < end {
        match state().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    match last {
        Some(error) => Err(error.context(format!("waited in vain: {what}"))),
        None => bail!("waited in vain: {what}"),
    }
}

/// A port that nothing listens on now.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Makes three tests of each journey, `journey::chromium`, `journey::firefox` and `journey::webkit`. A journey is an
/// `async fn(Engine) -> anyhow::Result<()>`. Where a browser is not on the machine, `cargo xtask` leaves its tests out
/// by that name.
#[macro_export]
macro_rules! in_every_engine {
    ($($journey:ident),+ $(,)?) => { $(
        mod $journey {
            #[tokio::test]
            async fn chromium() -> anyhow::Result<()> {
                super::$journey($crate::Engine::Chromium).await
            }

            #[tokio::test]
            async fn firefox() -> anyhow::Result<()> {
                super::$journey($crate::Engine::Firefox).await
            }

            #[tokio::test]
            async fn webkit() -> anyhow::Result<()> {
                super::$journey($crate::Engine::WebKit).await
            }
        }
    )+ };
}
