//! "Ready for the field": the check before somebody drives off. The offline sign-in is really made, everything that lies
//! here is really opened, and what is missing is said with what to do.
//!
//! `replica::Replica::rehearse` tries, `replica::grade` judges; [`words`] says it, [`card`] offers it on the caseload.

mod card;
mod words;

use crate::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};
use replica::{Found, Grade, Message, OfflineSignIn, Part, Rehearsal, Seen, grade, is_ready};
use vault::Password;

use super::MainApplication;
use super::load::load;
use super::words::{OFFER_RESET_FROM, form_title};
use crate::browser::{device, update};
use crate::components::{
    BackToCaseload, Badge, Banner, Button, ButtonKind, Heading, Link, PasswordField, Show, Tone,
};
use crate::desk::{Desk, use_desk};
use crate::language::{told, translation};

pub use card::ReadyCard;

/// What a check came to.
enum Came {
    Seen(Seen),
    Wrong(Message, u32),
    Nothing,
}

#[component]
pub fn Ready() -> impl IntoView {
    let desk = use_desk();
    let busy = RwSignal::new(false);
    let shown = RwSignal::new(false);
    let refused = RwSignal::new(None::<(Message, u32)>);
    let error = RwSignal::new(None::<String>);
    let seen = RwSignal::new(None::<Seen>);
    let node = NodeRef::<html::Input>::new();
    let before = load(|tablet| async move { tablet.readiness().await });
    let needs_password = memo(move || {
        desk.session
            .with(|session| session.as_ref().map(|session| session.offline) == Some(OfflineSignIn::Ready))
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let typed = node.get_untracked().map(|field| {
            // Read once, and gone from the page.
            let typed = Password::from_nfc(device::nfc(field.value()));
            field.set_value("");
            typed
        });
        shown.set(false);
        refused.set(None);
        let fault = typed.as_ref().and_then(|typed| typed.as_ref().err());
        error.set(fault.map(told));
        if fault.is_some() {
            return focus(node);
        }
        let password = typed.and_then(Result::ok);
        busy.set(true);
        spawn_local(async move {
            let came = check(desk, password).await;
            busy.try_set(false);
            match came {
                Came::Seen(found) => {
                    seen.try_set(Some(found));
                    device::go_to("result");
                }
                Came::Wrong(message, failures) => {
                    seen.try_set(None);
                    refused.try_set(Some((message, failures)));
                    focus(node);
                }
                Came::Nothing => {}
            }
        });
    };
    view! {
        <main id="main" class="page" tabindex="-1">
            <div class="page-head">
                <BackToCaseload />
                <Heading text=tr!("Ready for the field") />
                <p>
                    {tr!("Before you leave: this signs you in as if there were no network, and opens your clients, forms and assessments.")}
                </p>
                <Show when=move || seen.with(Option::is_none)>
                    <p class="muted">
                        {move || before.with(|before| match before {
                            Some(Ok(note)) => words::last_check(*note, |at| device::at(at, device::now())),
                            _ => String::new(),
                        })}
                    </p>
                </Show>
            </div>
            <div role="alert">
                {move || {
                    refused
                        .get()
                        .map(|(message, _)| {
                            view! {
                                <Banner tone=Tone::Danger announced=false>
                                    <p lang="en">{message.text()}</p>
                                </Banner>
                            }
                        })
                }}
            </div>
            <div class="stack" aria-live="polite">
                {move || {
                    refused
                        .get()
                        .map(|(message, failures)| {
                            view! {
                                {translation(message.text())
                                    .map(|message| view! { <p>{tr!("Translation of the message: {message}", message)}</p> })}
                                <p>
                                    {tr!("This was tried as if there were no network. Nobody is locked out on this tablet while offline.")}
                                </p>
                                {(failures >= OFFER_RESET_FROM)
                                    .then(|| {
                                        view! {
                                            <p>
                                                {tr!("If the password is gone, ")}
                                                <Link href="/reset">{tr!("get a new one")}</Link>
                                                {tr!(" while you have a network.")}
                                            </p>
                                        }
                                    })}
                            }
                        })
                }}
            </div>
            {move || seen.get().map(|seen| view! { <Result seen /> })}
            <form class="stack" novalidate on:submit=submit>
                <Show when=move || needs_password.get()>
                    <PasswordField label=tr!("Your password, once more") node shown error />
                </Show>
                <div>
                    <Button
                        label=derived(move || {
                            if seen.with(Option::is_some) { tr!("Check again") } else { tr!("Check now") }.to_owned()
                        })
                        kind=ButtonKind::Primary
                        busy
                        busy_label=tr!("Checking…")
                    />
                </div>
            </form>
        </main>
    }
}

fn focus(node: NodeRef<html::Input>) {
    if let Some(field) = node.get_untracked() {
        device::focus(&field);
    }
}

/// Signs in without a network, opens everything, asks the browser what it holds, and remembers what came of it.
async fn check(desk: Desk, password: Option<Password>) -> Came {
    let Ok(tablet) = desk.tablet().await else {
        return Came::Nothing;
    };
    let (offline, found) = match desk.rehearse(password).await {
        Rehearsal::Done(offline, found) => (offline, found),
        Rehearsal::Wrong { message, failures } => return Came::Wrong(message, failures),
        Rehearsal::Superseded => return Came::Nothing,
    };
    let Found {
        clients,
        as_of,
        forms,
        documents,
        damaged,
    } = found;
    let broken = |questionnaire: &Option<serde_json::Value>| match questionnaire {
        Some(questionnaire) => forms::Form::open(questionnaire).is_err(),
        None => true,
    };
    let seen = Seen {
        offline,
        clients,
        forms: forms.len(),
        broken_forms: forms
            .into_iter()
            .filter(|(_, questionnaire)| broken(questionnaire))
            .map(|(form, _)| form_title(&form))
            .collect(),
        documents,
        damaged: damaged.len(),
        app: update::app_files().await,
        kept: device::storage_is_kept().await,
        free: device::free_space().await,
        as_of,
        now: device::now(),
    };
    // Where it cannot be kept, the caseload offers the check once more.
    drop(tablet.keep_readiness(is_ready(&seen)).await);
    Came::Seen(seen)
}

/// The verdict, and each finding: what is missing first.
#[component]
fn Result(seen: Seen) -> impl IntoView {
    let grades = Part::ALL.map(|part| (grade(part, &seen), part));
    let count = |wanted| grades.iter().filter(|(grade, _)| *grade == wanted).count();
    let (missing, advice) = (count(Grade::Missing), count(Grade::Advice));
    let tone = if missing == 0 { Tone::Good } else { Tone::Attention };
    let (verdict, more) = words::verdict(missing, advice);
    let checked = tr!(
        " Checked {when}. {more}",
        when = device::at(seen.now, device::now()),
        more
    );
    let rows = [Grade::Missing, Grade::Advice, Grade::Good]
        .into_iter()
        .flat_map(|wanted| grades.into_iter().filter(move |(grade, _)| *grade == wanted));
    view! {
        <section id="result" class="stack" tabindex="-1" aria-label=tr!("Result")>
            <Banner tone>
                <p>
                    <strong>{verdict}</strong>
                    {checked}
                </p>
            </Banner>
            <ul class="rows card">
                {rows.map(|(grade, part)| view! { <Finding part grade seen=&seen /> }).collect_view()}
            </ul>
        </section>
    }
}

#[component]
fn Finding<'a>(part: Part, grade: Grade, seen: &'a Seen) -> impl IntoView {
    let (badge, tone) = words::grade(grade);
    let way = match (part, grade) {
        (_, Grade::Good) => None,
        (Part::OfflineSignIn, _) if seen.offline == replica::Offline::TempPassword => {
            Some(view! { <MainApplication /> })
        }
        (Part::Clients | Part::Forms | Part::Assessments, _) => {
            Some(view! { <Link href="/outbox" class="tap">{tr!("Open the outbox")}</Link> })
        }
        _ => None,
    };
    view! {
        <li class="row">
            <span class="row-main">
                <span class="row-title">{words::title(part)}</span>
                <span class="row-note">{words::finding(part, seen, device::when)}</span>
                {way}
            </span>
            <Badge tone text=badge />
        </li>
    }
}
