//! One client: who it is, where to go, and the assessments that lie here.

use crate::prelude::*;
use protocol::{Client, RecordId, Status};
use replica::{DocumentEntry, Received};

use super::cases::Case;
use super::element_id;
use super::start::Start;
use crate::browser::device;
use crate::components::{Badge, Button, Icon, Link, Symbol};
use crate::pages::words;

#[component]
pub fn Card(case: Case, starting: RwSignal<Option<Start>>) -> impl IntoView {
    let id = element_id(&case);
    let href = format!("/client/{}", case.id);
    let Case {
        name,
        client,
        documents,
        received,
        ..
    } = case;
    let start = client.clone().map(|client| {
        let start = Start::of(client, &documents);
        let name = name.clone();
        let press = Callback::new(move |()| starting.set(Some(start.clone())));
        view! { <Button label=tr!("Start assessment") context=tr!("for {name}", name) on_press=press /> }
    });
    let known = client.is_some();
    view! {
        <li class="card client">
            <div class="client-head">
                <h2 id=id tabindex="-1">
                    <Link href=href>{name}</Link>
                </h2>
                {start}
                <div class="client-who">
                    {client.map(|client| view! { <Who client /> })}
                    {(!known)
                        .then(|| {
                            view! { <p class="muted small">{tr!("No longer assigned to you. What you began stays here.")}</p> }
                        })}
                </div>
            </div>
            {(!documents.is_empty() || !received.is_empty())
                .then(|| {
                    view! {
                        <ul class="rows">
                            {documents.into_iter().map(|entry| own(entry, false)).collect_view()}
                            {received.into_iter().map(|known| came(known, false)).collect_view()}
                        </ul>
                    }
                })}
        </li>
    }
}

#[component]
pub fn Who(client: Client) -> impl IntoView {
    let born = device::calendar_date(&client.birth_date);
    let age = device::age(&client.birth_date)
        .map(|age| format!(" ({age})"))
        .unwrap_or_default();
    let due = client
        .due
        .as_deref()
        .map(|due| words::due(device::days_until(due), &device::calendar_date(due)));
    view! {
        <p class="client-facts">
            {due.map(|(text, tone)| view! { <Badge tone text /> })} <span>{tr!("Born {date}{age}", date = born, age)}</span>
        </p>
        <p class="client-facts">{client.address}</p>
        <p>
            <a class="phone small" href=words::tel(&client.phone)>
                {client.phone.clone()}
            </a>
        </p>
    }
}

/// One of the user's own, in a list. `to_print`: the row leads to the paper too.
pub fn own(entry: DocumentEntry, to_print: bool) -> AnyView {
    let note = words::standing(
        &entry.delivery,
        &device::when(entry.document.modified_at),
        device::when,
    );
    row(
        entry.document.id,
        words::form_title(&entry.document.form),
        note,
        entry.document.status,
        to_print,
    )
}

pub fn came(known: Received, to_print: bool) -> AnyView {
    let note = tr!(
        "Signed by {author}, {when}",
        author = known.author_name,
        when = device::when(known.at)
    );
    row(
        known.id,
        words::form_title(&known.form),
        note,
        Status::Complete,
        to_print,
    )
}

fn row(id: RecordId, title: String, note: String, status: Status, to_print: bool) -> AnyView {
    let (text, tone) = words::status(status);
    let print = to_print.then(|| {
        let which = format!(": {title}");
        view! {
            <Link href=format!("/assessment/{id}/print") class="button button-quiet">
                <Icon symbol=Symbol::Printer />
                {tr!("Print")}
                <span class="unseen">{which}</span>
            </Link>
        }
    });
    view! {
        <li class:row-to-print=to_print>
            <Link href=format!("/assessment/{id}") class="row">
                <span class="row-main">
                    <span class="row-title">{title}</span>
                    <span class="row-note">{note}</span>
                </span>
                <Badge tone text />
                <Icon symbol=Symbol::Next />
            </Link>
            {print}
        </li>
    }
}
