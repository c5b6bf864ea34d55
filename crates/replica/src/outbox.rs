//! The outbox: what has become of each document that is to be sent. A row lies beside each document's record, under
//! the same key, and is written in the same transaction.

use protocol::json::{part, tag, unknown};
use protocol::{Base64, DkId, Document, FormRef, RecordId, Status, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vault::Primitives;
use words::msg;

use crate::order::sorted;
use crate::records::{self, DOCUMENT, parse_row};
use crate::{Clock, Damaged, Fault, Remote, Replica, Store, Table};

/// What has become of one document. Not sealed: ids, a hash and times. What a document says stands in its sealed record only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxRow {
    pub record_id: RecordId,
    pub user_id: UserId,
    /// The key that the bytes are sealed under: it is kept while anything waits under it.
    pub dk_id: DkId,
    pub rev: u32,
    /// Of the sealed bytes as they lie here.
    pub sha256: Base64,
    /// When this revision was saved.
    pub at: Timestamp,
    pub delivery: Delivery,
}

/// Whether the main application has this revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", try_from = "Value")]
pub enum Delivery {
    Waiting,
    /// Acknowledged: id, revision and hash of what it stored are those of what lies here.
    Sent {
        at: Timestamp,
    },
    /// Not taken, and why. It is offered again with the next "Send now", and after every change.
    Refused {
        code: String,
        message: String,
    },
}

impl TryFrom<Value> for Delivery {
    type Error = serde_json::Error;

    fn try_from(mut delivery: Value) -> Result<Self, Self::Error> {
        match tag(&delivery, "state")? {
            "waiting" => Ok(Self::Waiting),
            "sent" => Ok(Self::Sent {
                at: part(&mut delivery, "at")?,
            }),
            "refused" => Ok(Self::Refused {
                code: part(&mut delivery, "code")?,
                message: part(&mut delivery, "message")?,
            }),
            other => Err(unknown(other)),
        }
    }
}

impl OutboxRow {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        protocol::json::read(bytes).ok()
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn is_unsent(&self) -> bool {
        !matches!(self.delivery, Delivery::Sent { .. })
    }
}

/// What the outbox page shows: each list with the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    pub waiting: Vec<OutboxEntry>,
    pub sent: Vec<OutboxEntry>,
    pub refused: Vec<OutboxEntry>,
    pub damaged: Vec<Damaged>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEntry {
    pub record_id: RecordId,
    pub title: OutboxTitle,
    /// When it was saved; for a sent one, when the main application took it.
    pub at: Timestamp,
    /// Why it was refused.
    pub why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxTitle {
    Own {
        client_name: String,
        form: FormRef,
        status: Status,
    },
    /// It is sealed under another user's key: only its existence can be told.
    OfAnotherUser,
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// Everything that waits on this tablet, also of its other users, and what was sent by the signed-in user.
    pub async fn outbox(&self) -> Result<Outbox, Fault> {
        self.outbox_of(None).await
    }

    /// The same of these records alone: no other is opened for its title.
    pub(crate) async fn outbox_of(&self, only: Option<&[RecordId]>) -> Result<Outbox, Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let mut outbox = Outbox::default();
        let mut rows: Vec<(String, OutboxRow)> = Vec::new();
        for (key, bytes) in self.store.scan(Table::Outbox, "").await? {
            match OutboxRow::parse(&bytes) {
                Some(row) if only.is_none_or(|only| only.contains(&row.record_id)) => rows.push((key, row)),
                Some(_) => {}
                None => outbox.damaged.push(Damaged {
                    key,
                    why: msg!("its place in the outbox cannot be read").into(),
                }),
            }
        }
        let rows = sorted(rows, |(_, one), (_, other)| other.at.cmp(&one.at));
        for (key, row) in rows {
            let title = match row.user_id == user_id {
                true => match self.title(&key).await {
                    Ok(title) => title,
                    Err(Fault::Damaged(why)) => {
                        outbox.damaged.push(Damaged { key, why });
                        continue;
                    }
                    Err(Fault::Missing) => {
                        outbox.damaged.push(Damaged {
                            key,
                            why: msg!("the record itself is not here").into(),
                        });
                        continue;
                    }
                    Err(fault) => return Err(fault),
                },
                false if row.is_unsent() => OutboxTitle::OfAnotherUser,
                false => continue,
            };
            let entry = |at, why| OutboxEntry {
                record_id: row.record_id,
                title,
                at,
                why,
            };
            match row.delivery {
                Delivery::Waiting => outbox.waiting.push(entry(row.at, None)),
                Delivery::Sent { at } => outbox.sent.push(entry(at, None)),
                Delivery::Refused { message, .. } => outbox.refused.push(entry(row.at, Some(message))),
            }
        }
        for (key, bytes) in self
            .store
            .scan(Table::Records, &records::prefix(user_id, DOCUMENT))
            .await?
        {
            let known = outbox.damaged.iter().any(|damaged| damaged.key == key);
            if let (false, Err(why)) = (known, parse_row(self.device_id, &key, &bytes)) {
                outbox.damaged.push(Damaged { key, why });
            }
        }
        Ok(outbox)
    }

    async fn title(&self, key: &str) -> Result<OutboxTitle, Fault> {
        let row = self.store.get(Table::Records, key).await?.ok_or(Fault::Missing)?;
        let (_, plain) = self.open_row(key, &row).await?;
        let Document {
            client_name,
            form,
            status,
            ..
        } = records::from_plain(&plain)?;
        Ok(OutboxTitle::Own {
            client_name,
            form,
            status,
        })
    }

    pub(crate) async fn outbox_rows(&self) -> Result<Vec<(String, OutboxRow)>, Fault> {
        let rows = self.store.scan(Table::Outbox, "").await?;
        Ok(rows
            .into_iter()
            .filter_map(|(key, bytes)| Some((key, OutboxRow::parse(&bytes)?)))
            .collect())
    }
}
