//! Tablets, as they last reported themselves.

use protocol::{DeviceId, FailedAttempts, LastReport, Timestamp, UserId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::accounts::narrow;
use super::{Connection, Result, id};

/// A tablet on which a user has signed in.
#[derive(Clone, Debug)]
pub struct TabletRow {
    pub device: DeviceId,
    pub last_contact: i64,
    pub app_version: String,
    pub waiting: u32,
    /// When it last said what waits there.
    pub reported_at: Option<i64>,
    pub revoked_at: Option<i64>,
    /// The user's failed offline attempts there, and the last of them by the tablet's own clock.
    pub failed: u32,
    pub last_failed: Option<i64>,
    /// Those with logins that the tablet does not know.
    pub failed_unknown: u32,
}

/// Takes note of a tablet and keeps others from changing it until the transaction ends. `false`: it has been revoked.
pub async fn seen(connection: &mut Connection, device: DeviceId, now: i64) -> Result<bool> {
    let revoked: Option<i64> = sqlx::query_scalar(
        "INSERT INTO devices (device_id, first_seen, last_contact) VALUES ($1, $2, $2) \
         ON CONFLICT (device_id) DO UPDATE SET last_contact = excluded.last_contact RETURNING revoked_at",
    )
    .bind(device.to_string())
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok(revoked.is_none())
}

pub async fn is_revoked(connection: &mut Connection, device: DeviceId) -> Result<bool> {
    let revoked: Option<Option<i64>> =
        sqlx::query_scalar("SELECT revoked_at FROM devices WHERE device_id = $1")
            .bind(device.to_string())
            .fetch_optional(connection)
            .await?;
    Ok(revoked.flatten().is_some())
}

pub async fn set_revoked(connection: &mut Connection, device: DeviceId, at: Option<i64>) -> Result<()> {
    sqlx::query("UPDATE devices SET revoked_at = $1 WHERE device_id = $2")
        .bind(at)
        .bind(device.to_string())
        .execute(connection)
        .await
        .map(drop)
}

/// The tablets on which a user was given a data key, the one that was heard of last first.
pub async fn of_user(connection: &mut Connection, user: UserId) -> Result<Vec<TabletRow>> {
    sqlx::query(
        "SELECT d.device_id, d.last_contact, d.app_version, d.waiting, d.reported_at, d.revoked_at, d.failed_unknown, \
         COUNT(f.at) AS failed, MAX(f.at) AS last_failed FROM devices d \
         LEFT JOIN failed_offline f ON f.device_id = d.device_id AND f.user_id = $1 \
         WHERE d.device_id IN (SELECT device_id FROM data_keys WHERE user_id = $1) \
         GROUP BY d.device_id ORDER BY d.last_contact DESC, d.device_id",
    )
    .bind(user.to_string())
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(TabletRow {
            device: id(row.try_get("device_id")?, "device_id")?,
            last_contact: row.try_get("last_contact")?,
            app_version: row.try_get("app_version")?,
            waiting: narrow(row.try_get("waiting")?, "waiting")?,
            reported_at: row.try_get("reported_at")?,
            revoked_at: row.try_get("revoked_at")?,
            failed: narrow(row.try_get("failed")?, "failed")?,
            last_failed: row.try_get("last_failed")?,
            failed_unknown: narrow(row.try_get("failed_unknown")?, "failed_unknown")?,
        })
    })
    .collect()
}

/// What a sync request says about its tablet.
pub struct Report<'a> {
    pub device: DeviceId,
    pub app_version: &'a str,
    /// How many documents wait there after this request.
    pub waiting: u32,
    pub failed_offline: &'a FailedAttempts,
}

/// Keeps a report. The same attempt reported twice is one; attempts of an account that does not exist are left out.
pub async fn report(connection: &mut Connection, report: &Report<'_>, now: i64) -> Result<()> {
    sqlx::query(
        "UPDATE devices SET last_contact = $1, reported_at = $1, app_version = $2, waiting = $3 WHERE device_id = $4",
    )
    .bind(now)
    .bind(report.app_version)
    .bind(i64::from(report.waiting))
    .bind(report.device.to_string())
    .execute(&mut *connection)
    .await?;
    let failed = report.failed_offline;
    if failed.unknown > 0 {
        sqlx::query(
            "UPDATE devices SET failed_unknown = failed_unknown + CASE WHEN unknown_since = $1 \
             THEN CASE WHEN unknown_reported < $2 THEN $2 - unknown_reported ELSE 0 END ELSE $2 END, \
             unknown_since = $1, unknown_reported = $2 WHERE device_id = $3",
        )
        .bind(failed.unknown_since.map(|since| since.0))
        .bind(i64::from(failed.unknown))
        .bind(report.device.to_string())
        .execute(&mut *connection)
        .await?;
    }
    for attempt in &failed.known {
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

/// A tablet that has signed in here at least once.
pub struct Known {
    pub last_report: Option<LastReport>,
}

pub async fn find(connection: &mut Connection, device: DeviceId) -> Result<Option<Known>> {
    let row = sqlx::query("SELECT waiting, reported_at FROM devices WHERE device_id = $1")
        .bind(device.to_string())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Known {
            last_report: last_report(&row, "waiting", "reported_at")?,
        })
    })
    .transpose()
}

/// What became of the report that a tablet's storage was emptied.
pub struct Eviction {
    /// What it had reported before that.
    pub report: Option<LastReport>,
    /// Nobody had told before.
    pub is_news: bool,
}

/// Notes that a tablet's storage was emptied. The same report twice is one, and answered alike; `noticed` tells them apart.
pub async fn note_eviction(
    connection: &mut Connection,
    device: DeviceId,
    noticed: Option<Timestamp>,
    now: i64,
) -> Result<Eviction> {
    let noticed = noticed.map_or(now, |noticed| noticed.0);
    let noted = sqlx::query(
        "UPDATE devices SET evicted_at = $1, evicted_noticed = $2, evicted_waiting = waiting, \
         evicted_reported_at = reported_at, waiting = 0, reported_at = NULL \
         WHERE device_id = $3 AND (evicted_noticed IS NULL OR evicted_noticed <> $2)",
    )
    .bind(now)
    .bind(noticed)
    .bind(device.to_string())
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query("SELECT evicted_waiting, evicted_reported_at FROM devices WHERE device_id = $1")
        .bind(device.to_string())
        .fetch_optional(connection)
        .await?;
    let report = match row {
        Some(row) => last_report(&row, "evicted_waiting", "evicted_reported_at")?,
        None => None,
    };
    Ok(Eviction {
        report,
        is_news: noted.rows_affected() > 0,
    })
}

/// A tablet whose storage was emptied, for the helpdesk.
pub struct EvictedRow {
    /// Who has signed in there, in one line.
    pub users: String,
    pub at: i64,
    pub report: Option<LastReport>,
}

/// The latest first.
pub async fn evicted(connection: &mut Connection) -> Result<Vec<EvictedRow>> {
    let rows = sqlx::query(
        "SELECT d.device_id, d.evicted_at, d.evicted_waiting, d.evicted_reported_at, a.full_name FROM devices d \
         LEFT JOIN data_keys k ON k.device_id = d.device_id LEFT JOIN accounts a ON a.user_id = k.user_id \
         WHERE d.evicted_at IS NOT NULL ORDER BY d.evicted_at DESC, d.device_id, a.full_name",
    )
    .fetch_all(connection)
    .await?;
    let mut tablets: Vec<(String, EvictedRow)> = Vec::new();
    for row in rows {
        let device: String = row.try_get("device_id")?;
        let name: Option<String> = row.try_get("full_name")?;
        match tablets.last_mut() {
            Some((last, tablet)) if *last == device => {
                if let Some(name) = name.filter(|name| !tablet.users.ends_with(name)) {
                    tablet.users = format!("{}, {name}", tablet.users);
                }
            }
            _ => {
                let tablet = EvictedRow {
                    users: name.unwrap_or_default(),
                    at: row.try_get("evicted_at")?,
                    report: last_report(&row, "evicted_waiting", "evicted_reported_at")?,
                };
                tablets.push((device, tablet));
            }
        }
    }
    Ok(tablets.into_iter().map(|(_, tablet)| tablet).collect())
}

/// A tablet that has never sent has reported nothing.
fn last_report(row: &AnyRow, waiting: &str, at: &str) -> Result<Option<LastReport>> {
    let at: Option<i64> = row.try_get(at)?;
    let waiting: Option<i64> = row.try_get(waiting)?;
    Ok(at.map(|at| LastReport {
        waiting: waiting
            .and_then(|count| count.try_into().ok())
            .unwrap_or_default(),
        at: Timestamp(at),
    }))
}
