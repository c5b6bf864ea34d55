//! The bench's primitives with a witness: every key that is made, every secret, and every IV that is used.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use base64ct::{Base64, Encoding as _};
use vault::native::Native;
use vault::{Cost, CryptoFault, Derived, KdfFault, MasterKey, Password, Primitives, Refused};
use zeroize::Zeroizing;

use crate::support::Bench;

#[derive(Clone, Default)]
pub struct Watch {
    pub bench: Bench,
    secrets: Rc<RefCell<BTreeSet<Vec<u8>>>>,
    used: Rc<RefCell<BTreeSet<Used>>>,
}

/// A key and an IV that was used under it.
type Used = ([u8; 32], [u8; 12]);

/// A key that can be read, so that it can be looked for.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Watch {
    /// From now on these bytes must not be found in the store: neither raw, nor in hex, nor in base64.
    pub fn note(&self, secret: &[u8]) {
        let mut secrets = self.secrets.borrow_mut();
        secrets.insert(secret.to_vec());
        secrets.insert(Base64::encode_string(secret).trim_end_matches('=').into());
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        secrets.insert(hex.into());
    }

    /// I18, for one value that was written.
    pub fn assert_nothing_told(&self, value: &[u8]) {
        for secret in self.secrets.borrow().iter() {
            let told = value.windows(secret.len()).any(|window| window == secret);
            assert!(
                !told,
                "I18: a secret was written: {}",
                String::from_utf8_lossy(value)
            );
        }
    }
}

impl Primitives for Watch {
    type Key = Key;

    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault> {
        self.bench.random(bytes)
    }

    async fn argon2id(&self, password: &Password, salt: &[u8; 16], cost: Cost) -> Result<Derived, KdfFault> {
        let derived = self.bench.argon2id(password, salt, cost).await?;
        self.note(&derived.mk.0);
        Ok(derived)
    }

    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault> {
        // The verifier: it lies in the slot, on purpose.
        Native.hkdf_bytes(mk, info).await
    }

    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<Key, CryptoFault> {
        let raw = Native.hkdf_bytes(mk, info).await?;
        self.note(&raw[..]);
        Ok(Key(*raw))
    }

    async fn import(&self, raw: &[u8; 32]) -> Result<Key, CryptoFault> {
        self.note(raw);
        Ok(Key(*raw))
    }

    async fn encrypt(
        &self,
        key: &Key,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault> {
        let fresh = self.used.borrow_mut().insert((key.0, *iv));
        assert!(fresh, "I17: an IV repeats under one key");
        vault::native::encrypt(&key.0, iv, aad, plain)
    }

    async fn decrypt(
        &self,
        key: &Key,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        vault::native::decrypt(&key.0, iv, aad, sealed)
    }
}
