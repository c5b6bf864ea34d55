//! A link that leaves the app. Without an address it is plain text.

use crate::prelude::*;

use super::{Icon, Symbol};

/// What tells a link out of the app from a link to one of its pages: both may be of one origin.
pub const LEAVES: &str = "external";

#[component]
pub fn OuterLink(
    #[prop(into)] href: Signal<String>,
    #[prop(into)] label: String,
    /// It opens in another tab, so that this page stays as it is.
    #[prop(optional, into)]
    beside: Signal<bool>,
) -> impl IntoView {
    let label = StoredValue::new(label);
    view! {
        {move || {
            if href.get().is_empty() {
                return view! { {label.get_value()} };
            }
            view! {
                <a
                    class="outer-link"
                    href=href.get()
                    target=move || beside.get().then_some("_blank")
                    rel=move || if beside.get() { "noopener" } else { LEAVES }
                >
                    {label.get_value()}
                    <Icon symbol=Symbol::External />
                    <span class="unseen">{move || beside.get().then(|| tr!(" (opens in a new tab)"))}</span>
                </a>
            }
        }}
    }
}
