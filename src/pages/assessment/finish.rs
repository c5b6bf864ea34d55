//! The last page: what is missing, what the totals say, and the step from Draft to Pending to Complete.

use crate::prelude::*;
use leptos::task::spawn_local;
use protocol::Status;
use replica::SaveFault;

use super::Desktop;
use super::advice::advice;
use super::again::{BackToDraft, Copy};
use super::faulty::Faulty;
use super::missing::{Missing, Summary, missing};
use super::notes::Notes;
use super::print::PrintLink;
use super::sections::SectionList;
use crate::browser::device;
use crate::components::{Banner, Button, ButtonKind, Dialog, Link, Show, Symbol, Tone};
use crate::desk::use_desk;

/// A step that is under way, asked about, or failed.
#[derive(Clone, Copy)]
pub struct Turning {
    busy: RwSignal<bool>,
    fault: RwSignal<Option<SaveFault>>,
    /// The user wants to go on, and something is missing.
    refused: RwSignal<bool>,
    signing: RwSignal<bool>,
}

impl Turning {
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            fault: RwSignal::new(None),
            refused: RwSignal::new(false),
            signing: RwSignal::new(false),
        }
    }

    pub fn turn(self, here: Desktop, to: Status, reason: String) {
        let Some(saver) = here.saver.try_get_value().filter(|_| !self.busy.get_untracked()) else {
            return;
        };
        self.busy.set(true);
        self.fault.set(None);
        let ready = here.form.read(|form| form.problems().is_empty());
        spawn_local(async move {
            let done = saver.turn(to, ready, &reason).await;
            self.busy.try_set(false);
            self.fault.try_set(done.err());
        });
    }
}

#[component]
pub fn Finish(turning: Turning) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let missing = memo(move || here.form.watch(missing));
    effect(move || {
        if missing.with(Vec::is_empty) {
            turning.refused.set(false);
        }
    });
    view! {
        <Failed turning />
        <Show when=move || turning.refused.get()>
            <Summary missing />
        </Show>
        <Standing missing />
        <Faulty />
        <Totals />
        <Notes />
        <div class="card finish-sections">
            <SectionList />
        </div>
        <div class="buttons">
            <Show when=move || here.status.get() == Status::Pending && !here.broken>
                <BackToDraft turning />
            </Show>
            <PrintLink />
            // A broken history offers it above.
            {(!here.broken).then(|| view! { <Copy /> })}
        </div>
    }
}

#[component]
fn Failed(turning: Turning) -> impl IntoView {
    view! {
        {move || {
            turning.fault.get().map(|fault| {
                view! {
                    <Banner tone=Tone::Danger>
                        <p>
                            <strong>{tr!("Not saved, so nothing has changed. ")}</strong>
                            {advice(&fault)}
                        </p>
                    </Banner>
                }
            })
        }}
    }
}

/// Where the assessment stands, in a sentence.
#[component]
fn Standing(missing: Memo<Vec<Missing>>) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let signed = move || {
        let saver = here.saver.try_get_value()?;
        saver.document(|document| document.signature.clone()).flatten()
    };
    view! {
        {move || {
            match here.status.get() {
            Status::Draft => {
                let words = match missing.with(Vec::len) {
                    0 => tr!("Everything that is required is answered. Look over the sections, then make it Pending: ready to be signed.").to_owned(),
                    number => tr!("1 answer is still needed." | "{n} answers are still needed." % number),
                };
                view! { <p>{words}</p> }
            }
            Status::Pending => view! {
                <p>{tr!("This assessment is Pending: ready to be signed. Sign it to complete it, or take it back to draft to change an answer.")}</p>
            },
            Status::Complete => {
                let words = match signed() {
                    Some(signature) => tr!("Signed by {author}, {when}.", author = signature.name, when = device::when(signature.at)),
                    None => tr!("Signed.").to_owned(),
                };
                view! {
                    <Banner tone=Tone::Good>
                        <p>
                            <strong>{tr!("Complete. ")}</strong>
                            {words}
                        </p>
                        {here.mine.then(|| view! {
                            <p>{tr!("It is sent by itself as soon as there is a network. The outbox says when it has arrived.")}</p>
                        })}
                    </Banner>
                }
            }
        }
        }}
    }
}

/// The totals of the form, each with how much of it is there and what it means.
#[component]
fn Totals() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let totals = memo(move || {
        here.form.watch(|form| {
            let shown = form.items().filter(|item| item.shown());
            shown
                .filter_map(|item| {
                    let band = form.band(item.id).map(|band| band.words);
                    Some((item.text.to_owned(), item.text_answer(), item.total?, band))
                })
                .collect::<Vec<_>>()
        })
    });
    view! {
        {move || {
            let totals = totals.get();
            (!totals.is_empty()).then(|| {
                view! {
                    <dl class="totals">
                        {totals
                            .into_iter()
                            .map(|(text, sum, tally, band)| {
                                let tally_words = match (sum.is_empty(), tally.answered == tally.of) {
                                    (true, _) => Some(tr!("Nothing answered yet").to_owned()),
                                    (false, true) => None,
                                    (false, false) => Some(tr!(" so far, {answered} of {all} answered", answered = tally.answered, all = tally.of)),
                                };
                                view! {
                                    <div>
                                        <dt>{text}</dt>
                                        <dd>
                                            <strong>{sum}</strong>
                                            {tally_words.map(|words| view! { <span class="small">{words}</span> })}
                                            {band.map(|band| view! { <p>{band}</p> })}
                                        </dd>
                                    </div>
                                }
                            })
                            .collect_view()}
                    </dl>
                }
            })
        }}
    }
}

/// The one step that comes next on this page.
#[component]
pub fn FinishBar(turning: Turning) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let desk = use_desk();
    let Turning {
        busy,
        refused,
        signing,
        ..
    } = turning;
    let ready = Callback::new(move |()| {
        if here.form.read(|form| form.problems().is_empty()) {
            turning.turn(here, Status::Pending, String::new());
        } else {
            here.form.insist.set(true);
            // Once more, so that the summary takes the focus each time.
            refused.set(false);
            request_animation_frame(move || refused.set(true));
        }
    });
    let sign = Callback::new(move |()| {
        signing.set(false);
        turning.turn(here, Status::Complete, String::new());
    });
    let name = move || {
        desk.session
            .with(|session| session.as_ref().map(|session| session.full_name.clone()))
    };
    view! {
        {move || match here.status.get() {
            Status::Draft | Status::Pending if here.broken => view! { "" },
            Status::Draft => {
                view! {
                    <Button label=tr!("Make Pending") kind=ButtonKind::Primary busy busy_label=tr!("Saving…") on_press=ready />
                }
            }
            Status::Pending => {
                view! {
                    <Button
                        label=tr!("Sign and complete")
                        kind=ButtonKind::Primary
                        symbol=Symbol::Pen
                        busy
                        busy_label=tr!("Saving…")
                        on_press=Callback::new(move |()| signing.set(true))
                    />
                }
            }
            Status::Complete => {
                view! {
                    <Link href="/" class="button button-primary">
                        {tr!("Back to the caseload")}
                    </Link>
                }
            }
        }}
        <Dialog open=signing title=tr!("Sign and complete?")>
            <p>
                {tr!("You sign as ")} <strong>{name}</strong>
                {tr!(". Nobody can change a completed assessment.")}
            </p>
            <div class="buttons">
                <Button label=tr!("Cancel") on_press=Callback::new(move |()| signing.set(false)) />
                <Button label=tr!("Sign and complete") kind=ButtonKind::Primary on_press=sign />
            </div>
        </Dialog>
    }
}
