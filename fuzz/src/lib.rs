//! Every parser of bytes from outside, as a function that panics where a promise is broken.
//!
//! `cargo xtask fuzz` feeds them with libFuzzer's inventions; `tests/outside.rs` replays the corpus that was kept, with every
//! other test. A promise is more than "does not crash": what is not understood changes nothing, and what is understood
//! survives being written and read again.

mod accounts_file;
mod questionnaire;
mod replies;
mod stored;

/// The bench of `crates/replica/tests`: a main application that answers as it is told, derivations that cost nothing.
#[path = "../../crates/replica/tests/support/mod.rs"]
mod bench;

pub use accounts_file::accounts_file;
pub use questionnaire::questionnaire;
pub use replies::{sign_in_reply, sync_reply};
pub use stored::{account_row, sealed_record};

/// Takes bytes; panics where a promise is broken.
pub type Target = fn(&[u8]);

/// By the name of the corpus.
pub const TARGETS: [(&str, Target); 6] = [
    ("account_row", account_row),
    ("accounts_file", accounts_file),
    ("questionnaire", questionnaire),
    ("sealed_record", sealed_record),
    ("sign_in_reply", sign_in_reply),
    ("sync_reply", sync_reply),
];
