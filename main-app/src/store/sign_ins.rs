//! The last sign-ins of each account: when, by which door, on which tablet. The audit has all of them.

use protocol::{AttemptId, DeviceId, UserId};
use sqlx::Row as _;

use super::{Connection, Result, id};

/// So many are kept of each account.
pub const KEPT: i64 = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub at: i64,
    /// `None`: by the pages.
    pub tablet: Option<DeviceId>,
}

/// Notes a sign-in, and lets go of the oldest.
pub async fn add(
    connection: &mut Connection,
    attempt: AttemptId,
    user: UserId,
    sign_in: &SignIn,
) -> Result<()> {
    let via = if sign_in.tablet.is_some() {
        "tablet"
    } else {
        "page"
    };
    sqlx::query("INSERT INTO sign_ins (attempt_id, user_id, at, via, device_id) VALUES ($1, $2, $3, $4, $5)")
        .bind(attempt.to_string())
        .bind(user.to_string())
        .bind(sign_in.at)
        .bind(via)
        .bind(sign_in.tablet.map(|device| device.to_string()))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "DELETE FROM sign_ins WHERE user_id = $1 AND attempt_id NOT IN \
         (SELECT attempt_id FROM sign_ins WHERE user_id = $1 ORDER BY at DESC, attempt_id LIMIT $2)",
    )
    .bind(user.to_string())
    .bind(KEPT)
    .execute(connection)
    .await
    .map(drop)
}

/// Newest first.
pub async fn of(connection: &mut Connection, user: UserId) -> Result<Vec<SignIn>> {
    sqlx::query("SELECT at, device_id FROM sign_ins WHERE user_id = $1 ORDER BY at DESC, attempt_id")
        .bind(user.to_string())
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| {
            let device: Option<String> = row.try_get("device_id")?;
            Ok(SignIn {
                at: row.try_get("at")?,
                tablet: device
                    .map(|text| id::<DeviceId>(&text, "device_id"))
                    .transpose()?,
            })
        })
        .collect()
}
