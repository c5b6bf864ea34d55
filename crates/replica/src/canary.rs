//! A tablet whose storage the browser has emptied: told from a new one, kept in mind, and told to whoever has to know.
//!
//! The id of the tablet lies in the store, in another storage of the browser and in a cookie of the main application. Where
//! the store is empty and one of the others is not, documents that had not been sent are gone. The note of it is a row of
//! its own, so that a tab that is closed too early does not swallow it.

use protocol::{DeviceId, EvictionNoted, LastReport, Remembered, Timestamp};
use serde::{Deserialize, Serialize};
use vault::Primitives;

use crate::{
    Batch, Clock, DEVICE, EVICTED, Remote, Replica, SIGN_IN_TIMEOUT_MS, Store, StoreFault, Table, Write,
    answer,
};

/// What was here has been removed from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eviction {
    /// When the tablet noticed.
    pub at: Timestamp,
    /// What it had told the main application before, once that is known.
    pub last_report: Option<LastReport>,
    /// The main application has heard of it.
    pub reported: bool,
}

impl Eviction {
    pub(crate) fn noticed(at: Timestamp) -> Self {
        Self {
            at,
            last_report: None,
            reported: false,
        }
    }

    pub(crate) fn write(&self) -> Option<Write> {
        // A struct of numbers always has a JSON form.
        Some(Write::put(Table::Meta, EVICTED, serde_json::to_vec(self).ok()?))
    }
}

/// Whether nothing lies in the store, not even the tablet's id.
pub async fn is_empty(store: &impl Store) -> Result<bool, StoreFault> {
    Ok(store.get(Table::Meta, DEVICE).await?.is_none())
}

/// What the main application remembers of this browser, by its cookie. `None` also where it cannot be reached.
pub async fn remembered(remote: &impl Remote) -> Option<DeviceId> {
    ask(remote).await?.device_id
}

async fn ask(remote: &impl Remote) -> Option<Remembered> {
    answer(remote.get("/api/tablet", SIGN_IN_TIMEOUT_MS).await).ok()
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The storage of this tablet was emptied, and nobody has said yet that they have read it.
    pub fn eviction(&self) -> Option<Eviction> {
        self.eviction.get()
    }

    /// Asks how many documents waited here when the tablet last reported. True where there is something new to show.
    pub async fn learn_what_was_lost(&self) -> bool {
        let Some(eviction) = self
            .eviction
            .get()
            .filter(|eviction| eviction.last_report.is_none())
        else {
            return false;
        };
        let remembered = ask(&self.remote).await.unwrap_or_default();
        if remembered.device_id != Some(self.device_id) || remembered.last_report.is_none() {
            return false;
        }
        self.keep_eviction(Eviction {
            last_report: remembered.last_report,
            ..eviction
        })
        .await;
        true
    }

    /// Somebody has read it. It stays for as long as the main application has not heard of it.
    pub async fn eviction_read(&self) -> Result<(), StoreFault> {
        if self.eviction.get().is_some_and(|eviction| eviction.reported) {
            let row = Write {
                table: Table::Meta,
                key: EVICTED.into(),
                value: None,
            };
            self.store.commit(Batch::of(vec![row])).await?;
            self.eviction.set(None);
        }
        Ok(())
    }

    /// What is still to be said at a sign-in.
    pub(crate) fn unreported_eviction(&self) -> Option<Timestamp> {
        let eviction = self.eviction.get().filter(|eviction| !eviction.reported);
        eviction.map(|eviction| eviction.at)
    }

    /// The note as it is after a sign-in that was answered with ok.
    pub(crate) fn eviction_after(&self, noted: Option<EvictionNoted>) -> Option<Eviction> {
        let before = self.eviction.get();
        match noted {
            Some(noted) => {
                let before = before.unwrap_or_else(|| Eviction::noticed(self.clock.now()));
                Some(Eviction {
                    last_report: noted.last_report.or(before.last_report),
                    reported: true,
                    ..before
                })
            }
            None => before,
        }
    }

    /// A tablet that cannot write it still shows it until it is closed.
    async fn keep_eviction(&self, eviction: Eviction) {
        if let Some(write) = eviction.write() {
            drop(self.store.commit(Batch::of(vec![write])).await);
        }
        self.eviction.set(Some(eviction));
    }
}
