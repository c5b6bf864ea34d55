//! "Same as last time": what the last completed assessment of the same client and form says, beside each question and for a whole
//! section. Nothing is filled in by itself, and what was taken over says so until it is changed.

use crate::prelude::*;
use forms::{Answer, Form, ItemId, ItemView, LastTime, NotTaken, Plan, SectionId, Taking, Told};

use super::Desktop;
use super::before::Context;
use crate::browser::device;
use crate::components::{Button, ButtonKind, Dialog, Icon, Link, Show, Symbol};
use crate::form::{answer_words, element_id};
use crate::language::sentence;

/// What stands beside one question.
#[derive(Clone, Debug, Default, PartialEq)]
struct Then {
    /// What was answered last time.
    told: Option<String>,
    /// It can be taken over.
    open: bool,
    /// The FHIR date of the assessment that the answer was taken over from.
    taken: Option<String>,
}

fn then(form: &Form, last: Option<&LastTime>, item: ItemId) -> Then {
    let view = form.item(item);
    let told = last.and_then(|last| form.answered_last_time(last, item));
    Then {
        told: told.map(|answers| list(&view, answers)),
        open: last.is_some_and(|last| matches!(form.as_last_time(last, item), Some(Ok(_)))),
        taken: form.taken(item).map(|origin| origin.when),
    }
}

fn list(item: &ItemView<'_>, answers: &[Answer]) -> String {
    let words: Vec<String> = answers.iter().map(|answer| answer_words(item, answer)).collect();
    words.join(", ")
}

/// Below a question: what was answered last time, and the button that answers the same.
pub fn beside(here: Desktop, before: Context, item: ItemId) -> AnyView {
    let form = here.form;
    let now = move |form: &Form| {
        let before = before.get_value();
        then(form, before.last.as_ref().map(|last| &last.time), item)
    };
    let compares = before.with_value(|before| before.last.is_some());
    let in_part = compares && form.read(|form| form.instance_of(item).is_some());
    let first = form.read(now);
    // What stands in no part that repeats has nothing later that it did not have at first.
    if !in_part && first.told.is_none() && first.taken.is_none() {
        return ().into_any();
    }
    let state = memo(move || {
        // A part becomes another one when another question in it is answered.
        if in_part {
            form.watch(now)
        } else {
            form.item(item, |_| ());
            form.read(now)
        }
    });
    let take = Callback::new(move |()| {
        let before = before.get_value();
        let Some(last) = before.last.as_ref() else { return };
        if let Some(Ok(answers)) = form.read(|form| form.as_last_time(&last.time, item)) {
            form.take(item, answers, last.time.origin());
            // The button goes, and the focus stays with the question.
            device::focus_on(&element_id(item));
        }
    });
    let question = form.read(|form| form.item(item).name.to_owned());
    view! {
        {move || {
            let Then { told, open, taken } = state.get();
            let words = match (taken, told) {
                (Some(when), _) => view! {
                    <p class="as-last-time">
                        <Icon symbol=Symbol::Check />
                        {tr!("As last time ({day})", day = day(&when))}
                    </p>
                },
                (None, Some(told)) => {
                    let before = before.get_value();
                    let day = before.last.as_ref().map(|last| last.day.clone()).unwrap_or_default();
                    view! { <p class="user-text">{tr!("Last time ({day}): {answer}", day, answer = told)}</p> }
                }
                (None, None) => return None,
            };
            let context = question.clone();
            let button = (open && !form.locked.get_untracked()).then(|| view! {
                <Button label=tr!("Same as last time") kind=ButtonKind::Quiet context on_press=take />
            });
            Some(view! { <div class="last-time">{words} {button}</div> })
        }}
    }
}

/// Questions of a section that can be answered as last time, and whether any was answered then.
fn open(form: &Form, last: &LastTime, section: SectionId) -> (usize, bool) {
    let (mut open, mut any) = (0, false);
    for item in form.items_on(section) {
        if let Some(found) = form.as_last_time(last, item) {
            any = true;
            open += usize::from(found.is_ok());
        }
    }
    (open, any)
}

/// Above the questions of a section: the assessment of last time, and the button for all that is open.
#[component]
pub fn SectionAsLastTime(section: SectionId) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let before = expect_context::<Context>();
    let form = here.form;
    let standing = memo(move || {
        let before = before.get_value();
        let last = before.last.as_ref().filter(|_| !form.locked.get());
        last.map_or((0, false), |last| {
            form.watch(|form| open(form, &last.time, section))
        })
    });
    let some_open = move || standing.get().0 > 0;
    let asked = RwSignal::new(false);
    let plan = RwSignal::new(Plan::default());
    let told = RwSignal::new(String::new());
    let ask = Callback::new(move |()| {
        let before = before.get_value();
        let Some(last) = before.last.as_ref() else { return };
        // It is tried on a copy, so that the list has also what appears by these answers.
        let (response, set_aside) =
            form.read(|form| (form.response(forms::Status::InProgress), form.set_aside()));
        let setting = crate::form::setting();
        if let Ok(copy) = Form::resume_in(&before.questionnaire, &response, &set_aside, setting) {
            plan.set(last.time.plan(copy, section));
            asked.set(true);
        }
    });
    let take = Callback::new(move |()| {
        let before = before.get_value();
        asked.set(false);
        if let Some(last) = before.last.as_ref() {
            let taken = plan.with_untracked(|plan| form.take_all(plan, last.time.origin()));
            told.set(tr!(
                "1 answer taken over from last time." | "{n} answers taken over from last time." % taken
            ));
        }
    });
    let who = move || {
        let before = before.get_value();
        before.last.as_ref().map(|last| {
            let href = format!("/assessment/{}", last.id);
            let (day, author) = (last.day.clone(), last.author_name.clone());
            view! { {tr!("Last assessment:")} " " <Link href>{day}</Link> {tr!(", by {author}", author)} }
        })
    };
    let all = derived(move || {
        let count = standing.get().0;
        tr!("Answer the open question as last time" | "Answer the {n} open questions as last time" % count)
    });
    let take_over = derived(move || {
        let count = plan.with(|plan| answers(plan).len());
        tr!("Take over 1 answer" | "Take over {n} answers" % count)
    });
    view! {
        <p class="unseen" role="status">
            {told}
        </p>
        <Show when=move || standing.get().1>
            <div class="last-time last-time-section">
                <p>{who()}</p>
                <Show when=some_open>
                    <Button label=all on_press=ask />
                </Show>
            </div>
        </Show>
        <Dialog open=asked title=tr!("As last time?")>
            <Asked plan />
            <div class="buttons">
                <Button label=tr!("Cancel") on_press=Callback::new(move |()| asked.set(false)) />
                <Button label=take_over kind=ButtonKind::Primary on_press=take />
            </div>
        </Dialog>
    }
}

fn answers(plan: &Plan) -> Vec<&Told> {
    let mut told = Vec::new();
    for taking in &plan.take {
        if let Taking::Answer(answer) = taking {
            told.push(answer);
        }
    }
    told
}

/// What will be taken over, and what will not and why.
#[component]
fn Asked(plan: RwSignal<Plan>) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let line = move |told: &Told, why: Option<String>| {
        // One that is added by it is asked like the first.
        let answer = here.form.read(|form| {
            let item = form.find(told.place.link_id());
            item.map(|item| list(&form.item(item), &told.answers))
        });
        view! {
            <li>
                <span class="muted">{told.text.clone()}</span>
                <span class="user-text">{answer}</span>
                {why.map(|why| view! { <span class="small">{why}</span> })}
            </li>
        }
    };
    let (taken, left) = plan.with_untracked(|plan| {
        let taken: Vec<AnyView> = answers(plan).into_iter().map(|told| line(told, None)).collect();
        let left = plan.left.iter().map(|(told, why)| line(told, Some(reason(why))));
        (taken, left.collect::<Vec<AnyView>>())
    });
    view! {
        <p>{tr!("These answers will be filled in. Each can be changed or undone.")}</p>
        <ul class="takings">{taken}</ul>
        {(!left.is_empty()).then(|| view! {
            <h3>{tr!("Not taken over")}</h3>
            <ul class="takings">{left}</ul>
        })}
    }
}

fn reason(why: &NotTaken) -> String {
    let said = match why {
        NotTaken::Answered => tr!("Answered already."),
        NotTaken::Calculated => tr!("The form works this out itself."),
        NotTaken::ReadOnly => tr!("This cannot be changed here."),
        NotTaken::Disabled => tr!("This does not apply now."),
        NotTaken::Option => tr!("The form does not offer this answer any more."),
        NotTaken::File => tr!("A file is added anew each time."),
        NotTaken::Breaks(rule) => return sentence(rule),
    };
    said.to_owned()
}

/// The day of a FHIR dateTime, in words.
pub fn day(when: &str) -> String {
    device::calendar_date(when.get(..10).unwrap_or(when))
}
