//! Completed documents on their way to whoever has their client: chosen and read within the transaction, opened after it.

use std::ops::RangeInclusive;

use protocol::{Document, RecordId, UserId};
use vault::{Sealed, native};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::keys::{self, Ring};
use crate::store::{Connection, documents};

/// The sealed bytes of one reply, about: the tablet asks again for more.
const REPLY_BYTES: usize = 3 * 1024 * 1024;

/// What one reply brings, still sealed under its authors' keys.
pub struct Shared {
    sealed: Vec<(Sealed, Zeroizing<[u8; 32]>)>,
    /// Up to which change it tells all.
    pub cursor: i64,
    pub more: bool,
}

/// The completed documents that are news to `user` after the first of these changes, the last being the newest there is. `own`
/// are those that this very request has brought: their author has them.
pub async fn gather(
    connection: &mut Connection,
    ring: &Ring,
    user: UserId,
    changes: RangeInclusive<i64>,
    own: &[RecordId],
) -> Result<Shared, Fault> {
    let (since, last) = changes.into_inner();
    let mut shared = Shared {
        sealed: Vec::new(),
        cursor: last,
        more: false,
    };
    let mut news = documents::completed_after(connection, user, since).await?;
    news.sort_by_key(|document| (document.change, document.record_id));
    let (mut size, mut before) = (0, since);
    for document in news {
        // What has the same number is told in one reply.
        if size > REPLY_BYTES && document.change != before {
            (shared.cursor, shared.more) = (before, true);
            break;
        }
        before = document.change;
        if document.author == user && own.contains(&document.record_id) {
            continue;
        }
        let bytes = documents::sealed(connection, &document).await?;
        size += bytes.len();
        let sealed = Sealed::parse(&bytes).map_err(|_| Fault::Inconsistent("a stored record is none"))?;
        match keys::data_key_named(connection, ring, &sealed.header).await? {
            Some(open) => shared.sealed.push((sealed, open.key)),
            // It was opened when it came, so a key is missing since. The other documents are told of all the same.
            None => tracing::error!(document = %document.record_id, "a stored document has no key"),
        }
    }
    Ok(shared)
}

impl Shared {
    /// Opens and reads them; arithmetic, so off the async threads.
    pub fn open(self) -> Vec<Document> {
        let open = |(sealed, key): (Sealed, Zeroizing<[u8; 32]>)| {
            let plain = native::open_record(&key, &sealed).ok();
            let document = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
            if document.is_none() {
                let id = RecordId::from_bytes(sealed.header.record_id);
                tracing::error!(document = %id, "a stored document does not open");
            }
            document
        };
        self.sealed.into_iter().filter_map(open).collect()
    }
}
