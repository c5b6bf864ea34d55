//! The life of an assessment document, and its history: pure rules that the tablet and the main application share.
//!
//! A tablet asks [`turn`] before a document goes from Draft to Pending, back, or to Complete; it opens a document with
//! [`check`]; the main application receives one with [`check`] and [`follows`]. Neighbours: `protocol` says what a document
//! looks like, `replica` keeps documents on a tablet, `main-app` receives them. There is no clock and no form here: the time,
//! and whether a form is filled in, come from outside.
//!
//! Where to start: [`turn`], then [`Chain`].

mod canonical;
mod chain;
mod life;

pub use chain::{Broken, Chain, Kept, check, follows};
pub use life::{NotTurned, Turn, copy, settle, turn, typed};
