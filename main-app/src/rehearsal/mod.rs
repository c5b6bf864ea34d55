//! The rehearsal: the helpdesk tries the whole flow of a reset in one browser, beside a tablet in a frame.
//!
//! ```text
//! /main/rehearsal (page)  <- postMessage ->  the app in the frame
//!        |                                        |
//!     Rehearsal: Run { Sandbox, Checklist }   second listener: Line (the switch) -> Stage -> the sandbox's router
//! ```
//!
//! A run is of one clerk, lies in memory, and has a [`sandbox`] of its own: a second main application that shares no data
//! with this one. [`checklist`] decides which step was seen; [`witness`] reads what the sandbox did, [`page`] is told what the
//! frame showed. Before a run begins and after it has ended, the second listener lets nobody in.

mod checklist;
mod line;
mod page;
mod sandbox;
mod stage;
mod step;
mod witness;

use std::sync::{Arc, PoisonError, RwLock};

use protocol::{Shown, UserId};
use tokio::sync::{Mutex, MutexGuard};
use uuid::Uuid;
use zeroize::Zeroizing;

pub use line::{Line, Switched};
pub use page::routes;
pub use stage::router;

use crate::admin;
use crate::fault::Fault;
use crate::store::accounts::AccountRow;
use crate::{MainApp, OpenError, Origin, secret};
use checklist::Checklist;
use sandbox::Sandbox;
use stage::Stage;
use witness::Witness;

/// A run that nobody has looked at for this long has ended.
const IDLE_MS: i64 = 60 * 60 * 1_000;
/// The longest message of the frame that is kept, in characters.
const MESSAGE_MAX_CHARS: usize = 500;

/// How the second listener is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Its port; the host is the console's.
    pub port: u16,
    /// Its origin, where a proxy gives it another: of the same site as the console's, or the browser keeps its cookies back.
    pub origin: Option<Origin>,
}

/// The rehearsals of a main application: one at a time.
pub(crate) struct Rehearsal {
    setup: Setup,
    line: Line,
    run: Mutex<Option<Run>>,
    stage: RwLock<Option<Arc<Stage>>>,
}

/// A rehearsal that is under way.
struct Run {
    id: Uuid,
    clerk: UserId,
    clerk_name: String,
    frame: Origin,
    sandbox: Sandbox,
    temp: Option<Zeroizing<String>>,
    /// Of the next reset, which is carried out once.
    submission: Uuid,
    checklist: Checklist,
    witness: Witness,
    looked_at: i64,
}

/// What a clerk sees of it.
pub(crate) enum Look {
    Nobody,
    /// Another clerk is at it.
    Theirs(String),
    Mine(Box<Picture>),
}

/// A run, to be drawn.
pub(crate) struct Picture {
    pub run: Uuid,
    pub frame: Origin,
    pub is_on: bool,
    pub submission: Uuid,
    pub login: String,
    /// The password that the user signs in with now; `None` while a temp password stands.
    pub password: Option<String>,
    pub temp: Option<Zeroizing<String>>,
    pub new_password: String,
    pub checklist: Checklist,
}

impl Rehearsal {
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            line: Line::default(),
            run: Mutex::new(None),
            stage: RwLock::new(None),
        }
    }

    /// The switch, to be put into the second listener.
    pub fn line(&self) -> &Line {
        &self.line
    }

    fn stage(&self) -> Option<Arc<Stage>> {
        self.stage.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_stage(&self, stage: Option<Stage>) {
        *self.stage.write().unwrap_or_else(PoisonError::into_inner) = stage.map(Arc::new);
    }

    /// Begins anew, whoever was at it: with another sandbox, another user, and the network on.
    async fn begin(&self, real: &MainApp, clerk: &AccountRow, console: Origin) -> Result<(), Fault> {
        let sandbox = Sandbox::open(real, &console).await.map_err(|error| match error {
            OpenError::Fault(fault) => fault,
            OpenError::Store(error) => error.into(),
            other => {
                tracing::error!(%other, "a rehearsal cannot begin");
                Fault::Inconsistent("a sandbox could not be opened")
            }
        })?;
        let Some(stage) = Stage::of(&sandbox, &console) else {
            return Err(Fault::Inconsistent("an origin that cannot frame anything"));
        };
        let mut checklist = Checklist::default();
        checklist.network(true);
        let run = Run {
            id: secret::uuid()?,
            clerk: clerk.user_id,
            clerk_name: clerk.profile.full_name.clone(),
            frame: self
                .setup
                .origin
                .clone()
                .unwrap_or_else(|| console.with_port(self.setup.port)),
            sandbox,
            temp: None,
            submission: secret::uuid()?,
            checklist,
            witness: Witness::default(),
            looked_at: real.now(),
        };
        let mut held = self.run.lock().await;
        let before = held.replace(run);
        // Without a pause: whoever goes away now leaves a rehearsal that has begun.
        self.line.switch(false);
        self.set_stage(Some(stage));
        self.line.switch(true);
        tracing::info!(clerk = %clerk.user_id, "a rehearsal begins");
        forget(before).await;
        Ok(())
    }

    /// Lets nobody in any more, and forgets everything.
    async fn end(&self, held: &mut Option<Run>) {
        self.set_stage(None);
        self.line.switch(false);
        forget(held.take()).await;
    }

    /// Ends a run that was left. To be called now and then.
    pub async fn tidy(&self, now: i64) {
        let mut held = self.run.lock().await;
        let is_left = |run: &Run| now.saturating_sub(run.looked_at) >= IDLE_MS;
        if held.as_ref().is_some_and(is_left) {
            self.end(&mut held).await;
        }
    }

    /// How it stands, for this clerk.
    async fn look(&self, clerk: UserId, now: i64) -> Result<Look, Fault> {
        let mut held = self.run.lock().await;
        let Some(run) = held.as_mut() else {
            return Ok(Look::Nobody);
        };
        if run.clerk != clerk {
            return Ok(Look::Theirs(run.clerk_name.clone()));
        }
        run.looked_at = now;
        run.catch_up().await?;
        Ok(Look::Mine(Box::new(run.picture(self.line.is_on()))))
    }

    /// The clerk's own run, where it is still this one.
    async fn mine(&self, clerk: UserId, id: Uuid) -> Option<Mine<'_>> {
        let held = self.run.lock().await;
        let is_mine = held
            .as_ref()
            .is_some_and(|run| run.clerk == clerk && run.id == id);
        is_mine.then_some(Mine {
            rehearsal: self,
            held,
        })
    }
}

async fn forget(run: Option<Run>) {
    if let Some(run) = run {
        run.sandbox.app.store.close().await;
        tracing::info!("a rehearsal has ended");
    }
}

/// A run that its clerk does something with.
struct Mine<'a> {
    rehearsal: &'a Rehearsal,
    held: MutexGuard<'a, Option<Run>>,
}

impl Mine<'_> {
    fn switch(&mut self, on: bool) {
        self.rehearsal.line.switch(on);
        if let Some(run) = self.held.as_mut() {
            run.checklist.network(on);
        }
    }

    async fn end(mut self) {
        self.rehearsal.end(&mut self.held).await;
    }

    /// The helpdesk's part; once for each submission.
    async fn reset(&mut self, submission: Uuid) -> Result<(), Fault> {
        let Some(run) = self.held.as_mut() else {
            return Ok(());
        };
        if submission != run.submission {
            return Ok(());
        }
        let temp = admin::reset(&run.sandbox.app, None, run.sandbox.user).await?;
        let temp = temp.ok_or(Fault::Inconsistent("a sandbox without its user"))?;
        run.temp = Some(Zeroizing::new(temp.expose().to_owned()));
        run.submission = secret::uuid()?;
        Ok(())
    }

    /// Something that the frame showed.
    async fn show(&mut self, mut shown: Shown) -> Result<(), Fault> {
        if let Shown::Refused { message, .. } = &mut shown {
            *message = message.chars().take(MESSAGE_MAX_CHARS).collect();
        }
        if let Some(run) = self.held.as_mut() {
            // What the main application did comes before what the tablet made of it.
            run.catch_up().await?;
            run.checklist.show(&shown);
        }
        Ok(())
    }
}

impl Run {
    async fn catch_up(&mut self) -> Result<(), Fault> {
        let acts = self.witness.look(&self.sandbox.app, self.sandbox.user).await?;
        acts.into_iter().for_each(|act| self.checklist.act(act));
        if !self.checklist.must_change() {
            self.temp = None;
        }
        Ok(())
    }

    fn picture(&self, is_on: bool) -> Picture {
        let (sandbox, changes) = (&self.sandbox, self.checklist.changes());
        let password = match changes {
            0 => sandbox.own_password(),
            changes => sandbox.new_password(changes > 1),
        };
        Picture {
            run: self.id,
            frame: self.frame.clone(),
            is_on,
            submission: self.submission,
            login: sandbox.login.clone(),
            password: (!self.checklist.must_change()).then_some(password),
            temp: self.temp.clone(),
            new_password: sandbox.new_password(changes > 0),
            checklist: self.checklist.clone(),
        }
    }
}
