//! A lost tablet, at the helpdesk: asked once more, and revoked or allowed again.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{subject, words};
use crate::MainApp;
use crate::admin::{self, TabletChange};
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::Clerk;
use crate::pages::{Who, draw};

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    who: Who,
    title: String,
    explained: &'static [&'static str],
    action: String,
    button: &'static str,
    tablet: String,
    back: String,
}

#[derive(Deserialize)]
pub struct OfTablet {
    #[serde(default)]
    tablet: String,
}

fn is_revoking(change: &str) -> Result<bool, PageError> {
    match change {
        "revoke-tablet" => Ok(true),
        "allow-tablet" => Ok(false),
        _ => Err(PageError::NotFound),
    }
}

pub async fn confirm(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path((user, change)): Path<(String, String)>,
    Query(OfTablet { tablet }): Query<OfTablet>,
) -> Result<Response, PageError> {
    let revokes = is_revoking(&change)?;
    let account = subject(&app, &visit, &user).await?;
    let known = admin::tablets_of(&app, account.user_id).await?;
    if !known.iter().any(|row| admin::mark(row.device) == tablet) {
        return Err(PageError::NotFound);
    }
    let (title, explained, button) = if revokes {
        (
            format!("Revoke the tablet {tablet}?"),
            &words::REVOKING[..],
            "Revoke tablet",
        )
    } else {
        (
            format!("Allow the tablet {tablet} again?"),
            &words::ALLOWING[..],
            "Allow tablet again",
        )
    };
    draw(&ConfirmPage {
        who: Who::of(&visit),
        title,
        explained,
        action: format!("/main/helpdesk/accounts/{}/{change}", account.user_id),
        button,
        tablet,
        back: format!("/main/helpdesk/accounts/{}", account.user_id),
    })
}

pub async fn carry_out(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Path((user, change)): Path<(String, String)>,
    Posted(OfTablet { tablet }): Posted<OfTablet>,
) -> Result<Response, PageError> {
    let revokes = is_revoking(&change)?;
    let account = subject(&app, &visit, &user).await?;
    let by = Some(visit.account.user_id);
    let changed = if revokes {
        admin::revoke(&app, by, account.user_id, &tablet).await?
    } else {
        admin::allow(&app, by, account.user_id, &tablet).await?
    };
    if changed == TabletChange::NoTablet {
        return Err(PageError::NotFound);
    }
    let next = format!("/main/helpdesk/accounts/{}", account.user_id);
    Ok(Redirect::to(&next).into_response())
}
