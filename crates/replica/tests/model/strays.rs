//! What comes back where the main application does not answer, as HTTP. Production's `answer` judges it.

use protocol::{SignInReply, SignInVerdict, SyncReply};
use replica::{Heard, HttpReply, NoReply, Server, answer};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stray {
    /// No network, a time-out, or a reply that was lost on its way.
    Nothing,
    /// A hotel's page in place of any page.
    Portal,
    /// A hotel that says it in JSON.
    PortalJson,
    /// A proxy that wants a password of its own.
    Bare401,
    Broken503,
}

impl Stray {
    pub const ALL: [Self; 5] = [
        Self::Nothing,
        Self::Portal,
        Self::PortalJson,
        Self::Bare401,
        Self::Broken503,
    ];

    fn http(self) -> Result<HttpReply, NoReply> {
        let (status, content_type, body) = match self {
            Self::Nothing => return Err(NoReply),
            Self::Portal => (200, "text/html", "<html>Sign in to the hotel</html>"),
            Self::PortalJson => (200, "application/json", "{}"),
            Self::Bare401 => (401, "application/json", r#"{"result":"no_access"}"#),
            Self::Broken503 => (503, "application/json", r#"{"code":"unavailable","message":""}"#),
        };
        Ok(HttpReply {
            status,
            redirected: false,
            content_type: content_type.into(),
            retry_after: None,
            body: body.into(),
        })
    }
}

/// How production reads each stray, found once: reading JSON at every step would be most of the work.
#[derive(Debug)]
pub struct Reading {
    sign_in: [Server; Stray::ALL.len()],
    sync: [Heard; Stray::ALL.len()],
}

impl Reading {
    pub fn by_production() -> Self {
        let sign_in = |stray: Stray| match answer::<SignInReply>(stray.http()) {
            Ok(reply) => Server::from(&reply.verdict),
            Err(_) => Server::Unanswered,
        };
        let sync = |stray: Stray| match answer::<SyncReply>(stray.http()) {
            Ok(reply) => Heard::from(&reply.verdict),
            Err(_) => Heard::Unanswered,
        };
        Self {
            sign_in: Stray::ALL.map(sign_in),
            sync: Stray::ALL.map(sync),
        }
    }

    /// With a portal's page taken for a "no".
    pub fn portal_as_no(mut self) -> Self {
        self.sign_in[Stray::Portal as usize] = Server::from(&SignInVerdict::BadPassword);
        self
    }

    /// With a bare 401 taken for the end of the account.
    pub fn bare_401_as_no_access(mut self) -> Self {
        self.sync[Stray::Bare401 as usize] = Heard::NoAccess;
        self
    }

    pub fn sign_in(&self, stray: Stray) -> Server {
        self.sign_in[stray as usize]
    }

    pub fn sync(&self, stray: Stray) -> Heard {
        self.sync[stray as usize]
    }
}
