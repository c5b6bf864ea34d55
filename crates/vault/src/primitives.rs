//! The arithmetic that the vault needs, as a contract: WebCrypto and a worker serve it in the browser
//! (`src/browser/crypto.rs` of the PWA), RustCrypto everywhere else ([`crate::native`]). The same vectors run on both.

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Password;

/// The cost of one Argon2id derivation: memory in KiB, passes, lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub m_kib: u32,
    pub t: u32,
    pub p: u8,
}

impl Cost {
    /// Whether a stored slot may ask for this: 19,456 to 131,072 KiB, 2 to 10 passes, one lane. Anything else is a
    /// damaged or tampered row and is never derived: a row that asks for 4 GiB must not hang the tablet.
    pub fn is_acceptable(self) -> bool {
        (19_456..=131_072).contains(&self.m_kib) && (2..=10).contains(&self.t) && self.p == 1
    }

    /// The work that a guess costs, for comparing presets.
    pub(crate) fn work(self) -> u64 {
        u64::from(self.m_kib) * u64::from(self.t)
    }
}

/// What Argon2id makes of a password; lives between the derivation and the two HKDF expansions, and is wiped on drop.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct MasterKey(pub [u8; 32]);

/// A finished derivation and how long it took on this machine.
pub struct Derived {
    pub mk: MasterKey,
    pub elapsed_ms: u32,
}

/// A derivation that did not happen. Neither says anything about the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KdfFault {
    #[error("this tablet has not enough memory for the derivation")]
    CannotAllocate,
    #[error("the derivation was interrupted")]
    Interrupted,
}

/// The platform's cryptography failed in itself: no random numbers, no WebCrypto.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cryptography of this platform failed: {0}")]
pub struct CryptoFault(pub String);

/// Authenticated decryption said no: another key, another header, or a changed byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the seal does not fit this key and header")]
pub struct Refused;

/// One implementation per platform. `Key` is an AES-256-GCM key that need not be readable; dropping the last clone ends it.
#[expect(
    async_fn_in_trait,
    reason = "the browser is one thread, so no future has to be Send"
)]
pub trait Primitives {
    type Key: Clone;

    /// Fills `bytes` from the platform's cryptographic random source.
    fn random(&self, bytes: &mut [u8]) -> Result<(), CryptoFault>;
    /// Argon2id, version 0x13, 32 bytes out (RFC 9106).
    async fn argon2id(&self, password: &Password, salt: &[u8; 16], cost: Cost) -> Result<Derived, KdfFault>;
    /// HKDF-SHA256 with an empty salt, 32 bytes out (RFC 5869), readable.
    async fn hkdf_bytes(&self, mk: &MasterKey, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, CryptoFault>;
    /// The same, as a key.
    async fn hkdf_key(&self, mk: &MasterKey, info: &[u8]) -> Result<Self::Key, CryptoFault>;
    /// A key from its bytes.
    async fn import(&self, raw: &[u8; 32]) -> Result<Self::Key, CryptoFault>;
    /// AES-256-GCM with a 128-bit tag at the end (NIST SP 800-38D).
    async fn encrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoFault>;
    async fn decrypt(
        &self,
        key: &Self::Key,
        iv: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused>;
}
