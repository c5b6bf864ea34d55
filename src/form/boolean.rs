//! Yes or no.

use crate::prelude::*;
use forms::{Answer, ItemId};

use super::{choice::clear, frame::Question, item::Sheet};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let name = question.part("input");
    let option = |value: bool, word: &'static str| {
        let chosen = move || form.item(id, |item| item.answers == [Answer::Boolean(value)]);
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name.clone()
                    data-linkid=question.link_id.clone()
                    prop:checked=chosen
                    on:change=act(move || form.answer(id, vec![Answer::Boolean(value)], true))
                />
                <span>{word}</span>
            </label>
        }
    };
    let both = view! {
        <div class="scale scale-two">{option(true, tr!("Yes"))} {option(false, tr!("No"))}</div>
        {clear(&question)}
    };
    question.fieldset("radiogroup", both)
}
