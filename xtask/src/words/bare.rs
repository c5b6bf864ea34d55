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
const SILENT_MACROS: [&str; 8] = ["tr", "msg", "warn", "error", "log", "debug_warn", "env", "concat"];
/// English that is no sentence of the app.
const EXCUSED: [&str; 22] = [
    // The name of the app, and what each language calls itself.
    "Mobile Assessments",
    "{} · Mobile Assessments",
    "English",
    "Español",
    // Said in the language that could not be loaded.
    "English could not be loaded. Connect to a network, then choose it again.",
    "No se pudo cargar el español. Conéctese a una red y vuelva a elegirlo.",
    // Of the style sheet, of keys, of FHIR.
    "words prompt",
    "italic {}px Georgia, 'Times New Roman', serif",
    "ArrowDown",
    "ArrowUp",
    "Control+Enter",
    "Control+Shift+F",
    "Control+Shift+Z",
    "Ctrl+Shift+F",
    "input, textarea, select",
    "Control+Z",
    "Enter",
    "Escape",
    "Patient",
    // Units and keys.
    "{} kB",
    "{} MB",
    "{} (Ctrl+Enter)",
];

/// The English in the pages that `tr!` does not say.
pub fn english() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (file, tokens) in code(&PAGES)? {
        if !SILENT_FILES.contains(&file.as_str()) {
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
                let is_met = |text: &String| is_english(text) || is_text(&tokens, at) && has_letters(text);
                if let Some(text) = text_of(literal).filter(is_met) {
                    tell(text);
                }
            }
            _ => {}
        }
    }
}

/// `class="…"`: names for the style sheet.
fn is_class(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(name), TokenTree::Punct(sign)] if name == "class" && sign.as_char() == '=')
}

/// Between tags: what stands there is read, be it a single small word.
fn is_text(tokens: &[TokenTree], at: usize) -> bool {
    let is_sign =
        |token: &TokenTree, wanted| matches!(token, TokenTree::Punct(sign) if sign.as_char() == wanted);
    let ends_a_tag = match &tokens[..at] {
        [.., before, end] => is_sign(end, '>') && !is_sign(before, '=') && !is_sign(before, '-'),
        _ => false,
    };
    ends_a_tag || tokens.get(at + 1).is_some_and(|next| is_sign(next, '<'))
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
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
    let words = own.split_whitespace().filter(|word| has_letters(word)).count();
    let capital = text.starts_with(|first: char| first.is_uppercase())
        && text.chars().nth(1).is_some_and(|second| second.is_lowercase());
    // A word between two values is one too.
    let between = own.contains(" ") && has_letters(&own) && own.trim() != own;
    (words > 1 || capital || between) && !is_class_list(text)
}

/// "button button-primary": names for the style sheet.
fn is_class_list(text: &str) -> bool {
    let is_name = |word: &str| {
        word.chars()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "-_{}".contains(sign))
    };
    text.contains('-') && text.split_whitespace().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_that_is_not_translated_is_found() {
        let code = r#"fn page() { view! { <p class="page wide" id="main">"Try again"</p> {tr!("fine")} {format!("sent {at}")} {"x"} <b>"or"</b> } }"#;
        let mut said = Vec::new();
        bare(code.parse().unwrap(), &mut |text| said.push(text));
        assert_eq!(said, ["Try again", "sent {at}", "or"]);
    }
}
