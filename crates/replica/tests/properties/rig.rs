//! The tablet under test, and everything that can be done with it. Each doing is checked against what was promised; an end of
//! the program is followed by its next start.

use accounts::{Event, Outcome};
use protocol::{Document, FormRef, RecordId, Signature, Status};
use replica::{AccountRow, Message, Replica, SaveFault, SignIn, SyncOutcome, Table, Working};
use serde_json::json;
use vault::{Sealed, native};

use crate::disk::{Disk, Plan};
use crate::ledger::{Ledger, Rows, Saved, Secret, row, told};
use crate::office::{Line, Office, client, form};
use crate::support::{Standing, now, password};
use crate::watch::Watch;

type Tablet = Replica<Disk, Office, Standing, Watch>;

pub struct Rig {
    pub office: Office,
    pub disk: Disk,
    pub watch: Watch,
    pub ledger: Ledger,
    pub tablet: Tablet,
    clock: Standing,
    texts: u32,
}

pub const LOGINS: [&str; 2] = ["field1", "field2"];

/// What the future comes to, unless the program ends first.
pub fn unless_it_ends<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        // Nothing else waits here.
        std::task::Poll::Pending => None,
    }
}

impl Rig {
    pub fn new() -> Self {
        let (office, disk, watch, clock) = (
            Office::with_two_users(),
            Disk::default(),
            Watch::default(),
            Standing::default(),
        );
        let mut ledger = Ledger::default();
        for (who, person) in office.books.borrow().people.iter().enumerate() {
            watch.note(person.password.as_bytes());
            let typed = person.password.clone();
            ledger.passwords[who].push(Secret { typed, temp: false });
        }
        for private in ["Full Name of", "Testcase Amber", "token-field"] {
            watch.note(private.as_bytes());
        }
        let tablet = start(&office, &disk, &watch, &clock);
        Self {
            office,
            disk,
            watch,
            ledger,
            tablet,
            clock,
            texts: 0,
        }
    }

    pub fn rows(&self) -> Rows {
        self.disk.memory.dump()
    }

    pub fn account_row(&self, who: usize) -> Option<Vec<u8>> {
        row(&self.rows(), Table::Accounts, LOGINS[who]).cloned()
    }

    /// The passwords that open offline now.
    pub fn offline_passwords(&self, who: usize) -> Vec<Secret> {
        let rows = self.rows();
        let open = self
            .ledger
            .open_it(who, LOGINS[who], self.tablet.device_id().as_bytes(), &rows);
        open.into_iter().cloned().collect()
    }

    /// Who is signed in.
    pub fn who(&self) -> Option<usize> {
        let info = self.tablet.session()?;
        LOGINS.iter().position(|login| *login == info.login)
    }

    /// The tablet is switched off and on.
    pub fn restart(&mut self) {
        self.disk.arm(None);
        self.tablet = start(&self.office, &self.disk, &self.watch, &self.clock);
    }

    pub fn lock(&mut self) {
        self.tablet.lock();
    }

    /// The helpdesk hands out a temp password.
    pub fn reset(&mut self, who: usize) {
        self.set_password(who, true, Event::Reset { valid_for: None });
    }

    /// The user chooses a password of their own, on the main application's pages.
    pub fn choose(&mut self, who: usize) {
        let epoch = self.office.books.borrow().people[who].account.epoch;
        self.set_password(who, false, Event::PasswordChanged { epoch });
    }

    fn set_password(&mut self, who: usize, temp: bool, event: Event) {
        let typed = format!("password-{}-of-{}", self.ledger.passwords[who].len(), LOGINS[who]);
        self.office.event(who, event, Some(typed.clone()));
        if self.office.books.borrow().people[who].password == typed {
            self.watch.note(typed.as_bytes());
            self.ledger.passwords[who].push(Secret { typed, temp });
        }
    }

    /// One press of "Sign in". `None`: the program ended.
    pub fn sign_in(&mut self, who: usize, typed: &str, line: Line, plan: Plan) -> Option<SignIn> {
        let before = self.account_row(who);
        let opens_offline = self
            .offline_passwords(who)
            .iter()
            .any(|secret| secret.typed == typed);
        let counted = self.office.books.borrow().attempts.len();
        self.begin_step(line, plan);
        let outcome = unless_it_ends(self.tablet.sign_in(LOGINS[who], password(typed)));
        let delivered = self.office.delivered.take();
        let counted = self.office.books.borrow().attempts.len() - counted;
        let may_count = !matches!(line, Line::Cut | Line::Portal | Line::Proxy);
        assert!(
            counted <= usize::from(may_count),
            "I16: {counted} attempts of one press"
        );
        self.end_step();
        let after = self.account_row(who);
        match &outcome {
            Some(SignIn::Open(info)) => match delivered {
                Some(Outcome::SignedIn { must_change }) => self.assert_taken(who, typed, must_change),
                None => {
                    assert!(
                        opens_offline,
                        "I9: opened offline by a password that it does not know"
                    );
                    assert_eq!(before, after, "I8");
                    assert_eq!(info.opened, replica::OpenedBy::Offline);
                }
                Some(no) => panic!("opened after {no:?}"),
            },
            Some(SignIn::No { message, .. }) => {
                self.assert_refused(*message, delivered, opens_offline);
                let may_remove = delivered == Some(Outcome::NoAccess);
                assert!(
                    may_remove || before == after,
                    "I8: {delivered:?} changed the account"
                );
            }
            Some(other) => panic!("{other:?}"),
            None => {
                let committed = matches!(delivered, Some(Outcome::SignedIn { .. } | Outcome::NoAccess));
                assert!(
                    committed || before == after,
                    "I8, I14: {delivered:?} changed the account"
                );
                self.restart();
            }
        }
        self.assert_promises();
        outcome
    }

    /// The session of an answered sign-in is open: then its effect is in the store, and not a part of it.
    fn assert_taken(&self, who: usize, typed: &str, must_change: bool) {
        let row = AccountRow::parse(&self.account_row(who).unwrap()).unwrap();
        assert_eq!(
            row.epoch,
            self.office.books.borrow().people[who].account.epoch,
            "I6"
        );
        let open: Vec<String> = self
            .offline_passwords(who)
            .into_iter()
            .map(|secret| secret.typed)
            .collect();
        match must_change {
            true => assert!(row.slot.is_none(), "I4: a slot beside a temp password"),
            false if self.watch.bench.no_memory.get() => assert!(open.is_empty() || open == [typed]),
            false => assert_eq!(open, [typed], "I10"),
        }
    }

    fn assert_refused(&self, message: Message, delivered: Option<Outcome>, opens_offline: bool) {
        let fits = match delivered {
            Some(Outcome::BadPassword) => message == Message::Incorrect,
            Some(Outcome::Locked) => message == Message::Locked,
            Some(Outcome::NoAccess) => message == Message::CriticalError,
            // Row 7: only a tablet that cannot write refuses what the office has granted.
            Some(_) => message == Message::CriticalError && self.disk.fired(),
            // I2: nothing offline is ever S2. I3: the password of the slot always opens, unless the disk fails.
            None if opens_offline => message == Message::CriticalError && self.disk.fired(),
            None => message == Message::Incorrect || (message == Message::CriticalError),
        };
        assert!(
            fits || (self.disk.fired() && message == Message::CriticalError),
            "{message:?} after {delivered:?}"
        );
    }

    /// Begins a document. `None`: the program ended.
    pub fn begin(&mut self, plan: Plan) -> Option<Result<RecordId, SaveFault>> {
        let author = self.who()?;
        let text = self.next_text();
        let form = FormRef::new(form().url, form().version, form().title);
        self.begin_step(Line::Cut, plan);
        let person = client();
        let begun = unless_it_ends(self.tablet.begin(&person, form, json!({ "answer": text })));
        self.end_step();
        let text = format!("{} {:?}", json!(text), Status::Draft);
        let outcome = match begun {
            Some(Ok(working)) => {
                let saved = Saved {
                    author,
                    text,
                    unheard: None,
                };
                self.ledger.documents.insert(working.document.id, saved);
                Some(Ok(working.document.id))
            }
            Some(Err(fault)) => {
                assert!(self.disk.fired(), "{fault}");
                Some(Err(fault))
            }
            None => {
                self.ledger.begun = Some((author, text));
                self.restart();
                None
            }
        };
        self.assert_promises();
        outcome
    }

    /// Opens a document of the signed-in user, changes it and saves it. After a fault, the form is still open, and saving
    /// again works. `None`: the program ended.
    pub fn save(&mut self, id: RecordId, complete: bool, plan: Plan) -> Option<Result<(), SaveFault>> {
        self.begin_step(Line::Cut, None);
        let Ok(mut working) = now(self.tablet.open(id)) else {
            // Sealed under a key that only the office has now: it waits, and is named.
            assert!(
                now(self.tablet.documents())
                    .unwrap()
                    .damaged
                    .iter()
                    .any(|one| one.key.ends_with(&id.to_string()))
            );
            return Some(Ok(()));
        };
        let text = self.next_text();
        change(&mut working, &text, complete);
        let wanted = told(&working.document);
        self.begin_step(Line::Cut, plan);
        let saved = unless_it_ends(self.tablet.save(&mut working));
        self.end_step();
        let entry = self
            .ledger
            .documents
            .get_mut(&id)
            .expect("a document of the ledger");
        let outcome = match saved {
            Some(Ok(_)) => {
                entry.text = wanted;
                Some(Ok(()))
            }
            Some(Err(fault)) => {
                assert!(self.disk.fired(), "{fault}");
                self.assert_promises();
                self.begin_step(Line::Cut, None);
                now(self.tablet.save(&mut working)).expect("saving again works");
                self.end_step();
                let entry = self
                    .ledger
                    .documents
                    .get_mut(&id)
                    .expect("a document of the ledger");
                entry.text = wanted;
                Some(Err(fault))
            }
            None => {
                entry.unheard = Some(wanted);
                self.restart();
                None
            }
        };
        self.assert_promises();
        outcome
    }

    /// Sends and fetches. `None`: the program ended.
    pub fn sync(&mut self, line: Line, plan: Plan) -> Option<SyncOutcome> {
        let counted = self.office.books.borrow().attempts.len();
        self.begin_step(line, plan);
        let outcome = unless_it_ends(self.tablet.sync());
        self.end_step();
        assert_eq!(
            self.office.books.borrow().attempts.len(),
            counted,
            "I16: an attempt without a press"
        );
        match &outcome {
            Some(SyncOutcome::Done { sent, .. }) => assert!(line != Line::Muddles || *sent == 0, "I15"),
            Some(SyncOutcome::Lock(_)) => self.tablet.lock(),
            Some(SyncOutcome::Storage(fault)) => assert!(self.disk.fired(), "{fault}"),
            Some(_) => {}
            None => self.restart(),
        }
        self.assert_promises();
        outcome
    }

    /// I1: every document that was called saved is in the office as it was last saved, and opens under its author's key alone.
    pub fn assert_all_arrived(&self) {
        let books = self.office.books.borrow();
        for (id, saved) in &self.ledger.documents {
            let newest = books
                .kept
                .range((*id, 0)..)
                .take_while(|((at, _), _)| at == id)
                .last();
            let (_, bytes) = newest.expect("I1: a document has not arrived");
            let sealed = Sealed::parse(bytes).unwrap();
            for (dk_id, key) in books.people.iter().flat_map(|person| &person.keys) {
                let opened = native::open_record(key, &sealed);
                let is_its_own = *dk_id.as_bytes() == sealed.header.dk_id;
                assert_eq!(opened.is_ok(), is_its_own, "I13");
                if let Ok(plain) = opened {
                    let document: Document = serde_json::from_slice(&plain).unwrap();
                    assert_eq!(told(&document), saved.text, "I1");
                }
            }
        }
    }

    fn next_text(&mut self) -> String {
        self.texts += 1;
        let text = format!("marker-answer-{}", self.texts);
        self.watch.note(text.as_bytes());
        text
    }

    fn begin_step(&self, line: Line, plan: Plan) {
        self.clock.0.set(self.clock.0.get() + 1_000);
        self.office.line.set(line);
        self.office.delivered.set(None);
        self.disk.arm(plan);
    }

    fn end_step(&self) {
        self.office.line.set(Line::Open);
    }

    /// Everything that was promised, and that nothing was told that is nobody's business.
    pub fn assert_promises(&mut self) {
        for value in self.disk.take_written() {
            self.watch.assert_nothing_told(&value);
        }
        let rows = self.rows();
        self.ledger.settle(&rows, &self.office);
        for who in 0..LOGINS.len() {
            let open = self.offline_passwords(who);
            assert!(open.len() <= 1, "I12: opens under two passwords: {open:?}");
            assert!(
                open.iter().all(|secret| !secret.temp),
                "I5: a temp password opens offline"
            );
        }
    }
}

fn start(office: &Office, disk: &Disk, watch: &Watch, clock: &Standing) -> Tablet {
    let started = Replica::start(disk.clone(), office.clone(), clock.clone(), watch.clone(), None);
    now(started).unwrap()
}

fn change(working: &mut Working, text: &str, complete: bool) {
    working.document.response = json!({ "answer": text });
    if complete {
        working.document.status = Status::Complete;
        working.document.signature = Some(Signature {
            by: working.document.author,
            name: working.document.author_name.clone(),
            at: working.document.modified_at,
        });
    }
}
