//! The address of the page: read, followed and changed through the browser's history. Which page an address names is
//! `crate::route`'s to say.
//!
//! A tap on a link of this app goes here instead of to the network; everything else that a link can do (another tab,
//! another site, a download, a modifier key) is left to the browser.

use leptos::{ev, prelude::*};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlAnchorElement, MouseEvent};

use super::device;
use crate::components::LEAVES;

/// The path in the address bar, as a signal, and the ways to change it.
#[derive(Clone, Copy)]
pub struct Address {
    path: RwSignal<String>,
}

impl Address {
    /// Follows the address for as long as the owner lives.
    pub fn follow() -> Self {
        let address = Self {
            path: RwSignal::new(now()),
        };
        let back_and_forth = window_event_listener(ev::popstate, move |_| address.path.set(now()));
        let tap = window_event_listener(ev::click, move |event| {
            if let Some(path) = own_link(&event) {
                event.prevent_default();
                address.go(&path);
            }
        });
        on_cleanup(move || {
            back_and_forth.remove();
            tap.remove();
        });
        address
    }

    pub fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// To another page; "back" leads here again. The new page begins at its top.
    pub fn go(self, path: &str) {
        if self.path.with_untracked(|now| now != path) {
            enter(path, false);
            self.path.set(path.to_owned());
        }
        device::scroll_to_top();
    }

    /// The same page under a better address; "back" does not lead to the old one.
    pub fn replace(self, path: &str) {
        enter(path, true);
        self.path.set(path.to_owned());
    }
}

pub fn use_address() -> Address {
    expect_context()
}

fn now() -> String {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.unwrap_or_else(|| "/".to_owned())
}

fn enter(path: &str, instead: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else {
        return;
    };
    // Browsers refuse it only to a page that asks a hundred times in half a minute: the page is shown all the same.
    drop(if instead {
        history.replace_state_with_url(&JsValue::NULL, "", Some(path))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(path))
    });
}

/// The path that a tap asks for, where it is a plain tap on a link to a page of this app.
fn own_link(event: &MouseEvent) -> Option<String> {
    let modified = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return None;
    }
    let tapped = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = tapped
        .closest("a[href]")
        .ok()??
        .dyn_into::<HtmlAnchorElement>()
        .ok()?;
    let elsewhere = !link.target().is_empty()
        || link.rel() == LEAVES
        || link.has_attribute("download")
        || link.origin() != web_sys::window()?.location().origin().ok()?;
    (!elsewhere && link.hash().is_empty()).then(|| link.pathname())
}
