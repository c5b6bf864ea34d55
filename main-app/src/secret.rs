//! Random secrets, and the hashes under which they are kept.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// 256 random bits in base64url: a session token or the value of a cookie. The caller wipes it or hands it over.
pub fn token() -> Result<String, vault::CryptoFault> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    vault::native::random(&mut bytes[..])?;
    Ok(Base64UrlUnpadded::encode_string(&bytes[..]))
}

/// Whether a text has the shape of a [`token`].
pub fn is_token(text: &str) -> bool {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    Base64UrlUnpadded::decode(text, &mut bytes[..]).is_ok_and(|decoded| decoded.len() == 32)
}

/// A random version 4 identifier.
pub fn uuid() -> Result<uuid::Uuid, vault::CryptoFault> {
    let mut bytes = [0; 16];
    vault::native::random(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The lower-case hex of a SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The bytes of lower-case hex; `None` where it is none.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let digit = |sign: u8| char::from(sign).to_digit(16).map(|digit| digit as u8);
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

/// HMAC-SHA-256 of `message`, to be finished or compared in constant time.
pub fn hmac(key: &[u8; 32], message: &[u8]) -> Hmac<Sha256> {
    // HMAC's own definition: a key shorter than a block is filled up with zeros.
    let mut block = zeroize::Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    Hmac::new(&(*block).into()).chain_update(message)
}
