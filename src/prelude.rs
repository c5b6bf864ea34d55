//! Leptos's prelude, with a `view!`, an `effect` and an `act` of our own, and `tr!`, with which every sentence is said.

pub use leptos::prelude::*;

pub(crate) use crate::language::tr;

/// Leptos's `Effect`, compiled once for all that need nothing of their last run.
pub fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(run: Box<dyn FnMut()>) {
    Effect::new(run);
}

/// What is done at an event whose details do not matter: `on:click=act(move || open.set(true))`.
pub fn act<E: 'static>(mut run: impl FnMut() + 'static) -> Box<dyn FnMut(E)> {
    Box::new(move |_| run())
}

/// Leptos's `view!`, and the result is an [`AnyView`] always. What builds, changes and removes a view is compiled for each
/// type of view: with one type for all there is one copy of it, and less to load.
macro_rules! view {
    ($($markup:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::prelude::view! { $($markup)* })
    };
}

pub(crate) use view;
