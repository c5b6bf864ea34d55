//! The two byte layouts that the seals authenticate, fixed in width and big-endian.
//!
//! ```text
//! slot AAD    "ofl/1/slot" 00 device_id16 user_id16 epoch4 dk_id16 alg1 m_kib4 t4 p1 salt16
//! record AAD  "ofl/1/rec"  00 device_id16 user_id16 dk_id16 record_id16 rev4 kind1 schema2
//! HKDF info   label 00 device_id16 user_id16
//! ```
//!
//! Whatever stands in a header is bound to the ciphertext: a row of another tablet, user, record or revision never opens.

use crate::Slot;

pub(crate) const RECORD_TAG: &[u8] = b"ofl/1/rec\0";
pub(crate) const RECORD_AAD_LEN: usize = RECORD_TAG.len() + 16 * 4 + 4 + 1 + 2;
const SLOT_TAG: &[u8] = b"ofl/1/slot\0";
pub(crate) const LABEL_VERIFIER: &[u8] = b"ofl/1/ver";
pub(crate) const LABEL_KEK: &[u8] = b"ofl/1/kek";

/// What a sealed record is.
pub mod kind {
    /// An assessment document.
    pub const DOCUMENT: u8 = 1;
    /// The user's clients and the sync cursor.
    pub const CASELOAD: u8 = 2;
    /// One form.
    pub const FORM: u8 = 3;
    /// The session token and who the user is.
    pub const SESSION: u8 = 4;
    /// A completed document that came from the main application: to be read and copied.
    pub const RECEIVED: u8 = 5;
    /// What the last check for the field has shown.
    pub const READINESS: u8 = 6;
}

/// Whose slot or record it is: a user on a tablet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub device_id: [u8; 16],
    pub user_id: [u8; 16],
}

/// The authenticated head of a sealed record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub device_id: [u8; 16],
    pub user_id: [u8; 16],
    pub dk_id: [u8; 16],
    pub record_id: [u8; 16],
    /// Grows by one with every save.
    pub rev: u32,
    /// One of [`kind`].
    pub kind: u8,
    /// The version of the plaintext's shape.
    pub schema: u16,
}

impl Header {
    /// The additional authenticated data, which is also the head of [`crate::Sealed::to_bytes`].
    pub fn aad(&self) -> [u8; RECORD_AAD_LEN] {
        let mut aad = [0; RECORD_AAD_LEN];
        let mut rest = &mut aad[..];
        for field in [
            RECORD_TAG,
            &self.device_id,
            &self.user_id,
            &self.dk_id,
            &self.record_id,
            &self.rev.to_be_bytes(),
            &[self.kind],
            &self.schema.to_be_bytes(),
        ] {
            let (head, tail) = rest.split_at_mut(field.len());
            head.copy_from_slice(field);
            rest = tail;
        }
        aad
    }

    /// The header that `aad` is the layout of, if it is one.
    pub(crate) fn parse(aad: &[u8; RECORD_AAD_LEN]) -> Option<Self> {
        let mut rest = aad.strip_prefix(RECORD_TAG)?;
        Some(Self {
            device_id: take(&mut rest)?,
            user_id: take(&mut rest)?,
            dk_id: take(&mut rest)?,
            record_id: take(&mut rest)?,
            rev: u32::from_be_bytes(take(&mut rest)?),
            kind: take::<1>(&mut rest)?[0],
            schema: u16::from_be_bytes(take(&mut rest)?),
        })
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

pub(crate) fn slot_aad(owner: &Owner, slot: &Slot) -> Vec<u8> {
    [
        SLOT_TAG,
        &owner.device_id,
        &owner.user_id,
        &slot.epoch.to_be_bytes(),
        &slot.dk_id,
        &[slot.alg],
        &slot.m_kib.to_be_bytes(),
        &slot.t.to_be_bytes(),
        &[slot.p],
        &slot.salt,
    ]
    .concat()
}

pub(crate) fn hkdf_info(label: &[u8], owner: &Owner) -> Vec<u8> {
    [label, &[0], &owner.device_id, &owner.user_id].concat()
}
