//! One of many answers, in the browser's own list.

use crate::prelude::*;
use forms::{ChoiceOption, ItemId};

use super::{
    choice::{columns, label},
    frame::Question,
    item::Sheet,
};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let labels: Vec<String> = form.peek(id, |item| item.options.iter().map(line).collect());
    let options = labels.into_iter().enumerate().map(|(place, label)| {
        let chosen = move || form.chosen(id, place);
        view! { <option value=place.to_string() prop:selected=chosen>{label}</option> }
    });
    let options = options.collect_view();
    let none = move || form.item(id, |item| item.answers.is_empty());
    let choose = move |place: Option<usize>| {
        let answers = form.peek(id, |item| {
            let option = place.and_then(|place| item.options.get(place));
            option.map(|option| option.answer.clone()).into_iter().collect()
        });
        form.answer(id, answers, true);
    };
    let list = view! {
        <select
            id=question.part("input")
            class="input"
            data-linkid=question.link_id.clone()
            aria-required=question.required.then_some("true")
            aria-invalid=question.invalid()
            aria-describedby=question.described_by()
            on:change:target=move |event| choose(event.target().value().parse().ok())
        >
            <option value="" prop:selected=none>
                {tr!("Choose an answer")}
            </option>
            {options}
        </select>
    };
    question.field(list)
}

/// All that is told of an option: the browser's list has one line for each.
fn line(option: &ChoiceOption) -> String {
    match columns(option) {
        Some(more) => format!("{} ({more})", label(option)),
        None => label(option),
    }
}
