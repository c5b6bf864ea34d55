//! The audit table: rows are added in the transaction of what they tell, and never touched again.

use protocol::UserId;
use serde_json::Value;

use super::{Connection, Result};

/// What can stand in the audit. `name()` is what is stored: once used, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    AccountCreated,
    SignedIn,
    SignInFailed,
    AccountLocked,
    PasswordReset,
    PasswordChanged,
    Deactivated,
    Reactivated,
    SignedOut,
    DataKeyIssued,
    ClientAssigned,
    ClientUnassigned,
    FormPublished,
    DocumentStored,
    StorageEvicted,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::SignedIn => "signed_in",
            Self::SignInFailed => "sign_in_failed",
            Self::AccountLocked => "account_locked",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::Deactivated => "deactivated",
            Self::Reactivated => "reactivated",
            Self::SignedOut => "signed_out",
            Self::DataKeyIssued => "data_key_issued",
            Self::ClientAssigned => "client_assigned",
            Self::ClientUnassigned => "client_unassigned",
            Self::FormPublished => "form_published",
            Self::DocumentStored => "document_stored",
            Self::StorageEvicted => "storage_evicted",
        }
    }
}

/// Who, what, to whom. `detail` is a JSON object without secrets.
pub struct Entry {
    pub at: i64,
    /// `None`: nobody who is signed in, or the operator at the command line.
    pub actor: Option<UserId>,
    pub action: Action,
    pub subject: Option<UserId>,
    pub detail: Value,
}

pub async fn add(connection: &mut Connection, entry: Entry) -> Result<()> {
    sqlx::query("INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)")
        .bind(entry.at)
        .bind(entry.actor.map(|id| id.to_string()))
        .bind(entry.action.name())
        .bind(entry.subject.map(|id| id.to_string()))
        .bind(entry.detail.to_string())
        .execute(connection)
        .await
        .map(drop)
}
