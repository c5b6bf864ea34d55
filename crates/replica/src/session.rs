//! Who is signed in now: in memory only, gone at the lock.

use protocol::{DkId, SessionToken, UserId};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What the pages may know of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    pub user_id: UserId,
    pub login: String,
    pub full_name: String,
    pub offline: OfflineSignIn,
    pub opened: OpenedBy,
    /// The password was changed or reset since the sign-in before on this tablet. Learnt online only.
    pub new_password: bool,
    /// There is no token that the main application takes: signing in again, with a network, is needed to send.
    pub needs_sign_in_to_send: bool,
    /// The main application serves nobody on this tablet, which was reported lost: what is stored here stays, unsent.
    pub tablet_revoked: bool,
}

/// Whether this user can sign in on this tablet without a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineSignIn {
    Ready,
    /// Not before the temp password has been changed in the main application.
    TempPassword,
    /// This tablet could not derive the key: it works online only.
    NotEnoughMemory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    Online,
    Offline,
}

/// The open session: the keys, and the token that bears it to the main application.
pub(crate) struct Session<Key> {
    pub info: SessionInfo,
    /// Of the sign-in that the token is from.
    pub epoch: u32,
    /// The key that new records are sealed under.
    pub dk_id: DkId,
    /// That key first, then the kept ones that this password opens.
    pub keys: Vec<(DkId, Key)>,
    pub token: Option<SessionToken>,
}

impl<Key: Clone> Session<Key> {
    pub fn key(&self, dk_id: &[u8; 16]) -> Option<Key> {
        self.keys
            .iter()
            .find(|(id, _)| id.as_bytes() == dk_id)
            .map(|(_, key)| key.clone())
    }
}

/// The plaintext of the sealed record of kind SESSION: what an offline sign-in needs to know of the last online one.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct SessionRecord {
    pub full_name: String,
    pub token: SessionToken,
}
