//! The tablet itself: tabs, a derivation that is killed, a database that is blocked.

use replica::{AccountRow, Message, OpenedBy, SignIn, Trouble};

use crate::support::steps::{PASSWORD, begin_one, enrolled, opens, refused, sign_in};
use crate::support::{KEY, Says, World, granted, json_reply, now, verdict};

#[test]
fn two_tabs_that_sign_in_at_once_both_open_and_leave_one_whole_account() {
    let world = World::default();
    let (first, second) = (world.tablet(), world.tablet());
    let inner = world.clone();
    // While the first waits for its reply, the second signs in from beginning to end.
    world.main_app.will(Says::Reply(Box::new(move |attempt| {
        inner.main_app.will(verdict(granted(1, false, KEY)));
        opens(sign_in(&second, PASSWORD));
        let mut body = granted(1, false, KEY);
        body["attempt_id"] = attempt.into();
        json_reply(&body)
    })));
    opens(sign_in(&first, PASSWORD));
    assert_eq!(world.main_app.attempts.borrow().len(), 2);
    assert!(
        AccountRow::parse(&world.account_row("field1").unwrap())
            .unwrap()
            .slot
            .is_some()
    );
    begin_one(&first);
    let third = world.tablet();
    assert_eq!(opens(sign_in(&third, PASSWORD)).opened, OpenedBy::Offline);
    assert_eq!(now(third.documents()).unwrap().documents.len(), 1);
}

#[test]
fn a_second_press_while_the_first_is_under_way_does_nothing() {
    let world = World::default();
    let tablet = std::rc::Rc::new(world.tablet());
    let same = tablet.clone();
    world.main_app.will(Says::Reply(Box::new(move |attempt| {
        assert_eq!(sign_in(&same, PASSWORD), SignIn::Superseded);
        let mut body = granted(1, false, KEY);
        body["attempt_id"] = attempt.into();
        json_reply(&body)
    })));
    opens(sign_in(&tablet, PASSWORD));
    assert_eq!(world.main_app.attempts.borrow().len(), 1);
}

#[test]
fn a_derivation_that_is_killed_is_an_error_without_a_strike_and_the_next_press_works() {
    let (world, tablet) = enrolled();
    let before = world.disk.memory.dump();
    world.bench.interrupted.set(true);
    let outcome = refused(sign_in(&tablet, PASSWORD));
    assert_eq!(
        outcome,
        (Message::CriticalError, true, 0, Some(Trouble::NotChecked))
    );
    assert!(
        world.disk.memory.dump() == before,
        "not even noted as a failed attempt"
    );
    world.bench.interrupted.set(false);
    opens(sign_in(&tablet, PASSWORD));
}

#[test]
fn a_reply_that_comes_after_the_lock_opens_nothing() {
    let (world, tablet) = enrolled();
    let tablet = std::rc::Rc::new(tablet);
    let before = world.account_row("field1");
    let same = tablet.clone();
    world.main_app.will(Says::Reply(Box::new(move |attempt| {
        same.lock();
        let mut body = granted(2, false, KEY);
        body["attempt_id"] = attempt.into();
        json_reply(&body)
    })));
    assert_eq!(sign_in(&tablet, "a-new-password"), SignIn::Superseded);
    assert!(tablet.session().is_none());
    assert_eq!(world.account_row("field1"), before);
}
