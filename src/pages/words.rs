//! States and times in the words that several pages share. Pure: a time comes in as text.

use protocol::{FormRef, Status};
use replica::Delivery;

use crate::components::Tone;
use crate::language::{self, tr};

/// From this failed attempt on the way to a new password is shown.
pub const OFFER_RESET_FROM: u32 = 3;

pub fn status(status: Status) -> (&'static str, Tone) {
    match status {
        Status::Draft => (tr!("Draft"), Tone::Neutral),
        Status::Pending => (tr!("Pending"), Tone::Info),
        Status::Complete => (tr!("Complete"), Tone::Good),
    }
}

/// What a form is called in the language that is spoken, as far as the form says.
pub fn form_title(form: &FormRef) -> String {
    form.title_in(language::current().tag()).to_owned()
}

/// Where an assessment stands, in one line.
pub fn standing(delivery: &Delivery, changed: &str, sent: impl Fn(protocol::Timestamp) -> String) -> String {
    match delivery {
        Delivery::Waiting => tr!("Saved {changed} · waiting to be sent", changed),
        Delivery::Sent { at } => tr!("Saved {changed} · sent {sent}", changed, sent = sent(*at)),
        Delivery::Refused { message, .. } => {
            tr!("Saved {changed} · not accepted: {message}", changed, message)
        }
    }
}

pub fn clients(count: usize) -> String {
    tr!("1 client" | "{n} clients" % count)
}

/// What the browser has promised about what is stored; `None` where it does not say.
pub fn storage(kept: Option<bool>) -> &'static str {
    match kept {
        Some(true) => tr!("Kept: the browser has promised not to clear it by itself."),
        Some(false) => {
            tr!(
                "Not promised: the browser may clear it when space runs out. Send your work often, and keep the app installed."
            )
        }
        None => tr!("This browser does not say whether it keeps what is stored."),
    }
}

/// The link that calls a number; an extension is left to be typed.
pub fn tel(phone: &str) -> String {
    let number = phone.split(['x', 'X', 'e', 'E', '#']).next().unwrap_or_default();
    let dialled: String = number
        .chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '+')
        .collect();
    format!("tel:{dialled}")
}

/// When the next assessment is due, and whether that has passed.
pub fn due(days: Option<i64>, date: &str) -> (String, Tone) {
    match days {
        Some(..=-1) => (tr!("Was due {date}", date), Tone::Attention),
        Some(0) => (tr!("Due today").to_owned(), Tone::Info),
        Some(1) => (tr!("Due tomorrow").to_owned(), Tone::Info),
        _ => (tr!("Due {date}", date), Tone::Neutral),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Timestamp;

    #[test]
    fn an_assessment_says_what_has_become_of_it() {
        let sent = |_: Timestamp| "today 14:05".to_owned();
        let refused = Delivery::Refused {
            code: "c".into(),
            message: "Ask your supervisor.".into(),
        };
        for (delivery, words) in [
            (Delivery::Waiting, "Saved today 14:02 · waiting to be sent"),
            (
                Delivery::Sent { at: Timestamp(1) },
                "Saved today 14:02 · sent today 14:05",
            ),
            (refused, "Saved today 14:02 · not accepted: Ask your supervisor."),
        ] {
            assert_eq!(standing(&delivery, "today 14:02", sent), words);
        }
    }

    #[test]
    fn a_date_that_has_passed_is_told_without_alarm() {
        for (days, words, tone) in [
            (Some(-3), "Was due 3 Nov 2026", Tone::Attention),
            (Some(0), "Due today", Tone::Info),
            (Some(1), "Due tomorrow", Tone::Info),
            (Some(9), "Due 3 Nov 2026", Tone::Neutral),
            (None, "Due 3 Nov 2026", Tone::Neutral),
        ] {
            assert_eq!(due(days, "3 Nov 2026"), (words.to_owned(), tone));
        }
    }

    #[test]
    fn a_number_can_be_called_however_it_is_written() {
        for (phone, link) in [
            ("555-0101", "tel:5550101"),
            ("+1 (555) 010-0199 ext. 12", "tel:+15550100199"),
            ("555 010 0199 x7", "tel:5550100199"),
        ] {
            assert_eq!(tel(phone), link);
        }
    }

    #[test]
    fn one_is_one() {
        assert_eq!(clients(1), "1 client");
        assert_eq!(clients(0), "0 clients");
        assert_eq!(clients(6), "6 clients");
    }
}
