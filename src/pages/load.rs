//! Reads what a page shows, and reads it again whenever what lies on the tablet may have changed.

use std::future::Future;
use std::rc::Rc;

use crate::prelude::*;
use leptos::task::spawn_local;
use replica::Fault;

use crate::browser::Tablet;
use crate::components::{Banner, Button, Tone};
use crate::desk::use_desk;
use crate::language::told;

/// `None` until it has been read; or why it could not be.
pub type Loaded<T> = RwSignal<Option<Result<T, String>>>;

pub fn load<T, F>(read: impl Fn(Rc<Tablet>) -> F + 'static) -> Loaded<T>
where
    T: PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + 'static,
{
    let desk = use_desk();
    let loaded: Loaded<T> = RwSignal::new(None);
    let read = Rc::new(read);
    effect(move || {
        desk.changed.track();
        let read = read.clone();
        spawn_local(async move {
            let found = match desk.tablet().await {
                Ok(tablet) => read(tablet).await,
                Err(fault) => Err(Fault::Store(fault)),
            };
            let found = match found {
                // The page is about to reload: there is nobody to tell.
                Err(Fault::Locked) => return,
                found => Some(found.map_err(told)),
            };
            // What is as it was is not drawn again. The page may have been left meanwhile.
            if loaded.try_with_untracked(|before| *before != found) == Some(true) {
                loaded.try_set(found);
            }
        });
    });
    loaded
}

/// Stands where the content would.
#[component]
pub fn NotRead(why: String) -> impl IntoView {
    let desk = use_desk();
    view! {
        <Banner tone=Tone::Danger>
            <p>
                <strong>{tr!("This could not be read. ")}</strong>
                {tr!("The reason: {reason}. Nothing that was saved has been changed.", reason = why)}
            </p>
            <div>
                <Button label=tr!("Try again") on_press=Callback::new(move |()| desk.changed.notify()) />
            </div>
        </Banner>
    }
}
