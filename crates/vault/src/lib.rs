//! Password to key to sealed bytes: the slot that lets a user sign in offline, and the seal on every private datum.
//!
//! ```text
//! password --NFC, UTF-8--> Argon2id(salt) -> mk --HKDF-SHA256--> verifier   tells a wrong password
//!                                            `-----------------> KEK        unwraps the data key
//! data key --AES-256-GCM, AAD = record header--> sealed record
//! ```
//!
//! The data key is not made from the password: the main application issues it, so that a forgotten password loses
//! nothing. This crate knows no user interface, no store, no network and no clock. Its one neighbour is `replica`, and
//! `main-app` uses the record part. `SECURITY.md` says what all this protects; `tests/vectors/` holds the golden bytes.
//!
//! Where to start: [`Slot`] and [`enrol`] / [`unlock`], then [`Sealed`] and [`seal`] / [`open`]. Arithmetic comes from
//! [`Primitives`]: RustCrypto in [`native`], WebCrypto and a worker in the browser.

mod layout;
#[cfg(feature = "native")]
pub mod native;
mod password;
mod primitives;
mod record;
mod slot;
#[cfg(feature = "suite")]
pub mod suite;

pub use layout::{Header, Owner, kind};
pub use password::{Password, PasswordFault};
pub use primitives::{Cost, CryptoFault, Derived, KdfFault, MasterKey, Primitives, Refused};
pub use record::{Malformed, Sealed, open, seal};
pub use slot::{Derivation, KeyToWrap, Slot, SlotFault, UnlockFault, dummy_derivation, enrol, unlock};

/// The three settings tried at enrolment, strongest first; the last is the floor (OWASP Password Storage Cheat Sheet:
/// Argon2id with 19 MiB, two passes, one lane).
pub const PRESETS: [Cost; 3] = [
    Cost {
        m_kib: 65_536,
        t: 3,
        p: 1,
    },
    Cost {
        m_kib: 47_104,
        t: 2,
        p: 1,
    },
    Cost {
        m_kib: 19_456,
        t: 2,
        p: 1,
    },
];

/// The longest that a derivation may take at enrolment, in milliseconds, before the next weaker preset is tried.
pub const DERIVATION_LIMIT_MS: u32 = 1_000;
