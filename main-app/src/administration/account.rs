//! One account: its page, its forms, and what needs a second look before it is done.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use protocol::UserId;
use roster::{Draft, Field, FieldFault};
use serde::Deserialize;
use uuid::Uuid;

use super::subject;
use crate::MainApp;
use crate::admin::{self, Created, Full, TabletChange};
use crate::helpdesk::words;
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{Supervisor, Visit};
use crate::pages::{Who, draw};
use crate::secret;
use crate::store::accounts::{AccountRow, Role};

#[derive(Template)]
#[template(path = "admin_account.html")]
struct AccountPage {
    who: Who,
    full: Full,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "admin_form.html")]
struct FormPage<'a> {
    who: Who,
    /// `None`: a new account.
    user: Option<UserId>,
    agency: &'a str,
    draft: Draft,
    faults: Faults,
    is_staff: bool,
    is_supervisor: bool,
    is_own: bool,
    submission: Uuid,
}

/// What is wrong with a form, for the summary at its head and beside each field.
#[derive(Default)]
struct Faults(Vec<FieldFault>);

impl Faults {
    fn of(&self, name: &str) -> Option<&str> {
        let fault = self.0.iter().find(|fault| fault.field.name() == name)?;
        Some(&fault.message)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

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

#[derive(Template)]
#[template(path = "first_password.html")]
struct FirstPasswordPage<'a> {
    who: Who,
    full_name: &'a str,
    login: &'a str,
    user: UserId,
    temp: &'a str,
    validity: String,
    spelled: Vec<words::Spelled>,
}

pub async fn show(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Path(user): Path<String>,
) -> Result<Response, PageError> {
    let account = subject(&app, &visit, &user).await?;
    let full = admin::full(&app, account.user_id)
        .await?
        .ok_or(PageError::NotFound)?;
    draw(&AccountPage {
        who: Who::of(&visit),
        is_own: account.user_id == visit.account.user_id,
        full,
    })
}

#[derive(Deserialize)]
pub struct Fields {
    submission: Uuid,
    #[serde(default)]
    login: String,
    full_name: String,
    branch: String,
    phone: String,
    access_from: String,
    access_to: String,
    #[serde(default)]
    staff: Option<String>,
    #[serde(default)]
    supervisor: Option<String>,
}

impl Fields {
    fn draft(self, login: Option<String>, visit: &Visit, kept: &[Role]) -> Draft {
        // The helpdesk's role is not a supervisor's to give or to take.
        let roles = [
            (Role::FieldStaff, self.staff.is_some()),
            (Role::Supervisor, self.supervisor.is_some()),
            (Role::Helpdesk, kept.contains(&Role::Helpdesk)),
        ];
        Draft {
            login: login.unwrap_or(self.login),
            full_name: self.full_name,
            agency: visit.account.profile.agency.clone(),
            branch: self.branch,
            phone: self.phone,
            access_from: self.access_from,
            access_to: self.access_to,
            roles: roles
                .into_iter()
                .filter_map(|(role, is_chosen)| is_chosen.then_some(role))
                .collect(),
        }
    }
}

pub async fn blank(Supervisor(visit): Supervisor) -> Result<Response, PageError> {
    let draft = Draft {
        roles: vec![Role::FieldStaff],
        ..Draft::default()
    };
    form(&visit, None, draft, Vec::new())
}

pub async fn create(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Posted(fields): Posted<Fields>,
) -> Result<Response, PageError> {
    let submission = fields.submission;
    let draft = fields.draft(None, &visit, &[]);
    let checked = match draft.check() {
        Ok(checked) => checked,
        Err(faults) => return form(&visit, None, draft, faults),
    };
    let by = Some(visit.account.user_id);
    match admin::create(&app, by, &checked, Some(submission)).await? {
        Created::Done(user, temp) => draw(&FirstPasswordPage {
            who: Who::of(&visit),
            full_name: &checked.profile.full_name,
            login: &checked.login,
            user,
            temp: temp.expose(),
            validity: words::validity(app.temp_valid_for),
            spelled: words::spelled(temp.expose()),
        }),
        Created::Taken => {
            let fault = FieldFault {
                field: Field::Login,
                message: "This username is taken. Choose another.".into(),
            };
            form(&visit, None, draft, vec![fault])
        }
        Created::Repeated => Err(PageError::CreatedBefore),
        Created::Busy => Err(PageError::Busy),
    }
}

pub async fn draft(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Path(user): Path<String>,
) -> Result<Response, PageError> {
    let account = subject(&app, &visit, &user).await?;
    form(&visit, Some(account.user_id), account.draft(), Vec::new())
}

pub async fn edit(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Path(user): Path<String>,
    Posted(fields): Posted<Fields>,
) -> Result<Response, PageError> {
    let account = subject(&app, &visit, &user).await?;
    let mut draft = fields.draft(Some(account.login.clone()), &visit, &account.roles);
    if account.user_id == visit.account.user_id {
        // The form has no such fields for oneself; whoever sends them anyway changes nothing by it.
        let own = account.draft();
        draft.roles = own.roles;
        draft.access_from = own.access_from;
        draft.access_to = own.access_to;
    }
    let checked = match draft.check() {
        Ok(checked) => checked,
        Err(faults) => return form(&visit, Some(account.user_id), draft, faults),
    };
    admin::edit(&app, Some(visit.account.user_id), account.user_id, &checked).await?;
    Ok(Redirect::to(&format!("/main/admin/accounts/{}", account.user_id)).into_response())
}

fn form(
    visit: &Visit,
    user: Option<UserId>,
    draft: Draft,
    faults: Vec<FieldFault>,
) -> Result<Response, PageError> {
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = draw(&FormPage {
        who: Who::of(visit),
        agency: &visit.account.profile.agency,
        is_own: user == Some(visit.account.user_id),
        user,
        is_staff: draft.roles.contains(&Role::FieldStaff),
        is_supervisor: draft.roles.contains(&Role::Supervisor),
        draft,
        faults: Faults(faults),
        submission: secret::uuid()?,
    })?;
    Ok((status, page).into_response())
}

/// What is asked about an account before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Deactivate,
    Reactivate,
    RevokeTablet,
    AllowTablet,
}

impl Change {
    fn named(name: &str) -> Result<Self, PageError> {
        match name {
            "deactivate" => Ok(Self::Deactivate),
            "reactivate" => Ok(Self::Reactivate),
            "revoke-tablet" => Ok(Self::RevokeTablet),
            "allow-tablet" => Ok(Self::AllowTablet),
            _ => Err(PageError::NotFound),
        }
    }

    fn explained(self) -> &'static [&'static str] {
        match self {
            Self::Deactivate => &[
                "The account signs in no more, and its sessions end.",
                "A tablet that is offline goes on opening until it connects again.",
                "Nothing is lost: what waits on a tablet is sent when anybody signs in there, and reactivating brings everything back.",
            ],
            Self::Reactivate => &[
                "The account has access from now on, without an end.",
                "A lock stays: a locked account also needs a reset by the helpdesk.",
            ],
            Self::RevokeTablet => &words::REVOKING,
            Self::AllowTablet => &words::ALLOWING,
        }
    }

    fn button(self) -> &'static str {
        match self {
            Self::Deactivate => "Deactivate",
            Self::Reactivate => "Reactivate",
            Self::RevokeTablet => "Revoke tablet",
            Self::AllowTablet => "Allow tablet again",
        }
    }
}

#[derive(Deserialize)]
pub struct OfTablet {
    #[serde(default)]
    tablet: String,
}

pub async fn confirm(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Path((user, change)): Path<(String, String)>,
    axum::extract::Query(OfTablet { tablet }): axum::extract::Query<OfTablet>,
) -> Result<Response, PageError> {
    let change = Change::named(&change)?;
    let account = subject(&app, &visit, &user).await?;
    refuse_own(change, &visit, &account)?;
    let name = &account.profile.full_name;
    let title = match change {
        Change::Deactivate => format!("Deactivate {name}?"),
        Change::Reactivate => format!("Reactivate {name}?"),
        Change::RevokeTablet | Change::AllowTablet => {
            let known = admin::tablets_of(&app, account.user_id).await?;
            if !known.iter().any(|row| admin::mark(row.device) == tablet) {
                return Err(PageError::NotFound);
            }
            match change {
                Change::RevokeTablet => format!("Revoke the tablet {tablet}?"),
                _ => format!("Allow the tablet {tablet} again?"),
            }
        }
    };
    draw(&ConfirmPage {
        who: Who::of(&visit),
        title,
        explained: change.explained(),
        action: format!("/main/admin/accounts/{user}/{}", path(change)),
        button: change.button(),
        tablet,
        back: format!("/main/admin/accounts/{}", account.user_id),
    })
}

fn path(change: Change) -> &'static str {
    match change {
        Change::Deactivate => "deactivate",
        Change::Reactivate => "reactivate",
        Change::RevokeTablet => "revoke-tablet",
        Change::AllowTablet => "allow-tablet",
    }
}

fn refuse_own(change: Change, visit: &Visit, account: &AccountRow) -> Result<(), PageError> {
    if change == Change::Deactivate && account.user_id == visit.account.user_id {
        return Err(PageError::OwnRights);
    }
    Ok(())
}

pub async fn carry_out(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    Path((user, change)): Path<(String, String)>,
    Posted(OfTablet { tablet }): Posted<OfTablet>,
) -> Result<Response, PageError> {
    let change = Change::named(&change)?;
    let account = subject(&app, &visit, &user).await?;
    refuse_own(change, &visit, &account)?;
    let (by, user) = (Some(visit.account.user_id), account.user_id);
    let found = match change {
        Change::Deactivate => admin::deactivate(&app, by, user).await?,
        Change::Reactivate => admin::reactivate(&app, by, user).await?,
        Change::RevokeTablet => admin::revoke(&app, by, user, &tablet).await? != TabletChange::NoTablet,
        Change::AllowTablet => admin::allow(&app, by, user, &tablet).await? != TabletChange::NoTablet,
    };
    if !found {
        return Err(PageError::NotFound);
    }
    Ok(Redirect::to(&format!("/main/admin/accounts/{user}")).into_response())
}
