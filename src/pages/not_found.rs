//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::Heading;

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main id="main" class="page" tabindex="-1">
            <Heading text="There is no page here" />
            <p>"The address may be old or mistyped."</p>
            <p>
                <A href="/">"Go to your caseload"</A>
            </p>
        </main>
    }
}
