//! The page of one client: where to go, what there is of them, what became of their scores, and where a new assessment begins.

use crate::prelude::*;
use protocol::{ClientId, FormRef, RecordId, Status};

use super::card::{Who, came, own};
use super::cases::Case;
use super::load_shown;
use super::start::{Start, StartDialog};
use super::trend::Trends;
use crate::components::{BackToCaseload, Button, ButtonKind, Heading, Skeleton};
use crate::pages::load::NotRead;

#[component]
pub fn ClientPage(id: Option<ClientId>) -> impl IntoView {
    let loaded = load_shown();
    // Only what concerns this client draws the page anew.
    let case = Memo::new(move |_| {
        loaded.with(|loaded| {
            let found = loaded.as_ref()?.as_ref().map_err(Clone::clone);
            Some(found.map(|shown| shown.cases().into_iter().find(|case| Some(case.id) == id)))
        })
    });
    let forms = Signal::derive(move || {
        loaded.with(|loaded| match loaded {
            Some(Ok(shown)) => shown.assigned.forms.clone(),
            _ => Vec::new(),
        })
    });
    view! {
        <main id="main" class="page" tabindex="-1">
            <BackToCaseload />
            {move || match case.get() {
                None => view! { <Skeleton count=2 /> },
                Some(Err(why)) => view! { <Heading text="Client" /> <NotRead why /> },
                Some(Ok(None)) => view! {
                    <Heading text="This client is not on this tablet" />
                    <p>"The client is not assigned to you, or has not been fetched yet."</p>
                },
                Some(Ok(Some(case))) => view! { <Client case forms /> },
            }}
        </main>
    }
}

#[component]
fn Client(case: Case, forms: Signal<Vec<FormRef>>) -> impl IntoView {
    let Case {
        name,
        client,
        documents,
        received,
        ..
    } = case;
    let starting = RwSignal::new(None::<Start>);
    let start = client.clone().map(|client| Start::of(client, &documents));
    let complete = documents
        .iter()
        .filter(|entry| entry.document.status == Status::Complete);
    let complete = complete.map(|entry| entry.document.id);
    let scored: Vec<RecordId> = complete.chain(received.iter().map(|known| known.id)).collect();
    let nothing = documents.is_empty() && received.is_empty();
    view! {
        <Heading text=name />
        {match client {
            Some(client) => view! { <div class="stack stack-tight"><Who client /></div> },
            None => view! { <p class="muted">"No longer assigned to you. What you began stays here."</p> },
        }}
        {start.map(|start| {
            let press = Callback::new(move |()| starting.set(Some(start.clone())));
            view! {
                <div>
                    <Button label="Start assessment" kind=ButtonKind::Primary on_press=press />
                </div>
            }
        })}
        <section class="stack stack-tight">
            <h2>"Assessments"</h2>
            {if nothing {
                view! { <p class="muted">"There are none on this tablet yet."</p> }
            } else {
                view! {
                    <ul class="rows card">
                        {documents.into_iter().map(own).collect_view()} {received.into_iter().map(came).collect_view()}
                    </ul>
                }
            }}
        </section>
        <Trends documents=scored />
        <StartDialog starting forms />
    }
}
