//! A button. While `busy` it says so, keeps its place and the focus, and cannot be pressed.

use crate::prelude::*;

use super::{Icon, Symbol};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one next step of a page.
    Primary,
    #[default]
    Secondary,
    /// Beside something else, or inside it.
    Quiet,
}

impl ButtonKind {
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// Without `on_press` it submits the form that it stands in.
#[component]
pub fn Button(
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] symbol: Option<Symbol>,
    /// A word that stands in the label's place while something is under way.
    #[prop(optional, into)]
    busy_label: Option<String>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] wide: bool,
    #[prop(optional)] class: &'static str,
    /// What tells it from others of the same label, for those who do not see where it stands.
    #[prop(optional, into)]
    context: Option<String>,
    #[prop(optional)] on_press: Option<Callback<()>>,
) -> impl IntoView {
    let off = derived(move || busy.get() || disabled.get());
    let press = move |event: leptos::ev::MouseEvent| {
        if off.get_untracked() {
            event.prevent_default();
        } else if let Some(press) = on_press {
            press.run(());
        }
    };
    let shown = move || match &busy_label {
        Some(word) if busy.get() => word.clone(),
        _ => label.get(),
    };
    view! {
        <button
            type=if on_press.is_some() { "button" } else { "submit" }
            class=format!("{} {class}", kind.class())
            class:button-wide=wide
            aria-disabled=move || off.get().then_some("true")
            on:click=press
        >
            {symbol.map(|symbol| view! { <Icon symbol /> })}
            <span class:busy=busy>{move || shown()}</span>
            {context.map(|context| view! { <span class="unseen">{format!(" {context}")}</span> })}
        </button>
    }
}
