//! Leptos's prelude, with a `view!`, an `effect`, a `memo`, a `derived` and an `act` of our own, and `tr!`, with which every sentence is said.

pub use leptos::prelude::*;

pub(crate) use crate::language::tr;

/// Leptos's `Effect`, compiled once for all that need nothing of their last run.
pub fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(run: Box<dyn FnMut()>) {
    Effect::new(run);
}

/// Leptos's `Memo`, compiled once for each type of value, for all that need nothing of the value before.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    memo_of(Box::new(value))
}

#[inline(never)]
fn memo_of<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}

/// Leptos's `Signal::derive`, compiled once for each type of value.
pub fn derived<T: Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    derived_of(Box::new(value))
}

#[inline(never)]
fn derived_of<T: Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
    Signal::derive(value)
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
