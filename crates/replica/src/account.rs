//! The account row: who has signed in on this tablet, and whether they can do so offline.

use protocol::{DkId, UserId};
use serde::{Deserialize, Serialize};
use vault::Slot;

const VERSION: u8 = 1;

/// One user on this tablet. Written whole, in one put.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountRow {
    version: u8,
    pub user_id: UserId,
    /// The epoch and key of the last completed online sign-in.
    pub epoch: u32,
    pub dk_id: DkId,
    /// Present: this user can sign in here offline.
    pub slot: Option<Slot>,
    /// Data keys of before, each kept for as long as records wait under it. They open no session.
    pub kept: Vec<Slot>,
}

/// A row that was not written by this version, or not by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored account cannot be read")]
pub struct RowFault;

impl AccountRow {
    pub fn new(user_id: UserId, epoch: u32, dk_id: DkId, slot: Option<Slot>, kept: Vec<Slot>) -> Self {
        Self {
            version: VERSION,
            user_id,
            epoch,
            dk_id,
            slot,
            kept,
        }
    }

    /// Reads a row from outside: never panics, never guesses. A slot with parameters out of bounds is a damaged row.
    pub fn parse(bytes: &[u8]) -> Result<Self, RowFault> {
        let row: Self = protocol::json::read(bytes).map_err(|_| RowFault)?;
        let whole = row.version == VERSION
            && row.slot.iter().all(|slot| {
                // The slot's own are authenticated; the row's are only beside them.
                slot.check().is_ok() && slot.epoch == row.epoch && slot.dk_id == *row.dk_id.as_bytes()
            });
        if whole { Ok(row) } else { Err(RowFault) }
    }

    /// The same user with no way to sign in here offline.
    pub fn without_slot(self) -> Self {
        Self { slot: None, ..self }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
