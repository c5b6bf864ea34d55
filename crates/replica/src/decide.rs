//! What a sign-in does, as one pure and total function. Each row of the table below is a test, by its number.
//!
//! | # | main application | tablet | typed | slot | outcome |
//! | --- | --- | --- | --- | --- | --- |
//! | 1 | ok | no slot | current | write | open |
//! | 2 | ok | slot, same epoch | current | rewrite | open |
//! | 3 | ok | slot, other epoch | new | replace | open, waiting records intact |
//! | 4 | ok, must change | none | temp | none | open, no prompt |
//! | 5 | ok, must change | slot of the old password | temp | remove | open, no prompt, records intact |
//! | 6 | ok | row damaged or tampered | current | rewrite | open |
//! | 7 | ok | the put fails | any | unchanged | S3, no session |
//! | 8 | ok | the derivation cannot be made | current | same epoch: keep; other: remove | open; banner where no slot is left |
//! | 9 | bad password | any, even a slot that would match | any | keep | S1, no local check |
//! | 10 | locked | any | any, the right one included | keep | S2 |
//! | 11 | no access, with this account's user id | any | any | remove | S3, records kept |
//! | 11a | no access, login unknown there | any | any | keep | S3 |
//! | 12 | unanswered | slot | current | keep | open |
//! | 13 | unanswered | slot | wrong, however often | keep | S1 |
//! | 14, 15, 17 | unanswered | as 12 and 13: what the tablet has not heard changes nothing | | keep | |
//! | 16 | unanswered | no slot, or login never seen here | any | none | S1 |
//! | 18 | unanswered | verifier right, unwrap fails | current | keep | S3 |
//! | 19 | unanswered | row unreadable, or parameters out of bounds | any | keep | S3 |
//! | 20 | reply after the time-out or after a lock | any | any | ignore | unchanged |
//! | 21 | any | the database cannot be opened | any | | S3 |
//! | 22 | | empty or too long: a field error before this function | | | |
//! | 23 | an ok that lacks a part, or another attempt's reply: unanswered, see `remote` | | | | |
//! | 24 | ok with another data key than the row's | records wait under the old | any | as 1 to 5 for the new key; the old wrapped key is kept beside it | open |

use protocol::{DkId, Granted, SignInVerdict, UserId};

/// What the main application said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Server {
    Ok {
        must_change: bool,
        user_id: UserId,
        epoch: u32,
        dk_id: DkId,
    },
    BadPassword,
    Locked,
    /// The user id is there where the account exists.
    NoAccess {
        user_id: Option<UserId>,
    },
    Unanswered,
    /// It came after the time-out, or after this tablet was locked.
    Late,
}

/// The account row for the typed login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// The database cannot be opened.
    NoStorage,
    Absent,
    /// Damaged, of an unknown version, or with parameters out of bounds.
    Unreadable,
    Whole {
        user_id: UserId,
        epoch: u32,
        dk_id: DkId,
        slot: bool,
        /// Records wait to be sent that are sealed under `dk_id`.
        waiting: bool,
    },
}

/// What the typed password did to the slot. Made only where the main application did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    NotMade,
    Opens,
    Wrong,
    /// The verifier matches and the wrapped key does not open.
    DamagedKey,
    /// The derivation itself did not come to an end: nothing is known about the password.
    NotDerived,
}

/// Whether this tablet could derive a new slot. Tried only for an ok with a permanent password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kdf {
    NotTried,
    Derived,
    Failed,
}

/// All that the tablet knows when the reply, or its absence, is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Local {
    pub row: Row,
    pub check: Check,
    pub kdf: Kdf,
}

/// What happens to the slot; committed before the outcome is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Keep,
    /// Write, rewrite or replace: one put of the whole row.
    Write,
    Remove,
}

/// What the user gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A session opens, once the effect has been committed.
    Open,
    /// S1.
    Incorrect,
    /// S2.
    Locked,
    /// S3; with the cause where the trouble is the tablet's own.
    CriticalError(Option<Trouble>),
    /// As if nothing had been asked.
    Unchanged,
}

/// Trouble on the tablet, told below S3 with its remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The database cannot be opened.
    NoStorage,
    /// The tablet cannot write, so it must not collect.
    CannotWrite,
    /// The stored account cannot be read.
    DamagedAccount,
    /// The password is right, and the stored key is damaged.
    DamagedKey,
    /// The password could not be checked on this tablet just now.
    NotChecked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    pub slot: Effect,
    /// The row's old wrapped key is kept beside the new one (row 24).
    pub keep_old_key: bool,
    pub outcome: Outcome,
}

impl From<&SignInVerdict> for Server {
    fn from(verdict: &SignInVerdict) -> Self {
        match verdict {
            SignInVerdict::Ok(granted) => {
                let Granted {
                    must_change,
                    user_id,
                    epoch,
                    ref data_key,
                    ..
                } = **granted;
                Self::Ok {
                    must_change,
                    user_id,
                    epoch,
                    dk_id: data_key.id,
                }
            }
            SignInVerdict::BadPassword => Self::BadPassword,
            SignInVerdict::Locked => Self::Locked,
            SignInVerdict::NoAccess { user_id } => Self::NoAccess { user_id: *user_id },
        }
    }
}

/// The table at the head of this file.
pub fn decide(server: Server, local: Local) -> Decision {
    use {Effect::*, Outcome::*};
    let keep = |outcome| Decision {
        slot: Keep,
        keep_old_key: false,
        outcome,
    };
    if local.row == Row::NoStorage {
        return keep(CriticalError(Some(Trouble::NoStorage)));
    }
    match server {
        Server::Ok {
            must_change,
            user_id,
            epoch,
            dk_id,
        } => {
            let mine = match local.row {
                Row::Whole {
                    user_id: stored,
                    epoch,
                    dk_id,
                    slot,
                    waiting,
                } if stored == user_id => Some((epoch, dk_id, slot, waiting)),
                _ => None,
            };
            let same_slot = mine.is_some_and(|(e, d, slot, _)| slot && e == epoch && d == dk_id);
            let keep_old_key = mine.is_some_and(|(_, d, slot, waiting)| slot && waiting && d != dk_id);
            let slot = match local.kdf {
                Kdf::Derived if !must_change => Write,
                _ if !must_change && same_slot => Keep,
                _ => Remove,
            };
            Decision {
                slot,
                keep_old_key,
                outcome: Open,
            }
        }
        Server::BadPassword => keep(Incorrect),
        Server::Locked => keep(Outcome::Locked),
        Server::NoAccess { user_id } => {
            let mine = matches!(local.row, Row::Whole { user_id: stored, .. } if Some(stored) == user_id);
            let slot = if mine { Remove } else { Keep };
            Decision {
                slot,
                keep_old_key: false,
                outcome: CriticalError(None),
            }
        }
        Server::Unanswered => keep(match (local.row, local.check) {
            (Row::Unreadable, _) => CriticalError(Some(Trouble::DamagedAccount)),
            (Row::Whole { slot: true, .. }, Check::Opens) => Open,
            (_, Check::DamagedKey) => CriticalError(Some(Trouble::DamagedKey)),
            (_, Check::NotDerived) => CriticalError(Some(Trouble::NotChecked)),
            _ => Incorrect,
        }),
        Server::Late => keep(Unchanged),
    }
}

/// What becomes of a decision whose effect could not be committed (row 7): no session opens over it.
pub fn uncommitted(decision: Decision) -> Outcome {
    match decision.outcome {
        Outcome::Open => Outcome::CriticalError(Some(Trouble::CannotWrite)),
        outcome => outcome,
    }
}

#[cfg(test)]
mod exhaustive;
#[cfg(test)]
mod tests;
