//! The sections of an assessment: a list at the side, or in a sheet, and the bar that leads from one to the next.

use crate::prelude::*;
use forms::SectionId;

use super::Desktop;
use super::going::Ways;
use super::steps::{Place, is_done};
use crate::components::{Dialog, Icon, Link, Row, Symbol, each};

#[component]
pub fn SectionList() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let applying = memo(move || {
        here.form
            .watch(|form| form.applying().map(|section| section.id).collect::<Vec<_>>())
    });
    view! {
        <Ways />
        <nav class="sections" aria-label=tr!("Sections")>
            {each(move || {
                let row = |section: SectionId| Row::new(section.index().to_string(), move || view! { <Entry section /> });
                applying.get().into_iter().map(row).collect()
            })}
            <Link href=here.href(Place::Finish) class="section" current=current(here, Place::Finish)>
                <Icon symbol=Symbol::Pen />
                <span class="section-title">{tr!("Check and finish")}</span>
            </Link>
            <Link href=here.href(Place::History) class="section" current=current(here, Place::History)>
                <Icon symbol=Symbol::List />
                <span class="section-title">{tr!("History")}</span>
            </Link>
        </nav>
    }
}

#[component]
fn Entry(section: SectionId) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let place = Place::Section(section);
    let title = here.form.read(|form| place.title(form));
    let progress = memo(move || {
        here.form.watch(|form| {
            let progress = form.progress(section);
            (
                progress.answered,
                progress.questions,
                progress.errors,
                is_done(form, section),
            )
        })
    });
    view! {
        <Link href=here.href(place) class="section" current=current(here, place)>
            <span class="section-mark" class:section-done=move || progress.get().3>
                {move || progress.get().3.then(|| view! { <Icon symbol=Symbol::Check /> })}
            </span>
            <span class="section-title">{title}</span>
            <span class="section-count">
                {move || {
                    let (answered, questions, errors, _) = progress.get();
                    match (questions, errors) {
                        (0, 0) => String::new(),
                        (_, 0) => tr!("{number} of {all}", number = answered, all = questions),
                        (_, _) => tr!("Check").to_owned(),
                    }
                }}
            </span>
        </Link>
    }
}

fn current(here: Desktop, place: Place) -> Signal<bool> {
    derived(move || here.place.get() == place)
}

/// The list as a sheet, on a tablet that is held upright.
#[component]
pub fn Sheet() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let open = here.sheet;
    effect(move || {
        here.place.get();
        open.set(false);
    });
    view! {
        <Dialog open title=tr!("Sections") sheet=true>
            <SectionList />
        </Dialog>
    }
}

/// The one step that comes next.
#[component]
pub fn NextBar() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let next = memo(move || {
        let place = here.place.get();
        here.form.watch(|form| {
            place
                .next(form)
                .map(|next| (here.href(next), next.title(form), next == Place::Finish))
        })
    });
    view! {
        {move || {
            next.get().map(|(href, title, last)| {
                view! {
                    <Link href=href class="button button-primary">
                        {if last { title } else { tr!("Next: {title}", title) }}
                        <Icon symbol=Symbol::Next />
                    </Link>
                }
            })
        }}
    }
}
