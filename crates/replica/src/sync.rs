//! Sending and fetching: two short transactions with one request between them, and a plan that needs neither.

use protocol::{
    Base64, FailedAttempts, RequestId, SessionToken, SyncOk, SyncReply, SyncRequest, SyncVerdict, Upload,
};
use vault::{Primitives, Sealed};
use zeroize::Zeroizing;

use crate::outbox::OutboxRow;
use crate::plan::{Plan, merge, plan};
use crate::received;
use crate::records::parse_row;
use crate::sign_in::Stored;
use crate::turn::Turn;
use crate::{
    Asker, Batch, Clock, CommitFault, Effect, Expect, FAILED_ATTEMPTS, Fate, Fault, Heard, LockReason,
    Remote, Replica, SYNC_TIMEOUT_MS, Store, StoreFault, Table, Unanswered, Write, answer, hear,
};

/// The sealed bytes of one request: base64 makes four thirds of them, and the body limit leaves room beside.
const BATCH_BYTES: usize = protocol::SYNC_BODY_LIMIT / 2;
/// Bytes in a millisecond: a line of 128 kbit/s is waited for, so that photographs are sent by a weak network too.
const SLOWEST: u32 = 16;
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
    /// The slot is removed. Save what is open, then lock: the sign-in page says why.
    Lock(LockReason),
    /// This build is too old for the main application.
    UpdateNeeded,
    /// Nobody is signed in, or another sync is under way.
    NotNow,
    Storage(Fault),
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// How many documents wait to be sent on this tablet, everybody's.
    pub async fn waiting(&self) -> Result<u32, Fault> {
        let rows = self.outbox_rows().await?;
        Ok(rows.iter().filter(|(_, row)| row.is_unsent()).count() as u32)
    }

    /// Sends what waits, everybody's on this tablet, and fetches what is new for the signed-in user.
    pub async fn sync(&self) -> SyncOutcome {
        let Some(_turn) = Turn::take(&self.syncing) else {
            return SyncOutcome::NotNow;
        };
        self.sync_all().await
    }

    async fn sync_all(&self) -> SyncOutcome {
        let generation = self.generation.get();
        let Ok((asker, login, token)) = self.with_session(|session| {
            let asker = Asker {
                user_id: session.info.user_id,
                epoch: session.epoch,
            };
            let token = session.token.as_ref();
            Some((
                asker,
                session.info.login.clone(),
                token.map(|token| SessionToken(token.0.clone())),
            ))
        }) else {
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
            let answered = self.exchange(&token, &request).await;
            if self.generation.get() != generation {
                return SyncOutcome::NotNow;
            }
            let heard = answered.as_ref().map_or(Heard::Unanswered, Heard::from);
            match self.obey(heard, asker, &login).await {
                Ok(Fate::GoesOn) => {}
                Ok(Fate::LosesToken) => {
                    self.drop_token();
                    return SyncOutcome::SignInAgain;
                }
                Ok(Fate::Locks(reason)) => return SyncOutcome::Lock(reason),
                Err(fault) => return SyncOutcome::Storage(fault.into()),
            }
            let reply = match answered {
                Ok(SyncVerdict::Ok(reply)) => reply,
                Ok(_) => return SyncOutcome::UpdateNeeded,
                Err(Unanswered { wait_seconds, .. }) => return SyncOutcome::Unreached { wait_seconds },
            };
            match self.apply(&reply, &request.failed_offline, generation).await {
                Ok(plan) => {
                    sent += plan.sent;
                    refused += plan.refused;
                }
                Err(Fault::Locked) => return SyncOutcome::NotNow,
                Err(fault) => return SyncOutcome::Storage(fault),
            }
            // A reply that leads no further is not asked for again.
            let more = more || (reply.more && request.cursor != Some(reply.cursor));
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
            if let Some(upload) = self.upload(&key, &row).await? {
                let length = upload.sealed.0.len();
                // One with photographs fills a request alone.
                if !records.is_empty() && size + length > BATCH_BYTES {
                    more = true;
                    break;
                }
                size += length;
                records.push(upload);
            }
            offered.push((key.clone(), row.rev));
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
        let patience = SYNC_TIMEOUT_MS + u32::try_from(body.len()).unwrap_or_default() / SLOWEST;
        let reply: SyncReply = answer(self.remote.post("/api/sync", Some(token), body, patience).await)?;
        match reply.request_id == request.request_id {
            true => Ok(reply.verdict),
            false => Err(Unanswered::default()),
        }
    }

    /// The second transaction. What it is planned from is expected to be so still; otherwise it is planned anew. Where the
    /// session that asked has gone meanwhile, nothing is written: the reply is another user's.
    async fn apply(&self, reply: &SyncOk, reported: &FailedAttempts, generation: u64) -> Result<Plan, Fault> {
        let mut fetched = Vec::new();
        for form in reply.former_forms.iter().chain(&reply.forms) {
            fetched.push(self.seal_form(form).await?);
        }
        let received = self.not_my_own(reply).await?;
        for document in &received {
            fetched.push(self.seal_received(document).await?);
        }
        for _ in 0..TRIES {
            let rows = self.outbox_rows().await?;
            let plan = plan(&rows, &reply.receipts);
            let (caseload, caseload_row) = self.caseload_row().await?;
            let mut batch = Batch::of(fetched.clone());
            batch.expect.push(Expect {
                table: Table::Records,
                key: self.caseload_key()?,
                value: caseload_row,
            });
            let mut caseload = merge(caseload, reply);
            let gone = received::merge(&mut caseload, &received);
            for gone in &gone {
                batch.writes.push(self.without_received(*gone)?);
            }
            if !reply.forms.is_empty() || !gone.is_empty() {
                self.drop_former_forms(&caseload, &mut batch).await?;
            }
            batch.writes.push(self.seal_caseload(&caseload).await?);
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
            if self.generation.get() != generation {
                return Err(Fault::Locked);
            }
            match self.store.commit(batch).await {
                Ok(()) => return Ok(plan),
                Err(CommitFault::Conflict) => {}
                Err(CommitFault::Store(fault)) => return Err(fault.into()),
            }
        }
        Err(another_tab_keeps_writing().into())
    }

    fn drop_token(&self) {
        if let Some(session) = self.session.borrow_mut().as_mut() {
            session.token = None;
            session.info.needs_sign_in_to_send = true;
        }
    }

    /// Removes the slot where that is what was heard; every record stays. Another tab may write meanwhile: then what lies
    /// there now is looked at anew, since a slot of a later sign-in is not meant.
    async fn obey(&self, heard: Heard, asker: Asker, login: &str) -> Result<Fate, StoreFault> {
        for _ in 0..TRIES {
            let Stored { row, bytes, account } = self.stored(login).await;
            let news = hear(heard, asker, row);
            let Some(account) = account.filter(|_| news.slot == Effect::Remove) else {
                return Ok(news.session);
            };
            let batch = Batch {
                expect: vec![Expect {
                    table: Table::Accounts,
                    key: login.to_owned(),
                    value: bytes,
                }],
                writes: vec![Write::put(
                    Table::Accounts,
                    login,
                    account.without_slot().to_bytes(),
                )],
            };
            match self.store.commit(batch).await {
                Ok(()) => return Ok(news.session),
                Err(CommitFault::Conflict) => {}
                Err(CommitFault::Store(fault)) => return Err(fault),
            }
        }
        Err(another_tab_keeps_writing())
    }
}

fn another_tab_keeps_writing() -> StoreFault {
    StoreFault::Broken("another tab keeps writing; close it and send again".into())
}
