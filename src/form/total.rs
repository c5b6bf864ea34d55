//! A total, quietly: the number, whether it is whole yet, and the band that it is in, in the form's own words.

use crate::prelude::*;
use forms::ItemId;

use super::{
    beside,
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
                tr!(
                    "{answered} of {all} questions answered so far",
                    answered = tally.answered,
                    all = tally.of
                )
            }
            Some(tally) => tr!("All {all} questions answered", all = tally.of),
            None => String::new(),
        })
    };
    let bands: Vec<ItemId> = form.read(|form| form.bands(id).into_iter().map(|band| band.item).collect());
    let band = memo(move || {
        let words = |band: &ItemId| form.item(*band, |item| item.shown().then(|| item.text.to_owned()));
        // Each is looked at, so that each can come.
        bands.iter().filter_map(words).next_back()
    });
    let partly = move || {
        form.item(id, |item| {
            item.total.is_some_and(|tally| tally.answered < tally.of)
        })
    };
    view! {
        <div class="total" id=item::element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
            <span class="question-text" id=question.part("text")>{question.words()}</span>
            <output class="total-number" data-linkid=question.link_id.clone() aria-labelledby=question.part("text")>
                {move || number()}
            </output>
            <span class="total-state">{move || state()}</span>
            {move || {
                band.get().map(|band| {
                    let words = if partly() { tr!("So far: {band}", band) } else { band };
                    view! { <p class="band">{words}</p> }
                })
            }}
            {question.help_place()}
            {item::children(sheet, id)}
            {beside::total(id)}
        </div>
    }
}
