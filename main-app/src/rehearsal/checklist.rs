//! The checklist of a rehearsal: what was seen, in the order in which it was seen, ticks the steps. Pure. What is seen comes
//! from [`super::witness`] (the sandbox's own main application) and from the app in the frame.

use protocol::Shown;

use super::step::{
    CHANGED, INSTALLED, RESET, SENT, SIGNED_IN_OFFLINE, SIGNED_IN_ONLINE, SIGNED_IN_TEMP, Step, WAITS,
};

/// Offline, from this failure on the app shows the way to a new password.
const FAILURES: u32 = 3;

/// What the main application of the sandbox did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It answered a sign-in with a "no".
    Refused(No),
    /// It let the sandbox user in from the tablet.
    SignedIn,
    Reset,
    PasswordChanged,
    DocumentStored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    BadPassword,
    Locked,
    /// The login is not known, or has no active access.
    Unknown,
}

/// What was seen for a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    Open,
    Ticked,
    /// What was to be seen was not, but this was.
    Differs(String),
}

#[derive(Clone, Debug, Default)]
pub struct Checklist {
    marks: [Mark; Step::ALL.len()],
    facts: Facts,
}

/// What decides which step something is.
#[derive(Clone, Debug, Default)]
struct Facts {
    /// A temp password was given out and not changed yet.
    temp: bool,
    /// How often a new password was chosen.
    changes: u32,
    locked: bool,
    /// The network's switch.
    is_on: bool,
    /// Documents that wait on the tablet.
    waiting: u32,
    /// Refusals of the main application that the frame has not shown yet.
    refused: Vec<No>,
    /// A sign-in that the frame has not shown yet.
    signed_in: bool,
}

impl Checklist {
    pub fn mark(&self, step: Step) -> &Mark {
        // `Step::ALL` has every step in the order of the enum: a test sees to it.
        self.marks.get(step as usize).unwrap_or(&Mark::Open)
    }

    pub fn is_ticked(&self, step: Step) -> bool {
        *self.mark(step) == Mark::Ticked
    }

    /// The step to do now; `None` when all is done.
    pub fn next(&self) -> Option<Step> {
        Step::ALL.into_iter().find(|step| !self.is_ticked(*step))
    }

    pub fn ticked(&self) -> usize {
        Step::ALL.iter().filter(|step| self.is_ticked(**step)).count()
    }

    pub fn must_change(&self) -> bool {
        self.facts.temp
    }

    pub fn changes(&self) -> u32 {
        self.facts.changes
    }

    /// Something that the main application of the sandbox did.
    pub fn act(&mut self, act: Act) {
        let second = self.facts.changes > 0;
        match act {
            Act::Refused(no) => {
                self.facts.locked |= no == No::Locked;
                self.facts.refused.push(no);
            }
            Act::SignedIn => self.facts.signed_in = true,
            Act::Reset => {
                self.facts.temp = true;
                self.facts.locked = false;
                self.see(if second { Step::ResetB } else { Step::ResetA }, RESET);
            }
            Act::PasswordChanged => {
                self.facts.temp = false;
                self.facts.changes += 1;
                self.see(if second { Step::ChangedB } else { Step::ChangedA }, CHANGED);
            }
            Act::DocumentStored => {
                if self.facts.changes > 1 && self.is_ticked(Step::Waiting) {
                    self.see(Step::Sent, SENT);
                }
            }
        }
    }

    /// The network was switched on or off.
    pub fn network(&mut self, is_on: bool) {
        self.facts.is_on = is_on;
        self.see_what_waits();
    }

    fn see_what_waits(&mut self) {
        let Facts {
            is_on,
            waiting,
            changes,
            ..
        } = self.facts;
        if waiting > 0 && !is_on && changes > 0 {
            self.see(Step::Waiting, WAITS);
        }
    }

    /// Something that the frame showed.
    pub fn show(&mut self, shown: &Shown) {
        match shown {
            Shown::Standing { installed, waiting } => {
                if *installed {
                    self.see(Step::Installed, INSTALLED);
                }
                self.facts.waiting = *waiting;
                self.see_what_waits();
            }
            Shown::Refused {
                message,
                answered: true,
                ..
            } => self.refused(message),
            Shown::Refused {
                message, failures, ..
            } => {
                if self.facts.temp {
                    self.see(Step::TempOffline, message);
                } else if *failures >= FAILURES && self.facts.changes > 0 {
                    self.see(Step::WrongOffline, message);
                }
            }
            Shown::Opened { offline: true, .. } => {
                if self.facts.locked {
                    self.see(Step::OfflineWhileLocked, SIGNED_IN_OFFLINE);
                } else if self.facts.changes > 1 {
                    self.see(Step::NewOffline, SIGNED_IN_OFFLINE);
                }
            }
            Shown::Opened { offline: false, temp } => {
                let by_the_main_application = std::mem::take(&mut self.facts.signed_in);
                self.facts.refused.clear();
                if !by_the_main_application {
                    return;
                }
                match (temp, self.facts.changes) {
                    (true, _) => self.see(Step::TempOnline, SIGNED_IN_TEMP),
                    (false, 0) => self.see(Step::OwnPassword, SIGNED_IN_ONLINE),
                    (false, 1) => self.see(Step::NewPasswordA, SIGNED_IN_ONLINE),
                    (false, _) => self.see(Step::NewPasswordB, SIGNED_IN_ONLINE),
                }
            }
        }
    }

    /// The frame shows a refusal of the main application: of those that are not shown yet, the one that the message fits,
    /// else the last.
    fn refused(&mut self, message: &str) {
        let refused = std::mem::take(&mut self.facts.refused);
        let steps: Vec<Step> = refused.into_iter().map(|no| self.step_of(no)).collect();
        let fits = steps.iter().rev().find(|step| step.expected() == message);
        if let Some(step) = fits.or(steps.last()) {
            self.see(*step, message);
        }
    }

    fn step_of(&self, no: No) -> Step {
        match no {
            No::BadPassword => Step::WrongPassword,
            No::Unknown => Step::UnknownLogin,
            No::Locked if self.is_ticked(Step::ThirdWrong) => Step::RightWhileLocked,
            No::Locked => Step::ThirdWrong,
        }
    }

    /// Letter for letter. What was ticked once stays ticked.
    fn see(&mut self, step: Step, seen: &str) {
        if let Some(mark) = self.marks.get_mut(step as usize)
            && *mark != Mark::Ticked
        {
            *mark = if seen == step.expected() {
                Mark::Ticked
            } else {
                Mark::Differs(seen.to_owned())
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::{CRITICAL, INCORRECT, LOCKED};

    fn refused(message: &str) -> Shown {
        Shown::Refused {
            message: message.into(),
            answered: true,
            failures: 0,
        }
    }

    fn refused_offline(failures: u32) -> Shown {
        Shown::Refused {
            message: INCORRECT.into(),
            answered: false,
            failures,
        }
    }

    const fn opened(offline: bool, temp: bool) -> Shown {
        Shown::Opened { offline, temp }
    }

    fn standing(waiting: u32) -> Shown {
        Shown::Standing {
            installed: true,
            waiting,
        }
    }

    /// What the main application does, what the frame shows with the network on or off, and the step that it ticks.
    type Moment = (Vec<Act>, Option<(Shown, bool)>, Option<Step>);

    /// The whole, as a clerk does it.
    #[test]
    fn a_rehearsal_from_its_first_step_to_its_last() {
        use Act::{DocumentStored, PasswordChanged, Refused, Reset, SignedIn};
        let online = true;
        let script: Vec<Moment> = vec![
            (vec![], Some((standing(0), online)), Some(Step::Installed)),
            (
                vec![SignedIn],
                Some((opened(false, false), online)),
                Some(Step::OwnPassword),
            ),
            (
                vec![Refused(No::Unknown)],
                Some((refused(CRITICAL), online)),
                Some(Step::UnknownLogin),
            ),
            (
                vec![Refused(No::BadPassword)],
                Some((refused(INCORRECT), online)),
                Some(Step::WrongPassword),
            ),
            (
                vec![Refused(No::BadPassword)],
                Some((refused(INCORRECT), online)),
                None,
            ),
            (
                vec![Refused(No::Locked)],
                Some((refused(LOCKED), online)),
                Some(Step::ThirdWrong),
            ),
            (
                vec![Refused(No::Locked)],
                Some((refused(LOCKED), online)),
                Some(Step::RightWhileLocked),
            ),
            (
                vec![],
                Some((opened(true, false), false)),
                Some(Step::OfflineWhileLocked),
            ),
            (vec![Reset], None, Some(Step::ResetA)),
            (
                vec![SignedIn],
                Some((opened(false, true), online)),
                Some(Step::TempOnline),
            ),
            (vec![], Some((refused_offline(1), false)), Some(Step::TempOffline)),
            (vec![PasswordChanged], None, Some(Step::ChangedA)),
            (
                vec![SignedIn],
                Some((opened(false, false), online)),
                Some(Step::NewPasswordA),
            ),
            (vec![], Some((standing(1), online)), None),
            (vec![], Some((standing(1), false)), Some(Step::Waiting)),
            (vec![], Some((refused_offline(1), false)), None),
            (vec![], Some((refused_offline(2), false)), None),
            (
                vec![],
                Some((refused_offline(3), false)),
                Some(Step::WrongOffline),
            ),
            (vec![Reset], None, Some(Step::ResetB)),
            (vec![PasswordChanged], None, Some(Step::ChangedB)),
            (
                vec![SignedIn],
                Some((opened(false, false), online)),
                Some(Step::NewPasswordB),
            ),
            (vec![DocumentStored], None, Some(Step::Sent)),
            (vec![], Some((opened(true, false), false)), Some(Step::NewOffline)),
        ];
        let mut list = Checklist::default();
        for (acts, shown, ticks) in script {
            let before = list.ticked();
            assert!(ticks.is_none_or(|step| list.next() == Some(step)), "{ticks:?}");
            acts.into_iter().for_each(|act| list.act(act));
            if let Some((shown, is_on)) = shown {
                list.network(is_on);
                list.show(&shown);
            }
            assert!(ticks.is_none_or(|step| list.is_ticked(step)), "{ticks:?}");
            assert_eq!(list.ticked(), before + usize::from(ticks.is_some()), "{ticks:?}");
        }
        assert_eq!(list.next(), None);
    }

    #[test]
    fn a_message_that_is_not_the_one_letter_for_letter_ticks_nothing_and_is_shown() {
        let mut list = Checklist::default();
        list.act(Act::Refused(No::BadPassword));
        list.show(&refused("Username or password is incorrect."));
        let differs = Mark::Differs("Username or password is incorrect.".into());
        assert_eq!(*list.mark(Step::WrongPassword), differs);
        list.act(Act::Refused(No::BadPassword));
        list.show(&refused(INCORRECT));
        assert!(list.is_ticked(Step::WrongPassword), "the next one may be right");
        list.act(Act::Refused(No::BadPassword));
        list.show(&refused("nonsense"));
        assert!(list.is_ticked(Step::WrongPassword), "what was seen has been seen");
    }

    #[test]
    fn the_frame_alone_ticks_nothing_that_the_main_application_has_to_have_done() {
        let mut list = Checklist::default();
        for message in [INCORRECT, LOCKED, CRITICAL] {
            list.show(&refused(message));
        }
        list.show(&opened(false, false));
        list.show(&opened(false, true));
        assert_eq!(list.ticked(), 0);
    }

    #[test]
    fn steps_are_ticked_in_whatever_order_they_are_done() {
        let mut list = Checklist::default();
        list.act(Act::Reset);
        assert!(list.is_ticked(Step::ResetA));
        list.act(Act::PasswordChanged);
        list.act(Act::SignedIn);
        list.show(&opened(false, false));
        assert!(list.is_ticked(Step::NewPasswordA));
        assert_eq!(list.next(), Some(Step::Installed));
    }

    #[test]
    fn every_step_stands_in_its_place() {
        for (place, step) in Step::ALL.into_iter().enumerate() {
            assert_eq!(step as usize, place);
        }
    }
}
