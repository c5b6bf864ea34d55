//! Words: one line, or a field that grows with what is written, so that nobody scrolls inside it.

use crate::prelude::*;
use forms::{Answer, ItemId};
use leptos::html;
use serde_json::{Map, Value};

use super::{
    frame::{Question, no_longer},
    item::Sheet,
    typed::{self, Line, Reading},
};

pub(super) fn draw_line(sheet: Sheet, id: ItemId) -> AnyView {
    let url = sheet.form.peek(id, |item| item.kind == forms::Kind::Url);
    let line = Line {
        kind: "text",
        input_mode: if url { "url" } else { "text" },
        class: "input",
    };
    typed::question(sheet, id, line, Reading::WHOLE)
}

/// Who or what is meant, in words: FHIR's `Reference` may have a name alone. One that came with the form keeps what it
/// refers to as long as its name stays.
pub(super) fn draw_reference(sheet: Sheet, id: ItemId) -> AnyView {
    let line = Line {
        kind: "text",
        input_mode: "text",
        class: "input",
    };
    typed::question(sheet, id, line, REFERENCE)
}

const REFERENCE: Reading = Reading {
    read: |item, text| match item.answers.first() {
        _ if text.trim().is_empty() => Vec::new(),
        Some(meant @ Answer::Reference(_)) if meant.to_string() == text => vec![meant.clone()],
        _ => {
            let mut named = Map::new();
            named.insert("display".to_owned(), Value::String(text.to_owned()));
            vec![Answer::Reference(Box::new(named))]
        }
    },
    write: |item| item.text_answer(),
};

pub(super) fn draw_long(sheet: Sheet, id: ItemId) -> AnyView {
    draw_area(sheet, id, Reading::WHOLE)
}

/// Several answers, one on each line.
pub(super) fn draw_lines(sheet: Sheet, id: ItemId) -> AnyView {
    draw_area(sheet, id, LINES)
}

const LINES: Reading = Reading {
    read: |item, text| text.lines().flat_map(|line| item.read(line)).collect(),
    write: |item| {
        let lines: Vec<String> = item.answers.iter().map(ToString::to_string).collect();
        lines.join("\n")
    },
};

fn draw_area(sheet: Sheet, id: ItemId, reading: Reading) -> AnyView {
    let mut question = Question::of(sheet, id);
    if sheet.form.peek(id, |item| item.repeats) {
        question.explain(tr!("One answer on each line."));
    }
    let (take_in, leave, typing) = (question.take_in(), question.leave(), question.typing);
    let form = sheet.form;
    let node = NodeRef::<html::Textarea>::new();
    let text = move || form.item(id, |item| (reading.write)(&item));
    effect(move || {
        let text = text();
        if let Some(area) = node.get()
            && form.peek(id, |item| (reading.read)(&item, &area.value()) != item.answers)
        {
            area.set_value(&text);
        }
    });
    let type_in = move |text: String| take_in(form.peek(id, |item| (reading.read)(&item, &text)));
    // The frame draws the same words unseen behind the field, and so is as tall as they are.
    let area = view! {
        <div class="growing" data-words=text>
            <textarea
                id=question.part("input")
                node_ref=node
                class="input"
                rows="3"
                autocomplete="off"
                data-linkid=question.link_id.clone()
                aria-required=question.required.then_some("true")
                aria-invalid=question.invalid()
                aria-describedby=question.described_by()
                prop:value=form.peek(id, |item| (reading.write)(&item))
                on:input:target=move |event| type_in(event.target().value())
                on:change=act(leave)
                on:blur=act(move || no_longer(typing))
            />
        </div>
    };
    question.field(area)
}
