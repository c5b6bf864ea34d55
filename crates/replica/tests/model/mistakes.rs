//! The protocol as production has it, and mistakes that somebody could make in it. Each is kept as a mutant: the rule
//! that catches it is worth keeping because of it.

use replica::{
    Asker, Decision, Effect, Fate, Heard, Kdf, Local, LockReason, News, Outcome, Row, Server, decide, hear,
};

use crate::strays::Reading;
use crate::world::Left;

#[derive(Debug)]
pub struct Protocol {
    pub bounds: Left,
    pub reading: Reading,
    mistake: Option<Mistake>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    // The twelve of the design.
    CachesTheTempPassword,
    KeepsTheOldSlotAfterAReset,
    LocksOutOffline,
    FallsBackAfterANo,
    PurgesOnReset,
    OpensBeforeTheCommit,
    ErasesThenWrites,
    LockErasesTheSlot,
    PortalIsANo,
    Bare401Erases,
    DeactivationPurges,
    PurgesBeforeTheAcknowledgement,
    // Rows 7, 8, 11, 11a, 20 and 24.
    OpensWithoutACommit,
    KeepsAnotherEpochsSlotWithoutMemory,
    ErasesThisEpochsSlotWithoutMemory,
    LostAccessKeepsTheSlot,
    UnknownLoginErases,
    AnothersLostAccessErases,
    LateReplyIsTaken,
    DropsTheOldKey,
    // Sync.
    SignInAgainErases,
    SignInAgainLocks,
    UpdateNeededErases,
    UpdateNeededLocks,
    ChangedPasswordKeepsTheSlot,
    OldTabErasesTheNewSlot,
    AcknowledgesAnyRevision,
    // Attempts.
    SendsThePasswordAgain,
    RepeatIsCounted,
}

impl Protocol {
    pub fn new(bounds: Left, mistake: Option<Mistake>) -> Self {
        let reading = Reading::by_production();
        let reading = match mistake {
            Some(Mistake::PortalIsANo) => reading.portal_as_no(),
            Some(Mistake::Bare401Erases) => reading.bare_401_as_no_access(),
            _ => reading,
        };
        Self {
            bounds,
            reading,
            mistake,
        }
    }

    pub fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// `decide`, or what a mistake makes of it.
    pub fn decide(&self, server: Server, local: Local, failures: u8) -> Decision {
        let decision = decide(server, local);
        let Some(mistake) = self.mistake else {
            return decision;
        };
        let with = |slot| Decision { slot, ..decision };
        let has_slot = matches!(local.row, Row::Whole { slot: true, .. });
        match (mistake, server) {
            (
                Mistake::CachesTheTempPassword,
                Server::Ok {
                    must_change: true, ..
                },
            ) => with(Effect::Write),
            (
                Mistake::KeepsTheOldSlotAfterAReset,
                Server::Ok {
                    must_change: true, ..
                },
            ) if has_slot => with(Effect::Keep),
            (Mistake::LocksOutOffline, Server::Unanswered) if failures >= 3 => Decision {
                outcome: Outcome::Locked,
                ..decision
            },
            (Mistake::LockErasesTheSlot, Server::Locked) => with(Effect::Remove),
            (
                Mistake::KeepsAnotherEpochsSlotWithoutMemory,
                Server::Ok {
                    must_change: false, ..
                },
            ) if local.kdf == Kdf::Failed && has_slot => with(Effect::Keep),
            (Mistake::ErasesThisEpochsSlotWithoutMemory, Server::Ok { .. }) if local.kdf == Kdf::Failed => {
                with(Effect::Remove)
            }
            (Mistake::LostAccessKeepsTheSlot, Server::NoAccess { .. }) => with(Effect::Keep),
            (Mistake::UnknownLoginErases, Server::NoAccess { user_id: None })
            | (Mistake::AnothersLostAccessErases, Server::NoAccess { user_id: Some(_) }) => {
                with(Effect::Remove)
            }
            (Mistake::DropsTheOldKey, _) => Decision {
                keep_old_key: false,
                ..decision
            },
            _ => decision,
        }
    }

    /// `hear`, or what a mistake makes of it.
    pub fn hear(&self, heard: Heard, asker: Asker, row: Row) -> News {
        let news = hear(heard, asker, row);
        let locks = Fate::Locks(LockReason::PasswordChanged);
        let erases = News {
            slot: Effect::Remove,
            ..news
        };
        match (self.mistake, heard) {
            (Some(Mistake::SignInAgainErases), Heard::SignInAgain)
            | (Some(Mistake::UpdateNeededErases), Heard::UpdateNeeded)
            | (Some(Mistake::OldTabErasesTheNewSlot), Heard::EpochChanged) => erases,
            (Some(Mistake::SignInAgainLocks), Heard::SignInAgain)
            | (Some(Mistake::UpdateNeededLocks), Heard::UpdateNeeded) => News {
                session: locks,
                ..news
            },
            (Some(Mistake::ChangedPasswordKeepsTheSlot), Heard::EpochChanged) => News {
                slot: Effect::Keep,
                ..news
            },
            _ => news,
        }
    }
}
