//! What can go wrong in the main application itself, as opposed to what a request got wrong.

use crate::auth::HashFault;
use crate::keys::KeyFault;

/// A cause for the log. Whoever asked is told only that it did not work and whether to try again.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Store(#[from] sqlx::Error),
    #[error("data key: {0}")]
    Key(KeyFault),
    #[error(transparent)]
    Hash(#[from] HashFault),
    #[error("random source: {0}")]
    Random(#[from] vault::CryptoFault),
    #[error("task: {0}")]
    Task(#[from] tokio::task::JoinError),
    #[error("page: {0}")]
    Page(#[from] askama::Error),
    #[error("too many passwords are being hashed")]
    Busy,
    #[error("{0}")]
    Inconsistent(&'static str),
}

impl From<KeyFault> for Fault {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Store(error) => Self::Store(error),
            other => Self::Key(other),
        }
    }
}

impl Fault {
    /// Whether the same request may work in a moment.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Store(_) | Self::Task(_) | Self::Busy)
    }
}
