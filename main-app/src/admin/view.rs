//! What is read of accounts, in plain words: for the administration's pages and for the command line.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use protocol::UserId;
use roster::Draft;
use serde_json::Value;

use super::{Wanted, mark};
use crate::MainApp;
use crate::auth::NOBODY;
use crate::calendar::date_and_time;
use crate::fault::Fault;
use crate::helpdesk::words;
use crate::pages::role_titles;
use crate::store;
use crate::store::Connection;
use crate::store::accounts::AccountRow;
use crate::store::audit::Past;

/// So much of an account's history is shown.
const HISTORY: i64 = 50;

/// An account as a line of a list.
pub struct Summary {
    pub user_id: UserId,
    pub login: String,
    pub full_name: String,
    /// Agency and branch, where there are any.
    pub place: String,
    pub roles: String,
    pub state: String,
    pub last_sign_in: String,
}

/// An account with all that is known of it.
pub struct Full {
    pub summary: Summary,
    pub agency: String,
    pub branch: String,
    pub phone: String,
    pub access: String,
    pub is_active: bool,
    pub has_password: bool,
    pub security_question: String,
    pub sign_ins: Vec<String>,
    pub tablets: Vec<Tablet>,
    /// When, and what; the newest first.
    pub history: Vec<(String, String)>,
}

/// A tablet as people speak of it.
pub struct Tablet {
    pub mark: String,
    pub last_contact: String,
    /// How many documents, and when it said so.
    pub waiting: String,
    /// Of the app there; empty where it has not said so yet.
    pub app_version: String,
    /// Who has tried to sign in there without a network, and failed; empty where nobody has.
    pub failed: String,
    pub revoked: Option<String>,
}

impl Summary {
    fn of(account: &AccountRow, now: i64) -> Self {
        Self {
            user_id: account.user_id,
            login: account.login.clone(),
            full_name: account.profile.full_name.clone(),
            place: words::place(&account.profile.agency, &account.profile.branch),
            roles: role_titles(&account.roles),
            state: state(account, now),
            last_sign_in: account
                .last_sign_in
                .map_or_else(|| "never".to_owned(), date_and_time),
        }
    }
}

/// The state of an account, one that never had a password included.
pub fn state(account: &AccountRow, now: i64) -> String {
    if account.password_hash == NOBODY && account.state.access.is_active(now) {
        "No password yet; a reset gives the first one".to_owned()
    } else {
        words::state(&account.state, now)
    }
}

/// The accounts of an agency, or all, that have the words of `search` in their name, username, agency, branch or phone; by name.
pub async fn summaries(app: &MainApp, agency: Option<&str>, search: &str) -> Result<Vec<Summary>, Fault> {
    let wanted = Wanted::new(search);
    let now = app.now();
    let mut connection = app.store.read().await?;
    let accounts = store::accounts::all(&mut connection).await?;
    Ok(accounts
        .iter()
        .filter(|account| agency.is_none_or(|agency| account.profile.agency == agency))
        .filter(|account| wanted.fits(account))
        .map(|account| Summary::of(account, now))
        .collect())
}

/// An account as it can be changed. `None`: there is none.
pub async fn draft_of(app: &MainApp, user: UserId) -> Result<Option<Draft>, Fault> {
    let mut connection = app.store.read().await?;
    let account = store::accounts::by_id(&mut connection, user).await?;
    Ok(account.as_ref().map(AccountRow::draft))
}

/// Everything about an account. `None`: there is none.
pub async fn full(app: &MainApp, user: UserId) -> Result<Option<Full>, Fault> {
    let now = app.now();
    let mut connection = app.store.read().await?;
    let Some(account) = store::accounts::by_id(&mut connection, user).await? else {
        return Ok(None);
    };
    let sign_ins = store::sign_ins::of(&mut connection, user).await?;
    let tablets = store::devices::of_user(&mut connection, user).await?;
    let past = store::audit::about(&mut connection, user, HISTORY).await?;
    let names = names_of(&mut connection, actors(&past)).await?;
    drop(connection);
    let draft = account.draft();
    Ok(Some(Full {
        agency: account.profile.agency.clone(),
        branch: account.profile.branch.clone(),
        phone: account.profile.phone.clone(),
        access: match (draft.access_from.as_str(), draft.access_to.as_str()) {
            ("", "") => "without limits".to_owned(),
            (from, "") => format!("from {from}"),
            ("", to) => format!("until {to}"),
            (from, to) => format!("from {from} to {to}"),
        },
        is_active: account.state.access.is_active(now),
        has_password: account.password_hash != NOBODY,
        security_question: account
            .security
            .as_ref()
            .map(|security| security.question.clone())
            .unwrap_or_default(),
        sign_ins: sign_ins
            .iter()
            .map(|sign_in| match sign_in.tablet {
                Some(tablet) => format!("{}, on the tablet {}", date_and_time(sign_in.at), mark(tablet)),
                None => format!("{}, to the main application", date_and_time(sign_in.at)),
            })
            .collect(),
        tablets: tablets
            .into_iter()
            .map(|tablet| Tablet {
                mark: mark(tablet.device),
                last_contact: date_and_time(tablet.last_contact),
                waiting: words::waiting(tablet.waiting, tablet.reported_at),
                app_version: tablet.app_version,
                failed: words::failed_offline(tablet.failed, tablet.last_failed, tablet.failed_unknown),
                revoked: tablet.revoked_at.map(date_and_time),
            })
            .collect(),
        history: past
            .iter()
            .map(|entry| (date_and_time(entry.at), told(entry, user, &names)))
            .collect(),
        summary: Summary::of(&account, now),
    }))
}

/// What was done about a request for a reset: when, and what; the oldest first.
pub(crate) async fn history_of_request(app: &MainApp, number: i64) -> Result<Vec<(String, String)>, Fault> {
    let mut connection = app.store.read().await?;
    let past = store::audit::about_request(&mut connection, number).await?;
    let names = names_of(&mut connection, actors(&past)).await?;
    Ok(past
        .iter()
        .map(|entry| {
            let (what, _) = event(entry);
            (date_and_time(entry.at), by(what, entry, &names))
        })
        .collect())
}

fn actors(past: &[Past]) -> Vec<UserId> {
    past.iter().filter_map(|entry| entry.actor).collect()
}

/// The full names of accounts.
pub(crate) async fn names_of(
    connection: &mut Connection,
    users: Vec<UserId>,
) -> Result<HashMap<UserId, String>, Fault> {
    let mut names = HashMap::new();
    for user in users {
        if let Entry::Vacant(free) = names.entry(user) {
            let account = store::accounts::by_id(connection, user).await?;
            free.insert(account.map_or_else(String::new, |account| account.profile.full_name));
        }
    }
    Ok(names)
}

/// An entry of the audit in plain words, on the page of the account that it is about.
fn told(entry: &Past, user: UserId, names: &HashMap<UserId, String>) -> String {
    let (what, by_operator) = event(entry);
    let what = match entry.request {
        Some(number) => format!("Request {number}: {what}"),
        None => what,
    };
    match entry.actor {
        Some(id) if id == user => what,
        None if by_operator => format!("{what} by the operator"),
        _ => by(what, entry, names),
    }
}

fn by(what: String, entry: &Past, names: &HashMap<UserId, String>) -> String {
    match entry.actor.and_then(|actor| names.get(&actor)) {
        Some(name) => format!("{what} by {name}"),
        None => what,
    }
}

/// What happened, and whether it is the operator's doing where nobody is named.
fn event(entry: &Past) -> (String, bool) {
    let detail = |name: &str| entry.detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let via = match detail("via") {
        "tablet" => " on a tablet",
        "page" => " in the main application",
        _ => "",
    };
    let what = match entry.action.as_str() {
        "account_created" => "Account created".to_owned(),
        "account_edited" => {
            let parts: Vec<_> = entry
                .detail
                .get("changed")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(|name| name.replace('_', " "))
                .collect();
            format!("Changed: {}", parts.join(", "))
        }
        "security_changed" => "Security question set".to_owned(),
        "tablet_revoked" => format!("Tablet {} revoked", detail("tablet")),
        "tablet_allowed" => format!("Tablet {} allowed again", detail("tablet")),
        "signed_in" => format!("Signed in{via}"),
        "sign_in_failed" => format!("Wrong password{via}"),
        "account_locked" => format!("Locked after three wrong passwords, the last{via}"),
        "password_reset" => "Password reset".to_owned(),
        "password_changed" => "Password changed".to_owned(),
        "deactivated" => "Deactivated".to_owned(),
        "reactivated" => "Reactivated".to_owned(),
        "signed_out" => "Signed out of the main application".to_owned(),
        "data_key_issued" => "First sign-in on a tablet, or with new keys".to_owned(),
        "client_assigned" => "Client assigned".to_owned(),
        "client_unassigned" => "Client no longer assigned".to_owned(),
        "document_stored" => "Assessment received".to_owned(),
        "storage_evicted" => "A tablet told that its storage was emptied".to_owned(),
        "request_received" => "Request entered".to_owned(),
        "request_account_chosen" => "Account chosen".to_owned(),
        "user_reached" => "Reached when called".to_owned(),
        "user_not_reached" => "Not reached when called".to_owned(),
        "answer_checked" => match entry.detail.get("matches").and_then(Value::as_bool) {
            Some(true) => "The answer matches; checked".to_owned(),
            _ => "The answer does not match; checked".to_owned(),
        },
        "second_clerk_asked" => match detail("purpose") {
            "identity" => "A second clerk asked to confirm who the user is,".to_owned(),
            _ => "A second clerk asked to agree".to_owned(),
        },
        "second_clerk_agreed" => "Agreed".to_owned(),
        "second_clerk_declined" => "Declined".to_owned(),
        "request_returned" => match detail("why") {
            "unreached" => "Returned after the second call".to_owned(),
            "not_validated" => "Returned after the third answer".to_owned(),
            _ => "Closed without a reset".to_owned(),
        },
        other => other.replace('_', " "),
    };
    let by_operator = matches!(
        entry.action.as_str(),
        "account_created"
            | "account_edited"
            | "tablet_revoked"
            | "tablet_allowed"
            | "password_reset"
            | "deactivated"
            | "reactivated"
    );
    (what, by_operator)
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.summary;
        for (name, value) in [
            ("Username", &summary.login),
            ("Full name", &summary.full_name),
            ("Agency", &self.agency),
            ("Branch", &self.branch),
            ("Phone", &self.phone),
            ("Roles", &summary.roles),
            ("Access", &self.access),
            ("State", &summary.state),
            ("Question", &self.security_question),
        ] {
            writeln!(f, "{name:<10} {value}")?;
        }
        writeln!(f, "\nSign-ins")?;
        for line in &self.sign_ins {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "\nTablets")?;
        for tablet in &self.tablets {
            let revoked = tablet
                .revoked
                .as_ref()
                .map(|at| format!(", revoked {at}"))
                .unwrap_or_default();
            let failed = match tablet.failed.as_str() {
                "" => String::new(),
                failed => format!("; {failed}"),
            };
            writeln!(
                f,
                "  {}  {}; app {}, last heard of {}{failed}{revoked}",
                tablet.mark, tablet.waiting, tablet.app_version, tablet.last_contact
            )?;
        }
        write!(f, "\nHistory")?;
        for (at, what) in &self.history {
            write!(f, "\n  {at}  {what}")?;
        }
        Ok(())
    }
}
