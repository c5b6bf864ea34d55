//! A tablet on a bench: a main application that answers as it is told, a clock that stands, a store that can fail, and
//! derivations that are counted instead of made.

#![allow(dead_code, reason = "each test file uses its part")]

pub mod steps;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use protocol::{AttemptId, DkId, SessionToken, SignInRequest, SyncRequest, Timestamp, UserId};
use replica::{
    Batch, Clock, CommitFault, HttpReply, Memory, NoReply, Remote, Replica, Store, StoreFault, Table,
};
use serde_json::{Value, json};
use vault::native::Native;
use vault::{Cost, CryptoFault, Derived, KdfFault, MasterKey, Password, Primitives, Refused};
use zeroize::Zeroizing;

pub const USER: UserId = UserId::from_bytes([0x21; 16]);
pub const OTHER: UserId = UserId::from_bytes([0x22; 16]);
pub const KEY: DkId = DkId::from_bytes([0x31; 16]);
pub const NEW_KEY: DkId = DkId::from_bytes([0x32; 16]);

/// What the main application does with the next request.
pub enum Says {
    /// A reply made from the request's id.
    Reply(Box<dyn Fn(&str) -> HttpReply>),
    Nothing,
}

#[derive(Clone, Default)]
pub struct MainApp {
    pub script: Rc<RefCell<VecDeque<Says>>>,
    pub attempts: Rc<RefCell<Vec<(AttemptId, String, String)>>>,
    /// What each attempt said of an emptied storage.
    pub evicted: Rc<RefCell<Vec<Option<Timestamp>>>>,
    pub syncs: Rc<RefCell<Vec<SyncRequest>>>,
    /// The token of each request.
    pub bearers: Rc<RefCell<Vec<Option<String>>>>,
}

pub fn json_reply(body: &Value) -> HttpReply {
    HttpReply {
        status: 200,
        redirected: false,
        content_type: "application/json".into(),
        retry_after: None,
        body: body.to_string().into_bytes(),
    }
}

/// A verdict, echoing what it answers.
pub fn verdict(fields: Value) -> Says {
    Says::Reply(Box::new(move |attempt| {
        let mut body = fields.clone();
        body["attempt_id"] = attempt.into();
        body["request_id"] = attempt.into();
        json_reply(&body)
    }))
}

/// A sync that brings nothing.
pub fn nothing_new(epoch: u32) -> Says {
    verdict(json!({
        "result": "ok", "epoch": epoch, "receipts": [], "cursor": 1, "clients": [], "unassigned": [], "forms": [],
        "settings": protocol::Settings::default(), "at": 1,
    }))
}

pub fn granted(epoch: u32, must_change: bool, dk_id: DkId) -> Value {
    let key = protocol::Secret32([dk_id.as_bytes()[0]; 32]);
    json!({
        "result": "ok", "user_id": USER, "login": "field1", "full_name": "Test Field One", "epoch": epoch,
        "must_change": must_change, "data_key": { "id": dk_id, "key": key }, "token": format!("token-{epoch}"),
    })
}

impl MainApp {
    pub fn will(&self, says: Says) {
        self.script.borrow_mut().push_back(says);
    }

    fn next(&self, id: &str) -> Result<HttpReply, NoReply> {
        // Let go of before the reply is made: meanwhile another tab may ask.
        let says = self.script.borrow_mut().pop_front();
        match says {
            Some(Says::Reply(reply)) => Ok(reply(id)),
            Some(Says::Nothing) | None => Err(NoReply),
        }
    }
}

impl Remote for MainApp {
    async fn get(&self, _: &str, _: u32) -> Result<HttpReply, NoReply> {
        self.next("")
    }

    async fn post(
        &self,
        path: &str,
        bearer: Option<&SessionToken>,
        body: Zeroizing<Vec<u8>>,
        _: u32,
    ) -> Result<HttpReply, NoReply> {
        self.bearers
            .borrow_mut()
            .push(bearer.map(|token| token.0.clone()));
        if path == "/api/sign-in" {
            let request: SignInRequest = serde_json::from_slice(&body).unwrap();
            let seen = (
                request.attempt_id,
                request.login.clone(),
                request.password.clone(),
            );
            self.attempts.borrow_mut().push(seen);
            self.evicted.borrow_mut().push(request.evicted);
            self.next(&request.attempt_id.to_string())
        } else {
            let request: SyncRequest = serde_json::from_slice(&body).unwrap();
            let id = request.request_id.to_string();
            self.syncs.borrow_mut().push(request);
            self.next(&id)
        }
    }
}

#[derive(Clone, Default)]
pub struct Standing(pub Rc<Cell<i64>>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.get())
    }
}

/// Memory that can be told to fail, as a full or broken disk does.
#[derive(Clone, Default)]
pub struct Disk {
    pub memory: Memory,
    pub full: Rc<Cell<bool>>,
    pub unreadable: Rc<Cell<bool>>,
}

impl Store for Disk {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreFault> {
        match self.unreadable.get() {
            true => Err(StoreFault::Broken("told to".into())),
            false => self.memory.get(table, key).await,
        }
    }

    async fn scan(&self, table: Table, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFault> {
        match self.unreadable.get() {
            true => Err(StoreFault::Broken("told to".into())),
            false => self.memory.scan(table, prefix).await,
        }
    }

    async fn commit(&self, batch: Batch) -> Result<(), CommitFault> {
        match self.full.get() {
            true => Err(StoreFault::Full.into()),
            false => self.memory.commit(batch).await,
        }
    }
}

/// RustCrypto, but for a derivation that costs nothing and is written down.
#[derive(Clone, Default)]
pub struct Bench {
    pub derivations: Rc<RefCell<Vec<Cost>>>,
    pub no_memory: Rc<Cell<bool>>,
    pub interrupted: Rc<Cell<bool>>,
}

impl Primitives for Bench {
    type Key = vault::native::Key;

    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault> {
        Native.random(bytes)
    }

    async fn argon2id(&self, password: &Password, salt: &[u8; 16], cost: Cost) -> Result<Derived, KdfFault> {
        self.derivations.borrow_mut().push(cost);
        if self.no_memory.get() {
            return Err(KdfFault::CannotAllocate);
        }
        if self.interrupted.get() {
            return Err(KdfFault::Interrupted);
        }
        let input = format!("{}{salt:?}{cost:?}", password.expose());
        let mk = Native
            .hkdf_bytes(&MasterKey([0; 32]), input.as_bytes())
            .await
            .unwrap();
        Ok(Derived {
            mk: MasterKey(*mk),
            elapsed_ms: 1,
        })
    }

    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        Native.hkdf_bytes(mk, info).await
    }

    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<Self::Key, CryptoFault> {
        Native.hkdf_key(mk, info).await
    }

    async fn import(&self, raw: &[u8; 32]) -> Result<Self::Key, CryptoFault> {
        Native.import(raw).await
    }

    async fn encrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault> {
        Native.encrypt(key, iv, aad, plain).await
    }

    async fn decrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        Native.decrypt(key, iv, aad, sealed).await
    }
}

pub type Tablet = Replica<Disk, MainApp, Standing, Bench>;

/// One tablet and everything around it.
#[derive(Clone, Default)]
pub struct World {
    pub disk: Disk,
    pub main_app: MainApp,
    pub clock: Standing,
    pub bench: Bench,
}

impl World {
    /// Starts the app, or a further tab of it.
    pub fn tablet(&self) -> Tablet {
        let World {
            disk,
            main_app,
            clock,
            bench,
        } = self.clone();
        now(Replica::start(disk, main_app, clock, bench, None)).unwrap()
    }

    pub fn account_row(&self, login: &str) -> Option<Vec<u8>> {
        now(self.disk.memory.get(Table::Accounts, login)).unwrap()
    }
}

pub fn password(typed: &str) -> Password {
    vault::native::password(typed).unwrap()
}

/// Nothing on the bench ever waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("something waits on the bench"),
    }
}
