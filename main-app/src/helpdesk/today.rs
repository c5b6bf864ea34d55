//! How the day went, and the last weeks: requests received, done and returned, and how long a reset took. Days and weeks
//! are counted in UTC, as all times here.

use accounts::request::Stage;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::words;
use crate::MainApp;
use crate::calendar;
use crate::pages::error::PageError;
use crate::pages::session::Clerk;
use crate::pages::{Who, draw};
use crate::store;
use crate::store::requests::RequestRow;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// The days from a Monday to 1970-01-01, a Thursday.
const MONDAY_TO_1970: i64 = 3;
const WEEKS: i64 = 8;

#[derive(Template)]
#[template(path = "helpdesk_today.html")]
struct TodayPage {
    who: Who,
    place: &'static str,
    date: String,
    waiting: i64,
    today: Tally,
    weeks: Vec<Week>,
    chart: Chart,
}

/// What happened in a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub received: usize,
    pub done: usize,
    pub returned: usize,
    /// From the receipt to the reset, in words.
    pub median: Option<String>,
}

struct Week {
    /// Its Monday.
    from: String,
    tally: Tally,
}

/// Bars in the units of the picture; the style sheet gives the colours.
#[derive(Debug, PartialEq, Eq)]
struct Chart {
    bars: Vec<Bar>,
    labels: Vec<(usize, String)>,
    most: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct Bar {
    class: &'static str,
    x: usize,
    y: usize,
    height: usize,
}

pub async fn show(State(app): State<MainApp>, Clerk(visit): Clerk) -> Result<Response, PageError> {
    let day = app.now().div_euclid(DAY_MS);
    let monday = (day + MONDAY_TO_1970).div_euclid(7) * 7 - MONDAY_TO_1970;
    let mondays: Vec<i64> = (0..WEEKS).rev().map(|ago| monday - 7 * ago).collect();
    let since = mondays.first().copied().unwrap_or(monday) * DAY_MS;
    let mut connection = app.store.read().await?;
    let rows = store::requests::touched_since(&mut connection, since).await?;
    let waiting = store::requests::count_open(&mut connection).await?;
    drop(connection);
    let weeks: Vec<Week> = mondays
        .iter()
        .map(|monday| Week {
            from: calendar::day_and_month(monday * DAY_MS),
            tally: tally(&rows, monday * DAY_MS, (monday + 7) * DAY_MS),
        })
        .collect();
    draw(&TodayPage {
        who: Who::of(&visit),
        place: "today",
        date: calendar::day_and_month(app.now()),
        waiting,
        today: tally(&rows, day * DAY_MS, (day + 1) * DAY_MS),
        chart: chart(&weeks),
        weeks,
    })
}

/// Counts from `from` on, and before `to`.
fn tally(rows: &[RequestRow], from: i64, to: i64) -> Tally {
    let span = from..to;
    let closed = |row: &&RequestRow| row.closed_at.is_some_and(|at| span.contains(&at));
    let is_done = |row: &&RequestRow| row.state.stage == Stage::Done;
    let mut took: Vec<i64> = rows
        .iter()
        .filter(closed)
        .filter(is_done)
        .filter_map(|row| Some(row.closed_at?.saturating_sub(row.received_at)))
        .collect();
    took.sort_unstable();
    Tally {
        received: rows.iter().filter(|row| span.contains(&row.received_at)).count(),
        done: took.len(),
        returned: rows.iter().filter(closed).filter(|row| !is_done(row)).count(),
        median: median(&took).map(words::age),
    }
}

/// The middle of sorted values; of an even number of them the mean of the two in the middle.
fn median(sorted: &[i64]) -> Option<i64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    match sorted.len() % 2 {
        1 => Some(upper),
        _ => Some((sorted.get(sorted.len() / 2 - 1)? + upper) / 2),
    }
}

/// Three bars for each week, in a picture of 640 by 200 with the base line at 170.
fn chart(weeks: &[Week]) -> Chart {
    const WEEK: usize = 76;
    const LEFT: usize = 32;
    const BAR: usize = 20;
    const BASE: usize = 170;
    const HEIGHT: usize = 150;
    let count = |week: &Week| {
        let Tally {
            received,
            done,
            returned,
            ..
        } = week.tally;
        [("received", received), ("done", done), ("returned", returned)]
    };
    let most = weeks
        .iter()
        .flat_map(|week| count(week).map(|(_, count)| count))
        .max()
        .unwrap_or_default()
        .max(1);
    let mut bars = Vec::new();
    let mut labels = Vec::new();
    for (index, week) in weeks.iter().enumerate() {
        let left = LEFT + index * WEEK;
        labels.push((left + BAR + 2 + BAR / 2, week.from.clone()));
        for (place, (class, count)) in count(week).into_iter().enumerate() {
            let height = count * HEIGHT / most;
            bars.push(Bar {
                class,
                x: left + place * (BAR + 2),
                y: BASE - height,
                height,
            });
        }
    }
    Chart { bars, labels, most }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::accounts::request::{Request, Why};
    use protocol::UserId;
    use protocol::reset_mail::ResetMail;

    fn row(received_at: i64, closed: Option<(i64, Stage)>) -> RequestRow {
        let nobody = UserId::from_bytes([0; 16]);
        RequestRow {
            number: 1,
            received_at,
            mail: ResetMail::default(),
            sender: String::new(),
            state: Request {
                stage: closed.map_or(Stage::New, |(_, stage)| stage),
                ..Request::new()
            },
            touched_by: nobody,
            touched_at: received_at,
            rev: 0,
            closed_at: closed.map(|(at, _)| at),
        }
    }

    #[test]
    fn a_span_counts_what_was_received_and_what_was_closed_in_it() {
        const HOUR: i64 = 60 * 60_000;
        let returned = Stage::Returned(Why::Unreached);
        let rows = [
            row(0, None),
            row(0, Some((HOUR, Stage::Done))),
            row(0, Some((3 * HOUR, Stage::Done))),
            row(-HOUR, Some((HOUR, returned))),
            row(-HOUR, Some((-1, Stage::Done))),
            row(DAY_MS, Some((DAY_MS, Stage::Done))),
        ];
        let expected = Tally {
            received: 3,
            done: 2,
            returned: 1,
            median: Some("2 h 0 min".into()),
        };
        assert_eq!(tally(&rows, 0, DAY_MS), expected);
        assert_eq!(tally(&[], 0, DAY_MS), Tally::default());
        assert_eq!(median(&[1, 2, 9]), Some(2));
    }

    #[test]
    fn the_highest_bar_is_as_high_as_the_picture_and_nothing_has_no_height() {
        let week = |received, done| Week {
            from: String::new(),
            tally: Tally {
                received,
                done,
                ..Tally::default()
            },
        };
        let heights = |weeks: &[Week]| chart(weeks).bars.iter().map(|bar| bar.height).collect::<Vec<_>>();
        assert_eq!(heights(&[week(10, 5), week(0, 1)]), [150, 75, 0, 0, 15, 0]);
        assert_eq!(heights(&[week(0, 0)]), [0, 0, 0]);
    }
}
