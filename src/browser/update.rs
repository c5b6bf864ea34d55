//! The page's side of `public/sw.js`: registers it, says when a whole new version waits, and hands over to it when the
//! user asks. Nothing reloads by itself.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use replica::AppFiles;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MessageChannel, MessageEvent, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerState,
};

use super::device;

const SCRIPT: &str = "/sw.js";
const TAKE_OVER: &str = "SKIP_WAITING";
const IS_WHOLE: &str = "WHOLE?";
/// What is missing is fetched before the answer; this long it is waited for, in milliseconds.
const ANSWER_TIMEOUT_MS: u32 = 20_000;
/// An app that is never closed looks for a new version this often.
const LOOK_EVERY: Duration = Duration::from_secs(3_600);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Update {
    #[default]
    None,
    /// A new version lies here whole, and waits.
    Ready,
    /// Another tab has changed to it: this one runs on with the old.
    TakenElsewhere,
    /// Another tab's newer version has taken the storage over: this one can store nothing more. `saved`: what was open is.
    StorageTaken { saved: bool },
}

/// Registers the service worker and keeps `state` up to date. Without one the app works, with a network only.
pub fn watch(state: RwSignal<Update>, asked: StoredValue<bool>) {
    let Some(container) = container() else {
        return;
    };
    // The first version takes over the page that installs it, and that is no update.
    let has_one = Cell::new(container.controller().is_some());
    let taken = Closure::<dyn FnMut()>::new(move || {
        if !has_one.replace(true) {
            return;
        }
        if asked.get_value() {
            device::reload();
        } else if !matches!(state.get_untracked(), Update::StorageTaken { .. }) {
            state.set(Update::TakenElsewhere);
        }
    });
    container.set_oncontrollerchange(Some(taken.as_ref().unchecked_ref()));
    taken.forget();
    spawn_local(async move {
        match JsFuture::from(container.register(SCRIPT)).await {
            Ok(registration) => follow(registration.unchecked_into(), container, state),
            Err(error) => leptos::logging::warn!("the app cannot be kept for offline use: {error:?}"),
        }
    });
}

/// Waits until the app lies here whole, so that it starts without a network. False where no browser keeps it.
pub async fn is_installed() -> bool {
    let Some(ready) = container().and_then(|container| container.ready().ok()) else {
        return false;
    };
    JsFuture::from(ready).await.is_ok()
}

/// Hands over to the waiting version; the page reloads when that has happened.
pub fn take(state: RwSignal<Update>, asked: StoredValue<bool>) {
    if matches!(
        state.get_untracked(),
        Update::TakenElsewhere | Update::StorageTaken { .. }
    ) {
        return device::reload();
    }
    asked.set_value(true);
    spawn_local(async move {
        if let Some(waiting) = waiting().await {
            // It refuses a message only when it is gone: then the reload finds what there is.
            drop(waiting.post_message(&TAKE_OVER.into()));
        } else {
            device::reload();
        }
    });
}

/// Whether the version that this page runs lies here whole. What is missing is fetched again, where there is a network.
pub async fn app_files() -> AppFiles {
    match missing_files().await {
        Some(0) => AppFiles::Whole,
        Some(missing) => AppFiles::Missing(missing),
        None => AppFiles::NotKept,
    }
}

async fn missing_files() -> Option<u32> {
    let worker = container()?.controller()?;
    let channel = MessageChannel::new().ok()?;
    let (answer, answered) = oneshot::channel::<Option<f64>>();
    let heard = Closure::once(move |event: MessageEvent| {
        // Where nobody waits any more, nobody is told.
        answer.send(event.data().as_f64()).ok();
    });
    channel
        .port1()
        .set_onmessage(Some(heard.as_ref().unchecked_ref()));
    worker
        .post_message_with_transferable(&IS_WHOLE.into(), &Array::of1(&channel.port2()))
        .ok()?;
    let missing = match select(answered, pin!(TimeoutFuture::new(ANSWER_TIMEOUT_MS))).await {
        Either::Left((Ok(missing), _)) => missing,
        Either::Left((Err(_), _)) | Either::Right(_) => None,
    };
    channel.port1().close();
    missing.map(|missing| missing as u32)
}

fn container() -> Option<ServiceWorkerContainer> {
    let container = web_sys::window()?.navigator().service_worker();
    // Undefined on pages that are not served over a secure connection.
    (!container.is_undefined()).then_some(container)
}

async fn waiting() -> Option<ServiceWorker> {
    let registration = JsFuture::from(container()?.get_registration()).await.ok()?;
    registration
        .dyn_into::<ServiceWorkerRegistration>()
        .ok()?
        .waiting()
}

fn follow(
    registration: ServiceWorkerRegistration,
    container: ServiceWorkerContainer,
    state: RwSignal<Update>,
) {
    if registration.waiting().is_some() && container.controller().is_some() {
        state.set(Update::Ready);
    }
    let found = {
        let registration = registration.clone();
        Closure::<dyn FnMut()>::new(move || {
            if let Some(installing) = registration.installing() {
                when_installed(installing, container.clone(), state);
            }
        })
    };
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
    set_interval(
        move || {
            let registration = registration.clone();
            spawn_local(async move {
                if let Ok(looked) = registration.update() {
                    // Without a network there is no newer version to find.
                    drop(JsFuture::from(looked).await);
                }
            });
        },
        LOOK_EVERY,
    );
}

/// The first version on a tablet takes over by itself and is no update.
fn when_installed(worker: ServiceWorker, container: ServiceWorkerContainer, state: RwSignal<Update>) {
    let installing = worker.clone();
    let changed = Closure::<dyn FnMut()>::new(move || {
        if installing.state() == ServiceWorkerState::Installed && container.controller().is_some() {
            state.set(Update::Ready);
        }
    });
    worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
    changed.forget();
}
