use leptos::prelude::*;

use crate::components::Heading;

#[component]
pub fn Outbox() -> impl IntoView {
    view! { <main id="main" class="page" tabindex="-1"><Heading text="Outbox" /></main> }
}
