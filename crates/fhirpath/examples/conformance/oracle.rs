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

/// One instance of an item in the response, or the whole response.
struct Place<'a> {
    link_id: &'a str,
    question: &'a Json,
    focus: &'a Json,
    /// Where the place around it stands in the list.
    outer: Option<usize>,
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json[name].as_array().map_or(&[], Vec::as_slice)
}

impl Form<'_> {
    fn check(&self, file: &str, lines: &[Json], known: &KnownMisses, report: &mut Report) {
        let stand_ins = self.stand_ins();
        let mut places = vec![Place {
            link_id: "",
            question: &self.questionnaire,
            focus: &self.response,
            outer: None,
        }];
        self.collect(0, &self.response, &stand_ins, &mut places);

        let mut expressions = Expressions::new();
        let defined = places.iter().flat_map(|place| variables(place.question));
        let defined = defined.map(|(_, variable)| &variable["expression"]);
        for source in defined
            .chain(lines.iter().map(|line| &line["expr"]))
            .filter_map(Json::as_str)
        {
            let parse = || Expression::parse(source);
            expressions.entry(source.to_owned()).or_insert_with(parse);
        }
        let bundle = json!({ "resourceType": "Bundle", "type": "searchset", "total": 0 });
        // A place comes after the one around it.
        let mut scopes: Vec<Vec<Variable<'_>>> = Vec::new();
        for place in &places {
            let outer = place.outer.map(|outer| scopes[outer].clone()).unwrap_or_default();
            scopes.push(self.scope(place, outer, &expressions, &bundle));
        }
        let mut seen: HashMap<(&str, &str, &str, &str), usize> = HashMap::new();
        for line in lines {
            let text = |key: &str| line[key].as_str().unwrap_or_default();
            let key = (text("linkId"), text("kind"), text("name"), text("expr"));
            let nth = seen.entry(key).or_insert(0);
            let instances: Vec<_> = (0..places.len())
                .filter(|index| places[*index].link_id == key.0)
                .collect();
            let outcome = match instances.get(*nth).or(instances.last()) {
                Some(index) => self.compare(&places[*index], &scopes[*index], line, &expressions[key.3]),
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

    /// The instances of the questions below a place; `holder` is the item or answer that has them.
    fn collect<'a>(
        &'a self,
        outer: usize,
        holder: &'a Json,
        stand_ins: &'a HashMap<&str, Json>,
        places: &mut Vec<Place<'a>>,
    ) {
        let questions = places[outer].question;
        for question in list(questions, "item") {
            let link_id = question["linkId"].as_str().unwrap_or_default();
            let is_instance = |item: &&Json| item["linkId"].as_str() == Some(link_id);
            let mut instances: Vec<_> = list(holder, "item").iter().filter(is_instance).collect();
            if instances.is_empty() {
                instances.extend(stand_ins.get(link_id));
            }
            for focus in instances {
                places.push(Place {
                    link_id,
                    question,
                    focus,
                    outer: Some(outer),
                });
                let holds_items = |answer: &&Json| !list(answer, "item").is_empty();
                let holder = list(focus, "answer").iter().find(holds_items).unwrap_or(focus);
                self.collect(places.len() - 1, holder, stand_ins, places);
            }
        }
    }

    fn context(&self) -> Context<'_> {
        let mut context = Context::new(&self.response).with_questionnaire(&self.questionnaire);
        for (name, fixture) in self.fixtures.as_object().into_iter().flatten() {
            context = context.with_variable(name.as_str(), fixture);
        }
        // The day on which the results were recorded.
        DateTime::parse("2026-11-22T12:00:00.000Z").map_or(context.clone(), |now| context.at(now))
    }

    /// The variables of a place after those around it, each evaluated in the scope of those before it.
    fn scope<'a>(
        &'a self,
        place: &Place<'a>,
        outer: Vec<Variable<'a>>,
        expressions: &'a Expressions,
        bundle: &'a Json,
    ) -> Vec<Variable<'a>> {
        let mut scope: Vec<_> = outer
            .into_iter()
            .map(|variable| Variable {
                own: false,
                ..variable
            })
            .collect();
        let mut context: Context<'a> = self.context().with_focus(place.focus);
        for variable in &scope {
            context = context.with_variable(variable.name, variable.value.clone());
        }
        for (name, variable) in variables(place.question) {
            let source = variable["expression"].as_str().unwrap_or_default();
            // A variable that cannot be evaluated is empty, as in the engine that gave the results.
            let value = match (variable["language"].as_str(), expressions.get(source)) {
                (Some("application/x-fhir-query"), _) => Collection::from(bundle),
                (_, Some(Ok(expression))) => expression.evaluate(&context).unwrap_or_default(),
                _ => Collection::new(),
            };
            context = context.with_variable(name, value.clone());
            scope.push(Variable {
                name,
                source,
                own: true,
                value,
            });
        }
        scope
    }

    fn compare<'a>(
        &'a self,
        place: &Place<'a>,
        scope: &[Variable<'a>],
        line: &Json,
        expression: &'a Result<Expression, fhirpath::ParseError>,
    ) -> Result<(), String> {
        let mut context: Context<'a> = self.context();
        for variable in scope {
            // A variable's own line is compared in the scope before it.
            let same_name = line["name"].as_str() == Some(variable.name);
            if variable.own && same_name && line["expr"].as_str() == Some(variable.source) {
                break;
            }
            context = context.with_variable(variable.name, variable.value.clone());
        }
        let expression = expression.as_ref().map_err(|error| error.to_string())?;
        let found = expression.evaluate(&context.with_focus(place.focus));
        let found = found.map_err(|error| error.to_string())?.to_json();
        let same = match (line["expected"].as_array(), line["expectedCount"].as_u64()) {
            (Some(expected), _) => {
                let pairs = || found.iter().zip(expected);
                found.len() == expected.len() && pairs().all(|(found, expected)| close(found, expected))
            }
            (None, Some(count)) => found.len() as u64 == count,
            (None, None) => found.is_empty(),
        };
        let difference = || format!("found {}, expected {}", json!(found), line["expected"]);
        if same { Ok(()) } else { Err(difference()) }
    }
}

/// A named expression with its value.
#[derive(Clone)]
struct Variable<'a> {
    name: &'a str,
    source: &'a str,
    /// Whether it belongs to the item itself, not to one around it.
    own: bool,
    value: Collection<'a>,
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
