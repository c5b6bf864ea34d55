//! `POST /api/sign-in`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::{
    DataKey, ErrorBody, Granted, LOGIN_MAX_BYTES, Secret32, SessionToken, SignInReply, SignInRequest,
    SignInVerdict, canonical_login,
};

use super::{Attempt, Door, Grant, Opened, Unanswered, Verdict};
use crate::MainApp;
use crate::fault::Fault;
use crate::tablet::Lost;
use crate::version::{self, Spoken};
use crate::web::address::Peer;
use crate::web::cookie;
use crate::web::json::{ApiError, Body};

/// One attempt to sign in from a tablet.
///
/// Every verdict is a 200 that echoes `attempt_id`. Anything else is no answer: it costs no strike, and the tablet goes
/// on as if the main application had not been reached.
#[utoipa::path(
    post,
    path = "/api/sign-in",
    tag = "tablet",
    request_body = SignInRequest,
    responses(
        (status = 200, description = "The verdict", body = SignInReply),
        (status = 400, description = "Malformed; a version that is not spoken; an empty or too long login or password", body = ErrorBody),
        (status = 403, description = "This tablet has been revoked (tablet_revoked); sent by a page of another site (foreign_origin)", body = ErrorBody),
        (status = 409, description = "This attempt_id was answered with ok before, or is being answered", body = ErrorBody),
        (status = 413, description = "Larger than 16 KiB", body = ErrorBody),
        (status = 415, description = "Not application/json", body = ErrorBody),
        (status = 429, description = "Too many attempts; the password was not looked at. Retry-After says how many seconds to wait", body = ErrorBody),
        (status = 503, description = "The database does not answer", body = ErrorBody),
    )
)]
pub async fn sign_in(
    State(app): State<MainApp>,
    Peer(address): Peer,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if version::of(&body)? != Spoken::Yes {
        return Err(ApiError::bad(
            "version_not_supported",
            "This version of the exchange is not spoken here. Update Mobile Assessments.",
        ));
    }
    let request: SignInRequest = body.parse()?;
    let login = canonical_login(&request.login);
    if login.is_empty() || login.len() > LOGIN_MAX_BYTES {
        return Err(ApiError::bad("login_length", "A username has 1 to 256 bytes."));
    }
    let password = vault::native::password(&request.password)
        .map_err(|fault| ApiError::bad("password_length", fault.to_string()))?;
    let attempt = Attempt {
        id: request.attempt_id,
        login,
        password,
        door: Door::Tablet(request.device_id),
        address,
    };
    let lost = Lost::of(&app, &headers, request.device_id, request.evicted).await?;
    let verdict = match attempt.run(&app).await? {
        Verdict::Granted(grant) => {
            let mut granted = granted(*grant)?;
            if let Some(lost) = lost {
                granted.evicted = Some(lost.note(&app, granted.user_id).await?);
            }
            SignInVerdict::Ok(Box::new(granted))
        }
        Verdict::BadPassword => SignInVerdict::BadPassword,
        Verdict::Locked => SignInVerdict::Locked,
        Verdict::NoAccess(user_id) => SignInVerdict::NoAccess { user_id },
    };
    let known = matches!(verdict, SignInVerdict::Ok(_))
        .then(|| cookie::set_tablet(&app, &headers, request.device_id));
    let mut response = Json(SignInReply {
        attempt_id: request.attempt_id,
        verdict,
    })
    .into_response();
    response.headers_mut().extend(known.flatten());
    Ok(response)
}

fn granted(grant: Grant) -> Result<Granted, ApiError> {
    let Opened::Tablet { data_key, token } = grant.opened else {
        return Err(Fault::Inconsistent("a tablet was given a page's session").into());
    };
    Ok(Granted {
        user_id: grant.account.user_id,
        login: grant.account.login,
        full_name: grant.account.profile.full_name,
        epoch: grant.account.state.epoch,
        must_change: grant.account.state.must_change(),
        data_key: DataKey {
            id: data_key.id,
            key: Secret32(*data_key.key),
        },
        token: SessionToken(token),
        evicted: None,
    })
}

impl From<Unanswered> for ApiError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::Wait(wait) => Self {
                retry_after: Some(wait.seconds),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too_many_attempts",
                    format!("Too many attempts. Wait {} seconds and try again.", wait.seconds),
                )
            },
            Unanswered::InProgress => Self::new(
                StatusCode::CONFLICT,
                "attempt_in_progress",
                "This attempt is being answered.",
            ),
            Unanswered::AlreadyOk => Self::new(
                StatusCode::CONFLICT,
                "attempt_answered",
                "This attempt has been answered. Sign in anew.",
            ),
            Unanswered::Revoked => Self::new(
                StatusCode::FORBIDDEN,
                "tablet_revoked",
                "This tablet was reported lost, and nobody signs in on it. If it is found, tell the helpdesk.",
            ),
            Unanswered::Fault(fault) => fault.into(),
        }
    }
}
