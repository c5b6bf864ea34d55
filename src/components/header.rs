//! The header: a name, one quiet mark that says how things stand, and a menu.

use crate::prelude::*;
use leptos::html;

use super::{Icon, Link, Show, Symbol, Tone};
use crate::browser::{address::use_address, device};

/// How things stand: a symbol, words, and a tone that repeats them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub text: String,
    pub symbol: Symbol,
    pub tone: Tone,
    pub busy: bool,
}

/// With `mark_href` the mark opens a page; the children are the rows of the menu, where there is one. Where there is none,
/// `without_menu` stands in its place.
#[component]
pub fn Header(
    #[prop(into)] name: Signal<String>,
    #[prop(into)] mark: Signal<Mark>,
    #[prop(into)] mark_href: Signal<Option<&'static str>>,
    #[prop(into)] with_menu: Signal<bool>,
    #[prop(into)] without_menu: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Nav>::new();
    let path = use_address().path();
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
                        <Link href=href class=derived(move || mark_class(&mark.get()))>
                            <MarkWords mark />
                        </Link>
                    }
                }
                None => {
                    view! {
                        <p class=move || mark_class(&mark.get())>
                            <MarkWords mark />
                        </p>
                    }
                }
            }}
            <Show when=move || !with_menu.get()>{without_menu.run()}</Show>
            <Show when=move || with_menu.get()>
                <button type="button" class="button button-quiet" popovertarget="menu">
                    <Icon symbol=Symbol::Menu />
                    {tr!("Menu")}
                </button>
                <nav id="menu" class="menu" popover="auto" aria-label=tr!("Menu") node_ref=node>
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
        <Icon symbol=derived(move || mark.get().symbol) />
        <span>{move || mark.get().text}</span>
    }
}

#[component]
pub fn MenuLink(href: &'static str, #[prop(into)] label: String, symbol: Symbol) -> impl IntoView {
    view! {
        <Link href=href class="menu-item">
            <Icon symbol />
            {label}
        </Link>
    }
}

#[component]
pub fn MenuButton(#[prop(into)] label: String, symbol: Symbol, on_press: Callback<()>) -> impl IntoView {
    view! {
        <button type="button" class="menu-item" on:click=act(move || on_press.run(()))>
            <Icon symbol />
            {label}
        </button>
    }
}
