//! A password's field: held by the page's input alone, in no signal and no event. Whoever submits reads it once and empties
//! it.

use crate::prelude::*;
use leptos::html;

use super::{Button, ButtonKind, FieldError};

#[component]
pub fn PasswordField(
    #[prop(into)] label: Signal<String>,
    node: NodeRef<html::Input>,
    /// What is typed can be read. The page hides it again when it is submitted.
    shown: RwSignal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="field field-with-action">
            <label for="password">{label}</label>
            <FieldError id="password-error" text=error />
            <input
                id="password"
                class="input"
                type=move || if shown.get() { "text" } else { "password" }
                node_ref=node
                autocomplete="current-password"
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby="password-error"
            />
            <Button
                label=derived(move || {
                    if shown.get() { tr!("Hide password") } else { tr!("Show password") }.to_owned()
                })
                kind=ButtonKind::Quiet
                on_press=Callback::new(move |()| shown.update(|shown| *shown = !*shown))
            />
        </div>
    }
}
