//! `POST /api/sync`, upwards: which records are kept, which are refused and why, and what a receipt says.

use base64ct::{Base64, Encoding as _};
use main_app::admin;
use protocol::{ClientId, Signature, Status, Timestamp, UserId};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use crate::support::{PASSWORD, Record, Server, at_work, uuid};

#[tokio::test]
async fn a_receipt_carries_the_hash_of_what_is_stored() {
    let server = Server::on_disk().await;
    let (tablet, client) = at_work(&server).await;
    let draft = tablet.draft(client);
    let reply = tablet.sync(None, &[&draft]).await;
    let receipt = &reply["receipts"][0];
    assert_eq!(receipt["record_id"], draft.document.id.to_string());
    assert_eq!(
        (&receipt["rev"], &receipt["receipt"]),
        (&json!(1), &json!("stored"))
    );
    assert_eq!(
        receipt["sha256"],
        Base64::encode_string(&Sha256::digest(draft.sealed()))
    );
    let rows = server
        .rows("SELECT sealed, author_inactive FROM document_revisions")
        .await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0].get::<Vec<u8>, _>("sealed"),
        draft.sealed(),
        "byte for byte as it was sent"
    );
    assert_eq!(rows[0].get::<i64, _>("author_inactive"), 0);
}

#[tokio::test]
async fn a_repeat_is_acknowledged_again_with_the_same_receipt() {
    let server = Server::on_disk().await;
    let (tablet, client) = at_work(&server).await;
    let draft = tablet.draft(client);
    let first = tablet.sync(None, &[&draft]).await["receipts"].clone();
    server.clock.advance_ms(5_000);
    assert_eq!(tablet.sync(None, &[&draft]).await["receipts"], first);
    let twice = tablet.sync(None, &[&draft, &draft]).await["receipts"].clone();
    assert_eq!(twice, json!([first[0], first[0]]));
    assert_eq!(server.rows("SELECT 1 FROM document_revisions").await.len(), 1);

    let second = draft.next();
    assert_eq!(tablet.send(&second).await, "stored");
    assert_eq!(
        tablet.sync(None, &[&draft]).await["receipts"],
        first,
        "an earlier revision that is kept, too"
    );
}

#[tokio::test]
async fn revisions_follow_one_another_until_the_document_is_complete() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let first = tablet.draft(client);
    let third = first.next().next();
    assert_eq!(tablet.send(&first).await, "stored");
    assert_eq!(
        tablet.send(&third).await,
        "stored",
        "revisions that were never sent may lie between"
    );
    assert_eq!(tablet.send(&first.next()).await, "older");
    let mut differing = third.clone();
    differing.document.client_name = "Somebody Else".into();
    assert_eq!(
        tablet.send(&differing).await,
        "differs",
        "a revision names one text for ever"
    );

    let complete = third.next().completed();
    assert_eq!(tablet.send(&complete).await, "stored");
    assert_eq!(tablet.send(&complete).await, "stored", "a repeat alters nothing");
    let mut reopened = complete.next();
    reopened.document.status = Status::Draft;
    reopened.document.signature = None;
    assert_eq!(tablet.send(&reopened).await, "completed");
    assert_eq!(tablet.send(&complete.next()).await, "completed");
    assert_eq!(
        tablet.send(&first.next()).await,
        "completed",
        "nor can a gap be filled in"
    );
}

/// Bends a record that would be taken, and says what is answered.
type Bend = (&'static str, &'static str, fn(&mut Record));

#[tokio::test]
async fn what_is_not_what_it_says_is_refused() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let bends: [Bend; 12] = [
        ("nothing", "stored", |_| ()),
        ("another tablet", "other_tablet", |record| {
            record.header.device_id = [9; 16]
        }),
        ("a caseload", "not_a_document", |record| {
            record.header.kind = vault::kind::CASELOAD
        }),
        ("a key that nobody has issued", "does_not_open", |record| {
            record.header.dk_id = [9; 16]
        }),
        ("another key's bytes", "does_not_open", |record| {
            record.key = [9; 32]
        }),
        ("a user who does not exist", "does_not_open", |record| {
            record.header.user_id = [9; 16]
        }),
        ("another document inside", "unreadable", |record| {
            record.document.id = protocol::RecordId(uuid())
        }),
        ("another author inside", "other_author", |record| {
            record.document.author = UserId(uuid())
        }),
        ("a client of nobody", "never_assigned", |record| {
            record.document.client_id = ClientId(uuid())
        }),
        ("complete without a signature", "unreadable", |record| {
            record.document.status = Status::Complete
        }),
        ("signed by another", "unreadable", |record| {
            record.document.status = Status::Complete;
            record.document.signature = Some(Signature {
                by: UserId(uuid()),
                name: "Another".into(),
                at: Timestamp(0),
            });
        }),
        ("signed before it is complete", "unreadable", |record| {
            *record = record.clone().completed();
            record.document.status = Status::Pending;
        }),
    ];
    for (name, expected, bend) in bends {
        let mut record = tablet.draft(client);
        bend(&mut record);
        assert_eq!(tablet.send(&record).await, expected, "{name}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_record_are_refused() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let record = tablet.draft(client);
    let sealed = record.sealed();
    let mut other_version = sealed.clone();
    other_version[0] = 9;
    let mut other_head = sealed.clone();
    other_head[1] ^= 1;
    let mut cases = vec![
        ("nothing", Vec::new(), "malformed"),
        ("text", b"<html></html>".to_vec(), "malformed"),
        ("another version", other_version, "malformed"),
        ("another head", other_head, "malformed"),
        ("half of it", sealed[..sealed.len() / 2].to_vec(), "does_not_open"),
        ("the head alone", sealed[..90].to_vec(), "malformed"),
        ("no JSON inside", record.sealed_of(b"no JSON"), "unreadable"),
        ("no document inside", record.sealed_of(b"{}"), "unreadable"),
    ];
    for (name, bytes, code) in &mut cases {
        let request = tablet.sync_request_of(None, &[record.upload_of(bytes)]);
        assert_eq!(
            tablet.sync_of(&request).await["receipts"][0]["code"],
            *code,
            "{name}"
        );
    }
    for (member, value) in [("record_id", json!(uuid())), ("rev", json!(2))] {
        let mut upload = record.upload();
        upload[member] = value;
        let reply = tablet.sync_of(&tablet.sync_request_of(None, &[upload])).await;
        assert_eq!(reply["receipts"][0]["code"], "mislabelled", "{member}");
    }
}

#[tokio::test]
async fn no_bit_of_a_record_can_be_changed_on_its_way() {
    let server = Server::on_disk().await;
    let (tablet, client) = at_work(&server).await;
    let record = tablet.draft(client);
    let sealed = record.sealed();
    let changed: Vec<_> = (0..sealed.len())
        .step_by(7)
        .map(|at| {
            let mut bytes = sealed.clone();
            bytes[at] ^= 1 << (at % 8);
            record.upload_of(&bytes)
        })
        .collect();
    let reply = tablet.sync_of(&tablet.sync_request_of(None, &changed)).await;
    for (at, receipt) in reply["receipts"].as_array().unwrap().iter().enumerate() {
        assert_eq!(receipt["receipt"], "refused", "byte {}: {receipt}", at * 7);
    }
    assert!(server.rows("SELECT 1 FROM documents").await.is_empty());
}

#[tokio::test]
async fn one_users_key_forges_no_record_of_another() {
    let server = Server::start().await;
    let (mut tablet, _) = at_work(&server).await;
    let field1 = tablet.user;
    assert_eq!(tablet.result("field2", PASSWORD).await, "ok");
    let client = tablet.clients().await[0];
    let honest = tablet.draft(client);
    // field2 seals a document in field1's name: under field2's key, and under field2's key with field1's key named.
    let mut forged = tablet.draft(client);
    forged.header.user_id = *field1.as_bytes();
    forged.document.author = UserId(field1);
    let mut misnamed = forged.clone();
    misnamed.header.dk_id = *tablet.data_key(field1).0.as_bytes();
    for order in [[&honest, &forged, &misnamed], [&forged, &misnamed, &honest]] {
        let reply = tablet.sync(None, &order).await;
        for (record, receipt) in order.iter().zip(reply["receipts"].as_array().unwrap()) {
            let is_honest = std::ptr::eq(*record, &honest);
            assert_eq!(receipt["receipt"] == "stored", is_honest, "{receipt}");
        }
    }
}

#[tokio::test]
async fn whoever_signs_in_sends_what_others_have_left_on_the_tablet() {
    let server = Server::on_disk().await;
    let (mut tablet, client) = at_work(&server).await;
    let of_field1 = tablet.draft(client).completed();
    let locked_out = server.tablet();
    for _ in 0..3 {
        locked_out.try_attempt(uuid(), "field1", "wrong").await;
    }
    assert_eq!(tablet.result("field2", PASSWORD).await, "ok");
    assert_eq!(tablet.send(&of_field1).await, "stored");
    let rows = server.rows("SELECT delivered_by FROM document_revisions").await;
    assert_eq!(
        rows[0].get::<String, _>("delivered_by"),
        server.user("field2").await.to_string()
    );

    let mut elsewhere = server.tablet();
    assert_eq!(elsewhere.result("field2", PASSWORD).await, "ok");
    assert_eq!(elsewhere.send(&of_field1).await, "other_tablet");
}

#[tokio::test]
async fn nobody_alters_anothers_document() {
    let server = Server::start().await;
    let (mut tablet, _) = at_work(&server).await;
    assert_eq!(tablet.result("field2", PASSWORD).await, "ok");
    let shared = tablet.clients().await[0];
    let of_field2 = tablet.draft(shared);
    assert_eq!(tablet.send(&of_field2).await, "stored");
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let mut over_it = tablet.draft(shared);
    over_it.header.record_id = of_field2.header.record_id;
    over_it.document.id = of_field2.document.id;
    over_it.header.rev = 2;
    assert_eq!(tablet.send(&over_it).await, "other_author");
}

#[tokio::test]
async fn what_arrives_after_a_deactivation_is_taken_and_flagged() {
    let server = Server::on_disk().await;
    let (mut tablet, client) = at_work(&server).await;
    let left_behind = tablet.draft(client).completed();
    server.deactivate("field1").await;
    assert_eq!(
        tablet.sync(None, &[&left_behind]).await["result"],
        "no_access",
        "not under the ended session"
    );
    assert_eq!(tablet.result("field2", PASSWORD).await, "ok");
    assert_eq!(tablet.send(&left_behind).await, "stored");
    let rows = server
        .rows("SELECT author_inactive FROM document_revisions")
        .await;
    assert_eq!(rows[0].get::<i64, _>("author_inactive"), 1);
}

#[tokio::test]
async fn what_was_sealed_before_a_reset_is_taken_after_it() {
    let server = Server::start().await;
    let (mut tablet, client) = at_work(&server).await;
    let before = tablet.draft(client).completed();
    let temp = server.reset("field1").await;
    assert_eq!(tablet.result("field1", &temp).await, "ok");
    assert_eq!(tablet.send(&before).await, "stored");
}

#[tokio::test]
async fn a_client_who_was_assigned_once_is_enough() {
    let server = Server::start().await;
    let (tablet, client) = at_work(&server).await;
    let user = server.user("field1").await;
    let draft = tablet.draft(client);
    admin::set_assigned(&server.app, None, ClientId(client), user, false)
        .await
        .unwrap();
    assert_eq!(tablet.send(&draft).await, "stored");
    let mut field2 = server.tablet();
    assert_eq!(field2.result("field2", PASSWORD).await, "ok");
    assert_eq!(field2.send(&field2.draft(client)).await, "never_assigned");
}

#[tokio::test]
async fn each_record_of_a_request_is_judged_by_itself() {
    let server = Server::on_disk().await;
    let (tablet, client) = at_work(&server).await;
    let mut bad = tablet.draft(client);
    bad.document.client_id = ClientId(uuid());
    let good = tablet.draft(client);
    let later = good.next();
    let reply = tablet.sync(None, &[&good, &bad, &later]).await;
    let verdicts: Vec<_> = reply["receipts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|receipt| receipt["receipt"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["stored", "refused", "stored"]);
    assert_eq!(server.rows("SELECT 1 FROM documents").await.len(), 1);
    assert_eq!(server.rows("SELECT 1 FROM document_revisions").await.len(), 2);
}
