//! Yes, or nothing said: one box to tick, where the form asks for a check box instead of yes and no.

use crate::prelude::*;
use forms::{Answer, ItemId};

use super::{frame::Question, item::Sheet};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let ticked = move || form.item(id, |item| item.answers == [Answer::Boolean(true)]);
    let tick = move |on: bool| {
        let answers = if on {
            vec![Answer::Boolean(true)]
        } else {
            Vec::new()
        };
        form.answer(id, answers, true);
    };
    let input = question.part("input");
    let words = question.words();
    let control = view! {
        <label class="choice">
            <input
                id=input
                type="checkbox"
                data-linkid=question.link_id.clone()
                aria-required=question.required.then_some("true")
                aria-invalid=question.invalid()
                aria-describedby=question.described_by()
                prop:checked=ticked
                on:change:target=move |event| tick(event.target().checked())
            />
            <span class="question-text">{words}</span>
        </label>
    };
    question.own_words(control)
}
