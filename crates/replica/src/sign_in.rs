//! Signing in: one request, and where that is not answered, the slot. What follows from either is [`decide`]'s.

use protocol::{AttemptId, DkId, Granted, SignInReply, SignInRequest, SignInVerdict, UserId};
use vault::{Derivation, KeyToWrap, Owner, PRESETS, Password, Primitives, Slot, UnlockFault, kind};
use words::msg;
use zeroize::Zeroizing;

use crate::account::AccountRow;
use crate::decide::uncommitted;
use crate::records::{self, ONLY, from_plain, row_key};
use crate::session::{Session, SessionRecord};
use crate::turn::Turn;
use crate::{
    Batch, Check, Clock, Kdf, Local, OfflineSignIn, OpenedBy, Outcome, Remote, Replica, Row,
    SIGN_IN_TIMEOUT_MS, Server, SessionInfo, Store, StoreFault, Table, Trouble, Unanswered, Write, answer,
    decide,
};

/// Stands under the message for everybody, known login or not, whenever the main application did not answer.
pub const UNREACHED_LINE: &str = msg!(
    "The main application could not be reached. Nobody is locked out on this tablet while offline. A first sign-in or a new \
     password needs a connection."
);

/// In the place of [`UNREACHED_LINE`] on a tablet that was reported lost.
pub const REVOKED_LINE: &str =
    msg!("This tablet was reported lost. Ask the helpdesk to allow it again. Nothing stored here is lost.");

/// What one press of "Sign in" came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    Open(SessionInfo),
    No {
        message: Message,
        /// The main application did not answer: [`UNREACHED_LINE`], or [`REVOKED_LINE`], stands below the message.
        unanswered: Option<Unanswered>,
        /// Offline failures in a row, this one included; from the third on the way to a reset is shown.
        failures: u32,
        /// The trouble is this tablet's: cause and remedy stand below the message.
        trouble: Option<Trouble>,
    },
    /// A field is empty or too long. Nothing was sent.
    Field(FieldFault),
    /// Another sign-in is under way, or the tablet was locked meanwhile: nothing has changed.
    Superseded,
}

/// The three messages of the provider bulletin of 1 October 2018, letter for letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    Incorrect,
    Locked,
    CriticalError,
}

impl Message {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Incorrect => msg!("Username or Password is incorrect."),
            Self::Locked => {
                msg!("You cannot log into the system at this time. Contact your system administrator.")
            }
            Self::CriticalError => msg!(
                "This application has encountered a critical error. Please contact the site administrator with full \
                 details of the task you are trying to carry out."
            ),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldFault {
    LoginEmpty,
    LoginTooLong,
}

impl Trouble {
    /// The cause and the remedy, for below the message.
    pub const fn text(self) -> &'static str {
        match self {
            Self::NoStorage => msg!(
                "The storage of this tablet cannot be opened. Close other tabs of this site, leave private browsing, and \
                 try again. Nothing stored here has been changed."
            ),
            Self::CannotWrite => msg!(
                "This tablet could not store the sign-in. Free some space on the tablet, then try again. Your saved \
                 assessments are still here."
            ),
            Self::DamagedAccount => msg!(
                "What this tablet stored about your sign-in cannot be read. Connect to a network and sign in again: that \
                 repairs it. Your saved assessments are still here."
            ),
            Self::DamagedKey => msg!(
                "Your password is right, but the key stored on this tablet is damaged. Connect to a network and sign in \
                 again: that repairs it. Your saved assessments are still here."
            ),
            Self::NotChecked => msg!(
                "This tablet could not check the password just now. Close other apps and tabs, then try again. Your saved \
                 assessments are still here."
            ),
        }
    }
}

/// What the tablet holds for a login.
pub(crate) struct Stored {
    pub row: Row,
    pub bytes: Option<Vec<u8>>,
    pub account: Option<AccountRow>,
}

/// What is left to do for a decision: the row to put and the session to open.
struct Ready<Key> {
    row: Option<AccountRow>,
    session: Option<Session<Key>>,
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The session, if somebody is signed in.
    pub fn session(&self) -> Option<SessionInfo> {
        self.session.borrow().as_ref().map(|session| session.info.clone())
    }

    /// Signs in: at most one attempt that the main application counts, and no session before its effect is committed.
    pub async fn sign_in(&self, typed_login: &str, password: Password) -> SignIn {
        let login = protocol::canonical_login(typed_login);
        match login.len() {
            0 => return SignIn::Field(FieldFault::LoginEmpty),
            length if length > protocol::LOGIN_MAX_BYTES => return SignIn::Field(FieldFault::LoginTooLong),
            _ => {}
        }
        let Some(_turn) = Turn::take(&self.signing_in) else {
            return SignIn::Superseded;
        };
        self.attempt(&login, &password).await
    }

    async fn attempt(&self, login: &str, password: &Password) -> SignIn {
        let generation = self.generation.get();
        if self.stored(login).await.row == Row::NoStorage {
            return self.no(Message::CriticalError, None, Some(Trouble::NoStorage));
        }
        let asked = self.ask(login, password).await;
        if self.generation.get() != generation {
            return SignIn::Superseded;
        }
        // Read anew: another tab may have written while the answer was waited for.
        let Stored { row, account, .. } = self.stored(login).await;
        let (unanswered, done) = match asked {
            Ok(verdict) => (None, self.answered(login, password, verdict, row, account).await),
            Err(unanswered) => (
                Some(unanswered),
                self.unanswered(login, password, row, account).await,
            ),
        };
        if self.generation.get() != generation {
            return SignIn::Superseded;
        }
        match done {
            Ok(mut session) => {
                session.info.tablet_revoked = unanswered.is_some_and(|unanswered| unanswered.tablet_revoked);
                self.offline_failures.set(0);
                let info = session.info.clone();
                self.generation.set(generation + 1);
                self.session.replace(Some(session));
                SignIn::Open(info)
            }
            Err(Outcome::Incorrect) => {
                if unanswered.is_some() {
                    self.offline_failures.set(self.offline_failures.get() + 1);
                }
                self.no(Message::Incorrect, unanswered, None)
            }
            Err(Outcome::Locked) => self.no(Message::Locked, unanswered, None),
            Err(Outcome::CriticalError(trouble)) => self.no(Message::CriticalError, unanswered, trouble),
            Err(Outcome::Open | Outcome::Unchanged) => SignIn::Superseded,
        }
    }

    fn no(&self, message: Message, unanswered: Option<Unanswered>, trouble: Option<Trouble>) -> SignIn {
        SignIn::No {
            message,
            unanswered,
            failures: self.offline_failures.get(),
            trouble,
        }
    }

    /// The one request. An ok that lacks a part, and another attempt's reply, are no answer.
    async fn ask(&self, login: &str, password: &Password) -> Result<SignInVerdict, Unanswered> {
        let mut bytes = [0; 16];
        self.primitives
            .random(&mut bytes)
            .map_err(|_| Unanswered::default())?;
        let request = SignInRequest {
            version: protocol::VERSION,
            attempt_id: AttemptId::from_random(bytes),
            login: login.to_owned(),
            password: password.expose().to_owned(),
            device_id: self.device_id,
            evicted: self.unreported_eviction(),
        };
        let body = Zeroizing::new(serde_json::to_vec(&request).map_err(|_| Unanswered::default())?);
        let reply: SignInReply = answer(
            self.remote
                .post("/api/sign-in", None, body, SIGN_IN_TIMEOUT_MS)
                .await,
        )?;
        match reply.attempt_id == request.attempt_id {
            true => Ok(reply.verdict),
            false => Err(Unanswered::default()),
        }
    }

    /// The account row as it lies, as it reads, and as [`decide`] sees it.
    pub(crate) async fn stored(&self, login: &str) -> Stored {
        let unread = |row, bytes| Stored {
            row,
            bytes,
            account: None,
        };
        let bytes = match self.store.get(Table::Accounts, login).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return unread(Row::Absent, None),
            Err(_) => return unread(Row::NoStorage, None),
        };
        let Ok(account) = AccountRow::parse(&bytes) else {
            return unread(Row::Unreadable, Some(bytes));
        };
        match self.waits_under(account.user_id, account.dk_id).await {
            Ok(waiting) => Stored {
                row: account.seen(waiting),
                bytes: Some(bytes),
                account: Some(account),
            },
            Err(_) => unread(Row::NoStorage, Some(bytes)),
        }
    }

    async fn waits_under(&self, user_id: UserId, dk_id: DkId) -> Result<bool, StoreFault> {
        let rows = self
            .store
            .scan(Table::Outbox, &records::prefix(user_id, kind::DOCUMENT))
            .await?;
        let mut rows = rows
            .iter()
            .filter_map(|(_, bytes)| crate::outbox::OutboxRow::parse(bytes));
        Ok(rows.any(|row| row.dk_id == dk_id && row.is_unsent()))
    }

    async fn answered(
        &self,
        login: &str,
        password: &Password,
        verdict: SignInVerdict,
        row: Row,
        account: Option<AccountRow>,
    ) -> Result<Session<P::Key>, Outcome> {
        let server = Server::from(&verdict);
        let granted = match verdict {
            SignInVerdict::Ok(granted) => Some(*granted),
            _ => None,
        };
        let enrolled = match &granted {
            Some(granted) if !granted.must_change => {
                Some(self.enrol(granted, password, account.as_ref()).await)
            }
            _ => None,
        };
        let kdf = match &enrolled {
            None => Kdf::NotTried,
            Some(Ok(_)) => Kdf::Derived,
            Some(Err(_)) => Kdf::Failed,
        };
        let decision = decide(
            server,
            Local {
                row,
                check: Check::NotMade,
                kdf,
            },
        );
        let (slot, derivation) = enrolled.and_then(Result::ok).unzip();
        let epoch_before = account.as_ref().map(|account| (account.user_id, account.epoch));
        let eviction = match &granted {
            Some(granted) => self.eviction_after(granted.evicted),
            None => self.eviction(),
        };
        // Granted, and the tablet cannot take it: there is no row, and nothing is written over what it could not read.
        let ready = match (granted, AccountRow::decided(account, server, decision, slot)) {
            (Some(granted), Some(row)) => {
                self.prepare(login, granted, row, derivation.as_ref(), password)
                    .await
            }
            (_, row) => Ok(Ready { row, session: None }),
        };
        let Ready { row, mut session } = ready.map_err(|_| uncommitted(decision))?;
        let mut writes = Vec::new();
        if let Some(session) = &mut session
            && epoch_before
                .is_some_and(|(user, epoch)| user == session.info.user_id && epoch != session.epoch)
        {
            session.info.new_password = true;
            writes.extend(self.note_what_waits(session.info.user_id).await);
        }
        if let Some(row) = row {
            writes.push(Write::put(Table::Accounts, login, row.to_bytes()));
            if let Some(slot) = &row.slot {
                let cost = serde_json::json!([slot.m_kib, slot.t, slot.p]);
                writes.push(Write::put(
                    Table::Meta,
                    crate::KDF_COST,
                    cost.to_string().into_bytes(),
                ));
            }
        }
        if let Some(session) = &session {
            writes.push(
                self.session_record(session)
                    .await
                    .map_err(|_| uncommitted(decision))?,
            );
        }
        if eviction != self.eviction() {
            writes.extend(eviction.as_ref().and_then(crate::Eviction::write));
        }
        if !writes.is_empty() && self.store.commit(Batch::of(writes)).await.is_err() {
            return Err(uncommitted(decision));
        }
        self.eviction.set(eviction);
        session.ok_or(decision.outcome)
    }

    async fn enrol(
        &self,
        granted: &Granted,
        password: &Password,
        account: Option<&AccountRow>,
    ) -> Result<(Slot, Derivation), UnlockFault> {
        let key = KeyToWrap {
            epoch: granted.epoch,
            dk_id: *granted.data_key.id.as_bytes(),
            data_key: &granted.data_key.key.0,
        };
        let stored = account
            .filter(|account| account.user_id == granted.user_id)
            .and_then(|account| account.slot.as_ref());
        vault::enrol(
            &self.primitives,
            &self.owner(granted.user_id),
            password,
            key,
            stored.map(Slot::cost),
        )
        .await
    }

    fn owner(&self, user_id: UserId) -> Owner {
        Owner {
            device_id: *self.device_id.as_bytes(),
            user_id: *user_id.as_bytes(),
        }
    }

    /// The session that an ok leads to, and its row with those old keys that are still needed.
    async fn prepare(
        &self,
        login: &str,
        mut granted: Granted,
        mut row: AccountRow,
        derivation: Option<&Derivation>,
        password: &Password,
    ) -> Result<Ready<P::Key>, UnlockFault> {
        let owner = self.owner(row.user_id);
        let mut keys = vec![(row.dk_id, self.primitives.import(&granted.data_key.key.0).await?)];
        for old in std::mem::take(&mut row.kept) {
            let old_id = DkId::from_bytes(old.dk_id);
            if !self.waits_under(row.user_id, old_id).await.unwrap_or(true) {
                continue;
            }
            match self.rewrap(&owner, &old, password, derivation, row.epoch).await {
                Some((slot, key)) => {
                    row.kept.push(slot);
                    keys.push((old_id, key));
                }
                None => row.kept.push(old),
            }
        }
        let offline = match (&row.slot, granted.must_change) {
            (Some(_), _) => OfflineSignIn::Ready,
            (None, true) => OfflineSignIn::TempPassword,
            (None, false) => OfflineSignIn::NotEnoughMemory,
        };
        let session = Session {
            info: SessionInfo {
                user_id: row.user_id,
                login: login.to_owned(),
                full_name: std::mem::take(&mut granted.full_name),
                offline,
                opened: OpenedBy::Online,
                new_password: false,
                needs_sign_in_to_send: false,
                tablet_revoked: false,
            },
            epoch: row.epoch,
            dk_id: row.dk_id,
            keys,
            token: Some(granted.token),
        };
        Ok(Ready {
            row: Some(row),
            session: Some(session),
        })
    }

    /// An old key that the typed password opens, wrapped anew beside the new slot so that one derivation opens both.
    async fn rewrap(
        &self,
        owner: &Owner,
        old: &Slot,
        password: &Password,
        derivation: Option<&Derivation>,
        epoch: u32,
    ) -> Option<(Slot, P::Key)> {
        let derivation = derivation?;
        let (data_key, _) = vault::unlock(&self.primitives, owner, old, password).await.ok()?;
        let key = KeyToWrap {
            epoch,
            dk_id: old.dk_id,
            data_key: &data_key,
        };
        let slot = derivation.wrap(&self.primitives, owner, key).await.ok()?;
        Some((slot, self.primitives.import(&data_key).await.ok()?))
    }

    /// The token and the name, sealed, for the next offline sign-in.
    async fn session_record(&self, session: &Session<P::Key>) -> Result<Write, records::Fault> {
        let (Some(token), Some(key)) = (&session.token, session.key(session.dk_id.as_bytes())) else {
            return Err(records::Fault::Locked);
        };
        let record = SessionRecord {
            full_name: session.info.full_name.clone(),
            token: protocol::SessionToken(token.0.clone()),
        };
        let plain = records::to_plain(&record)?;
        let (key, sealed) = self
            .seal_under(
                &key,
                session.dk_id,
                session.info.user_id,
                kind::SESSION,
                ONLY,
                1,
                &plain,
            )
            .await?;
        Ok(Write::put(Table::Records, key, sealed))
    }

    pub(crate) async fn unanswered(
        &self,
        login: &str,
        password: &Password,
        row: Row,
        account: Option<AccountRow>,
    ) -> Result<Session<P::Key>, Outcome> {
        let slot = account
            .as_ref()
            .and_then(|account| Some((account, account.slot.as_ref()?)));
        let mut opened = None;
        let check = match slot {
            Some((account, slot)) => {
                match vault::unlock(&self.primitives, &self.owner(account.user_id), slot, password).await {
                    Ok(unlocked) => {
                        opened = Some(unlocked);
                        Check::Opens
                    }
                    Err(UnlockFault::WrongPassword) => Check::Wrong,
                    Err(UnlockFault::DamagedKey | UnlockFault::Slot(_)) => Check::DamagedKey,
                    Err(UnlockFault::Kdf(_) | UnlockFault::Crypto(_)) => Check::NotDerived,
                }
            }
            None if matches!(row, Row::Absent | Row::Whole { .. }) => self.dummy(password).await,
            None => Check::NotMade,
        };
        let decision = decide(
            Server::Unanswered,
            Local {
                row,
                check,
                kdf: Kdf::NotTried,
            },
        );
        match (decision.outcome, account, opened) {
            (Outcome::Open, Some(account), Some((data_key, derivation))) => {
                let session = self
                    .offline_session(login, &account, &data_key, &derivation)
                    .await;
                session.map_err(|_| Outcome::CriticalError(Some(Trouble::NotChecked)))
            }
            (outcome, account, _) => {
                if outcome == Outcome::Incorrect {
                    self.note_failure(account.map(|account| account.user_id)).await;
                }
                Err(outcome)
            }
        }
    }

    /// A login without a slot costs what a known one costs.
    async fn dummy(&self, password: &Password) -> Check {
        let stored = self.store.get(Table::Meta, crate::KDF_COST).await.ok().flatten();
        let cost = stored.and_then(|bytes| protocol::json::read::<(u32, u32, u8)>(&bytes).ok());
        let cost = cost
            .map(|(m_kib, t, p)| vault::Cost { m_kib, t, p })
            .filter(|cost| cost.is_acceptable());
        match vault::dummy_derivation(&self.primitives, password, cost.unwrap_or(PRESETS[0])).await {
            Ok(()) | Err(_) => Check::NotMade,
        }
    }

    async fn offline_session(
        &self,
        login: &str,
        account: &AccountRow,
        data_key: &[u8; 32],
        derivation: &Derivation,
    ) -> Result<Session<P::Key>, UnlockFault> {
        let owner = self.owner(account.user_id);
        let mut keys = vec![(account.dk_id, self.primitives.import(data_key).await?)];
        for old in account.kept.iter().filter(|old| derivation.made(old)) {
            if let Ok(raw) = derivation.unwrap(&self.primitives, &owner, old).await {
                keys.push((DkId::from_bytes(old.dk_id), self.primitives.import(&raw).await?));
            }
        }
        let mut session = Session {
            info: SessionInfo {
                user_id: account.user_id,
                login: login.to_owned(),
                full_name: login.to_owned(),
                offline: OfflineSignIn::Ready,
                opened: OpenedBy::Offline,
                new_password: false,
                needs_sign_in_to_send: true,
                tablet_revoked: false,
            },
            epoch: account.epoch,
            dk_id: account.dk_id,
            keys,
            token: None,
        };
        // A missing or damaged session record costs the name and the token, never the session.
        if let Some(record) = self.read_session_record(&session).await {
            session.info.full_name.clone_from(&record.full_name);
            session.token = Some(protocol::SessionToken(record.token.0.clone()));
            session.info.needs_sign_in_to_send = false;
        }
        Ok(session)
    }

    async fn read_session_record(&self, session: &Session<P::Key>) -> Option<SessionRecord> {
        let key = row_key(session.info.user_id, kind::SESSION, ONLY);
        let row = self.store.get(Table::Records, &key).await.ok()??;
        let sealed = records::parse_row(self.device_id, &key, &row).ok()?;
        let data_key = session.key(&sealed.header.dk_id)?;
        let plain = vault::open(&self.primitives, &data_key, &sealed).await.ok()?;
        from_plain(&plain).ok()
    }
}
