//! The switch to the other language: what is open is saved, the pages are drawn anew where they stand, and what was typed
//! is put back.

use crate::prelude::*;
use leptos::task::spawn_local;

use super::{Language, current, speak};
use crate::browser::{language as browser, typed::Typed};
use crate::components::{Icon, Symbol};
use crate::desk::{Desk, Trouble, use_desk};

/// The other language, by its own name.
#[component]
pub fn LanguageSwitch(class: &'static str) -> impl IntoView {
    let desk = use_desk();
    let other = current().other();
    view! {
        <button
            type="button"
            class=class
            lang=other.tag()
            on:click=act(move || spawn_local(switch(desk, other)))
        >
            <Icon symbol=Symbol::Globe />
            {other.name()}
        </button>
    }
}

async fn switch(desk: Desk, language: Language) {
    // The page says itself what cannot be saved.
    if !desk.save_open().await {
        return;
    }
    if !speak(language).await {
        return desk.trouble.set(Some(Trouble::NoWords(language)));
    }
    browser::remember(language);
    let typed = Typed::read();
    desk.language.set(language);
    typed.put_back();
}
