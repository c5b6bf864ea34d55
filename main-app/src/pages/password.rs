//! The forced change of a temp password, and the page after it.

use std::sync::Arc;

use accounts::Outcome;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::MainApp;
use crate::admin;
use crate::auth::policy::{self, Broken};
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{MustChange, SESSION, SignedIn, Visit, set_cookie};
use crate::pages::sign_in::{self, Message};
use crate::pages::{Who, draw};

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage<'a> {
    who: Who,
    login: &'a str,
    min_chars: usize,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "changed.html")]
struct Changed<'a> {
    who: Who,
    app_url: &'a str,
}

#[derive(Default)]
struct Faults {
    new: Vec<&'static str>,
    again: Option<&'static str>,
}

impl Faults {
    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.again.is_none()
    }
}

#[derive(Deserialize)]
pub struct Fields {
    new_password: Zeroizing<String>,
    new_password_again: Zeroizing<String>,
}

pub async fn show(MustChange(visit): MustChange) -> Result<Response, PageError> {
    page(&visit, Faults::default())
}

pub async fn change(
    State(app): State<MainApp>,
    MustChange(visit): MustChange,
    headers: HeaderMap,
    Posted(fields): Posted<Fields>,
) -> Result<Response, PageError> {
    let account = &visit.account;
    let mut faults = Faults {
        new: policy::broken(&fields.new_password, &account.login)
            .iter()
            .map(Broken::message)
            .collect(),
        again: (fields.new_password != fields.new_password_again)
            .then_some("The two passwords are not the same. Type the new one again."),
    };
    if !faults.is_empty() {
        return page(&visit, faults);
    }
    let Ok(new) = vault::native::password(&fields.new_password).map(Arc::new) else {
        faults.new.push(Broken::TooLong.message());
        return page(&visit, faults);
    };
    let Some(turn) = app.hasher.turn().await else {
        return Err(PageError::Busy);
    };
    if app
        .hasher
        .verify(&turn, new.clone(), Some(account.password_hash.clone()))
        .await?
    {
        faults.new.push(Broken::Temp.message());
        return page(&visit, faults);
    }
    match admin::change_password(&app, &turn, account.user_id, account.state.epoch, new).await? {
        admin::Changed::Done { cookie } => {
            let mut response = Redirect::to("/main/changed").into_response();
            set_cookie(&app, &mut response, SESSION, &cookie)?;
            Ok(response)
        }
        admin::Changed::No(Outcome::Locked) => {
            sign_in::page(&app, &headers, "", "", Some(Message::plain(sign_in::LOCKED)))
        }
        admin::Changed::No(Outcome::NoAccess) => {
            sign_in::page(&app, &headers, "", "", Some(Message::no_access()))
        }
        // A reset came first: this session is over, and its temp password too.
        admin::Changed::No(_) => Err(PageError::Elsewhere("/main/")),
    }
}

pub async fn changed(State(app): State<MainApp>, SignedIn(visit): SignedIn) -> Result<Response, PageError> {
    draw(&Changed {
        who: Who::of(&visit),
        app_url: &app.app_url,
    })
}

fn page(visit: &Visit, faults: Faults) -> Result<Response, PageError> {
    draw(&PasswordPage {
        who: Who::of(visit),
        login: &visit.account.login,
        min_chars: policy::MIN_CHARS,
        faults,
    })
}
