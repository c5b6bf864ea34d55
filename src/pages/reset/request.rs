//! The e-mail that asks the helpdesk for a new password: its fields and what is checked. Pure. The text itself is
//! `protocol`'s, so that the helpdesk's console can read it again.

use protocol::reset_mail::{self, ResetMail, phone_digits};
use serde::{Deserialize, Serialize};

/// What the user types. Kept on the tablet, unsealed, until the guide ends or a week has passed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub full_name: String,
    pub agency: String,
    pub branch: String,
    pub phone: String,
    /// Somebody else sends it; then the phone is the user's own all the same.
    pub for_someone_else: bool,
}

/// What is missing, field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    pub full_name: Option<&'static str>,
    pub agency: Option<&'static str>,
    pub phone: Option<&'static str>,
}

impl Missing {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Request {
    pub fn missing(&self) -> Missing {
        let own = !self.for_someone_else;
        Missing {
            full_name: match (self.full_name.trim().is_empty(), own) {
                (true, true) => Some("Enter your full name."),
                (true, false) => Some("Enter the user's full name."),
                (false, _) => None,
            },
            agency: self
                .agency
                .trim()
                .is_empty()
                .then_some("Enter the name of the agency."),
            phone: match phone_digits(&self.phone).len() {
                0 if own => Some("Enter the number at which the helpdesk can call you."),
                0 => Some("Enter the number at which the helpdesk can call the user."),
                1..=9 => {
                    Some("Add the area code: the number needs 10 digits at least, such as 555 010 0199.")
                }
                10..=15 => None,
                _ => Some("This number has too many digits."),
            },
        }
    }

    fn mail(&self) -> ResetMail {
        ResetMail {
            full_name: self.full_name.clone(),
            agency: self.agency.clone(),
            branch: self.branch.clone(),
            phone: self.phone.clone(),
            for_someone_else: self.for_someone_else,
        }
    }

    /// The text of the e-mail, in lines that can be read out.
    pub fn text(&self) -> String {
        self.mail().text()
    }

    /// The link that opens the mail program. Without an address the program asks for it.
    pub fn mailto(&self, address: &str) -> String {
        let mail = self.mail();
        reset_mail::mailto(address, &mail.subject(), &mail.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Request {
        Request {
            full_name: "Testcase Amber".into(),
            agency: "Sample Home Care & Co".into(),
            branch: String::new(),
            phone: "(555) 010-0199".into(),
            for_someone_else: false,
        }
    }

    #[test]
    fn a_number_without_its_area_code_is_sent_back() {
        let (taken, no_number, no_area_code, too_long) = (
            None,
            Some("Enter the number"),
            Some("Add the area code"),
            Some("This number has too many digits"),
        );
        for (phone, begins) in [
            ("(555) 010-0199", taken),
            ("555.010.0199", taken),
            ("+1 555 010 0199", taken),
            ("1-555-010-0199", taken),
            ("555 010 0199 ext. 12", taken),
            ("555 010 0199 x12", taken),
            ("010-0199", no_area_code),
            ("1 010 0199", no_area_code),
            ("010 0199 ext. 555", no_area_code),
            ("", no_number),
            ("call me", no_number),
            ("5550100199555010019955", too_long),
        ] {
            let request = Request {
                phone: phone.into(),
                ..whole()
            };
            let said = request.missing().phone;
            assert_eq!(said.is_some(), begins.is_some(), "{phone:?}: {said:?}");
            assert!(
                said.unwrap_or_default().starts_with(begins.unwrap_or_default()),
                "{phone:?}: {said:?}"
            );
        }
    }

    #[test]
    fn a_request_names_a_person_an_agency_and_a_phone() {
        assert!(whole().missing().is_empty());
        let missing = Request::default().missing();
        assert!(missing.full_name.is_some() && missing.agency.is_some() && missing.phone.is_some());
        assert!(
            Request {
                branch: String::new(),
                ..whole()
            }
            .missing()
            .is_empty(),
            "a branch is optional"
        );
    }

    #[test]
    fn the_text_can_be_read_out_line_by_line() {
        let request = Request {
            branch: " North ".into(),
            ..whole()
        };
        assert_eq!(
            request.text(),
            "Please reset my password for Mobile Assessments.\n\nFull name: Testcase Amber\nAgency: Sample Home Care & Co\n\
             Branch: North\nPhone with area code: (555) 010-0199"
        );
        let for_another = Request {
            for_someone_else: true,
            ..whole()
        }
        .text();
        assert!(for_another.contains("The user's own phone with area code: (555) 010-0199"));
        assert!(!for_another.contains("Branch"));
    }

    #[test]
    fn the_link_survives_every_character() {
        let request = Request {
            full_name: "Zoë O'Test + 100% & Sons?".into(),
            ..whole()
        };
        let link = request.mailto("helpdesk+reset@example.org");
        assert!(link.starts_with(
            "mailto:helpdesk%2Breset@example.org?subject=Password%20reset%20for%20Zo%C3%AB%20O%27Test"
        ));
        assert!(link.contains("%20%2B%20100%25%20%26%20Sons%3F&body=Please%20reset"));
        assert!(link.contains("Mobile%20Assessments.%0D%0A%0D%0AFull%20name%3A%20"));
        assert_eq!(
            link.matches('&').count(),
            1,
            "one ampersand, between subject and body: {link}"
        );
        assert!(!link.contains('+') && !link.contains(' '));
    }

    #[test]
    fn without_an_address_the_mail_program_asks_for_it() {
        assert!(whole().mailto("").starts_with("mailto:?subject="));
    }
}
