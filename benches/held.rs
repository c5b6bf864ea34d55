//! Expressions over a complete response, read once and evaluated again and again.

use fhirpath::{Context, Expression};
use serde_json::Value;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::generated;

#[wasm_bindgen]
pub struct Held {
    questionnaire: Value,
    response: Value,
    expressions: Vec<Expression>,
}

#[wasm_bindgen]
impl Held {
    #[wasm_bindgen(constructor)]
    pub fn new(questions: usize) -> Result<Held, JsError> {
        let expressions = generated::expressions();
        let expressions = expressions.iter().map(|(_, source)| Expression::parse(source));
        Ok(Self {
            questionnaire: generated::questionnaire(questions),
            response: generated::response(questions),
            expressions: expressions.collect::<Result<_, _>>()?,
        })
    }

    /// Evaluates one of them; returns how many values it has.
    pub fn evaluate(&self, which: usize) -> usize {
        self.result(which).map_or(0, |values| values.len())
    }

    /// Its values as JSON, to be held against another engine's.
    pub fn shown(&self, which: usize) -> String {
        self.result(which)
            .map(Value::from)
            .unwrap_or_default()
            .to_string()
    }
}

impl Held {
    fn result(&self, which: usize) -> Option<Vec<Value>> {
        let context = Context::new(&self.response).with_questionnaire(&self.questionnaire);
        Some(self.expressions.get(which)?.evaluate(&context).ok()?.to_json())
    }
}
