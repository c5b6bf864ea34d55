//! What the check says. Pure: a time comes in as text.

use protocol::Timestamp;
use replica::{AppFiles, Grade, Offline, Part, Readiness, Seen};

use crate::components::Tone;
use crate::pages::words::{count, storage};

pub const fn title(part: Part) -> &'static str {
    match part {
        Part::OfflineSignIn => "Offline sign-in",
        Part::Clients => "Clients",
        Part::Forms => "Forms",
        Part::Assessments => "Assessments",
        Part::App => "The app itself",
        Part::Storage => "Storage",
        Part::Space => "Space",
    }
}

pub const fn grade(grade: Grade) -> (&'static str, Tone) {
    match grade {
        Grade::Good => ("Good", Tone::Good),
        Grade::Advice => ("Could be safer", Tone::Info),
        Grade::Missing => ("Missing", Tone::Attention),
    }
}

/// The verdict, and what to do about the rest.
pub fn verdict(missing: usize, advice: usize) -> (&'static str, String) {
    match (missing, advice) {
        (0, 0) => ("Ready for the field.", String::new()),
        (0, 1) => ("Ready for the field.", "One thing could be safer.".into()),
        (0, advice) => ("Ready for the field.", format!("{advice} things could be safer.")),
        (1, _) => ("Not ready yet.", "One thing is missing.".into()),
        (missing, _) => ("Not ready yet.", format!("{missing} things are missing.")),
    }
}

/// What was found, and what to do.
pub fn finding(part: Part, seen: &Seen, when: impl Fn(Timestamp) -> String) -> String {
    match part {
        Part::OfflineSignIn => offline(seen.offline).to_owned(),
        Part::Clients => match (seen.clients, seen.as_of) {
            (Some(clients), Some(as_of)) => {
                let list = format!("{}, as of {}.", count(clients, "client"), when(as_of));
                match replica::grade(part, seen) {
                    Grade::Good => list,
                    _ => format!("{list} Choose \"Send now\" with a network, so that nobody is missing."),
                }
            }
            (Some(_), None) => "They have not been fetched yet. Choose \"Send now\" with a network, then check again.".into(),
            (None, _) => "Their list does not open. Choose \"Send now\" with a network: that fetches it anew. Then check \
                          again."
                .into(),
        },
        Part::Forms => match (seen.forms, seen.broken_forms.as_slice()) {
            (0, _) => "None has been fetched yet. Choose \"Send now\" with a network, then check again.".into(),
            (forms, []) => format!("{}, each opened.", count(forms, "form")),
            (_, broken) => format!(
                "Cannot be opened: {}. Choose \"Send now\" with a network: that fetches it anew. Then check again, and tell \
                 the helpdesk if it stays.",
                broken.join(", ")
            ),
        },
        Part::Assessments => match (seen.documents, seen.damaged) {
            (0, 0) => "None lies here yet.".into(),
            (documents, 0) => format!("{}, each opened.", count(documents, "assessment")),
            (_, damaged) => format!(
                "{} cannot be read. Nothing is thrown away: the outbox names what to tell the helpdesk.",
                count(damaged, "assessment")
            ),
        },
        Part::App => match seen.app {
            AppFiles::Whole => "Whole on this tablet: it starts without a network.".into(),
            AppFiles::Missing(files) => format!(
                "{} of it could not be fetched. Connect to a network and check again.",
                count(files as usize, "file")
            ),
            AppFiles::NotKept => "This browser does not hold it for use without a network. Leave private browsing, close the \
                                  app, open it again with a network, and check again."
                .into(),
        },
        Part::Storage => storage(seen.kept).to_owned(),
        Part::Space => match seen.free {
            Some(free) if replica::grade(part, seen) != Grade::Good => {
                format!("{} MB are left. Free some space on this tablet.", free / 1_000_000)
            }
            Some(_) => "Enough is left.".into(),
            None => "This browser does not say how much is left.".into(),
        },
    }
}

const fn offline(offline: Offline) -> &'static str {
    match offline {
        Offline::Opens => "Your password opens this tablet without a network.",
        Offline::TempPassword => {
            "Not ready: you signed in with a temp password, and that never opens this tablet without a network. Choose your \
             own in the main application, then sign in here with it, once with a network."
        }
        Offline::NotEnoughMemory => {
            "Not ready: this tablet has too little free memory to check a password by itself. Close other apps, then sign \
             out and sign in again."
        }
        Offline::Trouble(trouble) => trouble.text(),
    }
}

/// For the head of the page.
pub fn last_check(note: Option<Readiness>, at: impl Fn(Timestamp) -> String) -> String {
    match note {
        None => "Not checked yet on this tablet.".to_owned(),
        note => offer(note, false, at),
    }
}

/// For the caseload: how things stand, and why to check.
pub fn offer(note: Option<Readiness>, temp: bool, at: impl Fn(Timestamp) -> String) -> String {
    match note {
        _ if temp => "Offline sign-in is not ready: you signed in with a temp password.".to_owned(),
        None => "Not checked yet. Try the offline sign-in before you leave.".to_owned(),
        Some(Readiness {
            at: when,
            ready,
            fresh,
        }) => match (ready, fresh) {
            (true, true) => format!("Ready, checked {}.", at(when)),
            (true, false) => format!("Last checked {}. Check again before you leave.", at(when)),
            (false, _) => format!(
                "Something was missing {}. Check again before you leave.",
                at(when)
            ),
        },
    }
}

pub fn badge(note: Option<Readiness>, temp: bool) -> Option<(&'static str, Tone)> {
    match note {
        _ if temp => Some(("Not ready", Tone::Attention)),
        Some(Readiness {
            ready: true,
            fresh: true,
            ..
        }) => Some(("Ready", Tone::Good)),
        Some(Readiness { ready: false, .. }) => Some(("Not ready", Tone::Attention)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_counts_what_is_missing() {
        for (missing, advice, words) in [
            (0, 0, "Ready for the field. "),
            (0, 1, "Ready for the field. One thing could be safer."),
            (0, 2, "Ready for the field. 2 things could be safer."),
            (1, 2, "Not ready yet. One thing is missing."),
            (3, 0, "Not ready yet. 3 things are missing."),
        ] {
            let (verdict, more) = verdict(missing, advice);
            assert_eq!(format!("{verdict} {more}"), words);
        }
    }

    #[test]
    fn the_caseload_says_when_it_was_checked_and_whether_that_still_holds() {
        let note = |ready, fresh| {
            Some(Readiness {
                at: Timestamp(1),
                ready,
                fresh,
            })
        };
        let at = |_: Timestamp| "today at 07:40".to_owned();
        for (note, temp, words, says) in [
            (
                None,
                false,
                "Not checked yet. Try the offline sign-in before you leave.",
                None,
            ),
            (
                note(true, true),
                false,
                "Ready, checked today at 07:40.",
                Some("Ready"),
            ),
            (
                note(true, false),
                false,
                "Last checked today at 07:40. Check again before you leave.",
                None,
            ),
            (
                note(false, true),
                false,
                "Something was missing today at 07:40. Check again before you leave.",
                Some("Not ready"),
            ),
            (
                note(true, true),
                true,
                "Offline sign-in is not ready: you signed in with a temp password.",
                Some("Not ready"),
            ),
        ] {
            assert_eq!(offer(note, temp, at), words);
            assert_eq!(badge(note, temp).map(|(text, _)| text), says);
        }
    }
}
