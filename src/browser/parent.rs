//! The page in whose frame the app stands, in a rehearsal: what is told to it and heard from it, of one origin alone.

use leptos::{ev, prelude::*};
use wasm_bindgen::prelude::*;
use web_sys::{Event, Window};

/// `None` where the app stands in no frame.
fn parent() -> Option<Window> {
    let window = web_sys::window()?;
    let parent = window.parent().ok()??;
    let [own, other]: [&JsValue; 2] = [window.as_ref(), parent.as_ref()];
    (own != other).then_some(parent)
}

/// Tells it something; a page of another origin gets nothing.
pub fn tell(origin: &str, text: &str) {
    if let Some(parent) = parent() {
        // An origin that is none: then nobody is told.
        drop(parent.post_message(&text.into(), origin));
    }
}

/// Calls back with what a page of `origin` says that has this app in its frame.
pub fn listen(origin: impl Fn() -> Option<String> + 'static, call: impl Fn(String) + 'static) {
    let Some(parent) = parent() else {
        return;
    };
    let listener = window_event_listener(ev::message, move |event| {
        let from: &JsValue = parent.as_ref();
        let is_parent = event
            .source()
            .is_some_and(|source| JsValue::from(source) == *from);
        if is_parent
            && origin().is_some_and(|origin| event.origin() == origin)
            && let Some(text) = event.data().as_string()
        {
            call(text);
        }
    });
    on_cleanup(move || listener.remove());
}

/// Plays the browser's own word on its network.
pub fn play_link(is_on: bool) {
    let name = if is_on { "online" } else { "offline" };
    if let (Some(window), Ok(event)) = (web_sys::window(), Event::new(name)) {
        // It throws only for an event that is being dispatched already.
        drop(window.dispatch_event(&event));
    }
}
