//! Saves an open assessment: each answer as it is given, one save at a time, the latest state next. "Saved" is said after
//! the commit and never before.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use documents::Turn;
use forms::Status as ResponseStatus;
use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{Change, Document, Status, Timestamp};
use replica::{SaveFault, StoreFault, Working};
use serde_json::Value;

use super::advice::advice;
use crate::browser::Tablet;
use crate::desk::{Desk, Flush, Trouble};
use crate::form::Answered;

/// While somebody types, what is there is saved this often.
const WHILE_TYPING: Duration = Duration::from_millis(400);
/// A save that failed is tried again by itself after this long.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// What the page may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// There is an answer that is not on the disk yet.
    Saving,
    Saved(Timestamp),
    NotSaved(SaveFault),
}

/// The response as the form has it now, and what it has set aside.
pub type Snapshot = Box<dyn Fn(ResponseStatus) -> (Value, Value)>;

pub struct Saver {
    desk: Desk,
    tablet: Rc<Tablet>,
    /// Away while a save is under way.
    working: RefCell<Option<Working>>,
    /// Noted since the last save began, and whether the field was left.
    changes: RefCell<Vec<(Timestamp, Change, bool)>>,
    /// A field is being typed in.
    typing: Cell<bool>,
    dirty: Cell<bool>,
    snapshot: RefCell<Option<Snapshot>>,
    /// What the form said when its page was left.
    last: RefCell<Option<(Value, Value)>>,
    registered: RefCell<Option<Flush>>,
    timer: Cell<Option<TimeoutHandle>>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
    pub mark: ArcRwSignal<Mark>,
    /// Another tab has changed the document meanwhile: this page goes on as a second draft.
    pub apart: ArcRwSignal<bool>,
    /// The document as it was last saved.
    pub status: ArcRwSignal<Status>,
}

impl Saver {
    pub fn new(desk: Desk, tablet: Rc<Tablet>, working: Working) -> Rc<Self> {
        let document = &working.document;
        let mark = ArcRwSignal::new(Mark::Saved(document.modified_at));
        let status = ArcRwSignal::new(document.status);
        Rc::new(Self {
            desk,
            tablet,
            working: RefCell::new(Some(working)),
            changes: RefCell::default(),
            typing: Cell::new(false),
            dirty: Cell::new(false),
            snapshot: RefCell::new(None),
            last: RefCell::new(None),
            registered: RefCell::new(None),
            timer: Cell::new(None),
            waiting: RefCell::default(),
            mark,
            apart: ArcRwSignal::new(false),
            status,
        })
    }

    /// Where the answers come from.
    pub fn follow(&self, snapshot: Snapshot) {
        self.snapshot.replace(Some(snapshot));
    }

    /// An answer was given, or a field was left.
    pub fn answered(self: &Rc<Self>, answered: Answered) {
        let Answered {
            link_id,
            before,
            after,
            settled,
            ..
        } = answered;
        let was_typing = self.typing.replace(!settled);
        if before != after || (settled && was_typing) {
            let change = Change::Answered {
                link_id,
                before,
                after,
            };
            self.changes
                .borrow_mut()
                .push((self.tablet.now(), change, settled));
            self.dirty.set(true);
            if matches!(self.mark.get_untracked(), Mark::Saved(_)) {
                self.mark.set(Mark::Saving);
            }
        }
        match settled {
            true => self.save_now(),
            false => self.save_after(WHILE_TYPING),
        }
    }

    /// Something else was changed than an answer.
    pub fn changed(self: &Rc<Self>, change: Change) {
        self.changes.borrow_mut().push((self.tablet.now(), change, true));
        self.dirty.set(true);
        self.save_now();
    }

    /// Saves what is not saved yet.
    pub fn save_now(self: &Rc<Self>) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let this = self.clone();
        spawn_local(async move { this.run().await });
    }

    fn save_after(self: &Rc<Self>, pause: Duration) {
        // A timer that runs already comes first: nothing waits longer for being typed on.
        if let Some(timer) = self.timer.take() {
            return self.timer.set(Some(timer));
        }
        let this = self.clone();
        let timer = set_timeout_with_handle(
            move || {
                this.timer.set(None);
                this.save_now();
            },
            pause,
        );
        match timer {
            Ok(timer) => self.timer.set(Some(timer)),
            Err(_) => self.save_now(),
        }
    }

    /// Saves, and waits until nothing is under way. False: something could not be saved.
    pub async fn flush(self: &Rc<Self>) -> bool {
        while self.working.borrow().is_none() {
            let (done, wait) = oneshot::channel();
            self.waiting.borrow_mut().push(done);
            // A sender that is gone has nothing left to wait for.
            wait.await.ok();
        }
        self.run().await;
        !self.dirty.get()
    }

    /// For the desk, which asks for it before the keys are forgotten.
    pub fn as_flush(self: &Rc<Self>) -> Flush {
        let this = self.clone();
        let flush: Flush = Rc::new(move || {
            let this = this.clone();
            Box::pin(async move { this.flush().await })
        });
        self.registered.replace(Some(flush.clone()));
        flush
    }

    /// The page is left: what the form says now is the last that it says. Until it is saved the desk knows of it.
    pub fn close(self: &Rc<Self>) {
        if let Some(snapshot) = self.snapshot.take() {
            self.last.replace(Some(snapshot(ResponseStatus::InProgress)));
        }
        let this = self.clone();
        spawn_local(async move {
            let saved = this.flush().await;
            if !saved {
                this.tell_desk();
            }
            this.sign_off(saved);
        });
    }

    fn tell_desk(&self) {
        if let Mark::NotSaved(fault) = self.mark.get_untracked() {
            self.desk.trouble.set(Some(Trouble::NotSaved(advice(&fault))));
        }
    }

    fn sign_off(&self, saved: bool) {
        let is_left = self.snapshot.borrow().is_none();
        if saved
            && is_left
            && let Some(flush) = self.registered.take()
        {
            self.desk.closed(&flush);
            self.desk.trouble.update(|trouble| {
                if matches!(trouble, Some(Trouble::NotSaved(_))) {
                    *trouble = None;
                }
            });
        }
    }

    /// Draft, Pending and back, and the signature. The form is saved before; nothing changes where that fails.
    pub async fn turn(self: &Rc<Self>, to: Status, ready: bool, reason: &str) -> Result<(), SaveFault> {
        let was_apart = self.apart.get_untracked();
        let saved = self.flush().await;
        if saved && self.apart.get_untracked() != was_apart {
            // Whoever pressed the button has not seen yet that this is the second draft.
            return Err(SaveFault::Conflict);
        }
        if !saved {
            return match self.mark.get_untracked() {
                Mark::NotSaved(fault) => Err(fault),
                Mark::Saving | Mark::Saved(_) => Err(SaveFault::Conflict),
            };
        }
        let Some(before) = self.working.take() else {
            return Err(SaveFault::Conflict);
        };
        let mut working = before.clone();
        let turn = Turn {
            by: working.document.author,
            at: self.tablet.now(),
            to,
            ready,
            reason,
        };
        if let Err(refused) = documents::turn(&mut working.document, turn) {
            self.working.replace(Some(before));
            self.wake();
            return Err(refused.into());
        }
        self.take_answers(
            &mut working,
            match to {
                Status::Complete => ResponseStatus::Completed,
                Status::Draft | Status::Pending => ResponseStatus::InProgress,
            },
        );
        let saved = self.tablet.save(&mut working).await;
        let done = match saved {
            Ok(at) => {
                self.mark.set(Mark::Saved(at));
                self.status.set(to);
                self.desk.saved(to == Status::Complete);
                self.working.replace(Some(working));
                Ok(())
            }
            Err(fault) => {
                self.working.replace(Some(before));
                Err(fault)
            }
        };
        self.wake();
        done
    }

    /// Reads the document as it was last saved; nothing while a save is under way.
    pub fn document<R>(&self, look: impl FnOnce(&Document) -> R) -> Option<R> {
        self.working
            .borrow()
            .as_ref()
            .map(|working| look(&working.document))
    }

    async fn run(self: &Rc<Self>) {
        while self.dirty.get() {
            let Some(mut working) = self.working.take() else {
                return;
            };
            self.dirty.set(false);
            for (at, change, settled) in self.changes.take() {
                working.note(at, change, settled);
            }
            self.take_answers(&mut working, ResponseStatus::InProgress);
            let saved = match self.tablet.save(&mut working).await {
                Err(SaveFault::Conflict) => self.save_apart(&mut working).await,
                saved => saved,
            };
            self.working.replace(Some(working));
            match saved {
                Ok(at) => {
                    self.mark.set(if self.dirty.get() {
                        Mark::Saving
                    } else {
                        Mark::Saved(at)
                    });
                    self.desk.saved(false);
                    self.sign_off(!self.dirty.get());
                }
                Err(fault) => {
                    self.dirty.set(true);
                    let mendable = match &fault {
                        SaveFault::Store(fault) => *fault != StoreFault::Outdated,
                        fault => matches!(fault, SaveFault::Seal(_)),
                    };
                    self.mark.set(Mark::NotSaved(fault));
                    if mendable {
                        self.save_after(TRY_AGAIN);
                    }
                    break;
                }
            }
        }
        self.wake();
    }

    async fn save_apart(&self, working: &mut Working) -> Result<Timestamp, SaveFault> {
        let saved = self.tablet.save_apart(working).await?;
        self.status.set(working.document.status);
        self.apart.set(true);
        Ok(saved)
    }

    fn take_answers(&self, working: &mut Working, status: ResponseStatus) {
        let now = match &*self.snapshot.borrow() {
            Some(snapshot) => Some(snapshot(status)),
            None => self.last.borrow().clone(),
        };
        if let Some((response, set_aside)) = now {
            working.document.response = response;
            working.document.set_aside = set_aside;
        }
    }

    fn wake(&self) {
        for waiting in self.waiting.take() {
            // Whoever waited has gone.
            waiting.send(()).ok();
        }
    }
}
