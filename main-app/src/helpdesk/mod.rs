//! `/main/helpdesk`: the queue of requests for a reset, each request to its end, the accounts, and how the day went.
//!
//! What may be done about a request is decided in `accounts::request` and carried out in `admin`; here it is drawn, and
//! forms are taken. Where to start: [`queue`], then [`request`].

mod accounts;
mod letter;
mod new;
mod queue;
mod request;
mod suggest;
mod tablets;
mod today;
pub mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use protocol::UserId;

use crate::MainApp;
use crate::fault::Fault;
use crate::pages::error::PageError;
use crate::pages::session::Visit;
use crate::store;
use crate::store::Connection;
use crate::store::accounts::AccountRow;

/// An e-mail with everything that was quoted in it; a form of it takes up to three times as much.
const PASTED_BODY: usize = 512 * 1024;

pub fn routes() -> Router<MainApp> {
    let account = "/main/helpdesk/accounts/{user}";
    let request = "/main/helpdesk/requests/{number}";
    Router::new()
        .route("/main/helpdesk", get(queue::show))
        .route("/main/helpdesk/new", get(new::blank).post(new::create))
        .route(
            "/main/helpdesk/read",
            get(new::blank)
                .post(new::read)
                .layer(DefaultBodyLimit::max(PASTED_BODY)),
        )
        .route(request, get(request::show))
        .route(
            &format!("{request}/answer"),
            get(request::back).post(request::answer),
        )
        .route(
            &format!("{request}/reset"),
            get(request::back).post(request::reset),
        )
        .route(
            &format!("{request}/{{act}}"),
            get(request::back).post(request::act),
        )
        .route("/main/helpdesk/today", get(today::show))
        .route("/main/helpdesk/accounts", get(accounts::list))
        .route(account, get(accounts::show))
        .route(
            &format!("{account}/{{change}}"),
            get(tablets::confirm).post(tablets::carry_out),
        )
}

/// An account that something is done to: anybody's but the clerk's own.
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

/// The full name of whoever did something.
async fn name_of(connection: &mut Connection, user: UserId) -> Result<String, Fault> {
    let account = store::accounts::by_id(connection, user).await?;
    Ok(account.map_or_else(String::new, |account| account.profile.full_name))
}
