//! One tablet: who is signed in, what lies sealed here, what waits to be sent, and what a reply does to it.
//!
//! Everything that can be decided without a browser is decided here. The edges are four traits: [`Store`] (IndexedDB, or
//! [`Memory`]), [`Remote`] (fetch), [`Clock`] and `vault::Primitives` (WebCrypto). Neighbours: `protocol` for what
//! travels, `vault` for what is sealed; the pages of the PWA call [`Replica`] and nothing else. This crate does not know
//! what a questionnaire is: answers are JSON that it seals.
//!
//! Where to start: [`decide`], the table that says what a sign-in does, and [`hear()`], the same for a sync; then
//! [`Replica::sign_in`], [`Replica::save`], [`Replica::sync`]. `tests/model/` walks through every state of the protocol.

mod account;
mod back;
mod canary;
mod clock;
mod decide;
mod documents;
mod earlier;
mod failures;
mod former;
pub mod guide;
mod hear;
mod memory;
mod order;
mod outbox;
mod plan;
mod ready;
mod received;
mod records;
mod remote;
mod session;
mod sign_in;
mod store;
#[cfg(feature = "suite")]
pub mod suite;
mod sync;
mod turn;

use std::cell::{Cell, RefCell};

use protocol::{DeviceId, Settings, Timestamp};

pub use account::{AccountRow, RowFault};
pub use back::Back;
pub use canary::{Eviction, is_empty, remembered};
pub use clock::Clock;
pub use decide::{Check, Decision, Effect, Kdf, Local, Outcome, Row, Server, Trouble, decide, uncommitted};
pub use documents::{Caseload, DocumentEntry, SaveFault, Shelf, Working};
pub use earlier::{Earlier, earlier};
pub use failures::Failures;
pub use hear::{Asker, Fate, Heard, LockReason, News, hear};
pub use memory::Memory;
pub use order::sorted;
pub use outbox::{Delivery, Outbox, OutboxEntry, OutboxRow, OutboxTitle};
pub use plan::{Plan, plan};
pub use ready::{AppFiles, Found, Grade, Offline, Part, Readiness, Rehearsal, Seen, grade, is_ready};
pub use received::Received;
pub use records::{Damaged, Fault};
pub use remote::{HttpReply, NoReply, Remote, SIGN_IN_TIMEOUT_MS, SYNC_TIMEOUT_MS, Unanswered, answer};
pub use session::{OfflineSignIn, OpenedBy, SessionInfo};
pub use sign_in::{FieldFault, Message, REVOKED_LINE, SignIn, UNREACHED_LINE};
pub use store::{Batch, CommitFault, Expect, Store, StoreFault, Table, Write};
pub use sync::SyncOutcome;

/// A tablet with its edges. Cheap to share by `Rc`; every method takes `&self`, and none holds a borrow across an await.
pub struct Replica<S, R, C, P: vault::Primitives> {
    store: S,
    remote: R,
    clock: C,
    primitives: P,
    device_id: DeviceId,
    eviction: Cell<Option<Eviction>>,
    session: RefCell<Option<session::Session<P::Key>>>,
    /// Grows at every lock and every sign-in: what was asked before it is not listened to after it.
    generation: Cell<u64>,
    signing_in: Cell<bool>,
    syncing: Cell<bool>,
    offline_failures: Cell<u32>,
    settings: RefCell<Settings>,
}

impl<S: Store, R: Remote, C: Clock, P: vault::Primitives> Replica<S, R, C, P> {
    /// Wakes the tablet: reads who it is, or makes it a new one at its first start.
    ///
    /// `canary` is the device id as another storage of the browser remembers it. Where the store is empty and the canary is
    /// not, the browser has evicted what was here: [`Replica::eviction`] says so until somebody has read it, and the tablet keeps its id, so that
    /// the main application can name what is missing.
    pub async fn start(
        store: S,
        remote: R,
        clock: C,
        primitives: P,
        canary: Option<DeviceId>,
    ) -> Result<Self, StoreFault> {
        let stored = store
            .get(Table::Meta, DEVICE)
            .await?
            .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        let (device_id, evicted) = match (stored, canary) {
            (Some(bytes), _) => (DeviceId::from_bytes(bytes), false),
            (None, Some(canary)) => (canary, true),
            (None, None) => {
                let mut bytes = [0; 16];
                primitives
                    .random(&mut bytes)
                    .map_err(|fault| StoreFault::Broken(fault.0))?;
                (DeviceId::from_random(bytes), false)
            }
        };
        let eviction = match (evicted, store.get(Table::Meta, EVICTED).await?) {
            (true, _) => Some(Eviction::noticed(clock.now())),
            (false, Some(bytes)) => protocol::json::read(&bytes).ok(),
            (false, None) => None,
        };
        if stored.is_none() {
            let mut writes = vec![Write::put(Table::Meta, DEVICE, device_id.as_bytes().to_vec())];
            writes.extend(eviction.as_ref().and_then(Eviction::write));
            store.commit(Batch::of(writes)).await?;
        }
        let settings = match store.get(Table::Meta, SETTINGS).await? {
            Some(bytes) => protocol::json::read(&bytes).unwrap_or_default(),
            None => Settings::default(),
        };
        Ok(Self {
            store,
            remote,
            clock,
            primitives,
            device_id,
            eviction: Cell::new(eviction),
            session: RefCell::default(),
            generation: Cell::new(0),
            signing_in: Cell::new(false),
            syncing: Cell::new(false),
            offline_failures: Cell::new(0),
            settings: RefCell::new(settings),
        })
    }

    /// This tablet's id: for the canary, and for nothing that is shown.
    pub fn device_id(&self) -> DeviceId {
        self.device_id
    }

    /// The clock of the tablet, for what is shown.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Forgets the session and its keys. The page reloads itself afterwards, so that no plaintext stays in memory.
    pub fn lock(&self) {
        self.generation.set(self.generation.get() + 1);
        self.session.replace(None);
    }

    /// What the agency has configured, as last heard; empty before the first contact.
    pub fn settings(&self) -> Settings {
        self.settings.borrow().clone()
    }

    /// Asks the main application for its settings. True where it could be reached.
    pub async fn refresh_settings(&self) -> bool {
        let reply = self.remote.get("/api/settings", SIGN_IN_TIMEOUT_MS).await;
        match answer::<Settings>(reply) {
            Ok(settings) => {
                self.keep_settings(settings).await;
                true
            }
            Err(_) => false,
        }
    }

    /// Settings are a convenience: a tablet that cannot write them still shows them until it is closed.
    async fn keep_settings(&self, settings: Settings) {
        if *self.settings.borrow() == settings {
            return;
        }
        if let Ok(bytes) = serde_json::to_vec(&settings) {
            let kept = self
                .store
                .commit(Batch::of(vec![Write::put(Table::Meta, SETTINGS, bytes)]))
                .await;
            drop(kept);
        }
        self.settings.replace(settings);
    }
}

/// Keys of [`Table::Meta`].
pub(crate) const DEVICE: &str = "device";
pub(crate) const SETTINGS: &str = "settings";
pub(crate) const KDF_COST: &str = "kdf-cost";
pub(crate) const FAILED_ATTEMPTS: &str = "failed-attempts";
pub(crate) const EVICTED: &str = "evicted";
