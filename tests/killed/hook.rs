//! A page that stops dead at the n-th thing it asks of IndexedDB: before its own code sees a reply, with the request on its
//! way. The title of the page, which the browser knows outside of it, says that it has stopped.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::Browser;

/// Counts every request, and every commit as it is reported, from `arm` on; notes how durable each writing transaction is.
const HOOK: &str = r#"
  const faults = window.faults = { stopAt: -1, claim: () => false, seen: [], durabilities: [] };
  const after = what => {
    if (faults.stopAt < 0 || faults.seen.push(what) !== faults.stopAt) return;
    document.title = `stopped ${faults.claim() ? "claimed" : "open"} ${what}`;
    for (;;);
  };
  for (const name of ["get", "getAll", "getAllKeys", "count", "openCursor", "put", "add", "delete", "clear"]) {
    const original = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...words) {
      const request = original.apply(this, words);
      after(`${name} ${this.name}`);
      return request;
    };
  }
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...words) {
    const made = transaction.apply(this, words);
    if (made.mode === "readwrite") {
      faults.durabilities.push(made.durability);
      const stores = [...made.objectStoreNames].join(", ");
      made.addEventListener("complete", () => after(`commit of ${stores}`));
    }
    return made;
  };"#;

/// Where a page stopped.
#[derive(Debug)]
pub struct Stop {
    /// The request or commit after which it stopped.
    pub after: String,
    /// Whether the page had told the user by then that it was done.
    pub claimed: bool,
}

/// Watches what the page asks of IndexedDB.
pub async fn install(browser: &Browser) -> Result<()> {
    browser.raw().execute(HOOK, vec![]).await?;
    Ok(())
}

/// From now on: stop after request or commit number `stop_at`; 0 is never. `claim` is an expression of the page that is
/// true where it says that the step is done.
pub async fn arm(browser: &Browser, stop_at: usize, claim: &str) -> Result<()> {
    let script = format!("faults.seen = []; faults.claim = () => {claim}; faults.stopAt = arguments[0];");
    browser.raw().execute(&script, vec![json!(stop_at)]).await?;
    Ok(())
}

/// What has been asked since `arm`.
pub async fn seen(browser: &Browser) -> Result<Vec<String>> {
    let seen = browser.raw().execute("return faults.seen", vec![]).await?;
    Ok(serde_json::from_value(seen.json().clone())?)
}

/// The durability of every writing transaction since `install`, as the browser reads it back.
pub async fn durabilities(browser: &Browser) -> Result<Vec<String>> {
    let found = browser
        .raw()
        .execute("return faults.durabilities", vec![])
        .await?;
    Ok(serde_json::from_value(found.json().clone())?)
}

/// Comes back when the page has stopped; never, where it does not.
pub async fn stops(list_of_pages: &str) -> Result<Stop> {
    loop {
        let pages = ureq::get(list_of_pages).call()?.body_mut().read_to_string()?;
        let pages: Vec<serde_json::Value> = serde_json::from_str(&pages)?;
        let titles = pages.iter().filter_map(|page| page["title"].as_str());
        for title in titles {
            let stopped = title
                .strip_prefix("stopped ")
                .and_then(|stop| stop.split_once(' '));
            if let Some((claimed, after)) = stopped {
                return Ok(Stop {
                    after: after.to_owned(),
                    claimed: claimed == "claimed",
                });
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
