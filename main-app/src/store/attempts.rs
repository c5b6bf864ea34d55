//! Presses of "Sign in": each is claimed once, before its password is looked at, and concluded once. Forms of the
//! pages that may be carried out only once are kept here too.

use protocol::{AttemptId, UserId};
use sqlx::Row as _;

use super::{Connection, Result, id};

/// What is known of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Pending,
    Ok,
    BadPassword,
    Locked,
    NoAccess(Option<UserId>),
}

impl Known {
    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Ok => "ok",
            Self::BadPassword => "bad_password",
            Self::Locked => "locked",
            Self::NoAccess(_) => "no_access",
        }
    }
}

/// Who answers an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Whoever asked now; `since` names this claim when the attempt is concluded.
    Ours { since: i64 },
    /// It was claimed before, and this became of it.
    Theirs(Known),
}

/// Claims an attempt. One whose claim is older than `abandoned` (or from the future, where a clock was put back) and is
/// still pending was cut off, by a crash or a failed database: nothing of it was counted, and it is claimed anew.
pub async fn claim(
    connection: &mut Connection,
    attempt: AttemptId,
    now: i64,
    abandoned: i64,
) -> Result<Claim> {
    let claimed = sqlx::query(
        "INSERT INTO attempts (attempt_id, at, result) VALUES ($1, $2, 'pending') ON CONFLICT (attempt_id) DO UPDATE \
         SET at = excluded.at WHERE attempts.result = 'pending' AND (attempts.at <= $3 OR attempts.at > $4)",
    )
    .bind(attempt.to_string())
    .bind(now)
    .bind(now.saturating_sub(abandoned))
    .bind(now.saturating_add(abandoned))
    .execute(&mut *connection)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(Claim::Ours { since: now });
    }
    let known = known(connection, attempt).await?;
    Ok(Claim::Theirs(known.unwrap_or(Known::Pending)))
}

async fn known(connection: &mut Connection, attempt: AttemptId) -> Result<Option<Known>> {
    let Some(row) = sqlx::query("SELECT result, user_id FROM attempts WHERE attempt_id = $1")
        .bind(attempt.to_string())
        .fetch_optional(connection)
        .await?
    else {
        return Ok(None);
    };
    let user: Option<String> = row.try_get("user_id")?;
    Ok(Some(match row.try_get::<&str, _>("result")? {
        "ok" => Known::Ok,
        "bad_password" => Known::BadPassword,
        "locked" => Known::Locked,
        "no_access" => Known::NoAccess(user.map(|text: String| id(&text, "user_id")).transpose()?),
        _ => Known::Pending,
    }))
}

/// Concludes an attempt under the claim of that time. `false`: it has been claimed anew or concluded meanwhile, and
/// whatever goes with this conclusion must not be kept.
pub async fn conclude(
    connection: &mut Connection,
    attempt: AttemptId,
    since: i64,
    result: Known,
    user: Option<UserId>,
) -> Result<bool> {
    sqlx::query(
        "UPDATE attempts SET result = $1, user_id = $2 WHERE attempt_id = $3 AND result = 'pending' AND at = $4",
    )
    .bind(result.name())
    .bind(user.map(|id| id.to_string()))
    .bind(attempt.to_string())
    .bind(since)
    .execute(connection)
    .await
    .map(|done| done.rows_affected() == 1)
}

/// How many attempts were answered with a "no", by its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub bad_password: i64,
    pub locked: i64,
    pub no_access: i64,
}

pub async fn tally(connection: &mut Connection) -> Result<Tally> {
    let rows = sqlx::query("SELECT result, COUNT(*) AS number FROM attempts GROUP BY result")
        .fetch_all(connection)
        .await?;
    let mut tally = Tally::default();
    for row in rows {
        let number = row.try_get("number")?;
        match row.try_get::<&str, _>("result")? {
            "bad_password" => tally.bad_password = number,
            "locked" => tally.locked = number,
            "no_access" => tally.no_access = number,
            _ => {}
        }
    }
    Ok(tally)
}

/// Takes note that a form was sent; `false`: it had been sent before.
pub async fn submit_once(connection: &mut Connection, submission: uuid::Uuid, now: i64) -> Result<bool> {
    sqlx::query(
        "INSERT INTO submissions (submission_id, at) VALUES ($1, $2) ON CONFLICT (submission_id) DO NOTHING",
    )
    .bind(submission.to_string())
    .bind(now)
    .execute(connection)
    .await
    .map(|done| done.rows_affected() == 1)
}

/// Forgets what nobody can repeat any more.
pub async fn forget_before(connection: &mut Connection, before: i64) -> Result<()> {
    sqlx::query("DELETE FROM attempts WHERE at < $1")
        .bind(before)
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM submissions WHERE at < $1")
        .bind(before)
        .execute(connection)
        .await
        .map(drop)
}
