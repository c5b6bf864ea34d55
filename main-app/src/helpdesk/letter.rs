//! The e-mails that the helpdesk sends, as text to be copied and as a link that opens the mail program.

use protocol::reset_mail::{ResetMail, mailto};

use crate::calendar::iso_date;

/// An e-mail that is ready to be sent.
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl Letter {
    pub fn link(&self) -> String {
        mailto(&self.to, &self.subject, &self.text)
    }

    /// For a text field that is as high as its text.
    pub fn rows(&self) -> usize {
        let lines = |line: &str| 1 + line.chars().count() / 60;
        self.text.lines().map(lines).sum()
    }
}

/// Who is written to about which request.
pub struct About<'a> {
    pub number: i64,
    pub mail: &'a ResetMail,
    pub sender: &'a str,
    /// Whom to ask, as one line; may be empty.
    pub contact: &'a str,
}

impl About<'_> {
    /// Two calls reached nobody.
    pub fn unreached(&self, last_call: i64) -> Letter {
        let ResetMail { full_name, phone, .. } = self.mail;
        self.letter(&format!(
            "we called {full_name} at {phone} twice, the last time on {}, and reached nobody. The password has not been \
             reset, and this request is closed.\n\n\
             Please send a new request when {full_name} is available to be called.",
            iso_date(last_call)
        ))
    }

    /// Three answers did not match.
    pub fn not_validated(&self) -> Letter {
        let ResetMail { full_name, .. } = self.mail;
        self.letter(&format!(
            "we reached {full_name}, and the answers to the security question did not match. The password has not been \
             reset, and this request is closed.\n\n\
             Please send a new request when {full_name} and their supervisor are available to be called."
        ))
    }

    fn letter(&self, what: &str) -> Letter {
        let contact = match self.contact {
            "" => String::new(),
            contact => format!("\n{contact}"),
        };
        Letter {
            to: self.sender.to_owned(),
            subject: format!("{}: request {} is returned", self.mail.subject(), self.number),
            text: format!(
                "Hello,\n\n{what} In Mobile Assessments, \"Forgot your password?\" writes it for you.\n\n\
                 What was filled in on a tablet is still there, and is not lost.\n\nThe helpdesk{contact}"
            ),
        }
    }
}

/// What is missing in an e-mail is asked of whoever sent it.
pub fn question(mail: &ResetMail, sender: &str, missing: &[&str]) -> Letter {
    let list: Vec<String> = missing.iter().map(|name| format!("- {name}")).collect();
    Letter {
        to: sender.to_owned(),
        subject: mail.subject(),
        text: format!(
            "Hello,\n\nyour request for a new password does not say everything that we need. Please send it again with\n\n{}\n\n\
             In Mobile Assessments, \"Forgot your password?\" writes it for you.\n\nThe helpdesk",
            list.join("\n")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> ResetMail {
        ResetMail {
            full_name: "Testcase Amber".into(),
            phone: "(555) 010-0199".into(),
            ..ResetMail::default()
        }
    }

    #[test]
    fn a_returned_request_says_that_a_new_one_is_needed_when_the_user_is_available() {
        let mail = mail();
        let about = About {
            number: 7,
            mail: &mail,
            sender: "amber@example.org",
            contact: "Helpdesk, 555-0100",
        };
        let letter = about.unreached(1_795_442_520_000);
        assert_eq!(
            letter.subject,
            "Password reset for Testcase Amber: request 7 is returned"
        );
        for words in [
            "at (555) 010-0199 twice, the last time on 2026-11-23",
            "Please send a new request when Testcase Amber is available to be called.",
            "is not lost",
            "Helpdesk, 555-0100",
        ] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        assert!(
            letter
                .link()
                .starts_with("mailto:amber@example.org?subject=Password%20reset")
        );
        assert!(about.not_validated().text.contains("did not match"));
    }

    #[test]
    fn what_is_missing_is_asked_for_by_name() {
        let letter = question(&mail(), "", &["the agency", "the phone number"]);
        assert!(
            letter.text.contains("- the agency\n- the phone number\n"),
            "{}",
            letter.text
        );
        assert!(letter.link().starts_with("mailto:?subject="));
    }
}
