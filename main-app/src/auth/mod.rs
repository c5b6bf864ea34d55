//! One attempt to sign in, from a tablet or from the page: claimed once, checked once, counted once.
//!
//! ```text
//! admit (throttle, queue) -> claim attempt_id -> check the password -> accounts::transition -> verdict
//!        nothing is kept       one transaction    no transaction       one transaction
//! ```
//!
//! A repeated attempt is answered from what was kept. What an attempt means for the account is decided in `accounts`.
//! Where to start: [`Attempt::run`].

mod endpoint;
mod hash;
pub mod policy;
mod throttle;

use std::net::IpAddr;
use std::sync::Arc;

use accounts::{Event, Guard, Outcome, transition};
use protocol::{AttemptId, DeviceId, UserId};
use tracing::Instrument as _;
use vault::Password;

pub use endpoint::{__path_sign_in, sign_in};
pub use hash::{HashFault, Hasher, NOBODY, Turn, hash};
pub use throttle::{Limits, Rate, Throttle, Wait};

use crate::MainApp;
use crate::fault::Fault;
use crate::keys::{self, OpenDataKey};
use crate::secret;
use crate::store::accounts::AccountRow;
use crate::store::attempts::{Claim, Known};
use crate::store::audit::{self, Action, Entry};
use crate::store::page_sessions::PageSession;
use crate::store::sign_ins::SignIn;
use crate::store::tablet_sessions::TabletSession;
use crate::store::{self, Write};

/// A tablet's session ends after this long, whatever happens.
const TOKEN_LIFETIME_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A password may be reset while it is checked, and the attempt is then checked against the new one; not for ever.
const CHECKS: usize = 3;
/// Nobody is still at work on an attempt that was claimed so long ago: it takes a second or two.
const ABANDONED_MS: i64 = 30 * 1_000;

/// One press of "Sign in".
pub struct Attempt {
    pub id: AttemptId,
    /// Canonical.
    pub login: String,
    pub password: Password,
    pub door: Door,
    /// Where it came from on the network, for the throttle; never kept.
    pub address: Option<IpAddr>,
}

/// Which door was tried; it decides what a success opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Tablet(DeviceId),
    Page,
    /// Whoever has signed in to the pages shows that it is still they. Counted as any attempt; it opens nothing.
    Again,
}

pub enum Verdict {
    Granted(Box<Grant>),
    BadPassword,
    Locked,
    NoAccess(Option<UserId>),
}

pub struct Grant {
    pub account: AccountRow,
    pub opened: Opened,
}

/// What a success has opened. Its secrets are in nothing else.
pub enum Opened {
    Tablet { data_key: OpenDataKey, token: String },
    Page { cookie: String },
    Nothing,
}

/// Why an attempt has no verdict. None of these costs a strike.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    #[error("too many attempts; wait {} s", .0.seconds)]
    Wait(Wait),
    #[error("this attempt is being answered")]
    InProgress,
    #[error("this attempt has been answered with ok")]
    AlreadyOk,
    #[error("this tablet has been revoked")]
    Revoked,
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<sqlx::Error> for Unanswered {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<HashFault> for Unanswered {
    fn from(error: HashFault) -> Self {
        Self::Fault(error.into())
    }
}

impl Attempt {
    /// Answers the attempt. It runs to its end even if whoever asked goes away.
    pub async fn run(self, app: &MainApp) -> Result<Verdict, Unanswered> {
        app.throttle
            .admit(self.address, &self.login, app.now())
            .map_err(Unanswered::Wait)?;
        let Some(turn) = app.hasher.turn().await else {
            return Err(Unanswered::Wait(Wait {
                seconds: throttle::LONGEST_WAIT,
            }));
        };
        let app = app.clone();
        let span = tracing::Span::current();
        tokio::spawn(async move { self.answer(&app, &turn).await }.instrument(span))
            .await
            .map_err(Fault::from)?
    }

    async fn answer(self, app: &MainApp, turn: &Turn) -> Result<Verdict, Unanswered> {
        let mut claim = app.store.write().await?;
        if let Door::Tablet(device) = self.door
            && store::devices::is_revoked(&mut claim, device).await?
        {
            return Err(Unanswered::Revoked);
        }
        let claimed = store::attempts::claim(&mut claim, self.id, app.now(), ABANDONED_MS).await?;
        let mut account = store::accounts::by_login(&mut claim, &self.login).await?;
        claim.commit().await?;
        let since = match claimed {
            Claim::Ours { since } => since,
            Claim::Theirs(Known::Pending) => return Err(Unanswered::InProgress),
            Claim::Theirs(Known::Ok) => return Err(Unanswered::AlreadyOk),
            Claim::Theirs(Known::BadPassword) => return Ok(Verdict::BadPassword),
            Claim::Theirs(Known::Locked) => return Ok(Verdict::Locked),
            Claim::Theirs(Known::NoAccess(user)) => return Ok(Verdict::NoAccess(user)),
        };
        let password = Arc::new(self.password);
        for _ in 0..CHECKS {
            let hash = account.as_ref().map(|account| account.password_hash.clone());
            let verified = app.hasher.verify(turn, password.clone(), hash).await?;
            let mut tx = app.store.write().await?;
            let Some(checked) = account else {
                if !store::attempts::conclude(&mut tx, self.id, since, Known::NoAccess(None), None).await? {
                    return Err(Unanswered::InProgress);
                }
                tx.commit().await?;
                tracing::info!(result = "no_access", "sign-in of an unknown login");
                return Ok(Verdict::NoAccess(None));
            };
            let now = app.now();
            let Some(present) = store::accounts::lock(&mut tx, checked.user_id).await? else {
                return Err(Fault::Inconsistent("an account vanished during its sign-in").into());
            };
            let event = Event::Attempt {
                verified,
                epoch: checked.state.epoch,
            };
            let (after, outcome) = transition(&present.state, event, now);
            if outcome == Outcome::Stale {
                account = Some(present);
                continue;
            }
            let counted = Counted {
                attempt: self.id,
                since,
                door: self.door,
                before: present,
                after,
                outcome,
                now,
            };
            return counted.conclude(app, tx).await;
        }
        Err(Fault::Inconsistent("a password was replaced again and again during one sign-in").into())
    }
}

/// An attempt whose outcome is decided and has to be written down.
struct Counted {
    attempt: AttemptId,
    since: i64,
    door: Door,
    before: AccountRow,
    after: accounts::Account,
    outcome: Outcome,
    now: i64,
}

impl Counted {
    async fn conclude(self, app: &MainApp, mut tx: Write) -> Result<Verdict, Unanswered> {
        let user = self.before.user_id;
        if self.after != self.before.state {
            store::accounts::set_state(&mut tx, user, &self.after).await?;
        }
        let (known, verdict) = match self.outcome {
            Outcome::SignedIn { must_change } => {
                let opened = self.open(app, &mut tx).await?;
                if self.door != Door::Again {
                    let detail = serde_json::json!({ "via": self.via(), "temp": must_change });
                    self.note(&mut tx, Action::SignedIn, detail).await?;
                }
                let account = AccountRow {
                    state: self.after,
                    ..self.before.clone()
                };
                (Known::Ok, Verdict::Granted(Box::new(Grant { account, opened })))
            }
            Outcome::BadPassword => (Known::BadPassword, Verdict::BadPassword),
            Outcome::Locked => (Known::Locked, Verdict::Locked),
            Outcome::NoAccess => (Known::NoAccess(Some(user)), Verdict::NoAccess(Some(user))),
            Outcome::Stale | Outcome::Done => {
                return Err(Fault::Inconsistent("an attempt had the outcome of another event").into());
            }
        };
        if let Guard::Open { strikes } = self.after.guard
            && self.outcome == Outcome::BadPassword
        {
            let detail = serde_json::json!({ "via": self.via(), "strikes": strikes });
            self.note(&mut tx, Action::SignInFailed, detail).await?;
        }
        if self.after.guard != self.before.state.guard && matches!(self.after.guard, Guard::Locked { .. }) {
            self.note(
                &mut tx,
                Action::AccountLocked,
                serde_json::json!({ "via": self.via() }),
            )
            .await?;
        }
        if !store::attempts::conclude(&mut tx, self.attempt, self.since, known, Some(user)).await? {
            return Err(Unanswered::InProgress);
        }
        tx.commit().await?;
        tracing::info!(%user, via = self.via(), result = ?self.outcome, "sign-in");
        Ok(verdict)
    }

    async fn open(&self, app: &MainApp, tx: &mut Write) -> Result<Opened, Unanswered> {
        let user = self.before.user_id;
        let tablet = match self.door {
            Door::Tablet(device) => Some(device),
            Door::Page => None,
            Door::Again => return Ok(Opened::Nothing),
        };
        store::accounts::set_last_sign_in(tx, user, self.now).await?;
        if let Some(device) = tablet
            && !store::devices::seen(tx, device, self.now).await?
        {
            // Revoked while the password was checked: nothing of this is kept.
            return Err(Unanswered::Revoked);
        }
        let sign_in = SignIn { at: self.now, tablet };
        store::sign_ins::add(tx, self.attempt, user, &sign_in).await?;
        let Some(device) = tablet else {
            let cookie = open_page(tx, user, self.after.epoch, self.now).await?;
            return Ok(Opened::Page { cookie });
        };
        let (data_key, made) = keys::data_key_of(tx, &app.ring, user, device, self.now)
            .await
            .map_err(Fault::from)?;
        if made {
            let detail = serde_json::json!({ "data_key": data_key.id });
            self.note(tx, Action::DataKeyIssued, detail).await?;
        }
        let token = secret::token().map_err(Fault::from)?;
        let session = TabletSession {
            user_id: user,
            device_id: device,
            epoch: self.after.epoch,
            expires_at: self.now.saturating_add(TOKEN_LIFETIME_MS),
            ended_at: None,
        };
        let hash = secret::sha256_hex(token.as_bytes());
        store::tablet_sessions::insert(tx, &hash, &session, self.now).await?;
        Ok(Opened::Tablet { data_key, token })
    }

    async fn note(&self, tx: &mut Write, action: Action, detail: serde_json::Value) -> Result<(), Fault> {
        let user = self.before.user_id;
        // A failure proves nothing about who it was.
        let actor = (action == Action::SignedIn || action == Action::DataKeyIssued).then_some(user);
        let entry = Entry {
            at: self.now,
            actor,
            action,
            subject: Some(user),
            detail,
        };
        Ok(audit::add(tx, entry).await?)
    }

    fn via(&self) -> &'static str {
        match self.door {
            Door::Tablet(_) => "tablet",
            Door::Page | Door::Again => "page",
        }
    }
}

/// Begins a session of the pages; its cookie is kept as a hash only.
pub async fn open_page(tx: &mut Write, user: UserId, epoch: u32, now: i64) -> Result<String, Fault> {
    let cookie = secret::token()?;
    let session = PageSession {
        user_id: user,
        epoch,
        created_at: now,
        seen_at: now,
    };
    store::page_sessions::insert(tx, &secret::sha256_hex(cookie.as_bytes()), &session).await?;
    Ok(cookie)
}
