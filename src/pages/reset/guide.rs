//! Where the user is on the way to a new password. Pure, but for the two functions that keep it on the tablet.

use gloo_storage::{LocalStorage, Storage as _};
use serde::{Deserialize, Serialize};

use super::request::Request;
use crate::browser::kept;
use crate::mark::Reach;

const KEPT_AS: &str = "reset-guide";
const KEPT_FOR_MS: f64 = 7.0 * 24.0 * 3_600_000.0;

/// Two ways lead to a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// With a network: the temp password opens Mobile Assessments, and the main application asks for a new one later.
    Online,
    /// In the field: a new password is chosen in the main application first.
    Offline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Request,
    Call,
    Connect,
    ChangeInMain,
    SignInHere,
}

/// What is remembered between visits. No password is ever part of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    pub request: Request,
    /// Chosen by hand, or by what was so when the request was written.
    pub case: Option<Case>,
    /// When the e-mail was opened or copied, in milliseconds.
    pub written_at: Option<i64>,
    pub has_temp_password: bool,
    pub opened_main: bool,
    changed_at: f64,
}

impl Case {
    pub const fn steps(self) -> &'static [Step] {
        match self {
            Self::Online => &[Step::Request, Step::Call, Step::SignInHere, Step::ChangeInMain],
            Self::Offline => &[
                Step::Request,
                Step::Call,
                Step::Connect,
                Step::ChangeInMain,
                Step::SignInHere,
            ],
        }
    }
}

impl Guide {
    /// The way that stands on the page: what was chosen, else what the network says.
    pub fn case(&self, reach: Reach) -> Case {
        self.case.unwrap_or(match reach {
            Reach::Online => Case::Online,
            Reach::Unknown | Reach::Offline => Case::Offline,
        })
    }

    /// The step to take now, as far as it can be known.
    pub fn step(&self, reach: Reach) -> Step {
        if self.written_at.is_none() && !self.has_temp_password {
            return Step::Request;
        }
        if !self.has_temp_password {
            return Step::Call;
        }
        match self.case(reach) {
            Case::Online => Step::SignInHere,
            Case::Offline if self.opened_main => Step::SignInHere,
            Case::Offline if reach != Reach::Online => Step::Connect,
            Case::Offline => Step::ChangeInMain,
        }
    }

    /// The e-mail was opened or copied. The way is settled from here on, so that a network that comes does not change it.
    pub fn written(&mut self, at: i64, reach: Reach) {
        self.written_at = Some(at);
        self.case = Some(self.case(reach));
    }

    fn is_kept(&self, now: f64) -> bool {
        (0.0..KEPT_FOR_MS).contains(&(now - self.changed_at))
    }
}

/// What is kept on this tablet; what is older than a week is erased.
pub fn load(now: f64) -> Guide {
    match kept::get::<Guide>(&LocalStorage::raw(), KEPT_AS) {
        Some(guide) if guide.is_kept(now) => guide,
        _ => {
            forget();
            Guide::default()
        }
    }
}

pub fn keep(guide: &Guide, now: f64) {
    let guide = Guide {
        changed_at: now,
        ..guide.clone()
    };
    // A browser that keeps nothing costs the user the typing, and nothing else.
    drop(LocalStorage::set(KEPT_AS, guide));
}

/// The guide has ended.
pub fn forget() {
    LocalStorage::delete(KEPT_AS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_chooses_the_way_until_the_request_is_written() {
        let mut guide = Guide::default();
        assert_eq!(guide.case(Reach::Online), Case::Online);
        assert_eq!(guide.case(Reach::Offline), Case::Offline);
        guide.written(1, Reach::Offline);
        assert_eq!(
            guide.case(Reach::Online),
            Case::Offline,
            "a network that comes does not change the way"
        );
    }

    #[test]
    fn a_hand_that_chooses_is_obeyed() {
        let guide = Guide {
            case: Some(Case::Online),
            ..Guide::default()
        };
        assert_eq!(guide.case(Reach::Offline), Case::Online);
    }

    #[test]
    fn with_a_network_the_temp_password_opens_mobile_assessments() {
        let mut guide = Guide::default();
        assert_eq!(guide.step(Reach::Online), Step::Request);
        guide.written(1, Reach::Online);
        assert_eq!(guide.step(Reach::Online), Step::Call);
        guide.has_temp_password = true;
        assert_eq!(guide.step(Reach::Online), Step::SignInHere);
    }

    #[test]
    fn in_the_field_the_new_password_is_chosen_in_the_main_application_first() {
        let mut guide = Guide::default();
        guide.written(1, Reach::Offline);
        guide.has_temp_password = true;
        assert_eq!(guide.step(Reach::Offline), Step::Connect);
        assert_eq!(guide.step(Reach::Unknown), Step::Connect);
        assert_eq!(guide.step(Reach::Online), Step::ChangeInMain);
        guide.opened_main = true;
        assert_eq!(guide.step(Reach::Online), Step::SignInHere);
    }

    #[test]
    fn whoever_called_instead_of_writing_is_not_sent_back() {
        let guide = Guide {
            has_temp_password: true,
            ..Guide::default()
        };
        assert_eq!(guide.step(Reach::Online), Step::SignInHere);
    }

    #[test]
    fn every_step_that_can_be_taken_stands_on_the_page() {
        for case in [Case::Online, Case::Offline] {
            for reach in [Reach::Unknown, Reach::Online, Reach::Offline] {
                for (written, temp, opened) in [
                    (false, false, false),
                    (true, false, false),
                    (true, true, false),
                    (true, true, true),
                ] {
                    let guide = Guide {
                        case: Some(case),
                        written_at: written.then_some(1),
                        has_temp_password: temp,
                        opened_main: opened,
                        ..Guide::default()
                    };
                    assert!(case.steps().contains(&guide.step(reach)), "{guide:?} {reach:?}");
                }
            }
        }
    }

    #[test]
    fn what_was_typed_is_kept_for_a_week() {
        let guide = Guide {
            changed_at: 1_000.0,
            ..Guide::default()
        };
        assert!(guide.is_kept(1_000.0));
        assert!(guide.is_kept(KEPT_FOR_MS));
        assert!(!guide.is_kept(1_000.0 + KEPT_FOR_MS));
        assert!(
            !guide.is_kept(0.0),
            "a clock that was set back erases rather than keeps for ever"
        );
    }
}
