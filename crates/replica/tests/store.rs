//! The store's contract, on memory. `tests/web` runs the same suite on IndexedDB in a browser.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use replica::{Memory, suite};

mod support;
use support::now;

#[test]
fn memory_keeps_the_contract() {
    now(suite::keeps_bytes(Memory::default()));
    now(suite::scans_by_prefix(Memory::default()));
    now(suite::commits_all_or_nothing(Memory::default()));
    now(suite::lets_one_of_two_win(Memory::default()));
}
