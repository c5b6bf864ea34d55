//! One of a few answers, or several: rows of which each can be tapped as a whole, or a short scale side by side. An
//! open choice has a line for the user's own words below its rows.

use crate::prelude::*;
use forms::{Answer, ChoiceOption, ItemId, ItemView, Kind, Picture};

use super::{
    frame::{Question, picture},
    item::Sheet,
    typed::{self, Line, Reading},
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Rows,
    Scale,
}

pub(super) fn draw(sheet: Sheet, id: ItemId, layout: Layout) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let (labels, repeats, open) = form.peek(id, |item| {
        (item.options.len(), item.repeats, item.kind == Kind::OpenChoice)
    });
    let rows = (0..labels).map(|place| option(&question, place, None));
    let rows = rows.collect_view();
    let columns = form.peek(id, |item| item.hints.and_then(|hints| hints.columns));
    let class = match (layout, columns) {
        (Layout::Scale, _) => "scale",
        (Layout::Rows, Some(2)) => "choices choices-2",
        (Layout::Rows, Some(3..)) => "choices choices-3",
        (Layout::Rows, _) => "choices",
    };
    let own_words = open.then(|| own_words(&question));
    let clear = (!repeats).then(|| clear(&question));
    let control = view! { <div class=class>{rows}</div> {own_words} {clear} };
    question.fieldset(if repeats { "group" } else { "radiogroup" }, control)
}

/// One of the answers, to be tapped as a whole. In a table the ids name its words, and what names the button.
pub(super) fn option(question: &Question, place: usize, ids: Option<(String, String)>) -> AnyView {
    let (form, id) = (question.sheet.form, question.id);
    let (label, more, repeats, picture_of) = form.peek(id, |item| {
        let option = item.options.get(place);
        let picture = option.and_then(|option| option.picture.as_deref().cloned());
        let picture = picture.map(|picture| Picture {
            title: String::new(),
            ..picture
        });
        let label = option.map(label).unwrap_or_default();
        (label, option.and_then(columns), item.repeats, picture)
    });
    let chosen = move || form.chosen(id, place);
    let choose = move |on: bool| {
        let answers = form.peek(id, |item| choose(&item, place, on));
        form.answer(id, answers, true);
    };
    let (own, named) = ids.unzip();
    view! {
        <label class="choice">
            <input
                type=if repeats { "checkbox" } else { "radio" }
                name=question.part("input")
                data-linkid=question.link_id.clone()
                aria-labelledby=named
                prop:checked=chosen
                on:change:target=move |event| choose(event.target().checked())
            />
            {picture(picture_of.as_ref())}
            <span id=own>{label} {told(more)}</span>
        </label>
    }
}

/// A radio button cannot be unset by itself: this takes back an answer that nobody has to give.
pub(super) fn clear(question: &Question) -> AnyView {
    if question.required {
        return ().into_any();
    }
    let (form, id) = (question.sheet.form, question.id);
    let answered = memo(move || form.item(id, |item| !item.answers.is_empty()));
    view! {
        <button
            type="button"
            class="button button-quiet clear"
            hidden=move || !answered.get()
            on:click=act(move || form.answer(id, Vec::new(), true))
        >
            {tr!("Clear")}
            <span class="unseen">{tr!(" the answer to: ")} {question.name().to_owned()}</span>
        </button>
    }
}

pub(super) fn label(option: &ChoiceOption) -> String {
    match &option.prefix {
        Some(prefix) => format!("{prefix} {}", option.display),
        None => option.display.clone(),
    }
}

/// What the form's columns tell of an option besides its words.
pub(super) fn columns(option: &ChoiceOption) -> Option<String> {
    let cells = option.columns.iter().map(|(head, cell)| match head.as_str() {
        "" => cell.clone(),
        head => format!("{head}: {cell}"),
    });
    let cells: Vec<String> = cells.collect();
    (!cells.is_empty()).then(|| cells.join(" · "))
}

/// The same, below the option's words.
pub(super) fn told(columns: Option<String>) -> Option<AnyView> {
    columns.map(|columns| view! { " " <span class="option-columns">{columns}</span> })
}

/// The answers after the option at `place` was switched.
fn choose(item: &ItemView<'_>, place: usize, on: bool) -> Vec<Answer> {
    let Some(option) = item.options.get(place) else {
        return item.answers.to_vec();
    };
    if !item.repeats || (on && option.exclusive) {
        return if on {
            vec![option.answer.clone()]
        } else {
            Vec::new()
        };
    }
    let stays = |other: &&ChoiceOption| item.chosen(other) && !(on && other.exclusive);
    let chosen = item
        .options
        .iter()
        .enumerate()
        .filter(|(at, other)| if *at == place { on } else { stays(other) });
    let offered = chosen.map(|(_, option)| option.answer.clone());
    // What is not among the options is the user's own words.
    let own = item
        .answers
        .iter()
        .filter(|answer| !item.options.iter().any(|option| option.is(answer)));
    offered.chain(own.cloned()).collect()
}

fn own_words(question: &Question) -> AnyView {
    let id = question.part("other");
    let label = question.sheet.form.peek(question.id, |item| {
        let label = item.hints.and_then(|hints| hints.open_label.clone());
        label.unwrap_or_else(|| tr!("Another answer").to_owned())
    });
    let line = Line {
        kind: "text",
        input_mode: "text",
        class: "input",
    };
    let input = typed::line(question, id.clone(), line, OWN_WORDS);
    view! { <div class="own-words"><label for=id>{label}</label> {input}</div> }
}

const OWN_WORDS: Reading = Reading {
    read: |item, text| {
        let own = item.read(text);
        let offered = item
            .answers
            .iter()
            .filter(|answer| item.options.iter().any(|option| option.is(answer)));
        match (item.repeats, own.is_empty()) {
            // One answer: words take the place of what was chosen, and no words leave it.
            (false, false) => own,
            (false, true) => offered.cloned().collect(),
            (true, _) => offered.cloned().chain(own).collect(),
        }
    },
    write: |item| {
        let own = item
            .answers
            .iter()
            .find(|answer| !item.options.iter().any(|option| option.is(answer)));
        own.map(ToString::to_string).unwrap_or_default()
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Form;
    use serde_json::json;

    fn after(repeats: bool, kind: &str, taps: &[(usize, bool)], words: &str) -> Vec<String> {
        let exclusive = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive", "valueBoolean": true }]);
        let mut form = Form::open(
            &json!({ "item": [{ "linkId": "q", "type": kind, "repeats": repeats, "answerOption": [
            { "valueCoding": { "code": "a" } }, { "valueCoding": { "code": "b" } },
            { "valueCoding": { "code": "none" }, "extension": exclusive },
        ] }] }),
        )
        .unwrap();
        let q = form.find("q").unwrap();
        if !words.is_empty() {
            let answers = (OWN_WORDS.read)(&form.item(q), words);
            form.answer(q, answers).unwrap();
        }
        for (place, on) in taps {
            let answers = choose(&form.item(q), *place, *on);
            form.answer(q, answers).unwrap();
        }
        form.item(q).answers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tapping_chooses_as_the_question_wants() {
        for (repeats, taps, answers) in [
            (false, &[(0, true), (1, true)][..], &["b"][..]),
            (true, &[(1, true), (0, true)], &["a", "b"]),
            (true, &[(0, true), (1, true), (0, false)], &["b"]),
            (true, &[(0, true), (1, true), (2, true)], &["none"]),
            (true, &[(2, true), (0, true)], &["a"]),
        ] {
            assert_eq!(after(repeats, "choice", taps, ""), answers, "{taps:?}");
        }
        assert_eq!(after(true, "open-choice", &[(0, true)], "tea"), ["a", "tea"]);
        assert_eq!(after(false, "open-choice", &[(0, true)], "tea"), ["a"]);
        assert_eq!(after(false, "open-choice", &[], "tea"), ["tea"]);
    }
}
