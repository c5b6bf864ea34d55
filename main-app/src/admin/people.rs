//! Accounts made and changed, by a supervisor, an operator or the line of a file; what may be typed, `roster` says.

use accounts::{Access, Standing};
use protocol::UserId;
use roster::{Checked, calendar};
use serde_json::json;
use uuid::Uuid;

use super::{NewAccount, TempPassword, create_account};
use crate::MainApp;
use crate::fault::Fault;
use crate::store;
use crate::store::audit::{self, Action, Entry};

/// What making an account came to.
pub enum Created {
    /// With a temp password that is shown once and has to be changed.
    Done(UserId, TempPassword),
    /// Another account has this login.
    Taken,
    /// The form was carried out before.
    Repeated,
    /// Too many passwords are being hashed; nothing was changed.
    Busy,
}

/// Makes an account with a temp password.
pub async fn create(
    app: &MainApp,
    actor: Option<UserId>,
    new: &Checked,
    submission: Option<Uuid>,
) -> Result<Created, Fault> {
    let Some((temp, hash)) = super::new_temp_password(app).await? else {
        return Ok(Created::Busy);
    };
    let now = app.now();
    let mut tx = app.store.write().await?;
    if let Some(submission) = submission
        && !store::attempts::submit_once(&mut tx, submission, now).await?
    {
        return Ok(Created::Repeated);
    }
    if store::accounts::by_login(&mut tx, &new.login).await?.is_some() {
        return Ok(Created::Taken);
    }
    let standing = Standing::Temp {
        issued: now,
        expires: app.temp_valid_for.map(|span| now.saturating_add(span)),
    };
    let account = NewAccount {
        login: &new.login,
        profile: new.profile.clone(),
        security: None,
        password_hash: hash,
        standing,
        roles: &new.roles,
        access: new.access,
    };
    let user = create_account(&mut tx, actor, account, now).await?;
    tx.commit().await?;
    tracing::info!(%user, "account created");
    Ok(Created::Done(user, temp))
}

/// Puts new data in place of the old; the login stays. `false`: there is no such account, or nothing to change.
pub async fn edit(app: &MainApp, actor: Option<UserId>, user: UserId, new: &Checked) -> Result<bool, Fault> {
    let now = app.now();
    let mut tx = app.store.write().await?;
    let Some(account) = store::accounts::lock(&mut tx, user).await? else {
        return Ok(false);
    };
    let mut changed = Vec::new();
    let (old, profile) = (&account.profile, &new.profile);
    for (name, is_new) in [
        ("full_name", old.full_name != profile.full_name),
        ("agency", old.agency != profile.agency),
        ("branch", old.branch != profile.branch),
        ("phone", old.phone != profile.phone),
        ("access", !is_same_access(&account.state.access, &new.access)),
        ("roles", account.roles != new.roles),
    ] {
        if is_new {
            changed.push(name);
        }
    }
    if changed.is_empty() {
        return Ok(false);
    }
    store::accounts::set_profile(&mut tx, user, profile).await?;
    if changed.contains(&"roles") {
        store::accounts::set_roles(&mut tx, user, &new.roles).await?;
    }
    if changed.contains(&"access") {
        let state = accounts::Account {
            access: new.access,
            ..account.state
        };
        store::accounts::set_state(&mut tx, user, &state).await?;
        if !state.access.is_active(now) {
            store::tablet_sessions::end_all(&mut tx, user, now).await?;
            store::page_sessions::end_all(&mut tx, user).await?;
        }
    }
    let entry = Entry {
        at: now,
        actor,
        action: Action::AccountEdited,
        subject: Some(user),
        detail: json!({ "changed": changed }),
    };
    audit::add(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(true)
}

/// Days are what is typed; an end in the middle of a day, as a deactivation makes it, is not moved by saving the form.
fn is_same_access(old: &Access, new: &Access) -> bool {
    let days = |access: &Access| {
        (
            access.from.map(calendar::iso_date),
            access.to.map(|to| calendar::iso_date(to - 1)),
        )
    };
    days(old) == days(new)
}
