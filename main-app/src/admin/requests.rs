//! What clerks do about requests for a reset: each act is one transaction with its audit entries. Whether it may be done
//! is decided in `accounts::request`; an answer on the phone is never kept.

use accounts::request::{self, Act, Purpose, Refusal, Request, Stage, Subject, Why};
use protocol::UserId;
use protocol::reset_mail::ResetMail;
use serde_json::{Value, json};
use uuid::Uuid;

use super::security::{Answered, check_answer};
use super::{TempPassword, give_temp_password, new_temp_password};
use crate::MainApp;
use crate::fault::Fault;
use crate::store::accounts::{AccountRow, Role};
use crate::store::audit::{self, Action, Entry};
use crate::store::requests::RequestRow;
use crate::store::{self, Write};

/// A request that can be kept: its fields have been checked.
pub struct Checked {
    pub mail: ResetMail,
    pub sender: String,
    /// Chosen from the beginning, where the clerk comes from an account.
    pub account: Option<UserId>,
}

/// What it came to that a request was entered.
pub enum Received {
    Done(i64),
    /// The form was carried out before.
    Repeated,
    /// Nobody enters a request for their own account.
    OwnAccount,
}

/// Puts a request at the end of the queue.
pub async fn receive(
    app: &MainApp,
    by: UserId,
    checked: &Checked,
    submission: Uuid,
) -> Result<Received, Fault> {
    let now = app.now();
    let mut tx = app.store.write().await?;
    if !store::attempts::submit_once(&mut tx, submission, now).await? {
        return Ok(Received::Repeated);
    }
    let number = store::requests::insert(&mut tx, &checked.mail, &checked.sender, by, now).await?;
    note(
        &mut tx,
        number,
        by,
        Action::RequestReceived,
        checked.account,
        json!({}),
        now,
    )
    .await?;
    if let Some(account) = checked.account {
        let Some(row) = store::requests::lock(&mut tx, number).await? else {
            return Err(Fault::Inconsistent("a request that is gone"));
        };
        if carry_out(app, &mut tx, &row, by, Act::Choose(account))
            .await?
            .is_err()
        {
            return Ok(Received::OwnAccount);
        }
    }
    tx.commit().await?;
    tracing::info!(number, "reset requested");
    Ok(Received::Done(number))
}

/// What it came to that a clerk did something about a request.
pub enum Acted {
    Done,
    No(Refusal),
    /// Another act came first; what the clerk saw is no longer so.
    Changed,
    NoRequest,
}

/// Does something about a request that the clerk saw at that revision.
pub async fn act(app: &MainApp, by: UserId, number: i64, rev: i64, act: Act<UserId>) -> Result<Acted, Fault> {
    let mut tx = app.store.write().await?;
    let Some(row) = store::requests::lock(&mut tx, number).await? else {
        return Ok(Acted::NoRequest);
    };
    if row.rev != rev {
        return Ok(Acted::Changed);
    }
    if let Act::Choose(account) = act
        && store::accounts::by_id(&mut tx, account).await?.is_none()
    {
        return Ok(Acted::No(Refusal::NoAccount));
    }
    if let Err(refusal) = carry_out(app, &mut tx, &row, by, act).await? {
        return Ok(Acted::No(refusal));
    }
    tx.commit().await?;
    Ok(Acted::Done)
}

/// Holds an answer that was given on the phone against the account's. Whoever may not try is told nothing.
pub async fn answer(app: &MainApp, by: UserId, number: i64, rev: i64, typed: &str) -> Result<Acted, Fault> {
    let mut connection = app.store.read().await?;
    let Some(row) = store::requests::by_number(&mut connection, number).await? else {
        return Ok(Acted::NoRequest);
    };
    drop(connection);
    if row.rev != rev {
        return Ok(Acted::Changed);
    }
    let Some(account) = row.state.account else {
        return Ok(Acted::No(Refusal::NoAccount));
    };
    let matches = check_answer(app, account, typed).await? == Answered::Right;
    // The revision holds: the answer counts for the account that it was compared with, once.
    act(app, by, number, rev, Act::Answer { matches }).await
}

/// What it came to that a clerk pressed "Reset password".
pub enum Reset {
    Done(TempPassword, Box<AccountRow>),
    No(Refusal),
    /// The request was carried out before.
    Repeated,
    Changed,
    NoRequest,
    /// Too many passwords are being hashed; nothing was changed.
    Busy,
}

/// Gives the account of a request a temp password, if everything that has to come first has come.
pub async fn reset_requested(app: &MainApp, by: UserId, number: i64, rev: i64) -> Result<Reset, Fault> {
    let Some((temp, hash)) = new_temp_password(app).await? else {
        return Ok(Reset::Busy);
    };
    let mut tx = app.store.write().await?;
    let Some(row) = store::requests::lock(&mut tx, number).await? else {
        return Ok(Reset::NoRequest);
    };
    if row.state.stage == Stage::Done {
        return Ok(Reset::Repeated);
    }
    if row.rev != rev {
        return Ok(Reset::Changed);
    }
    if let Err(refusal) = carry_out(app, &mut tx, &row, by, Act::Reset).await? {
        return Ok(Reset::No(refusal));
    }
    let account = match row.state.account {
        Some(user) => store::accounts::lock(&mut tx, user).await?,
        None => None,
    };
    let account = account.ok_or(Fault::Inconsistent("a request without its account"))?;
    give_temp_password(app, &mut tx, &account, &hash, Some(by), Some(number)).await?;
    tx.commit().await?;
    tracing::info!(user = %account.user_id, number, "password reset");
    Ok(Reset::Done(temp, Box::new(account)))
}

/// What is true of an account now, as far as it decides about a request.
pub fn subject(account: &AccountRow) -> Subject {
    Subject {
        has_question: account.security.is_some(),
        is_privileged: account.has(Role::Helpdesk) || account.has(Role::Supervisor),
    }
}

/// Lets an act happen to a locked row, with its audit entries.
async fn carry_out(
    app: &MainApp,
    tx: &mut Write,
    row: &RequestRow,
    by: UserId,
    act: Act<UserId>,
) -> Result<Result<(), Refusal>, Fault> {
    let now = app.now();
    let account = match row.state.account {
        Some(user) => store::accounts::by_id(tx, user).await?,
        None => None,
    };
    let after = match request::act(&row.state, by, act, account.as_ref().map(subject)) {
        Ok(after) => after,
        Err(refusal) => return Ok(Err(refusal)),
    };
    store::requests::set_state(tx, row.number, &after, by, now).await?;
    for (action, detail) in told(act, &after) {
        note(tx, row.number, by, action, after.account, detail, now).await?;
    }
    Ok(Ok(()))
}

/// The audit entries of an act. The reset has one of its own.
fn told(act: Act<UserId>, after: &Request<UserId>) -> Vec<(Action, Value)> {
    let purpose = |purpose| match purpose {
        Purpose::Approval => "approval",
        Purpose::Identity => "identity",
    };
    let mut entries = Vec::new();
    match act {
        Act::Choose(_) => entries.push((Action::RequestAccountChosen, json!({}))),
        Act::Reached => entries.push((Action::UserReached, json!({}))),
        Act::NotReached => entries.push((Action::UserNotReached, json!({ "calls": after.missed }))),
        Act::Answer { matches } => {
            entries.push((
                Action::AnswerChecked,
                json!({ "matches": matches, "wrong": after.wrong }),
            ));
        }
        Act::Ask(what) => entries.push((Action::SecondClerkAsked, json!({ "purpose": purpose(what) }))),
        Act::Agree => entries.push((Action::SecondClerkAgreed, json!({}))),
        Act::Decline => entries.push((Action::SecondClerkDeclined, json!({}))),
        Act::Reset | Act::Withdraw => {}
    }
    if let Stage::Returned(why) = after.stage {
        let why = match why {
            Why::Unreached => "unreached",
            Why::NotValidated => "not_validated",
            Why::Withdrawn => "withdrawn",
        };
        entries.push((Action::RequestReturned, json!({ "why": why })));
    }
    entries
}

async fn note(
    tx: &mut Write,
    number: i64,
    by: UserId,
    action: Action,
    subject: Option<UserId>,
    detail: Value,
    now: i64,
) -> Result<(), Fault> {
    let entry = Entry {
        at: now,
        actor: Some(by),
        action,
        subject,
        detail,
    };
    Ok(audit::add_about(tx, entry, Some(number)).await?)
}
