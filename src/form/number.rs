//! A number, with its unit beside it. The field is one of text: what is no number is kept and marked, where a browser's
//! own number field would throw it away.

use crate::prelude::*;
use forms::{Answer, ItemId, Kind};

use super::{
    frame::Question,
    item::Sheet,
    typed::{self, Line, Reading},
};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let (whole, units) = form.peek(id, |item| {
        let units: Vec<String> = item.units.iter().map(|unit| unit.text().to_owned()).collect();
        (item.kind == Kind::Integer, units)
    });
    let line = Line {
        kind: "text",
        input_mode: if whole { "numeric" } else { "decimal" },
        class: "input input-number",
    };
    let input = typed::line(&question, question.part("input"), line, NUMBER);
    let choose = move |place: Option<usize>| {
        let answers = form.peek(id, |item| {
            let unit = place.and_then(|place| item.units.get(place));
            let inner = item.answers.iter().cloned();
            inner
                .map(|answer| match (answer, unit) {
                    (Answer::Quantity(quantity), Some(unit)) => {
                        Answer::Quantity(Box::new(quantity.in_unit(unit)))
                    }
                    (answer, _) => answer,
                })
                .collect()
        });
        form.answer(id, answers, true);
    };
    let unit = match units.as_slice() {
        [] => ().into_any(),
        [unit] => view! { <span class="unit">{unit.clone()}</span> },
        _ => {
            let chosen = move |unit: &str| {
                form.item(id, |item| match item.answers.first() {
                    Some(Answer::Quantity(quantity)) => quantity.unit.as_deref() == Some(unit),
                    _ => false,
                })
            };
            let options = units.into_iter().enumerate().map(|(place, unit)| {
                let name = unit.clone();
                view! { <option value=place.to_string() prop:selected=move || chosen(&name)>{unit}</option> }
            });
            view! {
                <select
                    class="input input-unit"
                    aria-label=format!("Unit: {}", question.text())
                    on:change:target=move |event| choose(event.target().value().parse().ok())
                >
                    {options.collect_view()}
                </select>
            }
        }
    };
    question.field(view! { <div class="number">{input} {unit}</div> })
}

/// Typing changes the number and leaves the unit that was chosen.
const NUMBER: Reading = Reading {
    read: |item, text| {
        let unit = match item.answers.first() {
            Some(Answer::Quantity(quantity)) => item
                .units
                .iter()
                .find(|unit| Some(unit.text()) == quantity.unit.as_deref()),
            _ => None,
        };
        let read = item.read(text).into_iter();
        read.map(|answer| match (answer, unit) {
            (Answer::Quantity(quantity), Some(unit)) => Answer::Quantity(Box::new(quantity.in_unit(unit))),
            (answer, _) => answer,
        })
        .collect()
    },
    write: |item| item.text_answer(),
};
