//! What an assessment says about itself while it is worked on: how far it is, whether it is saved, and why nothing can be
//! changed.

use crate::prelude::*;
use protocol::{Change, Document, Status};

use super::Desktop;
use super::advice::advice;
use super::again::Copy;
use super::saver::Mark;
use super::steps::{self, Place};
use crate::components::{Banner, Button, Link, Progress, Show, Tone};
use crate::language::told;

/// How far the whole is.
#[component]
pub fn Whole() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let whole = memo(move || here.form.watch(steps::whole));
    view! {
        <div class="whole">
            <Progress
                done=derived(move || whole.get().0)
                of=derived(move || whole.get().1)
            />
            <span class="muted small">
                {move || {
                    let (answered, all) = whole.get();
                    tr!("{answered} of {all} answered", answered, all)
                }}
            </span>
        </div>
    }
}

/// Whose it is, where that is somebody else; what it is a copy of; and the form's version, where there is a newer one.
#[component]
pub fn Origin(document: Document, mine: bool, newer: Option<String>) -> impl IntoView {
    let version = document.form.version;
    let first = document.history.into_iter().next().map(|entry| entry.change);
    let copied = match first {
        Some(Change::Copied { from, author_name }) => Some((from, author_name)),
        _ => None,
    };
    let author = document.author_name;
    view! {
        {(!mine).then(|| view! { <p class="muted small">{tr!("By {author}", author)}</p> })}
        {copied.map(|(from, author)| view! {
            <p class="muted small">
                {tr!("Begun as a copy of ")} <Link href=format!("/assessment/{from}")>{tr!("an assessment by {author}", author)}</Link>
            </p>
        })}
        {newer.map(|newer| view! {
            <p class="muted small">
                {tr!("Begun with version {version} of this form; new assessments use version {newer}.", version, newer)}
            </p>
        })}
    }
}

/// Why nothing can be changed on this page.
#[component]
pub fn Locked() -> impl IntoView {
    let here = expect_context::<Desktop>();
    view! {
        {move || {
            let words = match here.status.get() {
                Status::Draft => return None,
                Status::Pending => {
                    {tr!("This assessment is ready to be signed. To change an answer, take it back to draft first.")}
                }
                Status::Complete => tr!("This assessment is completed and signed. It is not altered any more; a copy can be."),
            };
            let check = here.href(Place::Finish);
            Some(view! {
                <Banner tone=Tone::Neutral announced=false>
                    <p>
                        {words} " "
                        <Link href=check>{tr!("Check and finish")}</Link>
                    </p>
                </Banner>
            })
        }}
    }
}

/// Nothing that was answered is gone: it stands here, and a copy of it can be gone on with.
#[component]
pub fn BrokenHistory() -> impl IntoView {
    view! {
        <Banner tone=Tone::Attention>
            <p>
                <strong>{tr!("The history of this assessment was changed from outside. ")}</strong>
                {tr!("It is kept as it is, and the main application does not take it. Make a copy to go on, and tell the helpdesk.")}
            </p>
            <Copy />
        </Banner>
    }
}

/// What the form asks for and does not get here.
#[component]
pub fn NotSupported(list: Vec<forms::NotSupported>) -> impl IntoView {
    let mut meanings: Vec<String> = list.into_iter().map(|each| told(each.meaning)).collect();
    meanings.dedup();
    view! {
        <details class="not-supported">
            <summary>{tr!("This form has parts that work differently here")}</summary>
            <ul>{meanings.into_iter().map(|meaning| view! { <li>{meaning}</li> }).collect_view()}</ul>
        </details>
    }
}

#[component]
pub fn NotSaved(mark: RwSignal<Mark>) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let again = Callback::new(move |()| {
        if let Some(saver) = here.saver.try_get_value() {
            saver.save_now();
        }
    });
    let fault = memo(move || match mark.get() {
        Mark::NotSaved(fault) => Some(advice(&fault)),
        Mark::Saving | Mark::Saved(_) => None,
    });
    view! {
        {move || {
            fault.get().map(|advice| {
                view! {
                    <div class="bar-notice">
                        <Banner tone=Tone::Danger>
                            <p>
                                <strong>{tr!("Your last answers are not saved. ")}</strong>
                                {advice}
                            </p>
                            <div>
                                <Button label=tr!("Try again") on_press=again />
                            </div>
                        </Banner>
                    </div>
                }
            })
        }}
    }
}

/// Two tabs have changed one assessment. Neither is overwritten; a person decides.
#[component]
pub fn Apart(apart: RwSignal<bool>) -> impl IntoView {
    view! {
        <Show when=move || apart.get()>
            <Banner tone=Tone::Attention>
                <p>
                    <strong>{tr!("This assessment was changed in another tab at the same time. ")}</strong>
                    {tr!("This page goes on as a second draft, and nothing of either is lost. Both are in your ")}
                    <Link href="/">{tr!("caseload")}</Link> {tr!(": compare them, and complete the one that is right.")}
                </p>
            </Banner>
        </Show>
    }
}
