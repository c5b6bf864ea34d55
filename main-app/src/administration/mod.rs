//! `/main/admin`: a supervisor's accounts, those of their own agency and no others. What is done is in `admin`.

mod account;
mod import;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::Response;
use axum::routing::get;
use protocol::UserId;
use serde::Deserialize;

use crate::MainApp;
use crate::admin::{self, Summary};
use crate::pages::error::PageError;
use crate::pages::session::{Supervisor, Visit};
use crate::pages::{Who, draw};
use crate::store;
use crate::store::accounts::AccountRow;

/// The file, and room for what stands around it.
const IMPORT_BODY: usize = roster::MAX_BYTES + 64 * 1024;

pub fn routes() -> Router<MainApp> {
    let one = "/main/admin/accounts/{user}";
    Router::new()
        .route("/main/admin", get(list))
        .route("/main/admin/new", get(account::blank).post(account::create))
        .route(one, get(account::show))
        .route(&format!("{one}/edit"), get(account::draft).post(account::edit))
        .route(
            &format!("{one}/{{change}}"),
            get(account::confirm).post(account::carry_out),
        )
        .route(
            "/main/admin/import",
            get(import::blank)
                .post(import::import)
                .layer(DefaultBodyLimit::max(IMPORT_BODY)),
        )
}

#[derive(Template)]
#[template(path = "admin.html")]
struct ListPage<'a> {
    who: Who,
    agency: &'a str,
    search: &'a str,
    accounts: Vec<Summary>,
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    search: String,
}

async fn list(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Query(Search { search }): Query<Search>,
) -> Result<Response, PageError> {
    let agency = &visit.account.profile.agency;
    draw(&ListPage {
        who: Who::of(&visit),
        agency,
        search: search.trim(),
        accounts: admin::summaries(&app, Some(agency), &search).await?,
    })
}

/// An account of the supervisor's agency. One of another agency is as good as none.
async fn subject(app: &MainApp, visit: &Visit, user: &str) -> Result<AccountRow, PageError> {
    let user: UserId = user.parse().map_err(|_| PageError::NotFound)?;
    let mut connection = app.store.read().await?;
    store::accounts::by_id(&mut connection, user)
        .await?
        .filter(|account| account.profile.agency == visit.account.profile.agency)
        .ok_or(PageError::NotFound)
}
