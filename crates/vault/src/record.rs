//! The sealed record: what lies on the tablet and travels to the main application, byte for byte the same.
//!
//! ```text
//! version1 (01) · record AAD (see layout) · iv12 · ciphertext and tag
//! ```

use zeroize::Zeroizing;

use crate::layout::RECORD_AAD_LEN;
use crate::{CryptoFault, Header, Primitives, Refused};

const VERSION: u8 = 1;
const TAG_LEN: usize = 16;

/// A sealed record that has the right shape. Whether it opens is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub header: Header,
    pub iv: [u8; 12],
    /// Ends in the 16-byte tag.
    pub ciphertext: Vec<u8>,
}

/// Bytes that are not a sealed record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("this record was written by another version of the app")]
    Version,
    #[error("this record is too short to be whole")]
    Short,
    #[error("this record does not begin as a record does")]
    Tag,
}

impl Sealed {
    /// Reads bytes from outside; never panics.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        let (version, rest) = bytes.split_first().ok_or(Malformed::Short)?;
        if *version != VERSION {
            return Err(Malformed::Version);
        }
        let (aad, rest) = rest
            .split_first_chunk::<RECORD_AAD_LEN>()
            .ok_or(Malformed::Short)?;
        let header = Header::parse(aad).ok_or(Malformed::Tag)?;
        let (iv, ciphertext) = rest.split_first_chunk::<12>().ok_or(Malformed::Short)?;
        if ciphertext.len() < TAG_LEN {
            return Err(Malformed::Short);
        }
        Ok(Self {
            header,
            iv: *iv,
            ciphertext: ciphertext.to_vec(),
        })
    }

    /// The bytes that are stored and sent, and whose SHA-256 an acknowledgement carries.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&[VERSION][..], &self.header.aad(), &self.iv, &self.ciphertext].concat()
    }
}

/// Seals `plain` under `key` with a fresh random IV.
pub async fn seal<P: Primitives>(
    primitives: &P,
    key: &P::Key,
    header: Header,
    plain: &[u8],
) -> Result<Sealed, CryptoFault> {
    let mut iv = [0; 12];
    primitives.random(&mut iv)?;
    let ciphertext = primitives.encrypt(key, &iv, &header.aad(), plain).await?;
    Ok(Sealed {
        header,
        iv,
        ciphertext,
    })
}

/// Opens a sealed record, or says that it was not sealed under this key with this header.
pub async fn open<P: Primitives>(
    primitives: &P,
    key: &P::Key,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    primitives
        .decrypt(key, &sealed.iv, &sealed.header.aad(), &sealed.ciphertext)
        .await
}
