//! The rules, as one function over the types of the crate root.

use crate::{Access, Account, Event, Guard, Millis, Outcome, STRIKES, Standing};

/// What `event` makes of `account` at `now`. Total; where the outcome says "no", only the strikes may have changed.
///
/// | event | while | account afterwards | outcome |
/// | --- | --- | --- | --- |
/// | attempt, any password | no active access | unchanged | `NoAccess` |
/// | attempt, any password | locked | unchanged | `Locked` |
/// | attempt, checked against an earlier password | open | unchanged | `Stale` |
/// | attempt, any password | the temp password has expired | unchanged, no strike | `Locked` |
/// | attempt, wrong | open, fewer than two strikes | one strike more | `BadPassword` |
/// | attempt, wrong | open, two strikes | locked | `Locked` |
/// | attempt, right | open | no strikes | `SignedIn` |
/// | reset | any | temp password, open, no strikes, epoch + 1 | `Done` |
/// | password changed | no active access | unchanged | `NoAccess` |
/// | password changed | locked | unchanged | `Locked` |
/// | password changed, in place of an earlier one | open | unchanged | `Stale` |
/// | password changed | open | permanent password, no strikes, epoch + 1 | `Done` |
/// | deactivated | any | access ends now, or has ended before | `Done` |
/// | reactivated | any | access has begun and has no end; a lock stays | `Done` |
///
/// The rows are tried from the top. A reset gives no access, and access unlocks nothing.
pub fn transition(account: &Account, event: Event, now: Millis) -> (Account, Outcome) {
    match event {
        Event::Attempt { verified, epoch } => attempt(account, verified, epoch, now),
        Event::Reset { valid_for } => {
            let password = Standing::Temp {
                issued: now,
                expires: valid_for.map(|span| now.saturating_add(span)),
            };
            (renewed(account, password), Outcome::Done)
        }
        Event::PasswordChanged { epoch } => match refusal(account, epoch, now) {
            Some(outcome) => (*account, outcome),
            None => (renewed(account, Standing::Permanent), Outcome::Done),
        },
        Event::Deactivated => {
            let to = account.access.to.map_or(now, |to| to.min(now));
            let access = Access {
                to: Some(to),
                ..account.access
            };
            (Account { access, ..*account }, Outcome::Done)
        }
        Event::Reactivated => {
            let access = Access {
                from: account.access.from.map(|from| from.min(now)),
                to: None,
            };
            (Account { access, ..*account }, Outcome::Done)
        }
    }
}

fn attempt(account: &Account, verified: bool, epoch: u32, now: Millis) -> (Account, Outcome) {
    if let Some(outcome) = refusal(account, epoch, now) {
        return (*account, outcome);
    }
    if account.password.is_expired(now) {
        return (*account, Outcome::Locked);
    }
    let (guard, outcome) = match (verified, account.guard) {
        (true, _) => (
            Guard::Open { strikes: 0 },
            Outcome::SignedIn {
                must_change: account.must_change(),
            },
        ),
        (false, Guard::Open { strikes }) if strikes.saturating_add(1) < STRIKES => {
            (Guard::Open { strikes: strikes + 1 }, Outcome::BadPassword)
        }
        (false, _) => (Guard::Locked { since: now }, Outcome::Locked),
    };
    (Account { guard, ..*account }, outcome)
}

/// Why whoever stands before the door is not listened to, whatever they know.
fn refusal(account: &Account, epoch: u32, now: Millis) -> Option<Outcome> {
    if !account.access.is_active(now) {
        Some(Outcome::NoAccess)
    } else if matches!(account.guard, Guard::Locked { .. }) {
        Some(Outcome::Locked)
    } else if epoch != account.epoch {
        Some(Outcome::Stale)
    } else {
        None
    }
}

fn renewed(account: &Account, password: Standing) -> Account {
    Account {
        access: account.access,
        guard: Guard::Open { strikes: 0 },
        password,
        // Compared for inequality only, so going round is harmless.
        epoch: account.epoch.wrapping_add(1),
    }
}

#[cfg(test)]
mod tests;
