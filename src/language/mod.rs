//! The language that the app speaks. The code is written in English, each sentence with `tr!`; in another language it is
//! looked up in a catalogue, which is loaded only when somebody wants it.
//!
//! Neighbours: `crates/words` reads the catalogue, [`switch`] changes the language, `browser::language` remembers it.
//! CONTRIBUTING.md says how to write a sentence.

mod switch;

use std::cell::Cell;

use replica::Remote as _;
use words::{Catalogue, Sentence};

use crate::browser::{Fetch, language as browser};

pub use switch::LanguageSwitch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Spanish,
}

impl Language {
    /// As HTML and FHIR name it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// As the browser names the way in which dates and numbers are written.
    pub const fn locale(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Spanish => "es-US",
        }
    }

    /// Its own name for itself.
    const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }

    /// Said in itself, by a page that does not speak it yet.
    pub const fn not_loaded(self) -> &'static str {
        match self {
            Self::English => "English could not be loaded. Connect to a network, then choose it again.",
            Self::Spanish => "No se pudo cargar el español. Conéctese a una red y vuelva a elegirlo.",
        }
    }

    /// "en" for "en-GB"; `None` for what the app does not speak.
    pub fn of(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "es" => Some(Self::Spanish),
            _ => None,
        }
    }
}

thread_local! {
    /// The page is one thread, and one language at a time is spoken in it. `None`: English.
    static SPOKEN: Cell<Option<&'static Catalogue<'static>>> = const { Cell::new(None) };
    /// Loaded once, and kept: a page is in two languages at most.
    static SPANISH: Cell<Option<&'static Catalogue<'static>>> = const { Cell::new(None) };
}

/// How long the page waits for a catalogue that the service worker has not kept, before it goes on in English.
const PATIENCE_MS: u32 = 10_000;

pub fn current() -> Language {
    match SPOKEN.get() {
        Some(_) => Language::Spanish,
        None => Language::English,
    }
}

/// Speaks the language that was chosen on this tablet or, where none was, the browser's own.
pub async fn begin() {
    let wanted = browser::wanted();
    if !speak(wanted).await {
        leptos::logging::warn!("the words of {wanted:?} could not be loaded");
        browser::tell_document(Language::English);
    }
}

/// False where its words could not be loaded; then nothing has changed.
async fn speak(language: Language) -> bool {
    match language {
        Language::English => SPOKEN.set(None),
        Language::Spanish => {
            if SPANISH.get().is_none() {
                SPANISH.set(load().await);
            }
            if SPANISH.get().is_none() {
                return false;
            }
            SPOKEN.set(SPANISH.get());
        }
    }
    browser::tell_document(language);
    true
}

async fn load() -> Option<&'static Catalogue<'static>> {
    let reply = Fetch.get("/es.words", PATIENCE_MS).await.ok()?;
    if reply.status != 200 {
        return None;
    }
    let catalogue = Catalogue::read(reply.body.leak())?;
    Some(Box::leak(Box::new(catalogue)))
}

/// The English sentence in the language that is spoken. For sentences that `words::msg!` marks where they stand; all others
/// are said by `tr!`.
pub fn say(english: &'static str) -> &'static str {
    translation(english).unwrap_or(english)
}

/// What the sentence is in the language that is spoken. `None` in English, and where nobody has said.
pub fn translation(english: &str) -> Option<&'static str> {
    say_of("", english)
}

pub fn say_of(context: &str, english: &str) -> Option<&'static str> {
    SPOKEN.get()?.say(context, english)
}

/// One of two sentences, by a number.
pub fn count(number: u64, context: &str, one: &'static str, many: &'static str) -> &'static str {
    let spoken = SPOKEN.get().and_then(|spoken| spoken.count(number, context, one));
    spoken.unwrap_or(if number == 1 { one } else { many })
}

/// A fault of the crates in the language that is spoken. Its sentence is marked by standing in `#[error("…")]`; a cause that
/// it names behind a colon is told in the same way.
pub fn told(fault: impl ToString) -> String {
    let english = fault.to_string();
    if let Some(text) = translation(&english) {
        return text.to_owned();
    }
    let with_cause = english.split_once(": ").and_then(|(fault, cause)| {
        let sentence = translation(&format!("{fault}: {{0}}"))?;
        Some(words::fill(sentence, &[("0", &told(cause))]))
    });
    with_cause.unwrap_or(english)
}

/// A sentence of the crates, in the language that is spoken.
pub fn sentence(sentence: &Sentence) -> String {
    sentence.say(translation)
}

/// With a capital, as at the beginning of a sentence.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A sentence for the user, in their language.
///
/// - `tr!("Send now")` is a `&'static str`.
/// - `tr!("Saved {time}", time = clock(at))`, `tr!("Saved {time}", time)` and `tr!("Saved {}", clock(at))` are a `String`.
/// - `tr!("1 client" | "{n} clients" % count)` chooses by a number, which is `{n}`; more values come behind a comma.
/// - `tr!("verb" => "Sent")` is for an English word that means several things; the first text says which.
macro_rules! tr {
    ($context:literal => $one:literal | $many:literal % $n:expr $(, $($values:tt)*)?) => {{
        let n = $n;
        ::words::fill(
            $crate::language::count(n as u64, $context, $one, $many),
            $crate::language::values!([("n", &n as &dyn ::std::fmt::Display),] $($($values)*)?),
        )
    }};
    ($one:literal | $many:literal % $($rest:tt)*) => {
        $crate::language::tr!("" => $one | $many % $($rest)*)
    };
    ($context:literal => $text:literal) => {
        $crate::language::say_of($context, $text).unwrap_or($text)
    };
    ($context:literal => $text:literal, $($values:tt)*) => {
        ::words::fill($crate::language::tr!($context => $text), $crate::language::values!([] $($values)*))
    };
    ($text:literal) => {
        $crate::language::say($text)
    };
    ($text:literal, $($values:tt)*) => {
        ::words::fill($crate::language::say($text), $crate::language::values!([] $($values)*))
    };
}

/// The values of a sentence, with their names.
macro_rules! values {
    ([$($done:tt)*]) => { &[$($done)*] };
    ([$($done:tt)*] $name:ident = $value:expr $(, $($rest:tt)*)?) => {
        $crate::language::values!([$($done)* (stringify!($name), &$value as &dyn ::std::fmt::Display),] $($($rest)*)?)
    };
    ([$($done:tt)*] $name:ident $(, $($rest:tt)*)?) => {
        $crate::language::values!([$($done)* (stringify!($name), &$name as &dyn ::std::fmt::Display),] $($($rest)*)?)
    };
    ([$($done:tt)*] $value:expr $(, $($rest:tt)*)?) => {
        $crate::language::values!([$($done)* ("", &$value as &dyn ::std::fmt::Display),] $($($rest)*)?)
    };
}

pub(crate) use {tr, values};

#[cfg(test)]
mod tests {
    use super::*;

    fn in_spanish() {
        let entry = |context, english, texts: &[&'static str]| words::Entry {
            context,
            english,
            texts: texts.to_vec(),
        };
        let file = words::write(&[
            entry("", "Send now", &["Enviar ahora"]),
            entry("", "Saved {time}", &["Guardado a las {time}"]),
            entry(
                "",
                "1 client of {who}",
                &["1 cliente de {who}", "{n} clientes de {who}"],
            ),
            entry("state", "Sent", &["Enviada"]),
        ]);
        let catalogue = Catalogue::read(file.unwrap().leak()).unwrap();
        SPOKEN.set(Some(Box::leak(Box::new(catalogue))));
    }

    #[test]
    fn without_a_catalogue_the_app_speaks_english() {
        let (time, count) = ("14:02", 3);
        assert_eq!(tr!("Send now"), "Send now");
        assert_eq!(tr!("Saved {time}", time), "Saved 14:02");
        assert_eq!(
            tr!(
                "1 client of {who}" | "{n} clients of {who}" % count,
                who = "Amber"
            ),
            "3 clients of Amber"
        );
        assert_eq!(tr!("state" => "Sent"), "Sent");
    }

    #[test]
    fn with_one_it_speaks_that_language_and_english_where_a_sentence_is_missing() {
        in_spanish();
        let who = "Amber";
        assert_eq!(tr!("Send now"), "Enviar ahora");
        assert_eq!(tr!("Saved {time}", time = "14:02"), "Guardado a las 14:02");
        assert_eq!(
            tr!("1 client of {who}" | "{n} clients of {who}" % 1, who),
            "1 cliente de Amber"
        );
        assert_eq!(
            tr!("1 client of {who}" | "{n} clients of {who}" % 2_u32, who),
            "2 clientes de Amber"
        );
        assert_eq!(tr!("state" => "Sent"), "Enviada");
        assert_eq!(tr!("Saved {} of {}", 1, 2), "Saved 1 of 2");
        assert_eq!(current(), Language::Spanish);
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capital("its place cannot be read"), "Its place cannot be read");
        assert_eq!(capital(""), "");
    }

    #[test]
    fn a_browser_names_its_language_in_many_ways() {
        for (tag, language) in [
            ("es", Some(Language::Spanish)),
            ("es-MX", Some(Language::Spanish)),
            ("ES_us", Some(Language::Spanish)),
            ("en-GB", Some(Language::English)),
            ("est", None),
            ("", None),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }
}
