//! What must hold in every state, and what must be reachable. The names are those by which a mutant is said to be caught.

use replica::Outcome;
use stateright::Property;

use crate::acts::Act;
use crate::mistakes::Protocol;
use crate::rescue;
use crate::strays::Stray;
use crate::witness::Broken;
use crate::world::{Air, Slot, WRONG, World};

pub const I1: &str = "I1: created = waiting + acknowledged, and what is acknowledged is there";
pub const I2: &str = "I2: no offline outcome is a lock";
pub const I3: &str = "I3: a slot and its password open whenever nobody answers";
pub const I4: &str = "I4: no slot is made from a temp password";
pub const I5: &str = "I5: a temp password never opens offline";
pub const I6: &str = "I6: the slot is of the row's epoch and key";
pub const I7: &str = "I7: no local check after an answer";
pub const I8: &str = "I8: only a committed answer changes the slot";
pub const I9: &str = "I9: a wrong password opens nothing";
pub const I10: &str = "I10: the password of a completed online sign-in opens offline";
pub const I11: &str = "I11: a lock there takes nothing away here";
pub const I12: &str = "I12: never two passwords of one user";
pub const I16: &str = "I16: one press is at most one counted attempt";
pub const I20: &str = "I20: help leads to a session, a slot and all records";
pub const ROW_7: &str = "row 7: no session without its commit";
pub const ROW_11: &str = "rows 11 and 11a: only this account's lost access takes its slot";
pub const ROW_20: &str = "row 20: a late reply changes nothing";
pub const ROW_24: &str = "row 24: an old key is kept while records wait under it";
pub const NEWS: &str = "sync: epoch_changed and no_access take the slot that is meant, and lock";
pub const SIGN_IN_AGAIN: &str = "sync: sign_in_again takes the token and nothing else";
pub const UPDATE_NEEDED: &str = "sync: update_needed and no answer take nothing";

/// What must hold everywhere.
pub fn always() -> Vec<Property<Protocol>> {
    let always = Property::always;
    vec![
        always(I1, |_, world: &World| {
            (0..world.witness.saved.len()).all(|index| {
                let (saved, stored) = (world.witness.saved[index], world.main.stored[index]);
                let there = stored == saved;
                match world.tablet.records[index] {
                    None => there,
                    Some(record) => record.rev == saved && (there || !record.sent),
                }
            })
        }),
        always(I2, |protocol, world| {
            let words = || {
                world
                    .words()
                    .flat_map(|word| Stray::ALL.map(|stray| (word, stray)))
            };
            let locks = |(word, stray)| protocol.would_get(&world.tablet, word, stray) == Outcome::Locked;
            !world.witness.saw(Broken::LockedOffline) && !words().any(locks)
        }),
        always(I3, |protocol, world| match whole_slot(world) {
            None => true,
            Some(slot) => Stray::ALL
                .into_iter()
                .all(|stray| protocol.would_get(&world.tablet, slot.word, stray) == Outcome::Open),
        }),
        always(I4, |_, world| {
            world
                .tablet
                .slot()
                .is_none_or(|slot| !world.main.is_temp(slot.word))
        }),
        always(I5, |protocol, world| {
            let mut temps = world.words().filter(|word| world.main.is_temp(*word));
            !temps.any(|word| protocol.opens_offline(&world.tablet, word))
        }),
        always(I6, |_, world| {
            world.tablet.account().is_none_or(|row| {
                row.slot
                    .is_none_or(|slot| slot.epoch == row.epoch && crate::world::dk_id(slot.key) == row.dk_id)
            })
        }),
        always(I7, |_, world| !world.witness.saw(Broken::CheckedAfterAnAnswer)),
        always(I8, |_, world| {
            !world.witness.saw(Broken::SlotChangedWithoutAnAnswer)
        }),
        always(I9, |protocol, world| {
            !world.witness.saw(Broken::OpenedByAWrongWord) && !protocol.opens_offline(&world.tablet, WRONG)
        }),
        always(I10, |protocol, world| {
            let promised = world.witness.promised;
            promised.is_none_or(|word| protocol.opens_offline(&world.tablet, word))
        }),
        always(I11, |_, world| !world.witness.saw(Broken::LockTookTheSlot)),
        always(I12, |protocol, world| {
            let opens = |word: &u32| protocol.opens_offline(&world.tablet, *word);
            world.words().filter(opens).count() <= 1
        }),
        always(I16, |_, world| {
            !matches!(world.air, Air::Asking { counted: 2.., .. })
        }),
        always(I20, rescue::leads_out),
        always(ROW_7, |_, world| !world.witness.saw(Broken::OpenedWithoutACommit)),
        always(ROW_11, |_, world| {
            !world.witness.saw(Broken::NoAccessTookTooMuchOrTooLittle)
        }),
        always(ROW_20, |_, world| !world.witness.saw(Broken::LateReplyTaken)),
        always(ROW_24, |_, world| !world.witness.saw(Broken::OldKeyDropped)),
        always(NEWS, |_, world| {
            !world.witness.saw(Broken::NewsOfAnotherPasswordNotObeyed)
        }),
        always(SIGN_IN_AGAIN, |_, world| {
            !world.witness.saw(Broken::SignInAgainTookMoreThanTheToken)
        }),
        always(UPDATE_NEEDED, |_, world| {
            !world.witness.saw(Broken::UpdateNeededTookSomething)
        }),
    ]
}

fn whole_slot(world: &World) -> Option<Slot> {
    world.tablet.slot().filter(|slot| slot.whole)
}

/// What must be possible: a model in which nothing happens breaks no rule either.
pub fn sometimes() -> Vec<Property<Protocol>> {
    let sometimes = Property::sometimes;
    vec![
        sometimes(
            "case A: a temp password opens online, with the records of before",
            |_, world: &World| {
                online(world)
                    .is_some_and(|epoch| world.main.is_temp(epoch) && waits_from_before(world, epoch))
            },
        ),
        sometimes(
            "case A: it does not open offline, and nothing else does",
            |protocol, world| {
                online(world).is_some_and(|epoch| world.main.is_temp(epoch))
                    && !world
                        .words()
                        .any(|word| protocol.opens_offline(&world.tablet, word))
            },
        ),
        sometimes(
            "case B: the new password opens online, with the records of before",
            |_, world| {
                online(world).is_some_and(|epoch| {
                    !world.main.is_temp(epoch)
                        && world.main.is_temp(epoch - 1)
                        && waits_from_before(world, epoch - 1)
                })
            },
        ),
        sometimes("case B: and then offline", |_, world| {
            offline(world).is_some_and(|epoch| !world.main.is_temp(epoch) && world.main.is_temp(epoch - 1))
        }),
        sometimes(
            "the password opens offline while the account is locked",
            |_, world| world.main.is_locked() && offline(world) == Some(world.main.account.epoch),
        ),
        sometimes(
            "the old password opens offline before the news of a reset",
            |_, world| {
                world.main.account.must_change() && offline(world) == Some(world.main.account.epoch - 1)
            },
        ),
        sometimes(
            "the news of a reset takes the slot and keeps the records",
            |protocol, world| {
                // Without any trouble, nothing else removes the slot of the first epoch.
                let news = world.left.troubles == protocol.bounds.troubles
                    && world
                        .tablet
                        .account()
                        .is_some_and(|row| row.slot.is_none() && row.epoch == 1);
                news && world.main.account.must_change() && world.tablet.waiting().next().is_some()
            },
        ),
        sometimes(
            "records of before two resets are delivered after both",
            |_, world| {
                let told = matches!(world.air, Air::Syncing { told: Some(told), .. } if told.stored[0]);
                let both = world.main.is_temp(2) && world.main.is_temp(3);
                let after = world.tablet.session.is_some_and(|session| session.epoch >= 3);
                let record = world.tablet.records[0];
                told && both && after && record.is_some_and(|record| record.born == 1 && !record.sent)
            },
        ),
        sometimes(
            "records leave with a colleague while their author is locked out",
            |protocol, world| {
                let possible = world.main.is_locked() && world.tablet.session.is_none();
                possible && world.tablet.waiting().next().is_some() && {
                    let after = protocol.step(world, Act::ColleagueSyncs);
                    after.main.stored == world.witness.saved && after.tablet.waiting().next().is_none()
                }
            },
        ),
        sometimes("a reply is lost after the attempt was counted", |_, world| {
            matches!(
                world.air,
                Air::Asking {
                    counted: 1,
                    reply: Some(_),
                    ..
                }
            )
        }),
        sometimes(
            "an expired temp password is answered as a lock, and counts no strike",
            |_, world| {
                let locked = matches!(world.air, Air::Asking { reply: Some(replica::Server::Locked), word, .. }
                if word == world.main.account.epoch);
                locked && !world.main.is_locked()
            },
        ),
        sometimes(
            "row 8: a session without a slot, after a permanent password",
            |_, world| {
                online(world).is_some_and(|epoch| !world.main.is_temp(epoch)) && world.tablet.slot().is_none()
            },
        ),
        sometimes(
            "row 24: a new key, and an old one kept for what waits",
            |_, world| {
                world
                    .tablet
                    .account()
                    .is_some_and(|row| !row.kept.is_empty() && row.slot.is_some())
                    && world.tablet.session.is_some()
            },
        ),
        sometimes("sign_in_again: a session goes on without a token", |_, world| {
            world
                .tablet
                .session
                .is_some_and(|session| session.token.is_none())
                && world.tablet.slot().is_some()
        }),
        sometimes(
            "update_needed: a session that is told so",
            |_, world| matches!(world.air, Air::Syncing { told: Some(told), .. } if told.heard == replica::Heard::UpdateNeeded),
        ),
        sometimes(
            "a tab behind has an older session than the slot in front",
            |_, world| {
                let slot = world.tablet.slot();
                world
                    .tablet
                    .tab
                    .is_some_and(|tab| slot.is_some_and(|slot| slot.epoch > tab.epoch))
            },
        ),
    ]
}

fn online(world: &World) -> Option<u32> {
    world
        .tablet
        .session
        .filter(|session| session.online)
        .map(|session| session.epoch)
}

fn offline(world: &World) -> Option<u32> {
    world
        .tablet
        .session
        .filter(|session| !session.online)
        .map(|session| session.epoch)
}

fn waits_from_before(world: &World, epoch: u32) -> bool {
    world.tablet.waiting().any(|record| record.born < epoch)
}
