//! What a tablet has to tell after it has happened: that its storage was emptied, and that somebody has tried a username
//! on it. Neither is swallowed by a closed tab, a lost reply or a sync.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use protocol::{DeviceId, LastReport, Timestamp};
use replica::{Eviction, Failures, Replica, SignIn, SyncOutcome, Table};
use serde_json::json;

mod support;
use support::{KEY, Says, Tablet, USER, World, granted, json_reply, now, password, verdict};

const PASSWORD: &str = "sample-pass-1";
const BEFORE: DeviceId = DeviceId::from_bytes([0x11; 16]);

/// Starts on an empty store, where another place of the browser remembers the tablet.
fn emptied(world: &World) -> Tablet {
    let World {
        disk,
        main_app,
        clock,
        bench,
    } = world.clone();
    now(Replica::start(disk, main_app, clock, bench, Some(BEFORE))).unwrap()
}

fn sign_in(tablet: &Tablet, login: &str, typed: &str) -> SignIn {
    now(tablet.sign_in(login, password(typed)))
}

fn opens(tablet: &Tablet) {
    let outcome = sign_in(tablet, "field1", PASSWORD);
    assert!(matches!(outcome, SignIn::Open(_)), "{outcome:?}");
}

fn synced(world: &World, tablet: &Tablet) {
    world.main_app.will(Says::Reply(Box::new(|request| {
        json_reply(&json!({
            "request_id": request, "result": "ok", "epoch": 1, "receipts": [], "cursor": 1, "clients": [],
            "unassigned": [], "forms": [], "at": 1,
            "settings": { "helpdesk_email": "", "access_request_url": "", "contact": "", "main_url": "" },
        }))
    })));
    let outcome = now(tablet.sync());
    assert!(matches!(outcome, SyncOutcome::Done { .. }), "{outcome:?}");
}

#[test]
fn an_emptied_tablet_keeps_its_id_and_says_so_until_it_was_reported_and_read() {
    let world = World::default();
    world.clock.0.set(70);
    let tablet = emptied(&world);
    assert_eq!(tablet.device_id(), BEFORE);
    let noticed = Eviction {
        at: Timestamp(70),
        last_report: None,
        reported: false,
    };
    assert_eq!(tablet.eviction(), Some(noticed));

    // The tab is closed and opened again, on another day: it is still the same loss.
    world.clock.0.set(900);
    let tablet = world.tablet();
    assert_eq!(tablet.eviction(), Some(noticed));
    now(tablet.eviction_read()).unwrap();
    assert_eq!(
        tablet.eviction(),
        Some(noticed),
        "the main application has not heard of it"
    );

    // A wrong password does not report it; the right one does.
    world.main_app.will(verdict(json!({ "result": "bad_password" })));
    sign_in(&tablet, "field1", "wrong");
    assert_eq!(tablet.eviction(), Some(noticed));
    let report = json!({ "last_report": { "waiting": 3, "at": 60 } });
    let mut ok = granted(1, false, KEY);
    ok["evicted"] = report;
    world.main_app.will(verdict(ok));
    opens(&tablet);
    let told: Vec<_> = world.main_app.evicted.borrow().clone();
    assert_eq!(told, [Some(Timestamp(70)), Some(Timestamp(70))]);
    let reported = Eviction {
        last_report: Some(LastReport {
            waiting: 3,
            at: Timestamp(60),
        }),
        reported: true,
        ..noticed
    };
    assert_eq!(
        world.tablet().eviction(),
        Some(reported),
        "until somebody has read it"
    );

    // It is reported once.
    tablet.lock();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(&tablet);
    assert_eq!(world.main_app.evicted.borrow().last(), Some(&None));
    now(tablet.eviction_read()).unwrap();
    assert_eq!(tablet.eviction(), None);
    assert_eq!(world.tablet().eviction(), None);
}

#[test]
fn a_sign_in_that_could_not_be_stored_reports_the_loss_again() {
    let world = World::default();
    let tablet = emptied(&world);
    world.main_app.will(verdict(granted(1, false, KEY)));
    world.disk.full.set(true);
    sign_in(&tablet, "field1", PASSWORD);
    assert_eq!(tablet.eviction().map(|eviction| eviction.reported), Some(false));
}

#[test]
fn what_had_waited_is_told_before_anybody_signs_in() {
    let world = World::default();
    let tablet = emptied(&world);
    assert!(!now(tablet.learn_what_was_lost()), "nobody answers");
    for (device, is_news) in [(DeviceId::from_bytes([9; 16]), false), (BEFORE, true)] {
        let known = json!({ "device_id": device, "last_report": { "waiting": 2, "at": 5 } });
        world
            .main_app
            .will(Says::Reply(Box::new(move |_| json_reply(&known))));
        assert_eq!(now(tablet.learn_what_was_lost()), is_news);
    }
    let waited = world
        .tablet()
        .eviction()
        .and_then(|eviction| eviction.last_report);
    assert_eq!(waited.map(|report| report.waiting), Some(2), "and is kept");
}

#[test]
fn a_new_tablet_has_lost_nothing_and_a_loss_that_only_the_main_application_noticed_is_told() {
    let world = World::default();
    let tablet = world.tablet();
    assert_eq!(tablet.eviction(), None);
    let mut ok = granted(1, false, KEY);
    ok["evicted"] = json!({});
    world.main_app.will(verdict(ok));
    opens(&tablet);
    assert_eq!(tablet.eviction().map(|eviction| eviction.reported), Some(true));
}

#[test]
fn a_damaged_note_of_a_loss_does_not_keep_the_tablet_from_starting() {
    let world = World::default();
    emptied(&world);
    let row = replica::Write::put(Table::Meta, "evicted", b"{".to_vec());
    now(replica::Store::commit(&world.disk, replica::Batch::of(vec![row]))).unwrap();
    assert_eq!(world.tablet().eviction(), None);
}

#[test]
fn failed_attempts_are_shown_once_to_the_user_concerned_and_reporting_does_not_swallow_that() {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(&tablet);
    assert_eq!(now(tablet.failures_to_show()), None);
    tablet.lock();
    for at in [10, 20, 30, 40] {
        world.clock.0.set(at);
        sign_in(&tablet, "FIELD1", "wrong");
    }
    sign_in(&tablet, "nobody", "wrong");
    assert_eq!(now(tablet.failures_to_show()), None, "nobody is signed in");

    // Somebody else signs in and sends: the attempts are reported, and still to be shown to the one concerned.
    let mut other = granted(1, false, KEY);
    other["user_id"] = json!(support::OTHER);
    other["login"] = "field2".into();
    world.main_app.will(verdict(other));
    assert!(matches!(sign_in(&tablet, "field2", PASSWORD), SignIn::Open(_)));
    assert_eq!(now(tablet.failures_to_show()), None, "they are another's");
    synced(&world, &tablet);
    let reported = world
        .main_app
        .syncs
        .borrow()
        .last()
        .unwrap()
        .failed_offline
        .clone();
    assert_eq!((reported.known.len(), reported.unknown), (4, 1));
    assert!(reported.unknown_since.is_some(), "so that it is counted once");
    assert!(reported.known.iter().all(|attempt| attempt.user_id == USER));
    synced(&world, &tablet);
    let again = world
        .main_app
        .syncs
        .borrow()
        .last()
        .unwrap()
        .failed_offline
        .clone();
    assert_eq!(again.known.len(), 0, "reported once");
    tablet.lock();

    // Offline, days later.
    world.clock.0.set(500);
    opens(&tablet);
    let failures = Failures {
        count: 4,
        since: Timestamp(10),
    };
    assert_eq!(now(tablet.failures_to_show()), Some(failures));
    // The tab was closed before they stood on the page.
    let tab = world.tablet();
    opens(&tab);
    assert_eq!(now(tab.failures_to_show()), Some(failures));
    // While they stand there, somebody tries once more in another tab.
    world.clock.0.set(600);
    sign_in(&tablet, "field1", "wrong");
    now(tab.failures_shown(failures));
    assert_eq!(now(tab.failures_to_show()).map(|left| left.count), Some(1));
    now(tab.failures_shown(Failures { count: 1, ..failures }));
    assert_eq!(now(tab.failures_to_show()), None);
}

#[test]
fn reported_attempts_are_still_shown_and_shown_ones_still_reported() {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(&tablet);
    tablet.lock();
    sign_in(&tablet, "field1", "wrong");
    opens(&tablet);
    let shown = now(tablet.failures_to_show()).unwrap();
    now(tablet.failures_shown(shown));
    synced(&world, &tablet);
    let reported = world
        .main_app
        .syncs
        .borrow()
        .last()
        .unwrap()
        .failed_offline
        .clone();
    assert_eq!(reported.known.len(), 1);
}
