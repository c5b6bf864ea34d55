//! Requests for a reset. What may happen to one is decided in `accounts::request`.

use accounts::request::{Purpose, Request, Second, Stage, Why};
use protocol::UserId;
use protocol::reset_mail::ResetMail;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::accounts::narrow;
use super::{Connection, Result, id};

/// A request as it is kept.
#[derive(Clone)]
pub struct RequestRow {
    /// What people call it.
    pub number: i64,
    pub received_at: i64,
    pub mail: ResetMail,
    /// Where it goes when it is returned; empty where that is not known.
    pub sender: String,
    pub state: Request<UserId>,
    /// The last clerk who did something about it.
    pub touched_by: UserId,
    pub touched_at: i64,
    /// How many acts it has seen.
    pub rev: i64,
    pub closed_at: Option<i64>,
}

/// A new one. Its number is the next that the audit does not know, where the caller has to put it in the same transaction.
pub async fn insert(
    connection: &mut Connection,
    mail: &ResetMail,
    sender: &str,
    by: UserId,
    now: i64,
) -> Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO reset_requests (number, received_at, received_by, full_name, agency, branch, phone, \
         for_someone_else, sender, state, missed, wrong, answered, touched_by, touched_at, rev) \
         SELECT COALESCE(MAX(request), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, 'new', 0, 0, 0, $2, $1, 0 \
         FROM audit RETURNING number",
    )
    .bind(now)
    .bind(by.to_string())
    .bind(mail.full_name.as_str())
    .bind(mail.agency.as_str())
    .bind(mail.branch.as_str())
    .bind(mail.phone.as_str())
    .bind(i64::from(mail.for_someone_else))
    .bind(sender)
    .fetch_one(connection)
    .await
}

pub async fn by_number(connection: &mut Connection, number: i64) -> Result<Option<RequestRow>> {
    sqlx::query("SELECT * FROM reset_requests WHERE number = $1")
        .bind(number)
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Reads a request and keeps everybody else from changing it until the transaction ends, on every database.
pub async fn lock(connection: &mut Connection, number: i64) -> Result<Option<RequestRow>> {
    sqlx::query("UPDATE reset_requests SET number = number WHERE number = $1 RETURNING *")
        .bind(number)
        .fetch_optional(connection)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The open ones, in the order received.
pub async fn open(connection: &mut Connection) -> Result<Vec<RequestRow>> {
    sqlx::query("SELECT * FROM reset_requests WHERE closed_at IS NULL ORDER BY number")
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// How many wait.
pub async fn count_open(connection: &mut Connection) -> Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM reset_requests WHERE closed_at IS NULL")
        .fetch_one(connection)
        .await
}

/// Those that were closed since then, the last first.
pub async fn closed_since(connection: &mut Connection, since: i64) -> Result<Vec<RequestRow>> {
    sqlx::query("SELECT * FROM reset_requests WHERE closed_at >= $1 ORDER BY closed_at DESC, number DESC")
        .bind(since)
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Those that were received or closed since then.
pub async fn touched_since(connection: &mut Connection, since: i64) -> Result<Vec<RequestRow>> {
    sqlx::query("SELECT * FROM reset_requests WHERE received_at >= $1 OR closed_at >= $1 ORDER BY number")
        .bind(since)
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Those about an account, the last first.
pub async fn of_user(connection: &mut Connection, user: UserId) -> Result<Vec<RequestRow>> {
    sqlx::query("SELECT * FROM reset_requests WHERE user_id = $1 ORDER BY number DESC")
        .bind(user.to_string())
        .fetch_all(connection)
        .await?
        .iter()
        .map(read)
        .collect()
}

/// Keeps what an act has made of a request.
pub async fn set_state(
    connection: &mut Connection,
    number: i64,
    state: &Request<UserId>,
    by: UserId,
    now: i64,
) -> Result<()> {
    let (stage, why) = stage_names(state.stage);
    let (purpose, asked, agreed) = match state.second {
        Second::NotAsked => (None, None, None),
        Second::Asked { purpose, by } => (Some(purpose), Some(by), None),
        Second::Agreed {
            purpose,
            asked_by,
            by,
        } => (Some(purpose), Some(asked_by), Some(by)),
    };
    let purpose = purpose.map(purpose_name);
    sqlx::query(
        "UPDATE reset_requests SET user_id = $1, state = $2, returned_why = $3, missed = $4, wrong = $5, answered = $6, \
         second_purpose = $7, second_asked = $8, second_agreed = $9, touched_by = $10, touched_at = $11, closed_at = $12, rev = rev + 1 \
         WHERE number = $13",
    )
    .bind(state.account.map(|id| id.to_string()))
    .bind(stage)
    .bind(why)
    .bind(i64::from(state.missed))
    .bind(i64::from(state.wrong))
    .bind(i64::from(state.is_answered))
    .bind(purpose)
    .bind(asked.map(|id| id.to_string()))
    .bind(agreed.map(|id| id.to_string()))
    .bind(by.to_string())
    .bind(now)
    .bind((!state.is_open()).then_some(now))
    .bind(number)
    .execute(connection)
    .await
    .map(drop)
}

/// Forgets what was closed before that time: names and numbers are kept no longer than they are needed.
pub async fn forget_closed_before(connection: &mut Connection, before: i64) -> Result<()> {
    sqlx::query("DELETE FROM reset_requests WHERE closed_at < $1")
        .bind(before)
        .execute(connection)
        .await
        .map(drop)
}

const STAGES: [Stage; 7] = [
    Stage::New,
    Stage::FirstAttempt,
    Stage::Reached,
    Stage::Done,
    Stage::Returned(Why::Unreached),
    Stage::Returned(Why::NotValidated),
    Stage::Returned(Why::Withdrawn),
];
const PURPOSES: [Purpose; 2] = [Purpose::Approval, Purpose::Identity];

/// As it stands in the columns `state` and `returned_why`.
const fn stage_names(stage: Stage) -> (&'static str, Option<&'static str>) {
    match stage {
        Stage::New => ("new", None),
        Stage::FirstAttempt => ("first_attempt", None),
        Stage::Reached => ("reached", None),
        Stage::Done => ("done", None),
        Stage::Returned(Why::Unreached) => ("returned", Some("unreached")),
        Stage::Returned(Why::NotValidated) => ("returned", Some("not_validated")),
        Stage::Returned(Why::Withdrawn) => ("returned", Some("withdrawn")),
    }
}

const fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Approval => "approval",
        Purpose::Identity => "identity",
    }
}

/// A name that this version does not write.
fn unknown(column: &'static str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.into(),
        source: "a name that is not known here".into(),
    }
}

fn read(row: &AnyRow) -> Result<RequestRow> {
    let state = row.try_get::<String, _>("state")?;
    let why = row.try_get::<Option<String>, _>("returned_why")?;
    let is_it = |stage: &Stage| stage_names(*stage) == (state.as_str(), why.as_deref());
    let stage = STAGES.into_iter().find(is_it).ok_or_else(|| unknown("state"))?;
    let purpose = row.try_get::<Option<String>, _>("second_purpose")?;
    let purpose = purpose.map(|name| {
        let found = PURPOSES
            .into_iter()
            .find(|purpose| purpose_name(*purpose) == name);
        found.ok_or_else(|| unknown("second_purpose"))
    });
    let purpose = purpose.transpose()?;
    let person = |column: &'static str| -> Result<Option<UserId>> {
        let text: Option<String> = row.try_get(column)?;
        text.map(|text| id(&text, column)).transpose()
    };
    let second = match (purpose, person("second_asked")?, person("second_agreed")?) {
        (Some(purpose), Some(by), None) => Second::Asked { purpose, by },
        (Some(purpose), Some(asked_by), Some(by)) => Second::Agreed {
            purpose,
            asked_by,
            by,
        },
        _ => Second::NotAsked,
    };
    Ok(RequestRow {
        number: row.try_get("number")?,
        received_at: row.try_get("received_at")?,
        mail: ResetMail {
            full_name: row.try_get("full_name")?,
            agency: row.try_get("agency")?,
            branch: row.try_get("branch")?,
            phone: row.try_get("phone")?,
            for_someone_else: row.try_get::<i64, _>("for_someone_else")? != 0,
        },
        sender: row.try_get("sender")?,
        state: Request {
            stage,
            missed: narrow(row.try_get("missed")?, "missed")?,
            account: person("user_id")?,
            wrong: narrow(row.try_get("wrong")?, "wrong")?,
            is_answered: row.try_get::<i64, _>("answered")? != 0,
            second,
        },
        touched_by: id(row.try_get("touched_by")?, "touched_by")?,
        touched_at: row.try_get("touched_at")?,
        rev: row.try_get("rev")?,
        closed_at: row.try_get("closed_at")?,
    })
}
