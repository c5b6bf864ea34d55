//! Mobile Assessments, the PWA: where session, replica and view meet.
//!
//! Neighbours: `replica` decides what a sign-in, a save and a reply do; `forms` what a form is. Here is drawn what they
//! say. [`desk`] is what the pages share, [`browser`] the only place that names a browser's API.
//!
//! Where to start: [`App`], then [`desk::Desk`], then a page.

pub mod browser;
mod components;
mod desk;
pub mod form;
mod frame;
mod mark;
mod news;
mod pages;
mod sending;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use browser::{device, idle};
use components::Visited;
use desk::{Desk, Leave};
use frame::{Notices, SkipLink, TopBar};
use pages::{Assessment, Caseload, NotFound, Outbox, Reset, Settings, SignIn};

/// The whole app. Without a session every page but the way to a new password is the sign-in page; the address stays, so
/// that whoever signs in again is where they were.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let desk = Desk::open();
    provide_context(desk);
    provide_context(Visited::new());
    sending::watch(desk);
    desk.watch_updates();
    let about_to_lock = RwSignal::new(false);
    let signed_in = Memo::new(move |_| desk.session.with(Option::is_some));
    let lock = Callback::new(move |()| desk.leave(Leave::Idle));
    idle::watch(signed_in.into(), about_to_lock, lock);
    idle::on_return_from_cache(Callback::new(move |()| desk.leave(Leave::BackButton)));
    pages::expire(desk.now());
    device::remove("starting");

    view! {
        <Title formatter=|page: String| format!("{page} · Mobile Assessments") />
        <Router>
            <SkipLink />
            <TopBar />
            <Notices about_to_lock />
            <Routes fallback=NotFound>
                <Route path=path!("/") view=move || signed_in_only(signed_in, || view! { <Caseload /> }) />
                <Route
                    path=path!("/assessment/:id/:section?")
                    view=move || signed_in_only(signed_in, || view! { <Assessment /> })
                />
                <Route
                    path=path!("/outbox")
                    view=move || signed_in_only(signed_in, || view! { <Outbox /> })
                />
                <Route
                    path=path!("/settings")
                    view=move || signed_in_only(signed_in, || view! { <Settings /> })
                />
                <Route path=path!("/reset") view=Reset />
            </Routes>
        </Router>
    }
}

fn signed_in_only<V: IntoView + 'static>(
    signed_in: Memo<bool>,
    page: impl Fn() -> V + Send + Sync + 'static,
) -> impl IntoView {
    move || {
        if signed_in.get() {
            page().into_any()
        } else {
            view! { <SignIn /> }.into_any()
        }
    }
}
