//! Every step of a document's life, taken by everybody.

use documents::{NotTurned, Turn, turn};
use protocol::{
    Change, ClientId, Document, FormRef, Modification, RecordId, Signature, Status, Timestamp, UserId,
};
use serde_json::{Value, json};

const AUTHOR: UserId = UserId::from_bytes([0x21; 16]);
const COLLEAGUE: UserId = UserId::from_bytes([0x22; 16]);

fn document(status: Status) -> Document {
    Document {
        id: RecordId::from_bytes([1; 16]),
        client_id: ClientId::from_bytes([2; 16]),
        client_name: "Testcase Amber".into(),
        form: FormRef::new("u", "1", "PHQ-9"),
        author: AUTHOR,
        author_name: "Test Field One".into(),
        status,
        created_at: Timestamp(1),
        modified_at: Timestamp(1),
        signature: None,
        response: json!({}),
        set_aside: Value::Null,
        history: Vec::new(),
        history_head: None,
        typing: None,
    }
}

#[test]
fn every_step_is_taken_or_refused() {
    use NotTurned::{Complete as Completed, NoReason, NoStep, NotAuthor, NotReady};
    use Status::{Complete, Draft, Pending};
    let all = [Draft, Pending, Complete];
    let mut tried = 0;
    for from in all {
        for to in all {
            for by in [AUTHOR, COLLEAGUE] {
                for ready in [true, false] {
                    for reason in ["", " \n", "one more question"] {
                        let expected = match (from, to) {
                            (Complete, _) => Err(Completed),
                            _ if by != AUTHOR => Err(NotAuthor),
                            (Draft, Pending) | (Pending, Complete) if ready => Ok(()),
                            (Draft, Pending) | (Pending, Complete) => Err(NotReady),
                            (Pending, Draft) if reason.trim().is_empty() => Err(NoReason),
                            (Pending, Draft) => Ok(()),
                            _ => Err(NoStep),
                        };
                        let before = document(from);
                        let mut after = before.clone();
                        let wish = Turn {
                            by,
                            at: Timestamp(7),
                            to,
                            ready,
                            reason,
                        };
                        let done = turn(&mut after, wish);
                        let what = format!("{from:?} to {to:?}, ready {ready}, reason {reason:?}");
                        assert_eq!(done, expected, "{what}");
                        match done {
                            Ok(()) => assert_eq!(after.status, to, "{what}"),
                            Err(_) => assert_eq!(after, before, "nothing has changed: {what}"),
                        }
                        tried += 1;
                    }
                }
            }
        }
    }
    assert_eq!(tried, 3 * 3 * 2 * 2 * 3);
}

#[test]
fn a_step_is_written_down_with_its_reason_and_the_last_one_is_signed() {
    let wish = |to, reason| Turn {
        by: AUTHOR,
        at: Timestamp(7),
        to,
        ready: true,
        reason,
    };
    let mut taken = document(Status::Pending);
    turn(&mut taken, wish(Status::Draft, " forgot the weight ")).unwrap();
    let entry = |from, to, reason: Option<&str>| Modification {
        by: AUTHOR,
        at: Timestamp(7),
        change: Change::Status {
            from,
            to,
            reason: reason.map(str::to_owned),
        },
    };
    assert_eq!(
        taken.history,
        [entry(Status::Pending, Status::Draft, Some("forgot the weight"))]
    );

    let mut signed = document(Status::Pending);
    turn(&mut signed, wish(Status::Complete, "")).unwrap();
    assert_eq!(signed.history, [entry(Status::Pending, Status::Complete, None)]);
    let signature = Signature {
        by: AUTHOR,
        name: "Test Field One".into(),
        at: Timestamp(7),
    };
    assert_eq!(signed.signature, Some(signature));
}
