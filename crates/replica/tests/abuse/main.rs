//! Everything that somebody might try with the sign-in of a tablet, each with its expected result. `docs/abuse-cases.md` lists
//! all cases, these and those that only a browser or the main application can show.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod line;
mod tablet;
mod tampering;
mod typing;
