//! Somebody who stands beside and remembers what no program may forget, and who knows the rules for a single step.
//! They are written down a second time on purpose: nothing in this file calls `decide` or `hear`.

use replica::{Heard, Outcome, Server, Trouble};

use crate::acts::{Act, Luck};
use crate::world::{Air, RECORDS, Session, Slot, Told, USER, Word, World, key_of};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Witness {
    /// The newest revision of each record that was called saved.
    pub saved: [u8; RECORDS],
    /// The password that a completed online sign-in has promised to open offline.
    pub promised: Option<Word>,
    broken: u16,
}

/// What a single step can break.
#[derive(Clone, Copy, Debug)]
pub enum Broken {
    LockedOffline,
    CheckedAfterAnAnswer,
    SlotChangedWithoutAnAnswer,
    OpenedByAWrongWord,
    LockTookTheSlot,
    OpenedWithoutACommit,
    NoAccessTookTooMuchOrTooLittle,
    LateReplyTaken,
    OldKeyDropped,
    NewsOfAnotherPasswordNotObeyed,
    SignInAgainTookMoreThanTheToken,
    UpdateNeededTookSomething,
}

impl Witness {
    pub fn saw(&self, broken: Broken) -> bool {
        self.broken & (1 << broken as u16) != 0
    }

    fn note(&mut self, broken: Broken, holds: bool) {
        if !holds {
            self.broken |= 1 << broken as u16;
        }
    }

    /// One step, and what the user was shown after it.
    pub fn watch(&mut self, before: &World, act: Act, shown: Option<Outcome>, after: &World) {
        let slot_kept = before.tablet.slot() == after.tablet.slot();
        let opened = match (before.tablet.session, after.tablet.session) {
            (None, opened) => opened,
            (Some(_), _) => None,
        };
        self.watch_slot(before, act, slot_kept);
        if let Some(session) = opened {
            self.watch_opening(before, act, session);
        }
        match act {
            Act::Answered(luck) => self.watch_answer(before, luck, shown, after),
            Act::TooLate => {
                let unchanged = before.tablet == after.tablet && shown == Some(Outcome::Unchanged);
                self.note(Broken::LateReplyTaken, unchanged);
            }
            Act::Lost(_) | Act::LostAndNotChecked => {
                self.note(Broken::LockedOffline, shown != Some(Outcome::Locked));
            }
            Act::Commits => self.watch_commit(before, after),
            Act::SyncAnswered { written: true } => {
                if let Air::Syncing { told: Some(told), .. } = before.air {
                    let sessions = [before.tablet.session, after.tablet.session];
                    self.watch_news(told, sessions, before, after, slot_kept);
                }
            }
            Act::RowIsDamaged | Act::KeyIsDamaged => self.promised = None,
            _ => {}
        }
        if let Some(session) = opened.filter(|session| session.online) {
            self.promised = promise(before, after, session).unwrap_or(self.promised);
        }
    }

    fn watch_slot(&mut self, before: &World, act: Act, kept: bool) {
        let by_answer = match (act, &before.air) {
            (Act::Commits, Air::Committing { said, .. }) => {
                self.note(Broken::LockTookTheSlot, kept || *said != Server::Locked);
                !matches!(said, Server::BadPassword | Server::Unanswered | Server::Late)
            }
            (Act::SyncAnswered { .. }, Air::Syncing { told: Some(told), .. }) => {
                matches!(told.heard, Heard::EpochChanged | Heard::NoAccess)
            }
            // See `watch_tab`; and the disk's own doing.
            (Act::TabSyncs | Act::RowIsDamaged | Act::KeyIsDamaged, _) => true,
            _ => false,
        };
        self.note(Broken::SlotChangedWithoutAnAnswer, kept || by_answer);
    }

    fn watch_opening(&mut self, before: &World, act: Act, session: Session) {
        let (word, said) = match before.air {
            Air::Asking { word, reply, .. } => (word, reply),
            Air::Committing { word, said, .. } => (word, Some(said)),
            Air::Quiet | Air::Syncing { .. } => return self.note(Broken::OpenedByAWrongWord, false),
        };
        self.note(Broken::OpenedByAWrongWord, word == session.epoch);
        let refused = matches!(
            said,
            Some(Server::BadPassword | Server::Locked | Server::NoAccess { .. })
        );
        match act {
            Act::Commits => {}
            Act::Lost(_) | Act::LostAndNotChecked => self.note(Broken::OpenedWithoutACommit, !session.online),
            _ if refused => self.note(Broken::CheckedAfterAnAnswer, false),
            _ => self.note(Broken::OpenedWithoutACommit, false),
        }
    }

    /// A "no" is shown as the one message that it stands for; and lost access leads to a put, where there is a slot.
    fn watch_answer(&mut self, before: &World, luck: Luck, shown: Option<Outcome>, after: &World) {
        let Air::Asking {
            reply: Some(said), ..
        } = before.air
        else {
            return;
        };
        let expected = match said {
            _ if luck == Luck::CannotRead => Outcome::CriticalError(Some(Trouble::NoStorage)),
            Server::BadPassword => Outcome::Incorrect,
            Server::Locked => Outcome::Locked,
            Server::NoAccess { .. } => Outcome::CriticalError(None),
            Server::Ok { .. } => Outcome::Open,
            Server::Unanswered | Server::Late => return,
        };
        self.note(Broken::CheckedAfterAnAnswer, shown == Some(expected));
        if said == (Server::NoAccess { user_id: Some(USER) }) && before.tablet.slot().is_some() {
            let to_be_put = matches!(after.air, Air::Committing { .. });
            self.note(Broken::NoAccessTookTooMuchOrTooLittle, to_be_put);
        }
    }

    fn watch_commit(&mut self, before: &World, after: &World) {
        let Air::Committing { said, .. } = before.air else {
            return;
        };
        match said {
            Server::NoAccess { user_id } => {
                let (was, is) = (before.tablet.slot(), after.tablet.slot());
                let meant = user_id == Some(USER);
                self.note(
                    Broken::NoAccessTookTooMuchOrTooLittle,
                    if meant { is.is_none() } else { is == was },
                );
                if meant {
                    self.promised = None;
                }
            }
            Server::Ok { dk_id, .. } => {
                let keys = |world: &World| {
                    let row = world.tablet.account();
                    let kept = row.map(|row| row.kept.clone()).unwrap_or_default();
                    kept.into_iter().chain(world.tablet.slot()).collect::<Vec<Slot>>()
                };
                let had = keys(before);
                let has = keys(after);
                let mut needed = had
                    .iter()
                    .filter(|old| old.key != key_of(dk_id) && before.tablet.waits_under(old.key));
                let all = needed.all(|old| has.iter().any(|key| key.key == old.key));
                self.note(Broken::OldKeyDropped, all);
            }
            _ => {}
        }
    }

    fn watch_news(
        &mut self,
        told: Told,
        [session, session_after]: [Option<Session>; 2],
        before: &World,
        after: &World,
        slot_kept: bool,
    ) {
        let Some(session) = session else {
            return;
        };
        let row_epoch = before.tablet.account().map(|row| row.epoch);
        match told.heard {
            Heard::Ok => self.note(Broken::SlotChangedWithoutAnAnswer, slot_kept),
            Heard::EpochChanged | Heard::NoAccess => {
                let meant = told.heard == Heard::NoAccess || row_epoch == Some(session.epoch);
                let obeyed = match meant {
                    true => after.tablet.slot().is_none(),
                    false => slot_kept,
                };
                self.note(
                    Broken::NewsOfAnotherPasswordNotObeyed,
                    obeyed && session_after.is_none(),
                );
                if meant {
                    self.promised = None;
                }
            }
            Heard::SignInAgain => {
                let expected = Session {
                    token: None,
                    ..session
                };
                self.note(
                    Broken::SignInAgainTookMoreThanTheToken,
                    slot_kept && session_after == Some(expected),
                );
            }
            Heard::UpdateNeeded | Heard::Unanswered => {
                self.note(
                    Broken::UpdateNeededTookSomething,
                    slot_kept && session_after == Some(session),
                );
            }
        }
    }

    /// The tab behind has synced: the same rules.
    pub fn watch_tab(&mut self, told: Told, before: &World, after: &World) {
        let slot_kept = before.tablet.slot() == after.tablet.slot();
        let sessions = [before.tablet.tab, after.tablet.tab];
        self.watch_news(told, sessions, before, after, slot_kept);
    }
}

/// What an online sign-in promises; `None` is "what was promised before stands".
fn promise(before: &World, after: &World, session: Session) -> Option<Option<Word>> {
    if after.main.is_temp(session.epoch) {
        return Some(None);
    }
    let derived = [&before.air, &after.air]
        .into_iter()
        .any(|air| matches!(air, Air::Committing { derived: true, .. }));
    if derived {
        return Some(Some(session.epoch));
    }
    // Row 8.
    let same = before
        .tablet
        .account()
        .is_some_and(|row| row.epoch == session.epoch && key_of(row.dk_id) == session.key);
    if same { None } else { Some(None) }
}
