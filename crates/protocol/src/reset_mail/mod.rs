//! The e-mail that asks the helpdesk for a new password. The app composes it; mail programs wrap, quote and forward it;
//! the main application reads it again. One definition for both, so that what is written can be read.
//!
//! Writing is here, reading in [`read`](mod@read). The source of the fields is the provider bulletin, 1 October 2018: full
//! name, agency, branch, phone with area code, and the user's own phone where somebody else asks.

mod read;

use std::ops::RangeInclusive;

pub use read::{ReadMail, read};

/// How many digits a phone number with its area code has.
pub const PHONE_DIGITS: RangeInclusive<usize> = 10..=15;

const FULL_NAME: &str = "Full name";
const AGENCY: &str = "Agency";
const BRANCH: &str = "Branch";
const PHONE: &str = "Phone with area code";
const OWN_PHONE: &str = "The user's own phone with area code";
const FOR_SOMEONE_ELSE: &str = "I send this for the user.";

/// What the e-mail says. Nothing is checked: whoever writes or reads it says what is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResetMail {
    pub full_name: String,
    pub agency: String,
    /// Empty where the agency has one only.
    pub branch: String,
    pub phone: String,
    /// Somebody else sends it; then the phone has to be the user's own.
    pub for_someone_else: bool,
}

impl ResetMail {
    pub fn subject(&self) -> String {
        format!("Password reset for {}", self.full_name.trim())
    }

    /// The text, in lines that can be read out.
    pub fn text(&self) -> String {
        let (opening, phone) = match self.for_someone_else {
            false => (
                "Please reset my password for Mobile Assessments.".to_owned(),
                PHONE,
            ),
            true => (
                format!("Please reset the password of this user of Mobile Assessments. {FOR_SOMEONE_ELSE}"),
                OWN_PHONE,
            ),
        };
        let branch = self.branch.trim();
        let mut lines = vec![
            opening,
            String::new(),
            format!("{FULL_NAME}: {}", self.full_name.trim()),
            format!("{AGENCY}: {}", self.agency.trim()),
        ];
        if !branch.is_empty() {
            lines.push(format!("{BRANCH}: {branch}"));
        }
        lines.push(format!("{phone}: {}", self.phone.trim()));
        lines.join("\n")
    }
}

/// The link that opens the mail program with an e-mail, as RFC 6068 wants it. Without an address the program asks for it.
pub fn mailto(address: &str, subject: &str, text: &str) -> String {
    format!(
        "mailto:{}?subject={}&body={}",
        encode(address, b"@"),
        encode(subject, b""),
        encode(&text.replace('\n', "\r\n"), b"")
    )
}

/// Percent-encoding: spaces are %20, never a plus.
fn encode(text: &str, also: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The digits of the first phone number in a text; an extension and the country's own 1 are left out.
pub fn phone_digits(typed: &str) -> String {
    let digits: String = typed
        .chars()
        .skip_while(|sign| !sign.is_ascii_digit())
        .take_while(|sign| !sign.is_alphabetic() && !"#,;/".contains(*sign))
        .filter(char::is_ascii_digit)
        .collect();
    match digits.strip_prefix('1') {
        Some(rest) => rest.to_owned(),
        None => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_compared_by_its_digits() {
        for typed in [
            "(555) 010-0199",
            "555.010.0199",
            "+1 555 010 0199",
            "1-555-010-0199 ext. 12",
            "555 010 0199 x12",
            "Home: 555 010 0199, evenings",
            "555 010 0199 / 555 010 0200",
        ] {
            assert_eq!(phone_digits(typed), "5550100199", "{typed}");
        }
        assert_eq!(phone_digits("010 0199 ext. 555"), "0100199");
        assert_eq!(phone_digits("call me"), "");
    }
}
