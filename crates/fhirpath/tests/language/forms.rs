//! What Structured Data Capture adds: variables, relative expressions, and the weights of answers.

use fhirpath::{Collection, Context, Decimal, Expression, Host, Value};
use serde_json::{Value as Json, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn questionnaire() -> Json {
    let weight = |weight: i64| json!([{ "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": weight }]);
    json!({
        "resourceType": "Questionnaire",
        "contained": [
            { "resourceType": "ValueSet", "id": "vs", "compose": { "include": [{ "system": "urn:c", "concept": [
                { "code": "yes", "extension": weight(5) }] }] } },
            { "resourceType": "CodeSystem", "url": "urn:d", "concept": [{ "code": "top", "concept": [
                { "code": "deep", "extension": weight(7) }] }] }
        ],
        "item": [
            { "linkId": "mood", "answerOption": [
                { "valueCoding": { "system": "urn:a", "code": "often", "extension": weight(2) } },
                { "extension": weight(3), "valueCoding": { "system": "urn:a", "code": "always" } }
            ] },
            { "linkId": "sleep", "answerOption": [{ "valueCoding": { "system": "urn:a", "code": "often", "extension": weight(1) } }] },
            { "linkId": "set", "answerValueSet": "#vs" },
            { "linkId": "free" }
        ]
    })
}

fn response() -> Json {
    let answer = |system: &str, code: &str| json!([{ "valueCoding": { "system": system, "code": code } }]);
    json!({
        "resourceType": "QuestionnaireResponse",
        "item": [
            { "linkId": "mood", "answer": answer("urn:a", "often") },
            { "linkId": "sleep", "answer": answer("urn:a", "often") },
            { "linkId": "set", "answer": answer("urn:c", "yes") },
            { "linkId": "free", "answer": answer("urn:d", "deep") },
            { "linkId": "host", "answer": answer("urn:host", "x") },
            { "linkId": "own", "answer": [{ "valueCoding": { "code": "z", "extension": [
                { "url": "http://hl7.org/fhir/StructureDefinition/itemWeight", "valueDecimal": 0.5 }] } }] },
            { "linkId": "group", "item": [{ "linkId": "height", "answer": [{ "valueDecimal": 1.7 }] }] }
        ]
    })
}

struct Terminology;

impl Host for Terminology {
    fn variable(&self, name: &str) -> Option<Collection<'_>> {
        (name == "fromHost").then(|| Value::from(true).into())
    }

    fn weight(&self, system: Option<&str>, _: &str) -> Option<Decimal> {
        (system == Some("urn:host")).then_some(Decimal::from(11))
    }

    fn member_of(&self, code: &Value<'_>, value_set: &str) -> Option<bool> {
        Some(value_set == "urn:all" && matches!(code, Value::Node(_)))
    }
}

fn results(table: &[(&str, Json)]) {
    let (questionnaire, response) = (questionnaire(), response());
    let loose =
        json!({ "c": [{ "system": "urn:a", "code": "always" }, { "system": "urn:a", "code": "often" }] });
    for (source, expected) in table {
        let expression = Expression::parse(source).unwrap();
        let context = Context::new(&response)
            .with_questionnaire(&questionnaire)
            .with_question(&questionnaire["item"][0])
            .with_variable("threshold", 2)
            .with_variable("loose", &loose)
            .with_host(&Terminology);
        let found = expression.evaluate(&context).unwrap();
        assert_eq!(Json::from(found.to_json()), *expected, "{source}");
    }
}

#[test]
fn the_weight_of_an_answer_is_its_own_or_that_of_the_option_or_of_the_code() {
    results(&[
        ("item.where(linkId = 'mood').answer.value.weight()", json!([2])),
        ("item.where(linkId = 'sleep').answer.weight()", json!([1])),
        ("item.where(linkId = 'set').answer.value.ordinal()", json!([5])),
        ("item.where(linkId = 'free').answer.value.weight()", json!([7])),
        ("item.where(linkId = 'host').answer.value.weight()", json!([11])),
        ("item.where(linkId = 'own').answer.value.weight()", json!([0.5])),
        ("item.answer.weight().sum()", json!([26.5])),
        ("item.where(linkId = 'group').item.answer.weight()", json!([])),
        // A code that stands in no item: one question has `always`, two disagree about `often`.
        ("%loose.c.where(code = 'always').weight()", json!([3])),
        ("%loose.c.where(code = 'often').weight()", json!([])),
        (
            "%questionnaire.item.answerOption.value.where(code = 'often').weight()",
            json!([2, 1]),
        ),
    ]);
}

#[test]
fn variables_come_from_the_context_and_then_from_the_host() {
    results(&[
        ("%qitem.linkId", json!(["mood"])),
        ("%questionnaire.item.count()", json!([4])),
        ("%resource.item.count() = %context.item.count()", json!([true])),
        ("%threshold + 1", json!([3])),
        ("%`threshold`", json!([2])),
        ("%fromHost", json!([true])),
        ("%ucum", json!(["http://unitsofmeasure.org"])),
        (
            "%`vs-administrative-gender`",
            json!(["http://hl7.org/fhir/ValueSet/administrative-gender"]),
        ),
        ("item.first().answer.value.memberOf('urn:all')", json!([true])),
    ]);
}

#[test]
fn an_expression_begins_at_the_item_it_is_given() {
    let response = response();
    let group = &response["item"][6];
    let relative =
        Expression::parse("item.where(linkId = 'height').answer.value * %resource.item.count()").unwrap();
    let context = Context::new(&response).with_focus(group);
    assert_eq!(relative.evaluate(&context).unwrap().to_json(), [json!(11.9)]);
}

#[test]
fn equal_answers_in_two_instances_are_both_counted_unless_duplicates_are_asked_to_go() {
    let instance =
        json!({ "linkId": "visit", "item": [{ "linkId": "minutes", "answer": [{ "valueInteger": 30 }] }] });
    let response = json!({ "resourceType": "QuestionnaireResponse", "item": [instance, instance] });
    for (source, expected) in [
        ("item.where(linkId = 'visit').item.answer.value.sum()", 60),
        ("descendants().where(linkId = 'minutes').answer.value.sum()", 60),
        // `repeat` and `|` leave out equal elements, as the specification says.
        ("repeat(item).where(linkId = 'minutes').answer.value.sum()", 30),
        ("(item.item | item.item).answer.value.sum()", 30),
        ("item.item.combine(item.item).answer.value.sum()", 120),
    ] {
        let expression = Expression::parse(source).unwrap();
        let found = expression.evaluate(&Context::new(&response)).unwrap();
        assert_eq!(found.to_json(), [json!(expected)], "{source}");
    }
}
