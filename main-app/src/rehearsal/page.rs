//! `/main/rehearsal`: the console's page beside the frame, and what its forms and its script send. Each of them is answered
//! with the page, which the script takes the changed parts from; without a script it is loaded anew.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use super::checklist::{Checklist, Mark};
use super::stage::FRESH;
use super::step::{Part, Step};
use super::{Look, Picture, Rehearsal};
use crate::fault::Fault;
use crate::pages::error::PageError;
use crate::pages::posted::Posted;
use crate::pages::session::{Clerk, Visit};
use crate::pages::{Who, draw};
use crate::{MainApp, Origin};

const HERE: &str = "/main/rehearsal";
/// Which of the console's pages it is.
const PLACE: &str = "rehearsal";

pub fn routes() -> Router<MainApp> {
    Router::new()
        .route(HERE, get(show))
        .route("/main/rehearsal/begin", post(begin))
        .route("/main/rehearsal/end", post(end))
        .route("/main/rehearsal/network", post(network))
        .route("/main/rehearsal/reset", post(reset))
        .route("/main/rehearsal/seen", post(seen))
}

#[derive(Template)]
#[template(path = "rehearsal_begin.html")]
struct BeginPage {
    who: Who,
    place: &'static str,
    /// Another clerk is at it.
    theirs: Option<String>,
}

#[derive(Template)]
#[template(path = "rehearsal.html")]
struct RunPage {
    who: Who,
    place: &'static str,
    picture: Picture,
    /// Where the frame begins.
    tablet: String,
    now: Option<&'static str>,
    ticked: usize,
    all: usize,
    parts: Vec<PartOfList>,
}

struct PartOfList {
    title: &'static str,
    steps: Vec<Line>,
}

struct Line {
    number: usize,
    what: &'static str,
    expected: &'static str,
    seen: Option<String>,
    is_ticked: bool,
    is_next: bool,
}

async fn show(State(app): State<MainApp>, Clerk(visit): Clerk) -> Result<Response, PageError> {
    let rehearsal = rehearsal(&app)?;
    match rehearsal.look(visit.account.user_id, app.now()).await? {
        Look::Nobody => begin_page(&visit, None),
        Look::Theirs(name) => begin_page(&visit, Some(name)),
        Look::Mine(picture) => run_page(&visit, *picture),
    }
}

fn begin_page(visit: &Visit, theirs: Option<String>) -> Result<Response, PageError> {
    draw(&BeginPage {
        who: Who::of(visit),
        place: PLACE,
        theirs,
    })
}

fn run_page(visit: &Visit, picture: Picture) -> Result<Response, PageError> {
    // Without a network the frame is loaded from what it keeps: then there is nothing to be emptied either.
    let tablet = match picture.is_on {
        true => format!("{}{FRESH}?run={}", picture.frame, picture.run),
        false => format!("{}/", picture.frame),
    };
    let policy = policy(&picture.frame)?;
    let next = picture.checklist.next();
    let mut response = draw(&RunPage {
        who: Who::of(visit),
        place: PLACE,
        tablet,
        now: next.map(Step::what),
        ticked: picture.checklist.ticked(),
        all: Step::ALL.len(),
        parts: Part::ALL
            .into_iter()
            .map(|part| PartOfList {
                title: part.title(),
                steps: lines(&picture.checklist, part, next),
            })
            .collect(),
        picture,
    })?;
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn lines(checklist: &Checklist, part: Part, next: Option<Step>) -> Vec<Line> {
    let steps = Step::ALL.into_iter().enumerate();
    steps
        .filter(|(_, step)| step.part() == part)
        .map(|(place, step)| {
            let mark = checklist.mark(step);
            Line {
                number: place + 1,
                what: step.what(),
                expected: step.expected(),
                seen: match mark {
                    Mark::Open => None,
                    Mark::Ticked => Some(step.expected().to_owned()),
                    Mark::Differs(seen) => Some(seen.clone()),
                },
                is_ticked: *mark == Mark::Ticked,
                is_next: next == Some(step),
            }
        })
        .collect()
}

/// The one page under `/main` with a script and a frame.
fn policy(frame: &Origin) -> Result<HeaderValue, Fault> {
    let policy = format!(
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
         frame-src {frame}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).map_err(|_| Fault::Inconsistent("a frame that is no header"))
}

#[derive(Deserialize)]
struct Nothing {}

async fn begin(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    headers: HeaderMap,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, PageError> {
    // `Posted` has seen to it that it is the origin of this very page.
    let console = headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .and_then(|origin| origin.parse().ok())
        .ok_or(PageError::Foreign)?;
    rehearsal(&app)?.begin(&app, &visit.account, console).await?;
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
struct OfRun {
    run: Uuid,
}

async fn end(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Posted(OfRun { run }): Posted<OfRun>,
) -> Result<Response, PageError> {
    if let Some(mine) = rehearsal(&app)?.mine(visit.account.user_id, run).await {
        mine.end().await;
    }
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
struct Switch {
    run: Uuid,
    network: OnOff,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum OnOff {
    On,
    Off,
}

async fn network(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Posted(Switch { run, network }): Posted<Switch>,
) -> Result<Response, PageError> {
    if let Some(mut mine) = rehearsal(&app)?.mine(visit.account.user_id, run).await {
        mine.switch(network == OnOff::On);
    }
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
struct Reset {
    run: Uuid,
    submission: Uuid,
}

async fn reset(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Posted(Reset { run, submission }): Posted<Reset>,
) -> Result<Response, PageError> {
    if let Some(mut mine) = rehearsal(&app)?.mine(visit.account.user_id, run).await {
        mine.reset(submission).await?;
    }
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
struct Seen {
    run: Uuid,
    /// [`protocol::Shown`] as the frame wrote it.
    shown: String,
}

async fn seen(
    State(app): State<MainApp>,
    Clerk(visit): Clerk,
    Posted(Seen { run, shown }): Posted<Seen>,
) -> Result<Response, PageError> {
    let shown = serde_json::from_str(&shown)
        .map_err(|_| PageError::Malformed("The frame said something that is not known here."))?;
    if let Some(mut mine) = rehearsal(&app)?.mine(visit.account.user_id, run).await {
        mine.show(shown).await?;
    }
    Ok(Redirect::to(HERE).into_response())
}

fn rehearsal(app: &MainApp) -> Result<&Rehearsal, PageError> {
    app.rehearsal.as_ref().ok_or(PageError::NoRehearsal)
}
