//! "Forgot your password?": the way to a new one, step by step, with the e-mail to the helpdesk. Works without a network
//! and without a session.
//!
//! `replica::guide` knows the steps and how they stand, [`composer`] draws the e-mail's fields, [`read_out`] the e-mail for
//! the phone.

mod composer;
mod read_out;

use crate::prelude::*;
use protocol::Timestamp;
use replica::guide::{Case, Event, State, Step};

use crate::browser::address::use_address;
use crate::browser::device;
use crate::components::{
    Banner, Button, ButtonKind, Heading, Icon, Link, OuterLink, Radio, Row, Show, Symbol, Tone, each,
};
use crate::desk::{Desk, use_desk};
use crate::guide::happened;
use crate::mark::Reach;
use composer::Composer;

#[component]
pub fn Reset() -> impl IntoView {
    let desk = use_desk();
    let address = use_address();
    let online = memo(move || desk.reach() == Reach::Online);
    let case = memo(move || desk.guide.with(|guide| guide.case(online.get())));
    let running = memo(move || desk.guide.with(|guide| guide.is_running()));
    let choose = Callback::new(move |chosen| happened(desk, Event::Chose(chosen)));
    let end = Callback::new(move |()| {
        happened(desk, Event::Ended);
        address.go("/");
    });
    let row = move |(place, step): (usize, Step)| {
        // A step that both ways have keeps its place, its focus and what is typed in it.
        Row::new((step as u8).to_string(), move || {
            let state = memo(move || desk.guide.with(|guide| guide.state(step, online.get())));
            view! {
                <li
                    class=move || format!("step step-{}", name(state.get()))
                    aria-current=move || (state.get() == State::Now).then_some("step")
                >
                    <span class="step-mark" aria-hidden="true">
                        {move || match state.get() {
                            State::Done => view! { <Icon symbol=Symbol::Check /> },
                            _ => view! { {(place + 1).to_string()} },
                        }}
                    </span>
                    <div class="stack">
                        <h2>
                            {move || title(case.get(), step)}
                            <span class="unseen">
                                {move || match state.get() {
                                    State::Done => tr!(" (done)"),
                                    State::Unproven => tr!(" (not confirmed yet)"),
                                    State::Now | State::Later => "",
                                }}
                            </span>
                        </h2>
                        <Show when=move || state.get() != State::Done>
                            <p>{move || words(case.get(), step)}</p>
                        </Show>
                        <p class="muted">{move || note(desk, step, state.get())}</p>
                        {action(desk, step, state)}
                    </div>
                </li>
            }
        })
    };
    view! {
        <main id="main" class="page" tabindex="-1">
            <div class="page-head">
                <Heading text=tr!("Forgot your password?") />
                <p>
                    {tr!("The helpdesk gives you a new one. Nothing is lost: everything you filled in stays on this tablet and is sent afterwards.")}
                </p>
            </div>
            <Radio
                name="case"
                legend=tr!("This tablet")
                options=vec![(Case::Online, tr!("has a network")), (Case::Offline, tr!("has no network"))]
                chosen=case
                on_choose=choose
            />
            <Show when=move || case.get() == Case::Offline>
                <p>
                    {tr!("You are not locked out. While this tablet is offline you can try your password as often as you like.")}
                </p>
            </Show>
            <ol class="steps">
                {each(move || case.get().steps().into_iter().enumerate().map(row).collect())}
            </ol>
            <Show when=move || running.get()>
                <div class="stack stack-tight">
                    <p class="muted small">
                        {tr!("This tablet remembers your steps and the e-mail until you are back, for 7 days at the longest. Then they are erased.")}
                    </p>
                    <div>
                        <Button label=tr!("End and erase") kind=ButtonKind::Quiet on_press=end />
                    </div>
                </div>
            </Show>
            {move || {
                let contact = desk.settings.get().contact;
                (!contact.is_empty()).then(|| view! { <p class="muted">{tr!("Questions? {contact}", contact)}</p> })
            }}
            <p>
                <Link href="/" class="tap">
                    {move || if desk.session.get().is_some() { tr!("Back to your caseload") } else { tr!("Back to sign-in") }}
                </Link>
            </p>
        </main>
    }
}

/// For the sign-in page: where the user is on the way, and the way back to it.
#[component]
pub fn UnderWay() -> impl IntoView {
    let desk = use_desk();
    view! {
        {move || {
            let online = desk.reach() == Reach::Online;
            let guide = desk.guide.get();
            guide
                .is_under_way()
                .then(|| {
                    let (case, step) = (guide.case(online), guide.step(online));
                    let steps = case.steps();
                    let place = steps.iter().position(|each| *each == step).unwrap_or_default();
                    view! {
                        <Banner tone=Tone::Info announced=false>
                            <p>
                                {tr!("Your new password, step {step} of {all}: ", step = place + 1, all = steps.len())}
                                <strong>{title(case, step)}</strong> "."
                            </p>
                            <p>
                                <Link href="/reset" class="tap">
                                    {tr!("Show all steps")}
                                </Link>
                            </p>
                        </Banner>
                    }
                })
        }}
    }
}

const fn name(state: State) -> &'static str {
    match state {
        State::Done => "done",
        State::Now => "now",
        State::Unproven => "unproven",
        State::Later => "later",
    }
}

fn title(case: Case, step: Step) -> &'static str {
    match (step, case) {
        (Step::Request, _) => tr!("Ask the helpdesk for a new password"),
        (Step::TempPassword, _) => tr!("Answer the helpdesk's call"),
        (Step::SignInWithTemp, _) => tr!("Sign in here with the temp password"),
        (Step::Connect, _) => tr!("Connect this tablet to a network"),
        (Step::Change, Case::Online) => tr!("Choose your own password in the main application"),
        (Step::Change, Case::Offline) => tr!("Sign in to the main application with the temp password"),
        (Step::Back, _) => tr!("Sign in here with your new password"),
    }
}

fn words(case: Case, step: Step) -> &'static str {
    match (step, case) {
        (Step::Request, _) => tr!("Send the e-mail, or call and read it out."),
        (Step::TempPassword, Case::Online) => tr!(
            "Requests are worked in the order in which they come. The helpdesk calls the number in the e-mail, checks the \
             security information and gives out a temp password. It tries twice; after that a new request has to be sent."
        ),
        (Step::TempPassword, Case::Offline) => tr!(
            "Requests are worked in the order in which they come. The helpdesk calls the number in the e-mail, checks the \
             security information and gives out a temp password. It tries twice; after that a new request has to be sent. \
             The temp password does not open this tablet while it is offline."
        ),
        (Step::SignInWithTemp, _) => tr!(
            "It works here with a network, and you can go on with your assessments. Without a network it does not open this \
             tablet."
        ),
        (Step::Connect, _) => {
            tr!("The temp password is changed in the main application, and that needs a network.")
        }
        (Step::Change, Case::Online) => tr!(
            "The next time you sign in there with the temp password, it asks you for a new one. Do it before you go where \
             there is no network: until then you cannot sign in here offline."
        ),
        (Step::Change, Case::Offline) => {
            tr!("It asks you to choose a new password. Do that there, then come back.")
        }
        (Step::Back, _) => {
            tr!(
                "Once, with a network. From then on the new password opens this tablet, with or without a network."
            )
        }
    }
}

/// What is known of a step, and since when.
fn note(desk: Desk, step: Step, state: State) -> Option<String> {
    let guide = desk.guide.get();
    let since = |at: Option<Timestamp>| at.map(|at| device::at(at, device::now()));
    match (step, state) {
        (Step::Request, State::Done) => since(guide.requested).map(|at| tr!("Requested {at}.", at)),
        (Step::Request, State::Now) => since(guide.composed).map(|at| {
            tr!("You took the e-mail along {at}. Once it is sent, say so below.", at)
        }),
        (Step::TempPassword, State::Done) => {
            since(guide.received).map(|at| tr!("Temp password received {at}.", at))
        }
        (Step::SignInWithTemp, State::Done) => since(guide.temp_sign_in).map(|at| tr!("Signed in with it {at}.", at)),
        (Step::Connect, State::Done) => Some(tr!("This tablet is connected.").to_owned()),
        (Step::Connect, State::Now) => Some(
            match desk.reach() {
                Reach::Unknown => tr!("Looking for the main application…"),
                _ => tr!("The main application cannot be reached from here yet. This step ticks itself."),
            }
            .to_owned(),
        ),
        (Step::Change, State::Unproven | State::Now) => since(guide.opened_main).map(|at| {
            tr!(
                "You opened the main application {at}. Whether your password has been changed shows when you sign in here.",
                at
            )
        }),
        _ => None,
    }
}

/// What the user can do or say at a step.
fn action(desk: Desk, step: Step, state: Memo<State>) -> AnyView {
    let says = move |event: Event| Callback::new(move |()| happened(desk, event.clone()));
    match step {
        Step::Request => view! { <Composer done=derived(move || state.get() == State::Done) /> },
        Step::TempPassword => view! {
            <Show when=move || state.get() != State::Done>
                <div class="buttons">
                    <Button label=tr!("I have a temp password") on_press=says(Event::Received) />
                    <Show when=move || state.get() == State::Now>
                        <Button label=tr!("Send a new request") kind=ButtonKind::Quiet on_press=says(Event::RequestAgain) />
                    </Show>
                </div>
            </Show>
        },
        Step::Change => view! {
            <Show when=move || matches!(state.get(), State::Now | State::Unproven)>
                <div on:click=act(move || happened(desk, Event::OpenedMain))>
                    <MainApplication />
                </div>
            </Show>
        },
        Step::SignInWithTemp | Step::Back => view! {
            <Show when=move || state.get() == State::Now && desk.session.get().is_none()>
                <div>
                    <Link href="/" class="button button-primary">
                        {tr!("Go to sign-in")}
                    </Link>
                </div>
            </Show>
        },
        Step::Connect => ().into_any(),
    }
}

/// The way to the main application. Who is signed in here stays so: it opens beside.
#[component]
pub fn MainApplication() -> impl IntoView {
    let desk = use_desk();
    view! {
        <OuterLink
            href=derived(move || {
                let url = desk.settings.get().main_url;
                if url.is_empty() { "/main/".to_owned() } else { url }
            })
            label=tr!("Open the main application")
            beside=derived(move || {
                // In a rehearsal it stays in the frame.
                desk.session.with(Option::is_some) && desk.settings.with(|settings| settings.rehearsal.is_none())
            })
        />
    }
}
