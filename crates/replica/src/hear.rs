//! What a sync's verdict does to the slot and to the session, as one pure and total function. Its neighbours are
//! [`crate::decide`], which does the same for a sign-in, and `plan`, which says what the receipts do to the outbox.
//!
//! | main application | this user's row on the tablet | slot | session |
//! | --- | --- | --- | --- |
//! | ok | any | keep | goes on; the receipts are applied |
//! | epoch changed | of the session's epoch | remove | saves and locks |
//! | epoch changed | of another epoch: somebody has signed in here since | keep | saves and locks |
//! | no access | whole | remove | saves and locks |
//! | epoch changed, no access | absent, damaged, another user's | keep | saves and locks |
//! | sign in again | any | keep | goes on without its token |
//! | update needed | any | keep | goes on |
//! | unanswered: also a bare 401 or 403, 5xx, a portal's page | any | keep | goes on |
//!
//! What comes after its session has gone is not heard at all.

use protocol::{SyncVerdict, UserId};

use crate::{Effect, Row};

/// What came of a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Heard {
    Ok,
    EpochChanged,
    NoAccess,
    SignInAgain,
    UpdateNeeded,
    Unanswered,
}

/// The session that asked: whose it is, and the epoch of the sign-in that its token is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asker {
    pub user_id: UserId,
    pub epoch: u32,
}

/// Why a sync ends the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockReason {
    PasswordChanged,
    NoAccess,
}

/// What happens to the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    GoesOn,
    /// It goes on, and cannot send: "Sign in to send".
    LosesToken,
    /// What is open is saved; then the keys go.
    Locks(LockReason),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct News {
    /// Keep or remove: nothing that a sync hears writes a slot.
    pub slot: Effect,
    pub session: Fate,
}

/// The table at the head of this file.
pub fn hear(heard: Heard, asker: Asker, row: Row) -> News {
    let (mine, of_this_epoch) = match row {
        Row::Whole { user_id, epoch, .. } if user_id == asker.user_id => (true, epoch == asker.epoch),
        _ => (false, false),
    };
    let news = |removes, session| News {
        slot: if removes { Effect::Remove } else { Effect::Keep },
        session,
    };
    match heard {
        Heard::EpochChanged => news(of_this_epoch, Fate::Locks(LockReason::PasswordChanged)),
        Heard::NoAccess => news(mine, Fate::Locks(LockReason::NoAccess)),
        Heard::SignInAgain => news(false, Fate::LosesToken),
        Heard::Ok | Heard::UpdateNeeded | Heard::Unanswered => news(false, Fate::GoesOn),
    }
}

impl From<&SyncVerdict> for Heard {
    fn from(verdict: &SyncVerdict) -> Self {
        match verdict {
            SyncVerdict::Ok(_) => Self::Ok,
            SyncVerdict::EpochChanged => Self::EpochChanged,
            SyncVerdict::NoAccess => Self::NoAccess,
            SyncVerdict::SignInAgain => Self::SignInAgain,
            SyncVerdict::UpdateNeeded => Self::UpdateNeeded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::DkId;

    const USER: UserId = UserId::from_bytes([1; 16]);
    const ASKER: Asker = Asker {
        user_id: USER,
        epoch: 7,
    };

    fn row(user_id: UserId, epoch: u32, slot: bool) -> Row {
        Row::Whole {
            user_id,
            epoch,
            dk_id: DkId::from_bytes([3; 16]),
            slot,
            waiting: true,
        }
    }

    /// Every verdict against every kind of row: whether the slot goes, and what becomes of the session.
    #[test]
    fn the_whole_table() {
        let password_changed = Fate::Locks(LockReason::PasswordChanged);
        let no_access = Fate::Locks(LockReason::NoAccess);
        let other = UserId::from_bytes([2; 16]);
        for slot in [true, false] {
            let rows = [
                row(USER, 7, slot),
                row(USER, 9, slot),
                row(other, 7, slot),
                Row::Absent,
                Row::Unreadable,
                Row::NoStorage,
            ];
            for (heard, goes, session) in [
                (Heard::Ok, [false; 6], Fate::GoesOn),
                (
                    Heard::EpochChanged,
                    [true, false, false, false, false, false],
                    password_changed,
                ),
                (
                    Heard::NoAccess,
                    [true, true, false, false, false, false],
                    no_access,
                ),
                (Heard::SignInAgain, [false; 6], Fate::LosesToken),
                (Heard::UpdateNeeded, [false; 6], Fate::GoesOn),
                (Heard::Unanswered, [false; 6], Fate::GoesOn),
            ] {
                for (row, goes) in rows.into_iter().zip(goes) {
                    let slot = if goes { Effect::Remove } else { Effect::Keep };
                    assert_eq!(
                        hear(heard, ASKER, row),
                        News { slot, session },
                        "{heard:?} {row:?}"
                    );
                }
            }
        }
    }
}
