//! What to do about a form that is faulty itself: its rules that nobody can meet are listed, and overridden with one
//! reason, which the assessment keeps with the name and the time.

use crate::prelude::*;
use forms::{Form, Problem, Waiver};
use protocol::Change;

use super::Desktop;
use crate::browser::device;
use crate::components::{Banner, Button, FieldError, Show, Tone};
use crate::desk::use_desk;
use crate::form::problem_words;

/// The id of the heading above them.
pub const FORM_RULES: &str = "form-rules";

/// The open rules of the form's own, in its words.
fn rules(form: &Form) -> Vec<String> {
    let mut rules = form.problems();
    rules.retain(Problem::can_be_waived);
    let mut rules: Vec<String> = rules.iter().map(|problem| problem_words(form, problem)).collect();
    rules.dedup();
    rules
}

#[component]
pub fn Faulty() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let desk = use_desk();
    let rules = memo(move || here.form.watch(rules));
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let go_on = Callback::new(move |()| {
        let words = reason.get_untracked().trim().to_owned();
        if words.is_empty() {
            error.set(Some(tr!("Say why this can stay as it is.").to_owned()));
            device::go_to("waiver-reason");
            return;
        }
        let by = desk
            .session
            .with_untracked(|session| session.as_ref().map(|session| session.full_name.clone()));
        let waived = here.form.waive(&Waiver {
            reason: words.clone(),
            by: by.unwrap_or_default(),
            at: crate::form::moment(device::now()),
        });
        if let Some(saver) = here.saver.try_get_value() {
            for problem in waived {
                let link_id = here.form.read(|form| form.item(problem.item).link_id.to_owned());
                saver.changed(Change::Waived {
                    link_id,
                    rule: problem.message,
                    reason: words.clone(),
                });
            }
        }
        reason.set(String::new());
        error.set(None);
    });
    view! {
        <Show when=move || !here.form.locked.get() && rules.with(|rules| !rules.is_empty())>
            <Banner tone=Tone::Attention announced=false>
                <h2 id=FORM_RULES tabindex="-1">{tr!("Rules of the form that are not met")}</h2>
                <ul>
                    {move || rules.get().into_iter().map(|rule| view! { <li>{rule}</li> }).collect_view()}
                </ul>
                <p>
                    {tr!("Correct the answers, or, where the form itself is wrong, say why they can stay. Your reason, your name and the time are kept with the assessment.")}
                </p>
                <label for="waiver-reason">{tr!("Reason")}</label>
                <FieldError id="waiver-reason-error" text=error />
                <textarea
                    id="waiver-reason"
                    class="input"
                    rows="2"
                    autocomplete="off"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=move || error.with(Option::is_some).then_some("waiver-reason-error")
                    prop:value=move || reason.get()
                    on:input:target=move |event| reason.set(event.target().value())
                />
                <div>
                    <Button label=tr!("Leave as it is") on_press=go_on />
                </div>
            </Banner>
        </Show>
        <Waived />
    }
}

/// What was overridden, for whoever reads the assessment.
#[component]
fn Waived() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let waived = memo(move || {
        here.form.watch(|form| {
            let waivers = form.waivers().into_iter();
            let told = waivers.map(|(problem, waiver)| {
                tr!(
                    "{rule} Left as it is by {author}: {reason}",
                    rule = problem_words(form, &problem),
                    author = waiver.by,
                    reason = waiver.reason
                )
            });
            told.collect::<Vec<String>>()
        })
    });
    view! {
        {move || {
            let waived = waived.get();
            (!waived.is_empty()).then(|| view! {
                <div class="card">
                    <h2>{tr!("Rules left as they are")}</h2>
                    <ul>{waived.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                </div>
            })
        }}
    }
}
