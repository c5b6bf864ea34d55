//! The reference main application: accounts and the helpdesk, sign-in and sync for tablets.
//!
//! Everything that decides about an account is in `accounts`, everything that travels is in `protocol`, and how a record
//! is sealed is in `vault`; this crate keeps it all in a database and puts it behind HTTP.
//!
//! Where to start: [`open`] makes a [`MainApp`] from a [`Config`], and [`app`] makes the router, which answers without a
//! socket too. Then `auth` (one attempt to sign in), `sync`, and `pages`.

pub mod admin;
mod administration;
mod auth;
mod clock;
mod config;
mod fault;
mod health;
mod helpdesk;
mod keys;
mod openapi;
mod pages;
mod rehearsal;
mod sample;
mod secret;
mod settings;
mod store;
mod sync;
mod tablet;
mod version;
mod web;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use auth::{Limits, Rate};
pub use clock::{Clock, Hands};
pub use config::{Config, Data, NotAnOrigin, Origin, may_serve_sample};
pub use fault::Fault;
pub use keys::{
    Listed as ListedMasterKey, RotateFault, Rotated, list as master_keys, retire as retire_master_keys,
    rotate as rotate_master_key,
};
pub use openapi::document as openapi;
pub use protocol::UserId;
pub use rehearsal::{Line, Setup as Rehearsal, Switched, router as rehearsal};
use roster::calendar;
pub use sample::{
    ACCOUNTS as SAMPLE_ACCOUNTS, ANSWER as SAMPLE_ANSWER, PASSWORD as SAMPLE_PASSWORD, SampleAccount,
};
pub use store::accounts::{Profile, Role};
pub use store::{DatabaseUrl, NotADatabaseUrl};
pub use web::address::over_tls;
pub use web::router::app;

use auth::{Hasher, Throttle};
use keys::{MasterKey, MasterKeyFault, Ring};
use store::Store;

const DATABASE: &str = "main.db";

/// A main application that is open: its database, its keys, its settings. Cheap to clone.
#[derive(Clone)]
pub struct MainApp(Arc<Inner>);

/// What a [`MainApp`] holds.
#[doc(hidden)]
pub struct Inner {
    pub(crate) store: Store,
    pub(crate) ring: Ring,
    /// Binds the tokens in forms to the cookie of their page.
    pub(crate) form_key: [u8; 32],
    pub(crate) hasher: Hasher,
    pub(crate) throttle: Throttle,
    pub(crate) trusted_proxies: Vec<ipnet::IpNet>,
    pub(crate) settings: protocol::Settings,
    pub(crate) dist: Option<PathBuf>,
    pub(crate) main_origin: Option<Origin>,
    pub(crate) app_url: String,
    pub(crate) temp_valid_for: Option<i64>,
    pub(crate) has_sample: bool,
    pub(crate) rehearsal: Option<rehearsal::Rehearsal>,
    clock: Clock,
}

impl Deref for MainApp {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Why a main application cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path}: {error}")]
    Directory { path: String, error: std::io::Error },
    #[error("the database cannot be opened: {0}")]
    Store(#[from] sqlx::Error),
    #[error("the master key: {0}")]
    MasterKey(#[from] MasterKeyFault),
    #[error(
        "the database has data keys under the master key {kept}, and this is another; \
         put the right one into master.key or MAIN_APP_MASTER_KEY, or, while it is replaced, into MAIN_APP_EARLIER_MASTER_KEY"
    )]
    OtherMasterKey { kept: String },
    #[error("this database has accounts of its own; sample data goes only into an empty one (try --fresh)")]
    NotEmpty,
    #[error("{0} holds accounts that are no samples; whoever means to lose them removes it by hand")]
    NotExpendable(String),
    #[error("a sample form: {0}")]
    SampleForm(String),
    #[error("the {name} {value:?}: {expected}")]
    Setting {
        name: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Opens or makes the database and the master key.
pub async fn open(config: Config) -> Result<MainApp, OpenError> {
    let settings = settings::checked(&config)?;
    let (store, folder) = match &config.data {
        Data::Memory => (
            match &config.database {
                Some(url) => Store::on_server(url).await?,
                None => Store::in_memory().await?,
            },
            None,
        ),
        Data::Directory(folder) => {
            let fault = |error| OpenError::Directory {
                path: folder.display().to_string(),
                error,
            };
            private_folder(folder).map_err(fault)?;
            let folder = folder.canonicalize().map_err(fault)?;
            let store = match &config.database {
                Some(url) => Store::on_server(url).await?,
                None => {
                    let file = folder.join(DATABASE);
                    private_file(&file).map_err(fault)?;
                    Store::at(&file).await?
                }
            };
            (store, Some(folder))
        }
    };
    let mut tx = store.write().await?;
    let given = config.master_key.map(MasterKey::new);
    let earlier = config.earlier_master_key.map(MasterKey::new);
    let (ring, sealing) = open_ring(&mut tx, given, earlier, folder.as_deref()).await?;
    let mut has_sample = store::meta(&mut tx, sample::MARK).await?.is_some();
    if config.sample && !has_sample {
        if store::accounts::count(&mut tx).await? > 0 {
            return Err(OpenError::NotEmpty);
        }
        sample::load(&mut tx, config.clock.now_ms()).await?;
        has_sample = true;
    }
    tx.commit().await?;
    let app = MainApp(Arc::new(Inner {
        form_key: sealing.derive(b"main/1/form-token"),
        store,
        ring,
        hasher: Hasher::new(),
        throttle: Throttle::new(config.limits),
        trusted_proxies: config.trusted_proxies,
        settings,
        dist: config.dist,
        main_origin: config.main_origin,
        app_url: config.app_url,
        temp_valid_for: match config.temp_password_hours {
            0 => None,
            hours => Some(i64::from(hours) * 60 * 60 * 1_000),
        },
        has_sample,
        rehearsal: config.rehearsal.map(rehearsal::Rehearsal::new),
        clock: config.clock,
    }));
    app.tidy().await?;
    Ok(app)
}

/// The master keys, and the one that seals. Data keys that lie under a key that is not here keep the whole closed.
async fn open_ring(
    tx: &mut store::Write,
    given: Option<MasterKey>,
    earlier: Option<MasterKey>,
    folder: Option<&Path>,
) -> Result<(Ring, Arc<MasterKey>), OpenError> {
    let kept = store::data_keys::master_key_ids(tx).await?;
    let named = keys::sealing_id(tx).await?;
    let given_id = given.as_ref().map(|key| key.id().to_owned());
    let ring = match (given, folder) {
        (Some(key), _) => Ring::given([key].into_iter().chain(earlier)),
        (None, Some(folder)) => Ring::in_folder(folder)?,
        (None, None) => Ring::given([MasterKey::random().map_err(Fault::from)?]),
    };
    if let Some(kept) = kept.iter().find(|id| !ring.ids().contains(id)) {
        return Err(OpenError::OtherMasterKey { kept: kept.clone() });
    }
    let known = ring.ids();
    let id = match (given_id, named) {
        (Some(id), _) => id,
        (None, Some(named)) if known.contains(&named) => named,
        // Nothing lies under a key that is gone: whatever is here can seal.
        (None, _) => match kept.first().or(known.first()) {
            Some(id) => id.clone(),
            None => ring.begin()?,
        },
    };
    keys::set_sealing(tx, &id).await?;
    let sealing = ring.get(&id)?.ok_or(OpenError::OtherMasterKey { kept: id })?;
    Ok((ring, sealing))
}

impl MainApp {
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Whether the database holds accounts whose password everybody knows.
    pub fn has_sample_accounts(&self) -> bool {
        self.has_sample
    }

    /// Whether this is the sandbox of a rehearsal.
    pub(crate) fn is_rehearsed(&self) -> bool {
        self.settings.rehearsal.is_some()
    }

    /// The switch for the listener on which [`rehearsal`](rehearsal::router) answers; `None` where rehearsals are off.
    pub fn rehearsal_line(&self) -> Option<Line> {
        self.rehearsal.as_ref().map(|rehearsal| rehearsal.line().clone())
    }

    /// How many passwords were checked since the start, those of unknown logins included.
    pub fn derivations(&self) -> u64 {
        self.hasher.derivations()
    }

    /// Forgets what is of no use any more: attempts that nobody repeats, sessions that have gone idle, requests for a
    /// reset that were closed three months ago. To be called now and then.
    pub async fn tidy(&self) -> Result<(), Fault> {
        const ATTEMPTS_KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1_000;
        const SESSIONS_KEPT_MS: i64 = 24 * 60 * 60 * 1_000;
        const REQUESTS_KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
        let now = self.now();
        let mut tx = self.store.write().await?;
        store::attempts::forget_before(&mut tx, now.saturating_sub(ATTEMPTS_KEPT_MS)).await?;
        store::page_sessions::forget_before(&mut tx, now.saturating_sub(SESSIONS_KEPT_MS)).await?;
        store::requests::forget_closed_before(&mut tx, now.saturating_sub(REQUESTS_KEPT_MS)).await?;
        tx.commit().await?;
        if let Some(rehearsal) = &self.rehearsal {
            rehearsal.tidy(now).await;
        }
        Ok(())
    }

    /// Closes the database, after what is under way.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

/// Removes the database and the master key of a folder, if the database holds sample data or no accounts at all.
pub async fn remove_sample_data(folder: &Path) -> Result<(), OpenError> {
    let fault = |error| OpenError::Directory {
        path: folder.display().to_string(),
        error,
    };
    let database = folder.join(DATABASE);
    if !database.try_exists().map_err(fault)? {
        return Ok(());
    }
    if !store::is_expendable(&database.canonicalize().map_err(fault)?, sample::MARK).await {
        return Err(OpenError::NotExpendable(database.display().to_string()));
    }
    let database = [DATABASE, "main.db-wal", "main.db-shm"].map(|name| folder.join(name));
    for file in database.into_iter().chain(keys::files(folder)?) {
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Makes a folder that its owner alone can enter; one that is there already stays as it is.
pub(crate) fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Makes an empty file that its owner alone can read; one that is there already stays as it is.
fn private_file(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true).mode(0o600).open(file).map(drop)
}
