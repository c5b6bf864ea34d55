//! What an attempt, a reset, a change and a deactivation do to an account, as one pure function.
//!
//! The main application keeps accounts in a database and checks passwords; what follows from a check is decided here,
//! without I/O, clock or cryptography, so that a model can walk through every state. Its one neighbour is `main-app`,
//! which reads an [`Account`], calls [`transition`], and writes what comes back in the same database transaction.
//!
//! Where to start: [`transition`] and its table, then [`Session::standing`]. How a request for a reset comes to that reset
//! is in [`request`].

pub mod request;
mod session;
mod transition;

pub use session::{Session, SessionStanding};
pub use transition::transition;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// The wrong password that locks: this many in a row.
pub const STRIKES: u8 = 3;

/// How long a temp password can be used for a new sign-in, unless it is configured otherwise.
pub const TEMP_PASSWORD_HOURS: u32 = 72;

/// An account without its name: nothing here depends on who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    pub access: Access,
    pub guard: Guard,
    pub password: Standing,
    /// Names the one password that the account has: grows by one with each new password.
    pub epoch: u32,
}

/// When the account may be used: from `from` on, and before `to`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Access {
    pub from: Option<Millis>,
    pub to: Option<Millis>,
}

/// What wrong passwords have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// Fewer than [`STRIKES`] wrong passwords since the last right one.
    Open { strikes: u8 },
    /// Only a reset opens it again.
    Locked { since: Millis },
}

/// Whose choice the password is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The user's own.
    Permanent,
    /// Handed out by the helpdesk; the main application makes the user change it.
    Temp {
        issued: Millis,
        /// From here on it opens nothing new; `None` is "never expires".
        expires: Option<Millis>,
    },
}

/// Something that happens to an account. `epoch` names the password that was checked, since a check takes a while and
/// a reset may come in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// One press of "Sign in", with what the check against the password of that epoch said.
    Attempt {
        verified: bool,
        epoch: u32,
    },
    /// The helpdesk hands out a temp password; `valid_for: None` is "for ever".
    Reset {
        valid_for: Option<Millis>,
    },
    /// The user chose a new password in place of the one of that epoch.
    PasswordChanged {
        epoch: u32,
    },
    Deactivated,
    Reactivated,
}

/// What the one who caused the event is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The attempt signs in.
    SignedIn { must_change: bool },
    /// S1.
    BadPassword,
    /// S2.
    Locked,
    /// S3.
    NoAccess,
    /// The password of that epoch is not the account's any more. Nothing changed: check again against the present one.
    Stale,
    /// A reset, change, deactivation or reactivation was carried out.
    Done,
}

impl Account {
    /// An account that may be used for as long as nobody ends it.
    pub const fn new(password: Standing) -> Self {
        Self {
            access: Access { from: None, to: None },
            guard: Guard::Open { strikes: 0 },
            password,
            epoch: 1,
        }
    }

    pub fn must_change(&self) -> bool {
        matches!(self.password, Standing::Temp { .. })
    }
}

impl Access {
    pub fn is_active(&self, now: Millis) -> bool {
        self.from.is_none_or(|from| from <= now) && self.to.is_none_or(|to| now < to)
    }
}

impl Standing {
    pub fn is_expired(&self, now: Millis) -> bool {
        matches!(self, Self::Temp { expires: Some(at), .. } if *at <= now)
    }
}

impl Event {
    /// Whether the sessions that are open now end with it (if it is carried out).
    pub fn ends_sessions(&self) -> bool {
        matches!(
            self,
            Self::Reset { .. } | Self::PasswordChanged { .. } | Self::Deactivated
        )
    }
}
