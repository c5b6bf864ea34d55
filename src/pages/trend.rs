//! What became of a client's scores: each total of each form over the completed assessments, as a small chart and as a table.
//! [`chart`](super::chart) knows where its lines go.

use crate::prelude::*;
use forms::{Band, Form, ItemId, Setting};
use leptos::task::spawn_local;
use protocol::{Document, FormRef, RecordId, Timestamp};
use replica::sorted;
use serde_json::Value;

use super::chart::{self, Range, hundredths};
use crate::browser::{Tablet, device};
use crate::desk::use_desk;
use crate::language;
use crate::pages::words;

/// One total of one form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    url: String,
    link_id: String,
    form: String,
    total: String,
    points: Vec<Point>,
    /// Of the form as it was used last.
    bands: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// None of the assessment that is being filled in.
    at: Option<Timestamp>,
    score: String,
    hundredths: i64,
    band: Option<String>,
}

/// One value is no trend.
const FROM: usize = 2;

/// `documents`: the completed ones. None of them changes, so they are read again only when there are others.
#[component]
pub fn Trends(documents: Memo<Vec<RecordId>>) -> impl IntoView {
    let desk = use_desk();
    let found = RwSignal::new(Vec::new());
    effect(move || {
        let ids = documents.get();
        spawn_local(async move {
            let Ok(tablet) = desk.tablet().await else { return };
            let mut read = trends(&tablet, ids.clone()).await;
            read.retain(|trend| trend.points.len() >= FROM);
            // The page may have been left meanwhile, or there are others already.
            if documents.try_get_untracked() == Some(ids) {
                found.set(read);
            }
        });
    });
    view! {
        {move || {
            let trends = found.get();
            (!trends.is_empty()).then(|| view! {
                <section class="stack stack-tight">
                    <h2>{tr!("Scores over time")}</h2>
                    {trends.into_iter().map(|trend| view! {
                        <div class="card trend">
                            <h3>{format!("{}: {}", trend.form, trend.total)}</h3>
                            {draw(&trend)}
                        </div>
                    }).collect_view()}
                </section>
            })
        }}
    }
}

/// Those of these assessments, each from the first to the last.
pub async fn trends(tablet: &Tablet, ids: Vec<RecordId>) -> Vec<Trend> {
    let mut trends: Vec<Trend> = Vec::new();
    let mut questionnaires: Vec<(FormRef, Value)> = Vec::new();
    for id in ids {
        // What cannot be read is named where it is listed; the others make the trend.
        let Ok(working) = tablet.open(id).await else {
            continue;
        };
        let document = working.document;
        let read = questionnaires.iter().position(|(form, _)| *form == document.form);
        let read = match read {
            Some(read) => read,
            None => {
                let Ok(questionnaire) = tablet.form(&document.form).await else {
                    continue;
                };
                questionnaires.push((document.form.clone(), questionnaire));
                questionnaires.len() - 1
            }
        };
        let form = Form::resume_in(
            &questionnaires[read].1,
            &document.response,
            &document.set_aside,
            Setting::new().in_language(language::current().tag()),
        );
        let Ok(form) = form else {
            continue;
        };
        add(&mut trends, &document, &form);
    }
    for trend in &mut trends {
        trend.points = sorted(std::mem::take(&mut trend.points), |one, other| {
            one.at.cmp(&other.at)
        });
    }
    trends
}

fn add(trends: &mut Vec<Trend>, document: &Document, form: &Form) {
    let signature = document.signature.as_ref();
    let at = signature.map_or(document.modified_at, |signature| signature.at);
    for item in form.items().filter(|item| item.total.is_some() && item.shown()) {
        let Some(point) = point(form, item.id, Some(at)) else {
            continue;
        };
        let is_of = (document.form.url.as_str(), item.link_id);
        let found = trends
            .iter()
            .position(|trend| (trend.url.as_str(), trend.link_id.as_str()) == is_of);
        let place = found.unwrap_or_else(|| {
            trends.push(Trend {
                url: document.form.url.clone(),
                link_id: item.link_id.to_owned(),
                ..Trend::default()
            });
            trends.len() - 1
        });
        let trend = &mut trends[place];
        if trend.points.iter().all(|known| known.at < Some(at)) {
            trend.form = words::form_title(&document.form);
            item.text.clone_into(&mut trend.total);
            trend.bands = ranges(&form.bands(item.id));
        }
        trend.points.push(point);
    }
}

/// A total as it stands now; none before something is answered.
fn point(form: &Form, total: ItemId, at: Option<Timestamp>) -> Option<Point> {
    let score = form.item(total).text_answer();
    Some(Point {
        at,
        hundredths: hundredths(&score)?,
        score,
        band: form.band(total).map(|band| band.words),
    })
}

fn ranges(bands: &[Band]) -> Vec<Range> {
    let number = |bound: Option<forms::Decimal>| bound.and_then(|bound| hundredths(&bound.to_string()));
    let ranges = bands.iter().map(|band| Range {
        from: number(band.from),
        to: number(band.to),
    });
    ranges
        .filter(|range| range.from.is_some() || range.to.is_some())
        .collect()
}

impl Trend {
    /// The total of this linkId, if there is a trend of it.
    pub fn of<'t>(trends: &'t [Self], url: &str, link_id: &str) -> Option<&'t Self> {
        trends
            .iter()
            .find(|trend| trend.url == url && trend.link_id == link_id)
    }

    /// With the assessment that is being filled in, once all that its total counts is answered.
    pub fn with_now(&self, form: &Form, total: ItemId) -> Self {
        let mut with = self.clone();
        let is_whole = form
            .item(total)
            .total
            .is_some_and(|tally| tally.answered == tally.of);
        with.points.extend(point(form, total, None).filter(|_| is_whole));
        with.bands = ranges(&form.bands(total));
        with
    }
}

/// The chart, and every value as a table.
pub fn draw(trend: &Trend) -> AnyView {
    let Trend {
        total, points, bands, ..
    } = trend;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return ().into_any();
    };
    let now = device::now();
    let when = |point: &Point| point.at.map_or_else(|| tr!("now").to_owned(), device::when);
    let spoken = tr!(
        "{total}: {first} {then}, {last} {later}. The table below has every value.",
        total,
        first = first.score,
        then = when(first),
        last = last.score,
        later = when(last)
    );
    let scores: Vec<(i64, i64)> = points
        .iter()
        .map(|point| (point.at.unwrap_or(now).0, point.hundredths))
        .collect();
    let chart::Layout {
        points: places,
        bands: stripes,
    } = chart::lay_out(&scores, bands);
    let line: Vec<String> = places.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let has_bands = points.iter().any(|point| point.band.is_some());
    view! {
        <svg class="trend-chart" viewBox="0 0 300 100" role="img" aria-label=spoken>
            {stripes
                .into_iter()
                .map(|(y, height)| view! {
                    <rect class="trend-band" x="0" y=y.to_string() width="300" height=height.to_string() />
                })
                .collect_view()}
            <polyline points=line.join(" ") />
            {places
                .into_iter()
                .map(|(x, y)| view! { <circle cx=x.to_string() cy=y.to_string() r="4" /> })
                .collect_view()}
        </svg>
        <table>
            <thead>
                <tr>
                    <th scope="col">{tr!("Signed")}</th>
                    {has_bands.then(|| view! { <th scope="col">{tr!("Meaning")}</th> })}
                    <th scope="col">{tr!("Score")}</th>
                </tr>
            </thead>
            <tbody>
                {points
                    .iter()
                    .rev()
                    .map(|point| view! {
                        <tr>
                            <td>{point.at.map_or_else(|| tr!("Now, not signed").to_owned(), device::when)}</td>
                            {has_bands.then(|| view! { <td>{point.band.clone()}</td> })}
                            <td>{point.score.clone()}</td>
                        </tr>
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}
