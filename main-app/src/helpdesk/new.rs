//! A new request: from the e-mail that was pasted, or by hand for a user who calls.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::UserId;
use protocol::reset_mail::{self, PHONE_DIGITS, ResetMail, phone_digits};
use roster::{squeeze, wrong_text};
use serde::Deserialize;
use uuid::Uuid;

use super::letter::{self, Letter};
use crate::MainApp;
use crate::admin::{self, Received};
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{Clerk, Visit};
use crate::pages::{Who, draw};
use crate::secret;

#[derive(Template)]
#[template(path = "helpdesk_new.html")]
struct NewPage<'a> {
    who: Who,
    place: &'static str,
    draft: Draft,
    /// The form comes from an e-mail that was pasted just now.
    pasted: Option<&'a str>,
    has_several: bool,
    faults: Faults,
    ask: Option<Letter>,
    submission: Uuid,
}

/// A request as it is typed.
#[derive(Clone, Default, Deserialize)]
struct Draft {
    full_name: String,
    agency: String,
    branch: String,
    phone: String,
    sender: String,
    #[serde(default)]
    someone_else: Option<String>,
    /// The account that the clerk came from; empty where there is none.
    #[serde(default)]
    account: String,
}

#[derive(Default)]
struct Faults(Vec<Fault>);

/// What is wrong with a field, and what it is called in an e-mail that asks for it.
struct Fault {
    field: &'static str,
    message: &'static str,
    called: &'static str,
}

impl Faults {
    fn of(&self, field: &str) -> Option<&str> {
        let fault = self.0.iter().find(|fault| fault.field == field)?;
        Some(fault.message)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Draft {
    fn mail(&self) -> ResetMail {
        ResetMail {
            full_name: squeeze(&self.full_name),
            agency: squeeze(&self.agency),
            branch: squeeze(&self.branch),
            phone: squeeze(&self.phone),
            for_someone_else: self.someone_else.is_some(),
        }
    }

    fn faults(&self) -> Faults {
        let mail = self.mail();
        let mut faults = Vec::new();
        let mut add = |field, message, called| {
            faults.push(Fault {
                field,
                message,
                called,
            });
        };
        if mail.full_name.is_empty() {
            add("full_name", "Enter the user's full name.", "the user's full name");
        }
        if mail.agency.is_empty() && self.account.is_empty() {
            add(
                "agency",
                "Enter the name of the agency.",
                "the agency and, where it has several, the branch",
            );
        }
        let (none, own) = match mail.for_someone_else {
            true => (
                "Enter the user's own phone number: somebody else asks, and the user has to answer in person.",
                "the user's own phone number with area code",
            ),
            false => (
                "Enter the number at which the user is called.",
                "a phone number with area code",
            ),
        };
        match phone_digits(&mail.phone).len() {
            0 => add("phone", none, own),
            digits if digits < *PHONE_DIGITS.start() => {
                add(
                    "phone",
                    "Add the area code: the number needs 10 digits at least.",
                    own,
                );
            }
            digits if digits > *PHONE_DIGITS.end() => add("phone", "This number has too many digits.", own),
            _ => {}
        }
        let sender = self.sender.trim();
        if !sender.is_empty() && (!sender.contains('@') || sender.contains(char::is_whitespace)) {
            add(
                "sender",
                "Enter an e-mail address, or leave it empty.",
                "your e-mail address",
            );
        }
        for (field, text, called) in [
            ("full_name", &mail.full_name, "the user's full name"),
            ("agency", &mail.agency, "the agency"),
            ("branch", &mail.branch, "the branch"),
            ("phone", &mail.phone, "a phone number with area code"),
            ("sender", &self.sender, "your e-mail address"),
        ] {
            if let Some(message) = wrong_text(text) {
                add(field, message, called);
            }
        }
        Faults(faults)
    }
}

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    account: String,
}

/// An empty form, or one with what is known of an account.
pub async fn blank(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Query(From { account }): Query<From>,
) -> Result<Response, PageError> {
    let mut draft = Draft::default();
    if !account.is_empty() {
        let known = super::subject(&app, &visit, &account).await?;
        draft = Draft {
            full_name: known.profile.full_name,
            agency: known.profile.agency,
            branch: known.profile.branch,
            phone: known.profile.phone,
            account: known.user_id.to_string(),
            ..Draft::default()
        };
    }
    page(&visit, draft, None, false, Faults::default())
}

#[derive(Deserialize)]
pub struct Pasted {
    text: String,
}

/// Recognises the fields of an e-mail. Nothing is kept yet.
pub async fn read(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Posted(Pasted { text }): Posted<Pasted>,
) -> Result<Response, PageError> {
    let read = reset_mail::read(&text);
    let is_ours = read.sender.eq_ignore_ascii_case(&app.settings.helpdesk_email);
    let draft = Draft {
        full_name: read.mail.full_name,
        agency: read.mail.agency,
        branch: read.mail.branch,
        phone: read.mail.phone,
        sender: if is_ours { String::new() } else { read.sender },
        someone_else: read.mail.for_someone_else.then(|| "on".to_owned()),
        account: String::new(),
    };
    let faults = draft.faults();
    page(&visit, draft, Some(&text), read.has_several, faults)
}

#[derive(Deserialize)]
pub struct Submission {
    submission: Uuid,
    #[serde(flatten)]
    draft: Draft,
}

pub async fn create(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Posted(Submission { submission, draft }): Posted<Submission>,
) -> Result<Response, PageError> {
    let faults = draft.faults();
    if !faults.is_empty() {
        return page(&visit, draft, None, false, faults);
    }
    let account: Option<UserId> = match draft.account.as_str() {
        "" => None,
        text => Some(super::subject(&app, &visit, text).await?.user_id),
    };
    let checked = admin::CheckedRequest {
        mail: draft.mail(),
        sender: draft.sender.trim().to_owned(),
        account,
    };
    match admin::receive(&app, visit.account.user_id, &checked, submission).await? {
        Received::Done(number) => {
            Ok(Redirect::to(&format!("/main/helpdesk/requests/{number}")).into_response())
        }
        Received::Repeated => Err(PageError::Elsewhere("/main/helpdesk")),
        Received::OwnAccount => Err(PageError::OwnAccount),
    }
}

fn page(
    visit: &Visit,
    draft: Draft,
    pasted: Option<&str>,
    has_several: bool,
    faults: Faults,
) -> Result<Response, PageError> {
    let status = match (faults.is_empty(), pasted) {
        (false, None) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let missing: Vec<&str> = faults.0.iter().map(|fault| fault.called).collect();
    // Whom a clerk hears on the phone can be asked there.
    let is_by_mail = pasted.is_some() || !draft.sender.trim().is_empty();
    let ask = (is_by_mail && !missing.is_empty())
        .then(|| letter::question(&draft.mail(), draft.sender.trim(), &missing));
    let page = draw(&NewPage {
        who: Who::of(visit),
        place: "requests",
        draft,
        pasted,
        has_several,
        faults,
        ask,
        submission: secret::uuid()?,
    })?;
    Ok((status, page).into_response())
}
