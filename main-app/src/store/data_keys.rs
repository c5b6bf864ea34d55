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

pub async fn of_tablet(
    connection: &mut Connection,
    user: UserId,
    device: DeviceId,
) -> Result<Option<DataKeyRow>> {
    sqlx::query("SELECT * FROM data_keys WHERE user_id = $1 AND device_id = $2")
        .bind(user.to_string())
        .bind(device.to_string())
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

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
