//! Pages that say why there is no page.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::fault::Fault;

/// Why a page is not shown.
#[derive(Debug)]
pub enum PageError {
    NotFound,
    WrongMethod,
    /// The form did not come from a page of ours.
    Foreign,
    /// The form is of an earlier session.
    Outdated,
    Malformed(&'static str),
    /// The page needs a role that the visitor does not have.
    Role,
    /// Nobody resets their own account.
    OwnAccount,
    /// Nobody deactivates themselves or changes their own roles.
    OwnRights,
    /// A reset that may be carried out once was sent again.
    Repeated,
    /// An account that may be made once was sent again.
    CreatedBefore,
    /// A file that may be imported once was sent again.
    ImportedBefore,
    /// Rehearsals are turned off.
    NoRehearsal,
    /// Somebody else comes first; try again.
    Busy,
    Fault(Fault),
    /// Not an error for people: they belong on another page.
    Elsewhere(&'static str),
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    title: &'static str,
    text: &'static str,
    href: &'static str,
    link: &'static str,
}

impl<E: Into<Fault>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

impl PageError {
    fn describe(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "Page not found",
                "There is nothing at this address.",
            ),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "Not possible",
                "This address does not answer this method.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "Refused",
                "This form did not come from a page of the main application.",
            ),
            Self::Outdated => (
                StatusCode::FORBIDDEN,
                "This page was out of date",
                "Nothing was changed. Open the page again and repeat what you did.",
            ),
            Self::Malformed(why) => (StatusCode::BAD_REQUEST, "Not understood", why),
            Self::Role => (
                StatusCode::FORBIDDEN,
                "No permission",
                "Your account does not have the role that this page is for.",
            ),
            Self::OwnAccount => (
                StatusCode::FORBIDDEN,
                "Not your own account",
                "Nobody resets their own password here. Ask another clerk.",
            ),
            Self::Repeated => (
                StatusCode::CONFLICT,
                "This reset has been carried out",
                "Its temp password was shown once and cannot be shown again. If nobody took it down, enter a new request.",
            ),
            Self::OwnRights => (
                StatusCode::FORBIDDEN,
                "Not your own account",
                "Nobody deactivates their own account here. Ask another supervisor.",
            ),
            Self::CreatedBefore => (
                StatusCode::CONFLICT,
                "This account has been created",
                "Its temp password was shown once and cannot be shown again. If nobody took it down, ask the helpdesk for a reset.",
            ),
            Self::ImportedBefore => (
                StatusCode::CONFLICT,
                "This file has been imported",
                "Nothing was imported a second time. To import another file, open the import page again.",
            ),
            Self::NoRehearsal => (
                StatusCode::NOT_FOUND,
                "No rehearsal here",
                "This main application was started without a rehearsal. Whoever runs it can turn it on.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Busy",
                "The main application is busy. Nothing was changed; try again in a moment.",
            ),
            Self::Fault(fault) if fault.is_passing() => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Not available",
                "The main application cannot answer just now. Nothing was changed; try again in a moment.",
            ),
            Self::Fault(_) | Self::Elsewhere(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "The main application failed to answer. Its log has the cause.",
            ),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match &self {
            Self::Elsewhere(path) => return Redirect::to(path).into_response(),
            Self::Fault(fault) => tracing::error!(%fault, "a page failed"),
            _ => {}
        }
        let (status, title, text) = self.describe();
        let (href, link) = match self {
            Self::Repeated | Self::OwnAccount => ("/main/helpdesk", "Back to the helpdesk"),
            Self::OwnRights | Self::CreatedBefore | Self::ImportedBefore => {
                ("/main/admin", "Back to the accounts")
            }
            _ => ("/main/", "Home"),
        };
        let page = Message {
            title,
            text,
            href,
            link,
        };
        // A template without a loop or a filter does not fail; the words alone would do if it did.
        let body = page.render().unwrap_or_else(|_| text.to_owned());
        let mut response = (status, Html(body)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}
