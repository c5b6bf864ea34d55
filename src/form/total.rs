//! A total, quietly: the number, and whether it is whole yet. The band, if the form has one, follows it as a text.

use crate::prelude::*;
use forms::ItemId;

use super::{
    frame::Question,
    item::{self, Sheet},
};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let number = move || {
        form.item(id, |item| {
            if item.answers.is_empty() {
                "–".to_owned()
            } else {
                item.text_answer()
            }
        })
    };
    let state = move || {
        form.item(id, |item| match item.total {
            Some(tally) if tally.answered < tally.of => {
                format!("{} of {} questions answered so far", tally.answered, tally.of)
            }
            Some(tally) => format!("All {} questions answered", tally.of),
            None => String::new(),
        })
    };
    view! {
        <div class="total" id=item::element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
            <span class="question-text" id=question.part("text")>{question.words()}</span>
            <output class="total-number" data-linkid=question.link_id.clone() aria-labelledby=question.part("text")>
                {move || number()}
            </output>
            <span class="total-state">{move || state()}</span>
            {question.help_place()}
            {item::children(sheet, id)}
        </div>
    }
}
