//! Whatever is answered in whatever order, a form that is saved and reopened is the same form: what was worked out
//! answer by answer is what is worked out from scratch.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Form, Status};
use proptest::prelude::*;
use serde_json::{Value, json};

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

/// What is typed into a question of this kind: nothing, answers, and what is none.
fn typed(kind: &str) -> [&'static str; 4] {
    match kind {
        "boolean" => ["", "true", "false", "perhaps"],
        "integer" => ["", "1", "2", "1.5"],
        "decimal" | "quantity" => ["", "1", "2.50", "1.2.3"],
        "date" => ["", "2026-11-23", "2027-01-01", "2026-02-30"],
        _ => ["", "words", "other words", "\n"],
    }
}

/// One item of a generated form, by numbers that are read modulo what there is.
#[derive(Clone, Debug)]
struct Plan {
    kind: usize,
    /// Two in eight are groups that take in what follows.
    shape: u8,
    required: bool,
    /// How far on the source is, the operator, and what is wanted.
    conditions: Vec<(usize, usize, usize)>,
    all: bool,
    total_of: Vec<usize>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let conditions = proptest::collection::vec((1..5_usize, 0..7_usize, any::<usize>()), 0..3);
    let total_of = proptest::collection::vec(any::<usize>(), 1..4);
    (
        0..KINDS.len(),
        0..8_u8,
        any::<bool>(),
        conditions,
        any::<bool>(),
        total_of,
    )
        .prop_map(|(kind, shape, required, conditions, all, total_of)| Plan {
            kind,
            shape,
            required,
            conditions,
            all,
            total_of,
        })
}

fn questionnaire(plans: &[Plan]) -> Value {
    let name = |number: usize| format!("q{}", number % plans.len());
    let mut top: Vec<Value> = Vec::new();
    let mut open_group: Option<Value> = None;
    for (number, plan) in plans.iter().enumerate() {
        let mut item = json!({
            "linkId": name(number), "type": KINDS[plan.kind], "required": plan.required,
            "repeats": KINDS[plan.kind] == "choice", "enableBehavior": if plan.all { "all" } else { "any" },
            "enableWhen": plan.conditions.iter().map(|c| condition(plans, number + c.0, c.1, c.2)).collect::<Vec<_>>(),
        });
        if KINDS[plan.kind].ends_with("choice") {
            item["answerOption"] = (0..3).map(|score| json!({
                "valueCoding": { "system": "s", "code": format!("c{score}") },
                "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score }],
            })).collect();
        }
        if plan.shape == 2 && KINDS[plan.kind] == "decimal" {
            let names: Vec<_> = plan
                .total_of
                .iter()
                .map(|number| format!("'{}'", name(*number)))
                .collect();
            let expression = format!(
                "%resource.repeat(item).where(linkId in ({})).answer.value.weight().sum()",
                names.join(" | ")
            );
            item["extension"] = json!([{
                "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
                "valueExpression": { "language": "text/fhirpath", "expression": expression } }]);
        }
        match (&mut open_group, plan.shape) {
            (group, 0 | 1) => {
                top.extend(group.take());
                item["type"] = json!("group");
                item["item"] = json!([]);
                open_group = Some(item);
            }
            (Some(group), 3..) => group["item"].as_array_mut().unwrap().push(item),
            _ => {
                top.extend(open_group.take());
                top.push(item);
            }
        }
    }
    top.extend(open_group);
    json!({ "resourceType": "Questionnaire", "url": "https://forms.example.org/made", "version": "1", "item": top })
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

/// Gives one answer, chosen by numbers; a refused one changes nothing.
fn act(form: &mut Form, item: usize, what: usize) {
    let ids: Vec<_> = form.items().map(|view| view.id).collect();
    let view = form.item(ids[item % ids.len()]);
    let kind = format!("{:?}", view.kind).to_lowercase();
    let mut answers = view.read(typed(&kind)[what % 4]);
    if !view.options.is_empty() {
        let options = view
            .options
            .iter()
            .enumerate()
            .filter(|(place, _)| (what >> place) & 1 == 1);
        let most = if view.repeats { 3 } else { 1 };
        answers = options
            .map(|(_, option)| option.answer.clone())
            .take(most)
            .collect();
    }
    let (id, before) = (view.id, everything(form));
    match form.answer(id, answers) {
        Ok(changes) => {
            // Exactly what differs is named: a page that draws only that shows the whole truth.
            for (old, new) in before.iter().zip(everything(form)) {
                let change = changes.of(new.0);
                assert_eq!(change.is_some_and(|c| c.enabled), old.1 != new.1);
                assert_eq!(change.is_some_and(|c| c.answers), old.2 != new.2);
                assert_eq!(change.is_some_and(|c| c.problems), old.3 != new.3);
                assert!(change.is_some_and(|c| c.tally) || old.4 == new.4);
            }
        }
        Err(_) => assert_eq!(everything(form), before),
    }
}

type Everything = Vec<(
    forms::ItemId,
    bool,
    Vec<Answer>,
    Vec<forms::Problem>,
    Option<forms::Tally>,
)>;

fn everything(form: &Form) -> Everything {
    form.items()
        .map(|i| (i.id, i.enabled, i.answers.to_vec(), i.problems.to_vec(), i.total))
        .collect()
}

proptest! {
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
        let response = form.response(Status::InProgress);
        let set_aside = form.set_aside();
        let again = Form::resume(&questionnaire, &response, &set_aside).unwrap();
        prop_assert_eq!(everything(&again), everything(&form));
        prop_assert_eq!(again.response(Status::InProgress), response);
        prop_assert_eq!(again.set_aside(), set_aside);
        prop_assert_eq!(again.problems(), form.problems());
    }

    #[test]
    fn no_json_makes_it_fall_over(value in strange(), response in strange(), aside in strange()) {
        let questionnaire = json!({ "item": [value, { "linkId": "a", "type": "choice", "item": [response.clone()] }] });
        if let Ok(form) = Form::open(&questionnaire) {
            let _ = (form.response(Status::Completed), form.set_aside(), form.problems());
        }
        let some = json!({ "item": [{ "linkId": "a", "type": "group", "item": [{ "linkId": "b", "type": "decimal" }] }] });
        if let Ok(form) = Form::resume(&some, &json!({ "item": [response] }), &aside) {
            let _ = (form.response(Status::Completed), form.set_aside());
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
