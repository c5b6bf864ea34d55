//! Received documents: a row for each, and every revision as it arrived.

use protocol::{Document, RecordId, Status, UserId};
use sqlx::Row as _;

use super::accounts::narrow;
use super::{Connection, Result, id};

/// What decides whether a further revision is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    pub author: UserId,
    pub rev: u32,
    pub complete: bool,
}

pub async fn newest(connection: &mut Connection, record: RecordId) -> Result<Option<Newest>> {
    let Some(row) = sqlx::query("SELECT author, rev, status FROM documents WHERE record_id = $1")
        .bind(record.to_string())
        .fetch_optional(connection)
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(Newest {
        author: id(row.try_get("author")?, "author")?,
        rev: narrow(row.try_get("rev")?, "rev")?,
        complete: row.try_get::<&str, _>("status")? == "complete",
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
    sqlx::query(
        "INSERT INTO documents (record_id, author, client_id, form_url, form_version, form_title, status, rev, modified_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (record_id) DO UPDATE SET \
         client_id = excluded.client_id, form_url = excluded.form_url, form_version = excluded.form_version, \
         form_title = excluded.form_title, status = excluded.status, rev = excluded.rev, modified_at = excluded.modified_at",
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
