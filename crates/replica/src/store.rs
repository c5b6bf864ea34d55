//! The store's contract: four tables of bytes and one atomic write. IndexedDB keeps it in the browser
//! (`src/browser/store.rs` of the PWA), [`crate::Memory`] in tests; one suite holds both to it.
//!
//! What a row means is this crate's business: the store sees keys and bytes, so a damaged row is found here, where it
//! can be named, and never inside a storage library.

/// Where a row lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// What the tablet knows of itself: its id, the agency's settings, failed attempts.
    Meta,
    /// One row per user who has signed in here, by canonical login.
    Accounts,
    /// Sealed records, by `user/kind/record`.
    Records,
    /// What has become of each record that is to be sent, by the record's key.
    Outbox,
}

impl Table {
    pub const ALL: [Self; 4] = [Self::Meta, Self::Accounts, Self::Records, Self::Outbox];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Accounts => "accounts",
            Self::Records => "records",
            Self::Outbox => "outbox",
        }
    }
}

/// One change; `value: None` removes the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    pub table: Table,
    pub key: String,
    pub value: Option<Vec<u8>>,
}

impl Write {
    pub fn put(table: Table, key: impl Into<String>, value: Vec<u8>) -> Self {
        Self {
            table,
            key: key.into(),
            value: Some(value),
        }
    }
}

/// A row must be exactly so, or nothing of the batch is written. `value: None` wants it absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    pub table: Table,
    pub key: String,
    pub value: Option<Vec<u8>>,
}

/// All or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    pub expect: Vec<Expect>,
    pub writes: Vec<Write>,
}

impl Batch {
    pub fn of(writes: Vec<Write>) -> Self {
        Self {
            expect: Vec::new(),
            writes,
        }
    }
}

/// The storage failed. Nothing of what was asked has happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    #[error("the storage of this tablet is full")]
    Full,
    #[error("the storage is held by another tab that runs an older version of the app; close that tab")]
    Blocked,
    #[error("the app was updated in another tab; reload this page")]
    Outdated,
    #[error("the storage of this tablet cannot be used: {0}")]
    Broken(String),
}

/// Why a batch was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitFault {
    /// An expectation did not hold: somebody else has written in between.
    #[error("another tab has changed this in between")]
    Conflict,
    #[error(transparent)]
    Store(#[from] StoreFault),
}

impl From<CommitFault> for StoreFault {
    /// For batches without expectations, which cannot conflict.
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Store(fault) => fault,
            CommitFault::Conflict => Self::Broken("an unexpected conflict".into()),
        }
    }
}

/// Rows of bytes in tables. Implementations:
/// - `get` returns exactly what the last committed `put` wrote.
/// - `scan` returns the rows whose keys begin with `prefix`, in the order of their keys.
/// - `commit` checks every expectation and applies every write in one transaction of strict durability; when it returns
///   `Ok`, the writes outlive a killed tab and an empty battery; when it returns `Err`, nothing has changed.
/// - No transaction is open when a method has returned.
#[expect(
    async_fn_in_trait,
    reason = "the browser is one thread, so no future has to be Send"
)]
pub trait Store {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreFault>;
    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFault>;
    async fn commit(&self, batch: Batch) -> Result<(), CommitFault>;
}
