//! What a questionnaire gets that means harm, or that nobody can have meant: a refusal with its reason, or a form that says what
//! it leaves out, soon, and on the small stack of a browser.

// A thread of a small stack, and a clock: natively alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use std::time::{Duration, Instant};

use forms::{Answer, Form, FormError, Rule};
use serde_json::{Map, Value, json};

const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
/// A busy machine is slow; what has no end takes longer.
const SOON: Duration = Duration::from_secs(60);

/// The stack of a program in the browser is one megabyte.
fn soon_on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let begin = Instant::now();
    let thread = std::thread::Builder::new().stack_size(1024 * 1024).spawn(work);
    thread.unwrap().join().unwrap();
    assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
}

fn calculated(text: &str) -> Value {
    json!([{ "url": format!("{SDC}calculatedExpression"),
        "valueExpression": { "language": "text/fhirpath", "expression": text } }])
}

/// Ten thousand of it in each other, put together by hand: `json!` calls itself for each level.
fn deep(innermost: Value, kind: &str) -> Value {
    (0..10_000).fold(innermost, |item, level| {
        let mut group = Map::new();
        group.insert("linkId".to_owned(), level.to_string().into());
        group.insert("type".to_owned(), kind.into());
        group.insert("item".to_owned(), Value::Array(vec![item]));
        Value::Object(group)
    })
}

#[test]
fn ten_thousand_levels_are_refused() {
    let questionnaire = deep(json!({ "linkId": "q", "type": "string" }), "group");
    let response = deep(
        json!({ "linkId": "q", "answer": [{ "valueString": "x" }] }),
        "group",
    );
    soon_on_a_small_stack(move || {
        let mut holder = Map::new();
        holder.insert("item".to_owned(), Value::Array(vec![questionnaire]));
        let questionnaire = Value::Object(holder);
        assert_eq!(Form::open(&questionnaire).err(), Some(FormError::TooDeep));
        // A response that is so deep fits no form: what does not is kept, as it came.
        let form = json!({ "item": [{ "linkId": "9999", "type": "group", "item": [{ "linkId": "q", "type": "string" }] }] });
        let mut holder = Map::new();
        holder.insert("item".to_owned(), Value::Array(vec![response]));
        let response = Value::Object(holder);
        let resumed = Form::resume(&form, &response, &Value::Null);
        assert!(
            resumed.as_ref().err() == Some(&FormError::TooDeep),
            "{:?}",
            resumed.as_ref().err()
        );
        // JSON this deep cannot even be dropped on a small stack.
        std::mem::forget((questionnaire, response, resumed));
    });
}

#[test]
fn an_expression_of_ten_megabytes_is_left_out_and_said_to_be() {
    let long = "1 + ".repeat(2_500_000) + "1";
    soon_on_a_small_stack(move || {
        let form = Form::open(&json!({ "item": [
            { "linkId": "sum", "type": "integer", "readOnly": true, "extension": calculated(&long) },
        ] }))
        .unwrap();
        assert_eq!(form.not_supported().len(), 1);
        assert!(
            !form.item(form.find("sum").unwrap()).read_only,
            "the user enters it"
        );
    });
}

#[test]
fn an_exponential_pattern_is_answered_in_linear_time() {
    soon_on_a_small_stack(|| {
        let regex =
            json!([{ "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "(a+)+b" }]);
        let mut form =
            Form::open(&json!({ "item": [{ "linkId": "q", "type": "string", "extension": regex }] }))
                .unwrap();
        let question = form.find("q").unwrap();
        form.answer(question, vec![Answer::String("a".repeat(20_000))])
            .unwrap();
        assert_eq!(form.problems()[0].rule, Rule::Pattern);
    });
}

#[test]
fn a_circle_of_calculations_is_left_to_the_user() {
    soon_on_a_small_stack(|| {
        let items: Vec<Value> = (0..1_000)
            .map(|at| {
                let next = (at + 1) % 1_000;
                let text = format!("%resource.item.where(linkId = 'c{next}').answer.value + 1");
                json!({ "linkId": format!("c{at}"), "type": "integer", "readOnly": true, "extension": calculated(&text) })
            })
            .collect();
        let mut form = Form::open(&json!({ "item": items })).unwrap();
        assert_eq!(form.not_supported().len(), 1_000);
        let first = form.find("c0").unwrap();
        let changes = form.answer(first, vec![Answer::Integer(1)]).unwrap();
        assert_eq!(changes.iter().count(), 1, "nothing runs round");
    });
}

#[test]
fn a_chain_as_long_as_the_form_is_followed_without_a_deep_stack() {
    soon_on_a_small_stack(|| {
        let items: Vec<Value> = (0..5_000)
            .map(|at| match at {
                0 => json!({ "linkId": "b0", "type": "boolean" }),
                _ => json!({ "linkId": format!("b{at}"), "type": "boolean", "initial": [{ "valueBoolean": true }],
                    "enableWhen": [{ "question": format!("b{}", at - 1), "operator": "=", "answerBoolean": true }] }),
            })
            .collect();
        let mut form = Form::open(&json!({ "item": items })).unwrap();
        let first = form.find("b0").unwrap();
        let changes = form.answer(first, vec![Answer::Boolean(true)]).unwrap();
        assert_eq!(changes.iter().count(), 5_000);
        assert!(form.item(form.find("b4999").unwrap()).enabled);
    });
}
