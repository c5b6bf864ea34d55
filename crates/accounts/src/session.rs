//! What a tablet's session is worth from one sync to the next.

use crate::{Account, Millis};

/// A session as it was opened, and whether it has ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    /// The account's epoch when the session was opened.
    pub epoch: u32,
    pub expires: Millis,
    /// A reset, a change of password, a deactivation or a revoked tablet has ended it.
    pub ended: bool,
}

/// What a sync with the session is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionStanding {
    Open,
    NoAccess,
    EpochChanged,
    SignInAgain,
}

impl Session {
    /// Why a session is worth nothing is told in the order of what its tablet has to do about it.
    ///
    /// | the account, the session | standing | its tablet |
    /// | --- | --- | --- |
    /// | no active access | `NoAccess` | removes the slot and locks |
    /// | another epoch than the session's | `EpochChanged` | removes the slot and locks |
    /// | ended, or expired | `SignInAgain` | keeps everything |
    /// | otherwise, locked or not | `Open` | goes on |
    ///
    /// The rows are tried from the top.
    pub fn standing(&self, account: &Account, now: Millis) -> SessionStanding {
        if !account.access.is_active(now) {
            SessionStanding::NoAccess
        } else if self.epoch != account.epoch {
            SessionStanding::EpochChanged
        } else if self.ended || self.expires <= now {
            SessionStanding::SignInAgain
        } else {
            SessionStanding::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Guard, Standing, transition};

    const OPEN: Session = Session {
        epoch: 1,
        expires: 10,
        ended: false,
    };
    const ENDED: Session = Session { ended: true, ..OPEN };

    #[test]
    fn a_session_is_told_the_first_thing_that_its_tablet_has_to_do() {
        let account = Account::new(Standing::Permanent);
        let (reset, _) = transition(&account, Event::Reset { valid_for: None }, 5);
        let (deactivated, _) = transition(&reset, Event::Deactivated, 5);
        let locked = Account {
            guard: Guard::Locked { since: 5 },
            ..account
        };
        for (what, account, session, now, standing) in [
            ("open", account, OPEN, 9, SessionStanding::Open),
            ("a lock ends no session", locked, OPEN, 9, SessionStanding::Open),
            ("ended", account, ENDED, 9, SessionStanding::SignInAgain),
            ("expired", account, OPEN, 10, SessionStanding::SignInAgain),
            ("reset", reset, ENDED, 10, SessionStanding::EpochChanged),
            ("deactivated", deactivated, ENDED, 10, SessionStanding::NoAccess),
        ] {
            assert_eq!(session.standing(&account, now), standing, "{what}");
        }
    }
}
