//! The accounts at the helpdesk: a list to search, and a page for each with its state in plain words and its history.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use protocol::UserId;
use serde::Deserialize;

use super::queue::{self, Line};
use crate::MainApp;
use crate::admin::{self, Full, Summary};
use crate::pages::error::PageError;
use crate::pages::session::Clerk;
use crate::pages::{Who, draw};
use crate::store;

#[derive(Template)]
#[template(path = "helpdesk_accounts.html")]
struct ListPage<'a> {
    who: Who,
    place: &'static str,
    own: UserId,
    search: &'a str,
    accounts: Vec<Summary>,
}

#[derive(Template)]
#[template(path = "helpdesk_account.html")]
struct AccountPage {
    who: Who,
    place: &'static str,
    is_own: bool,
    full: Full,
    requests: Vec<Line>,
}

#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    search: String,
}

pub async fn list(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Query(Search { search }): Query<Search>,
) -> Result<Response, PageError> {
    draw(&ListPage {
        who: Who::of(&visit),
        place: "accounts",
        own: visit.account.user_id,
        search: search.trim(),
        accounts: admin::summaries(&app, None, &search).await?,
    })
}

pub async fn show(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path(user): Path<String>,
) -> Result<Response, PageError> {
    let user: UserId = user.parse().map_err(|_| PageError::NotFound)?;
    let full = admin::full(&app, user).await?.ok_or(PageError::NotFound)?;
    let now = app.now();
    let mut connection = app.store.read().await?;
    let rows = store::requests::of_user(&mut connection, user).await?;
    let clerks = rows.iter().map(|row| row.touched_by).collect();
    let names = admin::names_of(&mut connection, clerks).await?;
    drop(connection);
    draw(&AccountPage {
        who: Who::of(&visit),
        place: "accounts",
        is_own: user == visit.account.user_id,
        full,
        requests: rows
            .iter()
            .map(|row| queue::line(row, names.get(&row.touched_by).map_or("", String::as_str), now))
            .collect(),
    })
}
