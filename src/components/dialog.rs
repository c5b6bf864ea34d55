//! A question that has to be answered before anything else: the native `dialog`, so that focus, Escape and the page
//! behind it are the browser's care.

use crate::prelude::*;
use leptos::html;

use super::Show;
use crate::browser::device;

/// Open while `open` is true. Escape, and a tap beside a sheet, set it to false.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// It comes from below and lists what can be chosen.
    #[prop(optional)]
    sheet: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let wanted = open.get();
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                device::show_modal(&dialog);
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let beside = move |event: leptos::ev::MouseEvent| {
        if sheet && device::is_target_itself(&event) {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=node
            class="dialog"
            class:sheet=sheet
            aria-label=title
            on:close=act(move || open.set(false))
            on:click=beside
        >
            <Show when=move || open.get()>
                <h2>{title}</h2>
                {children()}
            </Show>
        </dialog>
    }
}
