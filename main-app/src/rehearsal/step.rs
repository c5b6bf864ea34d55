//! The steps of a rehearsal: every case of the provider bulletin of 1 October 2018, in the order in which a clerk tries
//! them in five minutes. What ticks them is in [`super::checklist`].

use crate::pages::{CRITICAL, INCORRECT, LOCKED};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Installed,
    OwnPassword,
    UnknownLogin,
    WrongPassword,
    ThirdWrong,
    RightWhileLocked,
    OfflineWhileLocked,
    ResetA,
    TempOnline,
    TempOffline,
    ChangedA,
    NewPasswordA,
    Waiting,
    WrongOffline,
    ResetB,
    ChangedB,
    NewPasswordB,
    Sent,
    NewOffline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    SigningIn,
    Lock,
    CaseA,
    CaseB,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::SigningIn, Self::Lock, Self::CaseA, Self::CaseB];

    pub const fn title(self) -> &'static str {
        match self {
            Self::SigningIn => "Signing in with a network",
            Self::Lock => "The lock",
            Self::CaseA => "Case A: the tablet has a network",
            Self::CaseB => "Case B: the tablet has no network",
        }
    }
}

impl Step {
    pub const ALL: [Self; 19] = [
        Self::Installed,
        Self::OwnPassword,
        Self::UnknownLogin,
        Self::WrongPassword,
        Self::ThirdWrong,
        Self::RightWhileLocked,
        Self::OfflineWhileLocked,
        Self::ResetA,
        Self::TempOnline,
        Self::TempOffline,
        Self::ChangedA,
        Self::NewPasswordA,
        Self::Waiting,
        Self::WrongOffline,
        Self::ResetB,
        Self::ChangedB,
        Self::NewPasswordB,
        Self::Sent,
        Self::NewOffline,
    ];

    pub const fn part(self) -> Part {
        match self {
            Self::Installed | Self::OwnPassword | Self::UnknownLogin | Self::WrongPassword => Part::SigningIn,
            Self::ThirdWrong | Self::RightWhileLocked | Self::OfflineWhileLocked => Part::Lock,
            Self::ResetA | Self::TempOnline | Self::TempOffline | Self::ChangedA | Self::NewPasswordA => {
                Part::CaseA
            }
            Self::Waiting
            | Self::WrongOffline
            | Self::ResetB
            | Self::ChangedB
            | Self::NewPasswordB
            | Self::Sent
            | Self::NewOffline => Part::CaseB,
        }
    }

    /// What the clerk does.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Installed => {
                "Open Mobile Assessments once with a network. It installs itself in the frame."
            }
            Self::OwnPassword => "Sign in with the username and the password.",
            Self::UnknownLogin => {
                "Sign out. Sign in with a username that nobody has, such as nobody, and any password."
            }
            Self::WrongPassword => "Sign in with the username and a wrong password.",
            Self::ThirdWrong => "Two more wrong passwords. The third in a row locks the account.",
            Self::RightWhileLocked => "Now the right password. Only a reset unlocks the account.",
            Self::OfflineWhileLocked => {
                "Switch the network off, and sign in with the right password. A lock never takes offline sign-in away."
            }
            Self::ResetA => "Sign out, and switch the network on. As the helpdesk, press “Reset password”.",
            Self::TempOnline => {
                "Sign in to Mobile Assessments with the temp password. Nothing asks to change it, and the work goes on."
            }
            Self::TempOffline => {
                "Sign out, switch the network off, and try the temp password. It never becomes an offline password."
            }
            Self::ChangedA => {
                "Switch the network on. Show the main application, sign in with the temp password, and choose a new one."
            }
            Self::NewPasswordA => "Go back to Mobile Assessments, and sign in with the new password.",
            Self::Waiting => {
                "Switch the network off. Start an assessment of a client, and answer a question: it waits on the tablet."
            }
            Self::WrongOffline => {
                "Sign out. The password is forgotten: try three wrong ones. Nobody is locked out offline."
            }
            Self::ResetB => "As the helpdesk, press “Reset password”.",
            Self::ChangedB => {
                "Switch the network on. Show the main application, sign in with the temp password, and choose a new one."
            }
            Self::NewPasswordB => "Go back to Mobile Assessments, and sign in with the new password.",
            Self::Sent => "Wait until what had waited is sent. Nothing is lost.",
            Self::NewOffline => "Sign out, switch the network off, and sign in with the new password.",
        }
    }

    /// What is to be seen: the message, letter for letter, or the event in words.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Installed => INSTALLED,
            Self::OwnPassword | Self::NewPasswordA | Self::NewPasswordB => SIGNED_IN_ONLINE,
            Self::UnknownLogin => CRITICAL,
            Self::WrongPassword | Self::TempOffline | Self::WrongOffline => INCORRECT,
            Self::ThirdWrong | Self::RightWhileLocked => LOCKED,
            Self::OfflineWhileLocked | Self::NewOffline => SIGNED_IN_OFFLINE,
            Self::ResetA | Self::ResetB => RESET,
            Self::TempOnline => SIGNED_IN_TEMP,
            Self::ChangedA | Self::ChangedB => CHANGED,
            Self::Waiting => WAITS,
            Self::Sent => SENT,
        }
    }
}

pub const INSTALLED: &str = "Installed: it starts without a network.";
pub const SIGNED_IN_ONLINE: &str = "Signed in with a network.";
pub const SIGNED_IN_OFFLINE: &str = "Signed in without a network.";
pub const SIGNED_IN_TEMP: &str = "Signed in with the temp password.";
pub const RESET: &str = "The password was reset.";
pub const CHANGED: &str = "A new password was chosen in the main application.";
pub const WAITS: &str = "An assessment waits to be sent.";
pub const SENT: &str = "The assessment was sent.";
