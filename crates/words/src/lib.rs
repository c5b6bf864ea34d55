//! Sentences in the language of whoever reads them. The code is written in English; a [`Catalogue`] holds what each sentence
//! is in another language, and [`fill`] puts names and numbers in their places. Pure, and without a state: which language
//! it is, the caller knows.
//!
//! Neighbours: `po/es.po` is what people write, `cargo xtask words` finds the sentences and makes the catalogue of them,
//! `src/language/mod.rs` says which one is spoken.

mod catalogue;
mod fill;
mod sentence;

pub use catalogue::{Catalogue, Collision, Entry, write};
pub use fill::{fill, places};
pub use sentence::Sentence;

/// Marks a sentence without values that somebody else will translate: it is found by `cargo xtask words`, and stays as it is.
///
/// ```
/// const REASON: &str = words::msg!("The storage of this tablet is full.");
/// assert_eq!(REASON, "The storage of this tablet is full.");
/// ```
#[macro_export]
macro_rules! msg {
    ($sentence:literal) => {
        $sentence
    };
}

/// A [`Sentence`] with its values: `sentence!("Enter {bound} or more.", bound)`.
#[macro_export]
macro_rules! sentence {
    ($english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::Sentence::new($english)$(.with(stringify!($name), $crate::sentence!(@value $name $(= $value)?)))*
    };
    (@value $name:ident) => { &$name };
    (@value $name:ident = $value:expr) => { &$value };
}
