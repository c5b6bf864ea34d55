//! Everything that can happen next, and how much of it: who acts, and when they can.

use replica::Server;

use crate::strays::Stray;
use crate::world::{Air, Left, Login, RECORDS, Stored, Word, World};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    // Whoever holds the tablet: its user, or a bystander with a word that is nobody's.
    Types(Word),
    /// Saves the record: in one transaction, so before or after, never between.
    Saves(usize),
    Locks,
    /// Goes on in a new tab; the old one stays open behind it.
    OpensATab,
    /// A colleague signs in on this tablet and syncs: it carries everybody's records.
    ColleagueSyncs,

    // A sign-in on its way.
    Arrives,
    /// A proxy sends the request once more.
    ArrivesAgain,
    Answered(Luck),
    /// The answer comes when the tablet has been locked, or has stopped waiting.
    TooLate,
    /// No answer: also where the main application had counted the attempt.
    Lost(Stray),
    /// No answer, and this tablet cannot derive just now.
    LostAndNotChecked,
    Commits,
    CommitFails,

    // A sync on its way.
    Syncs,
    SyncArrives,
    SyncAnswered {
        written: bool,
    },
    SyncLost(Stray),
    /// The tab in the background syncs.
    TabSyncs,

    // In the main application.
    WrongPasswordAtThePage,
    ChangesPassword,
    Resets,
    Deactivates,
    Reactivates,
    DaysPass,
    HandsOutANewKey,
    EndsTokens,
    LosesLogin(Login),
    FindsLogin,
    GoesAhead,
    IsFollowed,

    // To the tablet.
    Crashes,
    RowIsDamaged,
    KeyIsDamaged,
}

/// How deriving and reading go on the tablet while an answer is dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    Good,
    CannotDerive,
    CannotRead,
}

impl Act {
    /// Troubles beside the everyday ones: few of them in one history, in any order, with everything else around them.
    pub fn is_trouble(self) -> bool {
        matches!(
            self,
            Self::OpensATab
                | Self::Deactivates
                | Self::DaysPass
                | Self::HandsOutANewKey
                | Self::EndsTokens
                | Self::LosesLogin(_)
                | Self::GoesAhead
                | Self::RowIsDamaged
                | Self::KeyIsDamaged
                | Self::Answered(Luck::CannotDerive | Luck::CannotRead)
        )
    }

    /// What it uses up.
    pub fn spend(self, left: &mut Left) {
        let used = match self {
            Self::Resets => &mut left.resets,
            Self::ChangesPassword => &mut left.changes,
            Self::Saves(_) => &mut left.saves,
            act if act.is_trouble() => &mut left.troubles,
            _ => return,
        };
        *used = used.saturating_sub(1);
    }

    fn is_left(self, left: &Left) -> bool {
        match self {
            Self::Resets => left.resets > 0,
            Self::ChangesPassword => left.changes > 0,
            Self::Saves(_) => left.saves > 0,
            act => !act.is_trouble() || left.troubles > 0,
        }
    }
}

/// What can happen in this world, within its bounds.
pub fn possible(world: &World, acts: &mut Vec<Act>) {
    on_the_tablet(world, acts);
    on_the_way(world, acts);
    in_the_main_application(world, acts);
    acts.retain(|act| act.is_left(&world.left));
}

fn on_the_tablet(world: &World, acts: &mut Vec<Act>) {
    let tablet = &world.tablet;
    if let Some(session) = tablet.session {
        for (index, record) in tablet.records.iter().enumerate() {
            let follows = index == 0 || tablet.records[index - 1].is_some();
            if record.map_or(follows, |record| record.key == session.key) {
                acts.push(Act::Saves(index));
            }
        }
        acts.push(Act::Locks);
        if world.air == Air::Quiet {
            if session.token.is_some() {
                acts.push(Act::Syncs);
            }
            if tablet.tab.is_none() {
                acts.push(Act::OpensATab);
            }
        }
    } else if world.air == Air::Quiet {
        acts.extend(world.words().map(Act::Types));
        if tablet.waiting().next().is_some() {
            acts.push(Act::ColleagueSyncs);
        }
    }
    if tablet.tab.is_some_and(|tab| tab.token.is_some()) {
        acts.push(Act::TabSyncs);
    }
    if tablet.session.is_some() || tablet.tab.is_some() || world.air != Air::Quiet {
        acts.push(Act::Crashes);
    }
    if matches!(tablet.account, Stored::Whole(_)) {
        acts.push(Act::RowIsDamaged);
    }
    if tablet.slot().is_some_and(|slot| slot.whole) {
        acts.push(Act::KeyIsDamaged);
    }
}

fn on_the_way(world: &World, acts: &mut Vec<Act>) {
    match &world.air {
        Air::Quiet => {}
        Air::Asking { reply, .. } => {
            match reply {
                None => acts.push(Act::Arrives),
                Some(said) => {
                    acts.extend([Act::ArrivesAgain, Act::Answered(Luck::Good), Act::TooLate]);
                    if matches!(said, Server::Ok { .. }) {
                        acts.extend([Luck::CannotDerive, Luck::CannotRead].map(Act::Answered));
                    }
                }
            }
            acts.extend(Stray::ALL.map(Act::Lost));
            acts.push(Act::LostAndNotChecked);
        }
        Air::Committing { .. } => acts.extend([Act::Commits, Act::CommitFails]),
        Air::Syncing { told, .. } => {
            match told {
                None => acts.push(Act::SyncArrives),
                Some(_) => acts.extend([true, false].map(|written| Act::SyncAnswered { written })),
            }
            acts.extend(Stray::ALL.map(Act::SyncLost));
        }
    }
}

fn in_the_main_application(world: &World, acts: &mut Vec<Act>) {
    let main = &world.main;
    acts.extend([Act::WrongPasswordAtThePage, Act::ChangesPassword, Act::Resets]);
    acts.push(match main.is_active() {
        true => Act::Deactivates,
        false => Act::Reactivates,
    });
    acts.extend([Act::HandsOutANewKey, Act::EndsTokens]);
    if main.account.must_change() {
        // For anybody else it would be the same day.
        acts.push(Act::DaysPass);
    }
    match main.login {
        Login::Ours => acts.extend([Login::Unknown, Login::Anothers].map(Act::LosesLogin)),
        Login::Unknown | Login::Anothers => acts.push(Act::FindsLogin),
    }
    acts.push(match main.ahead {
        false => Act::GoesAhead,
        true => Act::IsFollowed,
    });
}

const _: () = assert!(RECORDS == 2, "the bounds in the head of main.rs say two");
