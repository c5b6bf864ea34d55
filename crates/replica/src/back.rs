//! What waited to be sent when a user came back with another password, and what has become of it: kept until they have
//! read it, because nothing is what they fear to have lost.
//!
//! The note is written in the transaction of that sign-in. It holds ids alone; what they name is read from the outbox.

use protocol::{RecordId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use vault::{Primitives, kind};

use crate::outbox::OutboxRow;
use crate::{Batch, Clock, Fault, Outbox, Remote, Replica, Store, StoreFault, Table, Write, records};

/// A user is back after a reset or a change of the password.
#[derive(Clone, Debug, PartialEq)]
pub struct Back {
    /// When they signed in with it.
    pub at: Timestamp,
    /// How many of their documents waited then.
    pub waited: usize,
    /// Those of them that lie here, each in the list of what has become of it.
    pub outbox: Outbox,
}

#[derive(Serialize, Deserialize)]
struct Note {
    at: Timestamp,
    records: Vec<RecordId>,
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The signed-in user is back, and has not said yet that they have read what became of what waited.
    pub async fn back(&self) -> Result<Option<Back>, Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let Some(note) = self.note(user_id).await? else {
            return Ok(None);
        };
        let mut outbox = self.outbox_of(Some(&note.records)).await?;
        let keys: Vec<String> = note
            .records
            .iter()
            .map(|id| records::row_key(user_id, kind::DOCUMENT, *id))
            .collect();
        outbox.damaged.retain(|damaged| keys.contains(&damaged.key));
        Ok(Some(Back {
            at: note.at,
            waited: note.records.len(),
            outbox,
        }))
    }

    /// They have read it.
    pub async fn back_read(&self) -> Result<(), Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let row = Write {
            table: Table::Meta,
            key: back_key(user_id),
            value: None,
        };
        let removed = self.store.commit(Batch::of(vec![row])).await;
        Ok(removed.map_err(StoreFault::from)?)
    }

    /// The note of what waits now, for the transaction of a sign-in. What an earlier one names, and nobody has read, stays
    /// on it. Where it cannot be read, the sign-in goes on without.
    pub(crate) async fn note_what_waits(&self, user_id: UserId) -> Option<Write> {
        let before = self.note(user_id).await.ok()?;
        let mut records = before.map(|note| note.records).unwrap_or_default();
        let prefix = records::prefix(user_id, kind::DOCUMENT);
        for (_, bytes) in self.store.scan(Table::Outbox, &prefix).await.ok()? {
            let row = OutboxRow::parse(&bytes).filter(OutboxRow::is_unsent);
            if let Some(row) = row
                && !records.contains(&row.record_id)
            {
                records.push(row.record_id);
            }
        }
        let at = self.clock.now();
        let note = serde_json::to_vec(&Note { at, records }).ok()?;
        Some(Write::put(Table::Meta, back_key(user_id), note))
    }

    async fn note(&self, user_id: UserId) -> Result<Option<Note>, StoreFault> {
        let bytes = self.store.get(Table::Meta, &back_key(user_id)).await?;
        Ok(bytes.and_then(|bytes| protocol::json::read(&bytes).ok()))
    }
}

fn back_key(user_id: UserId) -> String {
    format!("back/{user_id}")
}
