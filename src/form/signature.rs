//! A signature: drawn with a finger, a pen or a mouse, or typed by whoever cannot draw. Either is kept as a picture, and a
//! typed one says that it is typed.

use std::cell::RefCell;

use crate::prelude::*;
use forms::{Answer, ItemId};
use leptos::{ev::PointerEvent, html, task::spawn_local};
use serde_json::Value;

use super::{attachment, frame::Question, item::Sheet};
use crate::browser::files::{self, Picked, Stroke};
use crate::components::{FieldError, Icon, Symbol};

/// The paper, in pixels.
const PAPER: (u32, u32) = (1_200, 400);

#[derive(Default)]
struct Ink {
    strokes: Vec<Stroke>,
    /// The pen is on the paper.
    down: bool,
    /// Which picture of it is the latest.
    turn: usize,
}

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let mut question = Question::of(sheet, id);
    question.explain(tr!("Sign in the white field with a finger, a pen or a mouse."));
    let form = sheet.form;
    let ink = StoredValue::new_local(RefCell::new(Ink::default()));
    let canvas = NodeRef::<html::Canvas>::new();
    let refused = RwSignal::new(None::<String>);
    // The picture in the form that this pad has made itself: its bytes in base 64.
    let own = StoredValue::new(String::new());
    let data = move || {
        form.item(id, |item| match item.answers.first() {
            Some(Answer::Attachment(attachment)) => {
                attachment.get("data").and_then(Value::as_str).map(str::to_owned)
            }
            _ => None,
        })
    };
    let on_paper = RwSignal::new(false);
    // What was signed before, typed, or brought back by Undo, is a picture here; what is being drawn is ink.
    let finished = memo(move || match data() {
        Some(data) => own.with_value(|own| *own != data),
        None => false,
    });
    let show = move || {
        if let Some(canvas) = canvas.get_untracked() {
            ink.with_value(|ink| files::draw(&canvas, &ink.borrow().strokes));
        }
    };
    effect(move || {
        if canvas.get().is_none() {
            return;
        }
        if data().is_none() {
            // Cleared, here or by Undo.
            ink.with_value(|ink| {
                let mut ink = ink.borrow_mut();
                if !ink.down {
                    ink.strokes.clear();
                    ink.turn += 1;
                }
            });
            on_paper.set(false);
        }
        show();
    });
    let keep = move |picked: Picked, is_own: bool| {
        own.set_value(if is_own {
            picked.data.clone()
        } else {
            String::new()
        });
        refused.try_set(attachment::attach(form, id, &picked, false).err());
    };
    let drawn = move || {
        let (turn, empty) = ink.with_value(|ink| {
            let mut ink = ink.borrow_mut();
            ink.turn += 1;
            (ink.turn, ink.strokes.is_empty())
        });
        on_paper.set(!empty);
        if empty {
            return form.answer(id, Vec::new(), true);
        }
        let Some(canvas) = canvas.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let picked = files::png(&canvas, format!("{}.png", tr!("Signature"))).await;
            let latest = ink.try_with_value(|ink| ink.borrow().turn == turn) == Some(true);
            if let Some(picked) = picked.filter(|_| latest) {
                keep(picked, true);
            }
        });
    };
    let press = move |event: PointerEvent| {
        let Some(canvas) = canvas.get_untracked().filter(|_| event.is_primary()) else {
            return;
        };
        event.prevent_default();
        files::hold(&canvas, &event);
        let point = files::point(&canvas, &event);
        ink.with_value(|ink| {
            let mut ink = ink.borrow_mut();
            ink.down = true;
            ink.strokes.push(vec![point]);
        });
        on_paper.set(true);
        show();
    };
    let glide = move |event: PointerEvent| {
        let Some(canvas) = canvas.get_untracked().filter(|_| event.is_primary()) else {
            return;
        };
        let down = ink.with_value(|ink| {
            let mut ink = ink.borrow_mut();
            let down = ink.down;
            if let Some(stroke) = ink.strokes.last_mut().filter(|_| down) {
                stroke.push(files::point(&canvas, &event));
            }
            down
        });
        if down {
            show();
        }
    };
    let lift = move || {
        if ink.with_value(|ink| std::mem::take(&mut ink.borrow_mut().down)) {
            drawn();
        }
    };
    let back = move || {
        ink.with_value(|ink| ink.borrow_mut().strokes.pop());
        show();
        drawn();
    };
    let clear = move || form.answer(id, Vec::new(), true);
    let text = question.name().to_owned();
    let label = tr!(
        "Sign here with a finger, a pen or a mouse: {question}",
        question = text
    );
    let pad = move || {
        view! {
            <canvas
                node_ref=canvas
                class="signature-pad"
                width=PAPER.0.to_string()
                height=PAPER.1.to_string()
                role="img"
                aria-label=label.clone()
                on:pointerdown=press
                on:pointermove=glide
                on:pointerup=act(lift)
                on:pointercancel=act(lift)
            />
            <div class="buttons">
                <button type="button" class="button button-quiet" disabled=move || !on_paper.get() on:click=act(back)>
                    <Icon symbol=Symbol::Undo />
                    {tr!("Undo the last line")}
                </button>
                <button type="button" class="button button-quiet" disabled=move || !on_paper.get() on:click=act(clear)>
                    {tr!("Clear the signature")}
                </button>
            </div>
        }
    };
    let again = text.clone();
    let picture = move || {
        let again = again.clone();
        view! {
            {attachment::attached(form, id, false)}
            <div class="buttons">
                <button type="button" class="button button-secondary" on:click=act(clear)>
                    {tr!("Sign again")}
                    <span class="unseen">": " {again}</span>
                </button>
            </div>
        }
    };
    let name = NodeRef::<html::Input>::new();
    let type_it = move || {
        let typed = name
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        let typed = typed.trim().to_owned();
        if typed.is_empty() {
            return refused.set(Some(tr!("Type the name of whoever signs.").to_owned()));
        }
        spawn_local(async move {
            let title = tr!("Typed signature: {name}", name = typed);
            if let Some(picked) = files::written(&typed, PAPER, title).await {
                keep(picked, false);
            }
        });
    };
    let name_id = question.part("name");
    let typing = move || {
        let (name_id, text) = (name_id.clone(), text.clone());
        view! {
            <details class="meaning">
                <summary>
                    {tr!("Type the name instead")}
                    <span class="unseen">": " {text}</span>
                </summary>
                <div class="signature-typed">
                    <label for=name_id.clone()>{tr!("Name of whoever signs")}</label>
                    <input id=name_id node_ref=name class="input" type="text" autocomplete="off" />
                    <button type="button" class="button button-secondary" on:click=act(type_it)>
                        {tr!("Sign with this name")}
                    </button>
                    <p class="question-help">{tr!("It is kept as a picture, and marked as typed.")}</p>
                </div>
            </details>
        }
    };
    let control = view! {
        <FieldError id=question.part("refused") text=refused />
        {move || match finished.get() {
            true => picture(),
            false => view! { {pad()} {typing()} },
        }}
    };
    question.fieldset("group", control)
}
