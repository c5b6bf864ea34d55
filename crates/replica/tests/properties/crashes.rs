//! The program ends at the first storage request, at the second, and so on to the last, before it is done and after: of a first
//! start, of a sign-in from every row of the table, of beginning, saving and completing a document, and of a sync.

use accounts::Event;
use protocol::RecordId;
use replica::{AccountRow, Batch, Replica, SignIn, Store as _, SyncOutcome, Table, Write};

use crate::disk::{Disk, Fault, Plan};
use crate::office::{Line, Office};
use crate::rig::{LOGINS, Rig, unless_it_ends};
use crate::support::{Standing, now};
use crate::watch::Watch;

const FAULTS: [Fault; 4] = [Fault::EndBefore, Fault::EndAfter, Fault::Full, Fault::Broken];
fn first(rig: &Rig) -> String {
    rig.ledger.passwords[0][0].typed.clone()
}

fn present(rig: &Rig) -> String {
    rig.ledger.passwords[0].last().unwrap().typed.clone()
}

/// field1 has signed in online, begun a document that waits, and locked.
fn enrolled() -> Rig {
    let mut rig = Rig::new();
    let typed = first(&rig);
    let opened = rig.sign_in(0, &typed, Line::Open, None);
    assert!(matches!(opened, Some(SignIn::Open(_))));
    assert!(matches!(rig.begin(None), Some(Ok(_))));
    rig.lock();
    rig
}

fn lay(rig: &Rig, row: &[u8]) {
    let put = Write::put(Table::Accounts, LOGINS[0], row.to_vec());
    now(rig.disk.memory.commit(Batch::of(vec![put]))).unwrap();
}

/// A row of the table, as far as storage is concerned: how things are, what is typed, and how the line is.
struct Case {
    row: &'static str,
    line: Line,
    make: fn() -> (Rig, String),
}

fn with(change: fn(&mut Rig)) -> (Rig, String) {
    let mut rig = enrolled();
    change(&mut rig);
    let typed = present(&rig);
    (rig, typed)
}

fn wrongly(change: fn(&mut Rig)) -> (Rig, String) {
    (with(change).0, "nobody-has-this-password".into())
}

const CASES: [Case; 19] = [
    Case {
        row: "1: no slot",
        line: Line::Open,
        make: || {
            let rig = Rig::new();
            let typed = first(&rig);
            (rig, typed)
        },
    },
    Case {
        row: "2: the same epoch",
        line: Line::Open,
        make: || with(|_| ()),
    },
    Case {
        row: "3: another epoch",
        line: Line::Open,
        make: || {
            with(|rig| {
                rig.reset(0);
                rig.choose(0);
            })
        },
    },
    Case {
        row: "4: temp, no row",
        line: Line::Open,
        make: || {
            let mut rig = Rig::new();
            rig.reset(0);
            let typed = present(&rig);
            (rig, typed)
        },
    },
    Case {
        row: "5: temp, a slot and a document",
        line: Line::Open,
        make: || with(|rig| rig.reset(0)),
    },
    Case {
        row: "6: damaged",
        line: Line::Open,
        make: || with(|rig| lay(rig, b"{")),
    },
    Case {
        row: "8: no memory, the same epoch",
        line: Line::Open,
        make: || with(|rig| rig.watch.bench.no_memory.set(true)),
    },
    Case {
        row: "8: no memory, another epoch",
        line: Line::Open,
        make: || {
            with(|rig| {
                rig.reset(0);
                rig.choose(0);
                rig.watch.bench.no_memory.set(true);
            })
        },
    },
    Case {
        row: "9: a wrong password",
        line: Line::Open,
        make: || wrongly(|_| ()),
    },
    Case {
        row: "10: locked",
        line: Line::Open,
        make: || {
            with(|rig| {
                for _ in 0..3 {
                    rig.sign_in(0, "nobody-has-this-password", Line::Open, None);
                }
            })
        },
    },
    Case {
        row: "11: no access",
        line: Line::Open,
        make: || with(|rig| rig.office.event(0, Event::Deactivated, None)),
    },
    Case {
        row: "12: offline",
        line: Line::Cut,
        make: || with(|_| ()),
    },
    Case {
        row: "12: the reply is lost",
        line: Line::LosesReply,
        make: || with(|_| ()),
    },
    Case {
        row: "13: offline and wrong",
        line: Line::Cut,
        make: || wrongly(|_| ()),
    },
    Case {
        row: "15: offline, the temp password",
        line: Line::Cut,
        make: || with(|rig| rig.reset(0)),
    },
    Case {
        row: "16: offline, nobody was here",
        line: Line::Cut,
        make: || {
            let rig = Rig::new();
            let typed = first(&rig);
            (rig, typed)
        },
    },
    Case {
        row: "18: a damaged key",
        line: Line::Cut,
        make: || {
            with(|rig| {
                let mut row = AccountRow::parse(&rig.account_row(0).unwrap()).unwrap();
                row.slot.as_mut().unwrap().ciphertext[0] ^= 1;
                lay(rig, &row.to_bytes());
            })
        },
    },
    Case {
        row: "19: unreadable",
        line: Line::Cut,
        make: || with(|rig| lay(rig, b"{}")),
    },
    Case {
        row: "24: another key, a document under the old one",
        line: Line::Open,
        make: || with(|rig| rig.office.revoke(0)),
    },
];

#[test]
fn a_sign_in_that_ends_anywhere_leaves_the_account_before_or_after() {
    for Case { row, line, make } in CASES {
        for fault in FAULTS {
            for at in 1.. {
                let (mut rig, typed) = make();
                let before = offline(&rig);
                let ended = rig.sign_in(0, &typed, line, Some((at, fault)));
                if rig.disk.faults() == 0 {
                    assert!(at > 1, "{row}: {at} requests are too few to be true: {ended:?}");
                    break;
                }
                let left = offline(&rig);
                // The same step again, undisturbed.
                rig.lock();
                rig.sign_in(0, &typed, line, None);
                let after = offline(&rig);
                assert!(
                    left == before || left == after,
                    "{row}, {fault:?} at {at}: {before:?} {left:?} {after:?}"
                );
            }
        }
    }
}

/// Who could sign in here without a network, with what, and in which epoch.
fn offline(rig: &Rig) -> (Vec<String>, Option<u32>) {
    let row = rig
        .account_row(0)
        .and_then(|bytes| AccountRow::parse(&bytes).ok());
    let open = rig.offline_passwords(0).into_iter().map(|secret| secret.typed);
    (open.collect(), row.map(|row| row.epoch))
}

/// Does it with a fault at each request in turn, until none is left; each time on a tablet with one document, signed in.
fn at_each_request(what: &str, act: fn(&mut Rig, RecordId, Plan)) {
    for fault in FAULTS {
        for at in 1.. {
            let mut rig = enrolled();
            let typed = first(&rig);
            assert!(matches!(
                rig.sign_in(0, &typed, Line::Open, None),
                Some(SignIn::Open(_))
            ));
            let id = *rig.ledger.documents.keys().next().unwrap();
            act(&mut rig, id, Some((at, fault)));
            // Whatever it was, what is there can be read by the next one who looks.
            rig.restart();
            rig.sign_in(0, &typed, Line::Cut, None);
            assert_eq!(
                now(rig.tablet.documents()).unwrap().damaged,
                [],
                "{what}, {fault:?} at {at}"
            );
            if rig.disk.faults() == 0 {
                assert!(at > 2, "{what}: {at} requests are too few to be true");
                break;
            }
        }
    }
}

#[test]
fn a_document_whose_beginning_ends_anywhere_is_there_or_is_not() {
    at_each_request("begin", |rig, _, plan| {
        rig.begin(plan);
    });
}

#[test]
fn a_save_that_ends_anywhere_leaves_the_document_before_or_after() {
    at_each_request("save", |rig, id, plan| {
        rig.save(id, false, plan);
    });
    at_each_request("complete", |rig, id, plan| {
        rig.save(id, true, plan);
    });
}

#[test]
fn a_sync_that_ends_anywhere_is_made_good_by_the_next() {
    at_each_request("sync", |rig, _, plan| {
        rig.sync(Line::Open, plan);
        if rig.who().is_none() {
            let typed = first(rig);
            rig.sign_in(0, &typed, Line::Open, None);
        }
        let done = rig.sync(Line::Open, None);
        assert!(
            matches!(
                done,
                Some(SyncOutcome::Done {
                    still_waiting: 0,
                    refused: 0,
                    ..
                })
            ),
            "{done:?}"
        );
        rig.assert_all_arrived();
    });
}

#[test]
fn a_first_start_that_ends_anywhere_is_followed_by_one_that_works() {
    for fault in FAULTS {
        for at in 1..6 {
            let (disk, office, watch) = (Disk::default(), Office::with_two_users(), Watch::default());
            let begin = || {
                Replica::start(
                    disk.clone(),
                    office.clone(),
                    Standing::default(),
                    watch.clone(),
                    None,
                )
            };
            disk.arm(Some((at, fault)));
            let first = unless_it_ends(begin())
                .and_then(Result::ok)
                .map(|tablet| tablet.device_id());
            disk.arm(None);
            let second = now(begin()).unwrap().device_id();
            assert!(
                first.is_none_or(|first| first == second),
                "{fault:?} at {at}: another tablet"
            );
            assert_eq!(now(begin()).unwrap().device_id(), second);
        }
    }
}
