//! "Forgot your password?": the way to a new one, step by step, with the e-mail to the helpdesk. Works without a network
//! and without a session.
//!
//! [`guide`] knows the steps, [`request`] the e-mail, [`composer`] draws its fields.

mod composer;
mod guide;
mod request;

use crate::prelude::*;

use crate::components::{Button, Heading, Icon, Link, OuterLink, Radio, Row, Show, Symbol, each};
use crate::desk::{Desk, use_desk};
use crate::mark::Reach;
use composer::Composer;
use guide::{Case, Guide, Step};

pub use guide::forget;

/// Erases what is older than a week; for every start of the app.
pub fn expire(now: f64) {
    guide::load(now);
}

#[component]
pub fn Reset() -> impl IntoView {
    let desk = use_desk();
    let guide = RwSignal::new(guide::load(desk.now()));
    Effect::new(move |before: Option<()>| {
        guide.track();
        if before.is_some() {
            guide.with(|guide| guide::keep(guide, desk.now()));
        }
    });
    let reach = Signal::derive(move || desk.reach());
    let case = Memo::new(move |_| guide.with(|guide| guide.case(reach.get())));
    let step = Memo::new(move |_| guide.with(|guide| guide.step(reach.get())));
    let choose = Callback::new(move |chosen| guide.update(|guide| guide.case = Some(chosen)));
    let row = move |(place, this): (usize, Step)| {
        let key = format!("{place} {} {}", this as u8, case.get() as u8);
        Row::new(key, move || {
            let state = Signal::derive(move || state(case.get(), step.get(), this));
            view! {
                <li
                    class=move || format!("step step-{}", state.get().name())
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
                            {title(case.get_untracked(), this)}
                            <span class="unseen">
                                {move || (state.get() == State::Done).then_some(" (done)")}
                            </span>
                        </h2>
                        {body(desk, guide, case.get_untracked(), this, state)}
                    </div>
                </li>
            }
        })
    };
    view! {
        <main id="main" class="page" tabindex="-1">
            <div class="page-head">
                <Heading text="Forgot your password?" />
                <p>
                    "The helpdesk gives you a new one. Nothing is lost: everything you filled in stays on this tablet and is sent afterwards."
                </p>
            </div>
            <Radio
                name="case"
                legend="This tablet"
                options=vec![(Case::Online, "has a network"), (Case::Offline, "has no network")]
                chosen=case
                on_choose=choose
            />
            <Show when=move || case.get() == Case::Offline>
                <p>
                    "You are not locked out. While this tablet is offline you can try your password as often as you like."
                </p>
            </Show>
            <ol class="steps">
                {each(move || case.get().steps().iter().copied().enumerate().map(row).collect())}
            </ol>
            {move || {
                let contact = desk.settings.get().contact;
                (!contact.is_empty()).then(|| view! { <p class="muted">{format!("Questions? {contact}")}</p> })
            }}
            <p>
                <Link href="/">
                    {move || if desk.session.get().is_some() { "Back to your caseload" } else { "Back to sign-in" }}
                </Link>
            </p>
        </main>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Done,
    Now,
    Later,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Later => "later",
        }
    }
}

fn state(case: Case, now: Step, this: Step) -> State {
    let place = |step| case.steps().iter().position(|each| *each == step);
    match place(this).cmp(&place(now)) {
        std::cmp::Ordering::Less => State::Done,
        std::cmp::Ordering::Equal => State::Now,
        std::cmp::Ordering::Greater => State::Later,
    }
}

fn title(case: Case, step: Step) -> &'static str {
    match (step, case) {
        (Step::Request, _) => "Ask the helpdesk for a new password",
        (Step::Call, _) => "Answer the helpdesk's call",
        (Step::Connect, _) => "Connect this tablet to a network",
        (Step::ChangeInMain, Case::Online) => "Choose your own password in the main application",
        (Step::ChangeInMain, Case::Offline) => "Sign in to the main application with the temp password",
        (Step::SignInHere, Case::Online) => "Sign in here with the temp password",
        (Step::SignInHere, Case::Offline) => "Come back here and sign in with the new password",
    }
}

fn body(desk: Desk, guide: RwSignal<Guide>, case: Case, step: Step, state: Signal<State>) -> AnyView {
    match step {
        Step::Request => {
            view! { <Composer guide done=Signal::derive(move || state.get() == State::Done) /> }
        }
        Step::Call => {
            let got_it = Callback::new(move |()| guide.update(|guide| guide.has_temp_password = true));
            view! {
                <p>
                    "Requests are worked in the order in which they come. The helpdesk calls the number in the e-mail, checks the security information and gives out a temp password. It tries twice; after that a new request has to be sent."
                </p>
                <Show when=move || case == Case::Offline>
                    <p>"The temp password does not open this tablet while it is offline."</p>
                </Show>
                <Show when=move || state.get() != State::Done>
                    <div>
                        <Button label="I have the temp password" on_press=got_it />
                    </div>
                </Show>
            }
        }
        Step::Connect => view! {
            <p>
                {move || match desk.reach() {
                    Reach::Online => "This tablet is connected.",
                    Reach::Unknown => "Looking for the main application…",
                    Reach::Offline => "The main application cannot be reached from here yet.",
                }}
            </p>
        },
        Step::ChangeInMain => {
            let words = match case {
                Case::Online => {
                    "The next time you sign in there it asks you for a new password. Do it before you go where there is no network: the temp password does not open this tablet offline."
                }
                Case::Offline => "It asks you to choose a new password. Do that there, then come back.",
            };
            view! {
                <p>{words}</p>
                <div on:click=move |_| guide.update(|guide| guide.opened_main = true)>
                    <MainApplication />
                </div>
            }
        }
        Step::SignInHere => {
            let words = match case {
                Case::Online => "It works here at once, and you can go on with your assessments.",
                Case::Offline => {
                    "From then on the new password opens this tablet, with or without a network."
                }
            };
            view! {
                <p>{words}</p>
                <Show when=move || desk.session.get().is_none()>
                    <div>
                        <Link href="/" class="button button-secondary">
                            "Go to sign-in"
                        </Link>
                    </div>
                </Show>
            }
        }
    }
}

/// The way to the main application. Who is signed in here stays so: it opens beside.
#[component]
pub fn MainApplication() -> impl IntoView {
    let desk = use_desk();
    view! {
        <OuterLink
            href=Signal::derive(move || {
                let url = desk.settings.get().main_url;
                if url.is_empty() { "/main/".to_owned() } else { url }
            })
            label="Open the main application"
            beside=Signal::derive(move || {
                // In a rehearsal it stays in the frame.
                desk.session.with(Option::is_some) && desk.settings.with(|settings| settings.rehearsal.is_none())
            })
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_done_one_after_another() {
        use State::{Done, Later, Now};
        for (now, states) in [
            (Step::Request, [Now, Later, Later, Later, Later]),
            (Step::Connect, [Done, Done, Now, Later, Later]),
            (Step::SignInHere, [Done, Done, Done, Done, Now]),
        ] {
            let steps = Case::Offline.steps();
            let found: Vec<State> = steps
                .iter()
                .map(|step| state(Case::Offline, now, *step))
                .collect();
            assert_eq!(found, states, "{now:?}");
        }
    }
}
