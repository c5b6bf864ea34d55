//! The page of one client: where to go, what there is of them, what became of their scores, and where a new assessment begins.

use crate::prelude::*;
use protocol::{Client, ClientId, RecordId, Status};

use super::card::{Who, came, own};
use super::cases::Case;
use super::load_shown;
use super::start::{Start, StartDialog};
use crate::components::{BackToCaseload, Button, ButtonKind, Heading, Skeleton};
use crate::pages::load::NotRead;
use crate::pages::trend::Trends;

#[component]
pub fn ClientPage(id: Option<ClientId>) -> impl IntoView {
    let loaded = load_shown();
    let case = memo(move || {
        loaded.with(|loaded| {
            let found = loaded.as_ref()?.as_ref().map_err(Clone::clone);
            Some(found.map(|shown| shown.cases().into_iter().find(|case| Some(case.id) == id)))
        })
    });
    // What there is of the client may change while it stands there; who they are rarely does.
    let who = memo(move || {
        case.with(|case| {
            let found = case.as_ref()?.as_ref().map_err(Clone::clone);
            Some(found.map(|case| case.as_ref().map(|case| (case.name.clone(), case.client.clone()))))
        })
    });
    let case = derived(move || case.get().and_then(Result::ok).flatten());
    let forms = derived(move || {
        loaded.with(|loaded| match loaded {
            Some(Ok(shown)) => shown.assigned.forms.clone(),
            _ => Vec::new(),
        })
    });
    // Whoever is choosing a form goes on choosing, whatever comes in meanwhile.
    let starting = RwSignal::new(None::<Start>);
    view! {
        <main id="main" class="page" tabindex="-1">
            <BackToCaseload />
            {move || match who.get() {
                None => view! { <Skeleton count=2 /> },
                Some(Err(why)) => view! { <Heading text=tr!("Client") /> <NotRead why /> },
                Some(Ok(None)) => view! {
                    <Heading text=tr!("This client is not on this tablet") />
                    <p>{tr!("The client is not assigned to you, or has not been fetched yet.")}</p>
                },
                Some(Ok(Some((name, client)))) => view! {
                    <Heading text=name />
                    {about(client, case, starting)}
                    <Assessments case />
                },
            }}
            <StartDialog starting forms />
        </main>
    }
}

fn about(client: Option<Client>, case: Signal<Option<Case>>, starting: RwSignal<Option<Start>>) -> AnyView {
    let Some(client) = client else {
        return view! { <p class="muted">{tr!("No longer assigned to you. What you began stays here.")}</p> };
    };
    let begin = {
        let client = client.clone();
        Callback::new(move |()| {
            let documents = case.with_untracked(|case| case.as_ref().map(|case| case.documents.clone()));
            starting.set(Some(Start::of(client.clone(), &documents.unwrap_or_default())));
        })
    };
    view! {
        <div class="stack stack-tight"><Who client /></div>
        <div>
            <Button label=tr!("Start assessment") kind=ButtonKind::Primary on_press=begin />
        </div>
    }
}

#[component]
fn Assessments(case: Signal<Option<Case>>) -> impl IntoView {
    let scored = memo(move || {
        case.with(|case| {
            let of = |case: &Case| -> Vec<RecordId> {
                let own = case.documents.iter().map(|entry| &entry.document);
                let complete = own.filter(|document| document.status == Status::Complete);
                let came = case.received.iter().map(|known| known.id);
                complete.map(|document| document.id).chain(came).collect()
            };
            case.as_ref().map(of).unwrap_or_default()
        })
    });
    view! {
        {move || {
            let Case { documents, received, .. } = case.get()?;
            let list = if documents.is_empty() && received.is_empty() {
                view! { <p class="muted">{tr!("There are none on this tablet yet.")}</p> }
            } else {
                view! {
                    <ul class="rows card">
                        {documents.into_iter().map(|entry| own(entry, true)).collect_view()}
                        {received.into_iter().map(|known| came(known, true)).collect_view()}
                    </ul>
                }
            };
            Some(view! {
                <section class="stack stack-tight">
                    <h2>{tr!("Assessments")}</h2>
                    {list}
                </section>
            })
        }}
        <Trends documents=scored />
    }
}
