//! Failed offline attempts: kept until the next sync has reported them, and, apart from that, until the user that they
//! were made against has been shown them. They decide nothing.

use protocol::{FailedAttempt, FailedAttempts, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use vault::Primitives;

use crate::{Batch, Clock, Expect, FAILED_ATTEMPTS, Remote, Replica, Store, Table, Write};

/// The tablet remembers at most this many failed attempts until it can report them.
const KEPT: usize = 500;
/// Attempts under logins that are not known here are one count, and no more than this.
const COUNTED: u32 = 10_000;

/// What there is to show to a user: how many attempts failed, and when the first of them was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    pub count: u32,
    pub since: Timestamp,
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The failed attempts of the signed-in user that have not been shown yet.
    pub async fn failures_to_show(&self) -> Option<Failures> {
        let user_id = self.session()?.user_id;
        parse(self.store.get(Table::Meta, &to_show(user_id)).await.ok()??)
    }

    /// They have been shown. What has come in the meantime stays to be shown.
    pub async fn failures_shown(&self, shown: Failures) {
        let Some(session) = self.session() else {
            return;
        };
        let key = to_show(session.user_id);
        let Ok(before) = self.store.get(Table::Meta, &key).await else {
            return;
        };
        let Some(now) = before.clone().and_then(parse) else {
            return;
        };
        let left = now.count.saturating_sub(shown.count);
        let rest = Failures { count: left, ..now };
        let batch = Batch {
            expect: vec![Expect {
                table: Table::Meta,
                key: key.clone(),
                value: before,
            }],
            writes: vec![Write {
                table: Table::Meta,
                key,
                value: (left > 0).then(|| serde_json::to_vec(&rest).unwrap_or_default()),
            }],
        };
        // Where it cannot be written, it is shown once more.
        drop(self.store.commit(batch).await);
    }

    /// A tablet that cannot write it goes on.
    pub(crate) async fn note_failure(&self, user_id: Option<UserId>) {
        let now = self.clock.now();
        let mut attempts = self.failed_attempts().await;
        let mut writes = Vec::new();
        match user_id {
            Some(user_id) => {
                if attempts.known.len() < KEPT {
                    attempts.known.push(FailedAttempt { user_id, at: now });
                }
                let key = to_show(user_id);
                let before = self.store.get(Table::Meta, &key).await.ok().flatten();
                let before = before
                    .and_then(parse)
                    .unwrap_or(Failures { count: 0, since: now });
                let count = before.count.saturating_add(1);
                if let Ok(bytes) = serde_json::to_vec(&Failures { count, ..before }) {
                    writes.push(Write::put(Table::Meta, key, bytes));
                }
            }
            None => {
                attempts.unknown = attempts.unknown.saturating_add(1).min(COUNTED);
                attempts.unknown_since.get_or_insert(now);
            }
        }
        if let Ok(bytes) = serde_json::to_vec(&attempts) {
            writes.push(Write::put(Table::Meta, FAILED_ATTEMPTS, bytes));
        }
        drop(self.store.commit(Batch::of(writes)).await);
    }

    /// What the next sync reports.
    pub(crate) async fn failed_attempts(&self) -> FailedAttempts {
        let stored = self.store.get(Table::Meta, FAILED_ATTEMPTS).await.ok().flatten();
        stored
            .and_then(|bytes| protocol::json::read(&bytes).ok())
            .unwrap_or_default()
    }
}

/// The key of a user's row in [`Table::Meta`].
fn to_show(user_id: UserId) -> String {
    format!("failures-to-show/{user_id}")
}

fn parse(bytes: Vec<u8>) -> Option<Failures> {
    protocol::json::read(&bytes).ok()
}
