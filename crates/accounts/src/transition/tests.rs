//! Every row of the table, and what the rows add up to.

use super::*;

const NOW: Millis = 1_000_000;
const HOUR: Millis = 3_600_000;
const RIGHT: Event = Event::Attempt {
    verified: true,
    epoch: 1,
};
const WRONG: Event = Event::Attempt {
    verified: false,
    epoch: 1,
};
const CHANGE: Event = Event::PasswordChanged { epoch: 1 };
const RESET: Event = Event::Reset {
    valid_for: Some(72 * HOUR),
};
const TEMP: Standing = Standing::Temp {
    issued: NOW,
    expires: Some(NOW + 72 * HOUR),
};
const OLD_TEMP: Standing = Standing::Temp {
    issued: 0,
    expires: Some(NOW),
};
const LASTING_TEMP: Standing = Standing::Temp {
    issued: 0,
    expires: None,
};
const LOCKED: Guard = Guard::Locked { since: 5 };
const ENDED: Access = Access {
    from: None,
    to: Some(NOW),
};
const TO_COME: Access = Access {
    from: Some(NOW + 1),
    to: None,
};

const IN_USE: Account = Account::new(Standing::Permanent);

fn strikes(strikes: u8) -> Account {
    Account {
        guard: Guard::Open { strikes },
        ..IN_USE
    }
}

fn with(access: Access, guard: Guard, password: Standing, epoch: u32) -> Account {
    Account {
        access,
        guard,
        password,
        epoch,
    }
}

fn locked() -> Account {
    Account {
        guard: LOCKED,
        ..IN_USE
    }
}

fn having(password: Standing) -> Account {
    Account { password, ..IN_USE }
}

fn at(access: Access) -> Account {
    Account { access, ..IN_USE }
}

#[test]
fn every_row_of_the_table() {
    let open = Guard::Open { strikes: 0 };
    let signed_in = Outcome::SignedIn { must_change: false };
    let signed_in_temp = Outcome::SignedIn { must_change: true };
    let rows = [
        (
            "ended access, right",
            at(ENDED),
            RIGHT,
            at(ENDED),
            Outcome::NoAccess,
        ),
        (
            "ended access, wrong",
            at(ENDED),
            WRONG,
            at(ENDED),
            Outcome::NoAccess,
        ),
        (
            "access to come",
            at(TO_COME),
            RIGHT,
            at(TO_COME),
            Outcome::NoAccess,
        ),
        (
            "no access and locked",
            with(ENDED, LOCKED, Standing::Permanent, 1),
            RIGHT,
            with(ENDED, LOCKED, Standing::Permanent, 1),
            Outcome::NoAccess,
        ),
        ("locked, right", locked(), RIGHT, locked(), Outcome::Locked),
        ("locked, wrong", locked(), WRONG, locked(), Outcome::Locked),
        (
            "reset while checking",
            having(TEMP),
            Event::Attempt {
                verified: true,
                epoch: 0,
            },
            having(TEMP),
            Outcome::Stale,
        ),
        (
            "reset while checking, wrong",
            strikes(2),
            Event::Attempt {
                verified: false,
                epoch: 7,
            },
            strikes(2),
            Outcome::Stale,
        ),
        (
            "expired temp, right",
            having(OLD_TEMP),
            RIGHT,
            having(OLD_TEMP),
            Outcome::Locked,
        ),
        (
            "expired temp, wrong",
            having(OLD_TEMP),
            WRONG,
            having(OLD_TEMP),
            Outcome::Locked,
        ),
        (
            "temp for ever",
            having(LASTING_TEMP),
            RIGHT,
            having(LASTING_TEMP),
            signed_in_temp,
        ),
        ("first wrong", strikes(0), WRONG, strikes(1), Outcome::BadPassword),
        (
            "second wrong",
            strikes(1),
            WRONG,
            strikes(2),
            Outcome::BadPassword,
        ),
        (
            "third wrong",
            strikes(2),
            WRONG,
            with(
                Access::default(),
                Guard::Locked { since: NOW },
                Standing::Permanent,
                1,
            ),
            Outcome::Locked,
        ),
        ("right", strikes(0), RIGHT, strikes(0), signed_in),
        ("right after two wrong", strikes(2), RIGHT, strikes(0), signed_in),
        ("right temp", having(TEMP), RIGHT, having(TEMP), signed_in_temp),
        (
            "reset",
            strikes(2),
            RESET,
            with(Access::default(), open, TEMP, 2),
            Outcome::Done,
        ),
        (
            "reset of a locked account",
            locked(),
            RESET,
            with(Access::default(), open, TEMP, 2),
            Outcome::Done,
        ),
        (
            "reset for ever",
            locked(),
            Event::Reset { valid_for: None },
            with(
                Access::default(),
                open,
                Standing::Temp {
                    issued: NOW,
                    expires: None,
                },
                2,
            ),
            Outcome::Done,
        ),
        (
            "reset gives no access",
            at(ENDED),
            RESET,
            with(ENDED, open, TEMP, 2),
            Outcome::Done,
        ),
        (
            "change",
            having(TEMP),
            CHANGE,
            with(Access::default(), open, Standing::Permanent, 2),
            Outcome::Done,
        ),
        (
            "change in a session that outlived the temp password",
            having(OLD_TEMP),
            CHANGE,
            with(Access::default(), open, Standing::Permanent, 2),
            Outcome::Done,
        ),
        (
            "change, locked meanwhile",
            locked(),
            CHANGE,
            locked(),
            Outcome::Locked,
        ),
        (
            "change, deactivated meanwhile",
            at(ENDED),
            CHANGE,
            at(ENDED),
            Outcome::NoAccess,
        ),
        (
            "change, reset meanwhile",
            having(TEMP),
            Event::PasswordChanged { epoch: 0 },
            having(TEMP),
            Outcome::Stale,
        ),
        ("deactivate", IN_USE, Event::Deactivated, at(ENDED), Outcome::Done),
        (
            "deactivate twice",
            at(Access {
                from: None,
                to: Some(7),
            }),
            Event::Deactivated,
            at(Access {
                from: None,
                to: Some(7),
            }),
            Outcome::Done,
        ),
        (
            "deactivate what would have ended later",
            at(Access {
                from: Some(3),
                to: Some(NOW + 9),
            }),
            Event::Deactivated,
            at(Access {
                from: Some(3),
                to: Some(NOW),
            }),
            Outcome::Done,
        ),
        ("reactivate", at(ENDED), Event::Reactivated, IN_USE, Outcome::Done),
        (
            "reactivate what has not begun",
            at(TO_COME),
            Event::Reactivated,
            at(Access {
                from: Some(NOW),
                to: None,
            }),
            Outcome::Done,
        ),
        (
            "reactivation unlocks nothing",
            locked(),
            Event::Reactivated,
            locked(),
            Outcome::Done,
        ),
    ];
    for (name, before, event, after, outcome) in rows {
        assert_eq!(transition(&before, event, NOW), (after, outcome), "{name}");
    }
}

#[test]
fn access_and_temp_passwords_end_at_the_millisecond_that_they_name() {
    let window = at(Access {
        from: Some(10),
        to: Some(20),
    });
    for (now, active) in [(9, false), (10, true), (19, true), (20, false)] {
        let (_, outcome) = transition(&window, RIGHT, now);
        assert_eq!(
            outcome == Outcome::SignedIn { must_change: false },
            active,
            "at {now}"
        );
    }
    let temp = having(Standing::Temp {
        issued: 0,
        expires: Some(20),
    });
    for (now, works) in [(19, true), (20, false)] {
        let (_, outcome) = transition(&temp, RIGHT, now);
        assert_eq!(
            outcome == Outcome::SignedIn { must_change: true },
            works,
            "at {now}"
        );
    }
}

#[test]
fn a_reset_at_the_end_of_time_does_not_overflow() {
    let (after, _) = transition(
        &IN_USE,
        Event::Reset {
            valid_for: Some(Millis::MAX),
        },
        NOW,
    );
    assert_eq!(
        after.password,
        Standing::Temp {
            issued: NOW,
            expires: Some(Millis::MAX)
        }
    );
    let last = Account {
        epoch: u32::MAX,
        ..IN_USE
    };
    assert_eq!(transition(&last, RESET, NOW).0.epoch, 0);
}

/// Every sequence of five events from every kind of account: what must hold whatever happens.
#[test]
fn what_holds_in_every_reachable_state() {
    let events = |epoch| {
        [
            Event::Attempt {
                verified: true,
                epoch,
            },
            Event::Attempt {
                verified: false,
                epoch,
            },
            Event::Reset { valid_for: Some(2) },
            Event::PasswordChanged { epoch },
            Event::Deactivated,
            Event::Reactivated,
        ]
    };
    let mut states = std::collections::HashSet::from([IN_USE, having(LASTING_TEMP), at(ENDED)]);
    for step in 0..5 {
        let now = NOW + step;
        let mut next = states.clone();
        for before in &states {
            for event in events(before.epoch) {
                let (after, outcome) = transition(before, event, now);
                let new_password = matches!(event, Event::Reset { .. })
                    || (matches!(event, Event::PasswordChanged { .. }) && outcome == Outcome::Done);
                assert_eq!(after.epoch != before.epoch, new_password, "{before:?} {event:?}");
                if matches!(before.guard, Guard::Locked { .. }) && !matches!(event, Event::Reset { .. }) {
                    assert_eq!(after.guard, before.guard, "only a reset unlocks: {event:?}");
                }
                if let Event::Attempt { verified, .. } = event {
                    assert_eq!(after.access, before.access);
                    assert_eq!(after.password, before.password);
                    let in_use = before.access.is_active(now)
                        && matches!(before.guard, Guard::Open { .. })
                        && !before.password.is_expired(now);
                    let opened = matches!(outcome, Outcome::SignedIn { .. });
                    assert_eq!(opened, verified && in_use, "{before:?} at {now}");
                }
                if let Guard::Open { strikes } = after.guard {
                    assert!(strikes < STRIKES);
                }
                next.insert(after);
            }
        }
        states = next;
    }
    assert!(states.len() > 50, "only {} states were reached", states.len());
}
