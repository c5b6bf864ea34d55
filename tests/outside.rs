//! Bytes from outside: every input that the fuzzing has kept, through the same targets, with every other test. `cargo xtask
//! fuzz` finds new ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use std::path::Path;

/// The kept corpus is small: it is read by people, and replayed by everybody.
const MOST_BYTES: usize = 16 * 1024;

#[test]
fn everything_that_was_kept_keeps_every_promise() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, target) in fuzz::TARGETS {
        let mut count = 0;
        for entry in std::fs::read_dir(corpus.join(name)).expect("each target has its corpus") {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                bytes.len() <= MOST_BYTES,
                "{} is too large to keep",
                path.display()
            );
            eprintln!("{}", path.display());
            target(&bytes);
            count += 1;
        }
        assert!(count > 0, "{name} has no corpus");
    }
    let kept = std::fs::read_dir(&corpus).unwrap().count();
    assert_eq!(kept, fuzz::TARGETS.len(), "a corpus without a target");
}
