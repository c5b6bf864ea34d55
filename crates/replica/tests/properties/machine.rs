//! Anything, in any order: two users on one tablet, a helpdesk, a line that cuts and a store that fails or dies. After every
//! step the promises are checked; after the last one, helpdesk and network and a permanent password bring everything in.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use replica::{SignIn, SyncOutcome};

use crate::disk::{Fault, Plan};
use crate::office::Line;
use crate::rig::{LOGINS, Rig};

/// What the person at the tablet types.
#[derive(Clone, Debug)]
pub enum Typed {
    /// The password that the main application has.
    Present,
    /// Any of those that it ever had.
    Any(Index),
    Wrong,
}

#[derive(Clone, Debug)]
pub enum Step {
    SignIn(usize, Typed, Line, Plan),
    Begin(Plan),
    Save(Index, bool, Plan),
    Sync(Line, Plan),
    Lock,
    Restart,
    Reset(usize),
    Choose(usize),
    Deactivate(usize),
    Reactivate(usize),
    Revoke(usize),
}

/// What the outside world knows: who could sign in, and whether anybody is. It only steers what is tried next.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// A sign-in was tried and may have opened a session.
    busy: bool,
    temp: [bool; 2],
    away: [bool; 2],
}

fn fault() -> impl Strategy<Value = Plan> {
    let kinds = prop::sample::select(vec![
        Fault::Full,
        Fault::Broken,
        Fault::EndBefore,
        Fault::EndAfter,
    ]);
    prop::option::weighted(0.4, (1..11_u32, kinds))
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        5 => Just(Line::Open),
        4 => Just(Line::Cut),
        1 => Just(Line::LosesReply),
        1 => Just(Line::EndsWaiting),
        1 => Just(Line::Portal),
        1 => Just(Line::Proxy),
        1 => Just(Line::Muddles),
    ]
}

fn typed() -> impl Strategy<Value = Typed> {
    prop_oneof![
        6 => Just(Typed::Present),
        3 => any::<Index>().prop_map(Typed::Any),
        1 => Just(Typed::Wrong),
    ]
}

pub struct Life;

impl ReferenceStateMachine for Life {
    type State = World;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<World> {
        Just(World::default()).boxed()
    }

    fn transitions(world: &World) -> BoxedStrategy<Step> {
        let who = 0..LOGINS.len();
        let sign_in = (who.clone(), typed(), line(), fault())
            .prop_map(|(who, typed, line, plan)| Step::SignIn(who, typed, line, plan));
        if !world.busy {
            return sign_in.boxed();
        }
        let save = (any::<Index>(), prop::bool::weighted(0.2), fault());
        prop_oneof![
            6 => sign_in,
            5 => fault().prop_map(Step::Begin),
            6 => save.prop_map(|(which, complete, plan)| Step::Save(which, complete, plan)),
            6 => (line(), fault()).prop_map(|(line, plan)| Step::Sync(line, plan)),
            1 => Just(Step::Lock),
            1 => Just(Step::Restart),
            2 => who.clone().prop_map(Step::Reset),
            2 => who.clone().prop_map(Step::Choose),
            1 => who.clone().prop_map(Step::Deactivate),
            1 => who.clone().prop_map(Step::Reactivate),
            1 => who.prop_map(Step::Revoke),
        ]
        .boxed()
    }

    fn preconditions(world: &World, step: &Step) -> bool {
        match step {
            Step::Choose(who) => world.temp[*who] && !world.away[*who],
            Step::Reactivate(who) => world.away[*who],
            Step::Begin(_) | Step::Save(..) | Step::Sync(..) => world.busy,
            _ => true,
        }
    }

    fn apply(mut world: World, step: &Step) -> World {
        match step {
            Step::SignIn(..) => world.busy = true,
            Step::Lock | Step::Restart => world.busy = false,
            Step::Reset(who) => world.temp[*who] = true,
            Step::Choose(who) => world.temp[*who] = false,
            Step::Deactivate(who) => world.away[*who] = true,
            Step::Reactivate(who) => world.away[*who] = false,
            Step::Begin(_) | Step::Save(..) | Step::Sync(..) | Step::Revoke(_) => {}
        }
        world
    }
}

impl StateMachineTest for Life {
    type SystemUnderTest = Rig;
    type Reference = Self;

    fn init_test(_: &World) -> Rig {
        Rig::new()
    }

    fn apply(mut rig: Rig, _: &World, step: Step) -> Rig {
        match step {
            Step::SignIn(who, typed, line, plan) => {
                let known = &rig.ledger.passwords[who];
                let typed = match typed {
                    Typed::Present => known[known.len() - 1].typed.clone(),
                    Typed::Any(which) => which.get(known).typed.clone(),
                    Typed::Wrong => "nobody-has-this-password".into(),
                };
                rig.sign_in(who, &typed, line, plan);
            }
            Step::Begin(plan) => {
                rig.begin(plan);
            }
            Step::Save(which, complete, plan) => {
                let mine = |saved: &crate::ledger::Saved| {
                    Some(saved.author) == rig.who() && !saved.text.ends_with("Complete")
                };
                let open = rig.ledger.documents.iter().filter(|(_, saved)| mine(saved));
                let ids: Vec<_> = open.map(|(id, _)| *id).collect();
                if !ids.is_empty() {
                    rig.save(*which.get(&ids), complete, plan);
                }
            }
            Step::Sync(line, plan) => {
                rig.sync(line, plan);
            }
            Step::Lock => rig.lock(),
            Step::Restart => rig.restart(),
            Step::Reset(who) => rig.reset(who),
            Step::Choose(who) => rig.choose(who),
            Step::Deactivate(who) => rig.office.event(who, accounts::Event::Deactivated, None),
            Step::Reactivate(who) => rig.office.event(who, accounts::Event::Reactivated, None),
            Step::Revoke(who) => rig.office.revoke(who),
        }
        rig
    }

    /// I20: the helpdesk, a network and a permanent password lead to an open session, a working slot, and all records.
    fn teardown(mut rig: Rig, _: World) {
        rig.restart();
        for who in 0..LOGINS.len() {
            rig.office.event(who, accounts::Event::Reactivated, None);
            rig.reset(who);
            rig.choose(who);
            let typed = rig.ledger.passwords[who].last().unwrap().typed.clone();
            let opened = rig.sign_in(who, &typed, Line::Open, None);
            assert!(matches!(opened, Some(SignIn::Open(_))), "I20: {opened:?}");
            let sent = rig.sync(Line::Open, None);
            let all = matches!(
                sent,
                Some(SyncOutcome::Done {
                    refused: 0,
                    still_waiting: 0,
                    ..
                })
            );
            assert!(all, "I20: {sent:?}");
            rig.lock();
            let opened = rig.sign_in(who, &typed, Line::Cut, None);
            assert!(
                matches!(opened, Some(SignIn::Open(_))),
                "I20: not offline: {opened:?}"
            );
            rig.lock();
        }
        rig.assert_all_arrived();
    }
}

prop_state_machine! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn nothing_that_was_promised_is_broken(sequential 1..40 => Life);
}
