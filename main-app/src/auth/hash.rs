//! Password hashes: Argon2id, off the async threads, and as many at a time as there are cores.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vault::Password;

/// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
const M_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Stands in for the hash of a login that does not exist, so that its answer costs the same. No password fits it.
pub const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdC4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Who has not had a turn after this long is asked to come back.
const LONGEST_QUEUE: Duration = Duration::from_secs(3);

pub struct Hasher {
    turns: Arc<Semaphore>,
    derivations: AtomicU64,
}

/// The right to one derivation at a time.
pub struct Turn(#[allow(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

#[derive(Debug, thiserror::Error)]
pub enum HashFault {
    #[error("a password could not be hashed or checked: {0}")]
    Argon2(String),
    #[error("a derivation was interrupted: {0}")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Hasher {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            turns: Arc::new(Semaphore::new(cores)),
            derivations: AtomicU64::new(0),
        }
    }

    /// Waits in the queue; `None` says that it is too long.
    pub async fn turn(&self) -> Option<Turn> {
        let permit = tokio::time::timeout(LONGEST_QUEUE, self.turns.clone().acquire_owned()).await;
        permit.ok()?.ok().map(Turn)
    }

    /// Checks a password against a PHC string, or for the same cost against nobody's.
    pub async fn verify(
        &self,
        _turn: &Turn,
        password: Arc<Password>,
        hash: Option<String>,
    ) -> Result<bool, HashFault> {
        self.derivations.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(move || verify(&password, hash.as_deref().unwrap_or(NOBODY))).await?
    }

    /// Checks what is no password, such as a security answer; it is not counted among the derivations.
    pub async fn fits(&self, _turn: &Turn, secret: Arc<Password>, hash: String) -> Result<bool, HashFault> {
        tokio::task::spawn_blocking(move || verify(&secret, &hash)).await?
    }

    pub async fn hash(&self, _turn: &Turn, password: Arc<Password>) -> Result<String, HashFault> {
        tokio::task::spawn_blocking(move || hash(&password)).await?
    }

    /// How many passwords were checked since the start, those of unknown logins included.
    pub fn derivations(&self) -> u64 {
        self.derivations.load(Ordering::Relaxed)
    }
}

fn argon2id() -> Result<Argon2<'static>, HashFault> {
    let params = Params::new(M_KIB, PASSES, LANES, Some(32)).map_err(fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn verify(password: &Password, hash: &str) -> Result<bool, HashFault> {
    let hash = PasswordHash::new(hash).map_err(fault)?;
    match argon2id()?.verify_password(password.expose().as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(other) => Err(fault(other)),
    }
}

/// A new hash with a salt of its own, as a PHC string.
pub fn hash(password: &Password) -> Result<String, HashFault> {
    let mut salt = [0; 16];
    vault::native::random(&mut salt).map_err(fault)?;
    let hash = argon2id()?
        .hash_password_with_salt(password.expose().as_bytes(), &salt)
        .map_err(fault)?;
    Ok(hash.to_string())
}

fn fault(error: impl std::fmt::Display) -> HashFault {
    HashFault::Argon2(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        vault::native::password(text).unwrap()
    }

    #[test]
    fn the_password_fits_its_hash_and_no_other_does() {
        let kept = hash(&password("sample-pass-1")).unwrap();
        assert!(verify(&password("sample-pass-1"), &kept).unwrap());
        for other in ["sample-pass-2", " sample-pass-1", "Sample-pass-1"] {
            assert!(!verify(&password(other), &kept).unwrap(), "{other}");
        }
        assert_ne!(
            kept,
            hash(&password("sample-pass-1")).unwrap(),
            "each hash has a salt of its own"
        );
    }

    #[test]
    fn both_forms_of_an_accent_are_one_password() {
        let kept = hash(&password("caf\u{e9}-au-lait")).unwrap();
        assert!(verify(&password("cafe\u{301}-au-lait"), &kept).unwrap());
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs_and_fits_nothing() {
        let real = hash(&password("x")).unwrap();
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parameters(NOBODY), parameters(&real));
        assert_eq!(NOBODY.len(), real.len());
        assert!(!verify(&password("x"), NOBODY).unwrap());
    }

    #[test]
    fn a_damaged_hash_is_a_fault_and_no_wrong_password() {
        for damaged in ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$", "$1$abc$def"] {
            assert!(verify(&password("x"), damaged).is_err(), "{damaged}");
        }
    }
}
