//! The security question: what the helpdesk asks on the phone before it resets a password, and whether the answer fits.

use std::sync::Arc;

use protocol::UserId;
use serde_json::json;
use unicode_normalization::UnicodeNormalization as _;
use vault::Password;
use zeroize::Zeroizing;

use crate::MainApp;
use crate::auth::{self, Turn};
use crate::fault::Fault;
use crate::store;
use crate::store::accounts::Security;
use crate::store::audit::{self, Action, Entry};

/// The longest question in characters.
pub const QUESTION_MAX_CHARS: usize = 200;
/// The longest answer in characters.
pub const ANSWER_MAX_CHARS: usize = 200;

/// An answer in its normal form: trimmed, case-folded (Unicode, full), in NFC, white space squeezed, so that what is
/// said on the phone fits what was typed. `None`: empty or too long.
pub fn normal_answer(typed: &str) -> Option<Password> {
    if typed.chars().count() > ANSWER_MAX_CHARS {
        return None;
    }
    let folded = Zeroizing::new(caseless::default_case_fold_str(typed));
    let composed: Zeroizing<String> = Zeroizing::new(folded.nfc().collect());
    let mut normal = String::with_capacity(composed.len());
    for word in composed.split_whitespace() {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.push_str(word);
    }
    Password::from_nfc(normal).ok()
}

/// A question with the hash of its answer, for an account that is being made.
pub(crate) fn hashed(question: &str, answer: &str) -> Result<Security, Fault> {
    let answer = normal_answer(answer).ok_or(Fault::Inconsistent("a security answer that is none"))?;
    Ok(Security {
        question: question.to_owned(),
        answer_hash: auth::hash(&answer)?,
    })
}

/// Puts the user's own question and answer in place of the present ones.
pub(crate) async fn set_security(
    app: &MainApp,
    turn: &Turn,
    user: UserId,
    question: &str,
    answer: Password,
) -> Result<(), Fault> {
    let answer_hash = app.hasher.hash(turn, Arc::new(answer)).await?;
    let security = Security {
        question: question.to_owned(),
        answer_hash,
    };
    let mut tx = app.store.write().await?;
    store::accounts::set_security(&mut tx, user, &security).await?;
    let entry = Entry {
        at: app.now(),
        actor: Some(user),
        action: Action::SecurityChanged,
        subject: Some(user),
        detail: json!({}),
    };
    audit::add(&mut tx, entry).await?;
    Ok(tx.commit().await?)
}

/// What an answer that was given on the phone came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    Right,
    Wrong,
    /// The account has no question, or does not exist.
    NoQuestion,
}

/// Whether the answer is the account's. It opens nothing by itself: the clerk decides.
pub async fn check_answer(app: &MainApp, user: UserId, typed: &str) -> Result<Answered, Fault> {
    let mut connection = app.store.read().await?;
    let account = store::accounts::by_id(&mut connection, user).await?;
    drop(connection);
    let Some(security) = account.and_then(|account| account.security) else {
        return Ok(Answered::NoQuestion);
    };
    let Some(answer) = normal_answer(typed) else {
        return Ok(Answered::Wrong);
    };
    let turn = app.hasher.turn().await.ok_or(Fault::Busy)?;
    let fits = app
        .hasher
        .fits(&turn, Arc::new(answer), security.answer_hash)
        .await?;
    Ok(if fits { Answered::Right } else { Answered::Wrong })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_fits_what_was_typed() {
        let same = |one: &str, other: &str| {
            let [one, other] = [one, other].map(|text| normal_answer(text).unwrap());
            one.expose() == other.expose()
        };
        for (typed, said) in [
            ("Sample Pet", "  sample   PET "),
            ("Stra\u{df}e", "STRASSE"),
            ("Caf\u{e9}", "cafe\u{301}"),
            ("CAFE\u{301}", "caf\u{e9}"),
            ("a\u{a0}b", "A B"),
        ] {
            assert!(same(typed, said), "{typed} {said}");
        }
        assert!(!same("Sample Pet", "SamplePet"));
        for none in ["", "  \t", &"x".repeat(201)] {
            assert!(normal_answer(none).is_none(), "{none:?}");
        }
    }
}
