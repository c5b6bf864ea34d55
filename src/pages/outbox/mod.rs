//! The outbox: what waits, what was sent and acknowledged, what was not accepted and why, and what cannot be read.

mod lists;

use crate::prelude::*;
use leptos::task::spawn_local;
use replica::SyncOutcome;

use crate::components::{BackToCaseload, Banner, Busy, Button, ButtonKind, Heading, Skeleton, Symbol, Tone};
use crate::desk::{Leave, use_desk};
use crate::mark::Reach;
use crate::pages::load::{NotRead, load};
use lists::Lists;

#[component]
pub fn Outbox() -> impl IntoView {
    let desk = use_desk();
    let loaded = load(|tablet| async move { tablet.outbox().await });
    let said = RwSignal::new(None::<String>);
    let busy = derived(move || desk.sending.get().is_some());
    let send = Callback::new(move |()| {
        said.set(None);
        spawn_local(async move {
            if let Some(outcome) = desk.send().await {
                said.try_set(outcome_words(&outcome));
            }
        });
    });
    view! {
        <main id="main" class="page" tabindex="-1">
            <div class="page-head">
                <BackToCaseload />
                <Heading text=tr!("Outbox") />
                <Standing />
            </div>
            <div role="status">
                {move || said.get().map(|said| view! { <Banner tone=Tone::Info announced=false><p>{said}</p></Banner> })}
            </div>
            {move || {
                loaded
                    .with(|loaded| match loaded {
                        None => view! { <Skeleton count=2 /> },
                        Some(Err(why)) => view! { <NotRead why=why.clone() /> },
                        Some(Ok(rows)) => view! { <Lists rows=rows.clone() /> },
                    })
            }}
        </main>
        <section class="bar" aria-label=tr!("Next step")>
            <div class="bar-inner">
                <Button
                    label=tr!("Send now")
                    kind=ButtonKind::Primary
                    symbol=Symbol::Send
                    busy
                    busy_label=tr!("Sending…")
                    on_press=send
                />
            </div>
        </section>
    }
}

/// What happens next with what waits, in a sentence.
#[component]
fn Standing() -> impl IntoView {
    let desk = use_desk();
    let sign_in = Callback::new(move |()| desk.leave(Leave::SignedOut));
    view! {
        {move || {
            let standing = desk.standing();
            if standing.sending.is_some() {
                view! { <Busy text=tr!("Talking to the main application") /> }
            } else if standing.sign_in_to_send && standing.reach == Reach::Online {
                view! {
                    <p>{tr!("To send, sign in again. What waits stays on this tablet until then.")}</p>
                    <div>
                        <Button label=tr!("Sign in to send") symbol=Symbol::Key on_press=sign_in />
                    </div>
                }
            } else {
                let by_itself = standing.waiting.saturating_sub(standing.refused);
                let words = match (standing.reach, by_itself) {
                    (Reach::Offline, 1..) => {
                        tr!("This tablet is offline. What waits is sent by itself when the network is back.")
                    }
                    (_, 1..) => tr!("What waits is sent by itself. You can go on working."),
                    (_, 0) if standing.waiting > 0 => tr!("Nothing else waits."),
                    (_, 0) => tr!("Everything has been sent."),
                };
                view! { <p class="muted">{words}</p> }
            }
        }}
    }
}

/// What pressing "Send now" came to. Nothing where the page itself tells it.
fn outcome_words(outcome: &SyncOutcome) -> Option<String> {
    match outcome {
        SyncOutcome::Done {
            sent: 0,
            refused: 0,
            still_waiting: 0,
        } => Some(tr!("Everything has been sent.").into()),
        SyncOutcome::Done {
            sent,
            refused,
            still_waiting,
        } => {
            let mut words = Vec::new();
            if *sent > 0 {
                words.push(tr!("1 assessment sent" | "{n} assessments sent" % *sent));
            }
            if *refused > 0 {
                words.push(if words.is_empty() {
                    tr!("1 assessment not accepted" | "{n} assessments not accepted" % *refused)
                } else {
                    tr!("{n} not accepted" | "{n} not accepted" % *refused)
                });
            }
            match still_waiting.saturating_sub(*refused) {
                0 => {}
                waiting => words.push(tr!("{n} still waiting" | "{n} still waiting" % waiting)),
            }
            Some(format!("{}.", words.join(", ")))
        }
        SyncOutcome::Unreached { wait_seconds: None } => Some(
            tr!("The main application could not be reached. What waits stays here and is sent by itself later.")
                .into(),
        ),
        SyncOutcome::Unreached {
            wait_seconds: Some(seconds),
        } => Some(tr!(
            "The main application is busy. It is tried again in a second."
                | "The main application is busy. It is tried again in {n} seconds." % *seconds
        )),
        SyncOutcome::SignInAgain
        | SyncOutcome::Lock(_)
        | SyncOutcome::UpdateNeeded
        | SyncOutcome::NotNow
        | SyncOutcome::Storage(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_send_now_came_to_is_told_in_the_past_tense() {
        let done = |sent, refused, still_waiting| SyncOutcome::Done {
            sent,
            refused,
            still_waiting,
        };
        for (outcome, words) in [
            (done(0, 0, 0), "Everything has been sent."),
            (done(1, 0, 0), "1 assessment sent."),
            (done(3, 1, 1), "3 assessments sent, 1 not accepted."),
            (done(0, 1, 1), "1 assessment not accepted."),
            (done(0, 0, 1), "1 still waiting."),
            (done(3, 0, 2), "3 assessments sent, 2 still waiting."),
            (
                SyncOutcome::Unreached {
                    wait_seconds: Some(30),
                },
                "The main application is busy. It is tried again in 30 seconds.",
            ),
        ] {
            assert_eq!(outcome_words(&outcome).as_deref(), Some(words));
        }
        assert_eq!(outcome_words(&SyncOutcome::SignInAgain), None);
    }
}
