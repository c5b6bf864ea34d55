//! The way out that the helpdesk knows, walked from a state by the same steps as everything else.

use accounts::Event;

use crate::acts::{Act, Luck};
use crate::mistakes::Protocol;
use crate::world::{Air, Login, World};

/// Helpdesk, network and a permanent password lead to an open session, a working slot and all records.
pub fn leads_out(protocol: &Protocol, world: &World) -> bool {
    let mut world = protocol.step(world, Act::Crashes);
    // What only an administrator can mend, and only if it is broken.
    world.main.ahead = false;
    world.main.login = Login::Ours;
    if !world.main.is_active() {
        world.happens(Event::Reactivated);
    }
    let mut then = |act| {
        world = protocol.step(&world, act);
        world.main.account.epoch
    };
    then(Act::Resets);
    let word = then(Act::ChangesPassword);
    for act in [
        Act::Types(word),
        Act::Arrives,
        Act::Answered(Luck::Good),
        Act::Commits,
        Act::Syncs,
        Act::SyncArrives,
        Act::SyncAnswered { written: true },
    ] {
        then(act);
    }
    let all_there = world.main.stored == world.witness.saved;
    world.air == Air::Quiet
        && world.tablet.session.is_some()
        && protocol.opens_offline(&world.tablet, word)
        && all_there
        && world.tablet.waiting().next().is_none()
}
