//! What every page shares: the tablet, who is signed in, and how things stand. Pages read it by signal and ask it by
//! method; it decides nothing that `replica` or [`Schedule`] decides.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use forms::Form;
use gloo_storage::{SessionStorage, Storage as _};
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{RecordId, Settings};
use replica::guide::{Event, Guide, SignedIn};
use replica::{
    Eviction, Failures, Fault, LockReason, OfflineSignIn, Rehearsal, SessionInfo, SignIn, StoreFault,
    SyncOutcome,
};
use serde::{Deserialize, Serialize};
use vault::Password;

use crate::browser::update::{self, Update};
use crate::browser::{Tablet, device, kept, lock, online, start};
use crate::guide;
use crate::language::{self, Language};
use crate::mark::{Reach, Standing};
use crate::rehearsal;
use crate::sending::Schedule;

/// Saves what an open page has not saved yet. False: something could not be saved.
pub type Flush = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = bool>>>>;

/// An assessment's form, without the page that it was on.
type Left = (RecordId, Rc<RefCell<Form>>);

#[derive(Clone, Copy)]
pub struct Desk {
    tablet: LocalResource<Result<Rc<Tablet>, StoreFault>>,
    pub session: RwSignal<Option<SessionInfo>>,
    /// What the pages are drawn in.
    pub language: RwSignal<Language>,
    pub settings: RwSignal<Settings>,
    /// The browser says that there is a network.
    pub link: ReadSignal<bool>,
    /// The main application answered the last time that it was asked.
    pub reached: RwSignal<Option<bool>>,
    /// Documents on this tablet that are not sent yet, everybody's.
    pub waiting: RwSignal<u32>,
    /// How many of them the main application did not take.
    pub refused: RwSignal<u32>,
    /// How many are being sent now.
    pub sending: RwSignal<Option<u32>>,
    pub trouble: RwSignal<Option<Trouble>>,
    /// The browser has thrown away what this tablet held.
    pub eviction: RwSignal<Option<Eviction>>,
    /// The way to a new password, as far as this browser remembers it.
    pub guide: RwSignal<Guide>,
    /// Failed attempts under the user's name, told after the sign-in.
    pub failures: RwSignal<Option<Failures>>,
    /// Notified when what lies on the tablet may have changed.
    pub changed: Trigger,
    pub schedule: StoredValue<Schedule>,
    pub update: RwSignal<Update>,
    update_asked: StoredValue<bool>,
    probing: StoredValue<bool>,
    open: StoredValue<Vec<Flush>, LocalStorage>,
    /// What was open when the language was changed, until it is open again.
    left: StoredValue<Option<Left>, LocalStorage>,
}

/// What stands in the way of sending and is the user's to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    UpdateNeeded,
    Storage(Fault),
    /// Something was not saved, and the page that could say so has been left.
    NotSaved(String),
    /// The words of a language could not be loaded.
    NoWords(Language),
}

/// Why the sign-in page stands there. It outlives the reload, and tells nothing about anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    SignedOut,
    Idle,
    BackButton,
    PasswordChanged,
    NoAccess,
    Updated,
}

const WHY: &str = "signed-out";
/// Two tabs that sign in at once do it one after the other.
const SIGNING_IN: &str = "sign-in";

impl Desk {
    /// Opens the store; the pages are drawn meanwhile.
    pub fn open() -> Self {
        let settings = RwSignal::new(Settings::default());
        let waiting = RwSignal::new(0);
        let eviction = RwSignal::new(None);
        let update = RwSignal::new(Update::None);
        let open = StoredValue::new_local(Vec::new());
        let tablet = LocalResource::new(move || async move {
            start::next_task().await;
            let tablet = crate::browser::open(async move || {
                let saved = save_all(open).await;
                update.set(Update::StorageTaken { saved });
            });
            let tablet = Rc::new(tablet.await?);
            eviction.set(tablet.eviction());
            spawn_local({
                let tablet = tablet.clone();
                async move {
                    if tablet.learn_what_was_lost().await {
                        eviction.set(tablet.eviction());
                    }
                }
            });
            settings.set(tablet.settings());
            waiting.set(tablet.waiting().await.unwrap_or_default());
            Ok(tablet)
        });
        Self {
            tablet,
            session: RwSignal::new(None),
            language: RwSignal::new(language::current()),
            settings,
            link: online::link(),
            reached: RwSignal::new(None),
            waiting,
            refused: RwSignal::new(0),
            sending: RwSignal::new(None),
            trouble: RwSignal::new(None),
            eviction,
            guide: RwSignal::new(guide::load(device::now())),
            failures: RwSignal::new(None),
            changed: Trigger::new(),
            schedule: StoredValue::new(Schedule::default()),
            update,
            update_asked: StoredValue::new(false),
            probing: StoredValue::new(false),
            open,
            left: StoredValue::new_local(None),
        }
    }

    /// The tablet, once its store is open.
    pub async fn tablet(self) -> Result<Rc<Tablet>, StoreFault> {
        self.tablet.await
    }

    /// Why the store could not be opened.
    pub fn store_fault(self) -> Option<StoreFault> {
        self.tablet.get().and_then(Result::err)
    }

    /// Somebody has read that the browser has thrown away what this tablet held.
    pub async fn eviction_read(self) {
        if let Ok(tablet) = self.tablet().await {
            // A note that cannot be removed is shown again at the next start.
            drop(tablet.eviction_read().await);
            self.eviction.set(tablet.eviction());
        }
    }

    pub fn reach(self) -> Reach {
        match (self.link.get(), self.reached.get()) {
            (false, _) | (true, Some(false)) => Reach::Offline,
            (true, Some(true)) => Reach::Online,
            (true, None) => Reach::Unknown,
        }
    }

    /// How things stand, for the mark.
    pub fn standing(self) -> Standing {
        let session = self.session.get();
        Standing {
            reach: self.reach(),
            signed_in: session.is_some(),
            sign_in_to_send: session.is_some_and(|session| session.needs_sign_in_to_send),
            waiting: self.waiting.get(),
            refused: self.refused.get(),
            sending: self.sending.get(),
        }
    }

    /// The browser's clock in milliseconds.
    pub fn now(self) -> f64 {
        js_sys::Date::now()
    }

    pub fn is_busy(self) -> bool {
        self.sending.get_untracked().is_some() || self.probing.get_value()
    }

    pub async fn sign_in(self, login: String, password: Password) -> Result<SignIn, StoreFault> {
        let tablet = self.tablet().await?;
        let outcome = lock::alone(SIGNING_IN, tablet.sign_in(&login, password)).await;
        match &outcome {
            SignIn::Open(info) => {
                self.eviction.set(tablet.eviction());
                self.failures.set(tablet.failures_to_show().await);
                let online = info.opened == replica::OpenedBy::Online;
                self.reached.set(Some(online));
                if online {
                    let signed_in = SignedIn {
                        full_name: info.full_name.clone(),
                        temp: info.offline == OfflineSignIn::TempPassword,
                        new_password: info.new_password,
                    };
                    guide::happened(self, Event::SignedIn(signed_in));
                }
                self.session.set(Some(info.clone()));
                self.recount().await;
                rehearsal::opened(self, info);
                device::ask_to_keep_storage().await;
            }
            SignIn::No { unanswered, .. } => self.reached.set(Some(unanswered.is_none())),
            SignIn::Field(_) | SignIn::Superseded => {}
        }
        Ok(outcome)
    }

    /// Signs in without a network for the check, beside the session that is open.
    pub async fn rehearse(self, password: Option<Password>) -> Rehearsal {
        match self.tablet().await {
            Ok(tablet) => lock::alone(SIGNING_IN, tablet.rehearse(password)).await,
            Err(_) => Rehearsal::Superseded,
        }
    }

    /// Sends what waits and fetches what is new; what is open is saved before. `None` where that is under way already.
    pub async fn send(self) -> Option<SyncOutcome> {
        if self.is_busy() {
            return None;
        }
        let tablet = self.tablet().await.ok()?;
        self.sending.set(Some(self.waiting.get_untracked()));
        self.save_open().await;
        let outcome = tablet.sync().await;
        self.sending.set(None);
        self.after_sync(&tablet, &outcome);
        if let SyncOutcome::Lock(reason) = outcome {
            self.leave(match reason {
                LockReason::PasswordChanged => Leave::PasswordChanged,
                LockReason::NoAccess => Leave::NoAccess,
            });
        } else {
            self.session.set(tablet.session());
            self.recount().await;
            self.changed.notify();
        }
        Some(outcome)
    }

    fn after_sync(self, tablet: &Tablet, outcome: &SyncOutcome) {
        let now = self.now();
        let schedule =
            |change: &dyn Fn(&mut Schedule)| self.schedule.update_value(|schedule| change(schedule));
        match outcome {
            SyncOutcome::Done { refused, .. } => {
                schedule(&|schedule| schedule.sent(now));
                self.reached.set(Some(true));
                self.refused.set(*refused);
                self.trouble.set(None);
                self.settings.set(tablet.settings());
            }
            SyncOutcome::Unreached { wait_seconds } => {
                schedule(&|schedule| schedule.not_sent(now, *wait_seconds));
                self.reached.set(Some(wait_seconds.is_some()));
            }
            SyncOutcome::SignInAgain => schedule(&|schedule| schedule.sent(now)),
            SyncOutcome::UpdateNeeded => {
                schedule(&|schedule| schedule.sent(now));
                self.reached.set(Some(true));
                self.trouble.set(Some(Trouble::UpdateNeeded));
            }
            SyncOutcome::Storage(fault) => {
                schedule(&|schedule| schedule.not_sent(now, None));
                self.trouble.set(Some(Trouble::Storage(fault.clone())));
            }
            SyncOutcome::Lock(_) | SyncOutcome::NotNow => {}
        }
    }

    /// Asks whether the main application can be reached.
    pub async fn probe(self) {
        let Ok(tablet) = self.tablet().await else {
            return;
        };
        self.probing.set_value(true);
        let reached = tablet.refresh_settings().await;
        self.probing.set_value(false);
        let now = self.now();
        self.schedule.update_value(|schedule| {
            if reached {
                schedule.reached(now)
            } else {
                schedule.missed(now)
            }
        });
        self.reached.set(Some(reached));
        if reached {
            self.settings.set(tablet.settings());
        }
    }

    /// A document was saved.
    pub fn saved(self, complete: bool) {
        let now = self.now();
        self.schedule
            .update_value(|schedule| schedule.saved(now, complete));
        spawn_local(self.recount());
    }

    async fn recount(self) {
        if let Ok(tablet) = self.tablet().await
            && let Ok(waiting) = tablet.waiting().await
            && self.waiting.get_untracked() != waiting
        {
            self.waiting.set(waiting);
        }
    }

    /// Something is open that may hold what is not saved yet.
    pub fn opened(self, flush: Flush) {
        self.open.update_value(|open| open.push(flush));
    }

    /// It holds nothing any more.
    pub fn closed(self, flush: &Flush) {
        self.open
            .update_value(|open| open.retain(|each| !Rc::ptr_eq(each, flush)));
    }

    /// The form of this assessment comes back in another language.
    pub fn leaves(self, id: RecordId, form: Rc<RefCell<Form>>) {
        self.left.set_value(Some((id, form)));
    }

    /// The form of this assessment as it was left in another language.
    pub fn take_left(self, id: RecordId) -> Option<Rc<RefCell<Form>>> {
        let left = self.left.try_update_value(Option::take).flatten();
        left.filter(|(known, _)| *known == id).map(|(_, form)| form)
    }

    /// False: something could not be saved, and the page that it is on says so.
    pub async fn save_open(self) -> bool {
        save_all(self.open).await
    }

    /// Saves, forgets the keys and reloads. Who leaves by choice stays while something cannot be saved: the page says so.
    pub fn leave(self, why: Leave) {
        if matches!(why, Leave::Idle | Leave::BackButton) {
            // Nobody may be there: what stood on the page is gone before it is saved.
            self.session.set(None);
        }
        spawn_local(async move {
            let saved = self.save_open().await;
            let can_be_saved = !matches!(self.update.get_untracked(), Update::StorageTaken { .. });
            if !saved && can_be_saved && matches!(why, Leave::SignedOut | Leave::Updated) {
                return;
            }
            if let Ok(tablet) = self.tablet().await {
                tablet.lock();
            }
            // Without it the sign-in page stands there without a reason.
            drop(SessionStorage::set(WHY, why));
            match why {
                Leave::Updated => update::take(self.update, self.update_asked),
                _ => device::reload(),
            }
        });
    }

    pub fn watch_updates(self) {
        update::watch(self.update, self.update_asked);
    }
}

async fn save_all(open: StoredValue<Vec<Flush>, LocalStorage>) -> bool {
    let mut saved = true;
    for flush in open.get_value() {
        saved &= flush().await;
    }
    saved
}

/// Why the sign-in page stands there; told once.
pub fn why_left() -> Option<Leave> {
    let why = kept::get(&SessionStorage::raw(), WHY);
    SessionStorage::delete(WHY);
    why
}

pub fn use_desk() -> Desk {
    expect_context()
}
