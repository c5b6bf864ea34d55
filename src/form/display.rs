//! Words of the form that ask nothing: plain text, and a notice that appears when it applies.

use crate::prelude::*;
use forms::ItemId;

use super::{
    frame::{Question, is_prompt},
    item::{Sheet, element_id},
};
use crate::components::{Icon, Symbol};

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    // A band stands in the panel of its total.
    if sheet.form.read(|form| form.is_band(id)) {
        return ().into_any();
    }
    let question = Question::of(sheet, id);
    let (category, conditional, prompt) = sheet.form.peek(id, |item| {
        (
            item.category.map(str::to_owned),
            item.conditional,
            is_prompt(&item),
        )
    });
    let (class, symbol) = match category.as_deref() {
        Some("safety") => ("banner banner-danger", Some(Symbol::Alert)),
        Some("security") => ("banner", Some(Symbol::Key)),
        Some("instructions") => ("note", None),
        _ if prompt => ("words prompt", None),
        _ if conditional => ("banner banner-info", Some(Symbol::Info)),
        _ => ("words", None),
    };
    view! {
        <div class=class id=element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
            {symbol.map(|symbol| view! { <Icon symbol /> })}
            {question.paragraphs()}
            {question.picture_place()}
            {question.help_place()}
        </div>
    }
}
