//! A browser, used by what a person sees: labels, names of buttons and links, sentences on the page.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use thirtyfour::common::capabilities::chromium::ChromiumLikeCapabilities as _;
use thirtyfour::prelude::*;

use crate::driver::Driver;
use crate::{named, until};

/// What the page is shown on: CSS pixels, and whether a finger touches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
}

impl Device {
    pub const TABLET: Self = Self {
        width: 768,
        height: 1024,
        dark: false,
    };
    pub const DESKTOP: Self = Self {
        width: 1280,
        height: 800,
        dark: false,
    };
    pub const PHONE: Self = Self {
        width: 390,
        height: 844,
        dark: false,
    };

    pub const fn in_the_dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// One browser with an empty profile of its own.
pub struct Browser {
    driver: WebDriver,
    _process: Driver,
}

impl Browser {
    pub async fn open() -> Result<Self> {
        let process = Driver::start().await?;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(named("CHROMIUM")?.to_str().context("CHROMIUM is not text")?)?;
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
        ] {
            capabilities.add_arg(argument)?;
        }
        let driver = WebDriver::new(&process.url, capabilities)
            .await
            .context("opening Chromium")?;
        let browser = Self {
            driver,
            _process: process,
        };
        browser.show_on(Device::TABLET).await?;
        Ok(browser)
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }

    /// The WebDriver session itself, for what this face does not name.
    pub fn raw(&self) -> &WebDriver {
        &self.driver
    }

    pub async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    pub async fn show_on(&self, device: Device) -> Result<()> {
        let Device { width, height, dark } = device;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.devtools("Emulation.setEmulatedMedia", features).await?;
        Ok(())
    }

    pub async fn go(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver.refresh().await?)
    }

    pub async fn path(&self) -> Result<String> {
        Ok(self.driver.current_url().await?.path().to_owned())
    }

    pub async fn screenshot(&self, path: &std::path::Path) -> Result<()> {
        Ok(self.driver.screenshot(path).await?)
    }

    // What is on the page.

    /// The text that can be seen now.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .driver
            .execute("return document.body ? document.body.innerText : ''", vec![])
            .await?;
        Ok(squeeze(text.json().as_str().unwrap_or_default()))
    }

    /// Waits until `sentence` can be read on the page.
    pub async fn sees(&self, sentence: &str) -> Result<()> {
        let seen = until(sentence, || async {
            Ok(self.text().await?.contains(&squeeze(sentence)).then_some(()))
        })
        .await;
        match seen {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!(
                "the page says: {}",
                self.text().await.unwrap_or_default()
            ))),
        }
    }

    /// Waits until `sentence` can no longer be read.
    pub async fn sees_no_more(&self, sentence: &str) -> Result<()> {
        until(sentence, || async {
            Ok((!self.text().await?.contains(&squeeze(sentence))).then_some(()))
        })
        .await
    }

    /// The text of the alert, once there is one.
    pub async fn alert(&self) -> Result<String> {
        until("an alert", || async {
            for alert in self.driver.find_all(By::Css("[role=alert]")).await? {
                let text = squeeze(&alert.text().await?);
                if !text.is_empty() {
                    return Ok(Some(text));
                }
            }
            Ok(None)
        })
        .await
        .context(self.text().await.unwrap_or_default())
    }

    /// The one heading of the first order.
    pub async fn heading(&self) -> Result<String> {
        let heading = self.driver.find(By::Css("h1")).await?;
        Ok(squeeze(&heading.text().await?))
    }

    pub async fn arrives_at(&self, heading: &str) -> Result<()> {
        let found = until(heading, || async {
            Ok((self.heading().await? == heading).then_some(()))
        })
        .await;
        found.with_context(|| format!("expected the page “{heading}”"))
    }

    // What a person does.

    /// The field with this label.
    pub async fn field(&self, label: &str) -> Result<WebElement> {
        let script = "const want = arguments[0];
            const clean = text => text.replace(/\\s+/g, ' ').trim();
            for (const label of document.querySelectorAll('label')) {
              if (clean(label.innerText) !== want && clean(label.textContent) !== want) continue;
              const control = label.control || document.getElementById(label.htmlFor);
              if (control && control.checkVisibility()) return control;
            }
            return document.querySelector(`[aria-label=\"${want}\"]`);";
        self.find_by_script(script, label, "field").await
    }

    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = self.field(label).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses the button, or follows the link, of this name.
    pub async fn press(&self, name: &str) -> Result<()> {
        let script = "const want = arguments[0];
            const clean = text => text.replace(/\\s+/g, ' ').trim();
            const open = [...document.querySelectorAll('dialog[open]')].pop();
            const all = (open || document).querySelectorAll('button, a[href], summary, [role=button], input[type=submit]');
            const named = e => clean(e.getAttribute('aria-label') || e.innerText || e.value || '');
            const seen = [...all].filter(e => e.checkVisibility() && !e.disabled);
            return seen.find(e => named(e) === want) || null;";
        let element = self.find_by_script(script, name, "button or link").await?;
        element.scroll_into_view().await?;
        Ok(element.click().await?)
    }

    /// Presses what `css` selects.
    pub async fn press_at(&self, css: &str) -> Result<()> {
        let element = until(css, || async { Ok(self.driver.find(By::Css(css)).await.ok()) }).await?;
        element.scroll_into_view().await?;
        Ok(element.click().await?)
    }

    async fn find_by_script(&self, script: &str, name: &str, kind: &str) -> Result<WebElement> {
        let found = until(name, || async {
            let found = self.driver.execute(script, vec![json!(name)]).await?;
            Ok(if found.json().is_null() {
                None
            } else {
                Some(found.element()?)
            })
        })
        .await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => {
                let page = self.text().await.unwrap_or_default();
                Err(error.context(format!("no {kind} “{name}” on the page that says: {page}")))
            }
        }
    }

    /// Waits until the service worker of the page holds everything: from here on the product works without a network.
    pub async fn is_installed(&self) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            navigator.serviceWorker.ready.then(r => done(r.active && r.active.state), e => done(String(e)));";
        until("the service worker is active", || async {
            let state = self.driver.execute_async(script, vec![]).await?;
            Ok((state.json() == "activated").then_some(()))
        })
        .await
    }

    /// Asks the server for a newer version, and waits until it is installed or has failed to be.
    pub async fn looks_for_an_update(&self) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            navigator.serviceWorker.getRegistration().then(async r => {
              await r.update().catch(() => {});
              const coming = r.installing;
              if (!coming) return done('none');
              coming.addEventListener('statechange', () => { if (coming.state !== 'installing') done(coming.state); });
            });";
        self.driver.execute_async(script, vec![]).await?;
        Ok(())
    }

    /// Whether the version that runs carries this comment in its start script.
    pub async fn runs(&self, comment: &str) -> Result<bool> {
        let script = "const done = arguments[arguments.length - 1];
            fetch('/boot.js').then(r => r.text()).then(done, e => done(String(e)));";
        let source = self.driver.execute_async(script, vec![]).await?;
        Ok(source.json().as_str().unwrap_or_default().contains(comment))
    }

    /// How many versions of the app lie in the browser.
    pub async fn versions_kept(&self) -> Result<usize> {
        let script = "const done = arguments[arguments.length - 1]; caches.keys().then(k => done(k.length));";
        let count = self.driver.execute_async(script, vec![]).await?;
        Ok(usize::try_from(count.json().as_u64().unwrap_or_default())?)
    }

    /// Runs axe with every rule and fails with what it finds.
    pub async fn is_accessible(&self) -> Result<()> {
        let source = std::fs::read_to_string(named("AXE")?)?;
        self.driver.execute(&source, vec![]).await?;
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(r => done(r.violations.map(v =>
              `${v.id}: ${v.help}: ` + v.nodes.map(n => n.html + ' ' + n.any.map(a => a.message).join(' ')).join(' | '))),
              e => done([String(e)]));";
        let found = self.driver.execute_async(script, vec![]).await?;
        let violations: Vec<String> = serde_json::from_value(found.json().clone())?;
        match violations.is_empty() {
            true => Ok(()),
            false => bail!("axe at {}: {}", self.path().await?, violations.join("\n")),
        }
    }
}

/// Runs of white space as one space, so that a sentence is found however it is laid out.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
