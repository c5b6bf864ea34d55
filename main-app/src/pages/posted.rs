//! A form that a page of ours has sent: right origin, right token, and then its fields.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::MainApp;
use crate::pages::error::PageError;
use crate::pages::session::{SESSION, VISITOR, cookie, is_form_token};
use crate::web::host;

/// The fields of a form of somebody who has signed in.
pub struct Posted<T>(pub T);

/// The fields of the sign-in form.
pub struct PostedByVisitor<T>(pub T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

impl<T: DeserializeOwned> FromRequest<MainApp> for Posted<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &MainApp) -> Result<Self, PageError> {
        take(request, app, SESSION).await.map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<MainApp> for PostedByVisitor<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &MainApp) -> Result<Self, PageError> {
        take(request, app, VISITOR).await.map(Self)
    }
}

/// Takes a form whose token belongs to the cookie of that name.
async fn take<T: DeserializeOwned>(
    request: Request,
    app: &MainApp,
    cookie_name: &str,
) -> Result<T, PageError> {
    if !host::is_own_origin(request.headers(), request.uri(), app.main_origin.as_ref()) {
        return Err(PageError::Foreign);
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| {
            media
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
    if !is_form {
        return Err(PageError::Malformed("This form was not sent as a form."));
    }
    let cookie = cookie(request.headers(), cookie_name).map(str::to_owned);
    let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
        PageError::Malformed(match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "This form is too large.",
            _ => "This form broke off before its end.",
        })
    })?;
    let sent: Token = fields(&bytes)?;
    if !cookie.is_some_and(|value| is_form_token(app, cookie_name, &value, &sent.token)) {
        return Err(PageError::Outdated);
    }
    fields(&bytes)
}

fn fields<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PageError> {
    serde_urlencoded::from_bytes(bytes)
        .map_err(|_| PageError::Malformed("A field of this form is missing or wrong."))
}
