//! What became of an assessment, in plain words: who changed what and when, from the last change back to the first.

use crate::prelude::*;
use forms::{Answer, ChoiceOption};
use protocol::{Change, Document, Modification, Status};
use serde_json::Value;

use super::Desktop;
use super::print::PrintLink;
use super::steps::Place;
use crate::browser::device;
use crate::components::{Banner, Button, Show, Tone};
use crate::pages::words;

/// So many entries at once; the older ones come when they are asked for.
const AT_ONCE: usize = 100;

#[component]
pub fn History() -> impl IntoView {
    let here = expect_context::<Desktop>();
    let document = here.document();
    view! { {move || document.get().map(|document| view! { <Entries document /> })} }
}

#[component]
fn Entries(document: Document) -> impl IntoView {
    let here = expect_context::<Desktop>();
    let shown = RwSignal::new(AT_ONCE);
    let Document {
        author,
        author_name,
        history,
        history_head,
        typing,
        ..
    } = document;
    let count = history.len();
    let checked = match (here.broken, history_head.is_some()) {
        (true, _) => None,
        (false, true) => Some(tr!(
            "Checked: the 1 entry is as written down, none changed, moved or missing."
                | "Checked: all {n} entries are as written down, none changed, moved or missing." % count
        )),
        (false, false) => Some(tr!("This assessment was begun before histories were checked.").to_owned()),
    };
    let row = move |entry: Modification| {
        let question = |link_id: &str| {
            here.form.read(|form| {
                if let Some(section) = form.noted(link_id) {
                    return tr!("Notes: {section}", section = Place::Section(section).title(form));
                }
                let item = form.find(link_id).map(|item| form.item(item).name);
                item.unwrap_or(link_id).to_owned()
            })
        };
        let who = if entry.by == author {
            author_name.clone()
        } else {
            tr!("Somebody else").to_owned()
        };
        let option = |link_id: &str, code: &str| {
            here.form.read(|form| {
                let item = form.item(form.find(link_id)?);
                let is_it = |option: &&ChoiceOption| matches!(&option.answer, Answer::Coding(coding) if coding.code.as_deref() == Some(code));
                item.options.iter().find(is_it).map(|option| option.display.clone())
            })
        };
        let told = told(&entry.change, question, option);
        view! {
            <li class="row">
                <span class="row-main">
                    <span class="row-title">{told.what}</span>
                    <span class="user-text">{told.how}</span>
                    <span class="row-note">{format!("{who} · {}", device::when(entry.at))}</span>
                </span>
            </li>
        }
    };
    let entries: Vec<Modification> = history.into_iter().chain(typing).rev().collect();
    let all = entries.len();
    let entries = StoredValue::new(entries);
    view! {
        {match checked {
            Some(words) => view! { <p class="muted">{words}</p> },
            None => view! {
                <Banner tone=Tone::Attention announced=false>
                    <p>{tr!("These entries are not the ones that were written down: one was changed, moved or taken out.")}</p>
                </Banner>
            },
        }}
        <div>
            <PrintLink />
        </div>
        <ol class="rows card" reversed>
            {move || {
                let entries = entries.with_value(|entries| entries.iter().take(shown.get()).cloned().collect::<Vec<_>>());
                entries.into_iter().map(&row).collect_view()
            }}
        </ol>
        <Show when=move || shown.get() < all>
            <div>
                <Button
                    label=tr!("Show earlier entries")
                    on_press=Callback::new(move |()| shown.update(|shown| *shown += AT_ONCE))
                />
            </div>
        </Show>
    }
}

/// One entry in words.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    what: String,
    how: String,
}

fn told(
    change: &Change,
    question: impl Fn(&str) -> String,
    option: impl Fn(&str, &str) -> Option<String>,
) -> Told {
    let (what, how) = match change {
        Change::Created => (tr!("assessment" => "Begun").to_owned(), String::new()),
        Change::Copied { author_name, .. } => (
            tr!(
                "Begun as a copy of an assessment by {author}",
                author = author_name
            ),
            String::new(),
        ),
        Change::Parted { .. } => (
            tr!("Went on as a second draft").to_owned(),
            tr!("The first was changed in another tab at the same time.").to_owned(),
        ),
        Change::Waived {
            link_id,
            rule,
            reason,
        } => (
            question(link_id),
            tr!(
                "A rule of the form was set aside: {rule} Reason: {reason}",
                rule,
                reason
            ),
        ),
        Change::Status { from, to, reason } => (
            match (from, to) {
                (Status::Pending, Status::Draft) => tr!("Taken back to Draft").to_owned(),
                (_, Status::Complete) => tr!("Signed and completed").to_owned(),
                (_, to) => tr!("Made {state}", state = words::status(*to).0),
            },
            reason
                .as_ref()
                .map(|reason| tr!("Reason: {reason}", reason))
                .unwrap_or_default(),
        ),
        Change::Answered {
            link_id,
            before,
            after,
        } => (
            question(link_id),
            answered(before, after, &|code| option(link_id, code)),
        ),
    };
    Told { what, how }
}

/// The words that the form has for a code, in the user's language.
type OptionWords<'a> = &'a dyn Fn(&str) -> Option<String>;

fn answered(before: &Value, after: &Value, option: OptionWords) -> String {
    match (set_aside(before), set_aside(after)) {
        (before, after) if before > after => {
            return tr!("A rule that was set aside applies again").to_owned();
        }
        (before, after) if before < after => return tr!("A rule of the form was set aside again").to_owned(),
        _ => {}
    }
    match (answers(before, option), answers(after, option)) {
        (None, None) => tr!("Added or removed").to_owned(),
        (None, Some(list)) => tr!("Answered {list}{addition}", list, addition = as_last_time(after)),
        (Some(before), None) => tr!("Removed the answer {answer}", answer = before),
        (Some(before), Some(list)) => tr!(
            "Changed from {before} to {list}{addition}",
            before,
            list,
            addition = as_last_time(after)
        ),
    }
}

/// Whether answers were taken over from an earlier assessment, in words: the form says so beside them.
fn as_last_time(after: &Value) -> &'static str {
    let mut answers = after.as_array().into_iter().flatten();
    let is_mark = |extension: &Value| extension.get("url").and_then(Value::as_str) == Some(forms::TAKEN);
    let is_taken = |answer: &Value| {
        let extensions = answer.get("extension").and_then(Value::as_array);
        extensions.is_some_and(|extensions| extensions.iter().any(is_mark))
    };
    if answers.any(is_taken) {
        tr!(", as last time")
    } else {
        ""
    }
}

/// How many rules are set aside at a question: the form writes them down beside its answers.
fn set_aside(list: &Value) -> usize {
    let elements = list.as_array().into_iter().flatten();
    let aside = elements.filter(|element| answer(element, &|_| None).is_none());
    aside
        .filter_map(|element| element.get("extension")?.as_array())
        .map(Vec::len)
        .sum()
}

/// The answers of a FHIR `answer` array, in quotes; `None` where there is none.
fn answers(list: &Value, option: OptionWords) -> Option<String> {
    let list: Vec<String> = list
        .as_array()?
        .iter()
        .filter_map(|each| answer(each, option))
        .collect();
    (!list.is_empty()).then(|| format!("“{}”", list.join("”, “")))
}

fn answer(answer: &Value, option: OptionWords) -> Option<String> {
    let (name, value) = answer
        .as_object()?
        .iter()
        .find(|(name, _)| name.starts_with("value"))?;
    let part = |name: &str| value.get(name).and_then(Value::as_str);
    Some(match (name.as_str(), value) {
        ("valueDate", Value::String(date)) => device::calendar_date(date),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(yes)) => if *yes { tr!("Yes") } else { tr!("No") }.to_owned(),
        ("valueCoding", Value::Object(_)) if part("code").and_then(option).is_some() => {
            part("code").and_then(option)?
        }
        (_, Value::Object(_)) => match (part("display"), value.get("value"), part("title")) {
            (Some(words), ..) | (None, None, Some(words)) => words.to_owned(),
            (None, Some(number), _) => format!("{number} {}", part("unit").unwrap_or_default())
                .trim_end()
                .to_owned(),
            (None, None, None) => part("code").unwrap_or_else(|| tr!("an answer")).to_owned(),
        },
        (_, other) => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::RecordId;
    use serde_json::json;

    #[test]
    fn a_change_is_told_in_plain_words() {
        let id = RecordId::from_bytes([1; 16]);
        let answered = |before, after| Change::Answered {
            link_id: "q".into(),
            before,
            after,
        };
        let turned = |from, to, reason: Option<&str>| Change::Status {
            from,
            to,
            reason: reason.map(str::to_owned),
        };
        let coding = |display| json!([{ "valueCoding": { "code": "LA6", "display": display } }]);
        for (change, what, how) in [
            (Change::Created, "Begun", ""),
            (
                Change::Copied {
                    from: id,
                    author_name: "Test Field Two".into(),
                },
                "Begun as a copy of an assessment by Test Field Two",
                "",
            ),
            (turned(Status::Draft, Status::Pending, None), "Made Pending", ""),
            (
                turned(Status::Pending, Status::Draft, Some("forgot the weight")),
                "Taken back to Draft",
                "Reason: forgot the weight",
            ),
            (
                turned(Status::Pending, Status::Complete, None),
                "Signed and completed",
                "",
            ),
            (
                answered(json!([]), coding("Several days")),
                "Sleep?",
                "Answered “Several days”",
            ),
            (
                answered(coding("Several days"), coding("Not at all")),
                "Sleep?",
                "Changed from “Several days” to “Not at all”",
            ),
            (
                answered(json!([{ "valueString": "a" }, { "valueString": "b" }]), json!([])),
                "Sleep?",
                "Removed the answer “a”, “b”",
            ),
            (
                answered(json!([]), json!([{ "valueBoolean": false }])),
                "Sleep?",
                "Answered “No”",
            ),
            (
                answered(
                    json!([]),
                    json!([{ "valueQuantity": { "value": 71.5, "unit": "kg" } }]),
                ),
                "Sleep?",
                "Answered “71.5 kg”",
            ),
            (
                answered(
                    json!([]),
                    json!([{ "valueInteger": 3, "extension": [{ "url": "urn:mobile-assessments:as-last-time" }] }]),
                ),
                "Sleep?",
                "Answered “3”, as last time",
            ),
            (
                answered(json!([]), json!([{ "valueInteger": 3 }])),
                "Sleep?",
                "Answered “3”",
            ),
            (answered(Value::Null, json!([])), "Sleep?", "Added or removed"),
            (
                answered(
                    json!([{ "valueInteger": 3 }, { "extension": [{ "url": "waiver" }] }]),
                    json!([{ "valueInteger": 3 }]),
                ),
                "Sleep?",
                "A rule that was set aside applies again",
            ),
            (
                answered(json!([]), json!([{ "extension": [{ "url": "waiver" }] }])),
                "Sleep?",
                "A rule of the form was set aside again",
            ),
            (
                Change::Waived {
                    link_id: "q".into(),
                    rule: "Not below 3.".into(),
                    reason: "the form is wrong here".into(),
                },
                "Sleep?",
                "A rule of the form was set aside: Not below 3. Reason: the form is wrong here",
            ),
        ] {
            let expected = Told {
                what: what.into(),
                how: how.into(),
            };
            assert_eq!(told(&change, |_| "Sleep?".to_owned(), |_, _| None), expected);
        }
    }
}
