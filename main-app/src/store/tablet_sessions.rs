//! Sessions of tablets, by the hash of their token. An ended session stays, so that its tablet can be told why.

use protocol::{DeviceId, UserId};
use sqlx::Row as _;

use super::accounts::narrow;
use super::{Connection, Result, id};

#[derive(Clone, Debug)]
pub struct TabletSession {
    pub user_id: UserId,
    pub device_id: DeviceId,
    pub epoch: u32,
    pub expires_at: i64,
    pub ended_at: Option<i64>,
}

pub async fn insert(
    connection: &mut Connection,
    token_hash: &str,
    session: &TabletSession,
    now: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO tablet_sessions (token_hash, user_id, device_id, epoch, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token_hash)
    .bind(session.user_id.to_string())
    .bind(session.device_id.to_string())
    .bind(i64::from(session.epoch))
    .bind(now)
    .bind(session.expires_at)
    .execute(connection)
    .await
    .map(drop)
}

pub async fn find(connection: &mut Connection, token_hash: &str) -> Result<Option<TabletSession>> {
    let Some(row) = sqlx::query("SELECT * FROM tablet_sessions WHERE token_hash = $1")
        .bind(token_hash)
        .fetch_optional(connection)
        .await?
    else {
        return Ok(None);
    };
    Ok(Some(TabletSession {
        user_id: id(row.try_get("user_id")?, "user_id")?,
        device_id: id(row.try_get("device_id")?, "device_id")?,
        epoch: narrow(row.try_get("epoch")?, "epoch")?,
        expires_at: row.try_get("expires_at")?,
        ended_at: row.try_get("ended_at")?,
    }))
}

pub async fn end_all(connection: &mut Connection, user: UserId, now: i64) -> Result<()> {
    sqlx::query("UPDATE tablet_sessions SET ended_at = $1 WHERE user_id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(user.to_string())
        .execute(connection)
        .await
        .map(drop)
}

pub async fn end_all_on(connection: &mut Connection, device: DeviceId, now: i64) -> Result<()> {
    sqlx::query("UPDATE tablet_sessions SET ended_at = $1 WHERE device_id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(device.to_string())
        .execute(connection)
        .await
        .map(drop)
}
