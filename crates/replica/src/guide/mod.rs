//! Where a user is on the way to a new password: what they have said, what the app has seen, and which step is next. Pure:
//! the clock and the network are arguments. Its neighbour is [`request`], the e-mail's fields; the PWA keeps what is here in
//! the browser (`src/guide.rs`), unsealed, because nobody is signed in yet.
//!
//! The steps are those of the provider bulletin of 1 October 2018, which knows two ways:
//!
//! | step | case A, online | case B, offline | done when |
//! | --- | --- | --- | --- |
//! | [`Step::Request`] | 1 | 1 | the user says that it is sent |
//! | [`Step::TempPassword`] | 2 | 2 | the user says so, or it has signed in here |
//! | [`Step::SignInWithTemp`] | 3 | | it has signed in here |
//! | [`Step::Connect`] | | 3 | the main application answers now |
//! | [`Step::Change`] | 4 | 4 | never: that the password was changed is learnt by signing in with it |
//! | [`Step::Back`] | 5 | 5 | never: it ends the guide |

mod request;

use protocol::Timestamp;
use serde::{Deserialize, Serialize};

pub use request::{Missing, ResetRequest};

/// What is kept is erased this long after the guide began, in milliseconds.
const KEPT_FOR_MS: i64 = 7 * 24 * 3_600_000;

/// The bulletin's two ways to a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// Case A: the temp password opens Mobile Assessments, and the main application asks for a new one later.
    Online,
    /// Case B: in the field a new password is chosen in the main application first.
    Offline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Request,
    TempPassword,
    SignInWithTemp,
    Connect,
    Change,
    Back,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Done,
    Now,
    /// The user has been there; whether it is done shows later.
    Unproven,
    Later,
}

/// What happens on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The user types the e-mail's fields.
    Typed(ResetRequest),
    Chose(Case),
    /// The e-mail was handed to the mail program or copied. Whether it is sent, only the user knows.
    Composed,
    /// The user says that the request is sent.
    Requested,
    /// The user says that it has to be sent again.
    RequestAgain,
    /// The user says that they have a temp password.
    Received,
    /// The way to the main application was taken.
    OpenedMain,
    SignedIn(SignedIn),
    /// The user ends the guide.
    Ended,
}

/// A sign-in that the main application has answered with yes. One that it has not answered tells nothing about a reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub full_name: String,
    /// With a temp password.
    pub temp: bool,
    /// The password is another one than at the sign-in before on this tablet.
    pub new_password: bool,
}

/// What is remembered between visits. No password is ever part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    pub request: ResetRequest,
    case: Option<Case>,
    begun: Option<Timestamp>,
    pub composed: Option<Timestamp>,
    pub requested: Option<Timestamp>,
    pub received: Option<Timestamp>,
    pub temp_sign_in: Option<Timestamp>,
    pub opened_main: Option<Timestamp>,
}

impl Case {
    pub const fn steps(self) -> [Step; 5] {
        use Step::{Back, Change, Connect, Request, SignInWithTemp, TempPassword};
        match self {
            Self::Online => [Request, TempPassword, SignInWithTemp, Change, Back],
            Self::Offline => [Request, TempPassword, Connect, Change, Back],
        }
    }
}

impl Guide {
    /// There is something to remember.
    pub fn is_running(&self) -> bool {
        self.begun.is_some()
    }

    /// The request is sent, or what follows it has happened: there is a way to lead back to.
    pub fn is_under_way(&self) -> bool {
        self.requested.is_some() || self.has_temp_password()
    }

    /// The case that stands on the page: what was chosen or has happened, else what the network says.
    pub fn case(&self, online: bool) -> Case {
        self.case
            .unwrap_or(if online { Case::Online } else { Case::Offline })
    }

    /// The step to take now, as far as it can be known. `online`: the main application answers.
    pub fn step(&self, online: bool) -> Step {
        if !self.has_temp_password() {
            return match self.requested {
                None => Step::Request,
                Some(_) => Step::TempPassword,
            };
        }
        match self.case(online) {
            Case::Online if self.temp_sign_in.is_none() => Step::SignInWithTemp,
            Case::Offline if !online => Step::Connect,
            _ if self.opened_main.is_none() => Step::Change,
            _ => Step::Back,
        }
    }

    pub fn state(&self, step: Step, online: bool) -> State {
        let now = self.step(online);
        if step == now {
            return State::Now;
        }
        match step {
            Step::Request if now != Step::Request => State::Done,
            Step::TempPassword if self.has_temp_password() => State::Done,
            Step::SignInWithTemp if self.temp_sign_in.is_some() => State::Done,
            Step::Connect if online && self.has_temp_password() => State::Done,
            Step::Change if self.opened_main.is_some() => State::Unproven,
            _ => State::Later,
        }
    }

    /// The guide after something happened at `at`.
    pub fn after(mut self, event: Event, at: Timestamp, online: bool) -> Self {
        match event {
            Event::Typed(request) => self.request = request,
            Event::Chose(case) => self.case = Some(case),
            Event::Composed => self.composed = Some(at),
            Event::Requested => {
                self.requested = Some(at);
                self.settle(online);
            }
            Event::RequestAgain => {
                (self.composed, self.requested, self.received) = (None, None, None);
            }
            Event::Received => {
                self.received = Some(at);
                self.settle(online);
            }
            Event::OpenedMain => self.opened_main = Some(at),
            Event::SignedIn(signed_in) => return self.after_sign_in(&signed_in, at),
            Event::Ended => return Self::default(),
        }
        self.begun = self.begun.or(Some(at));
        self
    }

    /// What is left of it at `now`: nothing after a week. A clock that was set back begins the week anew.
    pub fn at(mut self, now: Timestamp) -> Self {
        match self.begun {
            Some(begun) if now.0 < begun.0 => {
                self.begun = Some(now);
                self
            }
            Some(begun) if now.0.saturating_sub(begun.0) < KEPT_FOR_MS => self,
            _ => Self::default(),
        }
    }

    /// From here on a network that comes or goes does not change the way.
    fn settle(&mut self, online: bool) {
        self.case = Some(self.case(online));
    }

    fn has_temp_password(&self) -> bool {
        self.received.is_some() || self.temp_sign_in.is_some()
    }

    fn after_sign_in(mut self, signed_in: &SignedIn, at: Timestamp) -> Self {
        if !self.is_running() || !self.concerns(signed_in) {
            return self;
        }
        if !signed_in.temp {
            return Self::default();
        }
        self.temp_sign_in = Some(at);
        self.case = Some(Case::Online);
        self
    }

    /// A colleague's sign-in on a shared tablet is not the end of it.
    fn concerns(&self, signed_in: &SignedIn) -> bool {
        signed_in.new_password || self.request.is_of(&signed_in.full_name)
    }
}

#[cfg(test)]
mod tests;
