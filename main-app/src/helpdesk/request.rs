//! One request: who asks, which account, the call, the answer, a second clerk, and the reset. Each form carries the
//! revision that its page showed, so that what was drawn before another act is not carried out.

use accounts::request::{Act, CALLS, Purpose, Refusal, Second, Stage, Why, may_reset};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::UserId;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::letter::{About, Letter};
use super::queue::{self, Line};
use super::suggest::{find, is_other_number, is_same_user, suggest};
use super::words;
use crate::MainApp;
use crate::admin::{self, Acted, Reset};
use crate::calendar::date_and_time;
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{Clerk, Visit};
use crate::pages::{Who, draw, role_titles};
use crate::store;
use crate::store::accounts::AccountRow;
use crate::store::requests::RequestRow;

#[derive(Template)]
#[template(path = "helpdesk_request.html")]
struct RequestPage {
    who: Who,
    place: &'static str,
    /// Why what was pressed was not done.
    alert: Option<&'static str>,
    row: RequestRow,
    line: Line,
    received: String,
    closed: String,
    is_own: bool,
    dial: String,
    account: Option<Account>,
    other_number: Option<String>,
    /// Other requests that may be of the same user.
    others: Vec<i64>,
    search: String,
    found: Vec<Account>,
    second: SecondClerk,
    missing: Option<Refusal>,
    validity: String,
    letter: Option<Letter>,
    history: Vec<(String, String)>,
}

/// An account that the request may be about.
struct Account {
    user_id: UserId,
    full_name: String,
    login: String,
    roles: String,
    place: String,
    phone: String,
    state: String,
    question: Option<String>,
    is_privileged: bool,
}

/// What a second clerk has to do with it, for whoever looks.
#[derive(Clone, PartialEq, Eq)]
enum SecondClerk {
    None,
    /// The visitor asked, and waits.
    Waits,
    /// The visitor is asked, by the one of that name.
    IsAsked {
        by: String,
        to_confirm: bool,
    },
    Agreed {
        by: String,
        is_me: bool,
    },
}

#[derive(Template)]
#[template(path = "temp_password.html")]
struct TempPasswordPage<'a> {
    who: Who,
    place: &'static str,
    full_name: &'a str,
    login: &'a str,
    temp: &'a str,
    validity: String,
    spelled: Vec<words::Spelled>,
}

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    search: String,
}

pub async fn show(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path(number): Path<String>,
    Query(Search { search }): Query<Search>,
) -> Result<Response, PageError> {
    page(&app, &visit, parse(&number)?, &search, None).await
}

/// The address of a form, opened as a page: after a sign-in in between, say.
pub async fn back(Clerk(_): Clerk, Path(parts): Path<Vec<(String, String)>>) -> Result<Redirect, PageError> {
    let number = parts
        .iter()
        .find(|(name, _)| name == "number")
        .map_or("", |(_, number)| number);
    Ok(to(parse(number)?))
}

#[derive(Deserialize)]
pub struct ActFields {
    rev: i64,
    #[serde(default)]
    account: String,
}

pub async fn act(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path((number, name)): Path<(String, String)>,
    Posted(fields): Posted<ActFields>,
) -> Result<Response, PageError> {
    let number = parse(&number)?;
    let act = match name.as_str() {
        "choose" if fields.account.is_empty() => {
            return page(&app, &visit, number, "", Some("Choose an account first.")).await;
        }
        "choose" => Act::Choose(fields.account.parse().map_err(|_| PageError::NotFound)?),
        "reached" => Act::Reached,
        "not-reached" => Act::NotReached,
        "ask-approval" => Act::Ask(Purpose::Approval),
        "ask-identity" => Act::Ask(Purpose::Identity),
        "agree" => Act::Agree,
        "decline" => Act::Decline,
        "close" => Act::Withdraw,
        _ => return Err(PageError::NotFound),
    };
    let acted = admin::act(&app, visit.account.user_id, number, fields.rev, act).await?;
    after(&app, &visit, number, acted).await
}

#[derive(Deserialize)]
pub struct AnswerFields {
    rev: i64,
    answer: Zeroizing<String>,
}

pub async fn answer(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path(number): Path<String>,
    Posted(fields): Posted<AnswerFields>,
) -> Result<Response, PageError> {
    let number = parse(&number)?;
    if admin::normal_answer(&fields.answer).is_none() {
        return page(
            &app,
            &visit,
            number,
            "",
            Some("Enter the answer that the user gives. It has 1 to 200 characters."),
        )
        .await;
    }
    let by = visit.account.user_id;
    let acted = admin::answer(&app, by, number, fields.rev, &fields.answer).await?;
    after(&app, &visit, number, acted).await
}

#[derive(Deserialize)]
pub struct ResetFields {
    rev: i64,
}

/// The temp password is in this one answer and nowhere else.
pub async fn reset(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path(number): Path<String>,
    Posted(fields): Posted<ResetFields>,
) -> Result<Response, PageError> {
    let number = parse(&number)?;
    let (temp, account) =
        match admin::reset_requested(&app, visit.account.user_id, number, fields.rev).await? {
            Reset::Done(temp, account) => (temp, account),
            Reset::No(refusal) => return after(&app, &visit, number, Acted::No(refusal)).await,
            Reset::Changed => return after(&app, &visit, number, Acted::Changed).await,
            Reset::Repeated => return Err(PageError::Repeated),
            Reset::NoRequest => return Err(PageError::NotFound),
            Reset::Busy => return Err(PageError::Busy),
        };
    draw(&TempPasswordPage {
        who: Who::of(&visit),
        place: "requests",
        full_name: &account.profile.full_name,
        login: &account.login,
        temp: temp.expose(),
        validity: words::validity(app.temp_valid_for),
        spelled: words::spelled(temp.expose()),
    })
}

fn parse(number: &str) -> Result<i64, PageError> {
    number.parse().map_err(|_| PageError::NotFound)
}

fn to(number: i64) -> Redirect {
    Redirect::to(&format!("/main/helpdesk/requests/{number}"))
}

async fn after(app: &MainApp, visit: &Visit, number: i64, acted: Acted) -> Result<Response, PageError> {
    let alert = match acted {
        Acted::Done => return Ok(to(number).into_response()),
        Acted::NoRequest => return Err(PageError::NotFound),
        Acted::No(Refusal::OwnAccount) => return Err(PageError::OwnAccount),
        Acted::Changed => {
            "This request has changed since the page was drawn, and what you pressed was not done. It now stands as below."
        }
        Acted::No(refusal) => says(refusal),
    };
    page(app, visit, number, "", Some(alert)).await
}

/// What a clerk is told who may not do something yet.
fn says(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Closed => "This request is closed.",
        Refusal::OwnAccount => "Nobody resets their own account here.",
        Refusal::NoAccount => "Choose the account first.",
        Refusal::NotOnThePhone => "Call the user first, and press Reached when the user is on the phone.",
        Refusal::NoQuestion => "This account has no security question. Ask a second clerk.",
        Refusal::AlreadyAnswered => "The answer matches already.",
        Refusal::NothingAsked => "No second clerk is asked for.",
        Refusal::AlreadyAsked => "A second clerk has been asked already.",
        Refusal::SamePerson => "This needs two clerks. Whoever asked, or agreed, is not the other one.",
        Refusal::NotValidated => "Validate first who the user is.",
        Refusal::NeedsSecond => "A second clerk has to agree first: this account has power over others.",
    }
}

async fn page(
    app: &MainApp,
    visit: &Visit,
    number: i64,
    search: &str,
    alert: Option<&'static str>,
) -> Result<Response, PageError> {
    let now = app.now();
    let me = visit.account.user_id;
    let mut connection = app.store.read().await?;
    let row = store::requests::by_number(&mut connection, number)
        .await?
        .ok_or(PageError::NotFound)?;
    let clerk = super::name_of(&mut connection, row.touched_by).await?;
    let is_open = row.state.is_open();
    let chooses = is_open && (row.state.account.is_none() || !search.trim().is_empty());
    let accounts = match chooses {
        true => store::accounts::all(&mut connection).await?,
        false => Vec::new(),
    };
    let chosen = match row.state.account {
        Some(user) => store::accounts::by_id(&mut connection, user).await?,
        None => None,
    };
    let second = match row.state.second {
        Second::NotAsked => SecondClerk::None,
        Second::Asked { by, .. } if by == me => SecondClerk::Waits,
        Second::Asked { by, purpose } => SecondClerk::IsAsked {
            by: super::name_of(&mut connection, by).await?,
            to_confirm: purpose == Purpose::Identity,
        },
        Second::Agreed { by, .. } => SecondClerk::Agreed {
            by: super::name_of(&mut connection, by).await?,
            is_me: by == me,
        },
    };
    let waiting = match is_open {
        true => store::requests::open(&mut connection).await?,
        false => Vec::new(),
    };
    let others = waiting
        .into_iter()
        .filter(|other| other.number != number)
        .filter(|other| {
            is_same_user(&other.mail, &row.mail)
                || (row.state.account.is_some() && other.state.account == row.state.account)
        })
        .map(|other| other.number)
        .collect();
    drop(connection);
    let history = admin::history_of_request(app, number).await?;
    let candidates = match search.trim() {
        "" => suggest(&row.mail, &accounts),
        wanted => find(wanted, &accounts),
    };
    let found = candidates
        .into_iter()
        .filter(|account| account.user_id != me && Some(account.user_id) != row.state.account)
        .take(20)
        .map(|account| Account::of(account, now))
        .collect();
    let account_phone = chosen.as_ref().map(|account| account.profile.phone.clone());
    let about = About {
        number,
        mail: &row.mail,
        sender: &row.sender,
        contact: &app.settings.contact,
    };
    let page = draw(&RequestPage {
        who: Who::of(visit),
        place: "requests",
        alert,
        line: queue::line(&row, if row.touched_by == me { "you" } else { &clerk }, now),
        received: date_and_time(row.received_at),
        closed: row.closed_at.map(date_and_time).unwrap_or_default(),
        is_own: row.state.account == Some(me),
        dial: dial(&row.mail.phone),
        other_number: account_phone.filter(|phone| is_other_number(&row.mail.phone, phone)),
        others,
        search: search.trim().to_owned(),
        found,
        second,
        missing: may_reset(&row.state, me, chosen.as_ref().map(admin::subject)).err(),
        validity: words::validity(app.temp_valid_for),
        letter: match row.state.stage {
            Stage::Returned(Why::Unreached) => Some(about.unreached(row.touched_at)),
            Stage::Returned(Why::NotValidated) => Some(about.not_validated()),
            _ => None,
        },
        history,
        account: chosen.as_ref().map(|account| Account::of(account, now)),
        row,
    })?;
    let status = match alert {
        Some(_) => StatusCode::CONFLICT,
        None => StatusCode::OK,
    };
    Ok((status, page).into_response())
}

impl Account {
    fn of(account: &AccountRow, now: i64) -> Self {
        Self {
            user_id: account.user_id,
            full_name: account.profile.full_name.clone(),
            login: account.login.clone(),
            roles: role_titles(&account.roles),
            place: words::place(&account.profile.agency, &account.profile.branch),
            phone: account.profile.phone.clone(),
            state: admin::state(account, now),
            question: account
                .security
                .as_ref()
                .map(|security| security.question.clone()),
            is_privileged: admin::subject(account).is_privileged,
        }
    }
}

impl RequestPage {
    fn is_open(&self) -> bool {
        self.row.state.is_open() && !self.is_own
    }

    fn is_reached(&self) -> bool {
        self.row.state.stage == Stage::Reached
    }

    /// Which call is the next.
    fn call(&self) -> u8 {
        (self.row.state.missed + 1).min(CALLS)
    }

    fn says(&self) -> &'static str {
        self.missing.map_or("", says)
    }
}

/// A number as RFC 3966 wants it in a link: without the signs that people put between.
fn dial(phone: &str) -> String {
    let number = phone.split(|sign: char| sign.is_alphabetic() || "#,;/".contains(sign));
    let number = number
        .map(|part| {
            part.chars()
                .filter(|sign| sign.is_ascii_digit() || *sign == '+')
                .collect::<String>()
        })
        .find(|digits| !digits.is_empty())
        .unwrap_or_default();
    format!("tel:{number}")
}
