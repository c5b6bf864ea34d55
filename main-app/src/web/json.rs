//! JSON under `/api`: what is asked in a body, and `{code, message}` for every 4xx and 5xx.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::ErrorBody;
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// A body that has not come in whole after this long is not waited for.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A 4xx or 5xx with its body.
#[derive(Debug)]
pub struct ApiError {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: String,
    pub retry_after: Option<u32>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after: None,
        }
    }

    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing at this address.",
        )
    }

    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This address does not answer this method.",
        )
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            code: self.code.into(),
            message: self.message,
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        tracing::error!(%fault, "a request failed");
        if fault.is_passing() {
            Self {
                retry_after: Some(2),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "The main application cannot answer just now. Nothing was changed; try again in a moment.",
                )
            }
        } else {
            Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "The main application failed to answer. Its log has the cause.",
            )
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        Fault::from(error).into()
    }
}

/// A body of JSON, not yet read as anything: `version` is looked at before the rest has to fit.
pub struct Body(Bytes);

impl Body {
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.0).map_err(|error| ApiError::bad("malformed", describe(&error)))
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "Send the header Content-Type: application/json.",
            ));
        }
        let read = tokio::time::timeout(BODY_TIMEOUT, Bytes::from_request(request, state)).await;
        let bytes = read.map_err(|_| {
            ApiError::new(
                StatusCode::REQUEST_TIMEOUT,
                "too_slow",
                "The request did not arrive in time.",
            )
        })?;
        bytes.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "The request is too large.",
            ),
            _ => ApiError::bad("unreadable", "The request broke off before its end."),
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

/// Says what is wrong with a body without repeating what it holds: it may hold a password.
fn describe(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Data => {
            let text = error.to_string();
            let text = text.split(" at line ").next().unwrap_or_default();
            match (text.strip_prefix("missing field "), text.rsplit_once("expected ")) {
                (Some(name), _) => format!("The field {name} is missing."),
                (None, Some((_, wanted))) => format!("Expected {wanted} at {place}."),
                (None, None) => format!("A value does not fit at {place}."),
            }
        }
        Category::Syntax | Category::Eof | Category::Io => {
            format!("The body is not well-formed JSON at {place}.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_fault_and_repeats_nothing() {
        for (body, expected) in [
            ("{", "The body is not well-formed JSON at line 1, column 1."),
            ("{}", "The field `version` is missing."),
            (r#"{"version":"hunter2"}"#, "Expected u16 at line 1, column 20."),
            (r#"{"version":70000}"#, "Expected u16 at line 1, column 16."),
            (
                r#"{"version":1,"attempt_id":"hunter2"}"#,
                "A value does not fit at line 1, column 35.",
            ),
        ] {
            let error = serde_json::from_str::<protocol::SignInRequest>(body)
                .err()
                .unwrap();
            let message = describe(&error);
            assert_eq!(message, expected, "{error}");
            assert!(!message.contains("hunter2"));
        }
    }
}
