//! What holds whatever happens: the real replica and the real vault over a store that fails, runs out of space or dies at any
//! request, and over a line that does what lines do. The invariants are those of the sign-in design, by their numbers:
//!
//! | | |
//! | --- | --- |
//! | I13 | A's key never opens B's record; any flipped byte of the head refuses |
//! | I14 | a crash at any storage request leaves the state before or after |
//! | I15 | "sent" only on the record's own acknowledgement, and nothing is deleted |
//! | I16 | one press is at most one counted attempt, and there is none without a press |
//! | I17 | no IV repeats under one key |
//! | I18 | the store never holds a data key, a key that wraps it, what the password derives to, the password, or an answer |
//!
//! [`machine`] does anything in any order; [`crashes`] ends the program after each request in turn; [`seals`] turns every bit.
//! [`rig`] is the tablet under test, [`office`] an honest main application, [`disk`] the store, and [`watch`] writes down
//! every key and IV.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

#[path = "../support/mod.rs"]
mod support;

mod crashes;
mod disk;
mod ledger;
mod machine;
mod office;
mod rig;
mod seals;
mod watch;
