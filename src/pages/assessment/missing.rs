//! What keeps an assessment from being ready, each line a way to its question.

use crate::prelude::*;
use forms::{Form, ItemId, Rule};
use leptos::html;

use super::Desktop;
use super::steps::Place;
use crate::browser::device;
use crate::components::{Row, each};
use crate::form::{About, named_by_answer, problem_words};

/// One thing that keeps the assessment from being ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    about: About,
    place: Place,
    words: String,
}

pub fn missing(form: &Form) -> Vec<Missing> {
    let problems = form.problems().into_iter();
    problems
        .map(|problem| {
            let item = form.item(problem.item);
            let words = match problem.rule {
                Rule::Required => named_by_answer(form, problem.item, item.name),
                _ => problem_words(form, &problem),
            };
            Missing {
                about: problem.about(),
                place: Place::of_problem(form, &problem),
                words,
            }
        })
        .collect()
}

/// So many questions can be listed one by one; of more, each section is one line that leads to its first.
const LISTED: usize = 8;

/// The lines of the summary.
fn lines(missing: Vec<Missing>, title: impl Fn(Place) -> String) -> Vec<Missing> {
    if missing.len() <= LISTED {
        return missing;
    }
    let sections = missing.chunk_by(|one, next| one.place == next.place && one.about.is_some());
    sections
        .map(|section| {
            if section[0].about.is_none() {
                return section[0].clone();
            }
            let answers = tr!("1 answer" | "{n} answers" % section.len());
            Missing {
                words: format!("{}: {answers}", title(section[0].place)),
                ..section[0].clone()
            }
        })
        .collect()
}

/// What is missing, each a way to its question.
#[component]
pub fn Summary(missing: Memo<Vec<Missing>>) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let node = NodeRef::<html::Div>::new();
    node.on_load(|summary| device::focus(&summary));
    let row = move |missing: Missing| {
        let item = missing.about.map_or(0, ItemId::number);
        let key = format!("{item} {}", missing.words);
        Row::new(key, move || {
            let (href, words) = (here.href(missing.place), missing.words.clone());
            let go = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                here.go_to_problem(missing.about);
            };
            view! {
                <li>
                    <a href=href on:click=go>
                        {words}
                    </a>
                </li>
            }
        })
    };
    view! {
        <div class="summary" role="alert" tabindex="-1" node_ref=node>
            <h2>{tr!("Still needed before this is ready")}</h2>
            <ul>
                {each(move || {
                    let lines = lines(missing.get(), |place| here.form.read(|form| place.title(form)));
                    lines.into_iter().map(row).collect()
                })}
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn form(questions: usize) -> Form {
        let group = |number: usize| {
            let items: Vec<Value> = (0..questions)
                .map(|at| json!({ "linkId": format!("{number}.{at}"), "type": "boolean", "text": format!("Q{at}"), "required": true }))
                .collect();
            json!({ "linkId": number.to_string(), "type": "group", "text": format!("Part {number}"), "item": items })
        };
        Form::open(&json!({ "resourceType": "Questionnaire", "item": [group(1), group(2)] })).unwrap()
    }

    fn shown(form: &Form) -> Vec<String> {
        lines(missing(form), |place| place.title(form))
            .into_iter()
            .map(|line| line.words)
            .collect()
    }

    #[test]
    fn what_is_missing_is_listed_question_by_question_and_where_that_is_long_by_section() {
        assert_eq!(shown(&form(2)), ["Q0", "Q1", "Q0", "Q1"]);
        assert_eq!(shown(&form(5)), ["Part 1: 5 answers", "Part 2: 5 answers"]);
    }
}
