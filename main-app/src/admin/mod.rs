//! What is done to accounts, clients and forms by others than a tablet: by the pages, the sample data and an operator.
//! Each public function is one transaction with its audit entry.

mod caseload;
mod import;
mod people;
mod requests;
mod search;
mod security;
mod tablets;
mod temp_password;
mod view;

use std::sync::Arc;

use accounts::{Access, Account, Event, Outcome, Standing, transition};
use protocol::{UserId, canonical_login};
use serde_json::json;
use vault::Password;

use crate::MainApp;
use crate::auth::{self, Turn};
use crate::fault::Fault;
use crate::secret;
use crate::store::accounts::{AccountRow, Profile, Role, Security};
use crate::store::audit::{self, Action, Entry};
use crate::store::{self, Connection, Write};

pub(crate) use caseload::{assign, publish};
pub use caseload::{form, publish_form, put_client, set_assigned};
pub use import::{Import, Imported, Line, LineOutcome, import};
pub use people::{Created, create, edit};
pub(crate) use requests::{
    Acted, Checked as CheckedRequest, Received, Reset, act, answer, receive, reset_requested, subject,
};
pub(crate) use search::{Wanted, comparable};
pub(crate) use security::{ANSWER_MAX_CHARS, QUESTION_MAX_CHARS, hashed, normal_answer, set_security};
pub use security::{Answered, check_answer};
pub use tablets::{TabletChange, allow, mark, revoke, tablets_of};
pub use temp_password::TempPassword;
pub use view::{Full, Summary, Tablet, draft_of, full, state, summaries};
pub(crate) use view::{history_of_request, names_of};

/// An account to be made.
pub struct NewAccount<'a> {
    pub login: &'a str,
    pub profile: Profile,
    pub security: Option<Security>,
    pub password_hash: String,
    pub standing: Standing,
    pub roles: &'a [Role],
    pub access: Access,
}

pub(crate) async fn create_account(
    connection: &mut Connection,
    actor: Option<UserId>,
    new: NewAccount<'_>,
    now: i64,
) -> Result<UserId, Fault> {
    let user = UserId(secret::uuid()?);
    let account = AccountRow {
        user_id: user,
        login: canonical_login(new.login),
        profile: new.profile,
        security: new.security,
        password_hash: new.password_hash,
        state: Account {
            access: new.access,
            ..Account::new(new.standing)
        },
        last_sign_in: None,
        roles: new.roles.to_vec(),
    };
    store::accounts::insert(connection, &account, now).await?;
    let roles: Vec<_> = new.roles.iter().map(|role| role.name()).collect();
    let entry = Entry {
        at: now,
        actor,
        action: Action::AccountCreated,
        subject: Some(user),
        detail: json!({ "roles": roles }),
    };
    audit::add(connection, entry).await?;
    Ok(user)
}

/// The account of a login, however it is typed.
pub async fn find(app: &MainApp, login: &str) -> Result<Option<UserId>, Fault> {
    let mut connection = app.store.read().await?;
    let account = store::accounts::by_login(&mut connection, &canonical_login(login)).await?;
    Ok(account.map(|account| account.user_id))
}

/// Gives the account a temp password, which unlocks it and ends its sessions: for the operator, and for a rehearsal, whose
/// sandbox has no requests. `None`: there is no such account. The helpdesk's way is [`reset_requested`].
pub async fn reset(
    app: &MainApp,
    actor: Option<UserId>,
    user: UserId,
) -> Result<Option<TempPassword>, Fault> {
    let (temp, hash) = new_temp_password(app).await?.ok_or(Fault::Busy)?;
    let mut tx = app.store.write().await?;
    let Some(account) = store::accounts::lock(&mut tx, user).await? else {
        return Ok(None);
    };
    give_temp_password(app, &mut tx, &account, &hash, actor, None).await?;
    tx.commit().await?;
    tracing::info!(%user, "password reset");
    Ok(Some(temp))
}

/// A temp password and its hash. `None`: too many passwords are being hashed.
async fn new_temp_password(app: &MainApp) -> Result<Option<(TempPassword, String)>, Fault> {
    let temp = TempPassword::random()?;
    let password = vault::native::password(temp.expose())
        .map_err(|_| Fault::Inconsistent("a temp password that is no password"))?;
    let Some(turn) = app.hasher.turn().await else {
        return Ok(None);
    };
    let hash = app.hasher.hash(&turn, Arc::new(password)).await?;
    Ok(Some((temp, hash)))
}

/// Puts a temp password in place of a locked row's password; `request` is what it was asked for by.
async fn give_temp_password(
    app: &MainApp,
    tx: &mut Write,
    account: &AccountRow,
    hash: &str,
    actor: Option<UserId>,
    request: Option<i64>,
) -> Result<(), Fault> {
    let event = Event::Reset {
        valid_for: app.temp_valid_for,
    };
    store::accounts::set_password_hash(tx, account.user_id, hash).await?;
    happen(app, tx, account, event, actor, request).await?;
    Ok(())
}

/// What a change of password came to.
pub(crate) enum Changed {
    /// All sessions have ended; this is the cookie of a new one for whoever made the change.
    Done {
        cookie: String,
    },
    No(Outcome),
}

/// Puts the user's own new password in place of the one of that epoch.
pub(crate) async fn change_password(
    app: &MainApp,
    turn: &Turn,
    user: UserId,
    epoch: u32,
    password: Arc<Password>,
) -> Result<Changed, Fault> {
    let hash = app.hasher.hash(turn, password).await?;
    let mut tx = app.store.write().await?;
    let Some(account) = store::accounts::lock(&mut tx, user).await? else {
        return Err(Fault::Inconsistent("a session without an account"));
    };
    let outcome = happen(
        app,
        &mut tx,
        &account,
        Event::PasswordChanged { epoch },
        Some(user),
        None,
    )
    .await?;
    if outcome != Outcome::Done {
        return Ok(Changed::No(outcome));
    }
    store::accounts::set_password_hash(&mut tx, user, &hash).await?;
    let Some(account) = store::accounts::by_id(&mut tx, user).await? else {
        return Err(Fault::Inconsistent("a session without an account"));
    };
    let cookie = auth::open_page(&mut tx, user, account.state.epoch, app.now()).await?;
    tx.commit().await?;
    tracing::info!(%user, "password changed");
    Ok(Changed::Done { cookie })
}

/// Ends the account's access now. `false`: there is no such account.
pub async fn deactivate(app: &MainApp, actor: Option<UserId>, user: UserId) -> Result<bool, Fault> {
    carry_out(app, actor, user, Event::Deactivated).await
}

/// Gives the account access again, from now on and without an end.
pub async fn reactivate(app: &MainApp, actor: Option<UserId>, user: UserId) -> Result<bool, Fault> {
    carry_out(app, actor, user, Event::Reactivated).await
}

async fn carry_out(app: &MainApp, actor: Option<UserId>, user: UserId, event: Event) -> Result<bool, Fault> {
    let mut tx = app.store.write().await?;
    let Some(account) = store::accounts::lock(&mut tx, user).await? else {
        return Ok(false);
    };
    happen(app, &mut tx, &account, event, actor, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Lets an administrative event happen to a locked row: its state, the sessions that it ends, the audit entry.
async fn happen(
    app: &MainApp,
    tx: &mut Write,
    account: &AccountRow,
    event: Event,
    actor: Option<UserId>,
    request: Option<i64>,
) -> Result<Outcome, Fault> {
    let now = app.now();
    let user = account.user_id;
    let (after, outcome) = transition(&account.state, event, now);
    if outcome != Outcome::Done {
        return Ok(outcome);
    }
    store::accounts::set_state(tx, user, &after).await?;
    if event.ends_sessions() {
        store::tablet_sessions::end_all(tx, user, now).await?;
        store::page_sessions::end_all(tx, user).await?;
    }
    let action = match event {
        Event::Reset { .. } => Action::PasswordReset,
        Event::PasswordChanged { .. } => Action::PasswordChanged,
        Event::Deactivated => Action::Deactivated,
        Event::Reactivated => Action::Reactivated,
        Event::Attempt { .. } => {
            return Err(Fault::Inconsistent("an attempt is not an administrative event"));
        }
    };
    let entry = Entry {
        at: now,
        actor,
        action,
        subject: Some(user),
        detail: json!({ "epoch": after.epoch }),
    };
    audit::add_about(tx, entry, request).await?;
    Ok(outcome)
}
