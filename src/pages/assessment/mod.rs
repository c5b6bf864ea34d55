//! An assessment: one section a page, each answer saved as it is given, and at the end the check that turns a Draft into
//! a Pending and a Pending into a Complete document.
//!
//! [`steps`] knows the pages, [`saver`] saves, [`sections`] lists them, [`standing`] says how things stand, [`finish`] is
//! the last page and [`missing`] what stands in its way. The questions themselves are drawn by `crate::form`.

mod advice;
mod finish;
mod missing;
mod saver;
mod sections;
mod standing;
mod steps;

use std::rc::Rc;

use forms::Form;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};
use protocol::{RecordId, Status};
use replica::{Fault, Working};

use super::words;
use crate::browser::{Tablet, device};
use crate::components::{Badge, Button, ButtonKind, Heading, Icon, Skeleton, Symbol};
use crate::desk::{Desk, use_desk};
use crate::form::{FormHandle, FormSection};
use finish::{Finish, FinishBar, Turning};
use saver::Saver;
use sections::{NextBar, SectionList};
use standing::{Apart, Locked, NotSaved, NotSupported, SavedMark, Whole};
use steps::Place;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desktop {
    id: RecordId,
    form: FormHandle,
    saver: StoredValue<Rc<Saver>, LocalStorage>,
    status: RwSignal<Status>,
    place: Memo<Place>,
}

impl Desktop {
    pub fn href(self, place: Place) -> String {
        format!("/assessment/{}/{}", self.id, place.slug())
    }
}

#[component]
pub fn Assessment() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")));
    move || match id.get().and_then(|id| id.parse::<RecordId>().ok()) {
        Some(id) => view! { <Open id /> }.into_any(),
        None => view! { <NotHere why="its address is mistyped".to_owned() /> }.into_any(),
    }
}

struct Opened {
    tablet: Rc<Tablet>,
    working: Working,
    form: Form,
}

#[component]
fn Open(id: RecordId) -> impl IntoView {
    let desk = use_desk();
    let opened = RwSignal::new_local(None::<Result<Opened, String>>);
    spawn_local(async move {
        let found = open(desk, id).await;
        opened.try_set(Some(found));
    });
    move || {
        opened.track();
        match opened.try_update_untracked(Option::take).flatten() {
            None => view! {
                <main id="main" class="page" tabindex="-1">
                    <Skeleton count=3 />
                </main>
            }
            .into_any(),
            Some(Err(why)) => view! { <NotHere why /> }.into_any(),
            Some(Ok(opened)) => view! { <Work id opened /> }.into_any(),
        }
    }
}

async fn open(desk: Desk, id: RecordId) -> Result<Opened, String> {
    let words = |fault: Fault| match fault {
        Fault::Missing => "it is not among your assessments on this tablet".to_owned(),
        fault => fault.to_string(),
    };
    let tablet = desk.tablet().await.map_err(|fault| fault.to_string())?;
    let working = tablet.open(id).await.map_err(words)?;
    let document = &working.document;
    let questionnaire = tablet.form(&document.form).await.map_err(|fault| match fault {
        Fault::Missing => "its form is not on this tablet yet; it comes with the next connection".to_owned(),
        fault => fault.to_string(),
    })?;
    let form = Form::resume(&questionnaire, &document.response, &document.set_aside);
    let form = form.map_err(|fault| fault.to_string())?;
    Ok(Opened {
        tablet,
        working,
        form,
    })
}

#[component]
fn NotHere(why: String) -> impl IntoView {
    view! {
        <main id="main" class="page" tabindex="-1">
            <Heading text="This assessment cannot be opened" />
            <p>{format!("The reason: {why}.")}</p>
            <p>
                <A href="/">"Go to your caseload"</A>
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
    } = opened;
    let document = working.document.clone();
    let saver = Saver::new(desk, tablet, working);
    let form = FormHandle::new(form, {
        let saver = saver.clone();
        move |answered| saver.answered(answered)
    });
    let not_supported = form.read(|form| form.not_supported().to_vec());
    saver.follow(Box::new(move |status| {
        form.read(|form| (form.response(status), form.set_aside()))
    }));
    desk.opened(saver.as_flush());
    let status = RwSignal::from(saver.status.clone());
    let mark = RwSignal::from(saver.mark.clone());
    let apart = RwSignal::from(saver.apart.clone());
    let saver = StoredValue::new_local(saver);
    on_cleanup(move || {
        if let Some(saver) = saver.try_get_value() {
            saver.close();
        }
    });
    device::on_hide(move || {
        if let Some(saver) = saver.try_get_value() {
            saver.save_now();
        }
    });
    Effect::new(move || form.locked.set(status.get() != Status::Draft));

    let params = use_params_map();
    let place = Memo::new(move |_| {
        let slug = params.with(|params| params.get("section"));
        form.read(|form| Place::of(slug.as_deref(), form, status.get_untracked()))
    });
    let navigate = use_navigate();
    Effect::new(move || {
        // An address without a page gets the one that it led to, so that "back" leads to where one was.
        if params.with(|params| params.get("section").is_none() && params.get("id") == Some(id.to_string())) {
            let href = format!("/assessment/{id}/{}", place.get_untracked().slug());
            let instead = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&href, instead);
        }
    });
    let here = Desktop {
        id,
        form,
        saver,
        status,
        place,
    };
    provide_context(here);
    let turning = Turning::new();
    let sheet = RwSignal::new(false);
    let form_title = StoredValue::new(document.form.title.clone());

    view! {
        <div class="aside-and-page">
            <aside class="aside">
                <SectionList />
            </aside>
            <main id="main" class="page" tabindex="-1">
                <div class="page-head">
                    <p>
                        <A href="/" attr:class="back">
                            <Icon symbol=Symbol::Back />
                            "Caseload"
                        </A>
                    </p>
                    <p class="about">
                        <span>
                            <strong>{document.client_name.clone()}</strong>
                            {move || {
                                let shown_below = form.read(|form| place.get().title(form)) == form_title.get_value();
                                (!shown_below).then(|| format!(" · {}", form_title.get_value()))
                            }}
                        </span>
                        <Badge
                            tone=Signal::derive(move || words::status(status.get()).1)
                            text=Signal::derive(move || words::status(status.get()).0.to_owned())
                        />
                    </p>
                    <Whole />
                </div>
                <Apart apart />
                {(!not_supported.is_empty()).then(|| view! { <NotSupported list=not_supported.clone() /> })}
                {move || {
                    let place = place.get();
                    let heading = match (place, status.get() == Status::Complete) {
                        (Place::Finish, true) => "Completed assessment".to_owned(),
                        _ => form.read(|form| place.title(form)),
                    };
                    let tab = Signal::stored(format!("{heading} · {}", form_title.get_value()));
                    match place {
                        Place::Section(section) => {
                            view! {
                                <Heading text=heading tab />
                                <Locked />
                                <FormSection form section />
                            }
                                .into_any()
                        }
                        Place::Finish => {
                            view! {
                                <Heading text=heading tab />
                                <Finish turning />
                            }
                                .into_any()
                        }
                    }
                }}
            </main>
        </div>
        <section class="bar" aria-label="Next step">
            <NotSaved mark />
            <div class="bar-inner">
                <Button
                    label="Sections"
                    kind=ButtonKind::Quiet
                    symbol=Symbol::List
                    class="narrow-only"
                    on_press=Callback::new(move |()| sheet.set(true))
                />
                <SavedMark mark />
                {move || match place.get() {
                    Place::Section(_) => view! { <NextBar /> }.into_any(),
                    Place::Finish => view! { <FinishBar turning /> }.into_any(),
                }}
            </div>
        </section>
        <sections::Sheet open=sheet />
    }
}
