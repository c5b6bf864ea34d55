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
mod guide;
pub mod language;
mod mark;
mod news;
mod pages;
mod prelude;
mod rehearsal;
mod route;
mod search;
mod sending;

use crate::prelude::*;
use leptos::task::spawn_local;

use browser::address::Address;
use browser::{idle, start};
use components::{Show, Visited};
use desk::{Desk, Leave};
use frame::{Notices, SkipLink, TopBar};
use pages::{Assessment, Caseload, ClientPage, NotFound, Outbox, Ready, Reset, Settings, SignIn, SignInSays};
use route::Route;

/// The whole app. Without a session every page but the way to a new password is the sign-in page; the address stays, so
/// that whoever signs in again is where they were.
#[component]
pub fn App() -> impl IntoView {
    let desk = Desk::open();
    provide_context(desk);
    provide_context(Visited::new());
    provide_context(SignInSays::new());
    let address = Address::follow();
    provide_context(address);
    sending::watch(desk);
    rehearsal::watch(desk);
    let about_to_lock = RwSignal::new(false);
    let signed_in = memo(move || desk.session.with(Option::is_some));
    let lock = Callback::new(move |()| desk.leave(Leave::Idle));
    idle::watch(signed_in.into(), about_to_lock, lock);
    idle::on_return_from_cache(Callback::new(move |()| desk.leave(Leave::BackButton)));
    guide::watch(desk, address);

    let path = address.path();
    let route = memo(move || path.with(|path| Route::of(path)));
    let shown = memo(move || {
        let route = route.get();
        (signed_in.get() || route.is_open()).then_some(route)
    });
    let drawn = RwSignal::new(0);
    spawn_local(draw(drawn, desk));
    view! {
        {move || {
            // In another language everything is drawn anew, where it stands.
            desk.language.track();
            everything(about_to_lock, shown, drawn)
        }}
    }
}

/// The parts of the page, one after the other: until all of them stand, whoever is there types into the start page, and no step
/// is long enough to be felt. What the service worker keeps is fetched last.
async fn draw(drawn: RwSignal<u8>, desk: Desk) {
    for part in 1..=PARTS {
        start::next_task().await;
        drawn.set(part);
    }
    start::next_task().await;
    start::take_over();
    desk.watch_updates();
}

const PARTS: u8 = 3;

// Compiled once, and not within the closures that call it.
#[inline(never)]
fn everything(about_to_lock: RwSignal<bool>, shown: Memo<Option<Route>>, drawn: RwSignal<u8>) -> AnyView {
    let is_drawn = move |part| derived(move || drawn.get() >= part);
    view! {
        <SkipLink />
        <Show when=is_drawn(1)>
            <TopBar />
        </Show>
        <Show when=is_drawn(2)>
            <Notices about_to_lock />
        </Show>
        <Show when=is_drawn(PARTS)>{move || page(shown.get())}</Show>
    }
}

#[inline(never)]
fn page(shown: Option<Route>) -> AnyView {
    match shown {
        None => view! { <SignIn /> },
        Some(Route::Caseload) => view! { <Caseload /> },
        Some(Route::Assessment(id)) => view! { <Assessment id /> },
        Some(Route::Client(id)) => view! { <ClientPage id /> },
        Some(Route::Outbox) => view! { <Outbox /> },
        Some(Route::Ready) => view! { <Ready /> },
        Some(Route::Settings) => view! { <Settings /> },
        Some(Route::Reset) => view! { <Reset /> },
        Some(Route::Nowhere) => view! { <NotFound /> },
    }
}
