//! How long a form takes to open, and one answer in it, as tables in Markdown.
//!
//! ```text
//! cargo run --release -p forms --example speed [QUESTIONNAIRE.json …]
//! ```
//!
//! The generated forms have groups of 20 scored choices, 30 % of them under a condition, a total for each group and a
//! grand total of the totals.

#![allow(clippy::print_stdout, reason = "an example for the command line")]

use std::time::{Duration, Instant};

use forms::{Form, ItemId};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("| form | items | open | one answer: median | worst | items drawn again, at most |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        let name = file.rsplit('/').next().unwrap_or(&file).to_owned();
        row(&name, || Ok(serde_json::from_slice(&bytes)?))?;
    }
    for items in [50, 500, 2_000, 10_000] {
        let questionnaire = generated(items);
        row("generated", || Ok(questionnaire.clone()))?;
    }
    Ok(())
}

type Read<'r> = dyn Fn() -> Result<Value, Box<dyn std::error::Error>> + 'r;

fn row(
    name: &str,
    read: impl Fn() -> Result<Value, Box<dyn std::error::Error>>,
) -> Result<(), Box<dyn std::error::Error>> {
    let read: &Read<'_> = &read;
    let mut opened = Vec::new();
    for _ in 0..3 {
        let questionnaire = read()?;
        let start = Instant::now();
        let form = Form::open(&questionnaire)?;
        opened.push(start.elapsed());
        drop(form);
    }
    let mut form = Form::open(&read()?)?;
    let questions: Vec<ItemId> = form
        .items()
        .filter(|item| item.enabled && !item.read_only && item.kind.is_question())
        .map(|item| item.id)
        .collect();
    let (mut times, mut most) = (Vec::new(), 0);
    for step in 0..200 {
        let id = questions[(step * 7_919) % questions.len()];
        let view = form.item(id);
        let answers = match view.options.len() {
            0 => view.read(["1", "2"][step % 2]),
            options => vec![view.options[step % options].answer.clone()],
        };
        let start = Instant::now();
        let changes = form.answer(id, answers);
        times.push(start.elapsed());
        most = most.max(changes.map_or(0, |changes| changes.iter().count()));
    }
    println!(
        "| {name} | {} | {} | {} | {} | {most} |",
        form.items().count(),
        shown(median(&mut opened)),
        shown(median(&mut times)),
        shown(times.last().copied().unwrap_or_default()),
    );
    Ok(())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    match time.as_micros() {
        0..1_000 => format!("{} µs", time.as_micros()),
        _ => format!("{:.1} ms", time.as_secs_f64() * 1_000.0),
    }
}

fn generated(items: usize) -> Value {
    let total = |link_id: String, expression: String| {
        json!({ "linkId": link_id, "type": "decimal", "readOnly": true, "extension": [{
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
            "valueExpression": { "language": "text/fhirpath", "expression": expression } }] })
    };
    let options: Vec<Value> = (0..4)
        .map(|score| {
            json!({ "valueCoding": { "system": "https://forms.example.org/scores", "code": score.to_string() },
                "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score }] })
        })
        .collect();
    let groups = (items / 22).max(1);
    let mut top: Vec<Value> = (0..groups)
        .map(|group| {
            let mut below: Vec<Value> = (0..20)
                .map(|at| {
                    let mut item = json!({ "linkId": format!("q{group}.{at}"), "type": "choice", "answerOption": options });
                    if at % 10 > 6 {
                        let wanted = json!({ "system": "https://forms.example.org/scores", "code": "3" });
                        item["enableWhen"] = json!([{ "question": format!("q{group}.{}", at - 1), "operator": "!=", "answerCoding": wanted }]);
                    }
                    item
                })
                .collect();
            let named: Vec<String> = (0..20).map(|at| format!("'q{group}.{at}'")).collect();
            let named = named.join(" | ");
            below.push(total(
                format!("t{group}"),
                format!("%resource.item.where(linkId = 'g{group}').item.where(linkId in ({named})).answer.weight().sum()"),
            ));
            json!({ "linkId": format!("g{group}"), "type": "group", "item": below })
        })
        .collect();
    let names: Vec<String> = (0..groups).map(|group| format!("'t{group}'")).collect();
    top.push(total(
        "grand".to_owned(),
        format!(
            "%resource.item.item.where(linkId in ({})).answer.value.sum()",
            names.join(" | ")
        ),
    ));
    json!({ "resourceType": "Questionnaire", "item": top })
}
