//! The world that the checker walks through: a main application, a tablet, and what is on its way between them.
//!
//! Everything in it is what the programs hold, with small numbers for long ones: the password of epoch 3 is the word 3,
//! a data key is its number, a token is whether it has ended. Account, row, decision and outbox row are the production types.

use accounts::{Guard, Millis, Standing};
use protocol::{DkId, UserId};
use replica::{AccountRow, Decision, Heard, Row, Server};

use crate::witness::Witness;

/// The password that the account has in that epoch.
pub type Word = u32;
/// What a bystander types.
pub const WRONG: Word = 0;

pub const USER: UserId = UserId::from_bytes([1; 16]);
pub const OTHER: UserId = UserId::from_bytes([2; 16]);
pub const RECORDS: usize = 2;

/// A temp password is good for this long, and so much later "days have passed".
pub const HOURS_72: Millis = 72 * 3_600_000;
pub const DAYS_LATER: Millis = 2 * HOURS_72;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub main: MainApp,
    pub tablet: Tablet,
    pub air: Air,
    pub left: Left,
    pub witness: Witness,
}

/// How much may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    /// By the helpdesk.
    pub resets: u8,
    /// By the user, in the main application.
    pub changes: u8,
    /// Savings of a record: a new one, or a new revision.
    pub saves: u8,
    /// See [`crate::acts::Act::is_trouble`].
    pub troubles: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MainApp {
    pub account: accounts::Account,
    /// The epochs whose word is a temp password, as bits.
    pub temps: u8,
    pub login: Login,
    pub now: Millis,
    /// The number of the data key that it hands out.
    pub key: u8,
    /// It has left this tablet's version of the exchange behind.
    pub ahead: bool,
    /// The newest revision of each record that it holds; 0 is none.
    pub stored: [u8; RECORDS],
}

/// Whose the login is that the user types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Login {
    Ours,
    Unknown,
    /// Another account's, without access.
    Anothers,
}

impl MainApp {
    pub fn is_temp(&self, word: Word) -> bool {
        self.temps & (1 << word) != 0
    }

    pub fn is_locked(&self) -> bool {
        matches!(self.account.guard, Guard::Locked { .. })
    }

    pub fn is_active(&self) -> bool {
        self.account.access.is_active(self.now)
    }
}

/// In place of `vault::Slot`: a data key under a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    pub word: Word,
    pub epoch: u32,
    pub key: u8,
    /// The wrapped key opens.
    pub whole: bool,
}

/// The production row, and what production does with it, around this slot.
pub type Account = AccountRow<Slot>;

pub fn dk_id(key: u8) -> DkId {
    DkId::from_bytes([key; 16])
}

pub fn key_of(dk_id: DkId) -> u8 {
    dk_id.as_bytes()[0]
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tablet {
    pub account: Stored,
    /// The sealed session record beside the account row: whether its token has ended.
    pub token: Token,
    pub records: [Option<Record>; RECORDS],
    pub session: Option<Session>,
    /// The session of a tab in the background.
    pub tab: Option<Session>,
    /// Offline failures in a row. Nothing that is right reads it, so only mutants count.
    pub failures: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stored {
    Absent,
    Unreadable,
    Whole(Account),
}

/// As the main application knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    Good,
    Ended,
}

/// A record with its outbox row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub rev: u8,
    /// It is sealed under this key.
    pub key: u8,
    /// The epoch of the session that saved it.
    pub born: u32,
    pub sent: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    pub epoch: u32,
    pub key: u8,
    pub online: bool,
    pub token: Option<Token>,
}

impl Tablet {
    pub fn account(&self) -> Option<&Account> {
        match &self.account {
            Stored::Whole(row) => Some(row),
            Stored::Absent | Stored::Unreadable => None,
        }
    }

    pub fn slot(&self) -> Option<Slot> {
        self.account().and_then(|row| row.slot)
    }

    /// The row as `decide` and `hear` see it.
    pub fn row(&self) -> Row {
        match &self.account {
            Stored::Absent => Row::Absent,
            Stored::Unreadable => Row::Unreadable,
            Stored::Whole(row) => row.seen(self.waits_under(key_of(row.dk_id))),
        }
    }

    pub fn waits_under(&self, key: u8) -> bool {
        self.waiting().any(|record| record.key == key)
    }

    pub fn waiting(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().flatten().filter(|record| !record.sent)
    }
}

/// What is under way between the two, one thing at a time: who signs in has no session to sync with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Air {
    Quiet,
    /// "Sign in" was pressed. `counted`: how often the main application has looked at the password.
    Asking {
        word: Word,
        counted: u8,
        reply: Option<Server>,
        /// The one that an ok hands over.
        token: Token,
    },
    /// Answered and decided: these rows are to be put, the last one first in the list; then the session opens.
    Committing {
        word: Word,
        said: Server,
        derived: bool,
        decision: Decision,
        puts: Vec<Account>,
        session: Option<Session>,
    },
    /// A sync is on its way with these revisions; 0 is none.
    Syncing {
        offered: [u8; RECORDS],
        told: Option<Told>,
    },
}

/// A sync's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    pub heard: Heard,
    /// The records with a receipt.
    pub stored: [bool; RECORDS],
}

impl World {
    /// A new account with a permanent password, and a tablet on which nobody has signed in.
    pub fn new(left: Left) -> Self {
        Self {
            main: MainApp {
                account: accounts::Account::new(Standing::Permanent),
                temps: 0,
                login: Login::Ours,
                now: 0,
                key: 1,
                ahead: false,
                stored: [0; RECORDS],
            },
            tablet: Tablet {
                account: Stored::Absent,
                token: Token::Ended,
                records: [None; RECORDS],
                session: None,
                tab: None,
                failures: 0,
            },
            air: Air::Quiet,
            left,
            witness: Witness::default(),
        }
    }

    /// Every word that anybody could know, and one that is nobody's.
    pub fn words(&self) -> std::ops::RangeInclusive<Word> {
        WRONG..=self.main.account.epoch
    }
}
