//! What is typed: passwords and logins of every length and kind, and temp passwords where they do not belong.

use replica::{FieldFault, Message, OpenedBy, SignIn};
use vault::PasswordFault;

use crate::support::steps::{PASSWORD, begin_one, enrolled, opens, refused, sign_in, sign_in_as, slot_of};
use crate::support::{KEY, World, granted, now, verdict};

#[test]
fn passwords_of_64_and_1024_bytes_work_online_and_offline_and_1025_are_refused_unsent() {
    for length in [1, 64, 1_024] {
        let world = World::default();
        let tablet = world.tablet();
        let typed = "p".repeat(length);
        world.main_app.will(verdict(granted(1, false, KEY)));
        assert_eq!(opens(sign_in(&tablet, &typed)).opened, OpenedBy::Online);
        assert_eq!(
            world.main_app.attempts.borrow()[0].2,
            typed,
            "the same bytes as offline"
        );
        tablet.lock();
        assert_eq!(opens(sign_in(&tablet, &typed)).opened, OpenedBy::Offline);
    }
    // There is no password of this length to sign in with, so nothing can be sent.
    let too_long = vault::native::password(&"p".repeat(1_025)).err();
    assert_eq!(too_long, Some(PasswordFault::TooLong));
    // It counts in bytes: 512 letters of two bytes fit, and one more does not.
    assert!(vault::native::password(&"\u{e9}".repeat(512)).is_ok());
    assert!(vault::native::password(&"\u{e9}".repeat(513)).is_err());
}

#[test]
fn a_password_with_a_space_before_it_is_another_password() {
    let world = World::default();
    let tablet = world.tablet();
    world.main_app.will(verdict(granted(1, false, KEY)));
    opens(sign_in(&tablet, " with a space"));
    tablet.lock();
    assert_eq!(refused(sign_in(&tablet, "with a space")).0, Message::Incorrect);
    opens(sign_in(&tablet, " with a space"));
}

#[test]
fn an_empty_or_endless_login_is_a_field_error_and_nothing_is_sent() {
    let (world, tablet) = enrolled();
    let sent = world.main_app.attempts.borrow().len();
    for (login, fault) in [
        ("", FieldFault::LoginEmpty),
        (" \t\n", FieldFault::LoginEmpty),
        (&"x".repeat(257), FieldFault::LoginTooLong),
        (&"x".repeat(10_000), FieldFault::LoginTooLong),
    ] {
        assert_eq!(sign_in_as(&tablet, login, PASSWORD), SignIn::Field(fault));
    }
    assert_eq!(world.main_app.attempts.borrow().len(), sent);
}

#[test]
fn a_temp_password_online_opens_with_three_records_waiting_and_all_three_are_readable() {
    let (world, tablet) = enrolled();
    opens(sign_in(&tablet, PASSWORD));
    for _ in 0..3 {
        begin_one(&tablet);
    }
    tablet.lock();
    world.main_app.will(verdict(granted(2, true, KEY)));
    opens(sign_in(&tablet, "temp-password"));
    let shelf = now(tablet.documents()).unwrap();
    assert_eq!((shelf.documents.len(), shelf.damaged.len()), (3, 0));
    assert!(
        shelf
            .documents
            .iter()
            .all(|entry| entry.document.response["answer"] == "marker-answer")
    );
    tablet.lock();
    assert_eq!(
        refused(sign_in(&tablet, "temp-password")).0,
        Message::Incorrect,
        "not offline"
    );
}

#[test]
fn a_temp_password_on_a_tablet_that_has_not_heard_of_it_is_only_wrong() {
    let (world, tablet) = enrolled();
    let before = slot_of(&world);
    for _ in 0..3 {
        assert_eq!(refused(sign_in(&tablet, "temp-password")).0, Message::Incorrect);
    }
    assert_eq!(slot_of(&world), before, "the slot is intact");
    assert_eq!(opens(sign_in(&tablet, PASSWORD)).opened, OpenedBy::Offline);
}
