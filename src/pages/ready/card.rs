//! The check's place on the caseload: it offers itself to whoever has signed in with a network, and says when it was last
//! made.

use crate::prelude::*;
use replica::{OfflineSignIn, OpenedBy};

use super::words;
use crate::browser::device;
use crate::components::{Badge, Icon, Link, Show, Symbol};
use crate::desk::use_desk;
use crate::pages::load::load;

#[component]
pub fn ReadyCard() -> impl IntoView {
    let desk = use_desk();
    let online = move || {
        desk.session
            .with(|session| session.as_ref().map(|session| session.opened))
            == Some(OpenedBy::Online)
    };
    view! {
        <Show when=online>
            <Offer />
        </Show>
    }
}

#[component]
fn Offer() -> impl IntoView {
    let desk = use_desk();
    let note = load(|tablet| async move { tablet.readiness().await });
    view! {
        {move || {
            let temp = desk.session.get()?.offline == OfflineSignIn::TempPassword;
            let note = note.get()?.ok()?;
            let badge = words::badge(note, temp).map(|(text, tone)| view! { <Badge tone text /> });
            Some(view! {
                <div class="cards">
                    <Link href="/ready" class="row card">
                        <span class="row-main">
                            <span class="row-title">{tr!("Ready for the field")}</span>
                            <span class="row-note">{words::offer(note, temp, |at| device::at(at, device::now()))}</span>
                        </span>
                        {badge}
                        <Icon symbol=Symbol::Next />
                    </Link>
                </div>
            })
        }}
    }
}
