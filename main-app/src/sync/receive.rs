//! What becomes of opened records: each is kept or refused by itself, within one transaction.

use protocol::{Base64, Receipt, ReceiptVerdict, Timestamp};

use super::record::{Contents, Opened, Refusal};
use crate::fault::Fault;
use crate::secret;
use crate::store::audit::{self, Action, Entry};
use crate::store::documents::Revision;
use crate::store::tablet_sessions::TabletSession;
use crate::store::{self, Connection};

/// A receipt for each record, in their order.
pub async fn receive(
    connection: &mut Connection,
    session: &TabletSession,
    opened: Vec<Opened>,
    now: i64,
) -> Result<Vec<Receipt>, Fault> {
    let mut receipts = Vec::with_capacity(opened.len());
    for Opened {
        record_id,
        rev,
        contents,
    } in opened
    {
        let verdict = match contents {
            Ok(contents) => keep(connection, session, rev, &contents, now).await?,
            Err(refusal) => Err(refusal),
        };
        let verdict = match verdict {
            Ok(stored) => stored,
            Err(refusal) => ReceiptVerdict::Refused {
                code: refusal.code().into(),
                message: refusal.message().into(),
            },
        };
        receipts.push(Receipt {
            record_id,
            rev,
            verdict,
        });
    }
    Ok(receipts)
}

pub fn is_refused(receipt: &Receipt) -> bool {
    matches!(receipt.verdict, ReceiptVerdict::Refused { .. })
}

async fn keep(
    connection: &mut Connection,
    session: &TabletSession,
    rev: u32,
    contents: &Contents,
    now: i64,
) -> Result<Result<ReceiptVerdict, Refusal>, Fault> {
    let document = &contents.document;
    let sha256 = secret::sha256(&contents.bytes);
    let sha256_hex = secret::hex(&sha256);
    let stored = |at| ReceiptVerdict::Stored {
        sha256: Base64(sha256.to_vec()),
        at: Timestamp(at),
    };

    let newest = store::documents::newest(connection, document.id).await?;
    if newest
        .as_ref()
        .is_some_and(|newest| newest.author != document.author)
    {
        return Ok(Err(Refusal::OtherAuthor));
    }
    if let Some(same) = store::documents::revision(connection, document.id, rev).await? {
        let is_repeat = same.sha256 == sha256_hex;
        return Ok(if is_repeat {
            Ok(stored(same.received_at))
        } else {
            Err(Refusal::Differs)
        });
    }
    if let Some(newest) = newest {
        if newest.complete {
            return Ok(Err(Refusal::Completed));
        }
        if rev < newest.rev {
            return Ok(Err(Refusal::Older));
        }
        if let Some(kept) = &newest.history
            && documents::follows(document, kept).is_err()
        {
            return Ok(Err(Refusal::HistoryRewritten));
        }
    }
    if !store::caseload::was_ever_assigned(connection, document.client_id, document.author).await? {
        return Ok(Err(Refusal::NeverAssigned));
    }

    let Some(author) = store::accounts::by_id(connection, document.author).await? else {
        return Err(Fault::Inconsistent("a data key without an account"));
    };
    let author_inactive = !author.state.access.is_active(now);
    let revision = Revision {
        document,
        rev,
        dk_id: contents.dk_id,
        sealed: &contents.bytes,
        sha256: &sha256_hex,
        delivered_by: session.user_id,
        author_inactive,
    };
    store::documents::keep(connection, &revision, now).await?;
    let entry = Entry {
        at: now,
        actor: Some(session.user_id),
        action: Action::DocumentStored,
        subject: Some(document.author),
        detail: serde_json::json!({
            "document": document.id,
            "rev": rev,
            "status": document.status,
            "author_inactive": author_inactive,
        }),
    };
    audit::add(connection, entry).await?;
    Ok(Ok(stored(now)))
}
