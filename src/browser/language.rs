//! The user's language, as the browser knows it and as this tablet remembers it.

use gloo_storage::{LocalStorage, Storage as _};

use super::device::document;
use super::kept;
use crate::language::Language;

/// public/boot.js reads it too.
const KEPT_AS: &str = "language";

/// What was chosen on this tablet, or else the first of the browser's languages, or else English.
pub fn wanted() -> Language {
    let chosen = kept::get::<String>(&LocalStorage::raw(), KEPT_AS);
    let tag = chosen.or_else(|| web_sys::window()?.navigator().language());
    tag.and_then(|tag| Language::of(&tag))
        .unwrap_or(Language::English)
}

/// For this tablet's next start.
pub fn remember(language: Language) {
    // A browser that keeps nothing asks its own language again.
    drop(LocalStorage::set(KEPT_AS, language.tag()));
}

/// Screen readers and hyphenation go by it.
pub fn tell_document(language: Language) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // A plain attribute of an element that is there cannot be refused.
        drop(root.set_attribute("lang", language.tag()));
    }
}
