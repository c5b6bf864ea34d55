//! Replies of the main application, or of whatever stands in its place.

use base64ct::Encoding as _;
use protocol::{SignInReply, SignInVerdict, SyncReply};
use replica::{HttpReply, SignIn, Store as _, SyncOutcome, Table, answer};
use serde_json::Value;

use crate::bench::{Says, Tablet, World, now, password};
use crate::stored::{LOGIN, PASSWORD, Prepared, prepared};

/// Stands in an input for the id of the request that it answers.
const ID: &str = "00000000-0000-4000-8000-000000000000";
/// An id of no request.
const SOME: &str = "12345678-9abc-4def-8123-456789abcdef";

/// The input as the reply to whatever is asked next, with the id that was asked with in place of [`ID`].
fn will_say(world: &World, bytes: &[u8]) {
    let bytes = bytes.to_vec();
    world
        .main_app
        .will(Says::Reply(Box::new(move |id| reply(with_id(&bytes, id)))));
}

fn reply(body: Vec<u8>) -> HttpReply {
    HttpReply {
        status: 200,
        redirected: false,
        content_type: "application/json".into(),
        retry_after: None,
        body,
    }
}

/// Only in its first place: a later one may be a part of something else.
fn with_id(bytes: &[u8], id: &str) -> Vec<u8> {
    let mut body = bytes.to_vec();
    if let Some(at) = bytes.windows(ID.len()).position(|window| window == ID.as_bytes()) {
        body[at..at + ID.len()].copy_from_slice(id.as_bytes());
    }
    body
}

/// What was understood of a reply reads the same when it is written and read again.
fn survives<T: serde::de::DeserializeOwned + serde::Serialize>(bytes: &[u8]) -> Option<T> {
    let understood: T = answer(Ok(reply(bytes.to_vec()))).ok()?;
    let written = serde_json::to_value(&understood).expect("our own types have a JSON form");
    let again: T = serde_json::from_value(written.clone()).expect("what we write we read");
    assert_eq!(serde_json::to_value(&again).ok(), Some(written));
    Some(understood)
}

/// The body of a reply to `POST /api/sign-in`, on a tablet that its user could sign in to offline with another password.
pub fn sign_in_reply(bytes: &[u8]) {
    let understood: Option<SignInReply> = survives(&with_id(bytes, SOME));
    let answers = understood.filter(|reply| reply.attempt_id.to_string() == SOME);
    let world = prepared(Prepared::world);
    let before = world.disk.memory.dump();
    let row = world.account_row(LOGIN);
    let tablet = world.tablet();
    will_say(&world, bytes);
    let outcome = now(tablet.sign_in(LOGIN, password("another-password")));
    let opened = matches!(outcome, SignIn::Open(_));
    match answers.map(|reply| reply.verdict) {
        Some(SignInVerdict::Ok(_)) => assert!(opened, "{outcome:?}"),
        // Only this may take the slot, and only of the user that it names.
        Some(SignInVerdict::NoAccess { user_id: Some(_) }) => assert!(!opened, "{outcome:?}"),
        Some(_) => {
            assert!(!opened, "{outcome:?}");
            assert!(before == world.disk.memory.dump(), "a no has changed something");
        }
        None => {
            assert!(!opened, "opened by what is no answer");
            assert_eq!(
                world.account_row(LOGIN),
                row,
                "the account was changed by what is no answer"
            );
        }
    }
    keeps_records(&world, &before);
}

/// The body of a reply to `POST /api/sync`, on a tablet with one assessment that waits to be sent.
pub fn sync_reply(bytes: &[u8]) {
    let _: Option<SyncReply> = survives(bytes);
    let world = prepared(Prepared::world);
    let tablet = signed_in(&world);
    let before = world.disk.memory.dump();
    will_say(&world, bytes);
    let outcome = now(tablet.sync());
    keeps_records(&world, &before);
    let row = world.account_row(LOGIN).expect("the account stays");
    let row = replica::AccountRow::parse(&row).expect("the account stays whole");
    let ended = matches!(outcome, SyncOutcome::Lock(_));
    assert_eq!(row.slot.is_none(), ended, "{outcome:?}");
    // The page saves what is open before it locks.
    assert!(tablet.session().is_some(), "{outcome:?}");
    if let SyncOutcome::Done { sent, .. } = outcome
        && sent > 0
    {
        let waiting = waiting_hash(&before);
        let said = String::from_utf8_lossy(bytes);
        assert!(
            said.contains(&waiting) || said.contains('\\'),
            "sent without its own acknowledgement"
        );
    }
}

fn signed_in(world: &World) -> Tablet {
    let tablet = world.tablet();
    let opened = now(tablet.sign_in(LOGIN, password(PASSWORD)));
    assert!(matches!(opened, SignIn::Open(_)), "{opened:?}");
    tablet
}

/// No reply takes a document, or changes a byte of it.
fn keeps_records(world: &World, before: &[(Table, String, Vec<u8>)]) {
    for (table, key, bytes) in before {
        let is_document = *table == Table::Records && key.contains("/1/");
        if is_document {
            let here = now(world.disk.memory.get(*table, key)).expect("memory does not fail");
            assert!(here.as_ref() == Some(bytes), "a document was changed");
        }
    }
}

fn waiting_hash(rows: &[(Table, String, Vec<u8>)]) -> String {
    let row = rows.iter().find(|(table, ..)| *table == Table::Outbox);
    let (.., bytes) = row.expect("one assessment waits");
    let row: Value = serde_json::from_slice(bytes).expect("an outbox row is JSON");
    let hash = row["sha256"].as_str().expect("it has a hash").to_owned();
    assert!(base64ct::Base64::decode_vec(&hash).is_ok());
    hash
}
