//! An honest main application, as `docs/protocol.md` has it, with the rules of `crates/accounts`; and the line that leads there.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Account, Event, Outcome, Standing, transition};
use protocol::{
    AttemptId, Base64, Client, ClientId, DataKey, DkId, Document, FormDefinition, Granted, Receipt,
    ReceiptVerdict, RecordId, Secret32, SessionToken, Settings, SignInReply, SignInRequest, SignInVerdict,
    SyncOk, SyncReply, SyncRequest, SyncVerdict, Timestamp, Upload, UserId,
};
use replica::{HttpReply, NoReply, Remote};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use vault::{Sealed, native};
use zeroize::Zeroizing;

/// What the line does with the next request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    #[default]
    Open,
    Cut,
    /// The request arrives and counts, and its reply is lost.
    LosesReply,
    /// The request arrives and counts, and the program ends before the reply comes.
    EndsWaiting,
    /// A page of the hotel, with status 200.
    Portal,
    /// A proxy's 401, around what would be a "no" if it were ours.
    Proxy,
    /// An acknowledgement of other bytes, for everything that was sent; nothing is kept.
    Muddles,
}

pub struct Person {
    pub user_id: UserId,
    pub login: &'static str,
    pub account: Account,
    pub password: String,
    /// Of each key that was ever handed out; the last one is in force.
    pub keys: Vec<(DkId, [u8; 32])>,
}

#[derive(Default)]
pub struct Books {
    pub people: Vec<Person>,
    /// Each attempt that was checked, with what was answered.
    pub attempts: BTreeMap<AttemptId, Outcome>,
    tokens: BTreeMap<String, (usize, u32)>,
    /// What is kept: the bytes, by record and revision.
    pub kept: BTreeMap<(RecordId, u32), Vec<u8>>,
    made: u8,
}

#[derive(Clone, Default)]
pub struct Office {
    pub books: Rc<RefCell<Books>>,
    pub line: Rc<Cell<Line>>,
    /// The verdict that reached the tablet in this step.
    pub delivered: Rc<Cell<Option<Outcome>>>,
}

impl Office {
    pub fn with_two_users() -> Self {
        let office = Self::default();
        for (place, login) in ["field1", "field2"].into_iter().enumerate() {
            let person = Person {
                user_id: UserId::from_bytes([0x21 + place as u8; 16]),
                login,
                account: Account::new(Standing::Permanent),
                password: format!("first-password-of-{login}"),
                keys: Vec::new(),
            };
            office.books.borrow_mut().people.push(person);
        }
        office
    }

    pub fn event(&self, who: usize, event: Event, password: Option<String>) {
        let person = &mut self.books.borrow_mut().people[who];
        let (account, outcome) = transition(&person.account, event, 0);
        person.account = account;
        if let (Outcome::Done, Some(password)) = (outcome, password) {
            person.password = password;
        }
    }

    /// "Revoke tablet": from now on another key.
    pub fn revoke(&self, who: usize) {
        self.books.borrow_mut().new_key(who);
    }

    /// A "no access" to whatever is asked.
    fn a_no(&self, body: &[u8]) -> Vec<u8> {
        let mut asked: Value = serde_json::from_slice(body).unwrap();
        let people = &self.books.borrow().people;
        let person = people.iter().find(|person| asked["login"] == person.login);
        json!({
            "attempt_id": asked["attempt_id"].take(),
            "request_id": asked["request_id"].take(),
            "result": "no_access",
            "user_id": person.map(|person| person.user_id),
        })
        .to_string()
        .into_bytes()
    }

    /// The key that a record's head names, of that user.
    pub fn key(&self, user_id: &[u8; 16], dk_id: &[u8; 16]) -> Option<[u8; 32]> {
        self.books.borrow().key(user_id, dk_id)
    }
}

impl Books {
    fn new_key(&mut self, who: usize) {
        self.made += 1;
        let mut key = [0; 32];
        native::random(&mut key).unwrap();
        self.people[who]
            .keys
            .push((DkId::from_bytes([self.made; 16]), key));
    }

    fn key(&self, user_id: &[u8; 16], dk_id: &[u8; 16]) -> Option<[u8; 32]> {
        let person = self
            .people
            .iter()
            .find(|person| person.user_id.as_bytes() == user_id)?;
        let known = person.keys.iter().find(|(id, _)| id.as_bytes() == dk_id)?;
        Some(known.1)
    }

    fn sign_in(&mut self, request: &SignInRequest) -> Result<(SignInReply, Outcome), u16> {
        let who = self
            .people
            .iter()
            .position(|person| person.login == request.login);
        if let Some(outcome) = self.attempts.get(&request.attempt_id).copied() {
            if is_ok(outcome) {
                return Err(409);
            }
            let verdict = self.verdict(who, outcome).ok_or(500_u16)?;
            let attempt_id = request.attempt_id;
            return Ok((SignInReply { attempt_id, verdict }, outcome));
        }
        let outcome = match who.map(|who| &mut self.people[who]) {
            None => Outcome::NoAccess,
            Some(person) => {
                let verified = person.password == request.password;
                let epoch = person.account.epoch;
                let (account, outcome) = transition(&person.account, Event::Attempt { verified, epoch }, 0);
                person.account = account;
                outcome
            }
        };
        self.attempts.insert(request.attempt_id, outcome);
        if let (Outcome::SignedIn { .. }, Some(who)) = (outcome, who)
            && self.people[who].keys.is_empty()
        {
            self.new_key(who);
        }
        let verdict = self.verdict(who, outcome).ok_or(500_u16)?;
        let attempt_id = request.attempt_id;
        Ok((SignInReply { attempt_id, verdict }, outcome))
    }

    fn verdict(&mut self, who: Option<usize>, outcome: Outcome) -> Option<SignInVerdict> {
        let person = who.map(|who| &self.people[who]);
        Some(match outcome {
            Outcome::BadPassword => SignInVerdict::BadPassword,
            Outcome::Locked => SignInVerdict::Locked,
            Outcome::NoAccess => SignInVerdict::NoAccess {
                user_id: person.map(|person| person.user_id),
            },
            Outcome::SignedIn { must_change } => {
                let person = person?;
                let (id, key) = *person.keys.last()?;
                let token = format!("token-{}-{}", person.login, self.tokens.len());
                let granted = Granted {
                    user_id: person.user_id,
                    login: person.login.into(),
                    full_name: format!("Full Name of {}", person.login),
                    epoch: person.account.epoch,
                    must_change,
                    data_key: DataKey {
                        id,
                        key: Secret32(key),
                    },
                    token: SessionToken(token.clone()),
                    evicted: None,
                };
                let epoch = person.account.epoch;
                self.tokens.insert(token, (who?, epoch));
                SignInVerdict::Ok(Box::new(granted))
            }
            Outcome::Stale | Outcome::Done => return None,
        })
    }

    fn sync(&mut self, token: Option<&SessionToken>, request: &SyncRequest, muddled: bool) -> SyncReply {
        let request_id = request.request_id;
        let session = token.and_then(|token| self.tokens.get(&token.0)).copied();
        let verdict = match session {
            None => SyncVerdict::SignInAgain,
            Some((who, _)) if !self.people[who].account.access.is_active(0) => SyncVerdict::NoAccess,
            Some((who, epoch)) if self.people[who].account.epoch != epoch => SyncVerdict::EpochChanged,
            Some((who, epoch)) => {
                let receipts = request.records.iter().map(|upload| match muddled {
                    true => stored(upload, vec![0; 32]),
                    false => self.receive(upload),
                });
                let receipts = receipts.collect();
                SyncVerdict::Ok(Box::new(news(who, epoch, receipts)))
            }
        };
        SyncReply { request_id, verdict }
    }

    fn receive(&mut self, upload: &Upload) -> Receipt {
        match self.judge(upload) {
            Ok(()) => {
                let bytes = upload.sealed.0.clone();
                let sha256 = Sha256::digest(&bytes).to_vec();
                self.kept.insert((upload.record_id, upload.rev), bytes);
                stored(upload, sha256)
            }
            Err(code) => Receipt {
                record_id: upload.record_id,
                rev: upload.rev,
                verdict: ReceiptVerdict::Refused {
                    code: code.into(),
                    message: "Ask the helpdesk.".into(),
                },
            },
        }
    }

    fn judge(&self, upload: &Upload) -> Result<(), &'static str> {
        let sealed = Sealed::parse(&upload.sealed.0).map_err(|_| "malformed")?;
        let key = self
            .key(&sealed.header.user_id, &sealed.header.dk_id)
            .ok_or("does_not_open")?;
        let plain = native::open_record(&key, &sealed).map_err(|_| "does_not_open")?;
        let document: Document = serde_json::from_slice(&plain).map_err(|_| "unreadable")?;
        let newest = self
            .kept
            .range((upload.record_id, 0)..)
            .take_while(|((id, _), _)| *id == upload.record_id);
        match newest.last() {
            _ if document.author.as_bytes() != &sealed.header.user_id => Err("other_author"),
            Some(((_, rev), bytes)) if *rev == upload.rev && *bytes != upload.sealed.0 => Err("differs"),
            Some(((_, rev), _)) if *rev > upload.rev => Err("older"),
            _ => Ok(()),
        }
    }
}

fn is_ok(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::SignedIn { .. })
}

fn stored(upload: &Upload, sha256: Vec<u8>) -> Receipt {
    let verdict = ReceiptVerdict::Stored {
        sha256: Base64(sha256),
        at: Timestamp(9),
    };
    Receipt {
        record_id: upload.record_id,
        rev: upload.rev,
        verdict,
    }
}

/// The client that everybody cares for.
pub fn client() -> Client {
    Client {
        id: ClientId::from_bytes([5; 16]),
        full_name: "Testcase Amber".into(),
        birth_date: "1940-01-01".into(),
        address: "1 Sample Street".into(),
        phone: "555-0100".into(),
        due: None,
    }
}

pub fn form() -> FormDefinition {
    FormDefinition {
        url: "urn:form".into(),
        version: "1".into(),
        title: "Form".into(),
        questionnaire: json!({ "resourceType": "Questionnaire" }),
    }
}

fn news(who: usize, epoch: u32, receipts: Vec<Receipt>) -> SyncOk {
    SyncOk {
        epoch,
        receipts,
        cursor: 1 + who as i64,
        clients: vec![client()],
        unassigned: Vec::new(),
        former_forms: Vec::new(),
        forms: vec![form()],
        documents: Vec::new(),
        more: false,
        settings: Settings::default(),
        at: Timestamp(8),
    }
}

fn page(status: u16, content_type: &str, body: Vec<u8>) -> HttpReply {
    HttpReply {
        status,
        redirected: false,
        content_type: content_type.into(),
        retry_after: None,
        body,
    }
}

impl Remote for Office {
    async fn get(&self, _: &str, _: u32) -> Result<HttpReply, NoReply> {
        Err(NoReply)
    }

    async fn post(
        &self,
        path: &str,
        bearer: Option<&SessionToken>,
        body: Zeroizing<Vec<u8>>,
        _: u32,
    ) -> Result<HttpReply, NoReply> {
        let line = self.line.get();
        match line {
            Line::Cut => return Err(NoReply),
            Line::Portal => return Ok(page(200, "text/html", b"<html>Welcome</html>".to_vec())),
            Line::Proxy => return Ok(page(401, "application/json", self.a_no(&body))),
            Line::Open | Line::LosesReply | Line::EndsWaiting | Line::Muddles => {}
        }
        let mut outcome = None;
        let answered = match path {
            "/api/sign-in" => {
                let request: SignInRequest = serde_json::from_slice(&body).unwrap();
                self.books.borrow_mut().sign_in(&request).map(|(reply, said)| {
                    outcome = Some(said);
                    serde_json::to_vec(&reply).unwrap()
                })
            }
            _ => {
                let request: SyncRequest = serde_json::from_slice(&body).unwrap();
                let muddled = line == Line::Muddles;
                let reply = self.books.borrow_mut().sync(bearer, &request, muddled);
                Ok(serde_json::to_vec(&reply).unwrap())
            }
        };
        match line {
            Line::LosesReply => return Err(NoReply),
            Line::EndsWaiting => std::future::pending().await,
            _ => {}
        }
        self.delivered.set(outcome);
        Ok(match answered {
            Ok(body) => page(200, "application/json", body),
            Err(status) => page(status, "application/json", b"{}".to_vec()),
        })
    }
}
