//! The start of the app behind the start page, which `index.html` draws before the app is loaded: in steps, each a task of its
//! own, and then what was typed and pressed there is handed over. `public/boot.js` is the start page's own side.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::device::document;
use super::typed::Typed;

/// The place of the app, hidden until it stands.
const APP: &str = "app";
const START_PAGE: &str = "starting";
/// What in the app a control of the start page stands for, as a selector.
const STANDS_FOR: &str = "data-then";
/// The same of the control that was pressed last.
const PRESSED: &str = "data-pressed";

/// Where the app is drawn.
pub fn place() -> Option<HtmlElement> {
    let place = document()?.get_element_by_id(APP)?;
    place.dyn_into().ok()
}

/// Whoever types and taps comes first: what follows is a task of its own.
pub async fn next_task() {
    TimeoutFuture::new(0).await;
}

/// The app takes the start page's place: what was typed stays typed, the focus and the caret stay where they were, and what was
/// pressed is done now.
pub fn take_over() {
    let (Some(place), Some(document)) = (place(), document()) else {
        return;
    };
    // An attribute that is there can be taken away.
    drop(place.remove_attribute("hidden"));
    let Some(start_page) = document.get_element_by_id(START_PAGE) else {
        return;
    };
    let typed = Typed::read_in(&start_page);
    let focused = document
        .active_element()
        .filter(|focused| start_page.contains(Some(focused)));
    let caret = focused.as_ref().and_then(caret);
    let pressed = start_page.get_attribute(PRESSED);
    start_page.remove();
    typed.put_back_now();
    if let Some(focused) = focused
        && let Some(field) = stands_for(focused.get_attribute(STANDS_FOR))
    {
        // What cannot have it leaves the focus on the page.
        drop(field.focus());
        if let (Some((from, to)), Some(field)) = (caret, field.dyn_ref::<HtmlInputElement>()) {
            drop(field.set_selection_range(from, to));
        }
    }
    if let Some(control) = stands_for(pressed) {
        control.click();
    }
}

fn stands_for(selector: Option<String>) -> Option<HtmlElement> {
    let control = document()?.query_selector(&selector?).ok()??;
    control.dyn_into().ok()
}

fn caret(element: &Element) -> Option<(u32, u32)> {
    let field: &HtmlInputElement = element.dyn_ref()?;
    Some((field.selection_start().ok()??, field.selection_end().ok()??))
}
