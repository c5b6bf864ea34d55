//! How far something is, that something is under way, and the place of something that is still coming.

use crate::prelude::*;

/// A thin bar: `done` of `of`. The words stand beside it, so it is hidden from screen readers.
#[component]
pub fn Progress(#[prop(into)] done: Signal<usize>, #[prop(into)] of: Signal<usize>) -> impl IntoView {
    view! {
        <progress
            class="progress"
            aria-hidden="true"
            max=move || of.get().max(1).to_string()
            value=move || done.get().to_string()
        />
    }
}

/// A turning mark beside a word.
#[component]
pub fn Busy(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! {
        <p class="busy muted" role="status">
            {text}
        </p>
    }
}

/// Keeps the place of what is being read, so that nothing moves when it comes.
#[component]
pub fn Skeleton(#[prop(default = 1)] count: usize) -> impl IntoView {
    view! {
        <div class="stack" aria-hidden="true">
            {(0..count).map(|_| view! { <div class="skeleton" /> }).collect_view()}
        </div>
        <p class="unseen" role="status">
            {tr!("Loading")}
        </p>
    }
}
