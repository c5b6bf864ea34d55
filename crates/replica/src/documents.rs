//! Documents as the signed-in user has them: begin, open, save, list; and the caseload they belong to.

use documents::{Broken, Chain, NotTurned};
use protocol::{
    Base64, Change, Client, Document, FormDefinition, FormRef, Modification, RecordId, Status, Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vault::{Primitives, kind};

use crate::outbox::OutboxRow;
use crate::records::{self, DOCUMENT, ONLY, form_record_id, from_plain, row_key, sha256, to_plain};
use crate::{
    Batch, Clock, CommitFault, Damaged, Delivery, Expect, Fault, Received, Remote, Replica, Store,
    StoreFault, Table, Write,
};

/// The user's clients and forms, as of the last sync.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caseload {
    pub clients: Vec<Client>,
    pub forms: Vec<FormRef>,
    /// When the main application last answered; absent before the first sync.
    pub as_of: Option<Timestamp>,
    pub(crate) cursor: Option<i64>,
    /// Completed documents of these clients that came down, the last completed first.
    #[serde(default)]
    pub received: Vec<Received>,
}

impl Caseload {
    /// The version that new assessments begin with, where it is another one than this.
    pub fn newer_than(&self, form: &FormRef) -> Option<&FormRef> {
        let newest = self.forms.iter().find(|newest| newest.url == form.url);
        newest.filter(|newest| newest.version != form.version)
    }
}

/// The user's documents on this tablet, the last modified first, and the rows that could not be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    pub documents: Vec<DocumentEntry>,
    pub damaged: Vec<Damaged>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DocumentEntry {
    pub document: Document,
    pub delivery: Delivery,
}

/// A document that is being worked on: what was last saved of it, and what has been changed since.
#[derive(Clone, Debug, PartialEq)]
pub struct Working {
    pub document: Document,
    pub(crate) rev: u32,
    pub(crate) saved_as: Status,
    /// Over the history as it was last saved.
    chain: Chain,
    broken: Option<Broken>,
}

/// Why a document was not saved. What was typed is still in the form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveFault {
    #[error("nobody is signed in")]
    Locked,
    #[error("a completed assessment is never altered; make a copy instead")]
    Complete,
    #[error("only its author alters an assessment; make a copy instead")]
    NotAuthor,
    #[error("a newer version of this form has just come; choose the form again")]
    FormReplaced,
    #[error("this assessment was changed in another tab; open it again to go on from there")]
    Conflict,
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error("it could not be sealed: {0}")]
    Seal(String),
    #[error("its history was changed: {0}")]
    History(Broken),
    #[error(transparent)]
    NotTurned(NotTurned),
}

impl From<CommitFault> for SaveFault {
    fn from(fault: CommitFault) -> Self {
        match fault {
            CommitFault::Conflict => Self::Conflict,
            CommitFault::Store(fault) => Self::Store(fault),
        }
    }
}

impl From<NotTurned> for SaveFault {
    fn from(refused: NotTurned) -> Self {
        match refused {
            NotTurned::Complete => Self::Complete,
            NotTurned::NotAuthor => Self::NotAuthor,
            other => Self::NotTurned(other),
        }
    }
}

impl From<Fault> for SaveFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Locked => Self::Locked,
            Fault::Store(fault) => Self::Store(fault),
            other => Self::Seal(other.to_string()),
        }
    }
}

impl Working {
    fn begun(document: Document) -> Self {
        Self {
            rev: 0,
            saved_as: Status::Draft,
            chain: Chain::begin(document.id),
            broken: None,
            document,
        }
    }

    /// As it was read from the store: its history is checked.
    pub(crate) fn opened(document: Document, rev: u32) -> Self {
        let checked = documents::check(&document);
        Self {
            rev,
            saved_as: document.status,
            chain: checked.unwrap_or(Chain::begin(document.id)),
            broken: checked.err(),
            document,
        }
    }

    /// Notes a modification. While somebody types, `settled` is false: what is typed until the field is left is one entry.
    pub fn note(&mut self, at: Timestamp, change: Change, settled: bool) {
        documents::typed(&mut self.document, at, change, settled);
    }

    /// As it stands in the store: a completed one is not altered any more.
    pub fn is_complete(&self) -> bool {
        self.saved_as == Status::Complete
    }

    /// What is wrong with the history: then it is not altered any more. A copy of it can be.
    pub fn broken(&self) -> Option<Broken> {
        self.broken
    }
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// The clients assigned to the user; empty before the first sync.
    pub async fn caseload(&self) -> Result<Caseload, Fault> {
        Ok(self.caseload_row().await?.0)
    }

    /// One that does not open, as after "Revoke tablet", is as good as none: the next sync fetches it anew, over the old row.
    pub(crate) async fn caseload_row(&self) -> Result<(Caseload, Option<Vec<u8>>), Fault> {
        let row = self.store.get(Table::Records, &self.caseload_key()?).await?;
        let opened = match &row {
            Some(bytes) => self.open_row(&self.caseload_key()?, bytes).await,
            None => return Ok(Default::default()),
        };
        match opened.and_then(|(_, plain)| from_plain(&plain)) {
            Ok(caseload) => Ok((caseload, row)),
            Err(Fault::Damaged(_)) => Ok((Caseload::default(), row)),
            Err(fault) => Err(fault),
        }
    }

    /// The FHIR Questionnaire of a form.
    pub async fn form(&self, form: &FormRef) -> Result<Value, Fault> {
        let opened = self
            .read(kind::FORM, form_record_id(form))
            .await?
            .ok_or(Fault::Missing)?;
        Ok(from_plain::<FormDefinition>(&opened.plain)?.questionnaire)
    }

    /// Everything of the user's that lies here.
    pub async fn documents(&self) -> Result<Shelf, Fault> {
        let user_id = self.with_session(|session| Some(session.info.user_id))?;
        let prefix = records::prefix(user_id, DOCUMENT);
        // In the order of their keys, as everything that is scanned.
        let waiting = self.store.scan(Table::Outbox, &prefix).await?;
        let delivery = |key: &str| {
            let place = waiting.binary_search_by(|(known, _)| known.as_str().cmp(key));
            Some(OutboxRow::parse(&waiting.get(place.ok()?)?.1)?.delivery)
        };
        let mut shelf = Shelf::default();
        for (key, row) in self.store.scan(Table::Records, &prefix).await? {
            let document = match self.open_row(&key, &row).await {
                Ok((_, plain)) => from_plain(&plain),
                Err(fault) => Err(fault),
            };
            match document {
                Ok(document) => {
                    let delivery = delivery(&key).unwrap_or(Delivery::Waiting);
                    shelf.documents.push(DocumentEntry { document, delivery });
                }
                Err(Fault::Damaged(why)) => shelf.damaged.push(Damaged { key, why }),
                Err(fault) => return Err(fault),
            }
        }
        shelf.documents = crate::sorted(shelf.documents, |one, other| {
            other.document.modified_at.cmp(&one.document.modified_at)
        });
        Ok(shelf)
    }

    /// Begins a Draft for a client, and saves it.
    pub async fn begin(&self, client: &Client, form: FormRef, response: Value) -> Result<Working, SaveFault> {
        let (author, author_name) =
            self.with_session(|session| Some((session.info.user_id, session.info.full_name.clone())))?;
        let id = self.new_id()?;
        let now = self.clock.now();
        let document = Document {
            id,
            client_id: client.id,
            client_name: client.full_name.clone(),
            form,
            author,
            author_name,
            status: Status::Draft,
            created_at: now,
            modified_at: now,
            signature: None,
            response,
            set_aside: Value::Null,
            history: vec![Modification {
                by: author,
                at: now,
                change: Change::Created,
            }],
            history_head: None,
            typing: None,
        };
        let mut working = Working::begun(document);
        self.save(&mut working).await?;
        Ok(working)
    }

    /// Begins a Draft with the answers of another document, under the user's own name, and saves it.
    pub async fn copy(&self, original: &Document) -> Result<Working, SaveFault> {
        let (by, name) =
            self.with_session(|session| Some((session.info.user_id, session.info.full_name.clone())))?;
        let id = self.new_id()?;
        let copy = documents::copy(original, id, by, &name, self.clock.now());
        let mut working = Working::begun(copy);
        self.save(&mut working).await?;
        Ok(working)
    }

    /// Opens one of the user's documents, or one that came down to be read.
    pub async fn open(&self, id: RecordId) -> Result<Working, Fault> {
        let opened = match self.read(DOCUMENT, id).await? {
            Some(opened) => opened,
            None => self.read(kind::RECEIVED, id).await?.ok_or(Fault::Missing)?,
        };
        Ok(Working::opened(from_plain(&opened.plain)?, opened.header.rev))
    }

    /// Seals and stores the document and its outbox row in one transaction. The time of the save, once it is committed.
    pub async fn save(&self, working: &mut Working) -> Result<Timestamp, SaveFault> {
        let (user_id, dk_id) = self.with_session(|session| Some((session.info.user_id, session.dk_id)))?;
        if working.saved_as == Status::Complete {
            return Err(SaveFault::Complete);
        }
        if working.document.author != user_id {
            return Err(SaveFault::NotAuthor);
        }
        if let Some(broken) = working.broken {
            return Err(SaveFault::History(broken));
        }
        let now = self.clock.now();
        working.document.modified_at = now;
        let mut chain = working.chain;
        chain.extend(&working.document.history);
        working.document.history_head = Some(chain.head());
        let id = working.document.id;
        let status = working.document.status;
        let rev = working.rev + 1;
        let plain = to_plain(&working.document)?;
        let (key, sealed) = self.seal(DOCUMENT, id, rev, &plain).await?;
        let row = OutboxRow {
            record_id: id,
            user_id,
            dk_id,
            rev,
            sha256: Base64(sha256(&sealed)),
            at: now,
            delivery: Delivery::Waiting,
        };
        let before = self.store.get(Table::Records, &key).await?;
        let stored_rev = before
            .as_ref()
            .map(|bytes| vault::Sealed::parse(bytes).map(|sealed| sealed.header.rev));
        match stored_rev {
            None if working.rev == 0 => {}
            Some(Ok(stored)) if stored == working.rev => {}
            _ => return Err(SaveFault::Conflict),
        }
        let batch = Batch {
            expect: vec![Expect {
                table: Table::Records,
                key: key.clone(),
                value: before,
            }],
            writes: vec![
                Write::put(Table::Records, key.clone(), sealed),
                Write::put(Table::Outbox, key, row.to_bytes()),
            ],
        };
        let committed = match working.rev {
            0 => self.commit_first(batch, working).await,
            _ => self.store.commit(batch).await.map_err(SaveFault::from),
        };
        committed?;
        working.rev = rev;
        working.saved_as = status;
        working.chain = chain;
        Ok(now)
    }

    /// Goes on as a Draft of its own, with all that was noted, where another tab has changed the document meanwhile: nothing of
    /// either is lost, and a person decides between them.
    pub async fn save_apart(&self, working: &mut Working) -> Result<Timestamp, SaveFault> {
        let id = self.new_id()?;
        let now = self.clock.now();
        let mut apart = working.document.clone();
        documents::settle(&mut apart);
        let from = apart.id;
        apart.id = id;
        apart.status = Status::Draft;
        apart.signature = None;
        apart.created_at = now;
        apart.history.push(Modification {
            by: apart.author,
            at: now,
            change: Change::Parted { from },
        });
        let mut apart = Working::begun(apart);
        let saved = self.save(&mut apart).await?;
        *working = apart;
        Ok(saved)
    }

    fn new_id(&self) -> Result<RecordId, SaveFault> {
        let mut id = [0; 16];
        self.primitives
            .random(&mut id)
            .map_err(|fault| SaveFault::Seal(fault.to_string()))?;
        Ok(RecordId::from_random(id))
    }

    pub(crate) async fn seal_caseload(&self, caseload: &Caseload) -> Result<Write, Fault> {
        let (key, sealed) = self.seal(kind::CASELOAD, ONLY, 1, &to_plain(caseload)?).await?;
        Ok(Write::put(Table::Records, key, sealed))
    }

    pub(crate) async fn seal_form(&self, form: &FormDefinition) -> Result<Write, Fault> {
        let (key, sealed) = self
            .seal(kind::FORM, form_record_id(&form.reference()), 1, &to_plain(form)?)
            .await?;
        Ok(Write::put(Table::Records, key, sealed))
    }

    pub(crate) fn caseload_key(&self) -> Result<String, Fault> {
        Ok(row_key(
            self.with_session(|session| Some(session.info.user_id))?,
            kind::CASELOAD,
            ONLY,
        ))
    }
}
