//! The runs: the protocol as it is, over all its states; and every mutant until a named rule catches it.

use std::collections::BTreeSet;

use stateright::{Checker as _, HasDiscoveries, Model as _};

use crate::mistakes::{Mistake, Protocol};
use crate::rules::*;
use crate::world::Left;

/// What may happen in one history, and how many distinct states that makes at least. What was counted when this was
/// written is in README.md; far fewer would be a model that has lost a part.
const RUNS: [(&str, Left, usize); 4] = [
    (
        "everyday",
        Left {
            resets: 2,
            changes: 2,
            saves: 2,
            troubles: 0,
        },
        430_000,
    ),
    (
        "one trouble and two resets",
        Left {
            resets: 2,
            changes: 1,
            saves: 1,
            troubles: 1,
        },
        370_000,
    ),
    (
        "one trouble and two savings",
        Left {
            resets: 1,
            changes: 1,
            saves: 2,
            troubles: 1,
        },
        530_000,
    ),
    (
        "two troubles",
        Left {
            resets: 1,
            changes: 1,
            saves: 1,
            troubles: 2,
        },
        970_000,
    ),
];

/// Every mistake shows within these.
const BOUNDS_OF_MUTANTS: Left = Left {
    resets: 1,
    changes: 1,
    saves: 2,
    troubles: 1,
};

#[test]
fn every_rule_holds_in_every_state_and_every_wanted_outcome_is_reached() {
    let mut reached = BTreeSet::new();
    for (what, bounds, at_least) in RUNS {
        let checker = Protocol::new(bounds, None)
            .checker()
            .threads(2)
            .spawn_bfs()
            .join();
        let states = checker.unique_state_count();
        let (steps, depth) = (checker.state_count(), checker.max_depth());
        println!("{what}: {states} distinct states, {steps} steps, {depth} acts deep");
        for rule in always() {
            checker.assert_no_discovery(rule.name);
        }
        assert!(states >= at_least, "the model has lost a part: {states} states");
        reached.extend(checker.discoveries().into_keys());
    }
    for outcome in sometimes() {
        assert!(reached.contains(outcome.name), "never: {}", outcome.name);
    }
}

#[test]
fn every_mistake_is_caught_by_a_rule_that_is_there_for_it() {
    use Mistake::*;
    let mut missed = Vec::new();
    for (mistake, rules) in [
        (CachesTheTempPassword, &[I4, I5][..]),
        (KeepsTheOldSlotAfterAReset, &[I6]),
        (LocksOutOffline, &[I2, I3]),
        (FallsBackAfterANo, &[I7]),
        (PurgesOnReset, &[I1]),
        (OpensBeforeTheCommit, &[I10, ROW_7]),
        (ErasesThenWrites, &[I10]),
        (LockErasesTheSlot, &[I11]),
        (PortalIsANo, &[I3]),
        (Bare401Erases, &[I8]),
        (DeactivationPurges, &[I1]),
        (PurgesBeforeTheAcknowledgement, &[I1]),
        (OpensWithoutACommit, &[ROW_7]),
        (KeepsAnotherEpochsSlotWithoutMemory, &[I6]),
        (ErasesThisEpochsSlotWithoutMemory, &[I10]),
        (LostAccessKeepsTheSlot, &[ROW_11]),
        (UnknownLoginErases, &[ROW_11]),
        (AnothersLostAccessErases, &[ROW_11]),
        (LateReplyIsTaken, &[ROW_20]),
        (DropsTheOldKey, &[ROW_24]),
        (SignInAgainErases, &[SIGN_IN_AGAIN]),
        (SignInAgainLocks, &[SIGN_IN_AGAIN]),
        (UpdateNeededErases, &[UPDATE_NEEDED]),
        (UpdateNeededLocks, &[UPDATE_NEEDED]),
        (ChangedPasswordKeepsTheSlot, &[NEWS]),
        (OldTabErasesTheNewSlot, &[I10]),
        (AcknowledgesAnyRevision, &[I1]),
        (SendsThePasswordAgain, &[I16]),
        (RepeatIsCounted, &[I16]),
    ] {
        let checker = Protocol::new(BOUNDS_OF_MUTANTS, Some(mistake))
            .checker()
            .finish_when(HasDiscoveries::AnyOf(BTreeSet::from_iter(rules.iter().copied())))
            .spawn_bfs()
            .join();
        let discoveries = checker.discoveries();
        match rules.iter().find(|rule| discoveries.contains_key(*rule)) {
            Some(rule) => println!("{mistake:?}: {rule}"),
            None => missed.push(mistake),
        }
    }
    assert_eq!(missed, [], "nobody catches these");
}
