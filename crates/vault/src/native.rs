//! [`Primitives`] by RustCrypto: for the main application, for tests, and as the oracle that the browser is held against.

use std::time::Instant;

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::{
    Cost, CryptoFault, Derived, KdfFault, MasterKey, Password, PasswordFault, Primitives, Refused, Sealed,
};

/// RustCrypto on this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native;

/// A key in this process's memory, wiped on drop.
#[derive(Clone, zeroize::Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

/// Brings a typed text to NFC and takes it as a password.
pub fn password(typed: &str) -> Result<Password, PasswordFault> {
    Password::from_nfc(typed.nfc().collect())
}

/// Fills `bytes` from the operating system's random source.
pub fn random(bytes: &mut [u8]) -> Result<(), CryptoFault> {
    getrandom::fill(bytes).map_err(|error| CryptoFault(error.to_string()))
}

/// AES-256-GCM; the tag stands at the end.
pub fn encrypt(key: &[u8; 32], iv: &[u8; 12], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, CryptoFault> {
    cipher(key)
        .encrypt(&Nonce::from(*iv), Payload { msg: plain, aad })
        .map_err(|_| CryptoFault("too much to encrypt at once".into()))
}

/// The inverse of [`encrypt`].
pub fn decrypt(
    key: &[u8; 32],
    iv: &[u8; 12],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Refused> {
    cipher(key)
        .decrypt(&Nonce::from(*iv), Payload { msg: sealed, aad })
        .map(Zeroizing::new)
        .map_err(|_| Refused)
}

/// Opens a record with the key that its header names; the caller has looked that key up.
pub fn open_record(key: &[u8; 32], sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, Refused> {
    decrypt(key, &sealed.iv, &sealed.header.aad(), &sealed.ciphertext)
}

fn cipher(key: &[u8; 32]) -> Aes256Gcm {
    Aes256Gcm::new(&(*key).into())
}

fn hkdf(mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
    let mut out = Zeroizing::new([0; 32]);
    hkdf::Hkdf::<sha2::Sha256>::new(None, &mk.0)
        .expand(info, &mut out[..])
        .map_err(|error| CryptoFault(error.to_string()))?;
    Ok(out)
}

impl Primitives for Native {
    type Key = Key;

    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault> {
        random(bytes)
    }

    async fn argon2id(&self, password: &Password, salt: &[u8; 16], cost: Cost) -> Result<Derived, KdfFault> {
        let start = Instant::now();
        let params = argon2::Params::new(cost.m_kib, cost.t, u32::from(cost.p), Some(32))
            .map_err(|_| KdfFault::CannotAllocate)?;
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let mut memory = vec![argon2::Block::default(); argon2.params().block_count()];
        let mut mk = MasterKey([0; 32]);
        let done =
            argon2.hash_password_into_with_memory(password.expose().as_bytes(), salt, &mut mk.0, &mut memory);
        memory.iter_mut().for_each(|block| block.as_mut().zeroize());
        done.map_err(|_| KdfFault::Interrupted)?;
        Ok(Derived {
            mk,
            elapsed_ms: u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX),
        })
    }

    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        hkdf(mk, info)
    }

    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<Key, CryptoFault> {
        hkdf(mk, info).map(|bytes| Key(*bytes))
    }

    async fn import(&self, raw: &[u8; 32]) -> Result<Key, CryptoFault> {
        Ok(Key(*raw))
    }

    async fn encrypt(
        &self,
        key: &Key,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault> {
        encrypt(&key.0, iv, aad, plain)
    }

    async fn decrypt(
        &self,
        key: &Key,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        decrypt(&key.0, iv, aad, sealed)
    }
}
