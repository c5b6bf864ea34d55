//! One uploaded record: from bytes to a document, or to the reason why not.

use std::collections::HashMap;

use protocol::{DeviceId, DkId, Document, RecordId, Status, SyncRequest, Upload, UserId};
use vault::{Sealed, kind, native};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::keys::{self, Ring};
use crate::store::Connection;

type RawKey = Zeroizing<[u8; 32]>;

/// A record beside the key that its header names, if there is one.
pub struct Keyed {
    upload: Upload,
    sealed: Result<Sealed, Refusal>,
    key: Option<RawKey>,
}

/// What an upload turned out to be.
pub struct Opened {
    pub record_id: RecordId,
    pub rev: u32,
    pub contents: Result<Contents, Refusal>,
}

pub struct Contents {
    pub document: Document,
    pub dk_id: DkId,
    /// As they came, and as they are kept.
    pub bytes: Vec<u8>,
}

/// Why a record is not kept. The record stays on its tablet, and its outbox shows the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Malformed,
    Mislabelled,
    OtherTablet,
    NotADocument,
    DoesNotOpen,
    Unreadable,
    OtherAuthor,
    NeverAssigned,
    Completed,
    Older,
    Differs,
    HistoryBroken,
    HistoryRewritten,
}

impl Refusal {
    /// For programs; stable.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Mislabelled => "mislabelled",
            Self::OtherTablet => "other_tablet",
            Self::NotADocument => "not_a_document",
            Self::DoesNotOpen => "does_not_open",
            Self::Unreadable => "unreadable",
            Self::OtherAuthor => "other_author",
            Self::NeverAssigned => "never_assigned",
            Self::Completed => "completed",
            Self::Older => "older",
            Self::Differs => "differs",
            Self::HistoryBroken => "history_broken",
            Self::HistoryRewritten => "history_rewritten",
        }
    }

    /// For people.
    pub fn message(self) -> &'static str {
        match self {
            Self::Malformed | Self::Mislabelled => {
                "This assessment arrived damaged. It is kept on this tablet; tell the helpdesk."
            }
            Self::OtherTablet => {
                "This assessment was written on another tablet and has to be sent from there."
            }
            Self::NotADocument => "This is not an assessment.",
            Self::DoesNotOpen => {
                "The main application has no key that opens this assessment. It is kept on this tablet; tell the helpdesk."
            }
            Self::Unreadable => {
                "The main application cannot read this assessment. It is kept on this tablet; tell the helpdesk."
            }
            Self::OtherAuthor => {
                "This assessment belongs to another user, and only its author can change it."
            }
            Self::NeverAssigned => "This client was never assigned to the author of this assessment.",
            Self::Completed => "This assessment was completed before and cannot be changed any more.",
            Self::Older => "The main application has a newer version of this assessment.",
            Self::Differs => "The main application has this version of the assessment with other contents.",
            Self::HistoryBroken => {
                "The history of this assessment does not fit together, so it cannot be taken. Make a copy of it, complete that, \
                 and tell the helpdesk."
            }
            Self::HistoryRewritten => {
                "The main application has received entries of this assessment's history that are missing here or have been \
                 changed. Make a copy of it, complete that, and tell the helpdesk."
            }
        }
    }
}

/// Looks up the keys that the records' headers name. The uploads move out of the request.
pub async fn find_keys(
    connection: &mut Connection,
    ring: &Ring,
    mut request: SyncRequest,
) -> Result<(SyncRequest, Vec<Keyed>), Fault> {
    // By key and user: a key serves only headers that name the user to whom it belongs.
    let mut known = HashMap::<([u8; 16], [u8; 16]), Option<RawKey>>::new();
    let mut keyed = Vec::with_capacity(request.records.len());
    for upload in std::mem::take(&mut request.records) {
        let sealed = Sealed::parse(&upload.sealed.0).map_err(|_| Refusal::Malformed);
        let key = match &sealed {
            Ok(sealed) => {
                let header = &sealed.header;
                let of_session = header.device_id == *request.device_id.as_bytes();
                if !of_session {
                    None
                } else if let Some(key) = known.get(&(header.dk_id, header.user_id)) {
                    key.clone()
                } else {
                    let key = keys::data_key_named(connection, ring, header)
                        .await?
                        .map(|open| open.key);
                    known.insert((header.dk_id, header.user_id), key.clone());
                    key
                }
            }
            Err(_) => None,
        };
        keyed.push(Keyed { upload, sealed, key });
    }
    Ok((request, keyed))
}

/// Opens and reads the records; arithmetic, so off the async threads.
pub fn open_all(device: DeviceId, keyed: Vec<Keyed>) -> Vec<Opened> {
    keyed
        .into_iter()
        .map(|keyed| Opened {
            record_id: keyed.upload.record_id,
            rev: keyed.upload.rev,
            contents: open(device, keyed),
        })
        .collect()
}

fn open(device: DeviceId, keyed: Keyed) -> Result<Contents, Refusal> {
    let Keyed { upload, sealed, key } = keyed;
    let sealed = sealed?;
    let header = sealed.header;
    if header.record_id != *upload.record_id.as_bytes() || header.rev != upload.rev {
        return Err(Refusal::Mislabelled);
    }
    if header.device_id != *device.as_bytes() {
        return Err(Refusal::OtherTablet);
    }
    if header.kind != kind::DOCUMENT {
        return Err(Refusal::NotADocument);
    }
    let plain = key
        .and_then(|key| native::open_record(&key, &sealed).ok())
        .ok_or(Refusal::DoesNotOpen)?;
    let document: Document = serde_json::from_slice(&plain).map_err(|_| Refusal::Unreadable)?;
    if document.id != upload.record_id
        || !is_signed_as_its_status_says(&document)
        || !can_be_listed(&document)
    {
        return Err(Refusal::Unreadable);
    }
    if document.author != UserId::from_bytes(header.user_id) {
        return Err(Refusal::OtherAuthor);
    }
    if let Err(broken) = documents::check(&document) {
        tracing::warn!(document = %document.id, %broken, "a history is broken");
        return Err(Refusal::HistoryBroken);
    }
    Ok(Contents {
        document,
        dk_id: DkId::from_bytes(header.dk_id),
        bytes: upload.sealed.0,
    })
}

/// What is listed of a document is kept as text, and PostgreSQL takes no zero byte in a text.
fn can_be_listed(document: &Document) -> bool {
    let form = &document.form;
    ![&form.url, &form.version, &form.title]
        .iter()
        .any(|text| text.contains('\0'))
}

fn is_signed_as_its_status_says(document: &Document) -> bool {
    match (&document.status, &document.signature) {
        (Status::Complete, Some(signature)) => signature.by == document.author,
        (Status::Draft | Status::Pending, None) => true,
        _ => false,
    }
}
