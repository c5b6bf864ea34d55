//! The form engine as a page has it: a program for WebAssembly that opens forms, answers them and evaluates expressions,
//! for `cargo xtask bench` to time from outside. Natively `native.rs` calls the same functions.
//!
//! Nothing in here looks at a clock, and nothing in here is the product's.

#[cfg(feature = "engine")]
mod filling;
pub mod generated;
#[cfg(feature = "engine")]
mod held;

#[cfg(feature = "engine")]
pub use {filling::Filling, held::Held};

use wasm_bindgen::prelude::wasm_bindgen;

/// Reads and writes JSON, as the program does that the engine's weight is the difference to.
#[wasm_bindgen]
pub fn again(text: &str) -> String {
    serde_json::from_str::<serde_json::Value>(text)
        .map_or_else(|error| error.to_string(), |json| json.to_string())
}

/// The generated form of so many questions, as JSON.
#[wasm_bindgen]
pub fn questionnaire(questions: usize) -> String {
    generated::questionnaire(questions).to_string()
}

/// A complete response to it, as JSON.
#[wasm_bindgen]
pub fn response(questions: usize) -> String {
    generated::response(questions).to_string()
}

/// The expressions that are compared, as JSON: pairs of a name and an expression.
#[wasm_bindgen]
pub fn expressions() -> String {
    serde_json::Value::from_iter(generated::expressions().map(|(name, source)| vec![name.to_owned(), source]))
        .to_string()
}
