//! A section of the form as a page shows it, and a group within one.

use crate::prelude::*;
use forms::{ItemId, SectionId};

use super::{
    FormHandle,
    frame::Question,
    item::{self, Sheet, element_id},
};
use crate::components::FieldError;

/// Every item of one section. Its heading is the page's.
#[component]
pub fn FormSection(form: FormHandle, section: SectionId) -> impl IntoView {
    let parts = move || form.read(|form| form.sections().get(section.index()).cloned());
    view! {
        <div class="form">
            <p class="unseen" role="status">
                {form.news}
            </p>
            {move || {
                let locked = form.locked.get();
                let part = parts()?;
                let (required, asked) = form.read(|form| count(form, &part.items));
                let sheet = Sheet { form, most_required: required * 2 > asked, locked };
                let rule = if locked { None } else { rule(required, asked) };
                Some(
                    view! {
                        {rule.map(|rule| view! { <p class="form-rule">{rule}</p> })}
                        {part.group.map(|group| group_words(sheet, group))}
                        {item::list(sheet, part.items, move || form.items_of(section))}
                    },
                )
            }}
        </div>
    }
}

/// A group within a section.
pub(super) fn group(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    view! {
        <fieldset class="part" id=element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
            <legend class="part-title">{question.words()}</legend>
            {question.help_place()}
            {question.error_place()}
            {item::children(sheet, id)}
            {repetition(sheet, id)}
        </fieldset>
    }
}

/// Of a part that can be there several times: one more of it below the last, and away with this one.
fn repetition(sheet: Sheet, id: ItemId) -> AnyView {
    let form = sheet.form;
    let (repeats, words) = form.peek(id, |item| {
        let words = if item.text.is_empty() {
            "this part"
        } else {
            item.text
        };
        (item.repeats && !item.read_only, words.to_owned())
    });
    if !repeats || sheet.locked {
        return ().into_any();
    }
    let standing = Memo::new(move |_| form.structure(|form| (form.place_of(id), form.can_add(id))));
    let is_last = move || {
        let ((place, count), can_add) = standing.get();
        can_add && place + 1 == count
    };
    let alone = move || standing.get().0.1 == 1;
    view! {
        <div class="buttons">
            <button type="button" class="button button-quiet" hidden=move || !is_last() on:click=move |_| form.add(id)>
                "Add another"
                <span class="unseen">": " {words.clone()}</span>
            </button>
            <button type="button" class="button button-quiet" on:click=move |_| form.remove(id)>
                {move || if alone() { "Empty this" } else { "Remove this" }}
                <span class="unseen">": " {words.clone()}</span>
            </button>
        </div>
    }
}

/// What the section's own group has to say besides its heading.
fn group_words(sheet: Sheet, group: ItemId) -> AnyView {
    let question = Question::of(sheet, group);
    view! {
        <div class="part-words" id=element_id(group) tabindex="-1" data-linkid=question.link_id.clone()>
            {question.help_place()}
            <FieldError id=question.part("error") text=question.error />
        </div>
    }
}

/// Required questions and all, whether they apply now or not: how questions are marked does not change while one
/// answers.
fn count(form: &forms::Form, items: &[ItemId]) -> (usize, usize) {
    let (mut required, mut asked) = (0, 0);
    for id in items {
        let item = form.item(*id);
        if item.hidden {
            continue;
        }
        if item.kind.is_question() && !item.read_only {
            asked += 1;
            required += usize::from(item.required);
        }
        let children: Vec<ItemId> = item.children.iter().collect();
        let (below_required, below) = count(form, &children);
        required += below_required;
        asked += below;
    }
    (required, asked)
}

fn rule(required: usize, asked: usize) -> Option<&'static str> {
    match required {
        0 => None,
        all if all == asked => Some("Answer every question."),
        most if most * 2 > asked => Some("Answer every question that is not marked as optional."),
        _ => Some("Questions marked as required need an answer."),
    }
}
