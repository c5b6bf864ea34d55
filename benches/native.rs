//! The engine's figures natively, as JSON: `native TO.json [QUESTIONNAIRE.json]`. `cargo xtask bench` prints them beside those of
//! a page.

#[cfg(feature = "engine")]
mod measured;

#[cfg(feature = "engine")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let to = words.first().ok_or("the file to write is not named")?;
    measured::write(to, words.get(1).map(String::as_str))
}

#[cfg(not(feature = "engine"))]
fn main() {}
