//! A number, with its unit beside it. The field is one of text: what is no number is kept and marked, where a browser's
//! own number field would throw it away.

use crate::prelude::*;
use forms::{Answer, Control, Decimal, ItemId, ItemView, Kind};

use super::{
    frame::Question,
    item::Sheet,
    slider,
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
    // A unit that was chosen before there is a number.
    let ahead = RwSignal::new(None::<usize>);
    let choose = move |place: usize, settled: bool| {
        let answers = form.peek(id, |item| in_unit(&item, place));
        ahead.set(answers.is_empty().then_some(place));
        form.answer(id, answers, settled);
    };
    Effect::new(move || {
        let number = form.item(id, |item| {
            matches!(item.answers.first(), Some(Answer::Quantity(_)))
        });
        if let Some(place) = ahead.get_untracked().filter(|_| number) {
            choose(place, false);
        }
    });
    let unit = match units.as_slice() {
        [] => ().into_any(),
        [unit] => view! { <span class="unit">{unit.clone()}</span> },
        _ => {
            let chosen = move |place: usize, unit: &str| {
                ahead.get() == Some(place)
                    || form.item(id, |item| match item.answers.first() {
                        Some(Answer::Quantity(quantity)) => quantity.unit.as_deref() == Some(unit),
                        _ => false,
                    })
            };
            let options = units.into_iter().enumerate().map(|(place, unit)| {
                let name = unit.clone();
                view! { <option value=place.to_string() prop:selected=move || chosen(place, &name)>{unit}</option> }
            });
            view! {
                <select
                    class="input input-unit"
                    aria-label=tr!("Unit: {question}", question = question.name())
                    on:change:target=move |event| {
                        if let Ok(place) = event.target().value().parse() {
                            choose(place, true);
                        }
                    }
                >
                    {options.collect_view()}
                </select>
            }
        }
    };
    let spins = form.peek(id, |item| item.control == Control::Spinner);
    let [less, more] = [(-1, "−", tr!("One less")), (1, "+", tr!("One more"))].map(|(by, sign, words)| {
        spins.then(|| {
            let step = move || {
                let answers = form.peek(id, |item| stepped(&item, by));
                form.answer(id, answers, true);
            };
            view! {
                <button type="button" class="button button-secondary button-step" on:click=move |_| step()>
                    <span aria-hidden="true">{sign}</span>
                    <span class="unseen">{words} ": " {question.name().to_owned()}</span>
                </button>
            }
        })
    });
    question.field(view! { <div class="number">{less} {input} {more} {unit}</div> })
}

/// The same number in another unit.
fn in_unit(item: &ItemView<'_>, place: usize) -> Vec<Answer> {
    let unit = item.units.get(place);
    let turned = item.answers.iter().cloned().map(|answer| match (answer, unit) {
        (Answer::Quantity(quantity), Some(unit)) => Answer::Quantity(Box::new(quantity.in_unit(unit))),
        (answer, _) => answer,
    });
    turned.collect()
}

/// One more or one less, within the question's bounds; at first the number nearest to zero.
fn stepped(item: &ItemView<'_>, by: i32) -> Vec<Answer> {
    let bound = |bound: Option<&Answer>| bound.and_then(slider::number);
    let next = match item.answers.first().and_then(slider::number) {
        Some(number) => number + Decimal::from(by),
        None => Decimal::ZERO,
    };
    let next = bound(item.min_value).map_or(next, |least| next.max(least));
    let next = bound(item.max_value).map_or(next, |most| next.min(most));
    (NUMBER.read)(item, &next.to_string())
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
