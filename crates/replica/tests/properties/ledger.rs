//! What was promised: every document that was called saved, and every password that was ever set. It is compared with what
//! lies in the store and in the office, read with the office's own keys: the tablet's opinion is not asked.

use std::collections::BTreeMap;

use protocol::{Document, RecordId, UserId};
use replica::{AccountRow, Table};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use vault::{Owner, Sealed, kind, native};

use crate::office::Office;
use crate::support::{Bench, now, password};

/// One document as it was last called saved.
#[derive(Clone, Debug)]
pub struct Saved {
    pub author: usize,
    pub text: String,
    /// What was being saved when the program ended: it may be there instead.
    pub unheard: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Secret {
    pub typed: String,
    pub temp: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub documents: BTreeMap<RecordId, Saved>,
    /// A document that was begun when the program ended: it may be there, or not.
    pub begun: Option<(usize, String)>,
    /// Every password of each user, the present one last.
    pub passwords: [Vec<Secret>; 2],
}

/// Everything in the store.
pub type Rows = Vec<(Table, String, Vec<u8>)>;

/// What a document says, in one line.
pub fn told(document: &Document) -> String {
    format!("{} {:?}", document.response["answer"], document.status)
}

impl Ledger {
    /// Compares every promise with what is there (I1, I14, I15), and takes note of what an end of the program has left.
    pub fn settle(&mut self, rows: &Rows, office: &Office) {
        let mut found = BTreeMap::new();
        for (table, key, bytes) in rows {
            if *table != Table::Records {
                continue;
            }
            let sealed = Sealed::parse(bytes).expect("a record is whole");
            if sealed.header.kind != kind::DOCUMENT {
                continue;
            }
            let dk = office.key(&sealed.header.user_id, &sealed.header.dk_id);
            let plain = native::open_record(&dk.expect("the office knows every key"), &sealed);
            let document: Document = serde_json::from_slice(&plain.expect("it opens")).unwrap();
            let outbox = row(rows, Table::Outbox, key).expect("I14: a record without its outbox row");
            assert_in_step(&sealed, bytes, outbox, office);
            found.insert(document.id, document);
        }
        for (id, saved) in &mut self.documents {
            let document = found
                .remove(id)
                .expect("I1: a document that was called saved is gone");
            let here = told(&document);
            let expected = here == saved.text || Some(&here) == saved.unheard.as_ref();
            assert!(expected, "I14: {here} is neither before nor after: {saved:?}");
            (saved.text, saved.unheard) = (here, None);
        }
        for (id, document) in found {
            let begun = self.begun.take().expect("nobody has begun this document");
            assert_eq!(told(&document), begun.1, "I14");
            let saved = Saved {
                author: begun.0,
                text: begun.1,
                unheard: None,
            };
            self.documents.insert(id, saved);
        }
        self.begun = None;
    }

    /// The passwords that open this account's slot, as they were typed.
    pub fn open_it(&self, who: usize, login: &str, device_id: &[u8; 16], rows: &Rows) -> Vec<&Secret> {
        let Some(account) = row(rows, Table::Accounts, login).and_then(|bytes| AccountRow::parse(bytes).ok())
        else {
            return Vec::new();
        };
        let Some(slot) = account.slot else {
            return Vec::new();
        };
        let owner = Owner {
            device_id: *device_id,
            user_id: *account.user_id.as_bytes(),
        };
        let opens = |secret: &&Secret| {
            now(vault::unlock(
                &Bench::default(),
                &owner,
                &slot,
                &password(&secret.typed),
            ))
            .is_ok()
        };
        self.passwords[who].iter().filter(opens).collect()
    }
}

pub fn row<'r>(rows: &'r Rows, table: Table, key: &str) -> Option<&'r Vec<u8>> {
    let (.., bytes) = rows
        .iter()
        .find(|(at, name, _)| (*at, name.as_str()) == (table, key))?;
    Some(bytes)
}

/// Record and outbox row are of one revision, and "sent" is said only of bytes that the office keeps (I15).
fn assert_in_step(sealed: &Sealed, bytes: &[u8], outbox: &[u8], office: &Office) {
    let outbox: Value = serde_json::from_slice(outbox).unwrap();
    let sha256 = serde_json::to_value(protocol::Base64(Sha256::digest(bytes).to_vec())).unwrap();
    assert_eq!(
        outbox["rev"], sealed.header.rev,
        "I14: another revision in the outbox"
    );
    assert_eq!(outbox["sha256"], sha256, "I14: another record in the outbox");
    let author = UserId::from_bytes(sealed.header.user_id).to_string();
    assert_eq!(outbox["user_id"], author);
    if outbox["delivery"]["state"] == "sent" {
        let named = (RecordId::from_bytes(sealed.header.record_id), sealed.header.rev);
        let books = office.books.borrow();
        assert!(
            books.kept.get(&named).is_some_and(|kept| kept == bytes),
            "I15: sent, and not there"
        );
    }
}
