//! Evaluates an expression on a resource, from the command line.
//!
//! ```text
//! cargo run -p fhirpath --example evaluate -- "name.given.first()" patient.json
//! ```

#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::error::Error;
use std::fs;

use fhirpath::{Context, Expression};
use serde_json::Value as Json;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, files @ ..] = arguments.as_slice() else {
        return Err("usage: evaluate EXPRESSION [RESOURCE.json] [QUESTIONNAIRE.json]".into());
    };
    let resources: Vec<Json> = files
        .iter()
        .map(|file| Ok(serde_json::from_str(&fs::read_to_string(file)?)?))
        .collect::<Result<_, Box<dyn Error>>>()?;

    let expression = Expression::parse(source)?;
    let mut context = resources.first().map_or_else(Context::empty, Context::new);
    if let Some(questionnaire) = resources.get(1) {
        context = context.with_questionnaire(questionnaire);
    }
    for value in &expression.evaluate(&context)? {
        println!("{} {}", value.type_info().name, value.to_json());
    }

    let dependencies = expression.dependencies();
    if dependencies.reads_everything() {
        println!("depends on every item");
    } else {
        let link_ids: Vec<_> = dependencies.link_ids().collect();
        println!("depends on the items: {}", link_ids.join(", "));
    }
    Ok(())
}
