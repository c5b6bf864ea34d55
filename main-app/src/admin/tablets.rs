//! Tablets: which ones a user has signed in on, and what is done about one that is lost.
//!
//! To revoke a tablet ends the sessions of all its users there, retires their data keys on it, and refuses every sign-in
//! from it. To allow it again, when it is found, gives new data keys at the next sign-in: the retired ones are handed out
//! no more, and go on opening what was sealed under them. A tablet is named by a [`mark`], never by its whole id.

use protocol::{DeviceId, UserId};
use serde_json::json;

use crate::MainApp;
use crate::fault::Fault;
use crate::store;
use crate::store::audit::{self, Action, Entry};
use crate::store::devices::TabletRow;

/// What people call a tablet: the first eight digits of its id.
pub fn mark(device: DeviceId) -> String {
    device.to_string().chars().take(8).collect()
}

/// The tablets on which a user has signed in, the one that was heard of last first.
pub async fn tablets_of(app: &MainApp, user: UserId) -> Result<Vec<TabletRow>, Fault> {
    let mut connection = app.store.read().await?;
    Ok(store::devices::of_user(&mut connection, user).await?)
}

/// What was asked about a tablet came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabletChange {
    Done,
    /// It was so before.
    Already,
    /// The user has never signed in on a tablet of this mark.
    NoTablet,
}

/// Revokes the user's tablet of that mark.
pub async fn revoke(
    app: &MainApp,
    actor: Option<UserId>,
    user: UserId,
    tablet: &str,
) -> Result<TabletChange, Fault> {
    change(app, actor, user, tablet, true).await
}

/// Allows a revoked tablet again.
pub async fn allow(
    app: &MainApp,
    actor: Option<UserId>,
    user: UserId,
    tablet: &str,
) -> Result<TabletChange, Fault> {
    change(app, actor, user, tablet, false).await
}

async fn change(
    app: &MainApp,
    actor: Option<UserId>,
    user: UserId,
    tablet: &str,
    revoke: bool,
) -> Result<TabletChange, Fault> {
    let now = app.now();
    let mut tx = app.store.write().await?;
    let tablets = store::devices::of_user(&mut tx, user).await?;
    let mut named = tablets.iter().filter(|row| mark(row.device) == tablet);
    let (Some(row), None) = (named.next(), named.next()) else {
        return Ok(TabletChange::NoTablet);
    };
    if row.revoked_at.is_some() == revoke {
        return Ok(TabletChange::Already);
    }
    store::devices::set_revoked(&mut tx, row.device, revoke.then_some(now)).await?;
    if revoke {
        store::tablet_sessions::end_all_on(&mut tx, row.device, now).await?;
        store::data_keys::retire_all_on(&mut tx, row.device, now).await?;
    }
    let entry = Entry {
        at: now,
        actor,
        action: if revoke {
            Action::TabletRevoked
        } else {
            Action::TabletAllowed
        },
        subject: Some(user),
        detail: json!({ "tablet": tablet }),
    };
    audit::add(&mut tx, entry).await?;
    tx.commit().await?;
    tracing::info!(%user, revoked = revoke, "tablet");
    Ok(TabletChange::Done)
}
