//! Before a user drives off, and when they come back: the check that signs in without a network, and what is told of the
//! assessments that waited.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use protocol::FormRef;
use replica::{Batch, Message, Offline, OpenedBy, Rehearsal, Store as _, SyncOutcome, Table, Write};
use serde_json::json;

mod support;
use support::steps::{PASSWORD, begin_one, opens, refused, sign_in};
use support::{KEY, Says, Tablet, USER, World, granted, json_reply, now, password, verdict};

const TITLE: &str = "Form";

/// A sync that brings a client and a form, and acknowledges what it gets.
fn syncs(world: &World, tablet: &Tablet) {
    let syncs = world.main_app.syncs.clone();
    world.main_app.will(Says::Reply(Box::new(move |request| {
        let asked = syncs.borrow();
        let receipts: Vec<_> = asked
            .last()
            .unwrap()
            .records
            .iter()
            .map(|upload| {
                let sha = protocol::Base64(sha256(&upload.sealed.0));
                json!({ "record_id": upload.record_id, "rev": upload.rev, "receipt": "stored", "sha256": sha, "at": 5 })
            })
            .collect();
        json_reply(&json!({
            "request_id": request, "result": "ok", "epoch": 1, "receipts": receipts, "cursor": 1,
            "clients": [support::steps::client()], "unassigned": [],
            "forms": [{ "url": "urn:form", "version": "1", "title": TITLE, "questionnaire": { "item": [] } }],
            "settings": protocol::Settings::default(), "at": 1,
        }))
    })));
    let outcome = now(tablet.sync());
    assert!(matches!(outcome, SyncOutcome::Done { .. }), "{outcome:?}");
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).to_vec()
}

/// A tablet with a client, a form and a Draft, and field1 signed in online.
fn at_work() -> (World, Tablet) {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    syncs(&world, &tablet);
    (world, tablet)
}

fn rehearse(tablet: &Tablet, typed: &str) -> Rehearsal {
    now(tablet.rehearse(Some(password(typed))))
}

fn done(rehearsal: Rehearsal) -> (Offline, replica::Found) {
    match rehearsal {
        Rehearsal::Done(offline, found) => (offline, found),
        other => panic!("expected a result: {other:?}"),
    }
}

/// Flips a bit in the last byte of each record of this kind.
fn damage(world: &World, kind: u8) {
    let prefix = format!("{USER}/{kind}/");
    for (table, key, mut bytes) in world.disk.memory.dump() {
        if table == Table::Records && key.starts_with(&prefix) {
            *bytes.last_mut().unwrap() ^= 1;
            now(world
                .disk
                .memory
                .commit(Batch::of(vec![Write::put(table, key, bytes)])))
            .unwrap();
        }
    }
}

#[test]
fn the_check_signs_in_without_a_network_and_opens_everything() {
    let (world, tablet) = at_work();
    let asked = world.main_app.attempts.borrow().len();
    let derived = world.bench.derivations.borrow().len();
    let (offline, found) = done(rehearse(&tablet, PASSWORD));
    assert_eq!(offline, Offline::Opens);
    assert_eq!((found.clients, found.documents), (Some(1), 1));
    assert!(found.damaged.is_empty());
    assert_eq!(found.forms.len(), 1);
    assert!(found.forms[0].1.is_some());
    assert_eq!(
        world.main_app.attempts.borrow().len(),
        asked,
        "the main application is not asked"
    );
    assert_eq!(
        world.bench.derivations.borrow().len(),
        derived + 1,
        "the derivation is really made"
    );
    assert_eq!(
        tablet.session().unwrap().opened,
        OpenedBy::Online,
        "the session goes on as it was"
    );
}

#[test]
fn a_wrong_password_is_said_and_counted_as_at_every_offline_sign_in() {
    let (world, tablet) = at_work();
    for failures in 1..=3 {
        let said = rehearse(&tablet, "wrong");
        let expected = Rehearsal::Wrong {
            message: Message::Incorrect,
            failures,
        };
        assert_eq!(said, expected);
    }
    assert_eq!(now(tablet.failures_to_show()).unwrap().count, 3);
    syncs(&world, &tablet);
    let reported = world
        .main_app
        .syncs
        .borrow()
        .last()
        .unwrap()
        .failed_offline
        .known
        .len();
    assert_eq!(reported, 3);
    // Nobody is locked out, and the next right one counts anew.
    assert_eq!(done(rehearse(&tablet, PASSWORD)).0, Offline::Opens);
    assert!(matches!(
        rehearse(&tablet, "wrong"),
        Rehearsal::Wrong { failures: 1, .. }
    ));
}

#[test]
fn with_a_temp_password_the_offline_sign_in_is_not_ready_and_the_rest_is_opened() {
    let (world, tablet) = at_work();
    tablet.lock();
    world.main_app.will(verdict(granted(2, true, KEY)));
    opens(sign_in(&tablet, "temp"));
    let (offline, found) = done(now(tablet.rehearse(None)));
    assert_eq!(offline, Offline::TempPassword);
    assert_eq!(
        (found.clients, found.documents, found.forms.len()),
        (Some(1), 1, 1)
    );
    assert!(now(tablet.failures_to_show()).is_none(), "nothing was tried");
}

#[test]
fn what_does_not_open_is_named() {
    for (kind, what) in [(1, "an assessment"), (2, "the clients"), (3, "a form")] {
        let (world, tablet) = at_work();
        damage(&world, kind);
        let (offline, found) = done(rehearse(&tablet, PASSWORD));
        assert_eq!(offline, Offline::Opens, "{what}");
        assert_eq!(found.damaged.len(), usize::from(kind == 1), "{what}");
        assert_eq!(found.clients.is_none(), kind == 2, "{what}");
        let broken: Vec<&FormRef> = found
            .forms
            .iter()
            .filter(|(_, opened)| opened.is_none())
            .map(|(form, _)| form)
            .collect();
        assert_eq!(broken.len(), usize::from(kind == 3), "{what}");
    }
}

#[test]
fn a_form_that_does_not_open_is_fetched_anew() {
    let (world, tablet) = at_work();
    damage(&world, 3);
    rehearse(&tablet, PASSWORD);
    syncs(&world, &tablet);
    assert_eq!(
        world.main_app.syncs.borrow().last().unwrap().cursor,
        None,
        "everything is asked for"
    );
    let (_, found) = done(rehearse(&tablet, PASSWORD));
    assert!(found.forms.iter().all(|(_, opened)| opened.is_some()));
}

#[test]
fn a_damaged_key_is_found_before_the_visit() {
    let (world, tablet) = at_work();
    let mut row: serde_json::Value = serde_json::from_slice(&world.account_row("field1").unwrap()).unwrap();
    let wrapped = row["slot"]["ciphertext"].as_str().unwrap_or_default().to_owned();
    assert!(!wrapped.is_empty(), "{row}");
    let other = if wrapped.starts_with('A') { "B" } else { "A" };
    row["slot"]["ciphertext"] = format!("{other}{}", &wrapped[1..]).into();
    support::steps::lay(&world, "field1", row.to_string().as_bytes());
    let (offline, _) = done(rehearse(&tablet, PASSWORD));
    assert_eq!(offline, Offline::Trouble(replica::Trouble::DamagedKey));
}

#[test]
fn the_result_is_remembered_until_something_changes_or_a_day_has_passed() {
    const DAY: i64 = 24 * 3_600_000;
    let (world, tablet) = at_work();
    assert_eq!(now(tablet.readiness()).unwrap(), None);
    world.clock.0.set(1_000);
    now(tablet.keep_readiness(true)).unwrap();
    let fresh = || {
        let note = now(tablet.readiness()).unwrap().unwrap();
        assert_eq!((note.at.0, note.ready), (1_000, true));
        note.fresh
    };
    assert!(fresh());
    world.clock.0.set(1_000 + DAY - 1);
    assert!(fresh());
    world.clock.0.set(1_000 + DAY);
    assert!(!fresh(), "a day has passed");
    world.clock.0.set(0);
    assert!(!fresh(), "the clock was set back");
    world.clock.0.set(1_000);
    // A further client is assigned.
    world.main_app.will(verdict(json!({
        "result": "ok", "epoch": 1, "receipts": [], "cursor": 2, "unassigned": [], "forms": [],
        "clients": [{ "id": protocol::ClientId::from_bytes([6; 16]), "full_name": "Testcase Birch",
            "birth_date": "1941-01-01", "address": "", "phone": "" }],
        "settings": protocol::Settings::default(), "at": 2,
    })));
    now(tablet.sync());
    assert!(!fresh(), "the clients have changed");
    // It outlives the session, and is its own user's.
    now(tablet.keep_readiness(false)).unwrap();
    tablet.lock();
    opens(sign_in(&tablet, PASSWORD));
    assert!(
        now(tablet.readiness())
            .unwrap()
            .is_some_and(|note| note.fresh && !note.ready)
    );
    tablet.lock();
    world.main_app.will(verdict(granted(2, false, KEY)));
    opens(sign_in(&tablet, "a new password"));
    assert!(
        now(tablet.readiness()).unwrap().is_some_and(|note| !note.fresh),
        "another password"
    );
}

#[test]
fn who_comes_back_with_another_password_is_told_what_waited_until_they_have_read_it() {
    let (world, tablet) = at_work();
    begin_one(&tablet);
    begin_one(&tablet);
    tablet.lock();
    // Offline, with the old one: nobody is back yet.
    assert!(!opens(sign_in(&tablet, PASSWORD)).new_password);
    assert_eq!(now(tablet.back()).unwrap(), None);
    tablet.lock();
    world.main_app.will(verdict(json!({ "result": "bad_password" })));
    refused(sign_in(&tablet, PASSWORD));

    world.main_app.will(verdict(granted(3, false, KEY)));
    assert!(opens(sign_in(&tablet, "a new password")).new_password);
    let back = now(tablet.back()).unwrap().unwrap();
    assert_eq!(
        (back.waited, back.outbox.waiting.len(), back.outbox.sent.len()),
        (2, 2, 0)
    );
    // The tab is closed before anything is sent.
    tablet.lock();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(3, false, KEY)));
    assert!(!opens(sign_in(&tablet, "a new password")).new_password);
    syncs(&world, &tablet);
    begin_one(&tablet);
    let back = now(tablet.back()).unwrap().unwrap();
    assert_eq!(
        (back.waited, back.outbox.waiting.len(), back.outbox.sent.len()),
        (2, 0, 2),
        "what was sent before, and what came after, did not wait"
    );
    now(tablet.back_read()).unwrap();
    assert_eq!(now(tablet.back()).unwrap(), None);
}

#[test]
fn a_second_change_before_the_first_was_read_keeps_both() {
    let (world, tablet) = at_work();
    begin_one(&tablet);
    tablet.lock();
    world.main_app.will(verdict(granted(2, true, KEY)));
    assert!(opens(sign_in(&tablet, "temp")).new_password);
    syncs(&world, &tablet);
    tablet.lock();
    world.main_app.will(verdict(granted(3, false, KEY)));
    opens(sign_in(&tablet, "a new password"));
    let back = now(tablet.back()).unwrap().unwrap();
    assert_eq!((back.waited, back.outbox.sent.len()), (1, 1));
}

#[test]
fn nothing_waited_and_something_unreadable_are_told_too() {
    let (world, tablet) = at_work();
    tablet.lock();
    world.main_app.will(verdict(granted(2, false, KEY)));
    opens(sign_in(&tablet, "a new password"));
    assert_eq!(now(tablet.back()).unwrap().unwrap().waited, 0);

    let (world, tablet) = at_work();
    begin_one(&tablet);
    tablet.lock();
    damage(&world, 1);
    world.main_app.will(verdict(granted(2, false, KEY)));
    opens(sign_in(&tablet, "a new password"));
    let back = now(tablet.back()).unwrap().unwrap();
    assert_eq!((back.waited, back.outbox.damaged.len()), (1, 1));
}

#[test]
fn a_first_sign_in_on_a_tablet_is_no_return() {
    let (_, tablet) = at_work();
    assert_eq!(now(tablet.back()).unwrap(), None);
}
