//! What to do about a save that failed, in words for the user.

use replica::{SaveFault, StoreFault};

use crate::language::{told, tr};

/// What to do about a save that failed. What was typed is in the form still.
pub fn advice(fault: &SaveFault) -> String {
    match fault {
        SaveFault::Store(StoreFault::Full) => {
            tr!("The storage of this tablet is full. Free some space and keep this page open: it is saved as soon as there is room.").to_owned()
        }
        SaveFault::Store(StoreFault::Outdated) => {
            tr!("Mobile Assessments was updated in another tab, and this page can store nothing more. Note your last answers, then reload this page.").to_owned()
        }
        SaveFault::Store(_) | SaveFault::Seal(_) => {
            tr!("The reason: {reason}. Keep this page open; saving is tried again by itself.", reason = told(fault))
        }
        SaveFault::Conflict => {
            tr!("This assessment was changed in another tab. Look at both in the caseload before you go on.").to_owned()
        }
        SaveFault::Locked => tr!("You are signed out. Sign in again to go on.").to_owned(),
        SaveFault::Complete | SaveFault::NotAuthor | SaveFault::FormReplaced | SaveFault::NotTurned(_) => tr!("The reason: {reason}.", reason = told(fault)),
        SaveFault::History(_) => {
            tr!("The history of this assessment was changed. Make a copy of it, go on with that, and tell the helpdesk.").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_save_says_what_to_do() {
        for (fault, words) in [
            (SaveFault::Store(StoreFault::Full), "Free some space"),
            (
                SaveFault::Store(StoreFault::Broken("x".into())),
                "tried again by itself",
            ),
            (SaveFault::Store(StoreFault::Outdated), "reload this page"),
            (SaveFault::Conflict, "Look at both"),
            (SaveFault::Locked, "Sign in again"),
        ] {
            assert!(advice(&fault).contains(words), "{fault:?}: {}", advice(&fault));
        }
    }
}
