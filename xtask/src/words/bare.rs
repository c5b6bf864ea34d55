//! For the tests: the English in the pages that `tr!` does not say.

use anyhow::Result;
use proc_macro2::{TokenStream, TokenTree};

use super::find::{code, macro_before, text_of, without_tests};

/// Where the app speaks to its user.
const PAGES: [&str; 1] = ["src"];
/// What is in these is not for the user's eyes: technical reasons, for a log or the helpdesk, and drawings.
const SILENT_FILES: [&str; 5] = [
    "src/browser/crypto.rs",
    "src/browser/remote.rs",
    "src/browser/store.rs",
    "src/browser/typed.rs",
    "src/components/icon.rs",
];
/// Not translated yet.
const PENDING: [&str; 15] = [
    "src/form/choice.rs",
    "src/form/date.rs",
    "src/form/display.rs",
    "src/form/fixed.rs",
    "src/form/handle.rs",
    "src/form/number.rs",
    "src/form/section.rs",
    "src/form/text.rs",
    "src/pages/assessment/advice.rs",
    "src/pages/assessment/back_and_forth.rs",
    "src/pages/assessment/missing.rs",
    "src/pages/assessment/mod.rs",
    "src/pages/assessment/sections.rs",
    "src/pages/assessment/standing.rs",
    "src/pages/assessment/steps.rs",
];
const SILENT_MACROS: [&str; 8] = ["tr", "msg", "warn", "error", "log", "debug_warn", "env", "concat"];
/// English that is no sentence of the app.
const EXCUSED: [&str; 14] = [
    // The name of the app, and what each language calls itself.
    "Mobile Assessments",
    "{} · Mobile Assessments",
    "English",
    "Español",
    // Said in the language that could not be loaded.
    "English could not be loaded. Connect to a network, then choose it again.",
    "No se pudo cargar el español. Conéctese a una red y vuelva a elegirlo.",
    // Names for the style sheet, and of FHIR.
    "badge badge-{}",
    "banner banner-{}",
    "button button-primary",
    "button button-secondary",
    "button button-quiet",
    "mark mark-{}{busy}",
    "step step-{}",
    "Patient",
];

/// The English in the pages that `tr!` does not say.
pub fn english() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (file, tokens) in code(&PAGES)? {
        if !SILENT_FILES
            .iter()
            .chain(&PENDING)
            .any(|silent| file.starts_with(silent))
        {
            bare(without_tests(tokens), &mut |text| {
                if !EXCUSED.contains(&text.as_str()) {
                    found.push(format!("{file}: {text}"));
                }
            });
        }
    }
    Ok(found)
}

fn bare(tokens: TokenStream, tell: &mut dyn FnMut(String)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let silent =
                    macro_before(&tokens[..at]).is_some_and(|name| SILENT_MACROS.contains(&name.as_str()));
                if !silent {
                    bare(group.stream(), tell);
                }
            }
            TokenTree::Literal(literal) if !is_class(&tokens[..at]) => {
                tell_english(text_of(literal), tell);
            }
            _ => {}
        }
    }
}

/// `class="…"`: names for the style sheet.
fn is_class(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(name), TokenTree::Punct(sign)] if name == "class" && sign.as_char() == '=')
}

fn tell_english(text: Option<String>, tell: &mut dyn FnMut(String)) {
    if let Some(text) = text.filter(|text| is_english(text)) {
        tell(text);
    }
}

/// Words beside each other, or one that begins with a capital.
fn is_english(text: &str) -> bool {
    let mut own = text.to_owned();
    while let Some((before, rest)) = own.split_once('{') {
        own = match rest.split_once('}') {
            Some((_, after)) => format!("{before}{after}"),
            None => before.to_owned(),
        };
    }
    let letters = |word: &str| word.chars().any(char::is_alphabetic);
    let words = own.split_whitespace().filter(|word| letters(word)).count();
    let capital = text.starts_with(|first: char| first.is_uppercase())
        && text.chars().nth(1).is_some_and(|second| second.is_lowercase());
    words > 1 || capital
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_that_is_not_translated_is_found() {
        let code = r#"fn page() { view! { <p class="page wide" id="main">"Try again"</p> {tr!("fine")} {format!("sent {at}")} {"x"} } }"#;
        let mut said = Vec::new();
        bare(code.parse().unwrap(), &mut |text| said.push(text));
        assert_eq!(said, ["Try again"]);
    }
}
