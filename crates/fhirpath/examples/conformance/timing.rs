//! Evaluations a second of typical expressions over a complete response of 500 answers.

use std::error::Error;
use std::time::{Duration, Instant};

use fhirpath::{Context, Expression};
use serde_json::{Value as Json, json};

const ITEMS: usize = 500;
const GROUP: usize = 20;
const WEIGHT: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

pub fn run(as_json: bool) -> Result<(), Box<dyn Error>> {
    let (questionnaire, response) = (questionnaire(), response());
    let in_group: Vec<_> = (0..4).map(|item| format!("'g1.i{}'", 2 + item * 5)).collect();
    let expressions = [
        ("one answer", "%resource.item.where(linkId='g1').item.where(linkId='g1.i1').answer.value.where(code='some').exists()".to_owned()),
        ("group total", format!("%resource.item.where(linkId='g1').item.where(linkId in ({})).answer.value.sum()", in_group.join("|"))),
        ("ordinal sum", format!("%resource.item.item.answer.value.extension.where(url='{WEIGHT}').value.sum()")),
        ("grand total", "%resource.item.item.where(linkId.endsWith('.total') and linkId!='gt.total').answer.value.sum()".to_owned()),
        ("percent answered", "(%resource.descendants().where(linkId.exists() and answer.exists()).count() * 100 / \
            %questionnaire.descendants().where(linkId.exists() and type!='group').count()).round(0)".to_owned()),
    ];
    let mut rates = serde_json::Map::new();
    for (name, source) in expressions {
        let expression = Expression::parse(&source)?;
        let context = Context::new(&response).with_questionnaire(&questionnaire);
        let result = expression.evaluate(&context)?.to_json();
        let rate = rate(|| expression.evaluate(&context).map(drop))?;
        if !as_json {
            println!("{name:<17} {rate:>10.0} a second   {}", json!(result));
        }
        rates.insert(name.to_owned(), json!(rate.round()));
    }
    if as_json {
        println!("{}", Json::Object(rates));
    }
    Ok(())
}

/// The best of several short windows: what else the machine does only ever slows it down.
fn rate<E>(mut evaluate: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let mut best = 0.0_f64;
    for _ in 0..7 {
        let (begin, mut count) = (Instant::now(), 0);
        while begin.elapsed() < Duration::from_millis(150) {
            evaluate()?;
            count += 1;
        }
        best = best.max(f64::from(count) / begin.elapsed().as_secs_f64());
    }
    Ok(best)
}

fn option(code: &str, weight: i64) -> Json {
    json!({ "system": "urn:example:answers", "code": code, "display": format!("The answer {code}"),
        "extension": [{ "url": WEIGHT, "valueDecimal": weight }] })
}

/// Choice, integer, text, decimal and date in turn.
fn answer(item: usize) -> Json {
    match item % 5 {
        0 => json!({ "valueCoding": option("some", 1) }),
        1 => json!({ "valueInteger": 6 + item % 4 }),
        2 => json!({ "valueString": "pain since the fall" }),
        3 => json!({ "valueDecimal": (item % 1000) as f64 / 10.0 + 0.5 }),
        _ => json!({ "valueDate": "2026-05-17" }),
    }
}

fn response() -> Json {
    let group = |group: usize| {
        let item = |index: usize| json!({ "linkId": format!("g{group}.i{}", index + 1), "text": "How often have you been bothered by pain?", "answer": [answer(index)] });
        let mut items: Vec<_> = (0..GROUP).map(item).collect();
        items.push(json!({ "linkId": format!("g{group}.total"), "text": "Total", "answer": [{ "valueInteger": 28 }] }));
        json!({ "linkId": format!("g{group}"), "text": format!("Section {group}"), "item": items })
    };
    let mut items: Vec<_> = (1..=ITEMS / GROUP).map(group).collect();
    items.push(
        json!({ "linkId": "gt", "item": [{ "linkId": "gt.total", "answer": [{ "valueInteger": 700 }] }] }),
    );
    json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress", "item": items })
}

fn questionnaire() -> Json {
    let kinds = ["choice", "integer", "text", "decimal", "date"];
    let group = |group: usize| {
        let item = |index: usize| {
            let mut item = json!({ "linkId": format!("g{group}.i{}", index + 1), "text": "How often have you been bothered by pain?", "type": kinds[index % 5] });
            if index.is_multiple_of(5) {
                let options = ["never", "some", "half", "daily"].into_iter().zip(0..);
                item["answerOption"] = options
                    .map(|(code, weight)| json!({ "valueCoding": option(code, weight) }))
                    .collect();
            }
            if index % 3 == 2 {
                item["enableWhen"] =
                    json!([{ "question": format!("g{group}.i2"), "operator": ">", "answerInteger": 5 }]);
            }
            item
        };
        let mut items: Vec<_> = (0..GROUP).map(item).collect();
        items.push(json!({ "linkId": format!("g{group}.total"), "text": "Total", "type": "integer" }));
        json!({ "linkId": format!("g{group}"), "text": format!("Section {group}"), "type": "group", "item": items })
    };
    let mut items: Vec<_> = (1..=ITEMS / GROUP).map(group).collect();
    items.push(
        json!({ "linkId": "gt", "type": "group", "item": [{ "linkId": "gt.total", "type": "integer" }] }),
    );
    json!({ "resourceType": "Questionnaire", "status": "active", "item": items })
}
