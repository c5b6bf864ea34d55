//! A browser, used by what a person sees: labels, names of buttons and links, sentences on the page.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::driver::Driver;
use crate::{Engine, engine, named, until};

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

    /// As narrow as a window of Firefox and of WebKit gets.
    pub const NARROW_WINDOW: Self = Self {
        width: Self::NARROWEST_WINDOW,
        height: 844,
        dark: false,
    };

    /// In CSS pixels: what Firefox and WebKit have in common as the least width that a window may be given.
    pub(crate) const NARROWEST_WINDOW: u32 = 500;

    pub const fn in_the_dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// One browser with an empty profile of its own.
pub struct Browser {
    driver: WebDriver,
    engine: Engine,
    process: Driver,
}

impl Browser {
    /// Chromium: for what is not about the browser.
    pub async fn open() -> Result<Self> {
        Self::open_in(Engine::Chromium).await
    }

    pub async fn open_in(engine: Engine) -> Result<Self> {
        Self::open_with(engine, &[]).await
    }

    /// With arguments of the browser's own, such as a profile that outlives it.
    pub async fn open_with(engine: Engine, arguments: &[String]) -> Result<Self> {
        let process = Driver::start(engine).await?;
        let driver = WebDriver::new(&process.url, engine.capabilities(arguments)?)
            .await
            .with_context(|| format!("opening {engine:?}"))?;
        let browser = Self {
            driver,
            engine,
            process,
        };
        browser.show_on(Device::TABLET).await?;
        Ok(browser)
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.driver.quit().await?)
    }

    /// The WebDriver session itself, for what this face does not name.
    pub fn raw(&self) -> &WebDriver {
        &self.driver
    }

    /// The address of the WebDriver session, for commands that thirtyfour has no words for.
    pub(crate) fn session(&self) -> String {
        format!("{}/session/{}", self.process.url, self.driver.session_id())
    }

    /// The process id of its driver, of which the browser's own processes are children.
    pub(crate) fn driver_process(&self) -> u32 {
        self.process.pid()
    }

    /// Where Chromium lists its pages, also while one of them hangs.
    pub(crate) fn list_of_pages(&self) -> Result<String> {
        let options = self.driver.handle().capabilities().get("goog:chromeOptions");
        let address = options.and_then(|options| options["debuggerAddress"].as_str());
        Ok(format!(
            "http://{}/json/list",
            address.context("Chromium does not say where it is debugged")?
        ))
    }

    /// It was killed: nothing is left to be closed.
    pub(crate) fn forget(self) -> Result<()> {
        Ok(self.driver.leak()?)
    }

    /// A command of Chromium's DevTools.
    pub async fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        ensure!(
            self.engine == Engine::Chromium,
            "{:?} has no DevTools for {method}",
            self.engine
        );
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    /// With [`Engine::cannot_show`] a test learns beforehand what would be refused here.
    pub async fn show_on(&self, device: Device) -> Result<()> {
        if let Some(why) = self.engine.cannot_show(device) {
            bail!("{:?} cannot be shown {device:?}: {why}", self.engine);
        }
        match self.engine {
            Engine::Chromium => self.emulate(device).await,
            Engine::Firefox => {
                engine::set_scheme(&self.driver, &self.session(), device.dark).await?;
                self.resize_to(device).await
            }
            Engine::WebKit => self.resize_to(device).await,
        }
    }

    async fn emulate(&self, device: Device) -> Result<()> {
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

    /// Gives the page the device's size: the window gets larger by what the browser itself takes.
    async fn resize_to(&self, device: Device) -> Result<()> {
        let page_is = || async {
            let size = self
                .driver
                .execute("return [innerWidth, innerHeight]", vec![])
                .await?;
            let [width, height]: [u32; 2] = serde_json::from_value(size.json().clone())?;
            anyhow::Ok((width, height))
        };
        until("the page has its size", || async {
            let (width, height) = page_is().await?;
            if (width, height) == (device.width, device.height) {
                return Ok(Some(()));
            }
            let window = self.driver.get_window_rect().await?;
            let more = |window: i64, page: u32, wanted: u32| {
                u32::try_from(window - i64::from(page) + i64::from(wanted))
            };
            self.driver
                .set_window_rect(
                    0,
                    0,
                    more(window.width, width, device.width)?,
                    more(window.height, height, device.height)?,
                )
                .await?;
            Ok(None)
        })
        .await
    }

    pub async fn go(&self, url: &str) -> Result<()> {
        Ok(self.driver.goto(url).await?)
    }

    /// As the browser's own button does it. WebDriver's way would go past the service worker in Firefox.
    pub async fn reload(&self) -> Result<()> {
        self.driver
            .execute("window.isOfBefore = true; location.reload();", vec![])
            .await?;
        until("the page is loaded anew", || async {
            let fresh = "return !window.isOfBefore && document.readyState === 'complete';";
            let fresh = self.driver.execute(fresh, vec![]).await?;
            Ok((fresh.json() == true).then_some(()))
        })
        .await
    }

    /// From here on everything is seen and done in the frame of that name.
    pub async fn enters_the_frame(&self, name: &str) -> Result<()> {
        let css = format!("iframe[name='{name}']");
        self.leaves_the_frame().await?;
        let frame = until(name, || async { Ok(self.driver.find(By::Css(&css)).await.ok()) }).await?;
        Ok(frame.enter_frame().await?)
    }

    async fn is_in_a_frame(&self) -> Result<bool> {
        let framed = self
            .driver
            .execute("return window.parent !== window", vec![])
            .await?;
        Ok(framed.json() == true)
    }

    pub async fn leaves_the_frame(&self) -> Result<()> {
        Ok(self.driver.enter_default_frame().await?)
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
        match found {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!(
                "expected the page “{heading}”; there is: {}",
                self.text().await.unwrap_or_default()
            ))),
        }
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

    /// Empties the field and types; again from the start where the field was drawn anew meanwhile, or not quite there yet.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let script = "const [field, text] = arguments; field.value = text;
            field.dispatchEvent(new Event('input', { bubbles: true }));";
        let by_script = self.driver_misses().await?;
        until(label, || async {
            let field = self.field(label).await?;
            if by_script {
                let arguments = vec![field.to_json()?, json!(text)];
                self.driver.execute(script, arguments).await?;
                return Ok(Some(()));
            }
            // WebKit's driver types into nothing that it does not see.
            field.scroll_into_view().await?;
            field.clear().await?;
            // And it refuses to type nothing.
            if !text.is_empty() {
                field.send_keys(text).await?;
            }
            Ok(Some(()))
        })
        .await
    }

    /// Presses the button, or follows the link, of this name.
    pub async fn press(&self, name: &str) -> Result<()> {
        // Where the words begin that a screen reader alone gets, WebKit's `innerText` has spaces that others have not, and lacks
        // some that they have.
        let script = "const clean = text => text.replace(/\\s+/g, '');
            const want = clean(arguments[0]);
            const open = [...document.querySelectorAll('dialog[open]')].pop();
            const all = (open || document).querySelectorAll('button, a[href], summary, [role=button], input[type=submit]');
            const named = e => clean(e.getAttribute('aria-label') || e.innerText || e.value || '');
            const seen = [...all].filter(e => e.checkVisibility() && !e.disabled);
            return seen.find(e => named(e) === want) || null;";
        until(name, || async {
            let element = self.find_by_script(script, name, "button or link").await?;
            self.clicks(&element).await.map(Some)
        })
        .await
    }

    /// Presses what `css` selects.
    pub async fn press_at(&self, css: &str) -> Result<()> {
        self.clicks_on(By::Css(css), css).await
    }

    /// What is drawn anew while it is reached for is looked for again.
    pub async fn clicks_on(&self, by: By, what: &str) -> Result<()> {
        until(what, || async {
            let element = self.driver.find(by.clone()).await?;
            self.clicks(&element).await.map(Some)
        })
        .await
    }

    pub(crate) async fn clicks(&self, element: &WebElement) -> Result<()> {
        element.scroll_into_view().await?;
        if self.driver_misses().await? {
            self.driver
                .execute("arguments[0].click()", vec![element.to_json()?])
                .await?;
            return Ok(());
        }
        Ok(element.click().await?)
    }

    /// WebKit's driver types into no frame ("Element is not focusable"), and its clicks miss what a frame has scrolled: a
    /// script does both there.
    async fn driver_misses(&self) -> Result<bool> {
        Ok(self.engine == Engine::WebKit && self.is_in_a_frame().await?)
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

    /// Whether a thumb hits everything that can be pressed: 44 px each way, but for links within a sentence.
    pub async fn is_easy_to_press(&self) -> Result<()> {
        let script = "const all = document.querySelectorAll('a[href], button, input, select, textarea, summary');
            const target = e => ['checkbox', 'radio'].includes(e.type) ? e.closest('label') || e : e;
            const counts = e => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0 && !e.disabled
              && getComputedStyle(e).display !== 'inline';
            return [...all].filter(counts).map(target).flatMap(e => {
              const { width, height } = e.getBoundingClientRect();
              return width >= 43.5 && height >= 43.5 ? []
                : [`${e.outerHTML.slice(0, 120)} is ${Math.round(width)} by ${Math.round(height)}`];
            });";
        self.finds_nothing(script, "too small to press").await
    }

    /// Whether all of the page is within its width: nobody scrolls sideways.
    pub async fn is_no_wider_than_the_screen(&self) -> Result<()> {
        let script = "const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > width + 1)
              .map(e => `${e.outerHTML.slice(0, 120)} ends at ${Math.round(e.getBoundingClientRect().right)}`).slice(0, 5);";
        self.finds_nothing(script, "wider than the screen").await
    }

    /// Whether every word can be read: none is cut off by its box, and none lies on another. What floats (the header, the bottom
    /// bar, a dialog) may lie on what scrolls below it.
    pub async fn is_readable(&self) -> Result<()> {
        let script = "const seen = e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
            const open = [...document.querySelectorAll('dialog[open]')].pop();
            const walk = document.createTreeWalker(open || document.body, NodeFilter.SHOW_TEXT);
            const layer = e => e.closest('dialog, .bar, header, aside') || document.body;
            const unseen = e => e && (getComputedStyle(e).clipPath === 'inset(50%)' || unseen(e.parentElement));
            const clips = e => { const s = getComputedStyle(e); return s.overflowX !== 'visible' || s.overflowY !== 'visible'; };
            const words = [], told = [];
            for (let node; node = walk.nextNode();) {
              const e = node.parentElement;
              if (!node.data.trim() || !seen(e) || e.closest('.skip-link, option, select, svg, noscript') || unseen(e)) continue;
              if (e.closest('[popover]:not(:popover-open)')) continue;
              const range = document.createRange(); range.selectNodeContents(node);
              for (const box of range.getClientRects()) {
                if (box.width < 1) continue;
                words.push({ box, e, text: node.data.trim().slice(0, 40) });
                for (let above = e; above && above !== document.body; above = above.parentElement) {
                  if (!clips(above) || above.matches('dialog, aside, html')) continue;
                  const frame = above.getBoundingClientRect();
                  if (box.right > frame.right + 2 || box.bottom > frame.bottom + 4 || box.left < frame.left - 2)
                    told.push(`“${node.data.trim().slice(0, 40)}” is cut off by ${above.outerHTML.slice(0, 80)}`);
                }
              }
            }
            for (const [n, one] of words.entries()) for (const other of words.slice(n + 1)) {
              if (one.e === other.e || layer(one.e) !== layer(other.e)) continue;
              const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
              const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
              if (wide > 3 && high > 8) told.push(`“${one.text}” and “${other.text}” lie on each other`);
            }
            return told.slice(0, 6);";
        self.finds_nothing(script, "not readable").await
    }

    /// The script lists what is wrong.
    async fn finds_nothing(&self, script: &str, wrong: &str) -> Result<()> {
        let found = self.driver.execute(script, vec![]).await?;
        let found: Vec<String> = serde_json::from_value(found.json().clone())?;
        ensure!(
            found.is_empty(),
            "{wrong} at {}: {}",
            self.path().await?,
            found.join("\n")
        );
        Ok(())
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
