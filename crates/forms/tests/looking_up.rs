//! Expressions of a form find items by their linkId without going through all of them. What they find is what an
//! evaluation finds that knows nothing but the response.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use fhirpath::{Context, Expression};
use forms::{Answer, Form, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PATHS: [&str; 16] = [
    "%resource.item.where(linkId = 'g').item.where(linkId in ('a' | 'b')).answer.value",
    "%resource.item.item.where(linkId = 'a').answer.value",
    "%resource.item.item.where(linkId = 'b' or 'a' = linkId).answer.value",
    "%resource.item.where(linkId = 'a').answer.value",
    "%resource.item.item.where(linkId = 'b').answer.item.where(linkId = 'c').answer.value",
    "%resource.item.item.item.where(linkId = 'c').answer.value",
    "%resource.descendants().where(linkId = 'c' or linkId = 'a').answer.value",
    "%resource.descendants().where(linkId = 'not there').answer.value",
    "%resource.descendants().where(linkId = 'disabled').answer.value",
    "%resource.repeat(item).where(linkId in ('late' | 'a' | 'g')).answer.value",
    "%resource.repeat(item).where(linkId = 'c').answer.value",
    "%resource.item.first().descendants().where(linkId = 'a').answer.value",
    "%resource.item.item.where(linkId.endsWith('b')).answer.value",
    "%resource.item.item.where(linkId.startsWith('a') and answer.exists()).answer.value",
    "%resource.item.where(linkId.startsWith('l') and linkId != 'g').answer.value",
    "%resource.item.where(linkId.startsWith('l') and $index > 0).answer.value",
];

fn questionnaire() -> Value {
    let condition = json!([{ "question": "late", "operator": "=", "answerString": "never" }]);
    let mut items = vec![
        json!({ "linkId": "g", "type": "group", "repeats": true, "item": [
            { "linkId": "b", "type": "string", "item": [{ "linkId": "c", "type": "string" }] },
            { "linkId": "a", "type": "string" },
            { "linkId": "disabled", "type": "string", "initial": [{ "valueString": "x" }], "enableWhen": condition },
        ]}),
        json!({ "linkId": "late", "type": "string" }),
    ];
    items.extend(PATHS.iter().enumerate().map(|(at, path)| {
        json!({ "linkId": format!("found {at}"), "type": "string", "readOnly": true, "extension": [{
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
            "valueExpression": { "language": "text/fhirpath", "expression": format!("{path}.join(' ')") } }] })
    }));
    json!({ "resourceType": "Questionnaire", "item": items })
}

fn answer_all(form: &mut Form, link_id: &str, answers: &[&str]) {
    for (item, answer) in form.find_all(link_id).into_iter().zip(answers) {
        form.answer(item, vec![Answer::String((*answer).to_owned())])
            .unwrap();
    }
}

/// What each path finds, as the form shows it and as the response alone has it.
fn compare(form: &Form) -> Vec<String> {
    let response = form.response(Status::InProgress);
    let mut found = Vec::new();
    for (at, path) in PATHS.iter().enumerate() {
        let shown = form
            .item(form.find(&format!("found {at}")).unwrap())
            .text_answer();
        let expression = Expression::parse(&format!("{path}.join(' ')")).unwrap();
        let result = expression.evaluate(&Context::new(&response)).unwrap();
        let scanned = result.first().and_then(|text| text.as_str()).unwrap_or_default();
        assert_eq!(shown, scanned, "{path}");
        found.push(shown);
    }
    found
}

#[test]
fn what_is_looked_up_is_what_going_through_all_finds() {
    let mut form = Form::open(&questionnaire()).unwrap();
    compare(&form);
    for _ in 0..2 {
        form.add(form.find("g").unwrap()).unwrap();
    }
    answer_all(&mut form, "b", &["b1", "b2", "b3"]);
    answer_all(&mut form, "c", &["c1", "c2", "c1"]);
    answer_all(&mut form, "a", &["same", "a2", "same"]);
    answer_all(&mut form, "late", &["end"]);
    let found = compare(&form);
    assert_eq!(found[0], "b1 same b2 a2 b3 same");
    assert_eq!(found[4], "c1 c2 c1");
    assert_eq!(
        found[5], "",
        "what stands below an answer is not below the question"
    );
    assert_eq!(found[6], "c1 same c2 a2 c1 same");
    assert_eq!(found[9], "end same a2", "level by level, and of equal items one");

    let second = form.find_all("g")[1];
    form.remove(second).unwrap();
    assert_eq!(compare(&form)[0], "b1 same b3 same");
    answer_all(&mut form, "late", &["never"]);
    assert_eq!(compare(&form)[8], "x x");
}

#[test]
fn items_of_a_contained_questionnaire_are_found_below_the_response_too() {
    let mut form = Form::open(&questionnaire()).unwrap();
    answer_all(&mut form, "a", &["own"]);
    let mut response = form.response(Status::InProgress);
    response["contained"] = json!([{ "resourceType": "QuestionnaireResponse", "item": [
        { "linkId": "a", "answer": [{ "valueString": "another's" }] }] }]);
    let form = Form::resume(&questionnaire(), &response, &Value::Null).unwrap();
    assert_eq!(compare(&form)[6], "another's own");
}
