//! Whether there is a network at all. That the main application can be reached is another question, which only a reply
//! answers: `crate::sending` asks it.

use leptos::{ev, prelude::*};

/// The browser's own opinion, kept up to date.
pub fn link() -> ReadSignal<bool> {
    let (link, set_link) = signal(now());
    let up = window_event_listener(ev::online, move |_| set_link.set(true));
    let down = window_event_listener(ev::offline, move |_| set_link.set(false));
    on_cleanup(move || {
        up.remove();
        down.remove();
    });
    link
}

fn now() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}
