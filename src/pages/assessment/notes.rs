//! The notes on the sections, together on the last page, for whoever reads the assessment as a whole.

use crate::prelude::*;

use super::Desktop;
use super::steps::Place;
use crate::components::Link;

#[component]
pub fn Notes() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let notes = memo(move || {
        here.form.watch(|form| {
            let noted = form.applying().map(|section| {
                (
                    section.id,
                    section.title.clone(),
                    form.note(section.id).to_owned(),
                )
            });
            noted.filter(|(.., note)| !note.is_empty()).collect::<Vec<_>>()
        })
    });
    view! {
        {move || {
            let notes = notes.get();
            (!notes.is_empty()).then(|| view! {
                <div class="card stack stack-tight section-notes">
                    <h2>{tr!("Notes")}</h2>
                    {notes
                        .into_iter()
                        .map(|(section, title, note)| view! {
                            <div>
                                <h3><Link href=here.href(Place::Section(section))>{title}</Link></h3>
                                <p class="fixed-line">{note}</p>
                            </div>
                        })
                        .collect_view()}
                </div>
            })
        }}
    }
}
