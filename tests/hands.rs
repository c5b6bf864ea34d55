//! How a page is worked without a mouse: by a finger, or by the keyboard alone. Scripts only look; what is done is done by
//! WebDriver's own actions, as the browser gets them from a screen or a keyboard.

use std::cell::Cell;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::{Browser, Engine, until};

/// Finds what a person means: `press`, a button or link by its name; `field`, by its label or the link id of its question;
/// `answer`, of the question of that link id.
const FIND: &str = "const [kind, a, b] = arguments;
    const clean = text => (text || '').replace(/\\s+/g, ' ').trim();
    const open = [...document.querySelectorAll('dialog[open]')].pop() || document;
    const all = css => [...open.querySelectorAll(css)].filter(e => e.checkVisibility());
    const named = e => clean(e.getAttribute('aria-label') || e.textContent);
    const find = {
      press: () => all('button, a[href], summary').find(e => !e.disabled && named(e) === a)
        || all('button, a[href], summary').find(e => !e.disabled && named(e).startsWith(a)),
      field: () => all('input, textarea, select').find(e => e.dataset.linkid === a)
        || all('label').filter(l => clean(l.textContent) === a).map(l => l.control)[0],
      answer: () => all('input').filter(i => i.dataset.linkid === a).map(i => i.closest('label'))
        .find(l => l && clean(l.textContent) === b),
    }[kind]();";

/// Of a phone's screen, from the top.
const MIDDLE: f64 = 400.0;

/// A finger on the screen. Chromium's driver has touch. Firefox's hands every touch to the page, and a swipe moves nothing: a
/// script scrolls there. WebKit's has none: it makes a mouse of the finger ("pointerdown:mouse", and no touch event).
pub struct Finger<'b>(pub &'b Browser);

impl Finger<'_> {
    pub async fn taps(&self, name: &str) -> Result<()> {
        self.tap("press", name, "").await
    }

    pub async fn answers(&self, link_id: &str, words: &str) -> Result<()> {
        self.tap("answer", link_id, words).await
    }

    /// Taps the field, types on the keyboard that comes, and looks that it stands there: a page that moves on its own takes the
    /// field away from under a finger now and then, and whoever sees nothing come of their typing begins again.
    pub async fn writes(&self, field: &str, text: &str) -> Result<()> {
        let script =
            format!("{FIND} return find.tagName === 'SELECT' ? find.selectedOptions[0].text : find.value;");
        let stands_there = || async {
            let words = vec![json!("field"), json!(field), json!("")];
            let found = self.0.raw().execute(&script, words).await?;
            anyhow::Ok(found.json().as_str().unwrap_or_default().to_owned())
        };
        until(field, || async {
            self.tap("field", field, "").await?;
            let before = stands_there().await?;
            self.0.types(text).await?;
            match stands_there().await? {
                written if written.contains(text) => Ok(Some(Ok(()))),
                untouched if untouched == before => Ok(None),
                other => Ok(Some(Err(anyhow!(
                    "“{text}” was written into {field}, and “{other}” stands there"
                )))),
            }
        })
        .await?
    }

    async fn tap(&self, kind: &str, a: &str, b: &str) -> Result<()> {
        let script = format!(
            "{FIND}
            if (!find) return null;
            const {{ left, top, width, height }} = find.getBoundingClientRect();
            const [x, y] = [left + width / 2, top + height / 2];
            const hit = document.elementFromPoint(x, y);
            const met = !!hit && (find.contains(hit) || hit.contains(find) && hit.closest('label') === find.closest('label')
              && !!find.closest('label'));
            const done = kind === 'field' ? document.activeElement === find : kind === 'answer' && find.control.checked;
            return {{ x, y, met, done }};"
        );
        let what = format!("{kind} {a} {b}");
        let tapped = Cell::new(false);
        until(&what, || async {
            let found = self
                .0
                .raw()
                .execute(&script, vec![json!(kind), json!(a), json!(b)])
                .await?;
            let spot = found.json();
            let (Some(x), Some(y)) = (spot["x"].as_f64(), spot["y"].as_f64()) else {
                return Ok(None);
            };
            if tapped.get() && spot["done"] == true {
                return Ok(Some(()));
            }
            // Something else lies there, or it is off the screen.
            if spot["met"] != true {
                self.brings(kind, a, b, MIDDLE - y).await?;
                return Ok(None);
            }
            self.touches(x, y)?;
            tapped.set(true);
            // What moved away from under the finger while the page was drawn is tapped again.
            Ok((kind == "press").then_some(()))
        })
        .await
        .with_context(|| what.clone())
    }

    /// Brings what is meant under the finger, by that many pixels.
    async fn brings(&self, kind: &str, a: &str, b: &str, by: f64) -> Result<()> {
        if self.0.engine() == Engine::Chromium {
            return self.swipes(by);
        }
        let script = format!("{FIND} find?.scrollIntoView({{ block: 'center', behavior: 'instant' }});");
        let meant = vec![json!(kind), json!(a), json!(b)];
        self.0.raw().execute(&script, meant).await?;
        Ok(())
    }

    /// Moves what is under the finger by that many pixels, as far as one swipe goes.
    fn swipes(&self, by: f64) -> Result<()> {
        let by = by.clamp(-350.0, 350.0).round();
        let at = |y: f64, duration: u32| json!({ "type": "pointerMove", "duration": duration, "origin": "viewport", "x": 195, "y": y });
        let from = MIDDLE + 60.0 - by / 2.0;
        self.moves(json!([
            at(from, 0), { "type": "pointerDown", "button": 0 }, at(from + by, 120), { "type": "pause", "duration": 40 },
            { "type": "pointerUp", "button": 0 },
        ]))
    }

    fn touches(&self, x: f64, y: f64) -> Result<()> {
        let at = json!({ "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x.round(), "y": y.round() });
        self.moves(json!([at, { "type": "pointerDown", "button": 0 }, { "type": "pointerUp", "button": 0 }]))
    }

    fn moves(&self, actions: Value) -> Result<()> {
        let finger = json!({ "type": "pointer", "id": "finger", "parameters": { "pointerType": "touch" }, "actions": actions });
        self.0.acts(json!([finger]))
    }
}

/// Nothing but keys.
pub struct Keyboard<'b>(pub &'b Browser);

pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const DOWN: &str = "\u{e015}";
pub const SHIFT: &str = "\u{e008}";
pub const CONTROL: &str = "\u{e009}";
pub const ESCAPE: &str = "\u{e00c}";

/// So many stops with the Tab key are a page that nobody gets through.
const MOST_STOPS: usize = 120;

impl Keyboard<'_> {
    /// Goes to the button or link and presses it.
    pub async fn presses(&self, name: &str) -> Result<()> {
        self.reaches("press", name, "").await?;
        self.0.types(ENTER).await
    }

    pub async fn writes(&self, field: &str, text: &str) -> Result<()> {
        self.reaches("field", field, "").await?;
        self.0.types(text).await
    }

    /// Ticks one of several answers.
    pub async fn ticks(&self, link_id: &str, words: &str) -> Result<()> {
        self.reaches("answer", link_id, words).await?;
        self.0.types(" ").await
    }

    /// Goes to the question, and with the arrows to the one answer.
    pub async fn chooses(&self, link_id: &str, words: &str) -> Result<()> {
        self.reaches("question", link_id, "").await?;
        self.0.types(" ").await?;
        for _ in 0..12 {
            let script = "const [id, want] = arguments; const e = document.activeElement;
                const words = (e.closest('label')?.textContent || '').replace(/\\s+/g, ' ').trim();
                return e.dataset.linkid === id && e.checked && words === want;";
            let chosen = self
                .0
                .raw()
                .execute(script, vec![json!(link_id), json!(words)])
                .await?;
            if chosen.json() == true {
                return Ok(());
            }
            self.0.types(DOWN).await?;
            self.sees_the_focus().await?;
        }
        bail!("no arrow leads to “{words}” of {link_id}")
    }

    /// Waits until the question has the focus.
    pub async fn stands_at(&self, link_id: &str) -> Result<()> {
        let script = "return document.activeElement.dataset.linkid === arguments[0]";
        until(link_id, || async {
            let found = self.0.raw().execute(script, vec![json!(link_id)]).await?;
            Ok((found.json() == true).then_some(()))
        })
        .await
    }

    /// Presses Tab, or Shift and Tab where the place is above, until the focus is there. Wherever it comes by, it is seen. Past the
    /// ends of a page some browsers lead through their own buttons, and back.
    async fn reaches(&self, kind: &str, a: &str, b: &str) -> Result<()> {
        let focused = if self.shows_the_focus() { ":focus" } else { "*" };
        let script = format!(
            "const [kind, a, b] = arguments;
            const here = document.activeElement;
            const [find] = (function () {{ {FIND} return [find]; }})(kind === 'question' ? 'field' : kind, a, b);
            const there = kind === 'question' ? here.dataset.linkid === a && here.matches('input, select')
              : !!find && (find === here || kind === 'answer' && find.contains(here));
            if (there && here.matches('{focused}')) return 'there';
            return find && here.compareDocumentPosition(find) & Node.DOCUMENT_POSITION_PRECEDING
              && !find.contains(here) ? 'above' : 'below';"
        );
        // What comes is on the page before anybody goes there.
        self.is_there(kind, a, b).await?;
        for _ in 0..MOST_STOPS {
            let found = self
                .0
                .raw()
                .execute(&script, vec![json!(kind), json!(a), json!(b)])
                .await?;
            match found.json().as_str() {
                Some("there") => return self.sees_the_focus().await,
                Some("above") => self.0.presses_with(&[SHIFT], TAB)?,
                _ => self.0.types(TAB).await?,
            }
            self.sees_the_focus().await?;
        }
        bail!("the Tab key does not lead to {kind} {a} {b}")
    }

    async fn is_there(&self, kind: &str, a: &str, b: &str) -> Result<()> {
        let kind = if kind == "question" { "field" } else { kind };
        let script = format!("{FIND} return !!find;");
        let found = until(a, || async {
            let found = self
                .0
                .raw()
                .execute(&script, vec![json!(kind), json!(a), json!(b)])
                .await?;
            Ok((found.json() == true).then_some(()))
        });
        match found.await {
            Ok(()) => Ok(()),
            Err(why) => Err(why.context(self.0.text().await.unwrap_or_default())),
        }
    }

    /// On a screen without a window manager WebKit's window never becomes the active one: it takes keys and moves the focus,
    /// and draws none.
    fn shows_the_focus(&self) -> bool {
        self.0.engine() != Engine::WebKit
    }

    /// What has the focus is on the screen, under nothing, and has a ring.
    pub async fn sees_the_focus(&self) -> Result<()> {
        let script = "const [isShown] = arguments, e = document.activeElement;
            // The browser's own buttons have it, also those within a field, which have a ring of the browser's own.
            if (!e || isShown && !e.matches(':focus')) return null;
            if (!isShown && e.matches('.skip-link')) return null;
            if (e === document.body || e.matches('dialog, main, h1, iframe')) return null;
            const shown = e.matches('input[type=radio], input[type=checkbox]') && e.closest('label') || e;
            const { left, top, width, height } = shown.getBoundingClientRect();
            const [x, y] = [left + width / 2, top + height / 2];
            const told = `${e.outerHTML.slice(0, 160)} at ${Math.round(x)}, ${Math.round(y)}`;
            const hit = document.elementFromPoint(x, y);
            if (!hit || !(shown.contains(hit) || hit.contains(shown) && hit !== document.body && !hit.matches('.bar, .bar *, header, header *')))
              return `${told} is covered by ${hit ? hit.outerHTML.slice(0, 100) : 'nothing: it is off the screen'}`;
            const ring = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none';
            const around = [e, shown, e.parentElement, e.closest('.choice, .section, .row, label')];
            return !isShown || around.some(e => e && ring(getComputedStyle(e))) ? null : `${told} has no ring`;";
        // It is scrolled into view by the browser, and not in every one at once.
        until("a focus that is seen", || async {
            let found = self
                .0
                .raw()
                .execute(script, vec![json!(self.shows_the_focus())])
                .await?;
            match found.json().as_str() {
                None => Ok(Some(())),
                Some(why) => bail!(why.to_owned()),
            }
        })
        .await
    }
}

impl Browser {
    /// Key by key, into whatever has the focus.
    pub async fn types(&self, text: &str) -> Result<()> {
        let keys: Vec<Value> = text
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        self.acts(json!([{ "type": "key", "id": "keys", "actions": keys }]))
    }

    /// A key while others are held down.
    pub fn presses_with(&self, held: &[&str], key: &str) -> Result<()> {
        let down = held.iter().chain([&key]).map(|key| ("keyDown", *key));
        let up = [&key]
            .into_iter()
            .chain(held.iter().rev())
            .map(|key| ("keyUp", *key));
        let keys = down.chain(up);
        let keys: Vec<Value> = keys
            .map(|(what, key)| json!({ "type": what, "value": key }))
            .collect();
        self.acts(json!([{ "type": "key", "id": "keys", "actions": keys }]))
    }

    fn acts(&self, actions: Value) -> Result<()> {
        ureq::post(&format!("{}/actions", self.session()))
            .header("Content-Type", "application/json")
            .send(json!({ "actions": actions }).to_string())
            .context("acting on the page")?;
        Ok(())
    }
}
