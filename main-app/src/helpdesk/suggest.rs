//! Which account a request may be about: names as they are typed, misspelt, turned round and without their accents. It
//! suggests; the clerk chooses.

use protocol::reset_mail::{ResetMail, phone_digits};

use crate::admin::{Wanted, comparable};
use crate::store::accounts::AccountRow;

/// At most so many are suggested.
const MOST: usize = 5;
/// Names less alike than this are no suggestion (Jaro and Winkler, 1990: 1 is the same, 0 nothing in common).
const ALIKE: f64 = 0.86;
/// What the same agency adds: enough to put one of two namesakes first, not to make strangers alike.
const SAME_AGENCY: f64 = 0.1;

/// The accounts that fit best, the best first.
pub fn suggest<'a>(mail: &ResetMail, accounts: &'a [AccountRow]) -> Vec<&'a AccountRow> {
    let name = comparable(&mail.full_name);
    let agency = comparable(&mail.agency);
    let mut scored: Vec<(f64, &AccountRow)> = accounts
        .iter()
        .filter_map(|account| {
            let alike = strsim::jaro_winkler(&name, &comparable(&account.profile.full_name));
            let is_same_agency = !agency.is_empty() && agency == comparable(&account.profile.agency);
            let score = alike + if is_same_agency { SAME_AGENCY } else { 0.0 };
            (alike >= ALIKE).then_some((score, account))
        })
        .collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    scored
        .into_iter()
        .take(MOST)
        .map(|(_, account)| account)
        .collect()
}

/// The accounts that fit what is typed; none where nothing is.
pub fn find<'a>(typed: &str, accounts: &'a [AccountRow]) -> Vec<&'a AccountRow> {
    let wanted = Wanted::new(typed);
    let fits = |account: &&AccountRow| !wanted.is_empty() && wanted.fits(account);
    accounts.iter().filter(fits).collect()
}

/// Whether two requests may be of one user.
pub fn is_same_user(one: &ResetMail, other: &ResetMail) -> bool {
    comparable(&one.full_name) == comparable(&other.full_name)
}

/// Whether the number in a request is another than the account's. One without its area code is compared as far as it goes.
pub fn is_other_number(request: &str, account: &str) -> bool {
    let (request, account) = (phone_digits(request), phone_digits(account));
    !account.is_empty() && !request.ends_with(&account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::accounts::Profile;
    use ::accounts::{Account, Standing};

    fn account(full_name: &str, agency: &str) -> AccountRow {
        AccountRow {
            user_id: protocol::UserId::from_bytes([0; 16]),
            login: full_name.to_lowercase().replace(' ', ""),
            profile: Profile {
                full_name: full_name.into(),
                agency: agency.into(),
                ..Profile::default()
            },
            password_hash: String::new(),
            state: Account::new(Standing::Permanent),
            last_sign_in: None,
            security: None,
            roles: Vec::new(),
        }
    }

    fn suggested(full_name: &str, agency: &str) -> Vec<String> {
        let accounts = [
            account("Testcase Amber", "Sample Home Care"),
            account("Testcase Amber", "Placeholder Nurses"),
            account("Zoë Sample-Birch", "Sample Home Care"),
            account("Placeholder Coral", "Sample Home Care"),
        ];
        let mail = ResetMail {
            full_name: full_name.into(),
            agency: agency.into(),
            ..ResetMail::default()
        };
        let line =
            |account: &&AccountRow| format!("{}, {}", account.profile.full_name, account.profile.agency);
        suggest(&mail, &accounts).iter().map(line).collect()
    }

    #[test]
    fn the_account_that_fits_best_comes_first() {
        let amber = [
            "Testcase Amber, Placeholder Nurses".to_owned(),
            "Testcase Amber, Sample Home Care".to_owned(),
        ];
        assert_eq!(suggested("testcase amber", "placeholder nurses"), amber);
        assert_eq!(suggested("Amber, Testcase", "Sample Home Care")[0], amber[1]);
        for name in ["Zoe Sample Birch", "sample-birch zoë", "Zoë Sampel-Birch"] {
            assert_eq!(
                suggested(name, "")[0],
                "Zoë Sample-Birch, Sample Home Care",
                "{name}"
            );
        }
        assert!(suggested("Somebody Else", "Sample Home Care").is_empty());
        assert!(suggested("", "Sample Home Care").is_empty());
    }

    #[test]
    fn a_search_takes_words_in_any_order() {
        let accounts = [account("Zoë Sample-Birch", "Home Care")];
        assert_eq!(find("care zoe", &accounts).len(), 1);
        assert_eq!(find("amber", &accounts).len(), 0);
        assert_eq!(find("  ", &accounts).len(), 0);
    }

    #[test]
    fn a_number_that_differs_is_noticed() {
        for (request, account, other) in [
            ("(555) 010-0199", "555.010.0199", false),
            ("+1 555 010 0199 ext. 4", "010-0199", false),
            ("(555) 010-0199", "(555) 010-0198", true),
            ("(555) 010-0199", "", false),
        ] {
            assert_eq!(is_other_number(request, account), other, "{request} {account}");
        }
    }
}
