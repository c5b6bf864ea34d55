//! What a total counts, and where it may stand.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Decimal, Form, Tally};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn scored(link_id: &str, scores: [&str; 2], conditions: Value) -> Value {
    let option = |code: &str, score: &str| {
        json!({ "valueCoding": { "system": "s", "code": code },
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/itemWeight", "valueDecimal": score }] })
    };
    json!({ "linkId": link_id, "type": "choice", "repeats": true, "enableWhen": conditions,
        "answerOption": [option("a", scores[0]), option("b", scores[1]), { "valueCoding": { "code": "unscored" } }] })
}

fn total(link_id: &str, kind: &str, of: &str) -> Value {
    json!({ "linkId": link_id, "type": kind, "readOnly": true, "extension": [{
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
        "valueExpression": { "language": "text/fhirpath",
            "expression": format!("%resource.repeat(item).where(linkId in ({of})).answer.value.weight().sum()") } }] })
}

fn choose(form: &mut Form, link_id: &str, places: &[usize]) {
    let id = form.find(link_id).unwrap();
    let answers = places
        .iter()
        .map(|place| form.item(id).options[*place].answer.clone())
        .collect();
    form.answer(id, answers).unwrap();
}

fn sum(form: &Form, link_id: &str) -> Option<String> {
    form.item(form.find(link_id).unwrap())
        .answers
        .first()
        .map(ToString::to_string)
}

#[test]
fn a_total_is_exact_and_counts_every_answer() {
    let mut form = Form::open(&json!({ "item": [
        scored("p", ["0.1", "0.2"], json!([])), scored("q", ["58.3", "-35.09444"], json!([])),
        total("t", "decimal", "'p' | 'q' | 'nowhere'"),
    ] }))
    .unwrap();
    for (p, q, result) in [
        (&[][..], &[][..], None),
        (&[2], &[], None),
        (&[0], &[], Some("0.1")),
        (&[0, 1], &[], Some("0.3")),
        (&[0, 1, 2], &[0, 1], Some("23.50556")),
        (&[], &[0, 1], Some("23.20556")),
    ] {
        choose(&mut form, "p", p);
        choose(&mut form, "q", q);
        assert_eq!(sum(&form, "t").as_deref(), result, "{p:?} {q:?}");
    }
}

#[test]
fn what_does_not_apply_does_not_count() {
    let mut form = Form::open(&json!({ "item": [
        { "linkId": "also", "type": "boolean" },
        scored("p", ["1", "2"], json!([])),
        scored("q", ["10", "20"], json!([{ "question": "also", "operator": "=", "answerBoolean": true }])),
        total("t", "integer", "'p' | 'q'"),
    ] }))
    .unwrap();
    let (also, t) = (form.find("also").unwrap(), form.find("t").unwrap());
    form.answer(also, vec![Answer::Boolean(true)]).unwrap();
    choose(&mut form, "p", &[1]);
    choose(&mut form, "q", &[0]);
    assert_eq!(
        (sum(&form, "t").as_deref(), form.item(t).total),
        (Some("12"), Some(Tally { answered: 2, of: 2 }))
    );
    form.answer(also, vec![Answer::Boolean(false)]).unwrap();
    assert_eq!(
        (sum(&form, "t").as_deref(), form.item(t).total),
        (Some("2"), Some(Tally { answered: 1, of: 1 }))
    );
}

#[test]
fn a_whole_number_is_not_made_of_a_fraction() {
    let mut form = Form::open(
        &json!({ "item": [scored("p", ["0.5", "1.5"], json!([])), total("t", "integer", "'p'")] }),
    )
    .unwrap();
    choose(&mut form, "p", &[0]);
    assert_eq!(sum(&form, "t"), None);
    choose(&mut form, "p", &[0, 1]);
    assert_eq!(sum(&form, "t").as_deref(), Some("2"));
}

#[test]
fn a_total_that_decides_about_its_own_parts_is_named_and_left_to_the_user() {
    let mut form = Form::open(&json!({ "item": [
        scored("p", ["1", "2"], json!([])),
        scored("q", ["1", "2"], json!([{ "question": "t", "operator": "<", "answerDecimal": 5 }])),
        total("t", "decimal", "'p' | 'q'"),
    ] }))
    .unwrap();
    assert_eq!(form.not_supported().len(), 1);
    choose(&mut form, "p", &[0]);
    assert_eq!(sum(&form, "t"), None);
    let t = form.find("t").unwrap();
    form.answer(t, vec![Answer::Decimal(Decimal::ONE)]).unwrap();
    assert!(form.item(form.find("q").unwrap()).enabled);
}

#[test]
fn totals_of_one_question_stand_beside_each_other_and_below_conditions() {
    let mut group = total("t2", "decimal", "'p'");
    group["enableWhen"] = json!([{ "question": "t1", "operator": ">", "answerDecimal": 1 }]);
    let mut form = Form::open(
        &json!({ "item": [group, total("t1", "decimal", "'p'"), scored("p", ["1", "2"], json!([]))] }),
    )
    .unwrap();
    let t2 = form.find("t2").unwrap();
    choose(&mut form, "p", &[0]);
    assert!(!form.item(t2).enabled);
    choose(&mut form, "p", &[1]);
    assert!(form.item(t2).enabled);
    assert_eq!(
        (sum(&form, "t1"), sum(&form, "t2")),
        (Some("2".to_owned()), Some("2".to_owned()))
    );
}

#[test]
fn a_total_knows_its_bands_by_their_conditions_and_by_where_they_stand() {
    let band = |link_id: &str, when: Value| {
        json!({ "linkId": link_id, "type": "display", "text": link_id, "enableWhen": when, "enableBehavior": "all",
            "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-displayCategory",
                "valueCodeableConcept": { "coding": [{ "code": "band" }] } }] })
    };
    let when = |operator: &str, number: i32| json!({ "question": "sum", "operator": operator, "answerDecimal": number });
    let questionnaire = json!({ "item": [
        scored("a", ["1", "5"], json!([])),
        total("sum", "decimal", "'a'"),
        band("low", json!([when("<", 3)])),
        band("middle", json!([when(">=", 3), when("<=", 4)])),
        band("high", json!([when(">", 4)])),
        band("beside", json!([{ "question": "a", "operator": "exists", "answerBoolean": true }])),
        json!({ "linkId": "words", "type": "display", "text": "no band", "enableWhen": [when(">", 4)] }),
    ] });
    let form = Form::open(&questionnaire).unwrap();
    let bands = form.bands(form.find("sum").unwrap());
    let number = |bound: Option<forms::Decimal>| bound.map(|bound| bound.to_string());
    let told: Vec<_> = bands
        .iter()
        .map(|band| (band.words.as_str(), number(band.from), number(band.to)))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            ("low", None, some("3")),
            ("middle", some("3"), some("4")),
            ("high", some("4"), None),
            ("beside", None, None)
        ]
    );
    assert!(form.is_band(form.find("low").unwrap()));
    assert!(!form.is_band(form.find("words").unwrap()) && !form.is_band(form.find("a").unwrap()));
    assert_eq!(form.bands(form.find("a").unwrap()), []);
}
