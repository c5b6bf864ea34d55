//! What stands on the page at times only, and lists whose rows come and go: Leptos's own `Show` and `For`, compiled once
//! for the whole app instead of once for each place that uses them.

use crate::prelude::*;

/// The children, for as long as `when` is so. They are drawn anew each time that it becomes so.
#[component]
pub fn Show(#[prop(into)] when: Signal<bool>, children: ChildrenFn) -> impl IntoView {
    let when = memo(move || when.get());
    view! { {move || when.get().then(|| children())} }
}

/// A row: what it is told from the others by, and how it is drawn when it is new.
pub struct Row {
    key: String,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Row {
    pub fn new(key: String, draw: impl FnOnce() -> AnyView + Send + 'static) -> Self {
        Self {
            key,
            draw: Box::new(draw),
        }
    }
}

/// A row whose key stays keeps its place on the page, its focus and what is typed in it. No two have the same key.
pub fn each(rows: impl Fn() -> Vec<Row> + Send + Sync + 'static) -> AnyView {
    each_of(Box::new(rows))
}

fn each_of(rows: Box<dyn Fn() -> Vec<Row> + Send + Sync>) -> AnyView {
    view! { <For each=rows key=|row| row.key.clone() children=|row| (row.draw)() /> }
}
