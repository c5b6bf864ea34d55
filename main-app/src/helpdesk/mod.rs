//! `/main/helpdesk`: the accounts with their state, and the reset of a password.

mod tablets;
pub mod words;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use protocol::UserId;
use serde::Deserialize;
use uuid::Uuid;

use crate::MainApp;
use crate::admin;
use crate::calendar;
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{Clerk, Visit};
use crate::pages::{Who, draw, role_titles};
use crate::secret;
use crate::store;
use crate::store::accounts::AccountRow;

pub fn routes() -> Router<MainApp> {
    Router::new()
        .route("/main/helpdesk", get(list))
        .route("/main/helpdesk/accounts/{user}/reset", get(confirm).post(reset))
        .route(
            "/main/helpdesk/accounts/{user}/{change}",
            get(tablets::confirm).post(tablets::carry_out),
        )
}

#[derive(Template)]
#[template(path = "helpdesk.html")]
struct ListPage {
    who: Who,
    accounts: Vec<Line>,
    /// Tablets whose storage was emptied.
    emptied: Vec<Emptied>,
}

struct Emptied {
    users: String,
    at: String,
    waiting: String,
}

struct Line {
    user_id: UserId,
    full_name: String,
    login: String,
    roles: String,
    state: String,
    last_sign_in: String,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ConfirmPage {
    who: Who,
    user_id: UserId,
    full_name: String,
    login: String,
    roles: String,
    state: String,
    validity: String,
    tablets: Vec<admin::Tablet>,
    submission: Uuid,
}

#[derive(Template)]
#[template(path = "temp_password.html")]
struct TempPasswordPage<'a> {
    who: Who,
    full_name: String,
    temp: &'a str,
    validity: String,
    spelled: Vec<words::Spelled>,
}

async fn list(State(app): State<MainApp>, Clerk(visit): Clerk) -> Result<Response, PageError> {
    let mut connection = app.store.read().await?;
    let accounts = store::accounts::all(&mut connection).await?;
    let now = app.now();
    let accounts = accounts
        .into_iter()
        .map(|account| Line {
            user_id: account.user_id,
            roles: role_titles(&account.roles),
            state: admin::state(&account, now),
            last_sign_in: account
                .last_sign_in
                .map_or_else(|| "never".to_owned(), calendar::date_and_time),
            is_own: account.user_id == visit.account.user_id,
            full_name: account.profile.full_name,
            login: account.login,
        })
        .collect();
    let emptied = store::devices::evicted(&mut connection).await?;
    draw(&ListPage {
        who: Who::of(&visit),
        accounts,
        emptied: emptied
            .into_iter()
            .map(|tablet| Emptied {
                users: tablet.users,
                at: calendar::date_and_time(tablet.at),
                waiting: tablet.report.map_or_else(
                    || "It had never reported".to_owned(),
                    |report| {
                        let at = calendar::date_and_time(report.at.0);
                        let noun = if report.waiting == 1 {
                            "document"
                        } else {
                            "documents"
                        };
                        format!("{} {noun} waiting, as reported {at}", report.waiting)
                    },
                ),
            })
            .collect(),
    })
}

async fn confirm(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path(user): Path<String>,
) -> Result<Response, PageError> {
    let account = subject(&app, &visit, &user).await?;
    draw(&ConfirmPage {
        who: Who::of(&visit),
        user_id: account.user_id,
        roles: role_titles(&account.roles),
        state: admin::state(&account, app.now()),
        validity: words::validity(app.temp_valid_for),
        tablets: admin::full(&app, account.user_id)
            .await?
            .map(|full| full.tablets)
            .unwrap_or_default(),
        submission: secret::uuid()?,
        full_name: account.profile.full_name,
        login: account.login,
    })
}

#[derive(Deserialize)]
struct ResetFields {
    /// Made with the confirming page: it resets once, and a reload resets nothing.
    submission: Uuid,
}

/// The temp password is in this one answer and nowhere else.
async fn reset(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path(user): Path<String>,
    Posted(fields): Posted<ResetFields>,
) -> Result<Response, PageError> {
    let account = subject(&app, &visit, &user).await?;
    let clerk = visit.account.user_id;
    let temp = match admin::reset_once(&app, Some(clerk), account.user_id, Some(fields.submission)).await? {
        admin::Reset::Done(temp) => temp,
        admin::Reset::Repeated => return Err(PageError::Repeated),
        admin::Reset::NoAccount => return Err(PageError::NotFound),
        admin::Reset::Busy => return Err(PageError::Busy),
    };
    draw(&TempPasswordPage {
        who: Who::of(&visit),
        full_name: account.profile.full_name,
        temp: temp.expose(),
        validity: words::validity(app.temp_valid_for),
        spelled: words::spelled(temp.expose()),
    })
}

/// The account that a reset is about: anybody's but the clerk's own.
async fn subject(app: &MainApp, visit: &Visit, user: &str) -> Result<AccountRow, PageError> {
    let user: UserId = user.parse().map_err(|_| PageError::NotFound)?;
    if user == visit.account.user_id {
        return Err(PageError::OwnAccount);
    }
    let mut connection = app.store.read().await?;
    store::accounts::by_id(&mut connection, user)
        .await?
        .ok_or(PageError::NotFound)
}
