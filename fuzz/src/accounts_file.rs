//! A file of accounts, as whoever may import one can choose any file at all.

use protocol::canonical_login;
use roster::{Checked, Draft, MAX_LINES, Role, Row};

const AGENCY: &str = "Own Agency";

/// What is taken of a file can be kept, is within what the importer may do, and reads the same when it is written again.
pub fn accounts_file(bytes: &[u8]) {
    for agency in [None, Some(AGENCY)] {
        let Ok(rows) = roster::read(bytes, agency) else {
            continue;
        };
        assert!((1..=MAX_LINES).contains(&rows.len()));
        assert!(rows.is_sorted_by(|one, next| one.number < next.number));
        let good: Vec<Checked> = rows.iter().filter_map(|row| kept(row, agency)).collect();
        if good.is_empty() {
            continue;
        }
        let again = roster::read(&written(&good), agency).expect("what we write we read");
        let again: Vec<Checked> = again.into_iter().flat_map(|row| row.account).collect();
        assert_eq!(again, good);
    }
}

fn kept(row: &Row, agency: Option<&str>) -> Option<Checked> {
    match &row.account {
        Ok(account) => {
            assert_eq!(account.login, canonical_login(&account.login));
            assert!(!account.login.is_empty() && !account.profile.full_name.is_empty());
            if let Some(agency) = agency {
                assert_eq!(account.profile.agency, agency, "an account of another agency");
                assert!(
                    !account.roles.contains(&Role::Helpdesk),
                    "more than a supervisor may give"
                );
            }
            Some(account.clone())
        }
        Err(why) => {
            assert!(!why.is_empty(), "a line is refused without a word");
            None
        }
    }
}

fn written(accounts: &[Checked]) -> Vec<u8> {
    let mut file = csv::Writer::from_writer(Vec::new());
    let columns = "login,full_name,agency,branch,phone,roles,access_from,access_to";
    file.write_record(columns.split(','))
        .expect("memory does not fail");
    for account in accounts {
        let roles: Vec<_> = account.roles.iter().map(|role| role.name()).collect();
        let draft = Draft::of(&account.login, &account.profile, &account.access, &account.roles);
        let cells = [
            draft.login,
            draft.full_name,
            draft.agency,
            draft.branch,
            draft.phone,
            roles.join(";"),
            draft.access_from,
            draft.access_to,
        ];
        file.write_record(cells).expect("memory does not fail");
    }
    file.into_inner().expect("memory does not fail")
}
