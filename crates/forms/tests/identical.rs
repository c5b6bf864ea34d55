//! Whatever is answered in whatever order, a form that is saved and reopened is the same form: what was worked out
//! answer by answer is what is worked out from scratch.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod actions;

use actions::{act, difference};
use forms::{Form, Status};
use proptest::prelude::*;
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const KINDS: [&str; 8] = [
    "boolean",
    "integer",
    "decimal",
    "string",
    "date",
    "choice",
    "open-choice",
    "quantity",
];

/// One item of a generated form, by numbers that are read modulo what there is.
#[derive(Clone, Debug)]
struct Plan {
    kind: usize,
    /// Two in ten are groups that take in what follows, and two are questions that do.
    shape: u8,
    required: bool,
    /// How far on the source is, the operator, and what is wanted.
    conditions: Vec<(usize, usize, usize)>,
    all: bool,
    total_of: Vec<usize>,
    /// Which expression the item has, mostly none.
    expression: usize,
    repeats: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    let conditions = proptest::collection::vec((1..5_usize, 0..7_usize, any::<usize>()), 0..3);
    let total_of = proptest::collection::vec(any::<usize>(), 1..4);
    (
        0..KINDS.len(),
        0..10_u8,
        any::<bool>(),
        conditions,
        any::<bool>(),
        total_of,
        0..20_usize,
        any::<bool>(),
    )
        .prop_map(
            |(kind, shape, required, conditions, all, total_of, expression, repeats)| Plan {
                kind,
                shape,
                required,
                conditions,
                all,
                total_of,
                expression,
                repeats,
            },
        )
}

const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";

fn expression(name: &str, text: String) -> Value {
    json!({ "url": name, "valueExpression": { "name": "v", "language": "text/fhirpath", "expression": text } })
}

/// The extensions of an item: the sums, conditions, rules and words that expressions make.
fn extensions(plan: &Plan, name: &dyn Fn(usize) -> String) -> Vec<Value> {
    let names: Vec<_> = plan
        .total_of
        .iter()
        .map(|number| format!("'{}'", name(*number)))
        .collect();
    let (first, several) = (name(plan.total_of[0]), names.join(" | "));
    let sdc = |part: &str| format!("{SDC}{part}");
    let calculated = sdc("calculatedExpression");
    let fhir = |part: &str| format!("http://hl7.org/fhir/StructureDefinition/{part}");
    match plan.expression {
        0 => vec![expression(
            &calculated,
            format!("%resource.repeat(item).where(linkId in ({several})).answer.value.weight().sum()"),
        )],
        1 => vec![expression(
            &calculated,
            format!("%resource.descendants().where(linkId in ({several})).answer.count()"),
        )],
        2 => vec![expression(
            &calculated,
            "%resource.descendants().where(answer.exists()).count()".to_owned(),
        )],
        3 => vec![expression(
            &sdc("enableWhenExpression"),
            format!("%resource.descendants().where(linkId = '{first}').answer.exists()"),
        )],
        4 => vec![
            expression(
                &fhir("variable"),
                format!("%resource.descendants().where(linkId = '{first}').answer.count()"),
            ),
            expression(&sdc("enableWhenExpression"), "%v mod 2 = 0".to_owned()),
        ],
        5 => vec![expression(
            &sdc("enableWhenExpression"),
            "%resource.descendants().where(answer.exists()).count() < 4".to_owned(),
        )],
        6 => vec![expression(
            &sdc("enableWhenExpression"),
            "%nobody.knows()".to_owned(),
        )],
        7 => vec![expression(
            &sdc("enableWhenExpression"),
            "%nobody.exists()".to_owned(),
        )],
        8 => vec![json!({ "url": fhir("questionnaire-constraint"), "extension": [
            { "url": "key", "valueId": "k" }, { "url": "severity", "valueCode": "error" },
            { "url": "human", "valueString": "Two at most." }, { "url": "expression", "valueString": "answer.count() < 2" } ] })],
        9 => vec![expression(
            &calculated,
            format!(
                "iif(%resource.descendants().where(linkId = '{first}').answer.exists(), %nobody, 'none')"
            ),
        )],
        10 => vec![expression(&calculated, "item.answer.count()".to_owned())],
        _ => Vec::new(),
    }
}

fn questionnaire(plans: &[Plan]) -> Value {
    let name = |number: usize| format!("q{}", number % plans.len());
    let mut top: Vec<Value> = Vec::new();
    let mut open_groups: Vec<Value> = Vec::new();
    for (number, plan) in plans.iter().enumerate() {
        let mut item = json!({
            "linkId": name(number), "type": KINDS[plan.kind], "required": plan.required, "readOnly": plan.shape == 7,
            "repeats": plan.repeats, "enableBehavior": if plan.all { "all" } else { "any" },
            "enableWhen": plan.conditions.iter().map(|c| condition(plans, number + c.0, c.1, c.2)).collect::<Vec<_>>(),
            "extension": extensions(plan, &name),
        });
        if plan.expression == 11 {
            item["_text"] = json!({ "extension": [expression(
                "http://hl7.org/fhir/StructureDefinition/cqf-expression",
                format!("'Answered: ' & %resource.descendants().where(linkId = '{}').answer.count().toString()", name(plan.total_of[0])),
            )] });
        }
        if KINDS[plan.kind].ends_with("choice") {
            item["answerOption"] = (0..3).map(|score| json!({
                "valueCoding": { "system": "s", "code": format!("c{score}") },
                "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score }],
            })).collect();
        }
        match plan.shape {
            0 | 1 => {
                item["type"] = json!("group");
                item["item"] = json!([]);
                open_groups.push(item);
            }
            8 | 9 => {
                item["item"] = json!([]);
                open_groups.push(item);
            }
            2 => {
                close(&mut open_groups, &mut top);
                put(item, &mut open_groups, &mut top);
            }
            _ => put(item, &mut open_groups, &mut top),
        }
    }
    while !open_groups.is_empty() {
        close(&mut open_groups, &mut top);
    }
    json!({ "resourceType": "Questionnaire", "url": "https://forms.example.org/made", "version": "1", "item": top })
}

fn put(item: Value, open: &mut [Value], top: &mut Vec<Value>) {
    match open.last_mut() {
        Some(group) => group["item"].as_array_mut().unwrap().push(item),
        None => top.push(item),
    }
}

fn close(open: &mut Vec<Value>, top: &mut Vec<Value>) {
    if let Some(group) = open.pop() {
        put(group, open, top);
    }
}

/// A condition on an item nearby, mostly one that its answers can meet.
fn condition(plans: &[Plan], source: usize, operator: usize, answer: usize) -> Value {
    let source = source % plans.len();
    let answer = &["", "1", "2"][..][answer % 3];
    let mut condition = match KINDS[plans[source].kind] {
        "boolean" => json!({ "answerBoolean": *answer == "1" }),
        "integer" => json!({ "answerInteger": 1 }),
        "decimal" => json!({ "answerDecimal": 2.5 }),
        "string" => json!({ "answerString": "words" }),
        "date" => json!({ "answerDate": "2026-11-23" }),
        "quantity" => json!({ "answerQuantity": { "value": 1 } }),
        _ => json!({ "answerCoding": { "system": "s", "code": format!("c{answer}") } }),
    };
    let operator = ["=", "exists", "!=", ">=", ">", "<", "<="][operator];
    if operator == "exists" {
        condition = json!({ "answerBoolean": answer.is_empty() });
    }
    condition["question"] = json!(format!("q{source}"));
    condition["operator"] = json!(operator);
    condition
}

/// Fewer in a browser, which has no place for what failed, and no chance of its own.
fn config() -> ProptestConfig {
    let native = ProptestConfig::default();
    if cfg!(target_arch = "wasm32") {
        ProptestConfig {
            cases: 48,
            failure_persistence: None,
            ..native
        }
    } else {
        native
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn saved_and_reopened_is_the_same(
        plans in proptest::collection::vec(plan(), 1..14),
        actions in proptest::collection::vec((any::<usize>(), any::<usize>()), 0..30),
    ) {
        let questionnaire = questionnaire(&plans);
        let mut form = Form::open(&questionnaire).unwrap();
        for (item, what) in actions {
            act(&mut form, item, what);
        }
        prop_assert_eq!(difference(&questionnaire, &form), None);
    }

    #[test]
    fn all_the_way_back_and_forth_again_is_where_it_was(
        plans in proptest::collection::vec(plan(), 1..10),
        actions in proptest::collection::vec((any::<usize>(), any::<usize>()), 0..20),
    ) {
        let questionnaire = questionnaire(&plans);
        let mut form = Form::open(&questionnaire).unwrap();
        let empty = actions::state(&form);
        for (item, what) in actions {
            // Without steps back: they are taken all at once.
            act(&mut form, item, if what % 16 < 2 { what + 6 } else { what });
        }
        let full = actions::state(&form);
        while form.undo().is_some() {}
        prop_assert_eq!(actions::state(&form), empty);
        while form.redo().is_some() {}
        prop_assert_eq!(actions::state(&form), full);
    }

    #[test]
    fn no_json_makes_it_fall_over(value in strange(), response in strange(), aside in strange()) {
        let questionnaire = json!({ "item": [value, { "linkId": "a", "type": "choice", "item": [response.clone()] }] });
        if let Ok(form) = Form::open(&questionnaire) {
            let _ = (form.response(Status::Completed), form.set_aside(), form.problems());
        }
        let some = json!({ "item": [{ "linkId": "a", "type": "group", "item": [{ "linkId": "b", "type": "decimal" }] }] });
        if let Ok(form) = Form::resume(&some, &json!({ "item": [response.clone()] }), &aside) {
            let _ = (form.response(Status::Completed), form.set_aside());
        }
        let below = json!({ "item": [{ "linkId": "a", "type": "decimal", "repeats": true, "item": [{ "linkId": "b", "type": "decimal" }] }] });
        if let Ok(form) = Form::resume(&below, &json!({ "item": [{ "linkId": "a", "answer": [response.clone(), response] }] }), &aside) {
            prop_assert_eq!(difference(&below, &form), None);
        }
    }
}

/// JSON with the names that matter in the wrong places.
fn strange() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "a",
        "b",
        "linkId",
        "item",
        "type",
        "group",
        "choice",
        "decimal",
        "answer",
        "valueDecimal",
        "valueCoding",
        "answerOption",
        "enableWhen",
        "question",
        "operator",
        "exists",
        "answerBoolean",
        "extension",
        "url",
        "invalid",
        "http://hl7.org/fhir/StructureDefinition/minValue",
        "1e999999",
        "members",
        "answers",
        "unmatched",
        "",
        "ä",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((words.clone(), inner), 0..6).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}
