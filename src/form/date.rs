//! A date, a time, or both, in the browser's own fields.

use crate::prelude::*;
use forms::{Answer, DateTime, ItemId, ItemView};
use leptos::html;

use super::{
    frame::{Question, no_longer},
    item::{Sheet, go_to},
    partial_date,
    typed::{self, Line, Reading},
};
use crate::browser::clock::utc_offset;

/// A whole day, or as much of the date as is known.
pub(super) fn draw_date(sheet: Sheet, id: ItemId) -> AnyView {
    let form = sheet.form;
    let begins_partly = form.peek(id, |item| {
        item.answers
            .first()
            .is_some_and(|answer| matches!(answer, Answer::Date(date) if date.as_str().len() < DAY))
    });
    let partly = RwSignal::new(begins_partly);
    let turn = move |to_part: bool| {
        let answers = form.peek(id, |item| {
            if to_part {
                partial_date::to_the_month(item.answers)
            } else {
                Vec::new()
            }
        });
        partly.set(to_part);
        form.answer(id, answers, true);
        go_to(id);
    };
    let button = move |words: &'static str, to_part: bool| {
        view! {
            <div>
                <button type="button" class="button button-quiet date-turn" on:click=act(move || turn(to_part))>
                    {words}
                    <span class="unseen">": " {form.peek(id, |item| item.name.to_owned())}</span>
                </button>
            </div>
        }
    };
    view! {
        {move || match partly.get() {
            true => partial_date::draw(sheet, id, Some(button(tr!("The day is known"), false))),
            false => draw_part(sheet, id, "date", |text| text.len() == DAY, Some(button(tr!("The day is not known"), true))),
        }}
    }
}

/// A year alone.
pub(super) fn draw_year(sheet: Sheet, id: ItemId) -> AnyView {
    let line = Line {
        kind: "text",
        input_mode: "numeric",
        class: "input input-year",
    };
    typed::question(sheet, id, line, Reading::WHOLE)
}

const DAY: usize = "2026-11-23".len();

pub(super) fn draw_time(sheet: Sheet, id: ItemId) -> AnyView {
    draw_part(sheet, id, "time", |_| true, None)
}

/// Where the answer is one that the browser's own field cannot show, such as a year alone, it is a line of text.
fn draw_part(
    sheet: Sheet,
    id: ItemId,
    kind: &'static str,
    can_show: fn(&str) -> bool,
    more: Option<AnyView>,
) -> AnyView {
    let question = Question::of(sheet, id);
    let plain = sheet.form.peek(id, |item| match item.answers.first() {
        None => true,
        Some(answer) => !answer.is_invalid() && can_show(&answer.to_string()),
    });
    let line = Line {
        kind: if plain { kind } else { "text" },
        input_mode: "text",
        class: "input input-date",
    };
    let input = typed::line(&question, question.part("input"), line, Reading::WHOLE);
    question.field(view! { <div class="date-row">{input} {more}</div> })
}

pub(super) fn draw_date_time(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let form = sheet.form;
    let (take_in, leave) = (question.take_in(), question.leave());
    let (date, time) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let typed = move || Some((date.get_untracked()?.value(), time.get_untracked()?.value()));
    effect(move || {
        let (Some(date), Some(time)) = (date.get(), time.get()) else {
            return;
        };
        let other = form.item(id, |item| {
            (read(&date.value(), &time.value()) != item.answers).then(|| write(&item))
        });
        if let Some((day, hour)) = other {
            date.set_value(&day);
            time.set_value(&hour);
        }
    });
    let type_in = move || {
        if let Some((date, time)) = typed() {
            take_in(read(&date, &time));
        }
    };
    let typing = question.typing;
    let (day, hour) = form.peek(id, |item| write(&item));
    let part = |name: &'static str, kind: &'static str, node, value: String| {
        view! {
            <div class="date-part">
                <label for=question.part(kind)>{name}</label>
                <input
                    id=question.part(kind)
                    node_ref=node
                    class="input input-date"
                    type=kind
                    data-linkid=question.link_id.clone()
                    aria-invalid=question.invalid()
                    prop:value=value
                    on:input=act(type_in)
                    on:change=act(leave)
                    on:blur=act(move || no_longer(typing))
                />
            </div>
        }
    };
    let parts = view! { <div class="date-and-time">{part(tr!("Date"), "date", date, day)} {part(tr!("Time"), "time", time, hour)}</div> };
    question.fieldset("group", parts)
}

fn read(date: &str, time: &str) -> Vec<Answer> {
    if date.is_empty() && time.is_empty() {
        return Vec::new();
    }
    let answer = DateTime::local(date, time, utc_offset(date, time)).map(Answer::DateTime);
    vec![answer.unwrap_or_else(|| Answer::Invalid(format!("{date}T{time}")))]
}

/// "14:05" for "14:05:00".
pub(super) fn to_the_minute(time: &str) -> &str {
    time.strip_suffix(":00").unwrap_or(time)
}

/// Date and time as their fields show them.
fn write(item: &ItemView<'_>) -> (String, String) {
    match item.answers.first() {
        Some(Answer::DateTime(at)) => (at.date().to_owned(), to_the_minute(at.time()).to_owned()),
        Some(Answer::Invalid(text)) => {
            let (date, time) = text.split_once('T').unwrap_or((text, ""));
            (date.to_owned(), time.to_owned())
        }
        _ => Default::default(),
    }
}
