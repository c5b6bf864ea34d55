//! Accounts from a file, with a report for each line.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::MainApp;
use crate::admin::{self, Import, Imported, LineOutcome};
use crate::pages::error::PageError;
use crate::pages::posted::PostedFile;
use crate::pages::session::{Supervisor, Visit};
use crate::pages::{Who, draw};
use crate::secret;

#[derive(Template)]
#[template(path = "admin_import.html")]
struct ImportPage<'a> {
    who: Who,
    agency: &'a str,
    fault: Option<String>,
    submission: Uuid,
}

#[derive(Template)]
#[template(path = "admin_imported.html")]
struct ImportedPage {
    who: Who,
    import: Import,
}

pub async fn blank(Supervisor(visit): Supervisor) -> Result<Response, PageError> {
    page(&visit, None)
}

pub async fn import(
    State(app): State<MainApp>,
    Supervisor(visit): Supervisor,
    file: PostedFile,
) -> Result<Response, PageError> {
    if file.bytes.is_empty() {
        return page(&visit, Some("Choose a file that is not empty.".into()));
    }
    let agency = &visit.account.profile.agency;
    let by = Some(visit.account.user_id);
    match admin::import(&app, by, Some(agency), &file.bytes, Some(file.submission)).await? {
        Imported::Done(import) => draw(&ImportedPage {
            who: Who::of(&visit),
            import,
        }),
        Imported::No(fault) => page(&visit, Some(fault.to_string())),
        Imported::Repeated => Err(PageError::ImportedBefore),
    }
}

fn page(visit: &Visit, fault: Option<String>) -> Result<Response, PageError> {
    let status = if fault.is_none() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = draw(&ImportPage {
        who: Who::of(visit),
        agency: &visit.account.profile.agency,
        fault,
        submission: secret::uuid()?,
    })?;
    Ok((status, page).into_response())
}
