//! The account row: who has signed in on this tablet, and whether they can do so offline.

use protocol::{DkId, UserId};
use serde::{Deserialize, Serialize};
use vault::Slot;

use crate::{Decision, Effect, Outcome, Row, Server};

const VERSION: u8 = 1;

/// One user on this tablet. Written whole, in one put. The model of the sign-in protocol puts its own stand-in for the
/// slot, so that it checks the very steps that run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRow<S = Slot> {
    version: u8,
    pub user_id: UserId,
    /// The epoch and key of the last completed online sign-in.
    pub epoch: u32,
    pub dk_id: DkId,
    /// Present: this user can sign in here offline.
    pub slot: Option<S>,
    /// Data keys of before, each kept for as long as records wait under it. They open no session.
    pub kept: Vec<S>,
}

/// A row that was not written by this version, or not by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored account cannot be read")]
pub struct RowFault;

impl<S> AccountRow<S> {
    pub fn new(user_id: UserId, epoch: u32, dk_id: DkId, slot: Option<S>, kept: Vec<S>) -> Self {
        Self {
            version: VERSION,
            user_id,
            epoch,
            dk_id,
            slot,
            kept,
        }
    }

    /// The row as [`crate::decide`] sees it. `waiting`: records wait that are sealed under its key.
    pub fn seen(&self, waiting: bool) -> Row {
        Row::Whole {
            user_id: self.user_id,
            epoch: self.epoch,
            dk_id: self.dk_id,
            slot: self.slot.is_some(),
            waiting,
        }
    }

    /// The same user with no way to sign in here offline.
    pub fn without_slot(self) -> Self {
        Self { slot: None, ..self }
    }

    /// The row to put for what was decided on an answer; `None` where nothing is put. `derived` is the slot of the typed
    /// password, where one could be made.
    pub fn decided(
        before: Option<Self>,
        server: Server,
        decision: Decision,
        derived: Option<S>,
    ) -> Option<Self> {
        let Server::Ok {
            user_id,
            epoch,
            dk_id,
            ..
        } = server
        else {
            return before
                .filter(|_| decision.slot == Effect::Remove)
                .map(Self::without_slot);
        };
        if decision.outcome != Outcome::Open {
            return None;
        }
        let mine = before.filter(|row| row.user_id == user_id);
        let (old, mut kept) = mine.map(|row| (row.slot, row.kept)).unwrap_or_default();
        let slot = match decision.slot {
            Effect::Keep => old,
            Effect::Write | Effect::Remove => {
                kept.extend(old.filter(|_| decision.keep_old_key));
                derived.filter(|_| decision.slot == Effect::Write)
            }
        };
        Some(Self::new(user_id, epoch, dk_id, slot, kept))
    }
}

impl AccountRow {
    /// Reads a row from outside: never panics, never guesses. A slot that is not the row's own, or has parameters out of
    /// bounds, is a damaged row.
    pub fn parse(bytes: &[u8]) -> Result<Self, RowFault> {
        let row: Self = protocol::json::read(bytes).map_err(|_| RowFault)?;
        let whole = row.version == VERSION
            && row.slot.iter().all(|slot| {
                slot.check().is_ok() && slot.epoch == row.epoch && slot.dk_id == *row.dk_id.as_bytes()
            });
        if whole { Ok(row) } else { Err(RowFault) }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
