//! Sending and fetching: two short transactions with one request between them, and a plan that needs neither.

use protocol::{
    Base64, FailedAttempts, RequestId, SessionToken, SyncOk, SyncReply, SyncRequest, SyncVerdict, Upload,
};
use vault::{Primitives, Sealed};
use zeroize::Zeroizing;

use crate::account::AccountRow;
use crate::outbox::OutboxRow;
use crate::plan::{Plan, merge, plan};
use crate::records::parse_row;
use crate::{
    Batch, Clock, CommitFault, Expect, FAILED_ATTEMPTS, Fault, Remote, Replica, SYNC_TIMEOUT_MS, Store,
    StoreFault, Table, Unanswered, Write, answer,
};

/// The sealed bytes of one request: base64 makes four thirds of them, and the body limit leaves room beside.
const BATCH_BYTES: usize = protocol::SYNC_BODY_LIMIT / 2;
/// Another tab may write between reading and writing; then the plan is made anew, this many times.
const TRIES: usize = 8;

/// What a sync came to. Nothing that it could not do is lost: it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncOutcome {
    Done {
        sent: u32,
        refused: u32,
        still_waiting: u32,
    },
    Unreached {
        wait_seconds: Option<u32>,
    },
    /// The token has ended. The session goes on; "Sign in to send".
    SignInAgain,
    /// The slot is removed and the session locked: the page shows the sign-in page and why.
    Locked(LockReason),
    /// This build is too old for the main application.
    UpdateNeeded,
    /// Nobody is signed in, or another sync is under way.
    NotNow,
    Storage(Fault),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockReason {
    PasswordChanged,
    NoAccess,
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// How many documents wait to be sent on this tablet, everybody's.
    pub async fn waiting(&self) -> Result<u32, Fault> {
        let rows = self.outbox_rows().await?;
        Ok(rows.iter().filter(|(_, row)| row.is_unsent()).count() as u32)
    }

    /// Sends what waits, everybody's on this tablet, and fetches what is new for the signed-in user.
    pub async fn sync(&self) -> SyncOutcome {
        if self.syncing.replace(true) {
            return SyncOutcome::NotNow;
        }
        let outcome = self.sync_all().await;
        self.syncing.set(false);
        outcome
    }

    async fn sync_all(&self) -> SyncOutcome {
        let generation = self.generation.get();
        let Ok(token) = self
            .with_session(|session| Some(session.token.as_ref().map(|token| SessionToken(token.0.clone()))))
        else {
            return SyncOutcome::NotNow;
        };
        let Some(token) = token else {
            return SyncOutcome::SignInAgain;
        };
        let (mut sent, mut refused) = (0, 0);
        let mut offered: Vec<(String, u32)> = Vec::new();
        loop {
            let (request, more) = match self.request(&mut offered).await {
                Ok(request) => request,
                Err(fault) => return SyncOutcome::Storage(fault),
            };
            let verdict = match self.exchange(&token, &request).await {
                Ok(verdict) => verdict,
                Err(Unanswered { wait_seconds }) => return SyncOutcome::Unreached { wait_seconds },
            };
            if self.generation.get() != generation {
                return SyncOutcome::NotNow;
            }
            let reply = match verdict {
                SyncVerdict::Ok(reply) => reply,
                SyncVerdict::EpochChanged => return self.end_session(LockReason::PasswordChanged).await,
                SyncVerdict::NoAccess => return self.end_session(LockReason::NoAccess).await,
                SyncVerdict::SignInAgain => {
                    self.drop_token();
                    return SyncOutcome::SignInAgain;
                }
                SyncVerdict::UpdateNeeded => return SyncOutcome::UpdateNeeded,
            };
            match self.apply(&reply, &request.failed_offline).await {
                Ok(plan) => {
                    sent += plan.sent;
                    refused += plan.refused;
                }
                Err(fault) => return SyncOutcome::Storage(fault),
            }
            self.keep_settings(reply.settings).await;
            if !more {
                return match self.waiting().await {
                    Ok(still_waiting) => SyncOutcome::Done {
                        sent,
                        refused,
                        still_waiting,
                    },
                    Err(fault) => SyncOutcome::Storage(fault),
                };
            }
        }
    }

    /// The next batch of what waits, oldest first, each revision offered once in this sync.
    async fn request(&self, offered: &mut Vec<(String, u32)>) -> Result<(SyncRequest, bool), Fault> {
        let (caseload, _) = self.caseload_row().await?;
        let mut rows = self.outbox_rows().await?;
        rows.retain(|(_, row)| row.is_unsent());
        let rows = crate::sorted(rows, |(_, one), (_, other)| one.at.cmp(&other.at));
        let waiting = rows.len() as u32;
        let mut records = Vec::new();
        let mut size = 0;
        let mut more = false;
        for (key, row) in rows {
            if offered.contains(&(key.clone(), row.rev)) {
                continue;
            }
            if size > BATCH_BYTES {
                more = true;
                break;
            }
            offered.push((key.clone(), row.rev));
            if let Some(upload) = self.upload(&key, &row).await? {
                size += upload.sealed.0.len();
                records.push(upload);
            }
        }
        let mut id = [0; 16];
        self.primitives.random(&mut id)?;
        let request = SyncRequest {
            version: protocol::VERSION,
            request_id: RequestId::from_random(id),
            device_id: self.device_id,
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            cursor: caseload.cursor,
            records,
            waiting,
            failed_offline: self.failed_attempts().await,
        };
        Ok((request, more))
    }

    /// The record as it lies. A damaged one is not sent: the outbox names it.
    async fn upload(&self, key: &str, row: &OutboxRow) -> Result<Option<Upload>, StoreFault> {
        let Some(bytes) = self.store.get(Table::Records, key).await? else {
            return Ok(None);
        };
        let whole =
            parse_row(self.device_id, key, &bytes).is_ok_and(|Sealed { header, .. }| header.rev == row.rev);
        Ok(whole.then_some(Upload {
            record_id: row.record_id,
            rev: row.rev,
            sealed: Base64(bytes),
        }))
    }

    async fn exchange(&self, token: &SessionToken, request: &SyncRequest) -> Result<SyncVerdict, Unanswered> {
        let body = Zeroizing::new(serde_json::to_vec(request).map_err(|_| Unanswered::default())?);
        let reply: SyncReply = answer(
            self.remote
                .post("/api/sync", Some(token), body, SYNC_TIMEOUT_MS)
                .await,
        )?;
        match reply.request_id == request.request_id {
            true => Ok(reply.verdict),
            false => Err(Unanswered::default()),
        }
    }

    /// The second transaction. What it is planned from is expected to be so still; otherwise it is planned anew.
    async fn apply(&self, reply: &SyncOk, reported: &FailedAttempts) -> Result<Plan, Fault> {
        let mut forms = Vec::new();
        for form in &reply.forms {
            forms.push(self.seal_form(form).await?);
        }
        for _ in 0..TRIES {
            let rows = self.outbox_rows().await?;
            let plan = plan(&rows, &reply.receipts);
            let (caseload, caseload_row) = self.caseload_row().await?;
            let mut batch = Batch::of(forms.clone());
            batch.expect.push(Expect {
                table: Table::Records,
                key: self.caseload_key()?,
                value: caseload_row,
            });
            batch
                .writes
                .push(self.seal_caseload(&merge(caseload, reply)).await?);
            for (key, after) in &plan.outbox {
                let before = rows
                    .iter()
                    .find(|(at, _)| at == key)
                    .map(|(_, row)| row.to_bytes());
                batch.expect.push(Expect {
                    table: Table::Outbox,
                    key: key.clone(),
                    value: before,
                });
                batch
                    .writes
                    .push(Write::put(Table::Outbox, key.clone(), after.to_bytes()));
            }
            let attempts = self.store.get(Table::Meta, FAILED_ATTEMPTS).await?;
            let is_reported = |bytes: &Vec<u8>| {
                protocol::json::read::<FailedAttempts>(bytes).is_ok_and(|attempts| attempts == *reported)
            };
            if attempts.as_ref().is_some_and(is_reported) {
                batch.expect.push(Expect {
                    table: Table::Meta,
                    key: FAILED_ATTEMPTS.into(),
                    value: attempts,
                });
                batch.writes.push(Write {
                    table: Table::Meta,
                    key: FAILED_ATTEMPTS.into(),
                    value: None,
                });
            }
            match self.store.commit(batch).await {
                Ok(()) => return Ok(plan),
                Err(CommitFault::Conflict) => {}
                Err(CommitFault::Store(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Store(StoreFault::Broken(
            "another tab keeps writing; close it and send again".into(),
        )))
    }

    fn drop_token(&self) {
        if let Some(session) = self.session.borrow_mut().as_mut() {
            session.token = None;
            session.info.needs_sign_in_to_send = true;
        }
    }

    /// The main application has ended this user's offline sign-in here: the slot goes, every record stays.
    async fn end_session(&self, reason: LockReason) -> SyncOutcome {
        let login = self.with_session(|session| Some(session.info.login.clone()));
        let removed = match login {
            Ok(login) => self.remove_slot(&login).await,
            Err(_) => Ok(()),
        };
        self.lock();
        match removed {
            Ok(()) => SyncOutcome::Locked(reason),
            Err(fault) => SyncOutcome::Storage(fault.into()),
        }
    }

    async fn remove_slot(&self, login: &str) -> Result<(), StoreFault> {
        let Some(bytes) = self.store.get(Table::Accounts, login).await? else {
            return Ok(());
        };
        let Ok(account) = AccountRow::parse(&bytes) else {
            return Ok(());
        };
        let row = account.without_slot().to_bytes();
        self.store
            .commit(Batch::of(vec![Write::put(Table::Accounts, login, row)]))
            .await?;
        Ok(())
    }
}
