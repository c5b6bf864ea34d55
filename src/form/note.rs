//! The free note at the end of a section: a field that grows with what is written, saved while it is typed and kept in the
//! history like an answer.

use crate::prelude::*;
use forms::{Changes, Form, SectionId};
use leptos::html;
use serde_json::Value;

use super::{Answered, FormHandle};

/// More than this in UTF-16 units is a letter, and no note.
const LONGEST: usize = 20_000;

/// The id of the field.
pub fn note_id(section: SectionId) -> String {
    format!("note-{}", section.index())
}

impl FormHandle {
    pub(super) fn write_note(&self, section: SectionId, text: &str, settled: bool) {
        if self.locked.get_untracked() {
            return;
        }
        let before = self.read(|form| form.note_as_fhir(section));
        let changed = self.change(|form| {
            let changed = form.write_note(section, text);
            if settled {
                form.pause();
            }
            changed
        });
        if changed || settled {
            self.tell_note(section, before, settled);
            self.draw();
        }
    }

    /// One step back or forth in a note.
    pub(super) fn turn_note(&self, section: SectionId, turn: impl FnOnce(&mut Form) -> Option<Changes>) {
        let before = self.read(|form| form.note_as_fhir(section));
        if self.change(turn).is_some() {
            self.tell_note(section, before, true);
            self.draw();
        }
    }

    fn tell_note(&self, section: SectionId, before: Value, settled: bool) {
        let answered = self.read(|form| {
            Some(Answered {
                item: form.first_of(section)?,
                link_id: form.note_name(section),
                before,
                after: form.note_as_fhir(section),
                settled,
            })
        });
        if let Some(answered) = answered {
            self.report(answered);
        }
    }
}

/// Stands below the section's questions. Where nothing can be changed, only what is written there.
#[component]
pub fn SectionNote(form: FormHandle, section: SectionId) -> impl IntoView {
    let now = move || form.watch(|form| form.note(section).to_owned());
    let id = note_id(section);
    view! {
        {move || match form.locked.get() {
            false => view! { <Field form section /> },
            true => {
                let note = now();
                let id = id.clone();
                let drawn = (!note.is_empty()).then(|| view! {
                    <div class="question question-fixed section-note" id=id tabindex="-1">
                        <p class="question-text">{tr!("Notes")}</p>
                        <p class="fixed-line">{note}</p>
                    </div>
                });
                view! { {drawn} }
            }
        }}
    }
}

#[component]
fn Field(form: FormHandle, section: SectionId) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    let text = memo(move || form.watch(|form| form.note(section).to_owned()));
    effect(move || {
        let text = text.get();
        if let Some(area) = node.get()
            && area.value().trim() != text.trim()
        {
            area.set_value(&text);
        }
    });
    let id = note_id(section);
    view! {
        <div class="question section-note">
            <label class="question-text" for=id.clone()>
                {tr!("Notes on this section")} " "
                <span class="question-mark">"(" {tr!("optional")} ")"</span>
            </label>
            <div class="growing" data-words=text>
                <textarea
                    id=id
                    node_ref=node
                    class="input"
                    rows="2"
                    autocomplete="off"
                    maxlength=LONGEST.to_string()
                    prop:value=form.read(|form| form.note(section).to_owned())
                    on:input:target=move |event| form.write_note(section, &event.target().value(), false)
                    on:change:target=move |event| form.write_note(section, &event.target().value(), true)
                />
            </div>
        </div>
    }
}
