//! A rule of the form's own that is faulty, or that no answer can satisfy, is overridden with a reason: it keeps nobody
//! from finishing, and the response says who decided that, when and why.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, AnswerError, Form, Rule, Severity, Status, Waiver};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";

fn rule(human: &str, expression: &str) -> Value {
    json!({ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
        { "url": "key", "valueId": "k" }, { "url": "severity", "valueCode": "error" },
        { "url": "human", "valueString": human }, { "url": "expression", "valueString": expression } ] })
}

fn condition(expression: &str) -> Value {
    json!({ "url": format!("{SDC}enableWhenExpression"),
        "valueExpression": { "language": "text/fhirpath", "expression": expression } })
}

fn questionnaire() -> Value {
    json!({ "resourceType": "Questionnaire", "item": [
        { "linkId": "pain", "type": "integer", "extension": [rule("More than ten and less than one.", "answer.value > 10 and answer.value < 1")] },
        { "linkId": "fall", "type": "string", "required": true, "extension": [condition("%resource.item.frobnicate()")] },
        { "linkId": "care", "type": "string", "extension": [condition("%nobody.exists()")] },
        { "linkId": "days", "type": "integer", "extension": [rule("At most the days of a week.", "answer.value <=")] },
    ] })
}

fn waiver(reason: &str) -> Waiver {
    Waiver {
        reason: reason.to_owned(),
        by: "Nurse One".to_owned(),
        at: "2026-11-26T08:15:00+01:00".to_owned(),
    }
}

fn answer(form: &mut Form, link_id: &str, answer: Answer) {
    let id = form.find(link_id).unwrap();
    form.answer(id, vec![answer]).unwrap();
}

fn told(form: &Form) -> Vec<(String, Rule)> {
    let problems = form.problems().into_iter();
    problems
        .map(|problem| (form.item(problem.item).link_id.to_owned(), problem.rule))
        .collect()
}

#[test]
fn a_faulty_rule_is_a_problem_of_the_form_and_can_be_overridden_with_a_reason() {
    let mut form = Form::open(&questionnaire()).unwrap();
    answer(&mut form, "pain", Answer::Integer(5));
    answer(&mut form, "days", Answer::Integer(3));
    assert_eq!(
        told(&form),
        [
            ("pain".to_owned(), Rule::Invariant),
            ("fall".to_owned(), Rule::Expression),
            ("care".to_owned(), Rule::Expression),
            ("days".to_owned(), Rule::Expression),
        ],
        "what is required under a condition that cannot be read is not insisted on"
    );
    assert_eq!(
        form.problems()[3].message,
        "The form has a rule for this that cannot be checked: At most the days of a week."
    );
    assert_eq!(Rule::Expression.code(), "exception");
    for problem in form.problems() {
        let changes = form
            .waive(&problem, waiver("The form contradicts itself."))
            .unwrap();
        assert!(changes.of(problem.item).is_some_and(|change| change.problems));
    }
    assert_eq!(told(&form), []);
    let warnings = form.warnings();
    assert_eq!(warnings.len(), 4);
    assert!(
        warnings
            .iter()
            .all(|warning| warning.severity == Severity::Warning)
    );
    assert_eq!(warnings[0].waiver, Some(waiver("The form contradicts itself.")));
}

#[test]
fn the_response_says_who_overrode_what_when_and_why_and_reopens_so() {
    let mut form = Form::open(&questionnaire()).unwrap();
    answer(&mut form, "pain", Answer::Integer(5));
    let problem = form.problems().remove(0);
    form.waive(&problem, waiver("No number is both.")).unwrap();
    let response = form.response(Status::InProgress);
    assert_eq!(
        response["extension"],
        json!([{ "url": "urn:mobile-assessments:waived-rule", "extension": [
            { "url": "item", "valueString": "pain" },
            { "url": "rule", "valueCode": "invariant" },
            { "url": "about", "valueString": "More than ten and less than one." },
            { "url": "reason", "valueString": "No number is both." },
            { "url": "by", "valueString": "Nurse One" },
            { "url": "when", "valueDateTime": "2026-11-26T08:15:00+01:00" },
        ] }])
    );
    let again = Form::resume(&questionnaire(), &response, &form.set_aside()).unwrap();
    assert_eq!(again.waivers(), form.waivers());
    assert_eq!(again.response(Status::InProgress), response);
    // Another program's extensions stay, and a waiver about what the form does not have is kept as it came.
    let mut foreign = response.clone();
    foreign["extension"] = json!([{ "url": "urn:other", "valueString": "x" },
        { "url": "urn:mobile-assessments:waived-rule", "extension": [{ "url": "item", "valueString": "gone" },
            { "url": "rule", "valueCode": "invariant" }, { "url": "about", "valueString": "x" }, { "url": "reason", "valueString": "y" }] }]);
    let kept = Form::resume(&questionnaire(), &foreign, &Value::Null).unwrap();
    assert_eq!(
        kept.response(Status::InProgress)["extension"],
        foreign["extension"]
    );
}

#[test]
fn an_override_can_be_taken_back_and_is_there_again_when_the_rule_is_broken_again() {
    let mut form = Form::open(&questionnaire()).unwrap();
    answer(&mut form, "pain", Answer::Integer(5));
    let problem = form.problems().remove(0);
    form.waive(&problem, waiver("No number is both.")).unwrap();
    assert_eq!(told(&form).len(), 2);
    form.undo().unwrap();
    assert_eq!(told(&form).len(), 3);
    form.redo().unwrap();
    let pain = form.find("pain").unwrap();
    form.answer(pain, Vec::new()).unwrap();
    assert_eq!(form.waivers(), [], "nothing is answered, so nothing is broken");
    answer(&mut form, "pain", Answer::Integer(7));
    assert_eq!(told(&form).len(), 2);
}

#[test]
fn only_a_rule_of_the_forms_own_is_overridden_and_only_with_words() {
    let mut form = Form::open(&json!({ "item": [
        { "linkId": "name", "type": "string", "required": true },
        { "linkId": "care", "type": "string", "extension": [condition("%nobody.exists()")] },
    ] }))
    .unwrap();
    let problems = form.problems();
    assert_eq!(
        form.waive(&problems[0], waiver("Not known.")),
        Err(AnswerError::NotWaivable),
        "what is required stays required"
    );
    assert_eq!(
        form.waive(&problems[1], waiver(" \n")),
        Err(AnswerError::NoReason)
    );
    form.waive(&problems[1], waiver("Not known.")).unwrap();
    assert_eq!(
        form.waive(&problems[1], waiver("Twice.")),
        Err(AnswerError::NotWaivable),
        "it is overridden already"
    );
}
