//! What became of a client's scores: each total of each form over the completed assessments, as a small chart and as a table.

use std::rc::Rc;

use crate::prelude::*;
use forms::Form;
use protocol::{FormRef, RecordId, Timestamp};
use replica::{Fault, sorted};
use serde_json::Value;

use crate::browser::{Tablet, device};
use crate::pages::load::load;

/// One total of one form.
#[derive(Clone, Debug, Default, PartialEq)]
struct Trend {
    url: String,
    link_id: String,
    form: String,
    total: String,
    points: Vec<Point>,
}

#[derive(Clone, Debug, PartialEq)]
struct Point {
    at: Timestamp,
    score: String,
    hundredths: i64,
}

/// One value is no trend.
const FROM: usize = 2;

#[component]
pub fn Trends(documents: Vec<RecordId>) -> impl IntoView {
    let loaded = load(move |tablet| trends(tablet, documents.clone()));
    view! {
        {move || {
            let trends = loaded.get()?.ok()?;
            let trends: Vec<Trend> = trends.into_iter().filter(|trend| trend.points.len() >= FROM).collect();
            (!trends.is_empty()).then(|| view! {
                <section class="stack stack-tight">
                    <h2>"Scores over time"</h2>
                    {trends.into_iter().map(draw).collect_view()}
                </section>
            })
        }}
    }
}

async fn trends(tablet: Rc<Tablet>, ids: Vec<RecordId>) -> Result<Vec<Trend>, Fault> {
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
        let Ok(form) = Form::resume(&questionnaires[read].1, &document.response, &document.set_aside) else {
            continue;
        };
        let at = document
            .signature
            .map_or(document.modified_at, |signature| signature.at);
        for item in form.items().filter(|item| item.total.is_some() && item.shown()) {
            let score = item.text_answer();
            let Some(hundredths) = hundredths(&score) else {
                continue;
            };
            let point = Point {
                at,
                score,
                hundredths,
            };
            let is_of = (document.form.url.as_str(), item.link_id);
            let same = |trend: &&mut Trend| (trend.url.as_str(), trend.link_id.as_str()) == is_of;
            match trends.iter_mut().find(same) {
                Some(trend) => trend.points.push(point),
                None => trends.push(Trend {
                    url: document.form.url.clone(),
                    link_id: item.link_id.to_owned(),
                    form: document.form.title.clone(),
                    total: item.text.to_owned(),
                    points: vec![point],
                }),
            }
        }
    }
    for trend in &mut trends {
        trend.points = sorted(std::mem::take(&mut trend.points), |one, other| {
            one.at.cmp(&other.at)
        });
    }
    Ok(trends)
}

fn draw(trend: Trend) -> AnyView {
    let Trend {
        form, total, points, ..
    } = trend;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return ().into_any();
    };
    let spoken = format!(
        "{total}: {} in {}, {} in {}. The table below has every value.",
        first.score,
        device::when(first.at),
        last.score,
        device::when(last.at)
    );
    let places = places(&points);
    let line: Vec<String> = places.iter().map(|(x, y)| format!("{x},{y}")).collect();
    view! {
        <div class="card trend">
            <h3>{format!("{form}: {total}")}</h3>
            <svg class="trend-chart" viewBox="0 0 300 100" role="img" aria-label=spoken>
                <polyline points=line.join(" ") />
                {places
                    .into_iter()
                    .map(|(x, y)| view! { <circle cx=x.to_string() cy=y.to_string() r="4" /> })
                    .collect_view()}
            </svg>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Signed"</th>
                        <th scope="col">"Score"</th>
                    </tr>
                </thead>
                <tbody>
                    {points
                        .into_iter()
                        .rev()
                        .map(|point| view! {
                            <tr>
                                <td>{device::when(point.at)}</td>
                                <td>{point.score}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Where the points stand in a box of 300 by 100: times from left to right, scores from 0 at the bottom.
fn places(points: &[Point]) -> Vec<(i64, i64)> {
    let times = || points.iter().map(|point| point.at.0);
    let begin = times().min().unwrap_or_default();
    let span = (times().max().unwrap_or_default() - begin).max(1);
    let scores = || points.iter().map(|point| point.hundredths);
    let bottom = scores().min().unwrap_or_default().min(0);
    let height = (scores().max().unwrap_or_default() - bottom).max(1);
    let place = |point: &Point| {
        let across = i128::from(point.at.0 - begin) * 280 / i128::from(span);
        let up = i128::from(point.hundredths - bottom) * 80 / i128::from(height);
        (10 + across as i64, 90 - up as i64)
    };
    points.iter().map(place).collect()
}

/// A score as a whole number of hundredths.
fn hundredths(score: &str) -> Option<i64> {
    let (sign, digits) = match score.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1, digits),
        None => (1, score),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part}00").get(..2)?.parse().ok()?;
    Some(sign * (whole * 100 + part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_read_as_it_is_shown() {
        for (score, number) in [
            ("7", Some(700)),
            ("7.5", Some(750)),
            ("-1.25", Some(-125)),
            ("12.345", Some(1234)),
            ("", None),
            ("many", None),
        ] {
            assert_eq!(hundredths(score), number, "{score}");
        }
    }

    #[test]
    fn the_chart_goes_from_left_to_right_and_from_nought_up() {
        let point = |at, hundredths| Point {
            at: Timestamp(at),
            score: String::new(),
            hundredths,
        };
        assert_eq!(
            places(&[point(0, 0), point(50, 500), point(100, 1000)]),
            [(10, 90), (150, 50), (290, 10)]
        );
        assert_eq!(
            places(&[point(5, 0), point(5, 0)]),
            [(10, 90), (10, 90)],
            "all at once, and nothing"
        );
    }
}
