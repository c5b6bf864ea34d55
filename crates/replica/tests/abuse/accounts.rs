//! Resets, deactivations and colleagues: what happens elsewhere while a tablet is out.

use replica::{Message, OpenedBy, OutboxTitle, SyncOutcome};
use serde_json::json;

use crate::support::steps::{PASSWORD, begin_one, enrolled, opens, refused, sign_in, sign_in_as, slot_of};
use crate::support::{KEY, NEW_KEY, OTHER, granted, now, verdict};

#[test]
fn three_wrong_passwords_online_and_then_a_flight_and_the_right_one_opens() {
    let (world, tablet) = enrolled();
    for result in ["bad_password", "bad_password", "locked"] {
        world.main_app.will(verdict(json!({ "result": result })));
        refused(sign_in(&tablet, "wrong"));
    }
    world.main_app.will(verdict(json!({ "result": "locked" })));
    assert_eq!(
        refused(sign_in(&tablet, PASSWORD)).0,
        Message::Locked,
        "online: the right one too"
    );
    assert_eq!(opens(sign_in(&tablet, PASSWORD)).opened, OpenedBy::Offline);
}

#[test]
fn after_two_resets_in_a_row_the_first_temp_password_opens_nothing() {
    let (world, tablet) = enrolled();
    world.main_app.will(verdict(granted(2, true, KEY)));
    opens(sign_in(&tablet, "first-temp"));
    tablet.lock();
    world.main_app.will(verdict(json!({ "result": "bad_password" })));
    assert_eq!(
        refused(sign_in(&tablet, "first-temp")).0,
        Message::Incorrect,
        "online"
    );
    assert_eq!(
        refused(sign_in(&tablet, "first-temp")).0,
        Message::Incorrect,
        "offline"
    );
    world.main_app.will(verdict(granted(3, true, KEY)));
    opens(sign_in(&tablet, "second-temp"));
}

#[test]
fn a_reset_during_an_offline_session_takes_the_slot_at_the_next_contact_and_no_record() {
    for (says, offline_after) in [
        ("epoch_changed", Message::Incorrect),
        ("no_access", Message::Incorrect),
    ] {
        let (world, tablet) = enrolled();
        assert_eq!(opens(sign_in(&tablet, PASSWORD)).opened, OpenedBy::Offline);
        let mut working = begin_one(&tablet);
        working.document.response = json!({ "answer": "just before" });
        now(tablet.save(&mut working)).unwrap();
        world.main_app.will(verdict(json!({ "result": says })));
        let outcome = now(tablet.sync());
        assert!(matches!(outcome, SyncOutcome::Lock(_)), "{outcome:?}");
        tablet.lock();
        assert!(slot_of(&world).is_none(), "{says}");
        assert_eq!(refused(sign_in(&tablet, PASSWORD)).0, offline_after);
        world.main_app.will(verdict(granted(2, true, KEY)));
        opens(sign_in(&tablet, "temp-password"));
        let shelf = now(tablet.documents()).unwrap();
        assert_eq!(shelf.documents[0].document.response["answer"], "just before");
        assert_eq!(now(tablet.waiting()).unwrap(), 1);
    }
}

#[test]
fn whoever_signs_in_offline_after_a_colleague_has_nothing_of_theirs() {
    let (world, tablet) = enrolled();
    let mut other = granted(1, false, NEW_KEY);
    (other["user_id"], other["login"], other["full_name"]) =
        (json!(OTHER), "field2".into(), "Test Field Two".into());
    (other["token"]) = "token-of-field2".into();
    world.main_app.will(verdict(other));
    opens(sign_in_as(&tablet, "field2", "password-of-field2"));
    tablet.lock();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    let mine = begin_one(&tablet);
    tablet.lock();

    let info = opens(sign_in_as(&tablet, "field2", "password-of-field2"));
    assert_eq!(
        (info.opened, info.full_name.as_str()),
        (OpenedBy::Offline, "Test Field Two")
    );
    assert!(now(tablet.documents()).unwrap().documents.is_empty());
    assert!(now(tablet.open(mine.document.id)).is_err());
    let outbox = now(tablet.outbox()).unwrap();
    assert_eq!(outbox.waiting.len(), 1);
    assert_eq!(
        outbox.waiting[0].title,
        OutboxTitle::OfAnotherUser,
        "that something waits, and no word of it"
    );
    now(tablet.sync());
    let bearers = world.main_app.bearers.borrow();
    assert_eq!(
        bearers.last().unwrap().as_deref(),
        Some("token-of-field2"),
        "never under another's name"
    );
}
