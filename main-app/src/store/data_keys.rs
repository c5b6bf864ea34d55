//! Data keys, as they lie in the database: sealed.

use protocol::{DeviceId, DkId, UserId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Connection, Result, id};

/// A data key under the master key of that id.
pub struct DataKeyRow {
    pub dk_id: DkId,
    pub user_id: UserId,
    pub device_id: DeviceId,
    pub master_key_id: String,
    pub sealed: Vec<u8>,
}

/// The key that is handed to the user on that tablet.
pub async fn of_tablet(
    connection: &mut Connection,
    user: UserId,
    device: DeviceId,
) -> Result<Option<DataKeyRow>> {
    sqlx::query("SELECT * FROM data_keys WHERE user_id = $1 AND device_id = $2 AND retired_at IS NULL")
        .bind(user.to_string())
        .bind(device.to_string())
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A key, retired or not.
pub async fn by_id(connection: &mut Connection, dk: DkId) -> Result<Option<DataKeyRow>> {
    sqlx::query("SELECT * FROM data_keys WHERE dk_id = $1")
        .bind(dk.to_string())
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub async fn insert(connection: &mut Connection, row: &DataKeyRow, now: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO data_keys (dk_id, user_id, device_id, master_key_id, sealed, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(row.dk_id.to_string())
    .bind(row.user_id.to_string())
    .bind(row.device_id.to_string())
    .bind(row.master_key_id.as_str())
    .bind(row.sealed.as_slice())
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

/// From now on nobody is handed a key of that tablet.
pub async fn retire_all_on(connection: &mut Connection, device: DeviceId, now: i64) -> Result<()> {
    sqlx::query("UPDATE data_keys SET retired_at = $1 WHERE device_id = $2 AND retired_at IS NULL")
        .bind(now)
        .bind(device.to_string())
        .execute(connection)
        .await
        .map(drop)
}

/// Some of the keys that lie under other master keys than that one, by id and after that id.
pub async fn under_others(
    connection: &mut Connection,
    master: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<DataKeyRow>> {
    sqlx::query("SELECT * FROM data_keys WHERE master_key_id <> $1 AND dk_id > $2 ORDER BY dk_id LIMIT $3")
        .bind(master)
        .bind(after)
        .bind(limit)
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Puts the same key, sealed anew, in place of the row as it was read.
pub async fn reseal(
    connection: &mut Connection,
    row: &DataKeyRow,
    master: &str,
    sealed: &[u8],
) -> Result<()> {
    sqlx::query(
        "UPDATE data_keys SET master_key_id = $1, sealed = $2 WHERE dk_id = $3 AND master_key_id = $4",
    )
    .bind(master)
    .bind(sealed)
    .bind(row.dk_id.to_string())
    .bind(row.master_key_id.as_str())
    .execute(connection)
    .await
    .map(drop)
}

/// How many data keys lie under a master key.
pub async fn count_under(connection: &mut Connection, master: &str) -> Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM data_keys WHERE master_key_id = $1")
        .bind(master)
        .fetch_one(connection)
        .await
}

/// The ids of the master keys under which data keys lie.
pub async fn master_key_ids(connection: &mut Connection) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT DISTINCT master_key_id FROM data_keys")
        .fetch_all(connection)
        .await
}

fn read(row: &AnyRow) -> Result<DataKeyRow> {
    Ok(DataKeyRow {
        dk_id: id(row.try_get("dk_id")?, "dk_id")?,
        user_id: id(row.try_get("user_id")?, "user_id")?,
        device_id: id(row.try_get("device_id")?, "device_id")?,
        master_key_id: row.try_get("master_key_id")?,
        sealed: row.try_get("sealed")?,
    })
}
