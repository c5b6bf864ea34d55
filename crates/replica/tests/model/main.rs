//! The sign-in protocol, walked through from end to end: every state that a tablet, its main application and what is on
//! its way between them can be in, within the bounds below. Nothing of the protocol is told again here: `decide`,
//! `uncommitted`, `hear`, `plan`, `answer` and `AccountRow::decided` are those of this crate, `transition` and
//! `Session::standing` those of `accounts`. `README.md` beside this file says what that proves, and what it does not.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::print_stdout,
    reason = "the size of the state space is what a run is read for"
)]

mod acts;
mod main_app;
mod mistakes;
mod rescue;
mod rules;
mod strays;
mod tablet;
mod tests;
mod witness;
mod world;

use stateright::{Model, Property};

use acts::Act;
use mistakes::Protocol;
use world::{Air, DAYS_LATER, Login, Stored, Token, World};

impl Model for Protocol {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self.bounds)]
    }

    fn actions(&self, world: &World, acts: &mut Vec<Act>) {
        acts::possible(world, acts);
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut next = self.step(world, act);
        if next == *world {
            return None;
        }
        act.spend(&mut next.left);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        rules::always().into_iter().chain(rules::sometimes()).collect()
    }
}

impl Protocol {
    /// What one act makes of the world; bounds are not looked at.
    pub fn step(&self, before: &World, act: Act) -> World {
        let mut world = before.clone();
        let mut shown = None;
        let mut told_behind = None;
        match act {
            Act::Types(word) => {
                world.air = Air::Asking {
                    word,
                    counted: 0,
                    reply: None,
                    token: Token::Ended,
                };
            }
            Act::Saves(index) => world.witness.saved[index] = world.tablet.saves(index),
            Act::Locks => {
                world.tablet.session = None;
                world.air = Air::Quiet;
            }
            Act::OpensATab => world.tablet.tab = world.tablet.session.take(),
            Act::ColleagueSyncs => {
                let offered = world.tablet.offers();
                let stored = world.main.stores(offered);
                self.acknowledges(&mut world.tablet, stored, offered);
            }
            Act::Arrives => self.arrives(&mut world),
            Act::ArrivesAgain => self.arrives_again(&mut world),
            Act::Answered(luck) => shown = self.answered(&mut world, luck, false),
            Act::TooLate => shown = self.answered(&mut world, acts::Luck::Good, true),
            Act::Lost(stray) => shown = self.lost(&mut world, stray, true),
            Act::LostAndNotChecked => shown = self.lost(&mut world, strays::Stray::Nothing, false),
            Act::Commits => self.commits(&mut world),
            Act::CommitFails => shown = self.commit_fails(&mut world),
            Act::Syncs => self.syncs(&mut world),
            Act::SyncArrives => {
                if let (Air::Syncing { offered, .. }, Some(session)) =
                    (before.air.clone(), world.tablet.session)
                {
                    let told = Some(self.tells(&mut world, session, offered));
                    world.air = Air::Syncing { offered, told };
                }
            }
            Act::SyncAnswered { written } => {
                if let Air::Syncing {
                    offered,
                    told: Some(told),
                } = before.air
                {
                    self.hears(&mut world, false, told, offered, written);
                }
            }
            Act::SyncLost(stray) => {
                if let Air::Syncing { offered, .. } = before.air {
                    let told = world::Told {
                        heard: self.reading.sync(stray),
                        stored: [false; world::RECORDS],
                    };
                    self.hears(&mut world, false, told, offered, true);
                }
            }
            Act::TabSyncs => {
                if let Some(tab) = world.tablet.tab {
                    let offered = world.tablet.offers();
                    let told = self.tells(&mut world, tab, offered);
                    self.hears(&mut world, true, told, offered, true);
                    told_behind = Some(told);
                }
            }
            Act::WrongPasswordAtThePage => world.wrong_password_at_the_page(),
            Act::ChangesPassword => world.change_password(),
            Act::Resets => world.reset(),
            Act::Deactivates => drop(world.happens(accounts::Event::Deactivated)),
            Act::Reactivates => drop(world.happens(accounts::Event::Reactivated)),
            Act::DaysPass => world.main.now = DAYS_LATER,
            Act::HandsOutANewKey => world.main.key = 2,
            Act::EndsTokens => world.end_tokens(),
            Act::LosesLogin(login) => world.main.login = login,
            Act::FindsLogin => world.main.login = Login::Ours,
            Act::GoesAhead => world.main.ahead = true,
            Act::IsFollowed => world.main.ahead = false,
            Act::Crashes => {
                world.tablet.session = None;
                world.tablet.tab = None;
                world.air = Air::Quiet;
            }
            Act::RowIsDamaged => world.tablet.account = Stored::Unreadable,
            Act::KeyIsDamaged => {
                if let Stored::Whole(row) = &mut world.tablet.account
                    && let Some(slot) = &mut row.slot
                {
                    slot.whole = false;
                }
            }
        }
        let mut witness = world.witness.clone();
        witness.watch(before, act, shown, &world);
        if let Some(told) = told_behind {
            witness.watch_tab(told, before, &world);
        }
        world.witness = witness;
        world
    }
}
