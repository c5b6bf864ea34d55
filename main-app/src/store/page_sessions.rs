//! Sessions of the pages under /main, by the hash of their cookie.

use protocol::UserId;
use sqlx::Row as _;

use super::accounts::narrow;
use super::{Connection, Result, id};

#[derive(Clone, Debug)]
pub struct PageSession {
    pub user_id: UserId,
    pub epoch: u32,
    pub created_at: i64,
    pub seen_at: i64,
}

pub async fn insert(connection: &mut Connection, id_hash: &str, session: &PageSession) -> Result<()> {
    sqlx::query("INSERT INTO page_sessions (id_hash, user_id, epoch, created_at, seen_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id_hash)
        .bind(session.user_id.to_string())
        .bind(i64::from(session.epoch))
        .bind(session.created_at)
        .bind(session.seen_at)
        .execute(connection)
        .await
        .map(drop)
}

pub async fn find(connection: &mut Connection, id_hash: &str) -> Result<Option<PageSession>> {
    let Some(row) = sqlx::query("SELECT * FROM page_sessions WHERE id_hash = $1")
        .bind(id_hash)
        .fetch_optional(connection)
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(PageSession {
        user_id: id(row.try_get("user_id")?, "user_id")?,
        epoch: narrow(row.try_get("epoch")?, "epoch")?,
        created_at: row.try_get("created_at")?,
        seen_at: row.try_get("seen_at")?,
    }))
}

pub async fn touch(connection: &mut Connection, id_hash: &str, now: i64) -> Result<()> {
    sqlx::query("UPDATE page_sessions SET seen_at = $1 WHERE id_hash = $2")
        .bind(now)
        .bind(id_hash)
        .execute(connection)
        .await
        .map(drop)
}

pub async fn end(connection: &mut Connection, id_hash: &str) -> Result<()> {
    sqlx::query("DELETE FROM page_sessions WHERE id_hash = $1")
        .bind(id_hash)
        .execute(connection)
        .await
        .map(drop)
}

pub async fn end_all(connection: &mut Connection, user: UserId) -> Result<()> {
    sqlx::query("DELETE FROM page_sessions WHERE user_id = $1")
        .bind(user.to_string())
        .execute(connection)
        .await
        .map(drop)
}

/// Removes sessions that have been idle since before that time.
pub async fn forget_before(connection: &mut Connection, seen_before: i64) -> Result<()> {
    sqlx::query("DELETE FROM page_sessions WHERE seen_at < $1")
        .bind(seen_before)
        .execute(connection)
        .await
        .map(drop)
}
