//! The sign-in page: the same transitions and strikes as for tablets, and the same three messages.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use protocol::{AttemptId, LOGIN_MAX_BYTES, canonical_login};
use serde::Deserialize;
use vault::PasswordFault;
use zeroize::Zeroizing;

use crate::MainApp;
use crate::auth::{Attempt, Door, Opened, Unanswered, Verdict};
use crate::fault::Fault;
use crate::pages::draw;
use crate::pages::error::PageError;
use crate::pages::posted::PostedByVisitor;
use crate::pages::session::{SESSION, VISITOR, cookie, form_token, set_cookie};
use crate::secret;
use crate::web::address::Peer;

/// S1.
pub const INCORRECT: &str = "Username or Password is incorrect.";
/// S2.
pub const LOCKED: &str = "You cannot log into the system at this time. Contact your system administrator.";
/// S3.
pub const CRITICAL: &str = "This application has encountered a critical error. Please contact the site administrator \
     with full details of the task you are trying to carry out.";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    message: Option<Message>,
    field_faults: FieldFaults,
    login: &'a str,
    /// One drawn page is at most one counted attempt, however often its form is sent.
    attempt: AttemptId,
    token: String,
    to: &'a str,
    app_url: &'a str,
    access_request_url: &'a str,
    helpdesk_email: &'a str,
    contact: &'a str,
}

/// What stands in the alert above the fields.
pub struct Message {
    text: String,
    access_request: bool,
}

impl Message {
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            access_request: false,
        }
    }

    pub fn no_access() -> Self {
        Self {
            text: CRITICAL.into(),
            access_request: true,
        }
    }
}

#[derive(Default)]
struct FieldFaults {
    login: Option<&'static str>,
    password: Option<String>,
}

impl FieldFaults {
    fn is_empty(&self) -> bool {
        self.login.is_none() && self.password.is_none()
    }
}

#[derive(Deserialize)]
pub struct Fields {
    attempt: AttemptId,
    login: String,
    password: Zeroizing<String>,
    /// The page that was asked for before.
    #[serde(default)]
    to: String,
}

/// Draws the sign-in page. A visitor without a cookie is given one.
pub fn page(
    app: &MainApp,
    headers: &HeaderMap,
    login: &str,
    to: &str,
    message: Option<Message>,
) -> Result<Response, PageError> {
    page_with(app, headers, login, to, message, FieldFaults::default())
}

fn page_with(
    app: &MainApp,
    headers: &HeaderMap,
    login: &str,
    to: &str,
    message: Option<Message>,
    field_faults: FieldFaults,
) -> Result<Response, PageError> {
    let known = cookie(app, headers, VISITOR);
    let visitor = match known {
        Some(value) => value.to_owned(),
        None => secret::token()?,
    };
    let page = SignInPage {
        message,
        field_faults,
        login,
        attempt: AttemptId(secret::uuid()?),
        token: form_token(app, VISITOR, &visitor),
        to: destination(to).map_or("", |_| to),
        app_url: &app.app_url,
        access_request_url: &app.settings.access_request_url,
        helpdesk_email: &app.settings.helpdesk_email,
        contact: &app.settings.contact,
    };
    let mut response = draw(&page)?;
    if known.is_none() {
        set_cookie(app, &mut response, VISITOR, &visitor)?;
    }
    Ok(response)
}

/// Where a word in the address leads after the sign-in; never an address itself.
fn destination(word: &str) -> Option<&'static str> {
    match word {
        "helpdesk" => Some("/main/helpdesk"),
        "admin" => Some("/main/admin"),
        "rehearsal" => Some("/main/rehearsal"),
        _ => None,
    }
}

pub async fn sign_in(
    State(app): State<MainApp>,
    Peer(address): Peer,
    headers: HeaderMap,
    form: Result<PostedByVisitor<Fields>, PageError>,
) -> Result<Response, PageError> {
    let fields = match form {
        Ok(PostedByVisitor(fields)) => fields,
        // The cookie is gone or of another page: show the form anew, bound to the present one.
        Err(PageError::Outdated) => {
            let message = Message::plain("This page was out of date. Please sign in again.");
            let page = page(&app, &headers, "", "", Some(message))?;
            return Ok((StatusCode::FORBIDDEN, page).into_response());
        }
        Err(other) => return Err(other),
    };
    let login = canonical_login(&fields.login);
    let password = vault::native::password(&fields.password);
    let faults = FieldFaults {
        login: match login.len() {
            0 => Some("Enter your username."),
            1..=LOGIN_MAX_BYTES => None,
            _ => Some("This username is too long."),
        },
        password: password.as_ref().err().map(PasswordFault::to_string),
    };
    let Ok(password) = password else {
        return page_with(&app, &headers, &fields.login, &fields.to, None, faults);
    };
    if !faults.is_empty() {
        return page_with(&app, &headers, "", &fields.to, None, faults);
    }
    let attempt = Attempt {
        id: fields.attempt,
        login,
        password,
        door: Door::Page,
        address,
    };
    let message = match attempt.run(&app).await {
        Ok(Verdict::Granted(grant)) => {
            let Opened::Page { cookie } = grant.opened else {
                return Err(Fault::Inconsistent("a page was given a tablet's session").into());
            };
            let next = if grant.account.state.must_change() {
                "/main/password"
            } else {
                destination(&fields.to).unwrap_or("/main/")
            };
            let mut response = Redirect::to(next).into_response();
            set_cookie(&app, &mut response, SESSION, &cookie)?;
            return Ok(response);
        }
        Ok(Verdict::BadPassword) => Message::plain(INCORRECT),
        Ok(Verdict::Locked) => Message::plain(LOCKED),
        Ok(Verdict::NoAccess(_)) => Message::no_access(),
        Err(Unanswered::Wait(wait)) => Message::plain(format!(
            "Too many attempts. Wait {} seconds and try again.",
            wait.seconds
        )),
        // The form was sent twice; the other one may have signed in already.
        Err(Unanswered::AlreadyOk | Unanswered::InProgress) => {
            return Ok(Redirect::to("/main/").into_response());
        }
        Err(Unanswered::Revoked) => return Err(Fault::Inconsistent("a page is no tablet").into()),
        Err(Unanswered::Fault(fault)) => return Err(fault.into()),
    };
    page(&app, &headers, &fields.login, &fields.to, Some(message))
}
