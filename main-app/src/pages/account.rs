//! `/main/account`: one's own data, a new password of one's own accord, and the security question. What changes
//! something asks for the present password, and a wrong one there is a strike as anywhere.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::AttemptId;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::MainApp;
use crate::admin::{self, ANSWER_MAX_CHARS, Full, QUESTION_MAX_CHARS};
use crate::auth::policy::{self, Broken};
use crate::auth::{Attempt, Door, Unanswered, Verdict};
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{SESSION, SignedIn, Visit, set_cookie};
use crate::pages::sign_in::LOCKED;
use crate::pages::{Who, draw};
use crate::secret;
use crate::web::address::Peer;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    who: Who,
    full: Full,
}

#[derive(Template)]
#[template(path = "account_password.html")]
struct PasswordPage<'a> {
    who: Who,
    login: &'a str,
    min_chars: usize,
    attempt: AttemptId,
    current_fault: Option<String>,
    new_faults: Vec<&'static str>,
    again_fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "account_security.html")]
struct SecurityPage<'a> {
    who: Who,
    attempt: AttemptId,
    question: &'a str,
    question_fault: Option<&'static str>,
    answer_fault: Option<&'static str>,
    current_fault: Option<String>,
}

pub async fn show(State(app): State<MainApp>, SignedIn(visit): SignedIn) -> Result<Response, PageError> {
    let full = admin::full(&app, visit.account.user_id).await?;
    draw(&AccountPage {
        who: Who::of(&visit),
        full: full.ok_or(PageError::NotFound)?,
    })
}

#[derive(Deserialize)]
pub struct PasswordFields {
    attempt: AttemptId,
    current_password: Zeroizing<String>,
    new_password: Zeroizing<String>,
    new_password_again: Zeroizing<String>,
}

pub async fn password(SignedIn(visit): SignedIn) -> Result<Response, PageError> {
    password_page(&visit, None, Vec::new(), None)
}

pub async fn change_password(
    State(app): State<MainApp>,
    SignedIn(visit): SignedIn,
    Peer(address): Peer,
    Posted(fields): Posted<PasswordFields>,
) -> Result<Response, PageError> {
    let account = &visit.account;
    let mut faults: Vec<_> = policy::broken(&fields.new_password, &account.login)
        .iter()
        .map(Broken::message)
        .collect();
    if faults.is_empty() && fields.new_password == fields.current_password {
        faults.push(Broken::Present.message());
    }
    let again = (fields.new_password != fields.new_password_again)
        .then_some("The two passwords are not the same. Type the new one again.");
    let new = vault::native::password(&fields.new_password).map(Arc::new);
    let (true, None, Ok(new)) = (faults.is_empty(), again, new) else {
        return password_page(&visit, None, faults, again);
    };
    if let Some(why) = is_no_longer(&app, &visit, address, fields.attempt, &fields.current_password).await? {
        return password_page(&visit, Some(why), Vec::new(), None);
    }
    let Some(turn) = app.hasher.turn().await else {
        return Err(PageError::Busy);
    };
    match admin::change_password(&app, &turn, account.user_id, account.state.epoch, new).await? {
        admin::Changed::Done { cookie } => {
            let mut response = Redirect::to("/main/changed").into_response();
            set_cookie(&app, &mut response, SESSION, &cookie)?;
            Ok(response)
        }
        // A reset, a lock or a deactivation came first: the sign-in page says which.
        admin::Changed::No(_) => Err(PageError::Elsewhere("/main/")),
    }
}

fn password_page(
    visit: &Visit,
    current_fault: Option<String>,
    new_faults: Vec<&'static str>,
    again_fault: Option<&'static str>,
) -> Result<Response, PageError> {
    draw(&PasswordPage {
        who: Who::of(visit),
        login: &visit.account.login,
        min_chars: policy::MIN_CHARS,
        attempt: AttemptId(secret::uuid()?),
        current_fault,
        new_faults,
        again_fault,
    })
}

#[derive(Deserialize)]
pub struct SecurityFields {
    attempt: AttemptId,
    question: String,
    answer: Zeroizing<String>,
    current_password: Zeroizing<String>,
}

pub async fn security(SignedIn(visit): SignedIn) -> Result<Response, PageError> {
    let question = visit
        .account
        .security
        .as_ref()
        .map(|security| security.question.clone())
        .unwrap_or_default();
    security_page(&visit, &question, None, None, None)
}

pub async fn set_security(
    State(app): State<MainApp>,
    SignedIn(visit): SignedIn,
    Peer(address): Peer,
    Posted(fields): Posted<SecurityFields>,
) -> Result<Response, PageError> {
    let question = fields.question.split_whitespace().collect::<Vec<_>>().join(" ");
    let question_fault = match question.chars().count() {
        0 => Some("Enter a question."),
        1..=QUESTION_MAX_CHARS => None,
        _ => Some("Enter a shorter question. The longest has 200 characters."),
    };
    let answer = admin::normal_answer(&fields.answer);
    let answer_fault = match (&answer, fields.answer.chars().count()) {
        (Some(_), _) => None,
        (None, 0..=ANSWER_MAX_CHARS) => Some("Enter an answer."),
        (None, _) => Some("Enter a shorter answer. The longest has 200 characters."),
    };
    let (None, Some(answer)) = (question_fault, answer) else {
        return security_page(&visit, &question, question_fault, answer_fault, None);
    };
    if let Some(why) = is_no_longer(&app, &visit, address, fields.attempt, &fields.current_password).await? {
        return security_page(&visit, &question, None, None, Some(why));
    }
    let Some(turn) = app.hasher.turn().await else {
        return Err(PageError::Busy);
    };
    admin::set_security(&app, &turn, visit.account.user_id, &question, answer).await?;
    Ok(Redirect::to("/main/account").into_response())
}

fn security_page(
    visit: &Visit,
    question: &str,
    question_fault: Option<&'static str>,
    answer_fault: Option<&'static str>,
    current_fault: Option<String>,
) -> Result<Response, PageError> {
    draw(&SecurityPage {
        who: Who::of(visit),
        attempt: AttemptId(secret::uuid()?),
        question,
        question_fault,
        answer_fault,
        current_fault,
    })
}

/// Why whoever holds the session cannot be taken for its user; `None`: the present password is right.
async fn is_no_longer(
    app: &MainApp,
    visit: &Visit,
    address: Option<IpAddr>,
    id: AttemptId,
    typed: &str,
) -> Result<Option<String>, PageError> {
    let Ok(password) = vault::native::password(typed) else {
        return Ok(Some("Enter your present password.".into()));
    };
    let attempt = Attempt {
        id,
        login: visit.account.login.clone(),
        password,
        door: Door::Again,
        address,
    };
    let why = match attempt.run(app).await {
        Ok(Verdict::Granted(_)) => return Ok(None),
        Ok(Verdict::BadPassword) => {
            "This is not your present password. The third wrong one in a row locks the account.".into()
        }
        Ok(Verdict::Locked) => LOCKED.into(),
        Ok(Verdict::NoAccess(_)) => return Err(PageError::Elsewhere("/main/")),
        Err(Unanswered::Wait(wait)) => {
            format!("Too many attempts. Wait {} seconds and try again.", wait.seconds)
        }
        Err(Unanswered::AlreadyOk | Unanswered::InProgress | Unanswered::Revoked) => {
            "This form was sent before. Enter your present password again.".into()
        }
        Err(Unanswered::Fault(fault)) => return Err(fault.into()),
    };
    Ok(Some(why))
}
