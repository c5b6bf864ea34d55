//! `decide` against a second telling of its table, over every input there is.
//!
//! Ids and epochs are only ever compared for equality, so two of each make every case.

use super::*;

const USERS: [UserId; 2] = [UserId::from_bytes([1; 16]), UserId::from_bytes([2; 16])];
const EPOCHS: [u32; 2] = [7, 8];
const KEYS: [DkId; 2] = [DkId::from_bytes([3; 16]), DkId::from_bytes([4; 16])];
const YES_AND_NO: [bool; 2] = [true, false];
const CHECKS: [Check; 5] = [
    Check::NotMade,
    Check::Opens,
    Check::Wrong,
    Check::DamagedKey,
    Check::NotDerived,
];
const KDFS: [Kdf; 3] = [Kdf::NotTried, Kdf::Derived, Kdf::Failed];

fn servers() -> Vec<Server> {
    let mut all = vec![
        Server::BadPassword,
        Server::Locked,
        Server::NoAccess { user_id: None },
        Server::Unanswered,
        Server::Late,
    ];
    for user_id in USERS {
        all.push(Server::NoAccess {
            user_id: Some(user_id),
        });
        for must_change in YES_AND_NO {
            for epoch in EPOCHS {
                all.extend(KEYS.map(|dk_id| Server::Ok {
                    must_change,
                    user_id,
                    epoch,
                    dk_id,
                }));
            }
        }
    }
    all
}

fn rows() -> Vec<Row> {
    let mut all = vec![Row::NoStorage, Row::Absent, Row::Unreadable];
    for user_id in USERS {
        for epoch in EPOCHS {
            for dk_id in KEYS {
                for slot in YES_AND_NO {
                    all.extend(YES_AND_NO.map(|waiting| Row::Whole {
                        user_id,
                        epoch,
                        dk_id,
                        slot,
                        waiting,
                    }));
                }
            }
        }
    }
    all
}

fn every_input() -> impl Iterator<Item = (Server, Local)> {
    servers().into_iter().flat_map(|server| {
        rows().into_iter().flat_map(move |row| {
            CHECKS.into_iter().flat_map(move |check| {
                KDFS.into_iter()
                    .map(move |kdf| (server, Local { row, check, kdf }))
            })
        })
    })
}

/// The words of the table's columns, for one input.
struct Case {
    server: &'static str,
    /// The answer's user is the row's.
    mine: bool,
    row: &'static str,
    same_epoch: bool,
    same_key: bool,
    waiting: bool,
    check: Check,
    derived: bool,
}

fn case(server: Server, local: Local) -> Case {
    let named = match server {
        Server::Ok {
            must_change: false, ..
        } => "ok",
        Server::Ok {
            must_change: true, ..
        } => "ok, must change",
        Server::BadPassword => "bad password",
        Server::Locked => "locked",
        Server::NoAccess { .. } => "no access",
        Server::Unanswered => "unanswered",
        Server::Late => "late",
    };
    let row = match local.row {
        Row::NoStorage => "no storage",
        Row::Absent => "absent",
        Row::Unreadable => "unreadable",
        Row::Whole { slot: true, .. } => "slot",
        Row::Whole { slot: false, .. } => "no slot",
    };
    let (user, epoch, key) = match server {
        Server::Ok {
            user_id,
            epoch,
            dk_id,
            ..
        } => (Some(user_id), Some(epoch), Some(dk_id)),
        Server::NoAccess { user_id } => (user_id, None, None),
        _ => (None, None, None),
    };
    let (mine, same_epoch, same_key, waiting) = match local.row {
        Row::Whole {
            user_id,
            epoch: stored,
            dk_id,
            waiting,
            ..
        } => (
            user == Some(user_id),
            epoch == Some(stored),
            key == Some(dk_id),
            waiting,
        ),
        _ => (false, false, false, false),
    };
    Case {
        server: named,
        mine,
        row,
        same_epoch,
        same_key,
        waiting,
        check: local.check,
        derived: local.kdf == Kdf::Derived,
    }
}

struct Line {
    number: &'static str,
    when: fn(&Case) -> bool,
    slot: Effect,
    outcome: Outcome,
}

const fn line(number: &'static str, when: fn(&Case) -> bool, slot: Effect, outcome: Outcome) -> Line {
    Line {
        number,
        when,
        slot,
        outcome,
    }
}

/// The table of the design, line by line, in words of its own; no line depends on the order.
#[rustfmt::skip]
fn table() -> Vec<Line> {
    use {Effect::*, Outcome::*};
    fn own_slot(c: &Case) -> bool { c.mine && c.row == "slot" }
    fn storage(c: &Case) -> bool { c.row != "no storage" }
    fn ok(c: &Case) -> bool { c.server == "ok" && storage(c) }
    fn temp(c: &Case) -> bool { c.server == "ok, must change" && storage(c) }
    fn alone(c: &Case) -> bool { c.server == "unanswered" && storage(c) }
    fn readable(c: &Case) -> bool { c.row != "unreadable" }
    fn this_slot(c: &Case) -> bool { own_slot(c) && c.same_epoch && c.same_key }
    fn unhurt(c: &Case) -> bool { !matches!(c.check, Check::DamagedKey | Check::NotDerived) }
    vec![
        line("1", |c| ok(c) && c.derived && readable(c) && !own_slot(c), Write, Open),
        line("2", |c| ok(c) && c.derived && this_slot(c), Write, Open),
        line("3", |c| ok(c) && c.derived && own_slot(c) && c.same_key && !c.same_epoch, Write, Open),
        line("4", |c| temp(c) && !own_slot(c), Remove, Open),
        line("5", |c| temp(c) && own_slot(c) && c.same_key, Remove, Open),
        line("6", |c| ok(c) && c.derived && !readable(c), Write, Open),
        line("8, this epoch's", |c| ok(c) && !c.derived && this_slot(c), Keep, Open),
        line("8, any other", |c| ok(c) && !c.derived && !this_slot(c), Remove, Open),
        line("9", |c| c.server == "bad password" && storage(c), Keep, Incorrect),
        line("10", |c| c.server == "locked" && storage(c), Keep, Locked),
        line("11", |c| c.server == "no access" && c.mine, Remove, CriticalError(None)),
        line("11a", |c| c.server == "no access" && storage(c) && !c.mine, Keep, CriticalError(None)),
        line("12, 14, 17", |c| alone(c) && c.row == "slot" && c.check == Check::Opens, Keep, Open),
        line("13, 15", |c| alone(c) && c.row == "slot" && matches!(c.check, Check::Wrong | Check::NotMade), Keep, Incorrect),
        line("16", |c| alone(c) && matches!(c.row, "absent" | "no slot") && unhurt(c), Keep, Incorrect),
        line("18", |c| alone(c) && readable(c) && c.check == Check::DamagedKey, Keep, CriticalError(Some(Trouble::DamagedKey))),
        line("18, not derived", |c| alone(c) && readable(c) && c.check == Check::NotDerived, Keep, CriticalError(Some(Trouble::NotChecked))),
        line("19", |c| alone(c) && !readable(c), Keep, CriticalError(Some(Trouble::DamagedAccount))),
        line("20", |c| c.server == "late" && storage(c), Keep, Unchanged),
        line("21", |c| !storage(c), Keep, CriticalError(Some(Trouble::NoStorage))),
        line("24, permanent", |c| ok(c) && c.derived && own_slot(c) && !c.same_key, Write, Open),
        line("24, temp", |c| temp(c) && own_slot(c) && !c.same_key, Remove, Open),
    ]
}

#[test]
fn decide_is_total_and_equals_the_table() {
    let table = table();
    let (mut inputs, mut used) = (0, std::collections::BTreeSet::new());
    for (server, local) in every_input() {
        let case = case(server, local);
        let lines: Vec<&Line> = table.iter().filter(|line| (line.when)(&case)).collect();
        let [line] = lines[..] else {
            let numbers: Vec<_> = lines.iter().map(|line| line.number).collect();
            panic!("{server:?} {local:?}: one line is meant, not {numbers:?}");
        };
        let answered_ok = matches!(server, Server::Ok { .. });
        let keep_old_key = answered_ok && case.mine && case.row == "slot" && case.waiting && !case.same_key;
        let expected = Decision {
            slot: line.slot,
            keep_old_key,
            outcome: line.outcome,
        };
        assert_eq!(
            decide(server, local),
            expected,
            "row {}: {server:?} {local:?}",
            line.number
        );
        used.insert(line.number);
        inputs += 1;
    }
    assert_eq!(used.len(), table.len(), "a line that no input meets");
    assert_eq!(inputs, 23 * 35 * 5 * 3);
}

#[test]
fn what_holds_for_every_input() {
    for (server, local) in every_input() {
        let decision = decide(server, local);
        let answered = !matches!(server, Server::Unanswered | Server::Late);
        let what = format!("{server:?} {local:?} {decision:?}");
        assert!(
            answered || decision.outcome != Outcome::Locked,
            "nobody is locked out offline: {what}"
        );
        assert!(
            answered || decision.slot == Effect::Keep,
            "only an answer changes the slot: {what}"
        );
        if matches!(
            server,
            Server::Ok {
                must_change: true,
                ..
            }
        ) {
            assert_ne!(
                decision.slot,
                Effect::Write,
                "a temp password never becomes an offline password: {what}"
            );
        }
        if !answered && local.check != Check::Opens {
            assert_ne!(
                decision.outcome,
                Outcome::Open,
                "a wrong password opens nothing: {what}"
            );
        }
        if server == Server::Locked {
            assert_eq!(
                decision.slot,
                Effect::Keep,
                "a lock there takes nothing away here: {what}"
            );
        }
        if answered {
            for check in CHECKS {
                assert_eq!(
                    decide(server, Local { check, ..local }),
                    decision,
                    "no local check after an answer: {what}"
                );
            }
        }
    }
}
