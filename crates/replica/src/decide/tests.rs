//! Every row of the table by its number, with the cases that somebody might forget. That the table is total, and that
//! `decide` is the table and nothing else: see `exhaustive`.

use super::*;

const USER: UserId = UserId::from_bytes([1; 16]);
const OTHER: UserId = UserId::from_bytes([2; 16]);
const KEY: DkId = DkId::from_bytes([3; 16]);
const NEW_KEY: DkId = DkId::from_bytes([4; 16]);

const OK: Server = Server::Ok {
    must_change: false,
    user_id: USER,
    epoch: 7,
    dk_id: KEY,
};
const TEMP: Server = Server::Ok {
    must_change: true,
    user_id: USER,
    epoch: 8,
    dk_id: KEY,
};
const TEMP_SAME_EPOCH: Server = Server::Ok {
    must_change: true,
    user_id: USER,
    epoch: 7,
    dk_id: KEY,
};
const RESET_AND_CHANGED: Server = Server::Ok {
    must_change: false,
    user_id: USER,
    epoch: 9,
    dk_id: KEY,
};
const REVOKED: Server = Server::Ok {
    must_change: false,
    user_id: USER,
    epoch: 7,
    dk_id: NEW_KEY,
};
const NO_ACCESS: Server = Server::NoAccess { user_id: Some(USER) };
const UNKNOWN_LOGIN: Server = Server::NoAccess { user_id: None };

const SLOT: Row = Row::Whole {
    user_id: USER,
    epoch: 7,
    dk_id: KEY,
    slot: true,
    waiting: false,
};
const SLOT_WAITING: Row = Row::Whole {
    user_id: USER,
    epoch: 7,
    dk_id: KEY,
    slot: true,
    waiting: true,
};
const NO_SLOT: Row = Row::Whole {
    user_id: USER,
    epoch: 7,
    dk_id: KEY,
    slot: false,
    waiting: true,
};
const OTHERS_ROW: Row = Row::Whole {
    user_id: OTHER,
    epoch: 7,
    dk_id: KEY,
    slot: true,
    waiting: true,
};

#[test]
fn every_row_of_the_table() {
    use Check::{DamagedKey, NotDerived, NotMade, Opens, Wrong};
    use Effect::{Keep, Remove, Write};
    use Kdf::{Derived, Failed, NotTried};
    use Outcome::{CriticalError, Incorrect, Open, Unchanged};
    for (row, server, account, check, kdf, slot, outcome) in [
        ("1", OK, Row::Absent, NotMade, Derived, Write, Open),
        (
            "1, the slot was removed",
            OK,
            NO_SLOT,
            NotMade,
            Derived,
            Write,
            Open,
        ),
        ("2", OK, SLOT, NotMade, Derived, Write, Open),
        (
            "3",
            RESET_AND_CHANGED,
            SLOT_WAITING,
            NotMade,
            Derived,
            Write,
            Open,
        ),
        ("4", TEMP, Row::Absent, NotMade, NotTried, Remove, Open),
        ("4, had been here", TEMP, NO_SLOT, NotMade, NotTried, Remove, Open),
        ("5", TEMP, SLOT_WAITING, NotMade, NotTried, Remove, Open),
        (
            "5, whatever was derived",
            TEMP,
            SLOT_WAITING,
            NotMade,
            Derived,
            Remove,
            Open,
        ),
        (
            "5, whatever the epoch",
            TEMP_SAME_EPOCH,
            SLOT_WAITING,
            NotMade,
            NotTried,
            Remove,
            Open,
        ),
        ("6", OK, Row::Unreadable, NotMade, Derived, Write, Open),
        ("8, same epoch", OK, SLOT, NotMade, Failed, Keep, Open),
        (
            "8, other epoch",
            RESET_AND_CHANGED,
            SLOT,
            NotMade,
            Failed,
            Remove,
            Open,
        ),
        ("8, another key", REVOKED, SLOT, NotMade, Failed, Remove, Open),
        ("8, nothing here", OK, Row::Absent, NotMade, Failed, Remove, Open),
        ("9", Server::BadPassword, SLOT, NotMade, NotTried, Keep, Incorrect),
        (
            "9, even a slot that would match",
            Server::BadPassword,
            SLOT,
            Opens,
            NotTried,
            Keep,
            Incorrect,
        ),
        (
            "10",
            Server::Locked,
            SLOT,
            NotMade,
            NotTried,
            Keep,
            Outcome::Locked,
        ),
        (
            "10, the right one included",
            Server::Locked,
            SLOT,
            Opens,
            NotTried,
            Keep,
            Outcome::Locked,
        ),
        (
            "11",
            NO_ACCESS,
            SLOT_WAITING,
            NotMade,
            NotTried,
            Remove,
            CriticalError(None),
        ),
        (
            "11, another account's row",
            NO_ACCESS,
            OTHERS_ROW,
            NotMade,
            NotTried,
            Keep,
            CriticalError(None),
        ),
        (
            "11a",
            UNKNOWN_LOGIN,
            SLOT,
            NotMade,
            NotTried,
            Keep,
            CriticalError(None),
        ),
        (
            "11a, never seen here",
            UNKNOWN_LOGIN,
            Row::Absent,
            NotMade,
            NotTried,
            Keep,
            CriticalError(None),
        ),
        (
            "12, 14, 17",
            Server::Unanswered,
            SLOT,
            Opens,
            NotTried,
            Keep,
            Open,
        ),
        (
            "13, 15",
            Server::Unanswered,
            SLOT,
            Wrong,
            NotTried,
            Keep,
            Incorrect,
        ),
        (
            "16",
            Server::Unanswered,
            Row::Absent,
            NotMade,
            NotTried,
            Keep,
            Incorrect,
        ),
        (
            "16, slot removed",
            Server::Unanswered,
            NO_SLOT,
            NotMade,
            NotTried,
            Keep,
            Incorrect,
        ),
        (
            "16, without a slot nothing opens",
            Server::Unanswered,
            NO_SLOT,
            Opens,
            NotTried,
            Keep,
            Incorrect,
        ),
        (
            "18",
            Server::Unanswered,
            SLOT,
            DamagedKey,
            NotTried,
            Keep,
            CriticalError(Some(Trouble::DamagedKey)),
        ),
        (
            "18, not derived",
            Server::Unanswered,
            SLOT,
            NotDerived,
            NotTried,
            Keep,
            CriticalError(Some(Trouble::NotChecked)),
        ),
        (
            "19",
            Server::Unanswered,
            Row::Unreadable,
            NotMade,
            NotTried,
            Keep,
            CriticalError(Some(Trouble::DamagedAccount)),
        ),
        ("20", Server::Late, SLOT, Opens, Derived, Keep, Unchanged),
        (
            "21",
            OK,
            Row::NoStorage,
            NotMade,
            Derived,
            Keep,
            CriticalError(Some(Trouble::NoStorage)),
        ),
        (
            "21, offline",
            Server::Unanswered,
            Row::NoStorage,
            NotMade,
            NotTried,
            Keep,
            CriticalError(Some(Trouble::NoStorage)),
        ),
        ("24", REVOKED, SLOT_WAITING, NotMade, Derived, Write, Open),
    ] {
        let decision = decide(
            server,
            Local {
                row: account,
                check,
                kdf,
            },
        );
        assert_eq!((decision.slot, decision.outcome), (slot, outcome), "row {row}");
    }
}

#[test]
fn row_7_a_tablet_that_cannot_write_opens_no_session() {
    let decision = decide(
        OK,
        Local {
            row: SLOT,
            check: Check::NotMade,
            kdf: Kdf::Derived,
        },
    );
    assert_eq!(
        uncommitted(decision),
        Outcome::CriticalError(Some(Trouble::CannotWrite))
    );
    let decision = decide(
        NO_ACCESS,
        Local {
            row: SLOT,
            check: Check::NotMade,
            kdf: Kdf::NotTried,
        },
    );
    assert_eq!(uncommitted(decision), Outcome::CriticalError(None));
}

#[test]
fn row_24_the_old_key_is_kept_only_while_records_wait_under_it() {
    let keeps = |server, row| {
        decide(
            server,
            Local {
                row,
                check: Check::NotMade,
                kdf: Kdf::Derived,
            },
        )
        .keep_old_key
    };
    assert!(keeps(REVOKED, SLOT_WAITING));
    assert!(!keeps(REVOKED, SLOT));
    assert!(!keeps(REVOKED, NO_SLOT), "there is no wrapped key to keep");
    assert!(!keeps(OK, SLOT_WAITING), "the key is the same");
    assert!(!keeps(REVOKED, OTHERS_ROW));
}
