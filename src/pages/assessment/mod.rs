//! An assessment: one section a page, each answer saved as it is given, and at the end the check that turns a Draft into
//! a Pending and a Pending into a Complete document.
//!
//! [`steps`] knows the pages and [`ways`] the questions, [`going`] goes there, [`find`] finds, by [`finding`]; [`saver`] saves and
//! [`saved`] says so, [`sections`] lists the pages, [`standing`] says how things stand, [`finish`] is the last page, [`missing`] what stands in its way and [`faulty`] what to do where the form itself does;
//! [`back_and_forth`] is undo and redo, [`again`] takes a document back or copies it, and [`history`] tells what became of
//! it. [`before`] is what lies here of the same client and form from before, [`last_time`] takes answers over from it and
//! [`total_trend`] draws what became of a total; [`notes`] lists the notes on sections. [`print`] is the whole as it goes on [`paper`]. The questions themselves are drawn by `crate::form`.

mod advice;
mod again;
mod back_and_forth;
mod before;
mod faulty;
mod find;
mod finding;
mod finish;
mod going;
mod history;
mod last_time;
mod missing;
mod notes;
mod paper;
mod print;
mod saved;
mod saver;
mod sections;
mod standing;
mod steps;
mod total_trend;
mod ways;

use std::rc::Rc;

use crate::prelude::*;
use forms::{Form, ItemId};
use leptos::task::spawn_local;
use protocol::{Document, RecordId, Status};
use replica::{Fault, Working};

use super::words;
use crate::browser::{
    Tablet,
    address::{Address, use_address},
    device,
};
use crate::components::{BackToCaseload, Badge, Button, ButtonKind, Heading, Link, Skeleton, Symbol};
use crate::desk::{Desk, use_desk};
use crate::form::{About, Beside, FormHandle, FormSection, SectionNote, element_id};
use crate::language::told;
use crate::route;
use back_and_forth::BackAndForth;
use before::Before;
use find::FindDialog;
use finish::{Finish, FinishBar, Turning};
use going::{NextUnanswered, Notices};
use history::History;
use last_time::SectionAsLastTime;
use print::{Print, PrintBar};
use saved::SavedMark;
use saver::Saver;
use sections::{NextBar, SectionList};
use standing::{Apart, BrokenHistory, Locked, NotSaved, NotSupported, Origin, Whole};
use steps::Place;
use total_trend::EarlierTotals;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desktop {
    id: RecordId,
    form: FormHandle,
    saver: StoredValue<Rc<Saver>, LocalStorage>,
    status: RwSignal<Status>,
    place: Memo<Place>,
    address: Address,
    /// What had the focus last.
    at: RwSignal<Option<ItemId>>,
    /// What is wrong, from the first to the last.
    problems: Memo<Vec<About>>,
    /// What came of a wish to go somewhere.
    told: RwSignal<String>,
    /// The list of sections is open as a sheet; "Find a question" is open.
    sheet: RwSignal<bool>,
    finding: RwSignal<bool>,
    /// The user is its author.
    mine: bool,
    /// Its history was changed from outside: it is read, and copied, and not altered.
    broken: bool,
}

impl Desktop {
    pub fn href(self, place: Place) -> String {
        format!("/assessment/{}/{}", self.id, place.slug())
    }

    /// The document as it was last saved. While a save is under way it is away, and comes back with the mark.
    pub fn document(self) -> Memo<Option<Document>> {
        Memo::new(move |before: Option<&Option<Document>>| {
            let saver = self.saver.try_get_value()?;
            saver.mark.track();
            saver.status.track();
            let now = saver.document(Clone::clone);
            now.or_else(|| before.cloned().flatten())
        })
    }
}

#[component]
pub fn Assessment(id: Option<RecordId>) -> impl IntoView {
    match id {
        Some(id) => view! { <Open id /> },
        None => view! { <NotHere why=tr!("its address is mistyped").to_owned() /> },
    }
}

struct Opened {
    tablet: Rc<Tablet>,
    working: Working,
    form: Form,
    before: Before,
    /// The version that new assessments begin with, where that is another.
    newer: Option<String>,
}

#[component]
fn Open(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let opened = RwSignal::new_local(None::<Result<Opened, String>>);
    spawn_local(async move {
        let found = open(desk, id).await;
        opened.try_set(Some(found));
    });
    view! {
        {move || {
            opened.track();
            match opened.try_update_untracked(Option::take).flatten() {
                None => view! {
                    <main id="main" class="page" tabindex="-1">
                        <Skeleton count=3 />
                    </main>
                },
                Some(Err(why)) => view! { <NotHere why /> },
                Some(Ok(opened)) => view! { <Work id opened /> },
            }
        }}
    }
}

async fn open(desk: Desk, id: RecordId) -> Result<Opened, String> {
    let words = |fault: Fault| match fault {
        Fault::Missing => tr!("it is not among your assessments on this tablet").to_owned(),
        fault => told(fault),
    };
    let tablet = desk.tablet().await.map_err(told)?;
    let working = tablet.open(id).await.map_err(words)?;
    let document = &working.document;
    let questionnaire = tablet.form(&document.form).await.map_err(|fault| match fault {
        Fault::Missing => {
            tr!("its form is not on this tablet yet; it comes with the next connection").to_owned()
        }
        fault => told(fault),
    })?;
    let form = Form::resume_in(
        &questionnaire,
        &document.response,
        &document.set_aside,
        crate::form::setting(),
    );
    let mut form = form.map_err(told)?;
    if let Some(before) = desk.take_left(id) {
        form.take_history(&before.borrow());
    }
    // One that cannot be read is said to be so on its own page.
    let caseload = tablet.caseload().await.unwrap_or_default();
    let before = before::read(&tablet, document, &form, questionnaire, &caseload).await;
    let newer = match document.status {
        Status::Complete => None,
        Status::Draft | Status::Pending => caseload.newer_than(&document.form),
    };
    let newer = newer.map(|newer| newer.version.clone());
    Ok(Opened {
        tablet,
        working,
        form,
        before,
        newer,
    })
}

#[component]
fn NotHere(why: String) -> impl IntoView {
    view! {
        <main id="main" class="page" tabindex="-1">
            <Heading text=tr!("This assessment cannot be opened") />
            <p>{tr!("The reason: {reason}.", reason = why)}</p>
            <p>
                <Link href="/">{tr!("Go to your caseload")}</Link>
            </p>
        </main>
    }
}

#[component]
fn Work(id: RecordId, opened: Opened) -> impl IntoView {
    let desk = use_desk();
    let Opened {
        tablet,
        working,
        form,
        before,
        newer,
    } = opened;
    let document = working.document.clone();
    let broken = working.broken().is_some();
    let user = desk
        .session
        .with_untracked(|session| session.as_ref().map(|session| session.user_id));
    let mine = user == Some(document.author);
    let saver = Saver::new(desk, tablet, working);
    let is_worked_on = document.status == Status::Draft && mine && !broken;
    let left_off = is_worked_on.then(|| ways::left_off(&form, &document)).flatten();
    let left_off_in = left_off.and_then(|item| form.section_of(item));
    let at = RwSignal::new(None);
    let told = RwSignal::new(String::new());
    let form = FormHandle::new(form, {
        let saver = saver.clone();
        move |answered| {
            // A tap does not give the focus to what was tapped in every browser.
            at.set(Some(answered.item));
            told.set(String::new());
            saver.answered(answered);
        }
    });
    form.left_off.set(left_off);
    let not_supported = form.read(|form| form.not_supported().to_vec());
    saver.follow(Box::new(move |status| {
        form.read(|form| (form.response(status), form.set_aside()))
    }));
    desk.opened(saver.as_flush());
    let status = RwSignal::from(saver.status.clone());
    let mark = RwSignal::from(saver.mark.clone());
    let apart = RwSignal::from(saver.apart.clone());
    let saver = StoredValue::new_local(saver);
    let language = desk.language.get_untracked();
    on_cleanup(move || {
        if let Some(saver) = saver.try_get_value() {
            saver.close();
        }
        // The same form comes back with other words.
        if form.is_open() && desk.language.get_untracked() != language {
            desk.leaves(id, form.share());
        }
    });
    device::on_hide(move || {
        if let Some(saver) = saver.try_get_value() {
            saver.save_now();
        }
    });
    let locked = move || status.get() != Status::Draft || broken || !mine;
    form.lock(untrack(locked));
    effect(move || form.lock(locked()));

    let address = use_address();
    let path = address.path();
    let section = move || path.with(|path| route::section_of(path, id));
    let place = Memo::new(move |before: Option<&Place>| match (section(), before) {
        // The address is another page's already: this one is about to go.
        (None, Some(before)) => *before,
        (slug, _) => form.read(|form| {
            Place::of(
                slug.flatten().as_deref(),
                form,
                status.get_untracked(),
                left_off_in,
            )
        }),
    });
    effect(move || {
        // An address without a page gets the one that it led to, so that "back" leads to where one was.
        if section() == Some(None) {
            address.replace(&format!("/assessment/{id}/{}", place.get_untracked().slug()));
        }
    });
    let here = Desktop {
        id,
        form,
        saver,
        status,
        place,
        address,
        at,
        problems: going::problems(form),
        told,
        sheet: RwSignal::new(false),
        finding: RwSignal::new(false),
        mine,
        broken,
    };
    provide_context(here);
    let before = StoredValue::new_local(Rc::new(before));
    provide_context(before);
    let trends = EarlierTotals::of(before, document.form.url.clone());
    provide_context(Beside {
        question: Callback::new(move |item| last_time::beside(here, before, item)),
        total: Callback::new(move |item| trends.beside(here, item)),
    });
    here.follow_focus();
    if let Some(item) = left_off.filter(|_| left_off_in.map(Place::Section) == Some(place.get_untracked())) {
        going::show(element_id(item));
    }
    let turning = Turning::new();
    let form_title = StoredValue::new(words::form_title(&document.form));

    view! {
        <div class="aside-and-page">
            <aside class="aside">
                <SectionList />
            </aside>
            <main id="main" class="page" tabindex="-1">
                <div class="page-head">
                    <BackToCaseload />
                    <p class="about">
                        <span>
                            <strong>{document.client_name.clone()}</strong>
                            {move || {
                                let shown_below = form.read(|form| place.get().title(form)) == form_title.get_value();
                                (!shown_below).then(|| format!(" · {}", form_title.get_value()))
                            }}
                        </span>
                        <Badge
                            tone=derived(move || words::status(status.get()).1)
                            text=derived(move || words::status(status.get()).0.to_owned())
                        />
                    </p>
                    <Origin document=document.clone() mine newer />
                    <Whole />
                </div>
                <Apart apart />
                {broken.then(|| view! { <BrokenHistory /> })}
                {(!not_supported.is_empty()).then(|| view! { <NotSupported list=not_supported.clone() /> })}
                {move || {
                    let place = place.get();
                    let heading = match (place, status.get() == Status::Complete) {
                        (Place::Finish, true) => tr!("Completed assessment").to_owned(),
                        _ => form.read(|form| place.title(form)),
                    };
                    let tab = Signal::stored(format!("{heading} · {}", form_title.get_value()));
                    match place {
                        Place::Section(section) => {
                            view! {
                                <Heading text=heading tab />
                                <Locked />
                                <SectionAsLastTime section />
                                <FormSection form section />
                                <SectionNote form section />
                            }
                        }
                        Place::Finish => {
                            view! {
                                <Heading text=heading tab />
                                <Finish turning />
                            }
                        }
                        Place::History => {
                            view! {
                                <Heading text=heading tab />
                                <History />
                            }
                        }
                        Place::Print => view! { <Print /> },
                    }
                }}
            </main>
        </div>
        <section class="bar" aria-label=tr!("Next step")>
            <NotSaved mark />
            <Notices />
            <div class="bar-inner">
                <Button
                    label=tr!("Sections")
                    kind=ButtonKind::Quiet
                    symbol=Symbol::List
                    class="narrow-only"
                    on_press=Callback::new(move |()| here.sheet.set(true))
                />
                <SavedMark mark />
                <div class="bar-tools">
                    <BackAndForth />
                    <NextUnanswered />
                </div>
                {move || match place.get() {
                    Place::Section(_) => view! { <NextBar /> },
                    Place::Finish => view! { <FinishBar turning /> },
                    Place::Print => view! { <PrintBar /> },
                    Place::History => view! {
                        <Link href=here.href(Place::Finish) class="button button-primary">
                            {tr!("Check and finish")}
                        </Link>
                    },
                }}
            </div>
        </section>
        <sections::Sheet />
        <FindDialog />
    }
}
