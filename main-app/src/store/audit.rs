//! The audit table: rows are added in the transaction of what they tell, and never touched again.

use protocol::UserId;
use serde_json::Value;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Connection, Result, id};

/// What can stand in the audit. `name()` is what is stored: once used, never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    AccountCreated,
    AccountEdited,
    SecurityChanged,
    TabletRevoked,
    TabletAllowed,
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
    RequestReceived,
    RequestAccountChosen,
    UserReached,
    UserNotReached,
    AnswerChecked,
    SecondClerkAsked,
    SecondClerkAgreed,
    SecondClerkDeclined,
    RequestReturned,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::AccountEdited => "account_edited",
            Self::SecurityChanged => "security_changed",
            Self::TabletRevoked => "tablet_revoked",
            Self::TabletAllowed => "tablet_allowed",
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
            Self::RequestReceived => "request_received",
            Self::RequestAccountChosen => "request_account_chosen",
            Self::UserReached => "user_reached",
            Self::UserNotReached => "user_not_reached",
            Self::AnswerChecked => "answer_checked",
            Self::SecondClerkAsked => "second_clerk_asked",
            Self::SecondClerkAgreed => "second_clerk_agreed",
            Self::SecondClerkDeclined => "second_clerk_declined",
            Self::RequestReturned => "request_returned",
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
    add_about(connection, entry, None).await
}

/// As [`add`], and the entry is told on the page of a request for a reset too.
pub async fn add_about(connection: &mut Connection, entry: Entry, request: Option<i64>) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (at, actor, action, subject, detail, request) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(entry.at)
    .bind(entry.actor.map(|id| id.to_string()))
    .bind(entry.action.name())
    .bind(entry.subject.map(|id| id.to_string()))
    .bind(entry.detail.to_string())
    .bind(request)
    .execute(connection)
    .await
    .map(drop)
}

/// An entry as it is read again.
pub struct Past {
    pub at: i64,
    pub actor: Option<UserId>,
    pub action: String,
    pub detail: Value,
    /// The number of the request for a reset that it belongs to.
    pub request: Option<i64>,
}

/// What was done to a user, the newest first.
pub async fn about(connection: &mut Connection, subject: UserId, limit: i64) -> Result<Vec<Past>> {
    sqlx::query(
        "SELECT at, actor, action, detail, request FROM audit WHERE subject = $1 ORDER BY seq DESC LIMIT $2",
    )
    .bind(subject.to_string())
    .bind(limit)
    .fetch_all(connection)
    .await?
    .iter()
    .map(read)
    .collect()
}

/// What was done about a request, the oldest first.
pub async fn about_request(connection: &mut Connection, number: i64) -> Result<Vec<Past>> {
    sqlx::query("SELECT at, actor, action, detail, request FROM audit WHERE request = $1 ORDER BY seq")
        .bind(number)
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// An entry with its place in the order of all.
pub struct Numbered {
    pub seq: i64,
    pub action: String,
    pub detail: Value,
}

/// What was done to a user after the entry of that number, the oldest first.
pub async fn since(connection: &mut Connection, subject: UserId, seq: i64) -> Result<Vec<Numbered>> {
    sqlx::query("SELECT seq, action, detail FROM audit WHERE subject = $1 AND seq > $2 ORDER BY seq")
        .bind(subject.to_string())
        .bind(seq)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| {
            Ok(Numbered {
                seq: row.try_get("seq")?,
                action: row.try_get("action")?,
                detail: serde_json::from_str(row.try_get("detail")?).unwrap_or_default(),
            })
        })
        .collect()
}

fn read(row: &AnyRow) -> Result<Past> {
    let actor: Option<String> = row.try_get("actor")?;
    Ok(Past {
        at: row.try_get("at")?,
        actor: actor.map(|text| id(&text, "actor")).transpose()?,
        action: row.try_get("action")?,
        // Written by `add`, so it is JSON; if not, the entry stands without its detail.
        detail: serde_json::from_str(row.try_get("detail")?).unwrap_or_default(),
        request: row.try_get("request")?,
    })
}
