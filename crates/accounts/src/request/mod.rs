//! The life of a request for a reset: calls, answers, a second clerk, and the reset itself, as one pure function.
//!
//! Who a clerk or a user is does not matter here, only whether two are the same: `P` is whatever names a person. What is
//! true of the account at the moment of the event comes along as [`Subject`], read in the same database transaction.
//! The rules of calling are the provider bulletin's, 1 October 2018: the user is called, validates their own security
//! information, and after the second vain attempt the request goes back.

/// Attempts to reach the user; after the last vain one the request is returned.
pub const CALLS: u8 = 2;
/// Answers to the security question that may be tried for one request.
pub const TRIES: u8 = 3;

/// A request, as far as anything is decided by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request<P> {
    pub stage: Stage,
    /// Calls that reached nobody.
    pub missed: u8,
    /// The account that a clerk has chosen.
    pub account: Option<P>,
    /// Wrong answers so far, whichever account was chosen.
    pub wrong: u8,
    /// The account's security question was answered in the call that is under way.
    pub is_answered: bool,
    pub second: Second<P>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nobody has called yet.
    New,
    /// One call has reached nobody.
    FirstAttempt,
    /// The user is on the phone.
    Reached,
    /// The password was reset.
    Done,
    Returned(Why),
}

/// Why a request ended without a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// [`CALLS`] calls reached nobody.
    Unreached,
    /// [`TRIES`] answers were wrong.
    NotValidated,
    /// A clerk closed it: a mistake, a duplicate, or no longer needed.
    Withdrawn,
}

/// What a second clerk has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Second<P> {
    NotAsked,
    Asked { purpose: Purpose, by: P },
    Agreed { purpose: Purpose, asked_by: P, by: P },
}

impl<P> Second<P> {
    pub const fn purpose(&self) -> Option<Purpose> {
        match self {
            Self::NotAsked => None,
            Self::Asked { purpose, .. } | Self::Agreed { purpose, .. } => Some(*purpose),
        }
    }
}

/// What a second clerk is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To agree to the reset of an account that has power over others. The answer is needed besides.
    Approval,
    /// To confirm by themselves who the user is, where the security question cannot tell. Agrees to the reset, too.
    Identity,
}

/// What is true of the chosen account now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    pub has_question: bool,
    /// An account of the helpdesk or of a supervisor.
    pub is_privileged: bool,
}

/// What a clerk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act<P> {
    /// Says which account the request is about.
    Choose(P),
    /// The call reached the user.
    Reached,
    /// The call reached nobody, or broke off.
    NotReached,
    /// Heard an answer to the security question, and whether it matches.
    Answer {
        matches: bool,
    },
    /// Asks for a second clerk.
    Ask(Purpose),
    Agree,
    Decline,
    Reset,
    Withdraw,
}

/// Why an act is not carried out. Nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The request is done or returned.
    Closed,
    /// Nobody deals with a request for their own account.
    OwnAccount,
    NoAccount,
    /// The user is not on the phone.
    NotOnThePhone,
    NoQuestion,
    /// The answer is not needed any more.
    AlreadyAnswered,
    /// Nobody is asked for, or somebody has been already.
    NothingAsked,
    AlreadyAsked,
    /// The clerk who asked, or who resets, is not the second one.
    SamePerson,
    /// The identity of the user is not validated.
    NotValidated,
    /// A second clerk has not agreed.
    NeedsSecond,
}

impl<P> Request<P> {
    pub const fn new() -> Self {
        Self {
            stage: Stage::New,
            missed: 0,
            account: None,
            wrong: 0,
            is_answered: false,
            second: Second::NotAsked,
        }
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::New | Stage::FirstAttempt | Stage::Reached)
    }

    pub const fn tries_left(&self) -> u8 {
        TRIES.saturating_sub(self.wrong)
    }
}

impl<P> Default for Request<P> {
    fn default() -> Self {
        Self::new()
    }
}

/// What `act` of the clerk `by` makes of `request`. Total; a refusal changes nothing.
///
/// | act | needs | request afterwards |
/// | --- | --- | --- |
/// | any | an open request, and that its account is not the clerk's own; else `Closed`, `OwnAccount` | |
/// | choose | not the clerk's own account | that account; another one than before: no answer, no second clerk; wrong answers stay |
/// | reached | | `Reached` |
/// | not reached | | one call missed more; the second: returned. The answer counts no longer, nor an approval, which rested on it |
/// | answer | on the phone, an account with a question, no answer yet | matching: answered; else one wrong more, and the third: returned |
/// | ask | an account, nobody asked yet; for approval an answer, for identity none | asked |
/// | agree | somebody was asked for, by somebody else | agreed |
/// | decline | somebody was asked for, by somebody else | not asked |
/// | reset | on the phone; identity: answered, or confirmed by another clerk; account with power: another clerk agreed | `Done` |
/// | withdraw | | returned |
pub fn act<P: Copy + Eq>(
    request: &Request<P>,
    by: P,
    act: Act<P>,
    subject: Option<Subject>,
) -> Result<Request<P>, Refusal> {
    if !request.is_open() {
        return Err(Refusal::Closed);
    }
    if request.account == Some(by) || act == Act::Choose(by) {
        return Err(Refusal::OwnAccount);
    }
    let mut after = *request;
    match act {
        Act::Choose(account) => {
            if request.account != Some(account) {
                after.account = Some(account);
                after.is_answered = false;
                after.second = Second::NotAsked;
            }
        }
        Act::Reached => after.stage = Stage::Reached,
        Act::NotReached => {
            after.missed = request.missed.saturating_add(1);
            after.is_answered = false;
            if request.second.purpose() == Some(Purpose::Approval) {
                after.second = Second::NotAsked;
            }
            after.stage = match after.missed {
                ..CALLS => Stage::FirstAttempt,
                _ => Stage::Returned(Why::Unreached),
            };
        }
        Act::Answer { matches } => {
            let subject = on_the_phone(request, subject)?;
            if !subject.has_question {
                return Err(Refusal::NoQuestion);
            }
            if request.is_answered {
                return Err(Refusal::AlreadyAnswered);
            }
            if matches {
                after.is_answered = true;
            } else {
                after.wrong = request.wrong.saturating_add(1);
                if after.tries_left() == 0 {
                    after.stage = Stage::Returned(Why::NotValidated);
                }
            }
        }
        Act::Ask(purpose) => {
            subject.ok_or(Refusal::NoAccount)?;
            if request.second != Second::NotAsked {
                return Err(Refusal::AlreadyAsked);
            }
            match (purpose, request.is_answered) {
                (Purpose::Approval, false) => return Err(Refusal::NotValidated),
                (Purpose::Identity, true) => return Err(Refusal::AlreadyAnswered),
                (Purpose::Approval, true) | (Purpose::Identity, false) => {}
            }
            after.second = Second::Asked { purpose, by };
        }
        Act::Agree => {
            let (purpose, asked_by) = asked_by_another(request, by)?;
            after.second = Second::Agreed {
                purpose,
                asked_by,
                by,
            };
        }
        Act::Decline => {
            asked_by_another(request, by)?;
            after.second = Second::NotAsked;
        }
        Act::Reset => {
            may_reset(request, by, subject)?;
            after.stage = Stage::Done;
        }
        Act::Withdraw => after.stage = Stage::Returned(Why::Withdrawn),
    }
    Ok(after)
}

/// Whether this clerk may reset the password now, and if not, what is missing first.
pub fn may_reset<P: Copy + Eq>(request: &Request<P>, by: P, subject: Option<Subject>) -> Result<(), Refusal> {
    if !request.is_open() {
        return Err(Refusal::Closed);
    }
    if request.account == Some(by) {
        return Err(Refusal::OwnAccount);
    }
    let subject = on_the_phone(request, subject)?;
    let agreed = match request.second {
        Second::Agreed { by: second, .. } if second == by => return Err(Refusal::SamePerson),
        Second::Agreed { purpose, .. } => Some(purpose),
        Second::NotAsked | Second::Asked { .. } => None,
    };
    if !request.is_answered && agreed != Some(Purpose::Identity) {
        return Err(Refusal::NotValidated);
    }
    if subject.is_privileged && agreed.is_none() {
        return Err(Refusal::NeedsSecond);
    }
    Ok(())
}

fn on_the_phone<P>(request: &Request<P>, subject: Option<Subject>) -> Result<Subject, Refusal> {
    let subject = subject.ok_or(Refusal::NoAccount)?;
    match request.stage {
        Stage::Reached => Ok(subject),
        _ => Err(Refusal::NotOnThePhone),
    }
}

fn asked_by_another<P: Copy + Eq>(request: &Request<P>, by: P) -> Result<(Purpose, P), Refusal> {
    match request.second {
        Second::Asked { by: asked_by, .. } if asked_by == by => Err(Refusal::SamePerson),
        Second::Asked { purpose, by } => Ok((purpose, by)),
        Second::NotAsked | Second::Agreed { .. } => Err(Refusal::NothingAsked),
    }
}

#[cfg(test)]
mod tests;
