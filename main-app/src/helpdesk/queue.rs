//! The helpdesk's first page: what waits, in the order received. Resets stand before everything else.

use accounts::request::{CALLS, Second, Stage, Why};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::words;
use crate::MainApp;
use crate::admin;
use crate::calendar;
use crate::pages::error::PageError;
use crate::pages::session::Clerk;
use crate::pages::{Who, draw};
use crate::store;
use crate::store::requests::RequestRow;

/// So long a closed request stays on the first page.
const RECENT_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Template)]
#[template(path = "helpdesk_queue.html")]
struct QueuePage {
    who: Who,
    place: &'static str,
    /// Requests in which another clerk asks for a second one.
    asking: Vec<Line>,
    open: Vec<Line>,
    closed: Vec<Line>,
    /// Tablets whose storage was emptied.
    emptied: Vec<Emptied>,
}

/// A request as a line.
pub struct Line {
    pub number: i64,
    pub full_name: String,
    pub place: String,
    pub phone: String,
    pub age: String,
    pub state: &'static str,
    /// Of the style sheet.
    pub class: &'static str,
    pub note: String,
}

struct Emptied {
    users: String,
    at: String,
    waiting: String,
}

/// The state of a request, in the words of the queue.
pub fn state(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::New => ("New", "new"),
        Stage::FirstAttempt => ("First attempt", "tried"),
        Stage::Reached => ("Reached", "reached"),
        Stage::Done => ("Done", "done"),
        Stage::Returned(Why::Withdrawn) => ("Closed", "returned"),
        Stage::Returned(Why::Unreached | Why::NotValidated) => ("Returned", "returned"),
    }
}

/// Why a request was returned.
pub fn why(why: Why) -> &'static str {
    match why {
        Why::Unreached => "Two calls reached nobody",
        Why::NotValidated => "Three answers did not match",
        Why::Withdrawn => "Without a reset",
    }
}

pub fn line(row: &RequestRow, clerk: &str, now: i64) -> Line {
    let (state, class) = state(row.state.stage);
    let age = words::age(now.saturating_sub(row.closed_at.unwrap_or(row.received_at)));
    let touched = words::age(now.saturating_sub(row.touched_at));
    let note = match (row.state.stage, row.state.second) {
        (Stage::Returned(reason), _) => format!("{}, by {clerk}", why(reason)),
        (Stage::Done, _) => format!("by {clerk}"),
        (_, Second::Asked { .. }) => "Waits for a second clerk".to_owned(),
        (Stage::FirstAttempt, _) => format!("Call 1 of {CALLS} by {clerk}, {touched} ago"),
        (Stage::Reached, _) => format!("{clerk}, {touched} ago"),
        (Stage::New, _) => String::new(),
    };
    Line {
        number: row.number,
        full_name: row.mail.full_name.clone(),
        place: words::place(&row.mail.agency, &row.mail.branch),
        phone: row.mail.phone.clone(),
        age,
        state,
        class,
        note,
    }
}

pub async fn show(State(app): State<MainApp>, Clerk(visit): Clerk) -> Result<Response, PageError> {
    let now = app.now();
    let me = visit.account.user_id;
    let mut connection = app.store.read().await?;
    let open = store::requests::open(&mut connection).await?;
    let closed = store::requests::closed_since(&mut connection, now.saturating_sub(RECENT_MS)).await?;
    let clerks = open.iter().chain(&closed).map(|row| row.touched_by).collect();
    let names = admin::names_of(&mut connection, clerks).await?;
    let emptied = store::devices::evicted(&mut connection).await?;
    drop(connection);
    let clerk = |row: &RequestRow| match row.touched_by == me {
        true => "you".to_owned(),
        false => names.get(&row.touched_by).cloned().unwrap_or_default(),
    };
    let asks_me = |row: &&RequestRow| {
        let asked_by_another = matches!(row.state.second, Second::Asked { by, .. } if by != me);
        asked_by_another && row.state.account != Some(me)
    };
    draw(&QueuePage {
        who: Who::of(&visit),
        place: "requests",
        asking: open
            .iter()
            .filter(asks_me)
            .map(|row| line(row, &clerk(row), now))
            .collect(),
        open: open.iter().map(|row| line(row, &clerk(row), now)).collect(),
        closed: closed.iter().map(|row| line(row, &clerk(row), now)).collect(),
        emptied: emptied
            .into_iter()
            .map(|tablet| Emptied {
                users: tablet.users,
                at: calendar::date_and_time(tablet.at),
                waiting: tablet.report.map_or_else(
                    || "It had never reported".to_owned(),
                    |report| words::waiting(report.waiting, Some(report.at.0)),
                ),
            })
            .collect(),
    })
}
