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

/// Every test that the list of cases names exists in the file that it names.
#[test]
fn every_case_of_the_list_is_a_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let list = std::fs::read_to_string(root.join("docs/abuse-cases.md")).unwrap();
    let mut named = 0;
    for line in list.lines().filter(|line| line.starts_with('|')) {
        let shown_by = line.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap();
        let mut file = String::new();
        for word in shown_by.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                file = std::fs::read_to_string(root.join(word)).unwrap_or_default();
                assert!(!file.is_empty(), "{word} is not there");
            } else if !file.is_empty() {
                assert!(file.contains(&format!("fn {word}(")), "{word} is not there");
                named += 1;
            }
        }
    }
    assert!(named > 40, "{named}");
}
