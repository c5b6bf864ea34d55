//! A section of the form as a page shows it, and a group within one.

use crate::prelude::*;
use forms::{ItemId, SectionId};

use super::{
    FormHandle, fixed,
    frame::Question,
    item::{self, Sheet, element_id},
    repeat, table,
};

/// Every item of one section. Its heading is the page's.
#[component]
pub fn FormSection(form: FormHandle, section: SectionId) -> impl IntoView {
    let parts = move || form.read(|form| form.sections().get(section.index()).cloned());
    view! {
        <div class="form">
            <p class="unseen" role="status">
                {form.news}
            </p>
            <p class="unseen" aria-live="assertive">
                {form.alarm}
            </p>
            {move || {
                let locked = form.locked.get();
                let part = parts()?;
                let (required, asked) = form.read(|form| count(form, &part.items));
                let sheet = Sheet { form, most_required: required * 2 > asked, locked, row: None };
                let table = part.group.and_then(|group| Some((words_before(form, group, &part.items), table::body(sheet, group)?)));
                let rule = if locked { None } else { rule(required, asked) };
                Some(
                    view! {
                        {rule.map(|rule| view! { <p class="form-rule">{rule}</p> })}
                        {part.group.map(|group| group_words(sheet, group))}
                        {match table {
                            Some((words, table)) => {
                                let words = words.into_iter().map(|id| item::draw(sheet, id));
                                view! { {words.collect_view()} {table} }
                            }
                            None => item::list(sheet, part.items, move || form.items_of(section)),
                        }}
                    },
                )
            }}
            {repeat::notice(form)}
        </div>
    }
}

/// What stands on a section's page before the group that it is.
fn words_before(form: FormHandle, group: ItemId, items: &[ItemId]) -> Vec<ItemId> {
    let within: Vec<ItemId> = form.peek(group, |item| item.children.iter().collect());
    items.iter().copied().filter(|id| !within.contains(id)).collect()
}

/// A group within a section.
pub(super) fn group(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let folds = sheet
        .form
        .peek(id, |item| item.hints.and_then(|hints| hints.collapsible.clone()));
    if let Some(folds) = folds {
        return folding(sheet, question, folds != "default-closed");
    }
    view! {
        <fieldset class="part" id=element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
            <legend class="part-title">{question.words()}</legend>
            {question.help_place()}
            {question.error_place()}
            {body(sheet, id)}
            {repeat::buttons(sheet, id)}
        </fieldset>
    }
}

/// What is asked below one of several answers, named by it.
pub(super) fn below(sheet: Sheet, id: ItemId) -> AnyView {
    let answer = move || {
        sheet.form.item(id, |item| {
            let words = item.answers.first().map(|answer| fixed::words(&item, answer));
            words.unwrap_or_default()
        })
    };
    view! {
        <fieldset class="below" id=element_id(id) tabindex="-1">
            <legend class="below-title">{answer}</legend>
            {item::children(sheet, id)}
        </fieldset>
    }
}

/// A group that can be folded up.
fn folding(sheet: Sheet, question: Question, open: bool) -> AnyView {
    let (id, title) = (question.id, question.part("title"));
    view! {
        <fieldset
            class="part"
            id=element_id(id)
            tabindex="-1"
            data-linkid=question.link_id.clone()
            aria-labelledby=question.part("title")
        >
            {question.error_place()}
            <details class="folding" open=open>
                <summary class="part-title" id=title>
                    {question.words()}
                </summary>
                <div class="form">{question.help_place()} {body(sheet, id)} {repeat::buttons(sheet, id)}</div>
            </details>
        </fieldset>
    }
}

/// What stands in a group: a table, or its items below each other.
fn body(sheet: Sheet, group: ItemId) -> AnyView {
    table::body(sheet, group).unwrap_or_else(|| item::children(sheet, group))
}

/// What the section's own group has to say besides its heading.
fn group_words(sheet: Sheet, group: ItemId) -> AnyView {
    let question = Question::of(sheet, group);
    view! {
        <div class="part-words" id=element_id(group) tabindex="-1" data-linkid=question.link_id.clone()>
            {question.help_place()}
            {question.error_place()}
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
        all if all == asked => Some(tr!("Answer every question.")),
        most if most * 2 > asked => Some(tr!("Answer every question that is not marked as optional.")),
        _ => Some(tr!("Questions marked as required need an answer.")),
    }
}
