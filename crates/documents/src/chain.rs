//! The chain of a history: each entry's hash is made from the entry and the hash before it, so that no entry can be changed,
//! moved, taken out or put in without the head being another.
//!
//! ```text
//! hash₀ = SHA-256("ofl/1/history" 00 document_id16)
//! hashₙ = SHA-256(hashₙ₋₁ · entryₙ)                    entryₙ: its canonical JSON in UTF-8
//! ```
//!
//! The document carries the last hash, its head. What a head alone cannot show is an end that was cut off with the head made
//! anew, or a history that was written anew from the start: against these the main application remembers how many entries
//! it has acknowledged, and the head that they had ([`Kept`]). `tests/vectors/history.json` holds golden hashes.

use protocol::{Base64, Change, Document, Modification, RecordId, Status};
use sha2::{Digest as _, Sha256};

use crate::canonical;
use crate::life::is_step;

const TAG: &[u8] = b"ofl/1/history\0";

/// The hash up to some entry of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    count: usize,
    hash: [u8; 32],
}

/// What the main application knows of a document's history from the revision that it has acknowledged last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// How many entries it had.
    pub count: usize,
    pub head: Base64,
}

/// What is wrong with a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry was changed, moved, taken out or put in.
    #[error("the entries are not those that were written down")]
    Altered,
    #[error("an entry is by somebody else than the author")]
    Another,
    /// The states in the history do not lead to the one that the document has.
    #[error("the entries do not lead to the state of the assessment")]
    Astray,
    /// What was acknowledged is not the beginning of it any more.
    #[error("entries that the main application has received are missing or have been changed")]
    Rewritten,
}

impl Chain {
    /// Before the first entry of a document.
    pub fn begin(id: RecordId) -> Self {
        let hash = Sha256::new().chain_update(TAG).chain_update(id.as_bytes());
        Self {
            count: 0,
            hash: hash.finalize().into(),
        }
    }

    /// Goes on over the entries that came after; what it has gone over already is not looked at again.
    pub fn extend(&mut self, history: &[Modification]) {
        for entry in history.iter().skip(self.count) {
            let mut text = String::new();
            // An entry is a struct of ours, which always has a JSON form.
            canonical::write(&serde_json::to_value(entry).unwrap_or_default(), &mut text);
            let hash = Sha256::new().chain_update(self.hash).chain_update(text);
            self.hash = hash.finalize().into();
            self.count += 1;
        }
    }

    /// As the document carries it.
    pub fn head(&self) -> Base64 {
        Base64(self.hash.to_vec())
    }

    fn over(id: RecordId, history: &[Modification]) -> Self {
        let mut chain = Self::begin(id);
        chain.extend(history);
        chain
    }
}

impl Kept {
    /// What there is to be remembered of a document; nothing of one that has no chain yet.
    pub fn of(document: &Document) -> Option<Self> {
        Some(Self {
            count: document.history.len(),
            head: document.history_head.clone()?,
        })
    }
}

/// Whether the history is what was written down, by the author alone, and leads to the document's state. A document of
/// before there were chains is taken as it is: its chain begins with the next change. The chain over all entries.
pub fn check(document: &Document) -> Result<Chain, Broken> {
    let chain = Chain::over(document.id, &document.history);
    let Some(head) = &document.history_head else {
        return Ok(chain);
    };
    if *head != chain.head() {
        return Err(Broken::Altered);
    }
    let mut entries = document.history.iter().chain(&document.typing);
    if entries.any(|entry| entry.by != document.author) {
        return Err(Broken::Another);
    }
    if leads_to(&document.history) != Some(document.status) {
        return Err(Broken::Astray);
    }
    Ok(chain)
}

/// Whether the history goes on from the one that was acknowledged.
pub fn follows(document: &Document, kept: &Kept) -> Result<(), Broken> {
    let begun = document.history.get(..kept.count);
    let same = begun.is_some_and(|begun| Chain::over(document.id, begun).head() == kept.head);
    // The chain of a document that had one is not left off.
    match same && document.history_head.is_some() {
        true => Ok(()),
        false => Err(Broken::Rewritten),
    }
}

/// The state that the entries lead to; `None` where one of them is no step of a document's life.
fn leads_to(history: &[Modification]) -> Option<Status> {
    let mut now = Status::Draft;
    for entry in history {
        now = match &entry.change {
            _ if now == Status::Complete => return None,
            Change::Status { from, to, .. } if *from == now && is_step(*from, *to) => *to,
            Change::Status { .. } => return None,
            Change::Created | Change::Copied { .. } | Change::Parted { .. } => Status::Draft,
            // An answer is given to a Draft alone.
            _ if now != Status::Draft => return None,
            _ => now,
        };
    }
    Some(now)
}
