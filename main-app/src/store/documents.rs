//! Received documents: a row for each, and every revision as it arrived.

use documents::Kept as History;
use protocol::{Base64, Document, RecordId, Status, UserId};
use sqlx::Row as _;

use super::accounts::narrow;
use super::{Connection, Result, caseload, id};
use crate::secret;

/// What decides whether a further revision is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    pub author: UserId,
    pub rev: u32,
    pub complete: bool,
    /// Absent where it has no chain yet.
    pub history: Option<History>,
}

pub async fn newest(connection: &mut Connection, record: RecordId) -> Result<Option<Newest>> {
    let query = "SELECT author, rev, status, history_count, history_head FROM documents WHERE record_id = $1";
    let Some(row) = sqlx::query(query)
        .bind(record.to_string())
        .fetch_optional(connection)
        .await?
    else {
        return Ok(None);
    };
    let history = match row.try_get::<Option<String>, _>("history_head")? {
        Some(head) => Some(History {
            count: narrow(row.try_get("history_count")?, "history_count")?,
            head: Base64(secret::unhex(&head).ok_or_else(|| sqlx::Error::ColumnDecode {
                index: "history_head".into(),
                source: "it is no hex".into(),
            })?),
        }),
        None => None,
    };
    Ok(Some(Newest {
        author: id(row.try_get("author")?, "author")?,
        rev: narrow(row.try_get("rev")?, "rev")?,
        complete: row.try_get::<&str, _>("status")? == "complete",
        history,
    }))
}

/// A revision that is kept: the hash of its bytes, and when they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub sha256: String,
    pub received_at: i64,
}

pub async fn revision(connection: &mut Connection, record: RecordId, rev: u32) -> Result<Option<Kept>> {
    let Some(row) =
        sqlx::query("SELECT sha256, received_at FROM document_revisions WHERE record_id = $1 AND rev = $2")
            .bind(record.to_string())
            .bind(i64::from(rev))
            .fetch_optional(connection)
            .await?
    else {
        return Ok(None);
    };
    Ok(Some(Kept {
        sha256: row.try_get("sha256")?,
        received_at: row.try_get("received_at")?,
    }))
}

/// A revision to keep.
pub struct Revision<'a> {
    pub document: &'a Document,
    pub rev: u32,
    pub dk_id: protocol::DkId,
    pub sealed: &'a [u8],
    pub sha256: &'a str,
    pub delivered_by: UserId,
    pub author_inactive: bool,
}

pub async fn keep(connection: &mut Connection, revision: &Revision<'_>, now: i64) -> Result<()> {
    let document = revision.document;
    let history = History::of(document);
    let completed = match document.status {
        Status::Complete => Some(caseload::next_change(connection).await?),
        Status::Draft | Status::Pending => None,
    };
    sqlx::query(
        "INSERT INTO documents (record_id, author, client_id, form_url, form_version, form_title, status, rev, modified_at, \
         history_count, history_head, completed_change) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (record_id) DO UPDATE SET \
         client_id = excluded.client_id, form_url = excluded.form_url, form_version = excluded.form_version, \
         form_title = excluded.form_title, status = excluded.status, rev = excluded.rev, modified_at = excluded.modified_at, \
         history_count = excluded.history_count, history_head = excluded.history_head, \
         completed_change = excluded.completed_change",
    )
    .bind(document.id.to_string())
    .bind(document.author.to_string())
    .bind(document.client_id.to_string())
    .bind(document.form.url.as_str())
    .bind(document.form.version.as_str())
    .bind(document.form.title.as_str())
    .bind(match document.status {
        Status::Draft => "draft",
        Status::Pending => "pending",
        Status::Complete => "complete",
    })
    .bind(i64::from(revision.rev))
    .bind(document.modified_at.0)
    .bind(history.as_ref().map_or(0, |history| history.count as i64))
    .bind(history.map(|history| secret::hex(&history.head.0)))
    .bind(completed)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO document_revisions \
         (record_id, rev, dk_id, sealed, sha256, received_at, delivered_by, author_inactive) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(document.id.to_string())
    .bind(i64::from(revision.rev))
    .bind(revision.dk_id.to_string())
    .bind(revision.sealed)
    .bind(revision.sha256)
    .bind(now)
    .bind(revision.delivered_by.to_string())
    .bind(i64::from(revision.author_inactive))
    .execute(connection)
    .await
    .map(drop)
}

/// A completed document that a tablet is to be told of, without its contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    pub record_id: RecordId,
    pub author: UserId,
    rev: i64,
    /// The change by which it becomes news to this user: its completion, or the assignment of its client.
    pub change: i64,
}

/// So many of each form are sent for a client, the last completed ones: enough for a trend.
const OF_EACH_FORM: i64 = 10;

/// The completed documents of the user's clients that are news after `cursor`, in the order of their changes.
pub async fn completed_after(
    connection: &mut Connection,
    user: UserId,
    cursor: i64,
) -> Result<Vec<Completed>> {
    sqlx::query(
        "SELECT * FROM (SELECT d.record_id, d.author, d.rev, d.completed_change, a.change AS assigned_change, \
         ROW_NUMBER() OVER (PARTITION BY d.client_id, d.form_url ORDER BY d.completed_change DESC, d.record_id) AS place \
         FROM documents d JOIN assignments a ON a.client_id = d.client_id \
         WHERE a.user_id = $1 AND a.assigned = 1 AND d.status = 'complete') AS newest \
         WHERE place <= $2 AND (completed_change > $3 OR assigned_change > $3)",
    )
    .bind(user.to_string())
    .bind(OF_EACH_FORM)
    .bind(cursor)
    .fetch_all(&mut *connection)
    .await?
    .iter()
    .map(|row| {
        let completed: i64 = row.try_get("completed_change")?;
        Ok(Completed {
            record_id: id(row.try_get("record_id")?, "record_id")?,
            author: id(row.try_get("author")?, "author")?,
            rev: row.try_get("rev")?,
            change: completed.max(row.try_get("assigned_change")?),
        })
    })
    .collect()
}

/// The sealed bytes of one, as they arrived.
pub async fn sealed(connection: &mut Connection, document: &Completed) -> Result<Vec<u8>> {
    sqlx::query_scalar("SELECT sealed FROM document_revisions WHERE record_id = $1 AND rev = $2")
        .bind(document.record_id.to_string())
        .bind(document.rev)
        .fetch_one(connection)
        .await
}
