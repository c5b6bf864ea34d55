//! Changing the master key while the service runs.
//!
//! ```text
//! rotate   a new key file -> it seals from now on -> data keys are sealed anew, a hundred in a transaction
//! retire   the files of keys under which nothing lies any more are removed
//! ```
//!
//! A rotation that broke off is taken up where it stood: what is sealed under which key stands beside it.

use std::sync::Arc;

use super::{KeyFault, MasterKey, MasterKeyFault, Owner, Ring};
use crate::MainApp;
use crate::store::{self, Connection, data_keys};

/// Under this name the database keeps the id of the key that seals.
const SEALING: &str = "master_key";
const BATCH: i64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum RotateFault {
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error(transparent)]
    File(#[from] MasterKeyFault),
    #[error(transparent)]
    Store(#[from] sqlx::Error),
    #[error("the master key {0} is needed to open what lies under it, and is not here")]
    Missing(String),
}

/// What a rotation did.
#[derive(Debug, PartialEq, Eq)]
pub struct Rotated {
    /// The key that seals now.
    pub id: String,
    /// An earlier rotation that had broken off was finished; no new key was made.
    pub resumed: bool,
    pub sealed_anew: u64,
    /// Data keys that do not open under their master key. They stay as they are, and keep it from being retired.
    pub damaged: u64,
}

/// A master key and what lies under it.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: String,
    pub seals: bool,
    pub data_keys: i64,
}

/// The key that seals, as the database names it.
pub async fn sealing(connection: &mut Connection, ring: &Ring) -> Result<Arc<MasterKey>, KeyFault> {
    // As an update, so that no rotation comes between this and what is sealed, on every database.
    let id = store::lock_meta(connection, SEALING).await?.unwrap_or_default();
    ring.get(&id)?.ok_or(KeyFault::NoMasterKey(id))
}

/// Which key seals; at the opening, before anything can be sealed.
pub async fn sealing_id(connection: &mut Connection) -> Result<Option<String>, sqlx::Error> {
    store::meta(connection, SEALING).await
}

pub async fn set_sealing(connection: &mut Connection, id: &str) -> Result<(), sqlx::Error> {
    store::set_meta(connection, SEALING, id).await
}

/// Makes a new master key and seals every data key under it; or finishes what an earlier rotation began.
pub async fn rotate(app: &MainApp) -> Result<Rotated, RotateFault> {
    let mut tx = app.store.write().await?;
    let present = sealing(&mut tx, &app.ring).await?;
    let unfinished = !data_keys::under_others(&mut tx, present.id(), "", 1)
        .await?
        .is_empty();
    let id = if unfinished || !app.ring.has_folder() {
        present.id().to_owned()
    } else {
        // The file is on the disk before the database names it.
        let id = app.ring.add()?;
        set_sealing(&mut tx, &id).await?;
        id
    };
    tx.commit().await?;
    let master = app.ring.get(&id)?.ok_or(RotateFault::Missing(id))?;
    let mut rotated = Rotated {
        id: master.id().to_owned(),
        resumed: unfinished,
        sealed_anew: 0,
        damaged: 0,
    };
    let mut after = String::new();
    loop {
        let mut tx = app.store.write().await?;
        let rows = data_keys::under_others(&mut tx, master.id(), &after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = last.dk_id.to_string();
        for row in &rows {
            let Some(old) = app.ring.get(&row.master_key_id)? else {
                return Err(RotateFault::Missing(row.master_key_id.clone()));
            };
            let Ok(open) = old.open(row) else {
                tracing::error!(data_key = %row.dk_id, "a data key does not open under its master key");
                rotated.damaged += 1;
                continue;
            };
            let sealed = master.seal(&Owner::of(row), &open.key).map_err(KeyFault::from)?;
            data_keys::reseal(&mut tx, row, master.id(), &sealed).await?;
            rotated.sealed_anew += 1;
        }
        tx.commit().await?;
    }
    tracing::info!(sealed_anew = rotated.sealed_anew, "master key rotated");
    Ok(rotated)
}

/// Every master key that is known.
pub async fn list(app: &MainApp) -> Result<Vec<Listed>, RotateFault> {
    let mut connection = app.store.read().await?;
    let seals = sealing_id(&mut connection).await?;
    let mut listed = Vec::new();
    for id in app.ring.ids() {
        listed.push(Listed {
            data_keys: data_keys::count_under(&mut connection, &id).await?,
            seals: seals.as_deref() == Some(id.as_str()),
            id,
        });
    }
    Ok(listed)
}

/// Removes the files of keys that do not seal and under which nothing lies, and says which.
pub async fn retire(app: &MainApp) -> Result<Vec<String>, RotateFault> {
    let mut tx = app.store.write().await?;
    let seals = sealing(&mut tx, &app.ring).await?;
    let mut removed = Vec::new();
    for id in app.ring.ids() {
        if id != seals.id() && data_keys::count_under(&mut tx, &id).await? == 0 {
            app.ring.remove(&id)?;
            removed.push(id);
        }
    }
    tx.commit().await?;
    Ok(removed)
}
