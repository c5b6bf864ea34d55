//! A form that a page of ours has sent: right origin, right token, and then its fields.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

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

/// The file of a form of somebody who has signed in, and the form's own id, under which it is carried out once.
pub struct PostedFile {
    pub submission: Uuid,
    pub bytes: Bytes,
}

impl FromRequest<MainApp> for PostedFile {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &MainApp) -> Result<Self, PageError> {
        if !host::is_own_origin(request.headers(), request.uri(), app.main_origin.as_ref()) {
            return Err(PageError::Foreign);
        }
        let cookie = cookie(app, request.headers(), SESSION).map(str::to_owned);
        let mut parts = Multipart::from_request(request, app)
            .await
            .map_err(|_| PageError::Malformed("This form was not sent as a form with a file."))?;
        let (mut token, mut submission, mut file) = (None, None, None);
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(broken)?;
            match name.as_str() {
                "token" => token = Some(bytes),
                "submission" => submission = Some(bytes),
                "file" => file = Some(bytes),
                _ => {}
            }
        }
        let token = token.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        let is_ours = cookie
            .zip(token)
            .is_some_and(|(cookie, token)| is_form_token(app, SESSION, &cookie, &token));
        if !is_ours {
            return Err(PageError::Outdated);
        }
        let missing = PageError::Malformed("A field of this form is missing or wrong.");
        let submission = submission.and_then(|bytes| Uuid::try_parse_ascii(&bytes).ok());
        match (submission, file) {
            (Some(submission), Some(bytes)) => Ok(Self { submission, bytes }),
            _ => Err(missing),
        }
    }
}

fn broken(error: MultipartError) -> PageError {
    PageError::Malformed(match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            "This file is larger than 1 MiB. Nothing was imported; split it into several files."
        }
        _ => "This form broke off before its end.",
    })
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
    let cookie = cookie(app, request.headers(), cookie_name).map(str::to_owned);
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
