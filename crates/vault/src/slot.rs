//! The slot: a user's cached credential hash on one tablet, and the data key wrapped under the same password.
//!
//! A slot means "this user can sign in here offline". It is written by a completed online sign-in with a permanent
//! password, and only read afterwards. Verifier and unwrap are both there to tell "wrong password" from "right
//! password, damaged record".

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::layout::{LABEL_KEK, LABEL_VERIFIER, hkdf_info, slot_aad};
use crate::{
    Cost, CryptoFault, DERIVATION_LIMIT_MS, KdfFault, MasterKey, Owner, PRESETS, Password, Primitives,
};

/// The one algorithm suite there is: Argon2id, HKDF-SHA256, AES-256-GCM.
const ALG: u8 = 1;

/// As stored in the account row. Every field is authenticated by the wrap, so a tampered slot opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    pub epoch: u32,
    #[serde(with = "base64")]
    pub dk_id: [u8; 16],
    pub alg: u8,
    pub m_kib: u32,
    pub t: u32,
    pub p: u8,
    #[serde(with = "base64")]
    pub salt: [u8; 16],
    #[serde(with = "base64")]
    pub verifier: [u8; 32],
    #[serde(with = "base64")]
    pub iv: [u8; 12],
    /// The wrapped data key: 32 bytes and the 16-byte tag.
    #[serde(with = "base64")]
    pub ciphertext: [u8; 48],
}

/// A slot that is not to be derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotFault {
    #[error("unknown algorithm {0}")]
    Algorithm(u8),
    #[error("parameters out of bounds")]
    Bounds,
}

/// Why a password did not open a slot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockFault {
    #[error("the password is not this slot's")]
    WrongPassword,
    /// Never derived: the stored parameters are not ours.
    #[error("the stored sign-in is damaged: {0}")]
    Slot(#[from] SlotFault),
    /// The password is right and the wrapped key does not open.
    #[error("the stored key is damaged")]
    DamagedKey,
    #[error(transparent)]
    Kdf(#[from] KdfFault),
    #[error(transparent)]
    Crypto(#[from] CryptoFault),
}

/// One derivation of a password. It opens, or makes, every slot that was wrapped with the same salt.
pub struct Derivation {
    mk: MasterKey,
    salt: [u8; 16],
    cost: Cost,
}

impl Slot {
    pub fn cost(&self) -> Cost {
        Cost {
            m_kib: self.m_kib,
            t: self.t,
            p: self.p,
        }
    }

    /// Whether this slot may be derived from at all.
    pub fn check(&self) -> Result<(), SlotFault> {
        if self.alg != ALG {
            return Err(SlotFault::Algorithm(self.alg));
        }
        if !self.cost().is_acceptable() {
            return Err(SlotFault::Bounds);
        }
        Ok(())
    }
}

/// Makes a slot for `password`: a fresh salt, the strongest preset that this tablet derives within a second (and never
/// a weaker one than `at_least`), and `data_key` wrapped.
///
/// # Errors
/// [`UnlockFault::Kdf`] where not even the weakest preset allowed can be derived: then there is no slot, and the user
/// works online only.
pub async fn enrol<P: Primitives>(
    primitives: &P,
    owner: &Owner,
    password: &Password,
    key: KeyToWrap<'_>,
    at_least: Option<Cost>,
) -> Result<(Slot, Derivation), UnlockFault> {
    let mut salt = [0; 16];
    primitives.random(&mut salt)?;
    let derivation = derive_within_limit(primitives, password, salt, at_least).await?;
    let slot = derivation.wrap(primitives, owner, key).await?;
    Ok((slot, derivation))
}

/// Compares `password` with the slot's verifier and unwraps the data key. Writes nothing, counts nothing.
pub async fn unlock<P: Primitives>(
    primitives: &P,
    owner: &Owner,
    slot: &Slot,
    password: &Password,
) -> Result<(Zeroizing<[u8; 32]>, Derivation), UnlockFault> {
    slot.check()?;
    let cost = slot.cost();
    let mk = primitives.argon2id(password, &slot.salt, cost).await?.mk;
    let verifier = primitives
        .hkdf_bytes(&mk, &hkdf_info(LABEL_VERIFIER, owner))
        .await?;
    if !bool::from(verifier[..].ct_eq(&slot.verifier)) {
        return Err(UnlockFault::WrongPassword);
    }
    let derivation = Derivation {
        mk,
        salt: slot.salt,
        cost,
    };
    let data_key = derivation.unwrap(primitives, owner, slot).await?;
    Ok((data_key, derivation))
}

/// A data key and what its slot's header says of it.
#[derive(Clone, Copy)]
pub struct KeyToWrap<'a> {
    pub epoch: u32,
    pub dk_id: [u8; 16],
    pub data_key: &'a [u8; 32],
}

impl Derivation {
    /// Wraps a data key under this password with a fresh IV.
    pub async fn wrap<P: Primitives>(
        &self,
        primitives: &P,
        owner: &Owner,
        key: KeyToWrap<'_>,
    ) -> Result<Slot, CryptoFault> {
        let mut iv = [0; 12];
        primitives.random(&mut iv)?;
        self.wrap_with_iv(primitives, owner, key, iv).await
    }

    async fn wrap_with_iv<P: Primitives>(
        &self,
        primitives: &P,
        owner: &Owner,
        key: KeyToWrap<'_>,
        iv: [u8; 12],
    ) -> Result<Slot, CryptoFault> {
        let verifier = primitives
            .hkdf_bytes(&self.mk, &hkdf_info(LABEL_VERIFIER, owner))
            .await?;
        let kek = primitives
            .hkdf_key(&self.mk, &hkdf_info(LABEL_KEK, owner))
            .await?;
        let mut slot = Slot {
            epoch: key.epoch,
            dk_id: key.dk_id,
            alg: ALG,
            m_kib: self.cost.m_kib,
            t: self.cost.t,
            p: self.cost.p,
            salt: self.salt,
            verifier: *verifier,
            iv,
            ciphertext: [0; 48],
        };
        let wrapped = primitives
            .encrypt(&kek, &iv, &slot_aad(owner, &slot), key.data_key)
            .await?;
        slot.ciphertext = wrapped
            .try_into()
            .map_err(|_| CryptoFault("a wrapped key of another length".into()))?;
        Ok(slot)
    }

    /// The data key of a slot that was wrapped with this derivation.
    pub async fn unwrap<P: Primitives>(
        &self,
        primitives: &P,
        owner: &Owner,
        slot: &Slot,
    ) -> Result<Zeroizing<[u8; 32]>, UnlockFault> {
        let kek = primitives
            .hkdf_key(&self.mk, &hkdf_info(LABEL_KEK, owner))
            .await?;
        let raw = primitives
            .decrypt(&kek, &slot.iv, &slot_aad(owner, slot), &slot.ciphertext)
            .await
            .map_err(|_| UnlockFault::DamagedKey)?;
        let bytes: &[u8; 32] = raw.as_slice().try_into().map_err(|_| UnlockFault::DamagedKey)?;
        Ok(Zeroizing::new(*bytes))
    }

    /// Whether `slot` was wrapped with this derivation.
    pub fn made(&self, slot: &Slot) -> bool {
        slot.salt == self.salt && slot.cost() == self.cost
    }
}

/// The same work as [`unlock`] for a login that has no slot, so that the two cost the same.
pub async fn dummy_derivation<P: Primitives>(
    primitives: &P,
    password: &Password,
    cost: Cost,
) -> Result<(), UnlockFault> {
    let mut salt = [0; 16];
    primitives.random(&mut salt)?;
    let mk = primitives.argon2id(password, &salt, cost).await?.mk;
    primitives.hkdf_bytes(&mk, LABEL_VERIFIER).await?;
    Ok(())
}

async fn derive_within_limit<P: Primitives>(
    primitives: &P,
    password: &Password,
    salt: [u8; 16],
    at_least: Option<Cost>,
) -> Result<Derivation, KdfFault> {
    let floor = at_least
        .filter(|cost| cost.is_acceptable())
        .unwrap_or(PRESETS[PRESETS.len() - 1]);
    let stronger = PRESETS.into_iter().filter(|cost| cost.work() > floor.work());
    let mut fault = KdfFault::CannotAllocate;
    for cost in stronger.chain([floor]) {
        match primitives.argon2id(password, &salt, cost).await {
            Ok(derived) if cost == floor || derived.elapsed_ms <= DERIVATION_LIMIT_MS => {
                return Ok(Derivation {
                    mk: derived.mk,
                    salt,
                    cost,
                });
            }
            Ok(_) => {}
            Err(other) => fault = other,
        }
    }
    Err(fault)
}

/// Fixed-length byte strings as base64, of exactly that length.
mod base64 {
    use base64ct::{Base64, Encoding as _};
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Base64::encode_string(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = Base64::decode_vec(&text).map_err(|_| D::Error::custom("expected base64"))?;
        bytes
            .try_into()
            .map_err(|_| D::Error::custom(format_args!("expected {N} bytes")))
    }
}

#[cfg(test)]
#[cfg(feature = "native")]
mod tests;
