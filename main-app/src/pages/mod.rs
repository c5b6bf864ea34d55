//! The pages under `/main`, drawn by the server and without a script: sign-in, forced change of password, home, one's
//! own account. The helpdesk's are in `helpdesk`, the supervisors' in `administration`.
//!
//! What every page has to do is in the types: [`session`] says who is looking, and [`posted`] takes a form only from a
//! page of ours.

mod account;
mod assets;
pub mod error;
mod home;
mod password;
pub mod posted;
pub mod session;
mod sign_in;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::MainApp;
use crate::administration;
use crate::fault::Fault;
use crate::helpdesk;
use crate::rehearsal;
use crate::web::headers::{self, PAGE_POLICY};
use error::PageError;
use session::Visit;

pub use home::role_titles;
pub use sign_in::{CRITICAL, INCORRECT, LOCKED};

/// Forms here are a few short fields.
const BODY_LIMIT: usize = 16 * 1024;

/// Everything under `/main`.
pub fn routes() -> Router<MainApp> {
    Router::new()
        .route("/main", get(|| async { Redirect::permanent("/main/") }))
        .route("/main/", get(home::home_or_sign_in))
        .route(
            "/main/sign-in",
            get(|| async { Redirect::to("/main/") }).post(sign_in::sign_in),
        )
        .route("/main/sign-out", post(home::sign_out))
        .route("/main/password", get(password::show).post(password::change))
        .route("/main/changed", get(password::changed))
        .route("/main/account", get(account::show))
        .route(
            "/main/account/password",
            get(account::password).post(account::change_password),
        )
        .route(
            "/main/account/security",
            get(account::security).post(account::set_security),
        )
        .merge(administration::routes())
        .merge(helpdesk::routes())
        .merge(rehearsal::routes())
        .merge(assets::routes())
        .route(
            "/main/{*rest}",
            axum::routing::any(|| async { PageError::NotFound }),
        )
        .method_not_allowed_fallback(|| async { PageError::WrongMethod })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(page_policy))
        .layer(middleware::from_fn(headers::no_store))
}

/// A policy that a page brings along stays.
async fn page_policy(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(PAGE_POLICY));
    response
}

/// Draws a page.
pub fn draw(page: &impl Template) -> Result<Response, PageError> {
    Ok(Html(page.render().map_err(Fault::from)?).into_response())
}

/// What the head of a page says of its visitor, and the token of its forms.
pub struct Who {
    pub full_name: String,
    pub token: String,
    /// There is a rehearsal to lead the helpdesk to.
    pub rehearses: bool,
}

impl Who {
    pub fn of(visit: &Visit) -> Self {
        Self {
            full_name: visit.account.profile.full_name.clone(),
            token: visit.form_token.clone(),
            rehearses: visit.rehearses,
        }
    }
}
