//! Signing in, as the person at the tablet sees it, and what is in the store afterwards.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use protocol::{DkId, FormRef};
use replica::{
    AccountRow, LockReason, Message, OfflineSignIn, OpenedBy, SaveFault, SignIn, SyncOutcome, Table, Trouble,
    Unanswered,
};
use serde_json::json;

mod support;
use support::{
    KEY, NEW_KEY, OTHER, Says, Tablet, USER, World, granted, json_reply, nothing_new, now, password, verdict,
};

const PASSWORD: &str = "sample-pass-1";

fn sign_in(tablet: &Tablet, typed: &str) -> SignIn {
    now(tablet.sign_in("field1", password(typed)))
}

fn refused(outcome: SignIn) -> (Message, bool, u32, Option<Trouble>) {
    match outcome {
        SignIn::No {
            message,
            unanswered,
            failures,
            trouble,
        } => (message, unanswered.is_some(), failures, trouble),
        other => panic!("expected a refusal: {other:?}"),
    }
}

fn opens(outcome: SignIn) -> replica::SessionInfo {
    match outcome {
        SignIn::Open(info) => info,
        other => panic!("expected a session: {other:?}"),
    }
}

/// A tablet on which field1 has signed in online once, locked again, and is now offline.
fn enrolled() -> (World, Tablet) {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    tablet.lock();
    (world, tablet)
}

fn slot_of(world: &World) -> Option<vault::Slot> {
    AccountRow::parse(&world.account_row("field1").unwrap())
        .unwrap()
        .slot
}

fn client() -> protocol::Client {
    protocol::Client {
        id: protocol::ClientId::from_bytes([5; 16]),
        full_name: "Testcase Amber".into(),
        birth_date: "1940-01-01".into(),
        address: String::new(),
        phone: String::new(),
        due: None,
    }
}

fn begin_one(tablet: &Tablet) -> replica::Working {
    let form = FormRef::new("urn:form", "1", "Form");
    now(tablet.begin(&client(), form, json!({ "answer": "marker-answer" }))).unwrap()
}

#[test]
fn after_one_sign_in_online_the_password_opens_offline_and_nothing_else_does() {
    let (_, tablet) = enrolled();
    for wrong in ["sample-pass-2", " sample-pass-1", "SAMPLE-PASS-1"] {
        assert_eq!(refused(sign_in(&tablet, wrong)).0, Message::Incorrect, "{wrong}");
    }
    let info = opens(sign_in(&tablet, PASSWORD));
    assert_eq!(
        (info.opened, info.offline),
        (OpenedBy::Offline, OfflineSignIn::Ready)
    );
    assert_eq!(info.full_name, "Test Field One");
}

#[test]
fn a_thousand_wrong_passwords_offline_and_then_the_right_one_opens() {
    let (world, tablet) = enrolled();
    let before = world.account_row("field1");
    for count in 1..=1_000 {
        let (message, unreached, failures, trouble) = refused(sign_in(&tablet, "wrong"));
        assert_eq!(
            (message, unreached, failures, trouble),
            (Message::Incorrect, true, count, None)
        );
    }
    assert_eq!(world.account_row("field1"), before, "the slot is not touched");
    opens(sign_in(&tablet, PASSWORD));
}

#[test]
fn the_login_in_other_case_or_with_spaces_is_the_same_account() {
    let (_, tablet) = enrolled();
    for login in ["FIELD1", "  field1  ", "Field1"] {
        opens(now(tablet.sign_in(login, password(PASSWORD))));
        tablet.lock();
    }
}

#[test]
fn strange_logins_are_only_wrong() {
    let (_, tablet) = enrolled();
    for login in ["__proto__", "../", "\u{202e}1dleif", "a", &"x".repeat(256)] {
        assert_eq!(
            refused(now(tablet.sign_in(login, password(PASSWORD)))).0,
            Message::Incorrect,
            "{login}"
        );
    }
    let none = now(tablet.sign_in("   ", password(PASSWORD)));
    assert_eq!(none, SignIn::Field(replica::FieldFault::LoginEmpty));
    let long = now(tablet.sign_in(&"x".repeat(10_000), password(PASSWORD)));
    assert_eq!(long, SignIn::Field(replica::FieldFault::LoginTooLong));
}

#[test]
fn a_password_typed_in_either_unicode_form_opens() {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, "Caf\u{e9}-of-old"));
    tablet.lock();
    opens(sign_in(&tablet, "Cafe\u{301}-of-old"));
}

#[test]
fn a_no_is_final_and_the_slot_is_neither_tried_nor_touched() {
    for (says, message) in [
        (json!({ "result": "bad_password" }), Message::Incorrect),
        (json!({ "result": "locked" }), Message::Locked),
        (json!({ "result": "no_access" }), Message::CriticalError),
        (
            json!({ "result": "no_access", "user_id": OTHER }),
            Message::CriticalError,
        ),
    ] {
        let (world, tablet) = enrolled();
        let (before, derived) = (
            world.account_row("field1"),
            world.bench.derivations.borrow().len(),
        );
        world.main_app.will(verdict(says));
        assert_eq!(refused(sign_in(&tablet, PASSWORD)), (message, false, 0, None));
        assert_eq!(world.account_row("field1"), before);
        assert_eq!(
            world.bench.derivations.borrow().len(),
            derived,
            "{message:?}: no local check"
        );
        opens(sign_in(&tablet, PASSWORD));
    }
}

#[test]
fn losing_access_takes_the_slot_and_keeps_the_records() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    tablet.lock();
    world
        .main_app
        .will(verdict(json!({ "result": "no_access", "user_id": USER })));
    assert_eq!(
        refused(sign_in(&tablet, PASSWORD)),
        (Message::CriticalError, false, 0, None)
    );
    assert_eq!(refused(sign_in(&tablet, PASSWORD)).0, Message::Incorrect);
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    assert_eq!(
        now(tablet.documents()).unwrap().documents.len(),
        1,
        "reactivated: everything is back"
    );
}

#[test]
fn a_temp_password_opens_online_without_a_prompt_and_never_offline() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    tablet.lock();
    world.main_app.will(verdict(granted(2, true, KEY)));
    let info = opens(sign_in(&tablet, "temp-password"));
    assert_eq!(info.offline, OfflineSignIn::TempPassword);
    assert_eq!(
        now(tablet.documents()).unwrap().documents.len(),
        1,
        "the records of before are there"
    );
    tablet.lock();
    for typed in ["temp-password", PASSWORD] {
        assert_eq!(refused(sign_in(&tablet, typed)).0, Message::Incorrect, "{typed}");
    }
    world.main_app.will(verdict(granted(3, false, KEY)));
    opens(sign_in(&tablet, "a-new-password"));
    assert_eq!(now(tablet.documents()).unwrap().documents.len(), 1);
    tablet.lock();
    assert_eq!(
        opens(sign_in(&tablet, "a-new-password")).opened,
        OpenedBy::Offline
    );
}

#[test]
fn whatever_is_not_an_answer_falls_back_to_the_slot() {
    let page = |status: u16| {
        Says::Reply(Box::new(move |_| {
            let mut reply = json_reply(&json!("<html>"));
            (reply.status, reply.content_type) = (status, "text/html".into());
            reply
        }))
    };
    let foreign = verdict_for(
        "00000000-0000-4000-8000-00000000dead",
        json!({ "result": "bad_password" }),
    );
    let lacking = |part: &'static str| {
        let mut fields = granted(9, false, KEY);
        fields.as_object_mut().unwrap().remove(part);
        verdict(fields)
    };
    let mut cases = vec![
        Says::Nothing,
        foreign,
        lacking("must_change"),
        lacking("data_key"),
        verdict(json!({})),
    ];
    cases.extend([200, 302, 401, 403, 407, 409, 429, 500, 502, 503, 511].map(page));
    for says in cases {
        let (world, tablet) = enrolled();
        let before = world.account_row("field1");
        world.main_app.will(says);
        assert_eq!(opens(sign_in(&tablet, PASSWORD)).opened, OpenedBy::Offline);
        assert_eq!(world.account_row("field1"), before);
    }
}

fn verdict_for(attempt: &'static str, fields: serde_json::Value) -> Says {
    Says::Reply(Box::new(move |_| {
        let mut body = fields.clone();
        body["attempt_id"] = attempt.into();
        json_reply(&body)
    }))
}

#[test]
fn a_throttled_attempt_says_how_long_to_wait() {
    let (world, tablet) = enrolled();
    world.main_app.will(Says::Reply(Box::new(|_| {
        let mut reply = json_reply(&json!({ "code": "throttled", "message": "Wait." }));
        (reply.status, reply.retry_after) = (429, Some(3));
        reply
    })));
    match sign_in(&tablet, "wrong") {
        SignIn::No {
            unanswered: Some(Unanswered { wait_seconds, .. }),
            ..
        } => assert_eq!(wait_seconds, Some(3)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_press_is_one_attempt() {
    let (world, tablet) = enrolled();
    let before = world.main_app.attempts.borrow().len();
    refused(sign_in(&tablet, "wrong"));
    opens(sign_in(&tablet, PASSWORD));
    let attempts = world.main_app.attempts.borrow();
    assert_eq!(attempts.len(), before + 2);
    let ids: std::collections::BTreeSet<_> = attempts.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids.len(), attempts.len(), "each press has an id of its own");
}

#[test]
fn an_unknown_login_costs_the_same_derivation_as_a_known_one() {
    let (world, tablet) = enrolled();
    let cost_of = |login: &str| {
        world.bench.derivations.borrow_mut().clear();
        refused(now(tablet.sign_in(login, password("wrong"))));
        world.bench.derivations.borrow().clone()
    };
    assert_eq!(cost_of("field1"), cost_of("nosuchuser"));
    assert_eq!(cost_of("field1").len(), 1);
}

#[test]
fn a_tablet_that_cannot_write_opens_no_session() {
    let (world, tablet) = enrolled();
    let before = world.account_row("field1");
    world.disk.full.set(true);
    world.main_app.will(verdict(granted(2, false, KEY)));
    let outcome = refused(sign_in(&tablet, "a-new-password"));
    assert_eq!(
        outcome,
        (Message::CriticalError, false, 0, Some(Trouble::CannotWrite))
    );
    assert!(tablet.session().is_none());
    assert_eq!(world.account_row("field1"), before);
}

#[test]
fn a_database_that_cannot_be_read_asks_nobody() {
    let (world, tablet) = enrolled();
    world.disk.unreadable.set(true);
    let asked = world.main_app.attempts.borrow().len();
    assert_eq!(
        refused(sign_in(&tablet, PASSWORD)),
        (Message::CriticalError, false, 0, Some(Trouble::NoStorage))
    );
    assert_eq!(world.main_app.attempts.borrow().len(), asked);
}

#[test]
fn a_tablet_without_memory_for_the_derivation_works_online() {
    let world = World::default();
    let tablet = world.tablet();
    world.bench.no_memory.set(true);
    world.main_app.will(verdict(granted(1, false, KEY)));
    assert_eq!(
        opens(sign_in(&tablet, PASSWORD)).offline,
        OfflineSignIn::NotEnoughMemory
    );
    begin_one(&tablet);

    let (world, tablet) = enrolled();
    world.bench.no_memory.set(true);
    world.main_app.will(verdict(granted(1, false, KEY)));
    assert_eq!(
        opens(sign_in(&tablet, PASSWORD)).offline,
        OfflineSignIn::Ready,
        "the slot of this epoch stays"
    );
    tablet.lock();
    world.main_app.will(verdict(granted(2, false, KEY)));
    assert_eq!(
        opens(sign_in(&tablet, "new")).offline,
        OfflineSignIn::NotEnoughMemory
    );
    assert!(
        slot_of(&world).is_none(),
        "an old password must not open after a new one"
    );
}

#[test]
fn a_damaged_account_is_named_kept_and_repaired_by_the_next_sign_in_online() {
    let (world, tablet) = enrolled();
    let whole: serde_json::Value = serde_json::from_slice(&world.account_row("field1").unwrap()).unwrap();
    let mut far = whole.clone();
    far["slot"]["m_kib"] = 4_194_304.into();
    let mut extra = whole.clone();
    extra["more"] = 1.into();
    let mut version = whole.clone();
    version["version"] = 9.into();
    let mut missing = whole.clone();
    missing.as_object_mut().unwrap().remove("epoch");
    let mut other_key = whole.clone();
    other_key["dk_id"] = json!(NEW_KEY);
    let mut other_epoch = whole.clone();
    other_epoch["epoch"] = 2.into();
    let rows = [b"".to_vec(), b"{".to_vec(), vec![0xff; 90]];
    for row in rows
        .into_iter()
        .chain([far, extra, version, missing, other_key, other_epoch].map(|row| row.to_string().into_bytes()))
    {
        world.bench.derivations.borrow_mut().clear();
        let put = replica::Write::put(Table::Accounts, "field1", row.clone());
        now(replica::Store::commit(
            &world.disk.memory,
            replica::Batch::of(vec![put]),
        ))
        .unwrap();
        let outcome = refused(sign_in(&tablet, PASSWORD));
        assert_eq!(
            outcome,
            (Message::CriticalError, true, 0, Some(Trouble::DamagedAccount))
        );
        assert_eq!(world.account_row("field1"), Some(row), "never rewritten offline");
        assert!(world.bench.derivations.borrow().is_empty(), "never derived");
        world.main_app.will(verdict(granted(1, false, KEY)));
        opens(sign_in(&tablet, PASSWORD));
        tablet.lock();
        opens(sign_in(&tablet, PASSWORD));
        tablet.lock();
    }
}

#[test]
fn a_damaged_key_under_the_right_password_is_told_from_a_wrong_password() {
    let (world, tablet) = enrolled();
    let mut row = AccountRow::parse(&world.account_row("field1").unwrap()).unwrap();
    row.slot.as_mut().unwrap().ciphertext[3] ^= 1;
    let put = replica::Write::put(Table::Accounts, "field1", row.to_bytes());
    now(replica::Store::commit(
        &world.disk.memory,
        replica::Batch::of(vec![put]),
    ))
    .unwrap();
    assert_eq!(refused(sign_in(&tablet, "wrong")).0, Message::Incorrect);
    assert_eq!(refused(sign_in(&tablet, PASSWORD)).3, Some(Trouble::DamagedKey));
}

#[test]
fn a_row_laid_over_another_users_opens_nothing() {
    let (world, tablet) = enrolled();
    let mut other = granted(1, false, NEW_KEY);
    (other["user_id"], other["login"]) = (json!(OTHER), "field2".into());
    world.main_app.will(verdict(other));
    opens(now(tablet.sign_in("field2", password("other-pass"))));
    tablet.lock();
    let theirs = AccountRow::parse(&world.account_row("field2").unwrap()).unwrap();
    let mine = AccountRow::parse(&world.account_row("field1").unwrap()).unwrap();
    // Their slot in my row, without the name of its key and with it.
    let with = |key| AccountRow::new(mine.user_id, mine.epoch, key, theirs.slot.clone(), Vec::new());
    let (slot, named) = (with(mine.dk_id), with(theirs.dk_id));
    for (laid, message) in [(slot, Message::CriticalError), (named, Message::Incorrect)] {
        let put = replica::Write::put(Table::Accounts, "field1", laid.to_bytes());
        now(replica::Store::commit(
            &world.disk.memory,
            replica::Batch::of(vec![put]),
        ))
        .unwrap();
        for typed in [PASSWORD, "other-pass"] {
            assert_eq!(refused(sign_in(&tablet, typed)).0, message, "{typed}");
        }
    }
}

#[test]
fn records_that_wait_under_a_revoked_key_stay_readable_with_the_same_password() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    tablet.lock();
    world.main_app.will(verdict(granted(1, false, NEW_KEY)));
    opens(sign_in(&tablet, PASSWORD));
    assert_eq!(now(tablet.documents()).unwrap().documents.len(), 1);
    tablet.lock();
    opens(sign_in(&tablet, PASSWORD));
    let shelf = now(tablet.documents()).unwrap();
    assert_eq!(
        (shelf.documents.len(), shelf.damaged.len()),
        (1, 0),
        "offline too"
    );
    let row = AccountRow::parse(&world.account_row("field1").unwrap()).unwrap();
    assert_eq!(
        row.kept
            .iter()
            .map(|slot| DkId::from_bytes(slot.dk_id))
            .collect::<Vec<_>>(),
        [KEY]
    );
}

#[test]
fn after_a_revocation_everything_is_fetched_anew() {
    let (world, tablet) = enrolled();
    let news = || {
        verdict(json!({
            "result": "ok", "epoch": 1, "receipts": [], "cursor": 7, "unassigned": [], "forms": [], "at": 5,
            "clients": [client()],
            "settings": { "helpdesk_email": "", "access_request_url": "", "contact": "", "main_url": "" },
        }))
    };
    for key in [KEY, NEW_KEY] {
        world.main_app.will(verdict(granted(1, false, key)));
        opens(sign_in(&tablet, PASSWORD));
        world.main_app.will(news());
        assert!(matches!(now(tablet.sync()), SyncOutcome::Done { .. }), "{key:?}");
        assert_eq!(now(tablet.caseload()).unwrap().clients.len(), 1);
        tablet.lock();
    }
    let asked: Vec<_> = world
        .main_app
        .syncs
        .borrow()
        .iter()
        .map(|request| request.cursor)
        .collect();
    assert_eq!(asked, [None, None], "the old cursor lies under the old key");
}

#[test]
fn a_database_that_breaks_while_the_answer_is_waited_for_opens_no_session() {
    let (world, tablet) = enrolled();
    let before = world.account_row("field1");
    let unreadable = world.disk.unreadable.clone();
    world.main_app.will(Says::Reply(Box::new(move |attempt| {
        unreadable.set(true);
        let mut body = granted(2, false, KEY);
        body["attempt_id"] = attempt.into();
        json_reply(&body)
    })));
    assert_eq!(
        refused(sign_in(&tablet, "a-new-password")),
        (Message::CriticalError, false, 0, Some(Trouble::NoStorage))
    );
    assert!(tablet.session().is_none());
    assert_eq!(world.account_row("field1"), before);
}

#[test]
fn what_waits_is_sent_although_the_caseload_is_sealed_under_a_key_that_is_gone() {
    let (world, tablet) = enrolled();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    world.main_app.will(nothing_new(1));
    assert!(matches!(now(tablet.sync()), SyncOutcome::Done { .. }));
    begin_one(&tablet);
    tablet.lock();
    world.main_app.will(verdict(granted(2, true, NEW_KEY)));
    opens(sign_in(&tablet, "temp-password"));
    world.main_app.will(nothing_new(2));
    let outcome = now(tablet.sync());
    assert!(matches!(outcome, SyncOutcome::Done { .. }), "{outcome:?}");
    let asked = world.main_app.syncs.borrow();
    let last = asked.last().unwrap();
    assert_eq!(
        (last.records.len(), last.cursor),
        (1, None),
        "everything is asked for anew"
    );
}

#[test]
fn a_changed_password_takes_the_slot_and_leaves_the_session_to_save_what_is_open() {
    let (world, tablet) = enrolled();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    let mut working = begin_one(&tablet);
    world.main_app.will(verdict(json!({ "result": "epoch_changed" })));
    assert_eq!(now(tablet.sync()), SyncOutcome::Lock(LockReason::PasswordChanged));
    assert_eq!(slot_of(&world), None);
    working.document.response = json!({ "answer": "typed while the sync was under way" });
    now(tablet.save(&mut working)).unwrap();
    tablet.lock();
    assert_eq!(refused(sign_in(&tablet, PASSWORD)).0, Message::Incorrect);
}

#[test]
fn a_tab_of_before_does_not_take_the_slot_of_a_later_sign_in() {
    let (world, tab) = enrolled();
    opens(sign_in(&tab, PASSWORD));
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(2, false, KEY)));
    opens(sign_in(&tablet, "a-new-password"));
    tablet.lock();
    world.main_app.will(verdict(json!({ "result": "epoch_changed" })));
    assert_eq!(now(tab.sync()), SyncOutcome::Lock(LockReason::PasswordChanged));
    opens(sign_in(&tablet, "a-new-password"));
}

#[test]
fn an_offline_sign_in_uses_what_another_tab_has_written_meanwhile() {
    let (world, tablet) = enrolled();
    let memory = world.disk.memory.clone();
    world.main_app.will(Says::Reply(Box::new(move |_| {
        let bytes = now(replica::Store::get(&memory, Table::Accounts, "field1")).unwrap();
        let row = AccountRow::parse(&bytes.unwrap()).unwrap().without_slot();
        let put = replica::Write::put(Table::Accounts, "field1", row.to_bytes());
        now(replica::Store::commit(&memory, replica::Batch::of(vec![put]))).unwrap();
        let mut reply = json_reply(&json!({}));
        reply.status = 503;
        reply
    })));
    assert_eq!(refused(sign_in(&tablet, PASSWORD)).0, Message::Incorrect);
}

#[test]
fn nothing_in_the_store_is_readable() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    for (table, key, bytes) in world.disk.memory.dump() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in [
            PASSWORD,
            "marker-answer",
            "Testcase Amber",
            "token-1",
            "Test Field One",
        ] {
            assert!(!text.contains(secret), "{secret} in {table:?} {key}");
        }
        assert!(
            !bytes.windows(32).any(|window| window == [KEY.as_bytes()[0]; 32]),
            "the data key in {table:?} {key}"
        );
    }
}

#[test]
fn two_tabs_that_edit_one_assessment_do_not_overwrite_each_other() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    let mut first = begin_one(&tablet);
    let tab = world.tablet();
    opens(sign_in(&tab, PASSWORD));
    let mut second = now(tab.open(first.document.id)).unwrap();
    second.document.response = json!({ "answer": "from the second tab" });
    now(tab.save(&mut second)).unwrap();
    first.document.response = json!({ "answer": "from the first tab" });
    assert_eq!(now(tablet.save(&mut first)), Err(SaveFault::Conflict));
    assert_eq!(
        now(tablet.open(first.document.id)).unwrap().document.response,
        second.document.response
    );
    // What the first tab has goes on as a second draft, and both are there.
    let id = first.document.id;
    now(tablet.save_apart(&mut first)).unwrap();
    assert_ne!(first.document.id, id);
    let answers: Vec<_> = now(tablet.documents())
        .unwrap()
        .documents
        .into_iter()
        .map(|entry| (entry.document.response["answer"].clone(), entry.delivery))
        .collect();
    assert_eq!(answers.len(), 2);
    for answer in ["from the first tab", "from the second tab"] {
        assert!(
            answers.contains(&(json!(answer), replica::Delivery::Waiting)),
            "{answers:?}"
        );
    }
    first.document.response = json!({ "answer": "and on" });
    now(tablet.save(&mut first)).unwrap();
}

#[test]
fn a_full_tablet_says_so_and_keeps_what_was_saved() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    let mut working = begin_one(&tablet);
    world.disk.full.set(true);
    working.document.response = json!({ "answer": "more" });
    assert_eq!(
        now(tablet.save(&mut working)),
        Err(SaveFault::Store(replica::StoreFault::Full))
    );
    world.disk.full.set(false);
    now(tablet.save(&mut working)).unwrap();
    assert_eq!(
        now(tablet.open(working.document.id)).unwrap().document.response,
        json!({ "answer": "more" })
    );
}

#[test]
fn a_damaged_record_is_named_and_the_others_open() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    let broken = begin_one(&tablet);
    let key = format!("{USER}/1/{}", broken.document.id);
    let put = replica::Write::put(Table::Records, key.clone(), vec![1, 2, 3]);
    now(replica::Store::commit(
        &world.disk.memory,
        replica::Batch::of(vec![put]),
    ))
    .unwrap();
    let shelf = now(tablet.documents()).unwrap();
    assert_eq!((shelf.documents.len(), shelf.damaged.len()), (1, 1));
    assert_eq!(now(tablet.outbox()).unwrap().damaged[0].key, key);
    assert_eq!(now(tablet.sync()), SyncOutcome::Unreached { wait_seconds: None });
    assert_eq!(
        world.main_app.syncs.borrow()[0].records.len(),
        1,
        "the damaged one is not sent"
    );
}

#[test]
fn the_clock_of_the_tablet_makes_no_difference() {
    let (world, tablet) = enrolled();
    for clock in [0, 4_070_908_800_000, -1, i64::MAX] {
        world.clock.0.set(clock);
        opens(sign_in(&tablet, PASSWORD));
        begin_one(&tablet);
        tablet.lock();
    }
}
