//! What holds for every text, every expression and every response: no panic, and dependencies that are never too few.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use fhirpath::{Context, DateTime, Expression};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Every function with the number of arguments that it is given here.
const FUNCTIONS: &[(&str, usize)] = &[
    ("empty", 0),
    ("exists", 0),
    ("exists", 1),
    ("all", 1),
    ("allTrue", 0),
    ("anyFalse", 0),
    ("subsetOf", 1),
    ("supersetOf", 1),
    ("count", 0),
    ("distinct", 0),
    ("isDistinct", 0),
    ("not", 0),
    ("hasValue", 0),
    ("where", 1),
    ("select", 1),
    ("repeat", 1),
    ("repeatAll", 1),
    ("sort", 1),
    ("coalesce", 2),
    ("single", 0),
    ("first", 0),
    ("last", 0),
    ("tail", 0),
    ("skip", 1),
    ("take", 1),
    ("intersect", 1),
    ("exclude", 1),
    ("union", 1),
    ("combine", 1),
    ("iif", 2),
    ("iif", 3),
    ("toBoolean", 0),
    ("toInteger", 0),
    ("toDecimal", 0),
    ("toString", 0),
    ("toDate", 0),
    ("toDateTime", 0),
    ("toTime", 0),
    ("toQuantity", 0),
    ("toQuantity", 1),
    ("convertsToQuantity", 0),
    ("getValue", 0),
    ("indexOf", 1),
    ("lastIndexOf", 1),
    ("substring", 1),
    ("substring", 2),
    ("startsWith", 1),
    ("endsWith", 1),
    ("contains", 1),
    ("upper", 0),
    ("lower", 0),
    ("replace", 2),
    ("matches", 1),
    ("matchesFull", 1),
    ("replaceMatches", 2),
    ("length", 0),
    ("toChars", 0),
    ("trim", 0),
    ("split", 1),
    ("join", 1),
    ("encode", 1),
    ("decode", 1),
    ("escape", 1),
    ("unescape", 1),
    ("abs", 0),
    ("ceiling", 0),
    ("exp", 0),
    ("floor", 0),
    ("ln", 0),
    ("log", 1),
    ("power", 1),
    ("round", 0),
    ("round", 1),
    ("sqrt", 0),
    ("truncate", 0),
    ("lowBoundary", 0),
    ("highBoundary", 1),
    ("precision", 0),
    ("comparable", 1),
    ("aggregate", 2),
    ("sum", 0),
    ("min", 0),
    ("max", 0),
    ("avg", 0),
    ("now", 0),
    ("today", 0),
    ("timeOfDay", 0),
    ("children", 0),
    ("descendants", 0),
    ("trace", 1),
    ("type", 0),
    ("extension", 1),
    ("resolve", 0),
    ("weight", 0),
    ("ordinal", 0),
];

const OPERATORS: &[&str] = &[
    "*", "/", "div", "mod", "+", "-", "&", "|", "<", "<=", ">", ">=", "=", "!=", "~", "!~", "in", "contains",
    "and", "or", "xor", "implies",
];

const LEAVES: &[&str] = &[
    "{}",
    "true",
    "false",
    "0",
    "1",
    "3.50",
    "79228162514264337593543950335.0",
    "9223372036854775807",
    "'a'",
    "''",
    "'2024-02-29'",
    "'base64'",
    "'(a+)+'",
    "'é🔥'",
    "@2024",
    "@2024-02-29",
    "@9999-12-31T23:59:59.999Z",
    "@T23:59",
    "@2024-02-29T08",
    "3 days",
    "1 'mg'",
    "1.5 'kg/m2'",
    "2 years",
    "$this",
    "$index",
    "%resource",
    "%context",
    "item",
    "linkId",
    "answer",
    "value",
    "answer.value",
    "valueCoding.code",
    "item.where(linkId = 'a')",
    "%questionnaire",
];

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(LEAVES).prop_map(str::to_owned);
    leaf.prop_recursive(6, 40, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 3);
        prop_oneof![
            (inner.clone(), prop::sample::select(OPERATORS), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            (inner.clone(), prop::sample::select(FUNCTIONS), list).prop_map(
                |(input, (name, count), arguments)| {
                    format!("({input}).{name}({})", arguments[..count].join(", "))
                }
            ),
            (inner.clone(), inner.clone()).prop_map(|(list, index)| format!("({list})[{index}]")),
            inner.clone().prop_map(|operand| format!("-({operand})")),
            (
                inner.clone(),
                prop::sample::select(&["Integer", "Quantity", "FHIR.string", "Coding"][..])
            )
                .prop_map(|(operand, kind)| format!("({operand}).ofType({kind})")),
            (
                inner.clone(),
                prop::sample::select(&["item", "answer", "value", "code", "extension"][..])
            )
                .prop_map(|(operand, name)| format!("({operand}).{name}")),
        ]
    })
}

const LINK_IDS: [&str; 5] = ["a", "b", "c", "d.1", "d.2"];

fn answer() -> impl Strategy<Value = Json> {
    prop_oneof![
        (0..4_i64).prop_map(|value| json!({ "valueInteger": value })),
        prop::sample::select(&["a", "b", "2024-02-29"][..]).prop_map(|text| json!({ "valueString": text })),
        prop::sample::select(&["x", "y"][..])
            .prop_map(|code| json!({ "valueCoding": { "code": code, "system": "urn:s" } })),
    ]
}

/// An item with answers and items below, at most three deep.
fn item() -> impl Strategy<Value = Json> {
    let leaf = (
        prop::sample::select(&LINK_IDS[..]),
        prop::collection::vec(answer(), 0..3),
    )
        .prop_map(|(link_id, answers)| match answers.is_empty() {
            true => json!({ "linkId": link_id }),
            false => json!({ "linkId": link_id, "answer": answers }),
        });
    leaf.prop_recursive(3, 12, 3, |inner| {
        (
            prop::sample::select(&LINK_IDS[..]),
            prop::collection::vec(inner, 1..4),
            any::<bool>(),
            answer(),
        )
            .prop_map(|(link_id, items, in_answer, mut answer)| match in_answer {
                true => {
                    answer["item"] = items.into();
                    json!({ "linkId": link_id, "answer": [answer] })
                }
                false => json!({ "linkId": link_id, "item": items }),
            })
    })
}

fn response() -> impl Strategy<Value = Json> {
    prop::collection::vec(item(), 0..5)
        .prop_map(|items| json!({ "resourceType": "QuestionnaireResponse", "item": items }))
}

fn context<'a>(response: &'a Json, form: &'a Json) -> Context<'a> {
    let now = DateTime::from_unix_milliseconds(1_700_000_000_000, 60).unwrap();
    Context::new(response)
        .with_questionnaire(form)
        .at(now)
        .with_budget(20_000)
}

fn form() -> Json {
    let question = |link_id: &&str| {
        json!({ "linkId": link_id, "answerOption": [{ "valueCoding": { "code": "x", "system": "urn:s", "extension": [
            { "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 2 }] } }] })
    };
    json!({ "resourceType": "Questionnaire", "item": LINK_IDS.iter().map(question).collect::<Vec<_>>() })
}

/// Parts of expressions as forms have them, for the dependencies to follow.
fn reading() -> impl Strategy<Value = String> {
    let id = || prop::sample::select(&LINK_IDS[..]);
    let start = prop::sample::select(
        &[
            "%resource.item",
            "item",
            "%resource.item.item",
            "%resource.descendants()",
            "%resource.repeat(item)",
            "%resource.repeat(item | answer.item)",
            "%resource.item.answer.item",
            "%context.item",
            "descendants()",
        ][..],
    );
    let filter = prop_oneof![
        id().prop_map(|id| format!(".where(linkId = '{id}')")),
        (id(), id()).prop_map(|(one, other)| format!(".where(linkId in ('{one}' | '{other}'))")),
        (id(), id()).prop_map(|(one, other)| format!(".where(linkId = '{one}' or '{other}' = linkId)")),
        id().prop_map(|id| format!(".where(linkId = '{id}' and answer.exists())")),
        id().prop_map(|id| format!(".where(linkId != '{id}' and linkId.startsWith('d'))")),
        Just(".where(linkId.endsWith('.1'))".to_owned()),
        Just(".where(answer.value = 1)".to_owned()),
        Just(".first()".to_owned()),
        Just(String::new()),
    ];
    let further = prop::sample::select(
        &[
            "",
            ".item",
            ".item.where(linkId = 'a')",
            ".descendants()",
            ".children()",
            ".answer.item",
            ".select(item)",
        ][..],
    );
    let end = prop::sample::select(
        &[
            "",
            ".answer",
            ".answer.value",
            ".answer.value.count()",
            ".answer.exists()",
            ".exists()",
            ".count()",
            ".linkId",
            ".answer.weight().sum()",
            ".answer.value.code",
            ".empty()",
            ".answer.children()",
            ".distinct().count()",
        ][..],
    );
    let single = (start, filter, further, end)
        .prop_map(|(start, filter, further, end)| format!("{start}{filter}{further}{end}"));
    prop_oneof![
        3 => single.clone(),
        1 => (single.clone(), prop::sample::select(&["|", "=", "and", "in"][..]), single.clone())
            .prop_map(|(left, operator, right)| format!("({left}) {operator} ({right})")),
        1 => (single.clone(), single.clone(), single).prop_map(|(test, yes, no)| format!("iif({test}.exists(), {yes}, {no})")),
    ]
}

/// Removes or changes the answers of the n-th item, counted from the top, and tells which linkIds stand around it.
fn change(response: &mut Json, mut nth: usize, removal: bool) -> Option<(String, Vec<String>)> {
    fn walk(holder: &mut Json, nth: &mut usize, around: &mut Vec<String>, removal: bool) -> Option<String> {
        let items = holder.get_mut("item")?.as_array_mut()?;
        for index in 0..items.len() {
            let link_id = items[index]["linkId"].as_str()?.to_owned();
            if *nth == 0 {
                let has_items = items[index].to_string().contains("\"item\"");
                if removal && !has_items {
                    items.remove(index);
                } else if items[index]
                    .get("answer")
                    .is_some_and(|answers| answers[0].get("item").is_some())
                {
                    return None;
                } else {
                    items[index]["answer"] = json!([{ "valueInteger": 99 }]);
                }
                return Some(link_id);
            }
            *nth -= 1;
            around.push(link_id);
            if let Some(found) = walk(&mut items[index], nth, around, removal) {
                return Some(found);
            }
            let answers = items[index].get_mut("answer").and_then(Json::as_array_mut);
            for answer in answers.into_iter().flatten() {
                if let Some(found) = walk(answer, nth, around, removal) {
                    return Some(found);
                }
            }
            around.pop();
        }
        None
    }
    let mut around = Vec::new();
    let changed = walk(response, &mut nth, &mut around, removal)?;
    Some((changed, around))
}

fn shown(expression: &Expression, response: &Json, form: &Json) -> String {
    match expression.evaluate(&context(response, form).with_budget(1_000_000)) {
        Ok(result) => Json::from(result.to_json()).to_string(),
        Err(error) => error.to_string(),
    }
}

/// Fewer in a browser, which has no place for what failed.
fn config() -> ProptestConfig {
    let native = ProptestConfig {
        cases: 600,
        ..ProptestConfig::default()
    };
    if cfg!(target_arch = "wasm32") {
        ProptestConfig {
            cases: 60,
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
    fn any_text_is_read_or_refused(source in any::<String>()) {
        let _ = Expression::parse(&source);
    }

    #[test]
    fn any_text_of_the_languages_own_signs_is_read_or_refused(
        source in "[a-c0-9'`\"@T:Z+.,()\\[\\]{}%$|&<>=!~*/ \\\\u-]{0,40}"
    ) {
        if let Ok(expression) = Expression::parse(&source) {
            let _ = expression.evaluate(&context(&json!({ "a": [1, "b"] }), &form()));
        }
    }

    #[test]
    fn any_expression_is_evaluated_without_panic(source in expression(), response in response()) {
        match Expression::parse(&source) {
            Ok(expression) => {
                let form = form();
                if let Ok(result) = expression.evaluate(&context(&response, &form)) {
                    let _ = (result.to_json(), result.as_condition());
                }
                let _ = expression.dependencies().reads("a");
            }
            Err(error) => prop_assert!(source.contains("79228162514264337593543950335.0"), "{source}: {error}"),
        }
    }

    #[test]
    fn a_change_that_nothing_depends_on_changes_nothing(
        source in reading(), before in response(), nth in 0_usize..8, removal in any::<bool>()
    ) {
        let mut after = before.clone();
        let Some((changed, around)) = change(&mut after, nth, removal) else { return Ok(()) };
        let expression = Expression::parse(&source).unwrap();
        let found = expression.dependencies();
        let is_read = found.reads(&changed)
            || found.reads_below(&changed)
            || found.reads_below_focus()
            || around.iter().any(|link_id| found.reads_below(link_id));
        if !is_read {
            let form = form();
            prop_assert_eq!(
                shown(&expression, &before, &form), shown(&expression, &after, &form), "{} after changing {}", source, changed
            );
        }
    }
}
