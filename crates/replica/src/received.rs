//! Completed documents that came from the main application: of the user's clients, whoever wrote them. They lie here sealed
//! under the user's own key, to be read and copied, and go with the client's assignment.

use protocol::{ClientId, Document, FormRef, RecordId, SyncOk, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use vault::{Primitives, kind};

use crate::records::{DOCUMENT, row_key, to_plain};
use crate::{Caseload, Clock, Fault, Remote, Replica, Store, Table, Write};

/// What the caseload says of one; the whole is opened when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    pub id: RecordId,
    pub client_id: ClientId,
    pub form: FormRef,
    pub author: UserId,
    pub author_name: String,
    /// When it was signed.
    pub at: Timestamp,
}

impl Received {
    fn of(document: &Document) -> Self {
        let signature = document.signature.as_ref();
        Self {
            id: document.id,
            client_id: document.client_id,
            form: document.form.clone(),
            author: document.author,
            author_name: document.author_name.clone(),
            at: signature.map_or(document.modified_at, |signature| signature.at),
        }
    }
}

/// The list after a reply: with what came, without what belongs to clients that are not assigned any more. The ids of those
/// come second.
pub(crate) fn merge(caseload: &mut Caseload, documents: &[&Document]) -> Vec<RecordId> {
    let Caseload {
        clients, received, ..
    } = caseload;
    received.retain(|known| documents.iter().all(|document| document.id != known.id));
    received.extend(documents.iter().map(|document| Received::of(document)));
    let (stay, go): (Vec<_>, Vec<_>) = std::mem::take(received)
        .into_iter()
        .partition(|known| clients.iter().any(|client| client.id == known.client_id));
    *received = crate::sorted(stay, |one, other| other.at.cmp(&one.at));
    go.into_iter().map(|gone| gone.id).collect()
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The documents of a reply that are not here already as the user's own.
    pub(crate) async fn not_my_own<'r>(&self, reply: &'r SyncOk) -> Result<Vec<&'r Document>, Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let mut others = Vec::new();
        for document in &reply.documents {
            let own = row_key(user_id, DOCUMENT, document.id);
            if document.author != user_id || self.store.get(Table::Records, &own).await?.is_none() {
                others.push(document);
            }
        }
        Ok(others)
    }

    pub(crate) async fn seal_received(&self, document: &Document) -> Result<Write, Fault> {
        let (key, sealed) = self
            .seal(kind::RECEIVED, document.id, 1, &to_plain(document)?)
            .await?;
        Ok(Write::put(Table::Records, key, sealed))
    }

    /// Takes one away.
    pub(crate) fn without_received(&self, id: RecordId) -> Result<Write, Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        Ok(Write {
            table: Table::Records,
            key: row_key(user_id, kind::RECEIVED, id),
            value: None,
        })
    }
}
