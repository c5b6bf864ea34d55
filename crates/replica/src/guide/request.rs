//! The e-mail that asks the helpdesk for a new password: its fields and what is checked. Pure. The text itself is
//! `protocol`'s, so that the helpdesk's console can read it again.

use protocol::reset_mail::{self, ResetMail, phone_digits};
use serde::{Deserialize, Serialize};
use words::msg;

/// What the user types. Kept on the tablet, unsealed, until the guide ends or a week has passed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResetRequest {
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

impl ResetRequest {
    pub fn missing(&self) -> Missing {
        let own = !self.for_someone_else;
        Missing {
            full_name: match (self.full_name.split_whitespace().count(), own) {
                (0, true) => Some(msg!("Enter your full name.")),
                (0, false) => Some(msg!("Enter the user's full name.")),
                (1, _) => Some(msg!("Enter first and last name.")),
                _ => None,
            },
            agency: self
                .agency
                .trim()
                .is_empty()
                .then_some(msg!("Enter the name of the agency.")),
            phone: match phone_digits(&self.phone).len() {
                0 if own => Some(msg!("Enter the number at which the helpdesk can call you.")),
                0 => Some(msg!("Enter the number at which the helpdesk can call the user.")),
                1..=9 => Some(msg!(
                    "Add the area code: the number needs 10 digits at least, such as 555 010 0199."
                )),
                10..=15 => None,
                _ => Some(msg!("This number has too many digits.")),
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

    /// Whether it is about the user of this name, in whatever order and case it was typed. Where none was typed, it may be.
    pub fn is_of(&self, full_name: &str) -> bool {
        let folded = |name: &str| name.to_lowercase();
        let (typed, name) = (folded(&self.full_name), folded(full_name));
        typed
            .split_whitespace()
            .all(|word| name.split_whitespace().any(|other| other == word))
    }

    /// What is read out over the phone: a word for each line, and the line. The number's digits stand in groups.
    pub fn read_out(&self) -> Vec<(&'static str, String)> {
        let phone = if self.for_someone_else {
            "The user's own phone"
        } else {
            "Phone"
        };
        let mut lines = vec![
            ("Full name", self.full_name.trim().to_owned()),
            ("Agency", self.agency.trim().to_owned()),
        ];
        let branch = self.branch.trim();
        if !branch.is_empty() {
            lines.push(("Branch", branch.to_owned()));
        }
        lines.push((phone, grouped(&self.phone)));
        lines
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

/// "555 010 0199" for ten digits in a row, however they were typed; what stands before and after them stays.
fn grouped(phone: &str) -> String {
    let typed = phone.trim();
    let is_joint = |sign: char| sign.is_ascii_digit() || " ()-.+/".contains(sign);
    let end = typed.find(|sign| !is_joint(sign)).unwrap_or(typed.len());
    let (number, rest) = typed.split_at(end);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let (country, own) = match (digits.len(), number.starts_with('+')) {
        (10, false) => ("", digits.as_str()),
        (11, false) if digits.starts_with('1') => ("1 ", &digits[1..]),
        (11, true) if digits.starts_with('1') => ("+1 ", &digits[1..]),
        _ => return typed.to_owned(),
    };
    let (area, exchange, line) = (&own[..3], &own[3..6], &own[6..]);
    format!("{country}{area} {exchange} {line} {rest}")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> ResetRequest {
        ResetRequest {
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
            let request = ResetRequest {
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
        let missing = ResetRequest::default().missing();
        assert!(missing.full_name.is_some() && missing.agency.is_some() && missing.phone.is_some());
        assert!(
            ResetRequest {
                branch: String::new(),
                ..whole()
            }
            .missing()
            .is_empty(),
            "a branch is optional"
        );
        let one_name = ResetRequest {
            full_name: " Amber ".into(),
            ..whole()
        };
        assert_eq!(one_name.missing().full_name, Some("Enter first and last name."));
    }

    #[test]
    fn a_number_is_read_out_in_groups() {
        for (typed, read) in [
            ("(555) 010-0199", "555 010 0199"),
            ("5550100199", "555 010 0199"),
            (" +1 555.010.0199 ", "+1 555 010 0199"),
            ("1-555-010-0199", "1 555 010 0199"),
            ("5550100199 ext. 12", "555 010 0199 ext. 12"),
            // Nothing is guessed about other numbers.
            ("+49 30 12345678", "+49 30 12345678"),
            ("call me", "call me"),
            ("５５５", "５５５"),
        ] {
            let request = ResetRequest {
                phone: typed.into(),
                ..whole()
            };
            assert_eq!(
                request.read_out().pop(),
                Some(("Phone", read.to_owned())),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn a_request_is_known_by_the_words_of_the_name() {
        for (typed, name, same) in [
            ("Testcase Amber", "Testcase Amber", true),
            ("amber  TESTCASE", "Testcase Amber", true),
            ("Amber", "Testcase Amber", true),
            ("Amber Other", "Testcase Amber", false),
            ("", "Testcase Amber", true),
        ] {
            let request = ResetRequest {
                full_name: typed.into(),
                ..whole()
            };
            assert_eq!(request.is_of(name), same, "{typed:?}");
        }
    }

    #[test]
    fn the_text_can_be_read_out_line_by_line() {
        let request = ResetRequest {
            branch: " North ".into(),
            ..whole()
        };
        assert_eq!(
            request.text(),
            "Please reset my password for Mobile Assessments.\n\nFull name: Testcase Amber\nAgency: Sample Home Care & Co\n\
             Branch: North\nPhone with area code: (555) 010-0199"
        );
        let for_another = ResetRequest {
            for_someone_else: true,
            ..whole()
        }
        .text();
        assert!(for_another.contains("The user's own phone with area code: (555) 010-0199"));
        assert!(!for_another.contains("Branch"));
    }

    #[test]
    fn the_link_survives_every_character() {
        let request = ResetRequest {
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
