//! What a password of a user's own choice must be. Each rule is said on the page before anything is typed.

use zeroize::Zeroizing;

/// The least number of characters.
pub const MIN_CHARS: usize = 12;

/// A rule that a password breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    TooShort,
    TooLong,
    ContainsLogin,
    Common,
    /// Found by checking it against the present one, which is the temp password.
    Temp,
    /// Found by comparing it with the present one, where that was typed beside it.
    Present,
}

impl Broken {
    /// What the user has to do.
    pub fn message(&self) -> &'static str {
        match self {
            Self::TooShort => "Choose a password of at least 12 characters.",
            Self::TooLong => "Choose a shorter password. The longest has 1,024 bytes.",
            Self::ContainsLogin => "Choose a password that does not contain your username.",
            Self::Common => {
                "Choose a password that is not common. This one is among the first that somebody would try."
            }
            Self::Temp => "Choose a password that is not the temp password.",
            Self::Present => "Choose a password that is not the present one.",
        }
    }
}

/// The rules that `password` breaks, but for [`Broken::Temp`] and [`Broken::Present`].
pub fn broken(password: &str, login: &str) -> Vec<Broken> {
    let is_short = password.chars().count() < MIN_CHARS;
    let folded = Zeroizing::new(password.to_lowercase());
    [
        (Broken::TooShort, is_short),
        (Broken::TooLong, password.len() > protocol::PASSWORD_MAX_BYTES),
        (Broken::ContainsLogin, !login.is_empty() && folded.contains(login)),
        // That a short one is common too would only be noise.
        (Broken::Common, !is_short && is_common(&folded)),
    ]
    .into_iter()
    .filter_map(|(rule, is_broken)| is_broken.then_some(rule))
    .collect()
}

/// Whether a lower-case password is on the list of common ones, as it stands or without the digits and signs at its
/// end; or is one short piece again and again.
fn is_common(folded: &str) -> bool {
    let listed = passwords::analyzer::is_common_password;
    let without_end = folded.trim_end_matches(|sign: char| !sign.is_alphabetic());
    folded == crate::sample::PASSWORD || listed(folded) || listed(without_end) || is_repeated(folded)
}

fn is_repeated(text: &str) -> bool {
    const LONGEST_PIECE: usize = 6;
    let signs: Vec<char> = text.chars().collect();
    (1..=LONGEST_PIECE)
        .filter(|piece| signs.len() >= 2 * piece)
        .any(|piece| {
            signs
                .iter()
                .zip(signs.iter().skip(piece))
                .all(|(one, next)| one == next)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_kept_or_broken() {
        for (password, expected) in [
            ("correct horse battery", &[][..]),
            ("Gr\u{fc}\u{df}e aus dem Tal", &[]),
            ("twelve chars", &[]),
            ("eleven char", &[Broken::TooShort]),
            ("\u{e9}\u{e9}\u{e8}\u{e8}\u{ea}\u{ea}", &[Broken::TooShort]),
            ("my name is Field1 ok", &[Broken::ContainsLogin]),
            ("field1", &[Broken::TooShort, Broken::ContainsLogin]),
            ("password1234", &[Broken::Common]),
            ("PASSWORD1234", &[Broken::Common]),
            ("1q2w3e4r5t6y", &[Broken::Common]),
            ("sunshine2024!!", &[Broken::Common]),
            ("Letmein12345", &[Broken::Common]),
            ("sample-pass-1", &[Broken::Common]),
            ("aaaaaaaaaaaaaa", &[Broken::Common]),
            ("wxyzwxyzwxyz", &[Broken::Common]),
            ("123456", &[Broken::TooShort]),
        ] {
            assert_eq!(broken(password, "field1"), expected, "{password}");
        }
        assert_eq!(broken(&"long enough ".repeat(100), "field1"), [Broken::TooLong]);
    }
}
