//! One or several answers of a long list, found by typing. Of a choice only what the list has is an answer; an open choice
//! takes the user's own words too.
//!
//! A combobox as the ARIA Authoring Practices describe it (<https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>): the focus
//! stays in the field, and the arrow keys move through the list below it. `datalist` is not: it forgives no accent and no
//! order of words, and says nothing where nothing fits.

use crate::prelude::*;
use forms::{Answer, ItemId, ItemView, Kind};
use leptos::{ev::KeyboardEvent, html};

use super::{choice::label, frame::Question, item::Sheet};
use crate::browser::device;
use crate::components::FieldError;
use crate::search::{finds, fold};

/// The most answers that are listed at once.
const MOST: usize = 40;

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let Question { typing, .. } = question;
    let several = form.peek(id, |item| item.repeats);
    let node = NodeRef::<html::Input>::new();
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    // The place in the list below the field where the arrow keys are.
    let at = RwSignal::new(None::<usize>);
    let labels: Vec<String> = form.peek(id, |item| item.options.iter().map(label).collect());
    let labels = StoredValue::new(labels);
    let fitting = Memo::new(move |_| typed.with(|typed| labels.with_value(|labels| fitting(labels, typed))));
    let set_text = move |text: &str| {
        if let Some(input) = node.get_untracked()
            && input.value() != text
        {
            input.set_value(text);
        }
        typed.set(text.to_owned());
    };
    // What the form holds comes into the field where it says something else.
    Effect::new(move || {
        let Some(input) = node.get() else { return };
        let other = form.item(id, |item| {
            let same = several || read(&item, &input.value()) == item.answers;
            (!same).then(|| {
                item.answers
                    .first()
                    .map(|answer| shown(&item, answer))
                    .unwrap_or_default()
            })
        });
        if let Some(text) = other {
            input.set_value(&text);
        }
    });
    let add = move |answers: Vec<Answer>| {
        let mut all = form.peek(id, |item| item.answers.to_vec());
        for answer in answers {
            if !all.contains(&answer) {
                all.push(answer);
            }
        }
        form.answer(id, all, true);
        set_text("");
    };
    let choose = move |place: usize| {
        let option = form.peek(id, |item| {
            item.options
                .get(place)
                .map(|option| (label(option), option.answer.clone(), item.chosen(option)))
        });
        let Some((words, answer, chosen)) = option else {
            return;
        };
        open.set(false);
        at.set(None);
        match several {
            true if chosen => set_text(""),
            true => add(vec![answer]),
            false => {
                set_text(&words);
                form.answer(id, vec![answer], true);
            }
        }
    };
    let type_in = move |text: String| {
        typing.set(true);
        if !several {
            form.answer(id, form.peek(id, |item| read(&item, &text)), false);
        }
        typed.set(text);
        at.set(None);
        open.set(true);
    };
    let enter = move || {
        let place = at
            .get_untracked()
            .and_then(|at| fitting.with_untracked(|(found, _)| found.get(at).copied()));
        let text = typed.get_untracked();
        match place {
            Some(place) => choose(place),
            None if several => take_typed(form.peek(id, |item| read(&item, &text)), add),
            None => {}
        }
        open.set(false);
    };
    let leave = move || {
        // A field that is taken off the page is left too.
        if typing.try_set(false).is_some() {
            return;
        }
        open.set(false);
        let text = typed.get_untracked();
        match several {
            true => take_typed(form.peek(id, |item| read(&item, &text)), add),
            false => form.settle(id),
        }
    };
    let list_id = question.part("list");
    let option_id = move |at: usize| format!("{}-{at}", Question::part_of(id, "option"));
    let by_key = move |event: KeyboardEvent| {
        let count = fitting.with_untracked(|(found, _)| found.len());
        let moved = match (event.key().as_str(), at.get_untracked()) {
            ("ArrowDown", None) => Some(0),
            ("ArrowDown", Some(at)) => Some((at + 1).min(count.saturating_sub(1))),
            ("ArrowUp", None) => count.checked_sub(1),
            ("ArrowUp", Some(at)) => Some(at.saturating_sub(1)),
            ("Enter", _) => {
                event.prevent_default();
                return enter();
            }
            ("Escape", _) if open.get_untracked() => {
                event.prevent_default();
                return open.set(false);
            }
            _ => return,
        };
        event.prevent_default();
        open.set(true);
        at.set(moved.filter(|_| count > 0));
        if let Some(at) = moved {
            device::scroll_near(&option_id(at));
        }
    };
    let left_over = Signal::derive(move || {
        let stays = several && !open.get() && !typed.with(|typed| typed.trim().is_empty());
        stays.then(|| tr!("Choose one of the answers in the list.").to_owned())
    });
    let name = question.text().to_owned();
    let begin = form.peek(id, |item| match several {
        true => String::new(),
        false => item
            .answers
            .first()
            .map(|answer| shown(&item, answer))
            .unwrap_or_default(),
    });
    typed.set(begin.clone());
    let rows = move || {
        let (found, _) = fitting.get();
        let row = |(at_row, place): (usize, usize)| {
            let words = labels.with_value(|labels| labels.get(place).cloned().unwrap_or_default());
            let chosen = move || {
                form.item(id, |item| {
                    item.options.get(place).is_some_and(|option| item.chosen(option))
                })
            };
            view! {
                <li
                    id=option_id(at_row)
                    role="option"
                    class="combobox-option"
                    class:combobox-at=move || at.get() == Some(at_row)
                    aria-selected=move || if chosen() { "true" } else { "false" }
                    // The focus stays in the field.
                    on:mousedown=move |event| event.prevent_default()
                    on:click=move |_| choose(place)
                >
                    {words}
                </li>
            }
        };
        found.into_iter().enumerate().map(row).collect_view()
    };
    let said = move || {
        let (found, more) = fitting.get();
        match (open.get(), found.len() + more) {
            (false, _) => String::new(),
            (true, 0) => tr!("No answer in the list fits.").to_owned(),
            (true, all) if more > 0 => tr!("{all} answers fit. Type more to see all of them.", all),
            (true, all) => tr!("1 answer fits." | "{n} answers fit." % all),
        }
    };
    let control = view! {
        {several.then(|| chosen_ones(&question))}
        {several.then(|| view! { <FieldError id=question.part("left-over") text=left_over /> })}
        <div class="combobox">
            <input
                id=question.part("input")
                node_ref=node
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-autocomplete="list"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=list_id.clone()
                aria-activedescendant=move || at.get().filter(|_| open.get()).map(option_id)
                data-linkid=question.link_id.clone()
                aria-required=question.required.then_some("true")
                aria-invalid=question.invalid()
                aria-describedby=question.described_by()
                prop:value=begin
                on:input:target=move |event| type_in(event.target().value())
                on:click=move |_| open.set(true)
                on:keydown=by_key
                on:blur=move |_| leave()
            />
            <div class="combobox-list" hidden=move || !open.get()>
                <ul id=list_id class="combobox-options" role="listbox" aria-label=name>
                    {rows}
                </ul>
                <p class="combobox-note" role="status">
                    {said}
                </p>
            </div>
        </div>
    };
    question.field(control)
}

/// Own words, or the answer that was typed out; what is neither stays in the field.
fn take_typed(read: Vec<Answer>, add: impl Fn(Vec<Answer>)) {
    if !read.is_empty() && !read.iter().any(Answer::is_invalid) {
        add(read);
    }
}

/// What has been chosen of several, each with a way to take it back.
fn chosen_ones(question: &Question) -> AnyView {
    let (form, id) = (question.sheet.form, question.id);
    let remove = move |gone: &Answer| {
        let answers = form.peek(id, |item| {
            item.answers
                .iter()
                .filter(|answer| *answer != gone)
                .cloned()
                .collect()
        });
        form.answer(id, answers, true);
        device::go_to(&Question::part_of(id, "input"));
    };
    let rows = move || {
        let answers: Vec<(String, Answer)> = form.item(id, |item| {
            item.answers
                .iter()
                .map(|answer| (shown(&item, answer), answer.clone()))
                .collect()
        });
        let row = |(words, answer): (String, Answer)| {
            view! {
                <li class="chosen-one">
                    <span>{words.clone()}</span>
                    <button type="button" class="button button-quiet" on:click=move |_| remove(&answer)>
                        {tr!("Remove")}
                        <span class="unseen">": " {words}</span>
                    </button>
                </li>
            }
        };
        answers.into_iter().map(row).collect_view()
    };
    view! { <ul class="chosen">{rows}</ul> }
}

/// The places of the options that fit what is typed, and how many more there are.
fn fitting(labels: &[String], typed: &str) -> (Vec<usize>, usize) {
    // What is chosen already stands in the field in full: all others can be seen again.
    let whole = labels.iter().any(|label| label == typed);
    let wanted = if whole { "" } else { typed };
    let mut found: Vec<usize> = labels
        .iter()
        .enumerate()
        .filter(|(_, label)| finds(wanted, label))
        .map(|(place, _)| place)
        .collect();
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    (found, more)
}

/// What the field's text says: an option, however it is typed, or own words where those are taken.
fn read(item: &ItemView<'_>, text: &str) -> Vec<Answer> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let wanted = fold(text.trim());
    let option = item.options.iter().find(|option| fold(&label(option)) == wanted);
    vec![match option {
        Some(option) => option.answer.clone(),
        None if item.kind == Kind::OpenChoice => Answer::String(text.trim().to_owned()),
        None => Answer::Invalid(text.to_owned()),
    }]
}

fn shown(item: &ItemView<'_>, answer: &Answer) -> String {
    let option = item.options.iter().find(|option| option.is(answer));
    option.map_or_else(|| answer.to_string(), label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Form;
    use serde_json::json;

    #[test]
    fn only_the_lists_answers_are_taken_and_own_words_where_the_form_takes_them() {
        for (kind, typed, answer, valid) in [
            ("choice", "français", "Français", true),
            ("choice", " FRANCAIS ", "Français", true),
            ("choice", "creole haitian", "creole haitian", false),
            ("choice", "Franç", "Franç", false),
            ("open-choice", "Franç", "Franç", true),
            ("open-choice", "haitian creole", "Haitian Creole", true),
        ] {
            let options = ["Français", "Haitian Creole"]
                .map(|words| json!({ "valueCoding": { "code": words, "display": words } }));
            let form =
                Form::open(&json!({ "item": [{ "linkId": "q", "type": kind, "answerOption": options }] }))
                    .unwrap();
            let item = form.item(form.find("q").unwrap());
            let read = read(&item, typed);
            assert_eq!(read.len(), 1);
            assert_eq!(
                (read[0].to_string().as_str(), !read[0].is_invalid()),
                (answer, valid),
                "{kind} {typed}"
            );
        }
    }

    #[test]
    fn what_fits_is_listed_in_the_forms_order() {
        let labels: Vec<String> = ["Français", "Haitian Creole", "Louisiana Creole"]
            .map(str::to_owned)
            .into();
        for (typed, found) in [
            ("", vec![0, 1, 2]),
            ("francais", vec![0]),
            ("creole", vec![1, 2]),
            ("creole hait", vec![1]),
            ("Haitian Creole", vec![0, 1, 2]),
            ("zzz", vec![]),
        ] {
            assert_eq!(fitting(&labels, typed), (found, 0), "{typed}");
        }
        let many: Vec<String> = (0..100).map(|n| format!("answer {n}")).collect();
        assert_eq!(fitting(&many, "answer").1, 60);
    }
}
