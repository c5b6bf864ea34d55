//! What the check says. Pure: a time comes in as text.

use protocol::Timestamp;
use replica::{AppFiles, Grade, Offline, Part, Readiness, Seen};

use crate::components::Tone;
use crate::language::{say, tr};
use crate::pages::words::storage;

pub fn title(part: Part) -> &'static str {
    match part {
        Part::OfflineSignIn => tr!("Offline sign-in"),
        Part::Clients => tr!("Clients"),
        Part::Forms => tr!("Forms"),
        Part::Assessments => tr!("Assessments"),
        Part::App => tr!("The app itself"),
        Part::Storage => tr!("Storage"),
        Part::Space => tr!("Space"),
    }
}

pub fn grade(grade: Grade) -> (&'static str, Tone) {
    match grade {
        Grade::Good => (tr!("Good"), Tone::Good),
        Grade::Advice => (tr!("Could be safer"), Tone::Info),
        Grade::Missing => (tr!("Missing"), Tone::Attention),
    }
}

/// The verdict, and what to do about the rest.
pub fn verdict(missing: usize, advice: usize) -> (&'static str, String) {
    match (missing, advice) {
        (0, 0) => (tr!("Ready for the field."), String::new()),
        (0, advice) => (
            tr!("Ready for the field."),
            tr!("One thing could be safer." | "{n} things could be safer." % advice),
        ),
        (missing, _) => (
            tr!("Not ready yet."),
            tr!("One thing is missing." | "{n} things are missing." % missing),
        ),
    }
}

/// What was found, and what to do.
pub fn finding(part: Part, seen: &Seen, when: impl Fn(Timestamp) -> String) -> String {
    match part {
        Part::OfflineSignIn => offline(seen.offline).to_owned(),
        Part::Clients => match (seen.clients, seen.as_of) {
            (Some(clients), Some(as_of)) => {
                let list = tr!("1 client, as of {when}." | "{n} clients, as of {when}." % clients, when = when(as_of));
                match replica::grade(part, seen) {
                    Grade::Good => list,
                    _ => tr!("{list} Choose \"Send now\" with a network, so that nobody is missing.", list),
                }
            }
            (Some(_), None) => {
                tr!("They have not been fetched yet. Choose \"Send now\" with a network, then check again.").into()
            }
            (None, _) => tr!(
                "Their list does not open. Choose \"Send now\" with a network: that fetches it anew. Then check again."
            )
            .into(),
        },
        Part::Forms => match (seen.forms, seen.broken_forms.as_slice()) {
            (0, _) => tr!("None has been fetched yet. Choose \"Send now\" with a network, then check again.").into(),
            (forms, []) => tr!("1 form, each opened." | "{n} forms, each opened." % forms),
            (_, broken) => tr!(
                "Cannot be opened: {forms}. Choose \"Send now\" with a network: that fetches it anew. Then check again, and tell \
                 the helpdesk if it stays.",
                forms = broken.join(", ")
            ),
        },
        Part::Assessments => match (seen.documents, seen.damaged) {
            (0, 0) => tr!("None lies here yet.").into(),
            (documents, 0) => {
                tr!("1 assessment, each opened." | "{n} assessments, each opened." % documents)
            },
            (_, damaged) => tr!(
                "1 assessment cannot be read. Nothing is thrown away: the outbox names what to tell the helpdesk."
                    | "{n} assessments cannot be read. Nothing is thrown away: the outbox names what to tell the helpdesk."
                    % damaged
            ),
        },
        Part::App => match seen.app {
            AppFiles::Whole => tr!("Whole on this tablet: it starts without a network.").into(),
            AppFiles::Missing(files) => tr!(
                "1 file of it could not be fetched. Connect to a network and check again."
                    | "{n} files of it could not be fetched. Connect to a network and check again." % files
            ),
            AppFiles::NotKept => tr!(
                "This browser does not hold it for use without a network. Leave private browsing, close the app, open it \
                 again with a network, and check again."
            )
            .into(),
        },
        Part::Storage => storage(seen.kept).to_owned(),
        Part::Space => match seen.free {
            Some(free) if replica::grade(part, seen) != Grade::Good => {
                tr!("{megabytes} MB are left. Free some space on this tablet.", megabytes = free / 1_000_000)
            }
            Some(_) => tr!("Enough is left.").into(),
            None => tr!("This browser does not say how much is left.").into(),
        },
    }
}

fn offline(offline: Offline) -> &'static str {
    match offline {
        Offline::Opens => tr!("Your password opens this tablet without a network."),
        Offline::TempPassword => tr!(
            "Not ready: you signed in with a temp password, and that never opens this tablet without a network. Choose your \
             own in the main application, then sign in here with it, once with a network."
        ),
        Offline::NotEnoughMemory => tr!(
            "Not ready: this tablet has too little free memory to check a password by itself. Close other apps, then sign \
             out and sign in again."
        ),
        Offline::Trouble(trouble) => say(trouble.text()),
    }
}

/// For the head of the page.
pub fn last_check(note: Option<Readiness>, at: impl Fn(Timestamp) -> String) -> String {
    match note {
        None => tr!("Not checked yet on this tablet.").to_owned(),
        note => offer(note, false, at),
    }
}

/// For the caseload: how things stand, and why to check.
pub fn offer(note: Option<Readiness>, temp: bool, at: impl Fn(Timestamp) -> String) -> String {
    match note {
        _ if temp => tr!("Offline sign-in is not ready: you signed in with a temp password.").to_owned(),
        None => tr!("Not checked yet. Try the offline sign-in before you leave.").to_owned(),
        Some(Readiness {
            at: when,
            ready,
            fresh,
        }) => match (ready, fresh) {
            (true, true) => tr!("Ready, checked {when}.", when = at(when)),
            (true, false) => tr!(
                "Last checked {when}. Check again before you leave.",
                when = at(when)
            ),
            (false, _) => tr!(
                "Something was missing {when}. Check again before you leave.",
                when = at(when)
            ),
        },
    }
}

pub fn badge(note: Option<Readiness>, temp: bool) -> Option<(&'static str, Tone)> {
    match note {
        _ if temp => Some((tr!("Not ready"), Tone::Attention)),
        Some(Readiness {
            ready: true,
            fresh: true,
            ..
        }) => Some((tr!("Ready"), Tone::Good)),
        Some(Readiness { ready: false, .. }) => Some((tr!("Not ready"), Tone::Attention)),
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
