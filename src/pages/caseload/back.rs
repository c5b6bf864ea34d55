//! "You are back": what waited when the user came back with a new password, and what has become of each. It stands on the
//! caseload until they have read it.

use crate::prelude::*;
use leptos::task::spawn_local;
use replica::{Back, OutboxEntry, OutboxTitle};

use crate::components::{Badge, Button, ButtonKind, Link, Tone};
use crate::desk::use_desk;
use crate::pages::load::load;
use crate::pages::words;

#[component]
pub fn BackCard() -> impl IntoView {
    let desk = use_desk();
    let loaded = load(|tablet| async move { tablet.back().await });
    let close = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(tablet) = desk.tablet().await {
                // A note that cannot be removed is shown again.
                drop(tablet.back_read().await);
            }
            desk.changed.notify();
        });
    });
    view! {
        {move || {
            let back = loaded.get()?.ok()??;
            let said = sentence(&back);
            let Back { outbox, .. } = back;
            let lists = [
                (outbox.refused, tr!("assessment" => "Not accepted"), Tone::Attention),
                (outbox.waiting, tr!("assessment" => "Waiting"), Tone::Neutral),
                (outbox.sent, tr!("assessment" => "Sent"), Tone::Good),
            ];
            let rows: Vec<AnyView> = lists
                .into_iter()
                .flat_map(|(list, text, tone)| {
                    list.into_iter().map(move |entry| view! { <Row entry text tone /> })
                })
                .collect();
            Some(
                view! {
                    <section class="card cards back-card" aria-labelledby="back-title">
                        <div class="stack back-words" role="status">
                            <h2 id="back-title">{tr!("You are back")}</h2>
                            <p>{said}</p>
                        </div>
                        <ul class="rows">{rows}</ul>
                        <div class="back-words">
                            <Button label=tr!("Close") kind=ButtonKind::Secondary context=tr!("this list") on_press=close />
                        </div>
                    </section>
                },
            )
        }}
    }
}

#[component]
fn Row(entry: OutboxEntry, text: &'static str, tone: Tone) -> impl IntoView {
    let OutboxTitle::Own {
        client_name, form, ..
    } = entry.title
    else {
        return ().into_any();
    };
    view! {
        <li>
            <Link href=format!("/assessment/{}", entry.record_id) class="row">
                <span class="row-main">
                    <span class="row-title">{client_name}</span>
                    <span class="row-note">{words::form_title(&form)}</span>
                    {entry.why}
                </span>
                <Badge tone text />
            </Link>
        </li>
    }
}

/// How many waited, and what has become of them, no more than is known.
fn sentence(back: &Back) -> String {
    let Back { waited, outbox, .. } = back;
    let (sent, waiting, refused) = (outbox.sent.len(), outbox.waiting.len(), outbox.refused.len());
    if *waited == 0 {
        return tr!("Nothing was waiting to be sent. Go on where you left off.").to_owned();
    }
    if sent == *waited {
        return tr!(
            "1 assessment waited and has been sent." | "{n} assessments waited and have been sent." % sent
        );
    }
    if waiting == *waited {
        return tr!(
            "1 assessment waited. Nothing is lost: what waits is sent by itself."
                | "{n} assessments waited. Nothing is lost: what waits is sent by itself." % waiting
        );
    }
    let unreadable = waited.saturating_sub(sent + waiting + refused);
    let parts = [
        (sent, tr!("{n} sent" | "{n} sent" % sent)),
        (waiting, tr!("{n} still waiting" | "{n} still waiting" % waiting)),
        (refused, tr!("{n} not accepted" | "{n} not accepted" % refused)),
        (
            unreadable,
            tr!("{n} that cannot be read; the outbox says what to do"
                | "{n} that cannot be read; the outbox says what to do" % unreadable),
        ),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter_map(|(number, words)| (number > 0).then_some(words))
        .collect();
    tr!(
        "1 assessment waited: {parts}." | "{n} assessments waited: {parts}." % *waited,
        parts = parts.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{RecordId, Timestamp};
    use replica::Outbox;

    #[test]
    fn what_waited_is_told_with_what_has_become_of_it() {
        let list = |count: usize| {
            let entry = OutboxEntry {
                record_id: RecordId::from_bytes([1; 16]),
                title: OutboxTitle::OfAnotherUser,
                at: Timestamp(0),
                why: None,
            };
            vec![entry; count]
        };
        for ((waited, sent, waiting, refused), words) in [
            (
                (0, 0, 0, 0),
                "Nothing was waiting to be sent. Go on where you left off.",
            ),
            ((1, 1, 0, 0), "1 assessment waited and has been sent."),
            ((3, 3, 0, 0), "3 assessments waited and have been sent."),
            (
                (2, 0, 2, 0),
                "2 assessments waited. Nothing is lost: what waits is sent by itself.",
            ),
            ((3, 2, 1, 0), "3 assessments waited: 2 sent, 1 still waiting."),
            (
                (3, 1, 1, 1),
                "3 assessments waited: 1 sent, 1 still waiting, 1 not accepted.",
            ),
            (
                (2, 1, 0, 0),
                "2 assessments waited: 1 sent, 1 that cannot be read; the outbox says what to do.",
            ),
        ] {
            let back = Back {
                at: Timestamp(0),
                waited,
                outbox: Outbox {
                    waiting: list(waiting),
                    sent: list(sent),
                    refused: list(refused),
                    damaged: Vec::new(),
                },
            };
            assert_eq!(sentence(&back), words);
        }
    }
}
