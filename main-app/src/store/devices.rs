//! Tablets, as they last reported themselves.

use protocol::{DeviceId, FailedAttempts};

use super::{Connection, Result};

pub async fn seen(connection: &mut Connection, device: DeviceId, now: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO devices (device_id, first_seen, last_contact) VALUES ($1, $2, $2) \
         ON CONFLICT (device_id) DO UPDATE SET last_contact = excluded.last_contact",
    )
    .bind(device.to_string())
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

/// What a sync request says about its tablet.
pub struct Report<'a> {
    pub device: DeviceId,
    pub app_version: &'a str,
    pub waiting: u32,
    pub failed_offline: &'a FailedAttempts,
}

/// Keeps a report. The same attempt reported twice is one; attempts of an account that does not exist are left out.
pub async fn report(connection: &mut Connection, report: &Report<'_>, now: i64) -> Result<()> {
    sqlx::query(
        "UPDATE devices SET last_contact = $1, app_version = $2, waiting = $3, failed_unknown = failed_unknown + $4 \
         WHERE device_id = $5",
    )
    .bind(now)
    .bind(report.app_version)
    .bind(i64::from(report.waiting))
    .bind(i64::from(report.failed_offline.unknown))
    .bind(report.device.to_string())
    .execute(&mut *connection)
    .await?;
    for attempt in &report.failed_offline.known {
        sqlx::query(
            "INSERT INTO failed_offline (device_id, user_id, at, reported_at) \
             SELECT $1, user_id, $2, $3 FROM accounts WHERE user_id = $4 \
             ON CONFLICT (device_id, user_id, at) DO NOTHING",
        )
        .bind(report.device.to_string())
        .bind(attempt.at.0)
        .bind(now)
        .bind(attempt.user_id.to_string())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
