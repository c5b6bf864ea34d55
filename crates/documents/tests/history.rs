//! The chain: against golden hashes that another program has made, and against everybody who bends a history.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use documents::{Broken, Chain, Kept, Turn, check, copy, follows, settle, turn, typed};
use protocol::{
    Base64, Change, ClientId, Document, FormRef, Modification, RecordId, Status, Timestamp, UserId,
};
use serde_json::{Value, json};

const NURSE: UserId = UserId::from_bytes([0x21; 16]);
const COLLEAGUE: UserId = UserId::from_bytes([0x22; 16]);

fn begun() -> Document {
    let mut document = Document {
        id: RecordId::from_bytes([1; 16]),
        client_id: ClientId::from_bytes([2; 16]),
        client_name: "Testcase Amber".into(),
        form: FormRef::new("https://forms.example.org/Questionnaire/phq-9", "1.0", "PHQ-9"),
        author: NURSE,
        author_name: "Test Field One".into(),
        status: Status::Draft,
        created_at: Timestamp(1),
        modified_at: Timestamp(1),
        signature: None,
        response: json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress" }),
        set_aside: Value::Null,
        history: Vec::new(),
        history_head: None,
        typing: None,
    };
    typed(&mut document, Timestamp(1), Change::Created, true);
    document
}

fn answers(document: &mut Document, at: i64, link_id: &str, before: &str, after: &str, settled: bool) {
    let text = |text: &str| match text {
        "" => json!([]),
        text => json!([{ "valueString": text }]),
    };
    let change = Change::Answered {
        link_id: link_id.into(),
        before: text(before),
        after: text(after),
    };
    typed(document, Timestamp(at), change, settled);
}

fn turns(document: &mut Document, to: Status) {
    let wish = Turn {
        by: NURSE,
        at: Timestamp(9),
        to,
        ready: true,
        reason: "one more question",
    };
    turn(document, wish).unwrap();
}

/// As a save leaves it.
fn chained(mut document: Document) -> Document {
    let mut chain = Chain::begin(document.id);
    chain.extend(&document.history);
    document.history_head = Some(chain.head());
    document
}

fn a_life() -> Document {
    let mut document = begun();
    answers(&mut document, 2, "a", "", "one", true);
    answers(&mut document, 3, "b", "", "two", true);
    answers(&mut document, 4, "a", "one", "three", true);
    turns(&mut document, Status::Pending);
    turns(&mut document, Status::Draft);
    answers(&mut document, 5, "b", "two", "", true);
    turns(&mut document, Status::Pending);
    turns(&mut document, Status::Complete);
    chained(document)
}

#[test]
fn the_chain_is_the_one_that_another_program_makes() {
    let vectors: Value = serde_json::from_str(include_str!("vectors/history.json")).unwrap();
    let id = vectors["document_id"].as_str().unwrap().parse().unwrap();
    let history: Vec<Modification> = serde_json::from_value(vectors["history"].clone()).unwrap();
    let mut chain = Chain::begin(id);
    for (count, hash) in vectors["hashes"].as_array().unwrap().iter().enumerate() {
        chain.extend(&history[..count]);
        let hex: String = chain.head().0.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, hash.as_str().unwrap(), "after {count}");
    }
}

#[test]
fn a_life_is_told_in_full_and_fits_together() {
    let document = a_life();
    assert_eq!(document.history.len(), 9);
    assert!(check(&document).is_ok());
    let read: Document = serde_json::from_value(serde_json::to_value(&document).unwrap()).unwrap();
    assert!(check(&read).is_ok(), "also after it was written and read");
}

#[test]
fn what_is_typed_until_the_field_is_left_is_one_entry() {
    let mut document = begun();
    for (at, text) in ["Por", "Portu", "Portuguese"].into_iter().enumerate() {
        answers(&mut document, at as i64, "language", "", text, false);
        assert_eq!(
            document.history.len(),
            1,
            "nothing is written down while it is typed"
        );
    }
    answers(&mut document, 9, "language", "Portuguese", "Portuguese", true);
    let [_, entry] = &document.history[..] else {
        panic!("one entry: {:?}", document.history)
    };
    assert_eq!(entry.at, Timestamp(9));
    let Change::Answered { before, after, .. } = &entry.change else {
        panic!("an answer")
    };
    assert_eq!(
        (before, after),
        (&json!([]), &json!([{ "valueString": "Portuguese" }]))
    );
    assert_eq!(document.typing, None);
}

#[test]
fn what_is_typed_is_written_down_by_the_next_answer_elsewhere_and_by_a_step() {
    let mut document = begun();
    answers(&mut document, 2, "a", "", "one", false);
    answers(&mut document, 3, "b", "", "two", false);
    assert_eq!(document.history.len(), 2);
    turns(&mut document, Status::Pending);
    assert_eq!(document.history.len(), 4);
    assert!(check(&chained(document)).is_ok());
}

#[test]
fn what_is_typed_and_taken_back_is_no_entry() {
    let mut document = begun();
    answers(&mut document, 2, "a", "", "oops", false);
    answers(&mut document, 3, "a", "oops", "", false);
    settle(&mut document);
    assert_eq!(document.history.len(), 1);
}

#[test]
fn a_document_of_before_there_were_chains_is_taken_and_its_chain_begins_with_the_next_change() {
    let mut document = a_life();
    document.history_head = None;
    document.history.remove(3);
    assert!(check(&document).is_ok(), "read leniently");
    let mut old = begun();
    old.history.clear();
    assert!(check(&old).is_ok());
    answers(&mut old, 2, "a", "", "one", true);
    let now = chained(old);
    assert!(check(&now).is_ok());
}

#[test]
fn a_copy_says_from_which_document_and_begins_a_history_of_its_own() {
    let original = a_life();
    let copied = copy(
        &original,
        RecordId::from_bytes([7; 16]),
        COLLEAGUE,
        "Test Field Two",
        Timestamp(20),
    );
    assert_eq!(
        (copied.status, copied.author, copied.signature.clone()),
        (Status::Draft, COLLEAGUE, None)
    );
    assert_eq!(copied.author_name, "Test Field Two");
    let [first] = &copied.history[..] else {
        panic!("one entry")
    };
    let change = Change::Copied {
        from: original.id,
        author_name: "Test Field One".into(),
    };
    assert_eq!((first.by, &first.change), (COLLEAGUE, &change));
    assert!(check(&chained(copied)).is_ok());
}

#[test]
fn a_history_that_does_not_make_sense_is_told_by_what_is_wrong() {
    let of = |bend: fn(&mut Document)| {
        let mut document = a_life();
        bend(&mut document);
        check(&chained(document)).map(drop)
    };
    for (what, bend, broken) in [
        ("nothing", (|_| ()) as fn(&mut Document), Ok(())),
        (
            "another's entry",
            |document| document.history[2].by = COLLEAGUE,
            Err(Broken::Another),
        ),
        (
            "another's typing",
            |document| {
                document.typing = Some(Modification {
                    by: COLLEAGUE,
                    ..document.history[1].clone()
                });
            },
            Err(Broken::Another),
        ),
        (
            "another state than it has",
            |document| document.status = Status::Pending,
            Err(Broken::Astray),
        ),
        (
            "an answer after the signature",
            |document| {
                let again = document.history[1].clone();
                document.history.push(again);
            },
            Err(Broken::Astray),
        ),
        (
            "an answer while Pending",
            |document| {
                let answer = document.history.remove(6);
                document.history.insert(5, answer);
            },
            Err(Broken::Astray),
        ),
        (
            "a step that is none",
            |document| drop(document.history.remove(4)),
            Err(Broken::Astray),
        ),
    ] {
        assert_eq!(of(bend), broken, "{what}");
    }
}

#[test]
fn what_was_acknowledged_stays_the_beginning() {
    let mut document = begun();
    answers(&mut document, 2, "a", "", "one", true);
    let sent = chained(document.clone());
    let kept = Kept::of(&sent).unwrap();
    assert_eq!(follows(&sent, &kept), Ok(()), "itself");
    answers(&mut document, 3, "b", "", "two", true);
    assert_eq!(
        follows(&chained(document.clone()), &kept),
        Ok(()),
        "one more entry"
    );
    assert_eq!(
        follows(&document, &kept),
        Err(Broken::Rewritten),
        "the chain was left off"
    );
    assert_eq!(
        follows(&chained(begun()), &kept),
        Err(Broken::Rewritten),
        "an entry less, chained anew"
    );
    let mut rewritten = begun();
    answers(&mut rewritten, 2, "a", "", "another", true);
    answers(&mut rewritten, 3, "b", "", "two", true);
    assert_eq!(
        follows(&chained(rewritten), &kept),
        Err(Broken::Rewritten),
        "written anew"
    );
}

#[cfg(not(target_arch = "wasm32"))]
mod bent {
    use super::*;
    use proptest::prelude::*;

    /// What a forger does without the head: it stays as it was.
    #[derive(Clone, Debug)]
    enum Bend {
        Remove(usize),
        Cut(usize),
        Swap(usize, usize),
        Repeat(usize, usize),
        Time(usize, i64),
        Author(usize),
        Answer(usize, String),
        Item(usize, String),
        Head(usize, u8),
        MovedToAnother,
    }

    fn bends() -> impl Strategy<Value = Bend> {
        let at = 0..64_usize;
        prop_oneof![
            at.clone().prop_map(Bend::Remove),
            at.clone().prop_map(Bend::Cut),
            (at.clone(), at.clone()).prop_map(|(one, other)| Bend::Swap(one, other)),
            (at.clone(), at.clone()).prop_map(|(one, other)| Bend::Repeat(one, other)),
            (at.clone(), any::<i64>()).prop_map(|(at, time)| Bend::Time(at, time)),
            at.clone().prop_map(Bend::Author),
            (at.clone(), "\\PC{0,8}").prop_map(|(at, text)| Bend::Answer(at, text)),
            (at.clone(), "[a-z]{1,3}").prop_map(|(at, text)| Bend::Item(at, text)),
            (0..32_usize, 1..=255_u8).prop_map(|(at, bits)| Bend::Head(at, bits)),
            Just(Bend::MovedToAnother),
        ]
    }

    fn bend(document: &mut Document, bend: &Bend) {
        let history = &mut document.history;
        let length = history.len();
        match bend {
            Bend::Remove(at) => drop(history.remove(at % length)),
            Bend::Cut(at) => history.truncate(at % length),
            Bend::Swap(one, other) => history.swap(one % length, other % length),
            Bend::Repeat(from, to) => history.insert(to % (length + 1), history[from % length].clone()),
            Bend::Time(at, time) => history[at % length].at = Timestamp(*time),
            Bend::Author(at) => history[at % length].by = COLLEAGUE,
            Bend::Answer(at, text) => {
                if let Change::Answered { after, .. } = &mut history[at % length].change {
                    *after = json!([{ "valueString": text }]);
                }
            }
            Bend::Item(at, text) => {
                if let Change::Answered { link_id, .. } = &mut history[at % length].change {
                    link_id.clone_from(text);
                }
            }
            Bend::Head(at, bits) => {
                if let Some(Base64(head)) = &mut document.history_head {
                    head[*at] ^= bits;
                }
            }
            Bend::MovedToAnother => document.id = RecordId::from_bytes([9; 16]),
        }
    }

    proptest! {
        #[test]
        fn whatever_is_bent_is_seen(
            texts in prop::collection::vec(("[a-c]", "\\PC{0,6}"), 1..12),
            wanted in prop::collection::vec(bends(), 1..3),
        ) {
            let mut document = begun();
            for (at, (link_id, text)) in texts.iter().enumerate() {
                answers(&mut document, at as i64, link_id, "before", text, true);
            }
            let honest = chained(document);
            let kept = Kept::of(&honest).unwrap();
            prop_assert!(check(&honest).is_ok());
            let mut bent = honest.clone();
            for wish in &wanted {
                if !bent.history.is_empty() {
                    bend(&mut bent, wish);
                }
            }
            if bent == honest {
                return Ok(());
            }
            prop_assert!(check(&bent).is_err(), "{wanted:?}");
            // With a head of their own making: the main application remembers. What is put in behind is the author's right.
            let forged = chained(bent);
            let goes_on = forged.id == honest.id && forged.history.starts_with(&honest.history);
            prop_assert_eq!(follows(&forged, &kept).is_ok(), goes_on, "{:?}", wanted);
        }
    }
}
