use leptos::prelude::*;

use crate::components::Heading;

#[component]
pub fn Assessment() -> impl IntoView {
    view! { <main id="main" class="page" tabindex="-1"><Heading text="Assessment" /></main> }
}
