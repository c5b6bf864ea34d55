//! A state in one word.

use crate::prelude::*;

use super::Tone;

#[component]
pub fn Badge(#[prop(into)] tone: Signal<Tone>, #[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <span class=move || format!("badge badge-{}", tone.get().name())>{text}</span> }
}
