//! One or several answers of a long list, found by typing. Of a choice only what the list has is an answer; an open choice
//! takes the user's own words too.
//!
//! A combobox as the ARIA Authoring Practices describe it (<https://www.w3.org/WAI/ARIA/apg/patterns/combobox/>): the focus
//! stays in the field, and the arrow keys move through the list below it. `datalist` is not: it forgives no accent and no
//! order of words, and says nothing where nothing fits.

use crate::prelude::*;
use forms::{Answer, ChoiceOption, ItemId, ItemView, Kind};
use leptos::{ev::KeyboardEvent, html};

use super::{
    choice::{columns, label, told},
    frame::Question,
    item::Sheet,
};
use crate::browser::device;
use crate::components::FieldError;
use crate::search::{Wanted, fold};

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
    let list =
        StoredValue::new(form.peek(id, |item| item.options.iter().map(Listed::of).collect::<Vec<_>>()));
    let fitting = memo(move || typed.with(|typed| list.with_value(|list| fitting(list, typed))));
    let read = move |text: &str| list.with_value(|list| form.peek(id, |item| read(&item, list, text)));
    let set_text = move |text: &str| {
        if let Some(input) = node.get_untracked()
            && input.value() != text
        {
            input.set_value(text);
        }
        typed.set(text.to_owned());
    };
    // What the form holds comes into the field where it says something else.
    effect(move || {
        let Some(input) = node.get() else { return };
        let now = form.item(id, |item| item.answers.to_vec());
        if !several && read(&input.value()) != now {
            input.set_value(&form.peek(id, |item| first_shown(&item)));
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
            form.answer(id, read(&text), false);
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
            None if several => take_typed(read(&text), add),
            None => {}
        }
        open.set(false);
    };
    let leave = move || {
        // A field that is taken off the page is left too.
        let Some(was_typing) = typing.try_update(std::mem::take) else {
            return;
        };
        open.set(false);
        match (was_typing, several) {
            (false, _) => {}
            (true, true) => take_typed(read(&typed.get_untracked()), add),
            (true, false) => form.settle(id),
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
    let left_over = derived(move || {
        let stays = several && !open.get() && !typed.with(|typed| typed.trim().is_empty());
        stays.then(|| tr!("Choose one of the answers in the list.").to_owned())
    });
    let name = question.name().to_owned();
    let begin = form.peek(id, |item| match several {
        true => String::new(),
        false => first_shown(&item),
    });
    typed.set(begin.clone());
    let rows = move || {
        let (found, _) = fitting.get();
        let row = |(at_row, place): (usize, usize)| {
            let (words, more) = list.with_value(|list| {
                let listed = list.get(place);
                listed
                    .map(|listed| (listed.label.clone(), listed.columns.clone()))
                    .unzip()
            });
            view! {
                <li
                    id=option_id(at_row)
                    role="option"
                    class="combobox-option"
                    class:combobox-at=move || at.get() == Some(at_row)
                    aria-selected=move || if form.chosen(id, place) { "true" } else { "false" }
                    // The focus stays in the field.
                    on:mousedown=move |event| event.prevent_default()
                    on:click=act(move || choose(place))
                >
                    <span>{words} {told(more.flatten())}</span>
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
                on:click=act(move || open.set(true))
                on:keydown=by_key
                on:blur=act(leave)
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
        form.take_back(id, gone);
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
                    <button type="button" class="button button-quiet" on:click=act(move || remove(&answer))>
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

/// One answer of the list in its words, and the same as the search compares them: made once, for the list may be long.
struct Listed {
    label: String,
    folded: String,
    columns: Option<String>,
    /// With what the columns tell; empty without any.
    folded_whole: String,
}

impl Listed {
    fn of(option: &ChoiceOption) -> Self {
        let (label, columns) = (label(option), columns(option));
        let whole = columns.as_ref().map(|more| fold(&format!("{label} {more}")));
        Self {
            folded: fold(&label),
            folded_whole: whole.unwrap_or_default(),
            label,
            columns,
        }
    }

    fn fits(&self, wanted: &Wanted) -> bool {
        wanted.is_in(&self.folded) || wanted.is_in(&self.folded_whole)
    }
}

/// The places of the options that fit what is typed, and how many more there are.
fn fitting(list: &[Listed], typed: &str) -> (Vec<usize>, usize) {
    // What is chosen already stands in the field in full: all others can be seen again.
    let whole = list.iter().any(|listed| listed.label == typed);
    let wanted = Wanted::of(if whole { "" } else { typed });
    let places = list.iter().enumerate();
    let mut found: Vec<usize> = places
        .filter(|(_, listed)| listed.fits(&wanted))
        .map(|(place, _)| place)
        .collect();
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    (found, more)
}

/// What the field's text says: an option, however it is typed, or own words where those are taken.
fn read(item: &ItemView<'_>, list: &[Listed], text: &str) -> Vec<Answer> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let wanted = fold(text.trim());
    let place = list.iter().position(|listed| listed.folded == wanted);
    vec![match place.and_then(|place| item.options.get(place)) {
        Some(option) => option.answer.clone(),
        None if item.kind == Kind::OpenChoice => Answer::String(text.trim().to_owned()),
        None => Answer::Invalid(text.to_owned()),
    }]
}

fn first_shown(item: &ItemView<'_>) -> String {
    let first = item.answers.first();
    first.map(|answer| shown(item, answer)).unwrap_or_default()
}

fn shown(item: &ItemView<'_>, answer: &Answer) -> String {
    let option = item.options.iter().find(|option| option.is(answer));
    option.map_or_else(|| answer.to_string(), label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Form;
    use serde_json::{Value, json};

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
            let list: Vec<Listed> = item.options.iter().map(Listed::of).collect();
            let read = read(&item, &list, typed);
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
        let listed = |options: Value| -> Vec<Listed> {
            let code = json!({ "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-choiceColumn",
                "extension": [{ "url": "path", "valueString": "code" }, { "url": "label", "valueString": "Code" }] });
            let item =
                json!({ "linkId": "q", "type": "choice", "answerOption": options, "extension": [code] });
            let form = Form::open(&json!({ "item": [item] })).unwrap();
            let item = form.item(form.find("q").unwrap());
            item.options.iter().map(Listed::of).collect()
        };
        let coded = |code: &str, words: &str| json!({ "valueCoding": { "code": code, "display": words } });
        let labels = listed(json!([
            coded("fr", "Français"),
            coded("ht", "Haitian Creole"),
            coded("lou", "Louisiana Creole")
        ]));
        for (typed, found) in [
            ("", vec![0, 1, 2]),
            ("francais", vec![0]),
            ("creole", vec![1, 2]),
            ("creole hait", vec![1]),
            ("Haitian Creole", vec![0, 1, 2]),
            ("LOU creole", vec![2]),
            ("zzz", vec![]),
        ] {
            assert_eq!(fitting(&labels, typed), (found, 0), "{typed}");
        }
        let many = (0..100).map(|n| json!({ "valueString": format!("answer {n}") }));
        let many = listed(many.collect());
        assert_eq!(fitting(&many, "answer").1, 60);
    }
}
