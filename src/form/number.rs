//! A number, with its unit beside it. The field is one of text: what is no number is kept and marked, where a browser's
//! own number field would throw it away.

use crate::prelude::*;
use forms::{Answer, Control, Decimal, ItemId, ItemView, Kind};

use super::{
    frame::Question,
    item::Sheet,
    slider,
    typed::{self, Line, Reading},
    unit::Unit,
};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let whole = form.peek(id, |item| item.kind == Kind::Integer);
    let line = Line {
        kind: "text",
        input_mode: if whole { "numeric" } else { "decimal" },
        class: "input input-number",
    };
    let input = typed::line(&question, question.part("input"), line, NUMBER);
    let unit = Unit::of(&question);
    let (beside, below) = unit.draw(&question);
    let spins = form.peek(id, |item| item.control == Control::Spinner);
    let [less, more] = [(-1, "−", tr!("One less")), (1, "+", tr!("One more"))].map(|(by, sign, words)| {
        spins.then(|| {
            let step = move || {
                let answers = form.peek(id, |item| stepped(&item, by));
                form.answer(id, unit.put_to(answers), true);
            };
            view! {
                <button type="button" class="button button-secondary button-step" on:click=move |_| step()>
                    <span aria-hidden="true">{sign}</span>
                    <span class="unseen">{words} ": " {question.name().to_owned()}</span>
                </button>
            }
        })
    });
    question.field(view! {
        <div class="number">{less} {input} {more} {beside}</div>
        {below}
    })
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
            Some(Answer::Quantity(quantity)) => Some(quantity.unit.as_deref().unwrap_or_default()),
            _ => None,
        };
        let stays = |unit: &&str| item.open_units || item.units.iter().any(|known| known.text() == *unit);
        let read = item.read(text).into_iter();
        read.map(|answer| match unit.filter(stays) {
            Some(unit) => item.in_unit(&answer, unit),
            None => answer,
        })
        .collect()
    },
    write: |item| item.text_answer(),
};
