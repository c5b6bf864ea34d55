//! A link to another page of the app. The one to the page that is shown says so to screen readers, and looks so.

use crate::prelude::*;

use super::{Icon, Symbol};
use crate::browser::address::use_address;

#[component]
pub fn Link(
    #[prop(into)] href: String,
    #[prop(optional, into)] class: Signal<String>,
    /// Whether it leads to where one is, where the address alone does not tell.
    #[prop(optional, into)]
    current: Option<Signal<bool>>,
    children: Children,
) -> impl IntoView {
    let path = use_address().path();
    let to = href.clone();
    let current = move || {
        let here = current.map_or_else(|| path.with(|path| *path == to), |current| current.get());
        here.then_some("page")
    };
    view! {
        <a href=href class=class aria-current=current>
            {children()}
        </a>
    }
}

/// From any page of the app back to where all begin.
#[component]
pub fn BackToCaseload() -> impl IntoView {
    view! {
        <p>
            <Link href="/" class="back">
                <Icon symbol=Symbol::Back />
                {tr!("Caseload")}
            </Link>
        </p>
    }
}
