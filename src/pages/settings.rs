//! Settings and about: who is signed in, what this tablet can do offline, whom to ask.

use crate::prelude::*;
use leptos::task::spawn_local;
use replica::OfflineSignIn;

use super::reset::MainApplication;
use super::words;
use crate::browser::device;
use crate::components::{BackToCaseload, Button, Heading, Link, Symbol};
use crate::desk::{Leave, use_desk};

#[component]
pub fn Settings() -> impl IntoView {
    let desk = use_desk();
    let kept = RwSignal::new(None::<bool>);
    spawn_local(async move {
        kept.try_set(device::storage_is_kept().await);
    });
    let session = move || desk.session.get();
    let sign_out = Callback::new(move |()| desk.leave(Leave::SignedOut));
    view! {
        <main id="main" class="page" tabindex="-1">
            <div class="page-head">
                <BackToCaseload />
                <Heading text=tr!("Settings") />
            </div>
            <section class="stack">
                <h2>{tr!("Signed in")}</h2>
                <dl class="facts">
                    <dt>{tr!("Name")}</dt>
                    <dd>{move || session().map(|session| session.full_name)}</dd>
                    <dt>{tr!("Username")}</dt>
                    <dd>{move || session().map(|session| session.login)}</dd>
                    <dt>{tr!("Offline sign-in")}</dt>
                    <dd>{move || session().map(|session| offline_words(session.offline))}</dd>
                </dl>
                <div>
                    <Button label=tr!("Sign out") symbol=Symbol::SignOut on_press=sign_out />
                </div>
            </section>
            <section class="stack">
                <h2>{tr!("Password")}</h2>
                <p>
                    {tr!("Your password is changed in the main application. Sign in here with the new one afterwards, once with a network.")}
                </p>
                <p>
                    <MainApplication />
                </p>
            </section>
            <section class="stack">
                <h2>{tr!("This tablet")}</h2>
                <dl class="facts">
                    <dt>{tr!("Waiting to be sent")}</dt>
                    <dd>
                        <Link href="/outbox">{move || desk.waiting.get().to_string()}</Link>
                    </dd>
                    <dt>{tr!("Storage")}</dt>
                    <dd>{move || words::storage(kept.get())}</dd>
                    <dt>{tr!("Version")}</dt>
                    <dd>{env!("CARGO_PKG_VERSION")}</dd>
                </dl>
            </section>
            {move || {
                let settings = desk.settings.get();
                (!settings.contact.is_empty())
                    .then(|| {
                        view! {
                            <section class="stack">
                                <h2>{tr!("Help")}</h2>
                                <p>{settings.contact}</p>
                            </section>
                        }
                    })
            }}
        </main>
    }
}

fn offline_words(offline: OfflineSignIn) -> &'static str {
    match offline {
        OfflineSignIn::Ready => tr!("Ready: your password opens this tablet without a network."),
        OfflineSignIn::TempPassword => {
            tr!("Starts after you have changed the temp password in the main application.")
        }
        OfflineSignIn::NotEnoughMemory => {
            tr!("Not possible: this tablet has too little free memory. Sign in with a network.")
        }
    }
}
