//! What stands around every page: the header with its mark and menu, and the notices that last.

use crate::prelude::*;
use replica::{OfflineSignIn, REVOKED_LINE};

use crate::browser::address::use_address;
use crate::browser::device;
use crate::browser::update::Update;
use crate::components::{
    Banner, Button, ButtonKind, Dialog, Header, MenuButton, MenuLink, Show, Symbol, Tone,
};
use crate::desk::{Leave, Trouble, use_desk};
use crate::language::{LanguageSwitch, say, told};
use crate::mark::mark;
use crate::news::{Emptied, FailedAttempts};
use crate::pages::MainApplication;

/// The first stop of the Tab key.
#[component]
pub fn SkipLink() -> impl IntoView {
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        device::go_to("main");
    };
    view! {
        <a class="skip-link" href="#main" on:click=skip>
            {tr!("Skip to the content")}
        </a>
    }
}

#[component]
pub fn TopBar() -> impl IntoView {
    let desk = use_desk();
    let signed_in = memo(move || desk.session.with(Option::is_some));
    let name = derived(move || match desk.session.get() {
        Some(session) => session.full_name,
        None => "Mobile Assessments".to_owned(),
    });
    let leave = Callback::new(move |()| desk.leave(Leave::SignedOut));
    view! {
        <Header
            name
            mark=derived(move || mark(desk.standing()))
            mark_href=derived(move || signed_in.get().then_some("/outbox"))
            with_menu=signed_in
            without_menu=|| view! { <LanguageSwitch class="button button-quiet" /> }
        >
            <MenuLink href="/" label=tr!("Caseload") symbol=Symbol::People />
            <MenuLink href="/outbox" label=tr!("Outbox") symbol=Symbol::Send />
            <MenuLink href="/ready" label=tr!("Ready for the field") symbol=Symbol::CheckCircle />
            <MenuLink href="/settings" label=tr!("Settings") symbol=Symbol::Settings />
            <MenuLink href="/reset" label=tr!("Forgot your password?") symbol=Symbol::Key />
            <LanguageSwitch class="menu-item" />
            <hr class="menu-rule" />
            <MenuButton label=tr!("Sign out") symbol=Symbol::SignOut on_press=leave />
        </Header>
    }
}

/// Notices that last for as long as what they say is so.
#[component]
pub fn Notices(about_to_lock: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let offline = memo(move || {
        desk.session
            .with(|session| session.as_ref().map(|session| session.offline))
    });
    let revoked = memo(move || {
        desk.session
            .with(|session| session.as_ref().is_some_and(|session| session.tablet_revoked))
    });
    let take = Callback::new(move |()| desk.leave(Leave::Updated));
    let path = use_address().path();
    view! {
        <Show when=move || about_to_lock.get()>
            <div class="floating">
                <Banner tone=Tone::Attention>
                    <p>{tr!("Are you still there? This tablet locks in less than a minute. Touch the screen to go on.")}</p>
                </Banner>
            </div>
        </Show>
        <StorageTaken />
        <div class="banners">
            {move || {
                desk.store_fault()
                    .map(|fault| {
                        view! {
                            <Banner tone=Tone::Danger>
                                <p>
                                    <strong>{tr!("This tablet cannot be used just now. ")}</strong>
                                    {tr!(
                                        "The reason: {reason}. Close other tabs of this site, leave private browsing, then reload this page.",
                                        reason = told(fault),
                                    )}
                                </p>
                            </Banner>
                        }
                    })
            }}
            <Emptied />
            <FailedAttempts />
            <Show when=move || offline.get() == Some(OfflineSignIn::TempPassword)>
                <TempPassword />
            </Show>
            <Show when=move || revoked.get()>
                <Banner tone=Tone::Attention>
                    <p>{say(REVOKED_LINE)}</p>
                </Banner>
            </Show>
            <Show when=move || offline.get() == Some(OfflineSignIn::NotEnoughMemory)>
                <Banner tone=Tone::Attention>
                    <p>
                        {tr!("You cannot sign in on this tablet without a network: it has too little free memory to check a password by itself. Close other apps, then sign out and sign in again.")}
                    </p>
                </Banner>
            </Show>
            {move || {
                desk.trouble
                    .get()
                    .map(|trouble| view! { <Banner tone=Tone::Attention><p>{trouble_words(&trouble)}</p></Banner> })
            }}
            {move || match desk.update.get() {
                Update::None => None,
                // It can wait until nothing moves under a finger that is answering.
                Update::Ready | Update::TakenElsewhere
                    if path.get().starts_with("/assessment/") && desk.session.with(Option::is_some) => None,
                state => {
                    let (words, action) = update_words(state);
                    Some(
                        view! {
                            <Banner tone=Tone::Info>
                                <p>{words}</p>
                                <div>
                                    <Button label=action kind=ButtonKind::Secondary on_press=take />
                                </div>
                            </Banner>
                        },
                    )
                }
            }}
        </div>
    }
}

/// Whoever types on would lose it: this stands before everything else.
#[component]
fn StorageTaken() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    effect(move || {
        if matches!(desk.update.get(), Update::StorageTaken { .. }) {
            open.set(true);
        }
    });
    let reload = Callback::new(move |()| desk.leave(Leave::Updated));
    view! {
        <Dialog open title=tr!("Reload this page")>
            <p>{move || update_words(desk.update.get()).0}</p>
            <div class="buttons">
                <Button label=tr!("Reload") kind=ButtonKind::Primary on_press=reload />
            </div>
        </Dialog>
    }
}

/// Calm, and there for as long as it is true: before somebody drives off.
#[component]
fn TempPassword() -> impl IntoView {
    view! {
        <Banner tone=Tone::Info>
            <p>
                {tr!("You signed in with a temp password. Offline sign-in on this tablet starts after you have changed it in the main application.")}
            </p>
            <p>
                <MainApplication />
            </p>
        </Banner>
    }
}

fn update_words(state: Update) -> (&'static str, &'static str) {
    match state {
        Update::TakenElsewhere => (
            tr!("Mobile Assessments was updated in another tab. Reload this one; you sign in again then."),
            tr!("Reload"),
        ),
        Update::StorageTaken { saved: true } => (
            tr!(
                "Mobile Assessments was updated in another tab. Your answers are saved, and this page can store nothing more. Reload it; you sign in again then."
            ),
            tr!("Reload"),
        ),
        Update::StorageTaken { saved: false } => (
            tr!(
                "Mobile Assessments was updated in another tab, and this page can store nothing more. Your last answers are not saved: close this notice, note them, then reload the page."
            ),
            tr!("Reload"),
        ),
        Update::None | Update::Ready => (
            tr!(
                "A new version of Mobile Assessments is ready. Your answers are saved, and you sign in again after the update."
            ),
            tr!("Update now"),
        ),
    }
}

fn trouble_words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::UpdateNeeded => tr!("This version of Mobile Assessments is too old to send. Update it: close it, open it again \
                                  with a network, and choose \"Update now\". Everything you filled in stays here.")
            .to_owned(),
        Trouble::NotSaved(advice) => tr!("Your last answers are not saved. {advice}", advice),
        Trouble::Storage(fault) => {
            tr!(
                "Sending stopped: {reason}. Everything you filled in stays here; it is tried again by itself.",
                reason = told(fault)
            )
        }
        // It is said in that language.
        Trouble::NoWords(language) => language.not_loaded().to_owned(),
    }
}
