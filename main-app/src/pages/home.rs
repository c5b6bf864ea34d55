//! `/main/`: the sign-in page for whoever has not signed in, home for whoever has; and signing out.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::MainApp;
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{SESSION, Visit, remove_cookie};
use crate::pages::{Who, draw, sign_in};
use crate::store;
use crate::store::accounts::Role;
use crate::store::audit::{self, Action, Entry};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    who: Who,
    login: &'a str,
    roles: String,
    is_helpdesk: bool,
    is_supervisor: bool,
    rehearses: bool,
    app_url: &'a str,
}

#[derive(Deserialize)]
pub struct To {
    #[serde(default)]
    to: String,
}

pub async fn home_or_sign_in(
    State(app): State<MainApp>,
    to: Result<Query<To>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let Some(visit) = Visit::of(&app, &headers).await? else {
        let to = to.map(|Query(to)| to.to).unwrap_or_default();
        return sign_in::page(&app, &headers, "", &to, None);
    };
    if visit.account.state.must_change() {
        return Err(PageError::Elsewhere("/main/password"));
    }
    draw(&Home {
        who: Who::of(&visit),
        login: &visit.account.login,
        roles: role_titles(&visit.account.roles),
        is_helpdesk: visit.account.has(Role::Helpdesk),
        is_supervisor: visit.account.has(Role::Supervisor),
        rehearses: app.rehearsal.is_some(),
        app_url: &app.app_url,
    })
}

#[derive(Deserialize)]
pub struct Nothing {}

pub async fn sign_out(
    State(app): State<MainApp>,
    visit: Visit,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageError> {
    let mut tx = app.store.write().await?;
    store::page_sessions::end(&mut tx, &visit.id_hash).await?;
    let entry = Entry {
        at: app.now(),
        actor: Some(visit.account.user_id),
        action: Action::SignedOut,
        subject: Some(visit.account.user_id),
        detail: serde_json::json!({ "via": "page" }),
    };
    audit::add(&mut tx, entry).await?;
    tx.commit().await?;
    let mut response = Redirect::to("/main/").into_response();
    remove_cookie(&app, &mut response, SESSION)?;
    Ok(response)
}

/// For people: "Field staff, Supervisor".
pub fn role_titles(roles: &[Role]) -> String {
    roles
        .iter()
        .map(|role| role.title())
        .collect::<Vec<_>>()
        .join(", ")
}
