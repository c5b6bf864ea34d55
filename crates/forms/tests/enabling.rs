//! When a question applies: the seven operators, all and any, chains and circles.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Form, Kind, Rule};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn open(items: Value) -> Form {
    Form::open(&json!({ "resourceType": "Questionnaire", "item": items })).unwrap()
}

fn enabled(form: &Form, link_id: &str) -> bool {
    form.item(form.find(link_id).unwrap()).enabled
}

fn type_in(form: &mut Form, link_id: &str, text: &str) {
    let id = form.find(link_id).unwrap();
    let answers = form.item(id).read(text);
    form.answer(id, answers).unwrap();
}

/// A question of kind `source`, and one that depends on it by `operator` and `wanted`.
fn pair(source: &str, operator: &str, wanted: Value) -> Form {
    let mut condition = json!({ "question": "source", "operator": operator });
    condition
        .as_object_mut()
        .unwrap()
        .extend(wanted.as_object().unwrap().clone());
    open(json!([
        { "linkId": "source", "type": source, "repeats": true },
        { "linkId": "shown", "type": "string", "enableWhen": [condition] },
    ]))
}

#[test]
fn the_operators_mean_what_fhir_says() {
    let integer = |n: i32| json!({ "answerInteger": n });
    let decimal = |n: f64| json!({ "answerDecimal": n });
    let date = |d: &str| json!({ "answerDate": d });
    let yes = || json!({ "answerBoolean": true });
    let no = || json!({ "answerBoolean": false });
    for (kind, answers, operator, wanted, shown) in [
        ("integer", &[][..], "exists", yes(), false),
        ("integer", &[], "exists", no(), true),
        ("integer", &["1"], "exists", yes(), true),
        ("integer", &["1"], "exists", no(), false),
        ("integer", &["5"], "=", integer(5), true),
        ("integer", &["4"], "=", integer(5), false),
        ("integer", &[], "=", integer(5), false),
        ("integer", &["4", "5"], "=", integer(5), true),
        ("integer", &["4"], "!=", integer(5), true),
        ("integer", &["5"], "!=", integer(5), false),
        ("integer", &["4", "5"], "!=", integer(5), false),
        ("integer", &[], "!=", integer(5), true),
        ("integer", &["6"], ">", integer(5), true),
        ("integer", &["5"], ">", integer(5), false),
        ("integer", &["1", "6"], ">", integer(5), true),
        ("integer", &[], ">", integer(5), false),
        ("integer", &["5"], ">=", integer(5), true),
        ("integer", &["4"], ">=", integer(5), false),
        ("integer", &["4"], "<", integer(5), true),
        ("integer", &["5"], "<", integer(5), false),
        ("integer", &[], "<", integer(5), false),
        ("integer", &["5"], "<=", integer(5), true),
        ("integer", &["6"], "<=", integer(5), false),
        ("integer", &["-1"], "<", integer(0), true),
        ("integer", &["5"], ">", decimal(4.9), true),
        ("decimal", &["0.3"], "=", decimal(0.3), true),
        ("decimal", &["2.50"], "=", decimal(2.5), true),
        ("decimal", &["2"], "=", integer(2), true),
        ("string", &["a"], "=", json!({ "answerString": "a" }), true),
        ("string", &["A"], "=", json!({ "answerString": "a" }), false),
        ("string", &["a"], "=", integer(1), false),
        ("date", &["2026-11-23"], ">", date("2026-11-22"), true),
        ("date", &["2026-11-23"], ">", date("2026"), false),
        ("date", &["2027-01-01"], ">", date("2026"), true),
        (
            "dateTime",
            &["2026-11-23T10:00:00+01:00"],
            "=",
            json!({ "answerDateTime": "2026-11-23T09:00:00Z" }),
            true,
        ),
        (
            "dateTime",
            &["2026-11-23T10:00:00Z"],
            ">",
            date("2026-11-22"),
            true,
        ),
        ("time", &["09:30"], "<", json!({ "answerTime": "10:00:00" }), true),
        (
            "quantity",
            &["5"],
            ">",
            json!({ "answerQuantity": { "value": 4 } }),
            true,
        ),
        (
            "quantity",
            &["5"],
            ">",
            json!({ "answerQuantity": { "value": 4, "unit": "kg" } }),
            false,
        ),
        // What is not a valid answer counts as none.
        ("integer", &["six"], "exists", yes(), false),
    ] {
        let mut form = pair(kind, operator, wanted.clone());
        let source = form.find("source").unwrap();
        let given = answers
            .iter()
            .flat_map(|text| form.item(source).read(text))
            .collect();
        form.answer(source, given).unwrap();
        assert_eq!(
            enabled(&form, "shown"),
            shown,
            "{kind} {answers:?} {operator} {wanted}"
        );
    }
}

#[test]
fn a_code_is_compared_with_its_system() {
    for (wanted, shown) in [
        (json!({ "system": "s", "code": "a" }), true),
        (
            json!({ "system": "s", "code": "a", "display": "Other words" }),
            true,
        ),
        (json!({ "code": "a" }), true),
        (json!({ "system": "t", "code": "a" }), false),
        (json!({ "system": "s", "code": "b" }), false),
    ] {
        let mut form = open(json!([
            { "linkId": "source", "type": "choice", "answerOption": [{ "valueCoding": { "system": "s", "code": "a" } }] },
            { "linkId": "shown", "type": "string",
              "enableWhen": [{ "question": "source", "operator": "=", "answerCoding": wanted }] },
        ]));
        let source = form.find("source").unwrap();
        let answer = form.item(source).options[0].answer.clone();
        form.answer(source, vec![answer]).unwrap();
        assert_eq!(enabled(&form, "shown"), shown, "{wanted}");
    }
}

#[test]
fn several_conditions_hold_together_or_one_by_one() {
    for (behaviour, both, one) in [
        (json!("all"), true, false),
        (json!("any"), true, true),
        (Value::Null, true, true),
    ] {
        let is_yes = |question: &str| json!({ "question": question, "operator": "=", "answerBoolean": true });
        let mut form = open(json!([
            { "linkId": "a", "type": "boolean" }, { "linkId": "b", "type": "boolean" },
            { "linkId": "c", "type": "string", "enableWhen": [is_yes("a"), is_yes("b")], "enableBehavior": behaviour },
        ]));
        type_in(&mut form, "a", "true");
        assert_eq!(enabled(&form, "c"), one, "{behaviour} with one");
        type_in(&mut form, "b", "true");
        assert_eq!(enabled(&form, "c"), both, "{behaviour} with both");
    }
}

#[test]
fn what_is_not_enabled_counts_as_unanswered_all_along_a_chain() {
    let on = |question: &str| json!([{ "question": question, "operator": "exists", "answerBoolean": true }]);
    // Written backwards, so that no reading order helps.
    let mut form = open(json!([
        { "linkId": "d", "type": "group", "enableWhen": on("c"), "item": [{ "linkId": "e", "type": "string", "required": true }] },
        { "linkId": "c", "type": "string", "enableWhen": on("b") },
        { "linkId": "b", "type": "string", "enableWhen": on("a") },
        { "linkId": "a", "type": "string" },
    ]));
    for link_id in ["a", "b", "c"] {
        type_in(&mut form, link_id, "x");
    }
    assert!(enabled(&form, "e"));
    assert_eq!(
        form.problems().iter().map(|p| p.rule).collect::<Vec<_>>(),
        [Rule::Required]
    );

    let a = form.find("a").unwrap();
    let changes = form.answer(a, vec![]).unwrap();
    let changed: Vec<_> = changes.iter().map(|c| form.item(c.item).link_id).collect();
    assert_eq!(changed, ["d", "e", "c", "b", "a"]);
    assert!(!enabled(&form, "e") && form.problems().is_empty());
    assert_eq!(
        form.item(form.find("c").unwrap()).answers,
        [Answer::String("x".to_owned())]
    );

    type_in(&mut form, "a", "again");
    assert!(enabled(&form, "e"));
}

#[test]
fn an_answer_touches_nothing_that_does_not_depend_on_it() {
    let mut form = open(json!([{ "linkId": "a", "type": "string" }, { "linkId": "b", "type": "string" }]));
    let a = form.find("a").unwrap();
    let changes = form.answer(a, vec![Answer::String("x".to_owned())]).unwrap();
    assert_eq!(changes.iter().map(|c| c.item).collect::<Vec<_>>(), [a]);
    assert!(
        form.answer(a, vec![Answer::String("x".to_owned())])
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_circle_of_conditions_has_one_meaning_and_is_named() {
    let is_yes = |question: &str| json!([{ "question": question, "operator": "!=", "answerBoolean": true }]);
    let mut form = open(json!([
        { "linkId": "a", "type": "boolean", "enableWhen": is_yes("b") },
        { "linkId": "b", "type": "boolean", "enableWhen": is_yes("a") },
    ]));
    assert_eq!(form.not_supported().len(), 2);
    type_in(&mut form, "a", "true");
    assert_eq!((enabled(&form, "a"), enabled(&form, "b")), (true, false));
    type_in(&mut form, "b", "true");
    assert_eq!((enabled(&form, "a"), enabled(&form, "b")), (false, false));
    type_in(&mut form, "b", "");
    assert_eq!((enabled(&form, "a"), enabled(&form, "b")), (true, false));
}

#[test]
fn a_part_that_depends_on_an_answer_within_it_is_a_circle_too() {
    let mut form = open(json!([{ "linkId": "g", "type": "group",
        "enableWhen": [{ "question": "q", "operator": "!=", "answerString": "stop" }],
        "item": [{ "linkId": "q", "type": "string" }] }]));
    assert_eq!(form.not_supported().len(), 2);
    assert!(enabled(&form, "q"));
    type_in(&mut form, "q", "stop");
    assert!(!enabled(&form, "g") && !enabled(&form, "q"));
    type_in(&mut form, "q", "go");
    assert!(enabled(&form, "q"));
}

#[test]
fn questions_below_a_question_go_with_it() {
    let mut form = open(json!([
        { "linkId": "a", "type": "boolean" },
        { "linkId": "b", "type": "string", "enableWhen": [{ "question": "a", "operator": "=", "answerBoolean": true }],
          "item": [{ "linkId": "c", "type": "string" }] },
    ]));
    assert_eq!(form.item(form.find("b").unwrap()).kind, Kind::String);
    assert!(!enabled(&form, "c"));
    type_in(&mut form, "a", "true");
    assert!(enabled(&form, "c"));
}
