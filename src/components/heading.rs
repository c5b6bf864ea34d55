//! The one `h1` of a page. It names the tab, and takes the focus when a page follows on another, so that a screen reader
//! and a keyboard begin where the eye does.

use crate::prelude::*;
use leptos::html;

use crate::browser::device;

/// Whether a page has been shown before this one: the first page leaves the focus where the browser puts it.
#[derive(Clone, Copy)]
pub struct Visited(StoredValue<bool>);

impl Visited {
    pub fn new() -> Self {
        Self(StoredValue::new(false))
    }
}

impl Default for Visited {
    fn default() -> Self {
        Self::new()
    }
}

#[component]
pub fn Heading(
    #[prop(into)] text: Signal<String>,
    /// The name of the tab, where the heading alone would not tell it from another.
    #[prop(optional, into)]
    tab: Option<Signal<String>>,
) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    let visited = use_context::<Visited>();
    node.on_load(move |heading| {
        if let Some(Visited(visited)) = visited {
            if visited.get_value() {
                device::focus(&heading);
            }
            visited.set_value(true);
        }
    });
    let tab = tab.unwrap_or(text);
    effect(move || device::set_title(&format!("{} · Mobile Assessments", tab.get())));
    view! {
        <h1 node_ref=node tabindex="-1">
            {text}
        </h1>
    }
}
