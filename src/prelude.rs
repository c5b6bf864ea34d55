//! Leptos's prelude, with a `view!` and an `effect` of our own, and `tr!`, with which every sentence is said.

pub use leptos::prelude::*;

pub(crate) use crate::language::tr;

/// Leptos's `Effect`, compiled once for all that need nothing of their last run.
pub fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(mut run: Box<dyn FnMut()>) {
    Effect::new(move || run());
}

/// Leptos's `view!`, and the result is an [`AnyView`] always. What builds, changes and removes a view is compiled for each
/// type of view: with one type for all there is one copy of it, and less to load.
macro_rules! view {
    ($($markup:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::prelude::view! { $($markup)* })
    };
}

pub(crate) use view;
