//! The lists of the outbox: not accepted, cannot be read, waiting, sent.

use crate::prelude::*;
use replica::{Damaged, Outbox as Rows, OutboxEntry, OutboxTitle};

use crate::browser::device;
use crate::components::{Badge, Icon, Link, Symbol, Tone};
use crate::desk::use_desk;
use crate::language::{capital, told};
use crate::pages::words;

/// What was sent stays on the list for a while; this many of it.
const SENT_SHOWN: usize = 20;

#[component]
pub fn Lists(rows: Rows) -> impl IntoView {
    let nothing =
        rows.waiting.is_empty() && rows.refused.is_empty() && rows.damaged.is_empty() && rows.sent.is_empty();
    let sent: Vec<OutboxEntry> = rows.sent.into_iter().take(SENT_SHOWN).collect();
    view! {
        {nothing
            .then(|| {
                view! {
                    <div class="empty">
                        <h2>{tr!("Nothing here yet")}</h2>
                        <p>{tr!("Assessments appear here as soon as you save the first answer.")}</p>
                    </div>
                }
            })}
        <List
            title=tr!("assessments" => "Not accepted")
            state=tr!("assessment" => "Not accepted")
            help=tr!(
                "The main application did not take these. They stay on this tablet and are offered again. Where you cannot mend the reason yourself, tell the helpdesk."
            )
            rows=rows.refused
            tone=Tone::Attention
        />
        <Unreadable rows=rows.damaged />
        <List
            title=tr!("assessments" => "Waiting")
            state=tr!("assessment" => "Waiting")
            rows=rows.waiting
            tone=Tone::Neutral
        />
        <List title=tr!("assessments" => "Sent") state=tr!("assessment" => "Sent") rows=sent tone=Tone::Good />
    }
}

#[component]
fn List(
    title: &'static str,
    state: &'static str,
    #[prop(optional)] help: Option<&'static str>,
    rows: Vec<OutboxEntry>,
    tone: Tone,
) -> impl IntoView {
    let count = rows.len();
    (count > 0).then(|| {
        view! {
            <section class="stack stack-tight">
                <h2>{format!("{title} ({count})")}</h2>
                {help.map(|help| view! { <p>{help}</p> })}
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
        tr!("sent {at}", at)
    } else {
        tr!("saved {at}", at)
    };
    let why = entry.why.map(|why| view! { <span>{why}</span> });
    match entry.title {
        OutboxTitle::Own {
            client_name,
            form,
            status,
        } => view! {
            <li>
                <Link href=format!("/assessment/{}", entry.record_id) class="row">
                    <span class="row-main">
                        <span class="row-title">{client_name}</span>
                        <span class="row-note">{format!("{} · {} · {time}", words::form_title(&form), words::status(status).0)}</span>
                        {why}
                    </span>
                    <Badge tone text=state />
                    <Icon symbol=Symbol::Next />
                </Link>
            </li>
        },
        OutboxTitle::OfAnotherUser => view! {
            <li class="row">
                <span class="row-main">
                    <span class="row-title">{tr!("An assessment of another user of this tablet")}</span>
                    <span class="row-note">{time}</span>
                    {why}
                </span>
                <Badge tone text=state />
            </li>
        },
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
                <h2>{tr!("Cannot be read ({n})", n = count)}</h2>
                <p>
                    {tr!("Something on this tablet is damaged. It is kept as it is. Tell the helpdesk, and do not clear this browser's data. ")}
                    {move || desk.settings.get().contact}
                </p>
                <ul class="rows card">
                    {rows
                        .into_iter()
                        .map(|damaged| {
                            view! {
                                <li class="row">
                                    <span class="row-main">
                                        <span class="row-title">{capital(&told(&damaged.why))}</span>
                                        <span class="row-note">{tr!("For the helpdesk: {key}", key = damaged.key)}</span>
                                    </span>
                                    <Badge tone=Tone::Attention text=tr!("Damaged") />
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
