//! Sentences in the language of whoever reads them. The code is written in English; a [`Catalogue`] holds what each sentence
//! is in another language, and [`fill`] puts names and numbers in their places. Pure, and without a state: which language
//! it is, the caller knows.
//!
//! Neighbours: `po/es.po` is what people write, `cargo xtask words` finds the sentences and makes the catalogue of them,
//! `src/language.rs` says which one is spoken.

mod catalogue;
mod fill;

pub use catalogue::{Catalogue, Collision, Entry, write};
pub use fill::{fill, places};

/// Marks a sentence that somebody else will translate: it is found by `cargo xtask words`, and stays as it is.
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
