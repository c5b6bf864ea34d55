//! One account as it is typed, and what is wrong with it. Its neighbour `file` reads many.

use accounts::Access;
use protocol::{LOGIN_MAX_BYTES, canonical_login};

use crate::{Role, calendar};

const LONGEST_TEXT: usize = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// An account as it is typed. Nothing is checked yet.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub login: String,
    pub full_name: String,
    pub agency: String,
    pub branch: String,
    pub phone: String,
    /// The first day of access, `2026-11-23`; empty for "from now on".
    pub access_from: String,
    /// The last day of access; empty for "without an end".
    pub access_to: String,
    pub roles: Vec<Role>,
}

/// Which part of a [`Draft`] is wrong. `name()` is that of the form's field and of the file's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Login,
    FullName,
    Agency,
    Branch,
    Phone,
    AccessFrom,
    AccessTo,
    Roles,
}

impl Field {
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::FullName => "full_name",
            Self::Agency => "agency",
            Self::Branch => "branch",
            Self::Phone => "phone",
            Self::AccessFrom => "access_from",
            Self::AccessTo => "access_to",
            Self::Roles => "roles",
        }
    }
}

/// What is wrong with a field, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub field: Field,
    pub message: String,
}

/// Who the user is, where they work, and where they are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub full_name: String,
    /// Empty where there are no agencies.
    pub agency: String,
    /// Empty where the agency has one only.
    pub branch: String,
    /// With area code.
    pub phone: String,
}

/// A draft that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub login: String,
    pub profile: Profile,
    pub access: Access,
    pub roles: Vec<Role>,
}

impl Draft {
    /// An account that is there already, to be changed.
    pub fn of(login: &str, profile: &Profile, access: &Access, roles: &[Role]) -> Self {
        Self {
            login: login.to_owned(),
            full_name: profile.full_name.clone(),
            agency: profile.agency.clone(),
            branch: profile.branch.clone(),
            phone: profile.phone.clone(),
            access_from: access.from.map(calendar::iso_date).unwrap_or_default(),
            // The moment before the end belongs to the last day.
            access_to: access.to.map(|to| calendar::iso_date(to - 1)).unwrap_or_default(),
            roles: roles.to_vec(),
        }
    }

    pub fn check(&self) -> Result<Checked, Vec<FieldFault>> {
        let mut faults = Vec::new();
        // In the order of the form.
        let profile = Profile {
            full_name: squeeze(&self.full_name),
            agency: squeeze(&self.agency),
            branch: squeeze(&self.branch),
            phone: squeeze(&self.phone),
        };
        if profile.full_name.is_empty() {
            faults.push(fault(Field::FullName, "Enter the full name."));
        }
        let login = canonical_login(&self.login);
        if let Some(message) = wrong_login(&login) {
            faults.push(fault(Field::Login, message));
        }
        for (field, text) in [
            (Field::FullName, &profile.full_name),
            (Field::Agency, &profile.agency),
            (Field::Branch, &profile.branch),
        ] {
            faults.extend(wrong_text(text).map(|message| fault(field, message)));
        }
        if !profile.phone.is_empty() && !is_phone(&profile.phone) {
            faults.push(fault(
                Field::Phone,
                "Enter a phone number with area code, such as 555-555-0100.",
            ));
        }
        let from = day(&self.access_from, Field::AccessFrom, &mut faults);
        let to = day(&self.access_to, Field::AccessTo, &mut faults).map(|day| day + DAY_MS);
        if let (Some(from), Some(to)) = (from, to)
            && to <= from
        {
            faults.push(fault(
                Field::AccessTo,
                "Enter a last day that is not before the first.",
            ));
        }
        if self.roles.is_empty() {
            faults.push(fault(Field::Roles, "Choose at least one role."));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Checked {
            login,
            profile,
            access: Access { from, to },
            roles: self.roles.clone(),
        })
    }
}

fn fault(field: Field, message: &str) -> FieldFault {
    FieldFault {
        field,
        message: message.to_owned(),
    }
}

fn wrong_login(login: &str) -> Option<&'static str> {
    if login.is_empty() {
        Some("Enter a username.")
    } else if login.len() > LOGIN_MAX_BYTES {
        Some("Enter a shorter username. The longest has 256 bytes.")
    } else if login.contains(|sign: char| sign.is_whitespace() || sign.is_control()) {
        Some("Enter a username without spaces.")
    } else {
        None
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (7..=20).contains(&digits)
        && text.len() <= 40
        && text
            .chars()
            .all(|sign| sign.is_ascii_digit() || " +-().x".contains(sign))
}

fn day(text: &str, field: Field, faults: &mut Vec<FieldFault>) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let day = calendar::from_iso_date(text);
    if day.is_none() {
        faults.push(fault(field, "Enter a day as year-month-day, such as 2026-11-23."));
    }
    day
}

/// What is wrong with a text of one line, if anything.
pub fn wrong_text(text: &str) -> Option<&'static str> {
    let is_wrong = text.chars().count() > LONGEST_TEXT || text.contains(char::is_control);
    is_wrong.then_some("Enter at most 200 characters, without control characters.")
}

/// Runs of white space as one space, and none at the ends.
pub fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            login: " New.User ".into(),
            full_name: "  Test   New User ".into(),
            phone: "555-0123".into(),
            roles: vec![Role::FieldStaff],
            ..Draft::default()
        }
    }

    #[test]
    fn what_is_typed_is_brought_into_form() {
        let checked = draft().check().unwrap();
        assert_eq!(checked.login, "new.user");
        assert_eq!(checked.profile.full_name, "Test New User");
        let days = Draft {
            access_from: "2026-11-23".into(),
            access_to: "2026-11-23".into(),
            ..draft()
        };
        let Access { from, to } = days.check().unwrap().access;
        assert_eq!(to.unwrap() - from.unwrap(), DAY_MS, "the last day belongs to it");
    }

    #[test]
    fn each_fault_names_its_field() {
        type Bend = fn(&mut Draft);
        let bent: [(Bend, Field); 9] = [
            (|draft| draft.login = "  ".into(), Field::Login),
            (|draft| draft.login = "two words".into(), Field::Login),
            (|draft| draft.login = "x".repeat(257), Field::Login),
            (|draft| draft.full_name = " ".into(), Field::FullName),
            (|draft| draft.branch = "x".repeat(201), Field::Branch),
            (|draft| draft.phone = "call me".into(), Field::Phone),
            (|draft| draft.access_from = "23.11.2026".into(), Field::AccessFrom),
            (|draft| draft.access_to = "2026-02-30".into(), Field::AccessTo),
            (|draft| draft.roles.clear(), Field::Roles),
        ];
        for (bend, field) in bent {
            let mut draft = draft();
            bend(&mut draft);
            let faults = draft.check().unwrap_err();
            assert_eq!(
                faults.iter().map(|fault| fault.field).collect::<Vec<_>>(),
                [field]
            );
        }
    }
}
