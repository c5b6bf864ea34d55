//! An answer that is not the user's to change here: it stands as text.

use crate::prelude::*;
use forms::{Answer, ItemId, ItemView, Kind};

use super::{
    attachment, beside,
    date::to_the_minute,
    frame::Question,
    item::{self, Sheet},
};
use crate::browser::device::calendar_date;
use crate::language::told;

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let cannot = form.read(|form| {
        let item = form.item(id);
        let said = form
            .not_supported()
            .iter()
            .find(|lack| lack.link_id.as_deref() == Some(item.link_id));
        said.filter(|_| matches!(item.kind, Kind::Unsupported))
            .map(|lack| told(&lack.meaning))
    });
    let is_file = form.peek(id, |item| item.kind == Kind::Attachment);
    let answers = move || {
        if is_file && form.item(id, |item| !item.answers.is_empty()) {
            return attachment::attached(form, id, false);
        }
        let lines: Vec<String> = form.item(id, |item| all_words(&item));
        if lines.is_empty() {
            view! { <p class="muted">{tr!("Not answered")}</p> }
        } else {
            let lines = lines
                .into_iter()
                .map(|line| view! { <p class="fixed-line">{line}</p> });
            view! { {lines.collect_view()} }
        }
    };
    view! {
        <div class="question question-fixed" id=item::element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
            <p class="question-text">{question.words()}</p>
            {question.error_place()}
            <div class="fixed">{move || answers()}</div>
            {beside::question(id)}
            {cannot.map(|meaning| view! { <p class="question-help">{meaning}</p> })}
            {item::children(sheet, id)}
        </div>
    }
}

/// The answers of an item as people write them.
pub fn all_words(item: &ItemView<'_>) -> Vec<String> {
    item.answers.iter().map(|answer| words(item, answer)).collect()
}

/// An answer to this question as people write it, with the unit that goes without saying, and the words that an option is shown in.
pub fn words(item: &ItemView<'_>, answer: &Answer) -> String {
    let unit = item.units.first().map(|unit| unit.text());
    match answer {
        Answer::Date(date) => calendar_date(date.as_str()),
        Answer::DateTime(at) => {
            let time = to_the_minute(at.time());
            if time.is_empty() {
                calendar_date(at.date())
            } else {
                format!("{}, {time}", calendar_date(at.date()))
            }
        }
        Answer::Time(time) => to_the_minute(time.as_str()).to_owned(),
        Answer::Quantity(quantity) => {
            let unit = quantity.unit.as_deref().or(unit.filter(|_| !item.open_units));
            unit.map_or_else(|| answer.to_string(), |unit| format!("{answer} {unit}"))
        }
        Answer::Decimal(_) | Answer::Integer(_) => {
            unit.map_or_else(|| answer.to_string(), |unit| format!("{answer} {unit}"))
        }
        Answer::Boolean(true) => tr!("Yes").to_owned(),
        Answer::Boolean(false) => tr!("No").to_owned(),
        other => item.words(other),
    }
}
