//! Small things that the browser keeps beside the database, and may lose: nothing depends on them.

use serde::de::DeserializeOwned;
use web_sys::Storage;

/// What is kept under this name; `None` also where it cannot be read any more.
pub fn get<T: DeserializeOwned>(storage: &Storage, name: &str) -> Option<T> {
    let text = storage.get_item(name).ok()??;
    protocol::json::read(text.as_bytes()).ok()
}
