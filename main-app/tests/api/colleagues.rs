//! `POST /api/sync`, downwards: the completed documents of a client come to everybody who has the client, and to nobody else.

use main_app::admin;
use protocol::{Change, ClientId, Document, Status};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{PASSWORD, Record, Server, Tablet};

/// A client of field1 and field2, and each of them with a tablet.
async fn two_colleagues(server: &Server) -> (Tablet, Tablet, Uuid) {
    let (mut first, mut second) = (server.tablet(), server.tablet());
    assert_eq!(first.result("field1", PASSWORD).await, "ok");
    assert_eq!(second.result("field2", PASSWORD).await, "ok");
    let theirs = second.clients().await;
    let shared = first
        .clients()
        .await
        .into_iter()
        .find(|client| theirs.contains(client));
    (first, second, shared.unwrap())
}

fn completed(tablet: &Tablet, client: Uuid) -> Record {
    tablet
        .draft(client)
        .with_history()
        .turned(Status::Pending)
        .turned(Status::Complete)
}

fn documents(reply: &Value) -> Vec<Document> {
    let list = reply.get("documents").cloned().unwrap_or(serde_json::json!([]));
    serde_json::from_value(list).unwrap()
}

fn ids(reply: &Value) -> Vec<Uuid> {
    documents(reply).iter().map(|document| document.id.0).collect()
}

fn cursor(reply: &Value) -> Option<i64> {
    reply["cursor"].as_i64()
}

#[tokio::test]
async fn a_completed_document_comes_to_the_colleague_as_it_was_signed_and_once() {
    let server = Server::start().await;
    let (first, second, client) = two_colleagues(&server).await;
    let before = second.sync(None, &[]).await;
    let record = completed(&first, client);
    let own = first.sync(None, &[&record]).await;
    assert_eq!(ids(&own), [] as [Uuid; 0], "its author has it");
    let news = second.sync(cursor(&before), &[]).await;
    assert_eq!(
        documents(&news),
        std::slice::from_ref(&record.document),
        "with its history and signature"
    );
    assert_eq!(
        ids(&second.sync(cursor(&news), &[]).await),
        [] as [Uuid; 0],
        "once"
    );
    assert_eq!(
        ids(&second.sync(None, &[]).await),
        [record.document.id.0],
        "and whole again at first"
    );
}

#[tokio::test]
async fn what_is_not_complete_comes_to_nobody() {
    let server = Server::start().await;
    let (first, second, client) = two_colleagues(&server).await;
    let draft = first.draft(client).with_history();
    let pending = draft.next().turned(Status::Pending);
    for record in [&draft, &pending] {
        assert_eq!(first.send(record).await, "stored");
        assert_eq!(ids(&second.sync(None, &[]).await), [] as [Uuid; 0]);
    }
}

#[tokio::test]
async fn it_comes_to_those_who_have_the_client_now_and_when_they_get_it() {
    let server = Server::start().await;
    let (first, second, client) = two_colleagues(&server).await;
    let user = server.user("field2").await;
    let assign = |assigned| admin::set_assigned(&server.app, None, ClientId(client), user, assigned);
    assign(false).await.unwrap();
    let before = second.sync(None, &[]).await;
    let record = completed(&first, client);
    assert_eq!(first.send(&record).await, "stored");
    let without = second.sync(cursor(&before), &[]).await;
    assert_eq!(ids(&without), [] as [Uuid; 0]);
    assign(true).await.unwrap();
    assert_eq!(
        ids(&second.sync(cursor(&without), &[]).await),
        [record.document.id.0]
    );
}

#[tokio::test]
async fn an_author_finds_it_on_another_tablet() {
    let server = Server::start().await;
    let (first, _, client) = two_colleagues(&server).await;
    let record = completed(&first, client);
    assert_eq!(first.send(&record).await, "stored");
    let mut other = server.tablet();
    assert_eq!(other.result("field1", PASSWORD).await, "ok");
    assert_eq!(ids(&other.sync(None, &[]).await), [record.document.id.0]);
}

#[tokio::test]
async fn whoever_delivers_a_colleagues_document_gets_it_too() {
    let server = Server::start().await;
    let (mut tablet, _, client) = two_colleagues(&server).await;
    let record = completed(&tablet, client);
    assert_eq!(tablet.result("field2", PASSWORD).await, "ok");
    assert_eq!(ids(&tablet.sync(None, &[&record]).await), [record.document.id.0]);
}

#[tokio::test]
async fn many_come_in_several_replies_and_none_is_left_out() {
    let server = Server::start().await;
    let (first, second, client) = two_colleagues(&server).await;
    let mut sent = Vec::new();
    for number in 0..5 {
        let mut record = completed(&first, client);
        record.document.form.url = format!("https://forms.example.org/Questionnaire/large-{number}");
        record.document.response["text"] = "x".repeat(1_200_000).into();
        assert_eq!(first.send(&record).await, "stored");
        sent.push(record.document.id.0);
    }
    let (mut found, mut since, mut replies) = (Vec::new(), None, 0);
    loop {
        let reply = second.sync(since, &[]).await;
        found.extend(ids(&reply));
        since = cursor(&reply);
        replies += 1;
        if reply.get("more").is_none() {
            break;
        }
    }
    assert_eq!(found, sent);
    assert!(
        replies > 1,
        "one reply would be larger than a tablet can wait for"
    );
}

#[tokio::test]
async fn of_each_form_the_last_ten_come() {
    let server = Server::start().await;
    let (first, second, client) = two_colleagues(&server).await;
    let mut sent = Vec::new();
    for _ in 0..12 {
        let record = completed(&first, client);
        assert_eq!(first.send(&record).await, "stored");
        sent.push(record.document.id.0);
    }
    assert_eq!(ids(&second.sync(None, &[]).await), sent[2..]);
}

/// A note on a section, and an answer as last time: in the response and in the history (decisions 98 and 99).
#[tokio::test]
async fn notes_and_what_was_taken_over_come_as_they_were_written() {
    let server = Server::start().await;
    let (first, second, client) = two_colleagues(&server).await;
    let mut record = first.draft(client).with_history();
    let answer = serde_json::json!([{ "valueInteger": 2, "extension": [{ "url": "urn:mobile-assessments:as-last-time", "extension": [
        { "url": "from", "valueUri": "urn:uuid:00000000-0000-4000-8000-000000000001" },
        { "url": "when", "valueDateTime": "2026-11-03T09:00:00+01:00" } ] }] }]);
    record.document.response["extension"] = serde_json::json!([{ "url": "http://hl7.org/fhir/StructureDefinition/note",
        "valueAnnotation": { "extension": [{ "url": "urn:mobile-assessments:section", "valueString": "mood" }], "text": "Quiet." } }]);
    record.document.response["item"] = serde_json::json!([{ "linkId": "q", "answer": answer }]);
    for (link_id, after) in [
        ("q", answer),
        ("mood/note", serde_json::json!([{ "valueString": "Quiet." }])),
    ] {
        let change = Change::Answered {
            link_id: link_id.to_owned(),
            before: serde_json::json!([]),
            after,
        };
        let at = record.document.modified_at;
        documents::typed(&mut record.document, at, change, true);
    }
    let record = record.chained().turned(Status::Pending).turned(Status::Complete);
    assert_eq!(first.send(&record).await, "stored");
    let news = second.sync(None, &[]).await;
    assert_eq!(documents(&news), [record.document]);
}
