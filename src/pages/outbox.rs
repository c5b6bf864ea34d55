//! The outbox: what waits, what was sent and acknowledged, what was not accepted and why, and what cannot be read.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use replica::{Damaged, Outbox as Rows, OutboxEntry, OutboxTitle, SyncOutcome};

use super::load::{NotRead, load};
use super::words;
use crate::browser::device;
use crate::components::{Badge, Banner, Busy, Button, ButtonKind, Heading, Icon, Skeleton, Symbol, Tone};
use crate::desk::{Leave, use_desk};
use crate::mark::Reach;

/// What was sent stays on the list for a while; this many of it.
const SENT_SHOWN: usize = 20;

#[component]
pub fn Outbox() -> impl IntoView {
    let desk = use_desk();
    let loaded = load(|tablet| async move { tablet.outbox().await });
    let said = RwSignal::new(None::<String>);
    let busy = Signal::derive(move || desk.sending.get().is_some());
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
                <p>
                    <A href="/" attr:class="back">
                        <Icon symbol=Symbol::Back />
                        "Caseload"
                    </A>
                </p>
                <Heading text="Outbox" />
                <Standing />
            </div>
            <div role="status">
                {move || said.get().map(|said| view! { <Banner tone=Tone::Info announced=false><p>{said}</p></Banner> })}
            </div>
            {move || {
                loaded
                    .with(|loaded| match loaded {
                        None => view! { <Skeleton count=2 /> }.into_any(),
                        Some(Err(why)) => view! { <NotRead why=why.clone() /> }.into_any(),
                        Some(Ok(rows)) => view! { <Lists rows=rows.clone() /> }.into_any(),
                    })
            }}
        </main>
        <section class="bar" aria-label="Next step">
            <div class="bar-inner">
                <Button
                    label="Send now"
                    kind=ButtonKind::Primary
                    symbol=Symbol::Send
                    busy
                    busy_label="Sending…"
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
    move || {
        let standing = desk.standing();
        if standing.sending.is_some() {
            view! { <Busy text="Talking to the main application" /> }.into_any()
        } else if standing.sign_in_to_send && standing.reach == Reach::Online {
            view! {
                <p>"To send, sign in again. What waits stays on this tablet until then."</p>
                <div>
                    <Button label="Sign in to send" symbol=Symbol::Key on_press=sign_in />
                </div>
            }
            .into_any()
        } else {
            let words = match (standing.reach, standing.waiting) {
                (Reach::Offline, 1..) => {
                    "This tablet is offline. What waits is sent by itself when the network is back."
                }
                (_, 1..) => "What waits is sent by itself. You can go on working.",
                (_, 0) => "Everything has been sent.",
            };
            view! { <p class="muted">{words}</p> }.into_any()
        }
    }
}

#[component]
fn Lists(rows: Rows) -> impl IntoView {
    let nothing =
        rows.waiting.is_empty() && rows.refused.is_empty() && rows.damaged.is_empty() && rows.sent.is_empty();
    let sent: Vec<OutboxEntry> = rows.sent.into_iter().take(SENT_SHOWN).collect();
    view! {
        {nothing
            .then(|| {
                view! {
                    <div class="empty">
                        <h2>"Nothing here yet"</h2>
                        <p>"Assessments appear here as soon as you save the first answer."</p>
                    </div>
                }
            })}
        <List title="Not accepted" rows=rows.refused state="Not accepted" tone=Tone::Attention />
        <Unreadable rows=rows.damaged />
        <List title="Waiting" rows=rows.waiting state="Waiting" tone=Tone::Neutral />
        <List title="Sent" rows=sent state="Sent" tone=Tone::Good />
    }
}

#[component]
fn List(title: &'static str, rows: Vec<OutboxEntry>, state: &'static str, tone: Tone) -> impl IntoView {
    let count = rows.len();
    (count > 0).then(|| {
        view! {
            <section class="stack stack-tight">
                <h2>{format!("{title} ({count})")}</h2>
                <ul class="rows card">
                    {rows.into_iter().map(|entry| view! { <Row entry state tone /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Row(entry: OutboxEntry, state: &'static str, tone: Tone) -> impl IntoView {
    let at = device::when(entry.at);
    let time = if tone == Tone::Good {
        format!("sent {at}")
    } else {
        format!("saved {at}")
    };
    let why = entry.why.map(|why| view! { <span>{why}</span> });
    match entry.title {
        OutboxTitle::Own { client_name, form_title, status } => view! {
            <li>
                <A href=format!("/assessment/{}", entry.record_id) attr:class="row">
                    <span class="row-main">
                        <span class="row-title">{client_name}</span>
                        <span class="row-note">{format!("{form_title} · {} · {time}", words::status(status).0)}</span>
                        {why}
                    </span>
                    <Badge tone text=state />
                    <Icon symbol=Symbol::Next />
                </A>
            </li>
        }
        .into_any(),
        OutboxTitle::OfAnotherUser => view! {
            <li class="row">
                <span class="row-main">
                    <span class="row-title">"An assessment of another user of this tablet"</span>
                    <span class="row-note">{time}</span>
                    {why}
                </span>
                <Badge tone text=state />
            </li>
        }
        .into_any(),
    }
}

/// Kept, named, and never thrown away.
#[component]
fn Unreadable(rows: Vec<Damaged>) -> impl IntoView {
    let desk = use_desk();
    let count = rows.len();
    (count > 0).then(|| {
        view! {
            <section class="stack stack-tight">
                <h2>{format!("Cannot be read ({count})")}</h2>
                <p>
                    "Something on this tablet is damaged. It is kept as it is. Tell the helpdesk, and do not clear this browser's data. "
                    {move || desk.settings.get().contact}
                </p>
                <ul class="rows card">
                    {rows
                        .into_iter()
                        .map(|damaged| {
                            view! {
                                <li class="row">
                                    <span class="row-main">
                                        <span class="row-title">{capital(&damaged.why)}</span>
                                        <span class="row-note">{format!("For the helpdesk: {}", damaged.key)}</span>
                                    </span>
                                    <Badge tone=Tone::Attention text="Damaged" />
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// What pressing "Send now" came to. Nothing where the page itself tells it.
fn outcome_words(outcome: &SyncOutcome) -> Option<String> {
    match outcome {
        SyncOutcome::Done {
            sent: 0,
            refused: 0,
            still_waiting: 0,
        } => Some("Everything has been sent.".into()),
        SyncOutcome::Done {
            sent,
            refused,
            still_waiting,
        } => {
            let mut words = vec![format!("{} sent", words::count(*sent as usize, "assessment"))];
            if *refused > 0 {
                words.push(format!("{refused} not accepted"));
            }
            match still_waiting.saturating_sub(*refused) {
                0 => {}
                waiting => words.push(format!("{waiting} still waiting")),
            }
            Some(format!("{}.", words.join(", ")))
        }
        SyncOutcome::Unreached { wait_seconds: None } => Some(
            "The main application could not be reached. What waits stays here and is sent by itself later."
                .into(),
        ),
        SyncOutcome::Unreached {
            wait_seconds: Some(seconds),
        } => Some(format!(
            "The main application is busy. It is tried again in {seconds} seconds."
        )),
        SyncOutcome::SignInAgain
        | SyncOutcome::Locked(_)
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

    #[test]
    fn a_reason_begins_with_a_capital() {
        assert_eq!(capital("its place cannot be read"), "Its place cannot be read");
        assert_eq!(capital(""), "");
    }
}
