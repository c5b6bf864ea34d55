//! `POST /api/sync`, upwards: a document's history is checked when it comes, and goes on from what was acknowledged.

use protocol::{Base64, Change, Status, UserId};

use crate::support::{Record, Server, at_work, uuid};

#[tokio::test]
async fn a_whole_life_is_taken_step_by_step() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let draft = tablet.draft(client).with_history();
    let pending = draft.next().turned(Status::Pending);
    let again = pending.next().turned(Status::Draft).answered("second");
    let complete = again.next().turned(Status::Pending).turned(Status::Complete);
    for record in [&draft, &pending, &again, &complete, &complete] {
        assert_eq!(tablet.send(record).await, "stored");
    }
}

/// Bends a record, and says what is answered.
type Bend = (&'static str, &'static str, fn(Record) -> Record);

#[tokio::test]
async fn a_history_that_was_bent_is_refused_with_the_reason() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let bends: [Bend; 8] = [
        ("nothing", "stored", |record| record),
        ("an entry taken out", "history_broken", |mut record| {
            record.document.history.remove(1);
            record
        }),
        ("two entries changed places", "history_broken", |mut record| {
            record.document.history.swap(1, 2);
            record
        }),
        ("an answer of before", "history_broken", |mut record| {
            if let Change::Answered { after, .. } = &mut record.document.history[1].change {
                *after = serde_json::json!([{ "valueString": "another" }]);
            }
            record
        }),
        ("the last entry cut off", "history_broken", |mut record| {
            record.document.history.pop();
            record
        }),
        ("another head", "history_broken", |mut record| {
            record.document.history_head = Some(Base64(vec![7; 32]));
            record
        }),
        (
            "somebody else's entry, chained anew",
            "history_broken",
            |mut record| {
                record.document.history[1].by = UserId(uuid());
                record.chained()
            },
        ),
        (
            "Pending without a step that says so",
            "history_broken",
            |mut record| {
                record.document.status = Status::Pending;
                record.chained()
            },
        ),
    ];
    for (what, expected, bend) in bends {
        let record = tablet.draft(client).with_history().answered("second");
        let bent = bend(record);
        assert_eq!(tablet.send(&bent).await, expected, "{what}");
        let reply = tablet.sync(None, &[&bent]).await;
        let message = reply["receipts"][0]["message"].as_str();
        assert_eq!(
            message.is_some_and(|message| message.contains("history")),
            expected != "stored"
        );
    }
}

#[tokio::test]
async fn what_was_acknowledged_stays_the_beginning_of_the_history() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let sent = tablet.draft(client).with_history().answered("second");
    assert_eq!(tablet.send(&sent).await, "stored");

    let mut shorter = sent.next();
    shorter.document.history.pop();
    assert_eq!(
        tablet.send(&shorter.chained()).await,
        "history_rewritten",
        "cut off, chained anew"
    );
    let mut other = sent.next();
    other.document.history.truncate(1);
    assert_eq!(
        tablet.send(&other.answered("another").answered("third")).await,
        "history_rewritten",
        "written anew"
    );
    let mut unchained = sent.next();
    unchained.document.history_head = None;
    assert_eq!(
        tablet.send(&unchained).await,
        "history_rewritten",
        "the chain left off"
    );
    assert_eq!(
        tablet.send(&sent.next().answered("third")).await,
        "stored",
        "the honest one goes on"
    );
}

#[tokio::test]
async fn a_document_of_before_there_were_chains_is_taken_and_its_chain_begins_later() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let old = tablet.draft(client);
    assert_eq!(tablet.send(&old).await, "stored");
    let chained = old.next().answered("the first entry there is");
    assert_eq!(tablet.send(&chained).await, "stored");
    let mut back = chained.next();
    back.document.history.clear();
    back.document.history_head = None;
    assert_eq!(tablet.send(&back).await, "history_rewritten");
}
