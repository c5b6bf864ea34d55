//! Sealed records in the store: where they lie, how they are opened, and what is said of one that does not open.

use protocol::{DeviceId, DkId, FormRef, RecordId, UserId};
use sha2::{Digest as _, Sha256};
use vault::{CryptoFault, Header, Primitives, Sealed, kind};
use words::msg;
use zeroize::Zeroizing;

use crate::session::Session;
use crate::{Clock, Remote, Replica, Store, StoreFault, Table};

/// The version of the plaintexts' shapes that this build writes.
const SCHEMA: u16 = 1;

/// A row that is named to the user and kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The row's key: for the helpdesk, not for the eye.
    pub key: String,
    /// What is wrong, in a sentence.
    pub why: String,
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("nobody is signed in")]
    Locked,
    #[error("it is not on this tablet")]
    Missing,
    #[error("{0}")]
    Damaged(String),
    #[error(transparent)]
    Store(#[from] StoreFault),
    #[error(transparent)]
    Crypto(#[from] CryptoFault),
}

/// The key of a record's row: `user/kind/record`, so that one scan finds a user's records of a kind.
pub(crate) fn row_key(user_id: UserId, kind: u8, record_id: RecordId) -> String {
    format!("{}{record_id}", prefix(user_id, kind))
}

pub(crate) fn prefix(user_id: UserId, kind: u8) -> String {
    format!("{user_id}/{kind}/")
}

/// The id of the one record of its kind.
pub(crate) const ONLY: RecordId = RecordId::from_bytes([0; 16]);

/// A form's record: the same id for the same `(url, version)`.
pub(crate) fn form_record_id(form: &FormRef) -> RecordId {
    let hash = Sha256::new()
        .chain_update(&form.url)
        .chain_update([0])
        .chain_update(&form.version)
        .finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    RecordId::from_bytes(id)
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// The row as a sealed record that belongs where it lies. Nothing is opened yet.
pub(crate) fn parse_row(device_id: DeviceId, key: &str, bytes: &[u8]) -> Result<Sealed, String> {
    let sealed = Sealed::parse(bytes).map_err(|malformed| malformed.to_string())?;
    let Header {
        user_id,
        kind,
        record_id,
        ..
    } = sealed.header;
    if sealed.header.device_id != *device_id.as_bytes() {
        return Err(msg!("this record was written on another tablet").into());
    }
    if row_key(UserId::from_bytes(user_id), kind, RecordId::from_bytes(record_id)) != key {
        return Err(msg!("this record does not belong where it lies").into());
    }
    Ok(sealed)
}

impl<S: Store, R: Remote, C: Clock, P: Primitives> Replica<S, R, C, P> {
    /// Seals `plain` under the session's key. The second value is the row's key.
    pub(crate) async fn seal(
        &self,
        kind: u8,
        record_id: RecordId,
        rev: u32,
        plain: &[u8],
    ) -> Result<(String, Vec<u8>), Fault> {
        let (user_id, dk_id, key) = self.with_session(|session| {
            Some((
                session.info.user_id,
                session.dk_id,
                session.key(session.dk_id.as_bytes())?,
            ))
        })?;
        self.seal_under(&key, dk_id, user_id, kind, record_id, rev, plain)
            .await
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "each is one field of the record's header"
    )]
    pub(crate) async fn seal_under(
        &self,
        key: &P::Key,
        dk_id: DkId,
        user_id: UserId,
        kind: u8,
        record_id: RecordId,
        rev: u32,
        plain: &[u8],
    ) -> Result<(String, Vec<u8>), Fault> {
        let header = Header {
            device_id: *self.device_id.as_bytes(),
            user_id: *user_id.as_bytes(),
            dk_id: *dk_id.as_bytes(),
            record_id: *record_id.as_bytes(),
            rev,
            kind,
            schema: SCHEMA,
        };
        let sealed = vault::seal(&self.primitives, key, header, plain).await?;
        Ok((row_key(user_id, kind, record_id), sealed.to_bytes()))
    }

    /// The plaintext of a row, or what is wrong with it.
    pub(crate) async fn open_row(
        &self,
        key: &str,
        bytes: &[u8],
    ) -> Result<(Header, Zeroizing<Vec<u8>>), Fault> {
        let sealed = self.sealed(key, bytes)?;
        let data_key = self.with_session(|session| Some(session.key(&sealed.header.dk_id)))?;
        let plain = self.unseal(&sealed, data_key).await?;
        Ok((sealed.header, plain))
    }

    /// The row as a record that this build can read.
    pub(crate) fn sealed(&self, key: &str, bytes: &[u8]) -> Result<Sealed, Fault> {
        let sealed = parse_row(self.device_id, key, bytes).map_err(Fault::Damaged)?;
        if sealed.header.schema > SCHEMA {
            return Err(Fault::Damaged(
                msg!("this record was written by a newer version of the app").into(),
            ));
        }
        Ok(sealed)
    }

    /// Opens it under the key that it names, where that key is at hand.
    pub(crate) async fn unseal(
        &self,
        sealed: &Sealed,
        data_key: Option<P::Key>,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let data_key = data_key.ok_or_else(|| {
            Fault::Damaged(msg!("this record is sealed under a key that is not here any more").into())
        })?;
        vault::open(&self.primitives, &data_key, sealed)
            .await
            .map_err(|_| Fault::Damaged(msg!("this record was changed from outside, or is damaged").into()))
    }

    /// The plaintext of the session user's record of `kind`; `None` where there is none.
    pub(crate) async fn read(&self, kind: u8, record_id: RecordId) -> Result<Option<Opened>, Fault> {
        let key = row_key(
            self.with_session(|session| Some(session.info.user_id))?,
            kind,
            record_id,
        );
        let Some(row) = self.store.get(Table::Records, &key).await? else {
            return Ok(None);
        };
        let (header, plain) = self.open_row(&key, &row).await?;
        Ok(Some(Opened { header, plain }))
    }

    pub(crate) fn with_session<T>(
        &self,
        read: impl FnOnce(&Session<P::Key>) -> Option<T>,
    ) -> Result<T, Fault> {
        self.session.borrow().as_ref().and_then(read).ok_or(Fault::Locked)
    }
}

pub(crate) struct Opened {
    pub header: Header,
    pub plain: Zeroizing<Vec<u8>>,
}

/// Reads a plaintext of ours: a shape that does not fit is damage, never a panic.
pub(crate) fn from_plain<T: serde::de::DeserializeOwned>(plain: &[u8]) -> Result<T, Fault> {
    protocol::json::read(plain)
        .map_err(|_| Fault::Damaged(msg!("this record has a shape that this version does not know").into()))
}

/// What is sealed: our own types, which always have a JSON form.
pub(crate) fn to_plain<T: serde::Serialize>(value: &T) -> Result<Zeroizing<Vec<u8>>, Fault> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .map_err(|error| Fault::Damaged(error.to_string()))
}

pub(crate) const DOCUMENT: u8 = kind::DOCUMENT;
