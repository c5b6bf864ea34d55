//! What travels between a tablet and the main application: the words of both sides, and nothing else.
//!
//! Its neighbours are `replica` (the tablet's side) and `main-app` (the other). There is no behaviour here beyond
//! parsing: a decision about a reply is `replica`'s, a decision about an account is `accounts`'.
//! `docs/protocol.md` tells the exchange as a story; `docs/openapi.json` is generated from these types.
//!
//! Where to start: [`SignInRequest`] and [`SignInReply`], then [`SyncRequest`] and [`SyncReply`], then [`Document`].

mod bytes;
mod document;
mod ids;
pub mod json;
mod plain;
mod rehearsal;
pub mod reset_mail;
mod settings;
mod sign_in;
mod sync;
mod tablet;

pub use bytes::{Base64, Secret32};
pub use document::{Change, Document, FormRef, Modification, Signature, Status};
pub use ids::{AttemptId, ClientId, DeviceId, DkId, RecordId, RequestId, UserId};
pub use rehearsal::{Rehearsal, Shown};
pub use settings::{ErrorBody, Settings};
pub use sign_in::{DataKey, Granted, SessionToken, SignInReply, SignInRequest, SignInVerdict};
pub use sync::{
    Client, FailedAttempt, FailedAttempts, FormDefinition, Receipt, ReceiptVerdict, SyncOk, SyncReply,
    SyncRequest, SyncVerdict, Upload,
};
pub use tablet::{EvictionNoted, LastReport, Remembered};

/// The version of the exchange that this build speaks. The main application answers this one and the two before it.
pub const VERSION: u16 = 1;

/// Milliseconds since 1970-01-01T00:00:00Z. Times are shown and kept, never compared to decide anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// The largest body, in bytes, that `POST /api/sync` takes; a tablet splits what is waiting to stay below it.
pub const SYNC_BODY_LIMIT: usize = 8 * 1024 * 1024;
/// The largest body, in bytes, that `POST /api/sign-in` takes: an escaped password and login of the longest kind fit.
pub const SIGN_IN_BODY_LIMIT: usize = 16 * 1024;
/// The longest password in bytes of NFC-normalised UTF-8.
pub const PASSWORD_MAX_BYTES: usize = 1024;
/// The longest login in bytes, after trimming.
pub const LOGIN_MAX_BYTES: usize = 256;

/// The form of a login under which accounts are kept and compared: trimmed and lower-cased.
pub fn canonical_login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_in_other_case_or_with_spaces_is_the_same_login() {
        for typed in ["field1", " field1 ", "FIELD1", "\tField1\n"] {
            assert_eq!(canonical_login(typed), "field1");
        }
    }
}
