//! What can be done with an assessment that is not worked on: taken back to draft, with a reason, or copied.

use crate::prelude::*;
use forms::Form;
use leptos::task::spawn_local;
use protocol::{Document, Status};
use replica::SaveFault;
use serde_json::Value;

use super::Desktop;
use super::advice::advice;
use super::before::Context;
use super::finish::Turning;
use crate::browser::address::use_address;
use crate::components::{Banner, Button, ButtonKind, Dialog, Field, Symbol, Tone};
use crate::desk::use_desk;

/// From Pending back to Draft. The reason stands in the history.
#[component]
pub fn BackToDraft(turning: Turning) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    let error = derived(move || {
        let missing = asked.get() && reason.with(|reason| reason.trim().is_empty());
        missing.then(|| tr!("Say in a few words why it goes back to draft.").to_owned())
    });
    let take = Callback::new(move |()| {
        asked.set(true);
        if error.with_untracked(Option::is_none) {
            open.set(false);
            turning.turn(here, Status::Draft, reason.get_untracked());
        }
    });
    let ask = Callback::new(move |()| {
        asked.set(false);
        reason.set(String::new());
        open.set(true);
    });
    view! {
        <div>
            <Button label=tr!("Back to draft") symbol=Symbol::Pen on_press=ask />
        </div>
        <Dialog open title=tr!("Back to draft?")>
            <p>{tr!("You can change answers again, and make it Pending when it is ready.")}</p>
            <Field id="reason" label=tr!("Reason") value=reason error hint=tr!("It is kept in the history.").to_owned() longest=300 />
            <div class="buttons">
                <Button label=tr!("Cancel") on_press=Callback::new(move |()| open.set(false)) />
                <Button label=tr!("Take back to draft") kind=ButtonKind::Primary on_press=take />
            </div>
        </Dialog>
    }
}

/// A new draft with the same answers, under the user's own name.
#[component]
pub fn Copy() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let before = expect_context::<Context>();
    let desk = use_desk();
    let address = use_address();
    let busy = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    let copy = Callback::new(move |()| {
        let Some(saver) = here.saver.try_get_value().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        fault.set(None);
        let before = before.get_value();
        spawn_local(async move {
            // What cannot be saved is said beside the form; the copy is of what is.
            saver.flush().await;
            let copied = match (desk.tablet().await, saver.document(Clone::clone)) {
                (Ok(tablet), Some(original)) => tablet.copy(&unsigned(original, &before.questionnaire)).await,
                (Ok(_), None) => Err(SaveFault::Conflict),
                (Err(fault), _) => Err(fault.into()),
            };
            match copied {
                Ok(copy) => {
                    desk.saved(false);
                    // Whoever has left the page meanwhile stays where they are.
                    if busy.try_set(false).is_none() {
                        address.go(&format!("/assessment/{}", copy.document.id));
                    }
                }
                Err(why) => {
                    busy.try_set(false);
                    fault.try_set(Some(advice(&why)));
                }
            }
        });
    });
    view! {
        {move || {
            fault
                .get()
                .map(|why| {
                    view! {
                        <Banner tone=Tone::Danger>
                            <p>
                                <strong>{tr!("Not copied. ")}</strong>
                                {why}
                            </p>
                        </Banner>
                    }
                })
        }}
        <div>
            <Button label=tr!("Copy") symbol=Symbol::Copy busy busy_label=tr!("Copying…") on_press=copy />
        </div>
    }
}

/// Whoever copies an assessment has no signature of the client's on the copy.
fn unsigned(mut original: Document, questionnaire: &Value) -> Document {
    let form = Form::resume_in(
        questionnaire,
        &original.response,
        &original.set_aside,
        crate::form::setting(),
    );
    // The page shows it: it opens. What is not signed is copied as it is.
    if let Ok(mut form) = form
        && !form.clear_signatures().is_empty()
    {
        original.response = form.response(forms::Status::InProgress);
        original.set_aside = form.set_aside();
    }
    original
}
