//! The helpdesk's words: the state of an account, how long a temp password works, and how it is read out.

use accounts::{Account, Guard, Standing};

use crate::calendar::date_and_time;

/// The state of an account in plain words; what keeps the user out comes first.
pub fn state(account: &Account, now: i64) -> String {
    if !account.access.is_active(now) {
        return match (account.access.from, account.access.to) {
            (Some(from), _) if from > now => format!("No access before {}", date_and_time(from)),
            (_, Some(to)) => format!("No active access since {}", date_and_time(to)),
            _ => "No active access".to_owned(),
        };
    }
    match (account.guard, account.password) {
        (Guard::Locked { since }, _) => format!("Locked since {}", date_and_time(since)),
        (
            _,
            Standing::Temp {
                expires: Some(at), ..
            },
        ) if at <= now => {
            format!(
                "Temp password expired {}; a new reset is needed",
                date_and_time(at)
            )
        }
        (
            _,
            Standing::Temp {
                expires: Some(at), ..
            },
        ) => {
            format!(
                "Temp password, not changed yet; works until {}",
                date_and_time(at)
            )
        }
        (_, Standing::Temp { expires: None, .. }) => "Temp password, not changed yet".to_owned(),
        (Guard::Open { strikes: 0 }, Standing::Permanent) => "Active".to_owned(),
        (Guard::Open { strikes: 1 }, Standing::Permanent) => {
            "Active; 1 wrong password since the last sign-in".to_owned()
        }
        (Guard::Open { strikes }, Standing::Permanent) => {
            format!("Active; {strikes} wrong passwords since the last sign-in")
        }
    }
}

/// How long ago something was: "5 min", "2 h 5 min", "3 days 4 h".
pub fn age(ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    let (days, hours, minutes) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "under 1 min".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, hours, _) => format!("{days} days {hours} h"),
    }
}

/// Agency and branch, where there are any.
pub fn place(agency: &str, branch: &str) -> String {
    [agency, branch]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// What waits on a tablet, and when it said so.
pub fn waiting(count: u32, reported: Option<i64>) -> String {
    let what = match count {
        0 => "nothing waiting".to_owned(),
        1 => "1 document waiting".to_owned(),
        count => format!("{count} documents waiting"),
    };
    match reported {
        Some(at) => format!("{what}, as reported {}", date_and_time(at)),
        None => "it has not reported yet".to_owned(),
    }
}

/// Who has tried to sign in on a tablet without a network, and failed; empty where nobody has.
pub fn failed_offline(own: u32, last: Option<i64>, unknown: u32) -> String {
    let last = last.map(|at| format!(", the last {}", date_and_time(at)));
    let own = match own {
        0 => String::new(),
        1 => format!("1 wrong password offline{}", last.unwrap_or_default()),
        own => format!("{own} wrong passwords offline{}", last.unwrap_or_default()),
    };
    let unknown = match unknown {
        0 => String::new(),
        1 => "1 try offline with another username".to_owned(),
        unknown => format!("{unknown} tries offline with other usernames"),
    };
    match (own.is_empty(), unknown.is_empty()) {
        (false, false) => format!("{own}; {unknown}"),
        _ => own + &unknown,
    }
}

/// What revoking a tablet means.
pub const REVOKING: [&str; 3] = [
    "Nobody signs in on this tablet any more, and all sessions on it end.",
    "A tablet that stays offline goes on opening with a password that it knows. If somebody else may know the password, reset it too.",
    "Assessments that wait on it cannot be sent. If the tablet is found, allow it again: they are still there.",
];

/// What it means to allow one again.
pub const ALLOWING: [&str; 2] = [
    "The tablet can be used again. Its users sign in once with a connection and are given new keys.",
    "What waits on it is sent then.",
];

/// How long a temp password works.
pub fn validity(valid_for: Option<i64>) -> String {
    match valid_for {
        Some(ms) => format!(
            "The temp password can be used to sign in for {} hours.",
            ms / (60 * 60 * 1_000)
        ),
        None => "The temp password works until it is changed.".to_owned(),
    }
}

/// A sign and the word that it is read out as.
pub struct Spelled {
    pub sign: char,
    pub word: &'static str,
}

/// How a temp password is read out, in the words of the spelling alphabet of radio and aviation.
pub fn spelled(temp: &str) -> Vec<Spelled> {
    temp.chars()
        .map(|sign| Spelled {
            sign,
            word: word(sign),
        })
        .collect()
}

fn word(sign: char) -> &'static str {
    match sign {
        'a' => "Alfa",
        'b' => "Bravo",
        'c' => "Charlie",
        'd' => "Delta",
        'e' => "Echo",
        'f' => "Foxtrot",
        'g' => "Golf",
        'h' => "Hotel",
        'i' => "India",
        'j' => "Juliett",
        'k' => "Kilo",
        'l' => "Lima",
        'm' => "Mike",
        'n' => "November",
        'o' => "Oscar",
        'p' => "Papa",
        'q' => "Quebec",
        'r' => "Romeo",
        's' => "Sierra",
        't' => "Tango",
        'u' => "Uniform",
        'v' => "Victor",
        'w' => "Whiskey",
        'x' => "X-ray",
        'y' => "Yankee",
        'z' => "Zulu",
        '0' => "Zero",
        '1' => "One",
        '2' => "Two",
        '3' => "Three",
        '4' => "Four",
        '5' => "Five",
        '6' => "Six",
        '7' => "Seven",
        '8' => "Eight",
        '9' => "Nine",
        '-' => "Hyphen",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use accounts::Access;

    const NOW: i64 = 1_795_442_520_000;
    const DAY: i64 = 24 * 60 * 60 * 1_000;

    #[test]
    fn what_keeps_the_user_out_comes_first() {
        let active = Account::new(Standing::Permanent);
        let ended = Access {
            from: None,
            to: Some(NOW),
        };
        let to_come = Access {
            from: Some(NOW + DAY),
            to: None,
        };
        let locked = Guard::Locked { since: NOW - DAY };
        let temp = |expires| Standing::Temp {
            issued: NOW - DAY,
            expires,
        };
        for (account, expected) in [
            (active, "Active"),
            (
                Account {
                    guard: Guard::Open { strikes: 2 },
                    ..active
                },
                "Active; 2 wrong passwords since the last sign-in",
            ),
            (
                Account {
                    guard: locked,
                    ..active
                },
                "Locked since 22 Nov 2026, 14:02 UTC",
            ),
            (
                Account {
                    password: temp(Some(NOW + DAY)),
                    ..active
                },
                "Temp password, not changed yet; works until 24 Nov 2026, 14:02 UTC",
            ),
            (
                Account {
                    password: temp(Some(NOW)),
                    ..active
                },
                "Temp password expired 23 Nov 2026, 14:02 UTC; a new reset is needed",
            ),
            (
                Account {
                    password: temp(None),
                    ..active
                },
                "Temp password, not changed yet",
            ),
            (
                Account {
                    access: ended,
                    guard: locked,
                    ..active
                },
                "No active access since 23 Nov 2026, 14:02 UTC",
            ),
            (
                Account {
                    access: to_come,
                    ..active
                },
                "No access before 24 Nov 2026, 14:02 UTC",
            ),
        ] {
            assert_eq!(state(&account, NOW), expected);
        }
    }

    #[test]
    fn ages_are_said_as_people_say_them() {
        for (minutes, expected) in [
            (0, "under 1 min"),
            (59, "59 min"),
            (125, "2 h 5 min"),
            (1_440 + 61, "1 day 1 h"),
            (3 * 1_440 + 240, "3 days 4 h"),
        ] {
            assert_eq!(age(minutes * 60_000), expected);
        }
        assert_eq!(age(-1), "under 1 min", "a clock that was set back");
    }

    #[test]
    fn every_sign_of_a_temp_password_has_a_word() {
        for _ in 0..50 {
            let temp = crate::admin::TempPassword::random().unwrap();
            assert!(spelled(temp.expose()).iter().all(|part| !part.word.is_empty()));
        }
    }
}
