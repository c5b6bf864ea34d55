//! The typed password, on its one way from the field to the derivation.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// An NFC-normalised password. No `Debug`, `Clone` or `Serialize`; wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Password(String);

/// Why a typed text cannot be a password. A field error: nothing is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("Enter your password.")]
    Empty,
    #[error("This password is too long. The longest has 1,024 bytes.")]
    TooLong,
}

impl Password {
    /// The longest password in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// Takes a text that the caller has brought to Unicode NFC (`String.prototype.normalize` in the browser,
    /// [`crate::native::password`] elsewhere). It is not trimmed and not case-folded.
    pub fn from_nfc(mut text: String) -> Result<Self, PasswordFault> {
        match text.len() {
            0 => Err(PasswordFault::Empty),
            1..=Self::MAX_BYTES => Ok(Self(text)),
            _ => {
                text.zeroize();
                Err(PasswordFault::TooLong)
            }
        }
    }

    /// The secret itself: for the derivation and for the one sign-in request.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_1024_bytes_are_a_password() {
        for (length, taken) in [(0, false), (1, true), (64, true), (1024, true), (1025, false)] {
            assert_eq!(
                Password::from_nfc("x".repeat(length)).is_ok(),
                taken,
                "{length} bytes"
            );
        }
    }

    #[test]
    fn spaces_belong_to_the_password() {
        assert_eq!(
            Password::from_nfc(" a ".into()).map(|p| p.expose().to_owned()),
            Ok(" a ".into())
        );
    }
}
