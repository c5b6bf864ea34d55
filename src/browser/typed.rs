//! What was typed into the fields of a page, for the page that is drawn in its place. It stays in the fields themselves:
//! a password is nowhere else.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, HtmlInputElement, HtmlTextAreaElement};

use super::device::document;

/// Fields that are known by an id. Those of a form are not among them: the form itself holds what is typed there.
const FIELDS: &str = "main :is(input, textarea)[id]:not(.form *)";
/// So many times, once each frame, a page that is still being read is looked at.
const FRAMES: u32 = 60;

/// The fields as they were, and how far the page was scrolled.
#[derive(Default)]
pub struct Typed {
    fields: Vec<Element>,
    scrolled: f64,
}

impl Typed {
    /// Of the page that is about to be drawn anew.
    pub fn read() -> Self {
        let page = document().and_then(|document| document.document_element());
        page.as_ref().map_or_else(Self::default, Self::read_in)
    }

    /// Of this part of the page alone.
    pub fn read_in(part: &Element) -> Self {
        let mut fields = Vec::new();
        if let Ok(list) = part.query_selector_all(FIELDS) {
            fields.extend((0..list.length()).filter_map(|at| list.item(at)?.dyn_into().ok()));
        }
        let scrolled = web_sys::window().and_then(|window| window.scroll_y().ok());
        Self {
            fields,
            scrolled: scrolled.unwrap_or_default(),
        }
    }

    /// Puts everything back as soon as its place is there again.
    pub fn put_back(self) {
        again(self, FRAMES);
    }

    /// The same where the new page stands already and the old one is gone.
    pub fn put_back_now(mut self) {
        if !self.try_put_back() {
            again(self, FRAMES);
        }
    }

    /// True when nothing is left to do.
    fn try_put_back(&mut self) -> bool {
        let (Some(window), Some(document)) = (web_sys::window(), document()) else {
            return true;
        };
        self.fields
            .retain(|old| !old.is_connected() && !put(&document, old));
        if self.scrolled > 0.0 {
            window.scroll_to_with_x_and_y(0.0, self.scrolled);
            let reached = window.scroll_y().unwrap_or_default();
            if reached + 1.0 >= self.scrolled {
                self.scrolled = 0.0;
            }
        }
        self.fields.is_empty() && self.scrolled == 0.0
    }
}

fn again(mut typed: Typed, frames: u32) {
    leptos::prelude::request_animation_frame(move || {
        if !typed.try_put_back() && frames > 0 {
            again(typed, frames - 1);
        }
    });
}

/// False while the page has no field of that id.
fn put(document: &Document, old: &Element) -> bool {
    let Some(new) = document.get_element_by_id(&old.id()) else {
        return false;
    };
    if let (Some(old), Some(new)) = (
        old.dyn_ref::<HtmlInputElement>(),
        new.dyn_ref::<HtmlInputElement>(),
    ) {
        if old.value() != new.value() {
            new.set_value(&old.value());
            tell(new);
        }
        // Nobody sees it any more, and it may be a password.
        old.set_value("");
    } else if let (Some(old), Some(new)) = (
        old.dyn_ref::<HtmlTextAreaElement>(),
        new.dyn_ref::<HtmlTextAreaElement>(),
    ) && old.value() != new.value()
    {
        new.set_value(&old.value());
        tell(new);
    }
    true
}

/// As if it had been typed.
fn tell(field: &Element) {
    if let Ok(event) = Event::new("input") {
        // It says only whether somebody cancelled it, which is nothing to this one.
        drop(field.dispatch_event(&event));
    }
}
