//! Expressions of real forms over made-up responses, with the results that fhirpath.js gave: `oracle/expected.jsonl`.
//!
//! Variables are found as a form does: those of the form, then those of each group and question around, in order.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use fhirpath::{Collection, Context, DateTime, Expression};
use serde_json::{Value as Json, json};

use crate::report::{KnownMisses, Report};

type Expressions = HashMap<String, Result<Expression, fhirpath::ParseError>>;

pub fn run(corpus: &Path, known: &KnownMisses) -> Result<Report, Box<dyn Error>> {
    let mut report = Report::new("oracle", 98.0);
    let read = |path: &str| -> Result<Json, Box<dyn Error>> {
        Ok(serde_json::from_str(&fs::read_to_string(corpus.join(path))?)?)
    };
    let fixtures = read("oracle/oracle-fixtures.json")?;
    let mut files: Vec<(String, Vec<Json>)> = Vec::new();
    for line in fs::read_to_string(corpus.join("oracle/expected.jsonl"))?.lines() {
        let line: Json = serde_json::from_str(line)?;
        let file = line["questionnaire"].as_str().unwrap_or_default().to_owned();
        match files.last_mut() {
            Some((last, lines)) if *last == file => lines.push(line),
            _ => files.push((file, vec![line])),
        }
    }
    for (file, lines) in files {
        let form = Form {
            questionnaire: read(&file)?,
            response: read(lines[0]["response"].as_str().unwrap_or_default())?,
            fixtures: &fixtures,
        };
        form.check(&file, &lines, known, &mut report);
    }
    Ok(report)
}

struct Form<'f> {
    questionnaire: Json,
    response: Json,
    fixtures: &'f Json,
}

/// One instance of an item in the response, and those around it.
#[derive(Clone)]
struct Place<'a> {
    link_id: &'a str,
    focus: &'a Json,
    /// The questions from the outermost to this one, each with its own focus.
    around: Vec<(&'a Json, &'a Json)>,
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json[name].as_array().map_or(&[], Vec::as_slice)
}

impl Form<'_> {
    fn check(&self, file: &str, lines: &[Json], known: &KnownMisses, report: &mut Report) {
        let stand_ins = self.stand_ins();
        let mut places = Vec::new();
        let root = Place {
            link_id: "",
            focus: &self.response,
            around: vec![(&self.questionnaire, &self.response)],
        };
        places.push(root.clone());
        self.collect(
            &root,
            list(&self.questionnaire, "item"),
            &self.response,
            &stand_ins,
            &mut places,
        );

        let mut expressions = Expressions::new();
        for source in places
            .iter()
            .flat_map(|place| &place.around)
            .flat_map(|(item, _)| variables(item))
        {
            let source = source.1["expression"].as_str().unwrap_or_default();
            expressions
                .entry(source.to_owned())
                .or_insert_with(|| Expression::parse(source));
        }
        for line in lines {
            let source = line["expr"].as_str().unwrap_or_default();
            expressions
                .entry(source.to_owned())
                .or_insert_with(|| Expression::parse(source));
        }
        let bundle = json!({ "resourceType": "Bundle", "type": "searchset", "total": 0 });
        let mut seen: HashMap<(&str, &str, &str, &str), usize> = HashMap::new();
        for line in lines {
            let text = |key: &str| line[key].as_str().unwrap_or_default();
            let key = (text("linkId"), text("kind"), text("name"), text("expr"));
            let nth = seen.entry(key).or_insert(0);
            let instances: Vec<_> = places.iter().filter(|place| place.link_id == key.0).collect();
            let outcome = match instances.get(*nth).or(instances.last()) {
                Some(place) => self.compare(place, line, &expressions, &bundle),
                None => Err("the item is not in the form".to_owned()),
            };
            *nth += 1;
            report.note(known, format!("{file}#{}", line["seq"]), key.3, outcome);
        }
    }

    /// An item for each question, to stand where the response has none.
    fn stand_ins(&self) -> HashMap<&str, Json> {
        let mut found = HashMap::new();
        let mut waiting: Vec<_> = list(&self.questionnaire, "item").iter().collect();
        while let Some(item) = waiting.pop() {
            waiting.extend(list(item, "item"));
            let link_id = item["linkId"].as_str().unwrap_or_default();
            found.insert(link_id, json!({ "linkId": link_id }));
        }
        found
    }

    fn collect<'a>(
        &'a self,
        outer: &Place<'a>,
        questions: &'a [Json],
        holder: &'a Json,
        stand_ins: &'a HashMap<&str, Json>,
        places: &mut Vec<Place<'a>>,
    ) {
        for question in questions {
            let link_id = question["linkId"].as_str().unwrap_or_default();
            let is_instance = |item: &&Json| item["linkId"].as_str() == Some(link_id);
            let mut instances: Vec<_> = list(holder, "item").iter().filter(is_instance).collect();
            if instances.is_empty() {
                instances.extend(stand_ins.get(link_id));
            }
            for focus in instances {
                let mut around = outer.around.clone();
                around.push((question, focus));
                let place = Place {
                    link_id,
                    focus,
                    around,
                };
                places.push(place.clone());
                let below = list(question, "item");
                match list(focus, "answer")
                    .iter()
                    .find(|answer| !list(answer, "item").is_empty())
                {
                    Some(answer) => self.collect(&place, below, answer, stand_ins, places),
                    None => self.collect(&place, below, focus, stand_ins, places),
                }
            }
        }
    }

    fn compare(
        &self,
        place: &Place<'_>,
        line: &Json,
        expressions: &Expressions,
        bundle: &Json,
    ) -> Result<(), String> {
        let recorded = DateTime::parse("2026-11-22T12:00:00.000Z").ok_or("no clock")?;
        let mut context = Context::new(&self.response)
            .with_questionnaire(&self.questionnaire)
            .at(recorded);
        for (name, fixture) in self.fixtures.as_object().into_iter().flatten() {
            context = context.with_variable(name.as_str(), fixture);
        }
        let wanted = line["name"].as_str();
        'around: for (item, focus) in &place.around {
            for (name, variable) in variables(item) {
                let source = variable["expression"].as_str().unwrap_or_default();
                // A variable's own line is compared in the scope before it.
                if Some(name) == wanted
                    && Some(source) == line["expr"].as_str()
                    && std::ptr::eq(*focus, place.focus)
                {
                    break 'around;
                }
                let here = context.clone().with_focus(*focus);
                // A variable that cannot be evaluated is empty, as in the engine that gave the results.
                let value = match (variable["language"].as_str(), expressions.get(source)) {
                    (Some("application/x-fhir-query"), _) => Collection::from(bundle),
                    (_, Some(Ok(expression))) => expression.evaluate(&here).unwrap_or_default(),
                    _ => Collection::new(),
                };
                context = context.with_variable(name, value);
            }
        }
        let source = line["expr"].as_str().unwrap_or_default();
        let expression = match &expressions[source] {
            Ok(expression) => expression,
            Err(error) => return Err(error.to_string()),
        };
        let found = expression
            .evaluate(&context.with_focus(place.focus))
            .map_err(|error| error.to_string())?;
        let found = found.to_json();
        let same = match (line["expected"].as_array(), line["expectedCount"].as_u64()) {
            (Some(expected), _) => {
                found.len() == expected.len()
                    && found
                        .iter()
                        .zip(expected)
                        .all(|(found, expected)| close(found, expected))
            }
            (None, Some(count)) => found.len() as u64 == count,
            (None, None) => found.is_empty(),
        };
        if same {
            Ok(())
        } else {
            Err(format!("found {}, expected {}", json!(found), line["expected"]))
        }
    }
}

/// The named expressions of a form or an item, in order.
fn variables(item: &Json) -> impl Iterator<Item = (&str, &Json)> {
    let is_variable = |extension: &&Json| {
        extension["url"]
            .as_str()
            .is_some_and(|url| url.ends_with("/variable") || url.ends_with("-variable"))
    };
    let expressions = list(item, "extension")
        .iter()
        .filter(is_variable)
        .map(|extension| &extension["valueExpression"]);
    expressions.map(|expression| (expression["name"].as_str().unwrap_or_default(), expression))
}

/// The other engine calculates in binary floating point: nine digits must agree.
fn close(found: &Json, expected: &Json) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        _ => found == expected,
    }
}
