//! A line that is typed into, bound to its item: what is typed goes to the form on every key, and what the form holds
//! comes back only where it says something else than the line does. So "2." stays "2." while 2.5 is being typed.

use crate::prelude::*;
use forms::{Answer, ItemId, ItemView};
use leptos::html;

use super::{
    frame::{Question, no_longer},
    item::Sheet,
};

/// What a line may be besides plain text.
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// The input's `type`.
    pub kind: &'static str,
    pub input_mode: &'static str,
    pub class: &'static str,
}

/// How the line's text becomes answers, and answers become text.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub read: fn(&ItemView<'_>, &str) -> Vec<Answer>,
    pub write: fn(&ItemView<'_>) -> String,
}

impl Reading {
    /// The whole of the item's answer.
    pub const WHOLE: Self = Self {
        read: |item, text| item.read(text),
        write: |item| item.text_answer(),
    };
}

/// A question that is answered on one line.
pub(super) fn question(sheet: Sheet, id: ItemId, kind: Line, reading: Reading) -> AnyView {
    let question = Question::of(sheet, id);
    let input = line(&question, question.part("input"), kind, reading);
    question.field(input)
}

/// The input with this id; the question's label or legend names it.
pub(super) fn line(question: &Question, id: String, line: Line, reading: Reading) -> AnyView {
    let node = NodeRef::<html::Input>::new();
    let (form, item, typing) = (question.sheet.form, question.id, question.typing);
    let (take_in, leave) = (question.take_in(), question.leave());
    let text = form.peek(item, |item| (reading.write)(&item));
    effect(move || {
        let Some(input) = node.get() else { return };
        let shown = input.value();
        let other = form.item(item, |item| {
            ((reading.read)(&item, &shown) != item.answers).then(|| (reading.write)(&item))
        });
        if let Some(text) = other.filter(|text| *text != shown) {
            input.set_value(&text);
        }
    });
    let type_in = move |text: String| take_in(form.peek(item, |item| (reading.read)(&item, &text)));
    view! {
        <input
            id=id
            node_ref=node
            class=line.class
            type=line.kind
            inputmode=line.input_mode
            autocomplete="off"
            data-linkid=question.link_id.clone()
            aria-required=question.required.then_some("true")
            aria-invalid=question.invalid()
            aria-describedby=question.described_by()
            prop:value=text
            on:input:target=move |event| type_in(event.target().value())
            on:change=act(leave)
            on:blur=act(move || no_longer(typing))
        />
    }
}
