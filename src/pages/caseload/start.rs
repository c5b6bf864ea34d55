//! "Start assessment": which form, then a new Draft.

use crate::prelude::*;
use forms::Form;
use leptos::task::spawn_local;
use protocol::{Client, FormRef, RecordId, Status};
use replica::{DocumentEntry, sorted};

use crate::browser::{address::use_address, device};
use crate::components::{Banner, Button, Dialog, Icon, Row, Show, Symbol, Tone, each};
use crate::desk::{Desk, use_desk};
use crate::language::told;
use crate::pages::words;

/// For whom, and what is begun already.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    client: Client,
    /// The user's own assessments of this client that are not complete: the form's address, and when it was saved.
    open: Vec<(String, protocol::Timestamp)>,
}

impl Start {
    pub fn of(client: Client, documents: &[DocumentEntry]) -> Self {
        let open = documents
            .iter()
            .filter(|entry| entry.document.status != Status::Complete)
            .map(|entry| (entry.document.form.url.clone(), entry.document.modified_at))
            .collect();
        Self { client, open }
    }
}

#[component]
pub fn StartDialog(starting: RwSignal<Option<Start>>, forms: Signal<Vec<FormRef>>) -> impl IntoView {
    let desk = use_desk();
    let address = use_address();
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    effect(move || {
        if starting.with(Option::is_some) {
            fault.set(None);
            open.set(true);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            starting.set(None);
        }
        now
    });
    let begin = move |form: FormRef| {
        let Some(start) = starting.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        fault.set(None);
        spawn_local(async move {
            let begun = begin(desk, start.client, form).await;
            busy.try_set(false);
            match begun {
                Ok(id) => {
                    // Whoever has left the page meanwhile stays where they are.
                    if open.try_set(false).is_none() {
                        address.go(&format!("/assessment/{id}"));
                    }
                }
                Err(why) => drop(fault.try_set(Some(why))),
            }
        });
    };
    let row = move |form: FormRef| {
        Row::new(format!("{} {}", form.url, form.version), move || {
            let note = begun_words(starting, &form);
            let title = words::form_title(&form);
            view! {
                <li>
                    <button type="button" class="row" on:click=act(move || begin(form.clone()))>
                        <span class="row-main">
                            <span class="row-title">{title}</span>
                            {note.map(|note| view! { <span class="row-note">{note}</span> })}
                        </span>
                        <Icon symbol=Symbol::Next />
                    </button>
                </li>
            }
        })
    };
    view! {
        <Dialog open title=tr!("Start assessment") sheet=true>
            <p>
                {tr!("For ")}
                <strong>
                    {move || starting.with(|start| start.as_ref().map(|start| start.client.full_name.clone()))}
                </strong>
            </p>
            {move || {
                fault
                    .get()
                    .map(|why| {
                        view! {
                            <Banner tone=Tone::Danger>
                                <p>{tr!("The assessment was not begun: {reason}.", reason = why)}</p>
                            </Banner>
                        }
                    })
            }}
            <Show when=move || forms.with(Vec::is_empty)>
                <p>{tr!("There are no forms on this tablet yet. They come with the first connection.")}</p>
            </Show>
            <ul class="rows card">
                {each(move || {
                    let title = words::form_title;
                    let forms = sorted(forms.get(), |one, other| title(one).cmp(&title(other)));
                    forms.into_iter().map(row).collect()
                })}
            </ul>
            <div class="buttons">
                <Button label=tr!("Cancel") on_press=Callback::new(move |()| open.set(false)) />
            </div>
        </Dialog>
    }
}

/// So that nobody begins twice what was begun already.
fn begun_words(starting: RwSignal<Option<Start>>, form: &FormRef) -> Option<String> {
    starting.with_untracked(|start| {
        let (_, at) = start.as_ref()?.open.iter().find(|(url, _)| *url == form.url)?;
        Some(tr!(
            "One is begun already, saved {when}. This begins another.",
            when = device::when(*at)
        ))
    })
}

async fn begin(desk: Desk, client: Client, form: FormRef) -> Result<RecordId, String> {
    let tablet = desk.tablet().await.map_err(told)?;
    // A newer version may have come since the list was drawn.
    let caseload = tablet.caseload().await.map_err(told)?;
    let form = caseload.newer_than(&form).cloned().unwrap_or(form);
    let questionnaire = tablet.form(&form).await.map_err(told)?;
    let patient = serde_json::json!({
        "resourceType": "Patient",
        "id": client.id,
        "name": [{ "text": client.full_name }],
        "birthDate": client.birth_date,
    });
    let setting = crate::form::setting().with("patient", patient);
    let empty = Form::open_in(&questionnaire, setting).map_err(told)?;
    let response = empty.response(forms::Status::InProgress);
    let working = tablet.begin(&client, form, response).await.map_err(told)?;
    desk.saved(false);
    Ok(working.document.id)
}
