//! Accounts and their roles.

use accounts::{Access, Account, Guard, Standing};
use protocol::UserId;
use roster::Draft;
pub use roster::{Profile, Role};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Connection, Result, id};

/// An account as it is kept.
#[derive(Clone)]
pub struct AccountRow {
    pub user_id: UserId,
    /// Canonical.
    pub login: String,
    pub profile: Profile,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
    pub state: Account,
    pub last_sign_in: Option<i64>,
    pub security: Option<Security>,
    pub roles: Vec<Role>,
}

/// What the helpdesk asks on the phone, in the user's own words. No `Debug`.
#[derive(Clone)]
pub struct Security {
    pub question: String,
    /// Argon2id of the answer's normal form, as a PHC string.
    pub answer_hash: String,
}

impl AccountRow {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// What the pages and the command line show of it, to be changed.
    pub fn draft(&self) -> Draft {
        Draft::of(&self.login, &self.profile, &self.state.access, &self.roles)
    }
}

pub async fn by_login(connection: &mut Connection, login: &str) -> Result<Option<AccountRow>> {
    // PostgreSQL takes no zero byte in a text, and no login has one.
    if login.contains('\0') {
        return Ok(None);
    }
    let row = sqlx::query("SELECT * FROM accounts WHERE login = $1")
        .bind(login)
        .fetch_optional(&mut *connection)
        .await?;
    with_roles(connection, row).await
}

pub async fn by_id(connection: &mut Connection, user: UserId) -> Result<Option<AccountRow>> {
    let row = sqlx::query("SELECT * FROM accounts WHERE user_id = $1")
        .bind(user.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    with_roles(connection, row).await
}

/// Reads an account and keeps everybody else from changing it until the transaction ends, on every database.
pub async fn lock(connection: &mut Connection, user: UserId) -> Result<Option<AccountRow>> {
    let row = sqlx::query("UPDATE accounts SET epoch = epoch WHERE user_id = $1 RETURNING *")
        .bind(user.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    with_roles(connection, row).await
}

/// All accounts, by full name.
pub async fn all(connection: &mut Connection) -> Result<Vec<AccountRow>> {
    let rows = sqlx::query("SELECT * FROM accounts ORDER BY full_name, login")
        .fetch_all(&mut *connection)
        .await?;
    let roles = sqlx::query("SELECT user_id, role FROM roles")
        .fetch_all(&mut *connection)
        .await?
        .iter()
        .map(|row| {
            Ok((
                id::<UserId>(row.try_get("user_id")?, "user_id")?,
                row.try_get::<String, _>("role")?,
            ))
        })
        .collect::<Result<Vec<_>>>()?;
    rows.iter()
        .map(|row| {
            let mut account = read(row)?;
            account.roles = roles_from(
                roles
                    .iter()
                    .filter(|(user, _)| *user == account.user_id)
                    .map(|(_, role)| role.as_str()),
            );
            Ok(account)
        })
        .collect()
}

pub async fn count(connection: &mut Connection) -> Result<i64> {
    sqlx::query_scalar("SELECT COUNT(*) FROM accounts")
        .fetch_one(connection)
        .await
}

pub async fn insert(connection: &mut Connection, account: &AccountRow, now: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO accounts (user_id, login, full_name, agency, branch, phone, password_hash, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(account.user_id.to_string())
    .bind(account.login.as_str())
    .bind(account.profile.full_name.as_str())
    .bind(account.profile.agency.as_str())
    .bind(account.profile.branch.as_str())
    .bind(account.profile.phone.as_str())
    .bind(account.password_hash.as_str())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    if let Some(security) = &account.security {
        set_security(connection, account.user_id, security).await?;
    }
    set_roles(connection, account.user_id, &account.roles).await?;
    set_state(connection, account.user_id, &account.state).await
}

pub async fn set_profile(connection: &mut Connection, user: UserId, profile: &Profile) -> Result<()> {
    sqlx::query("UPDATE accounts SET full_name = $1, agency = $2, branch = $3, phone = $4 WHERE user_id = $5")
        .bind(profile.full_name.as_str())
        .bind(profile.agency.as_str())
        .bind(profile.branch.as_str())
        .bind(profile.phone.as_str())
        .bind(user.to_string())
        .execute(connection)
        .await
        .map(drop)
}

pub async fn set_security(connection: &mut Connection, user: UserId, security: &Security) -> Result<()> {
    sqlx::query("UPDATE accounts SET security_question = $1, security_answer = $2 WHERE user_id = $3")
        .bind(security.question.as_str())
        .bind(security.answer_hash.as_str())
        .bind(user.to_string())
        .execute(connection)
        .await
        .map(drop)
}

pub async fn set_roles(connection: &mut Connection, user: UserId, roles: &[Role]) -> Result<()> {
    sqlx::query("DELETE FROM roles WHERE user_id = $1")
        .bind(user.to_string())
        .execute(&mut *connection)
        .await?;
    for role in roles {
        sqlx::query("INSERT INTO roles (user_id, role) VALUES ($1, $2)")
            .bind(user.to_string())
            .bind(role.name())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub async fn set_state(connection: &mut Connection, user: UserId, state: &Account) -> Result<()> {
    let (strikes, locked_since) = match state.guard {
        Guard::Open { strikes } => (strikes, None),
        Guard::Locked { since } => (::accounts::STRIKES, Some(since)),
    };
    let (issued, expires) = match state.password {
        Standing::Permanent => (None, None),
        Standing::Temp { issued, expires } => (Some(issued), expires),
    };
    sqlx::query(
        "UPDATE accounts SET strikes = $1, locked_since = $2, epoch = $3, temp_issued = $4, temp_expires = $5, \
         active_from = $6, active_to = $7 WHERE user_id = $8",
    )
    .bind(i64::from(strikes))
    .bind(locked_since)
    .bind(i64::from(state.epoch))
    .bind(issued)
    .bind(expires)
    .bind(state.access.from)
    .bind(state.access.to)
    .bind(user.to_string())
    .execute(connection)
    .await
    .map(drop)
}

pub async fn set_password_hash(connection: &mut Connection, user: UserId, hash: &str) -> Result<()> {
    sqlx::query("UPDATE accounts SET password_hash = $1 WHERE user_id = $2")
        .bind(hash)
        .bind(user.to_string())
        .execute(connection)
        .await
        .map(drop)
}

pub async fn set_last_sign_in(connection: &mut Connection, user: UserId, now: i64) -> Result<()> {
    sqlx::query("UPDATE accounts SET last_sign_in = $1 WHERE user_id = $2")
        .bind(now)
        .bind(user.to_string())
        .execute(connection)
        .await
        .map(drop)
}

async fn with_roles(connection: &mut Connection, row: Option<AnyRow>) -> Result<Option<AccountRow>> {
    let Some(row) = row else { return Ok(None) };
    let mut account = read(&row)?;
    let roles: Vec<String> = sqlx::query_scalar("SELECT role FROM roles WHERE user_id = $1")
        .bind(account.user_id.to_string())
        .fetch_all(connection)
        .await?;
    account.roles = roles_from(roles.iter().map(String::as_str));
    Ok(Some(account))
}

fn roles_from<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Role> {
    let names: Vec<_> = names.collect();
    Role::ALL
        .into_iter()
        .filter(|role| names.contains(&role.name()))
        .collect()
}

fn read(row: &AnyRow) -> Result<AccountRow> {
    let guard = match row.try_get("locked_since")? {
        Some(since) => Guard::Locked { since },
        None => Guard::Open {
            strikes: narrow(row.try_get("strikes")?, "strikes")?,
        },
    };
    let password = match row.try_get("temp_issued")? {
        Some(issued) => Standing::Temp {
            issued,
            expires: row.try_get("temp_expires")?,
        },
        None => Standing::Permanent,
    };
    Ok(AccountRow {
        user_id: id(row.try_get("user_id")?, "user_id")?,
        login: row.try_get("login")?,
        profile: Profile {
            full_name: row.try_get("full_name")?,
            agency: row.try_get("agency")?,
            branch: row.try_get("branch")?,
            phone: row.try_get("phone")?,
        },
        password_hash: row.try_get("password_hash")?,
        state: Account {
            access: Access {
                from: row.try_get("active_from")?,
                to: row.try_get("active_to")?,
            },
            guard,
            password,
            epoch: narrow(row.try_get("epoch")?, "epoch")?,
        },
        last_sign_in: row.try_get("last_sign_in")?,
        security: match (row.try_get("security_question")?, row.try_get("security_answer")?) {
            (Some(question), Some(answer_hash)) => Some(Security {
                question,
                answer_hash,
            }),
            _ => None,
        },
        roles: Vec::new(),
    })
}

pub(super) fn narrow<T: TryFrom<i64>>(value: i64, column: &'static str) -> Result<T>
where
    T::Error: std::error::Error + Send + Sync + 'static,
{
    T::try_from(value).map_err(|error| sqlx::Error::ColumnDecode {
        index: column.into(),
        source: Box::new(error),
    })
}
