//! Accounts by what is typed of them: words in any order, without their accents, capitals and signs. The lists of accounts
//! search so, and so does the helpdesk's page of a request.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::store::accounts::{AccountRow, Profile};

/// What is looked for. Nothing fits everything.
pub struct Wanted(String);

impl Wanted {
    pub fn new(typed: &str) -> Self {
        Self(comparable(typed))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether all its words are in the account's name, username, agency, branch or phone.
    pub fn fits(&self, account: &AccountRow) -> bool {
        let Profile {
            full_name,
            agency,
            branch,
            phone,
        } = &account.profile;
        let all = comparable(&[full_name, account.login.as_str(), agency, branch, phone].join(" "));
        self.0.split(' ').all(|word| all.contains(word))
    }
}

/// The words of a name in their order by the alphabet, in small letters without accents and signs.
pub fn comparable(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|sign| !is_combining_mark(*sign))
        .flat_map(char::to_lowercase)
        .map(|sign| if sign.is_alphanumeric() { sign } else { ' ' })
        .collect();
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}
