//! Forms that are generated, of any size, and a complete response to one: what the engine's benches measure with.
//!
//! Groups of 20 questions of every frequent kind, 6 of the 20 under a condition on an earlier one, a total for each group
//! and a grand total of the totals. Expressions are written as forms in the field write them.

use serde_json::{Value, json};

pub const GROUP: usize = 20;
const ANSWERS: &str = "https://forms.example.org/answers";
const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";
const CALCULATED: &str =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";

/// The kinds of the questions of a group, and on which earlier one each depends.
const KINDS: [(&str, Option<usize>); GROUP] = [
    ("choice", None),
    ("integer", None),
    ("boolean", None),
    ("text", None),
    ("choice", None),
    ("text", Some(0)),
    ("integer", None),
    ("decimal", None),
    ("choice", Some(2)),
    ("date", None),
    ("boolean", None),
    ("integer", Some(4)),
    ("choice", None),
    ("text", None),
    ("decimal", Some(6)),
    ("choice", None),
    ("date", Some(10)),
    ("integer", None),
    ("text", Some(12)),
    ("boolean", None),
];

fn link_id(group: usize, at: usize) -> String {
    format!("g{group}.i{}", at + 1)
}

fn coding(code: &str, score: u32) -> Value {
    json!({ "system": ANSWERS, "code": code, "display": format!("The answer {code}"),
        "extension": [{ "url": ORDINAL, "valueDecimal": score }] })
}

/// A Questionnaire of so many questions, in groups of 20, with a total for each group and a grand total.
pub fn questionnaire(questions: usize) -> Value {
    let groups = questions.div_ceil(GROUP).max(1);
    let mut items: Vec<Value> = (1..=groups)
        .map(|group| {
            let here = GROUP.min(questions.saturating_sub((group - 1) * GROUP).max(1));
            let mut items: Vec<Value> = (0..here).map(|at| question(group, at)).collect();
            items.push(total(&format!("g{group}.total"), &group_total(group)));
            json!({ "linkId": format!("g{group}"), "text": format!("Section {group}"), "type": "group", "item": items })
        })
        .collect();
    items.push(
        json!({ "linkId": "gt", "text": "Summary", "type": "group", "item": [
        total("gt.total", GRAND_TOTAL)] }),
    );
    json!({ "resourceType": "Questionnaire", "url": "https://forms.example.org/generated", "version": "1",
        "status": "active", "title": "Generated form", "item": items })
}

fn question(group: usize, at: usize) -> Value {
    let (kind, source) = KINDS[at];
    let mut item = json!({ "linkId": link_id(group, at), "type": kind,
        "text": format!("{group}.{} How often have you been bothered by pain?", at + 1) });
    if kind == "choice" {
        let options = [("never", 0), ("some", 1), ("half", 2), ("daily", 3)];
        item["answerOption"] = options
            .map(|(code, score)| json!({ "valueCoding": coding(code, score) }))
            .into_iter()
            .collect();
    }
    if let Some(source) = source {
        let mut condition = match KINDS[source].0 {
            "choice" => json!({ "operator": "=", "answerCoding": { "system": ANSWERS, "code": "some" } }),
            "boolean" => json!({ "operator": "=", "answerBoolean": true }),
            _ => json!({ "operator": ">", "answerInteger": 5 }),
        };
        condition["question"] = json!(link_id(group, source));
        item["enableWhen"] = json!([condition]);
    }
    item
}

fn total(link_id: &str, expression: &str) -> Value {
    json!({ "linkId": link_id, "text": "Total", "type": "integer", "readOnly": true, "extension": [{
        "url": CALCULATED, "valueExpression": { "language": "text/fhirpath", "expression": expression } }] })
}

fn group_total(group: usize) -> String {
    let integers = (0..GROUP).filter(|at| KINDS[*at].0 == "integer");
    let names: Vec<String> = integers.map(|at| format!("'{}'", link_id(group, at))).collect();
    format!(
        "%resource.item.where(linkId='g{group}').item.where(linkId in ({})).answer.value.sum()",
        names.join("|")
    )
}

const GRAND_TOTAL: &str =
    "%resource.item.item.where(linkId.endsWith('.total') and linkId!='gt.total').answer.value.sum()";

/// Everything answered, so that everything is enabled.
pub fn response(questions: usize) -> Value {
    let groups = questions.div_ceil(GROUP).max(1);
    let mut grand = 0;
    let mut items: Vec<Value> = (1..=groups)
        .map(|group| {
            let mut sum = 0;
            let mut items: Vec<Value> = (0..GROUP)
                .map(|at| {
                    let answer = match KINDS[at].0 {
                        "choice" => json!({ "valueCoding": coding("some", 1) }),
                        "integer" => {
                            let number = 6 + (group + at) % 4;
                            sum += number;
                            json!({ "valueInteger": number })
                        }
                        "decimal" => json!({ "valueDecimal": (group * GROUP + at) as f64 / 10.0 + 0.5 }),
                        "date" => json!({ "valueDate": "2026-05-17" }),
                        "boolean" => json!({ "valueBoolean": true }),
                        _ => json!({ "valueString": "pain since the fall" }),
                    };
                    json!({ "linkId": link_id(group, at), "text": "How often have you been bothered by pain?", "answer": [answer] })
                })
                .collect();
            grand += sum;
            items.push(json!({ "linkId": format!("g{group}.total"), "text": "Total", "answer": [{ "valueInteger": sum }] }));
            json!({ "linkId": format!("g{group}"), "text": format!("Section {group}"), "item": items })
        })
        .collect();
    items.push(json!({ "linkId": "gt", "text": "Summary", "item": [
        { "linkId": "gt.total", "text": "Total", "answer": [{ "valueInteger": grand }] }] }));
    json!({ "resourceType": "QuestionnaireResponse", "questionnaire": "https://forms.example.org/generated|1",
        "status": "in-progress", "item": items })
}

/// What forms ask of a response again and again: a name for the table, and the expression.
pub fn expressions() -> [(&'static str, String); 5] {
    [
        (
            "condition on one answer",
            "%resource.item.where(linkId='g1').item.where(linkId='g1.i1').answer.value.where(code='some').exists()"
                .to_owned(),
        ),
        ("total of a group", group_total(1)),
        (
            "ordinal sum of all choices",
            format!("%resource.item.item.answer.value.extension.where(url='{ORDINAL}').value.sum()"),
        ),
        ("grand total", GRAND_TOTAL.to_owned()),
        (
            "percentage answered, by descendants()",
            "(%resource.descendants().where(linkId.exists() and answer.exists()).count() * 100 / \
             %questionnaire.descendants().where(linkId.exists() and type!='group').count()).round(0)"
                .to_owned(),
        ),
    ]
}
