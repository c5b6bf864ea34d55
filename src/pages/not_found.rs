//! An address that leads nowhere.

use crate::prelude::*;

use crate::components::{Heading, Link};

#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main id="main" class="page" tabindex="-1">
            <Heading text=tr!("There is no page here") />
            <p>{tr!("The address may be old or mistyped.")}</p>
            <p>
                <Link href="/">{tr!("Go to your caseload")}</Link>
            </p>
        </main>
    }
}
