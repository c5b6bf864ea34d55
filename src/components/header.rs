//! The header: a name, one quiet mark that says how things stand, and a menu.

use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_location};

use super::{Icon, Symbol, Tone};
use crate::browser::device;

/// How things stand: a symbol, words, and a tone that repeats them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub text: String,
    pub symbol: Symbol,
    pub tone: Tone,
    pub busy: bool,
}

/// With `mark_href` the mark opens a page; the children are the rows of the menu, where there is one.
#[component]
pub fn Header(
    #[prop(into)] name: Signal<String>,
    #[prop(into)] mark: Signal<Mark>,
    #[prop(into)] mark_href: Signal<Option<&'static str>>,
    #[prop(into)] with_menu: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Nav>::new();
    let path = use_location().pathname;
    Effect::new(move |before: Option<()>| {
        // A memo has to be read to be followed.
        path.get();
        if before.is_some()
            && let Some(menu) = node.get_untracked()
        {
            device::hide_popover(&menu);
        }
    });
    let menu = StoredValue::new(children);
    view! {
        <header class="header">
            <p class="header-name" title=name>
                {name}
            </p>
            {move || match mark_href.get() {
                Some(href) => {
                    view! {
                        <A href=href attr:class=move || mark_class(&mark.get())>
                            <MarkWords mark />
                        </A>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <p class=move || mark_class(&mark.get())>
                            <MarkWords mark />
                        </p>
                    }
                        .into_any()
                }
            }}
            <Show when=move || with_menu.get()>
                <button type="button" class="button button-quiet" popovertarget="menu">
                    <Icon symbol=Symbol::Menu />
                    "Menu"
                </button>
                <nav id="menu" class="menu" popover="auto" aria-label="Menu" node_ref=node>
                    {menu.with_value(|menu| menu())}
                </nav>
            </Show>
        </header>
    }
}

fn mark_class(mark: &Mark) -> String {
    let busy = if mark.busy { " mark-busy" } else { "" };
    format!("mark mark-{}{busy}", mark.tone.name())
}

#[component]
fn MarkWords(mark: Signal<Mark>) -> impl IntoView {
    view! {
        <Icon symbol=Signal::derive(move || mark.get().symbol) />
        <span>{move || mark.get().text}</span>
    }
}

#[component]
pub fn MenuLink(href: &'static str, #[prop(into)] label: String, symbol: Symbol) -> impl IntoView {
    view! {
        <A href=href exact=true attr:class="menu-item">
            <Icon symbol />
            {label}
        </A>
    }
}

#[component]
pub fn MenuButton(#[prop(into)] label: String, symbol: Symbol, on_press: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="menu-item" on:click=move |_| on_press.run(())>
            <Icon symbol />
            {label}
        </button>
    }
}
