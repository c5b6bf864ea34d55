//! The line: replies that get lost, tokens that have ended, and a main application that is not the one.

use replica::{Message, OpenedBy, SyncOutcome, UNREACHED_LINE};
use serde_json::json;

use crate::support::steps::{PASSWORD, begin_one, enrolled, opens, refused, sign_in, sign_in_as, slot_of};
use crate::support::{KEY, Says, granted, json_reply, now, verdict};

#[test]
fn a_reply_that_is_lost_is_not_asked_for_again() {
    let (world, tablet) = enrolled();
    let before = world.main_app.attempts.borrow().len();
    world.main_app.will(Says::Nothing);
    assert_eq!(opens(sign_in(&tablet, PASSWORD)).opened, OpenedBy::Offline);
    let attempts = world.main_app.attempts.borrow();
    assert_eq!(
        attempts.len(),
        before + 1,
        "one press, one attempt, whatever became of it"
    );
}

#[test]
fn a_sync_with_an_ended_token_sends_no_password_and_keeps_session_and_slot() {
    let (world, tablet) = enrolled();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    let (slot, attempts) = (slot_of(&world), world.main_app.attempts.borrow().len());
    world.main_app.will(verdict(json!({ "result": "sign_in_again" })));
    assert_eq!(now(tablet.sync()), SyncOutcome::SignInAgain);
    assert_eq!(
        now(tablet.sync()),
        SyncOutcome::SignInAgain,
        "and it does not try again"
    );
    assert_eq!(
        world.main_app.attempts.borrow().len(),
        attempts,
        "no attempt, so no strike"
    );
    assert_eq!(world.main_app.syncs.borrow().len(), 1);
    assert!(tablet.session().is_some_and(|info| info.needs_sign_in_to_send));
    assert_eq!(slot_of(&world), slot);
    assert_eq!(now(tablet.waiting()).unwrap(), 1);
}

#[test]
fn a_sync_that_meets_a_proxy_or_a_portal_changes_nothing() {
    let (world, tablet) = enrolled();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, PASSWORD));
    begin_one(&tablet);
    let before = world.disk.memory.dump();
    for status in [200, 302, 401, 403, 407, 429, 502, 503, 511] {
        for body in [
            json!("<html>"),
            json!({}),
            json!({ "result": "no_access" }),
            json!({ "result": "epoch_changed" }),
        ] {
            world.main_app.will(Says::Reply(Box::new(move |id| {
                // As much like a "no" as a stranger could make it; with status 200 it lacks the id.
                let mut body = body.clone();
                if status != 200 && body.is_object() {
                    body["request_id"] = id.into();
                }
                let mut reply = json_reply(&body);
                reply.status = status;
                reply
            })));
            let outcome = now(tablet.sync());
            assert!(
                matches!(outcome, SyncOutcome::Unreached { .. }),
                "{status}: {outcome:?}"
            );
            assert!(tablet.session().is_some());
            assert!(world.disk.memory.dump() == before, "{status}");
        }
    }
}

#[test]
fn whoever_cannot_be_reached_is_said_for_known_and_unknown_logins_alike() {
    let (_, tablet) = enrolled();
    for login in ["field1", "nosuchuser"] {
        let outcome = sign_in_as(&tablet, login, "wrong");
        let (message, unreached, _, trouble) = refused(outcome);
        assert_eq!(
            (message, unreached, trouble),
            (Message::Incorrect, true, None),
            "{login}"
        );
    }
    assert!(UNREACHED_LINE.starts_with("The main application could not be reached."));
}
