//! Finds the sentences in the code: what `tr!` says, `msg!` and `sentence!` mark, and the faults that can come to a
//! user.

use std::collections::HashMap;
use std::path::Path;
use std::str::FromStr as _;

use anyhow::{Context, Result, anyhow, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{project, sw};

/// Where the app's sentences are.
const FOLDERS: [&str; 6] = [
    "src",
    "crates/documents/src",
    "crates/forms/src",
    "crates/protocol/src",
    "crates/replica/src",
    "crates/vault/src",
];

/// Whose faults, in `#[error("…")]`, can come to a user.
const FAULTS: [&str; 7] = [
    "crates/documents/src/chain.rs",
    "crates/documents/src/life.rs",
    "crates/forms/src/lib.rs",
    "crates/replica/src/documents.rs",
    "crates/replica/src/records.rs",
    "crates/replica/src/store.rs",
    "crates/vault/src/",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Empty for most.
    pub context: String,
    pub english: String,
    pub plural: Option<String>,
    pub files: Vec<String>,
}

/// Every sentence once, in the order in which they stand in the files.
pub fn sentences() -> Result<Vec<Sentence>> {
    let mut found: Vec<Sentence> = Vec::new();
    let mut known = HashMap::new();
    for (file, tokens) in code(&FOLDERS)? {
        let mut said = Vec::new();
        if FAULTS.iter().any(|faults| file.starts_with(faults)) {
            each_fault(tokens.clone(), &mut |fault| {
                // Any other place in it is filled with what is only for the helpdesk.
                if words::places(&fault.english).is_empty() || fault.english.ends_with(": {0}") {
                    said.push(Ok(fault));
                }
            });
        }
        each_macro(without_tests(tokens), &mut |name, arguments| {
            if matches!(name, "tr" | "msg" | "sentence") {
                said.push(sentence(arguments));
            }
        });
        for sentence in said {
            let mut sentence = sentence.with_context(|| file.clone())?;
            let key = (sentence.context.clone(), sentence.english.clone());
            match known.get(&key) {
                Some(at) => {
                    let first: &mut Sentence = &mut found[*at];
                    if first.plural != sentence.plural {
                        bail!("{file}: {:?} has another plural elsewhere", sentence.english);
                    }
                    if !first.files.contains(&file) {
                        first.files.push(file.clone());
                    }
                }
                None => {
                    sentence.files.push(file.clone());
                    known.insert(key, found.len());
                    found.push(sentence);
                }
            }
        }
    }
    Ok(found)
}

/// `"context" => "one" | "many" % number, values`: of it, what is to be translated.
fn sentence(arguments: TokenStream) -> Result<Sentence> {
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    let text = |at: usize| match tokens.get(at) {
        Some(TokenTree::Literal(literal)) => text_of(literal),
        _ => None,
    };
    let sign = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let has_context = sign(1, '=') && sign(2, '>');
    let at = if has_context { 3 } else { 0 };
    let english = text(at).ok_or_else(|| anyhow!("tr! takes a sentence as a literal"))?;
    Ok(Sentence {
        context: if has_context {
            text(0).unwrap_or_default()
        } else {
            String::new()
        },
        english,
        plural: if sign(at + 1, '|') { text(at + 2) } else { None },
        files: Vec::new(),
    })
}

pub(super) fn text_of(literal: &proc_macro2::Literal) -> Option<String> {
    syn::parse_str::<syn::LitStr>(&literal.to_string())
        .ok()
        .map(|literal| literal.value())
}

/// The files of Rust below some folders.
pub(super) fn code(folders: &[&str]) -> Result<Vec<(String, TokenStream)>> {
    let mut read = Vec::new();
    for folder in folders {
        let root = project::root().join(folder);
        for file in sw::files(&root)?.into_iter().filter(|file| is_code(file)) {
            let text =
                std::fs::read_to_string(root.join(&file)).with_context(|| format!("cannot read {file}"))?;
            let tokens = TokenStream::from_str(&text).map_err(|error| anyhow!("{folder}/{file}: {error}"))?;
            read.push((format!("{folder}/{file}"), tokens));
        }
    }
    Ok(read)
}

fn is_code(file: &str) -> bool {
    let name = Path::new(file).file_name().unwrap_or_default();
    file.ends_with(".rs") && name != "tests.rs" && name != "suite.rs"
}

/// Without attributes and documentation, and without what stands behind `mod tests`.
pub(super) fn without_tests(tokens: TokenStream) -> TokenStream {
    let mut left: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let ends = |word: &str| matches!(&token, TokenTree::Ident(ident) if ident == word);
        let after_mod = matches!(left.last(), Some(TokenTree::Ident(ident)) if ident == "mod");
        if ends("tests") && after_mod {
            break;
        }
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#') {
            let is_attribute = |token: &TokenTree| match token {
                TokenTree::Punct(punct) => punct.as_char() == '!',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
                _ => false,
            };
            while tokens.peek().is_some_and(is_attribute) {
                if let Some(TokenTree::Group(_)) = tokens.next() {
                    break;
                }
            }
            continue;
        }
        left.push(match token {
            TokenTree::Group(group) => TokenTree::Group(proc_macro2::Group::new(
                group.delimiter(),
                without_tests(group.stream()),
            )),
            token => token,
        });
    }
    left.into_iter().collect()
}

fn each_macro(tokens: TokenStream, call: &mut dyn FnMut(&str, TokenStream)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        if let Some(name) = macro_before(&tokens[..at]) {
            call(&name, group.stream());
        }
        let before = &tokens[..at];
        if matches!(before, [.., TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Ident(_)] if word == "macro_rules")
        {
            // The definition of a macro says nothing itself.
            continue;
        }
        each_macro(group.stream(), call);
    }
}

/// What `#[error("…")]` says.
fn each_fault(tokens: TokenStream, call: &mut dyn FnMut(Sentence)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let is_error = matches!(at.checked_sub(1).and_then(|before| tokens.get(before)),
            Some(TokenTree::Ident(name)) if name == "error");
        match sentence(group.stream()) {
            Ok(fault) if is_error => call(fault),
            _ => each_fault(group.stream(), call),
        }
    }
}

pub(super) fn macro_before(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [.., TokenTree::Ident(name), TokenTree::Punct(sign)] if sign.as_char() == '!' => {
            Some(name.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<(String, String, Option<String>)> {
        let mut found = Vec::new();
        each_macro(without_tests(code.parse().unwrap()), &mut |name, arguments| {
            if name == "tr" {
                let Sentence {
                    context,
                    english,
                    plural,
                    ..
                } = sentence(arguments).unwrap();
                found.push((context, english, plural));
            }
        });
        found
    }

    #[test]
    fn sentences_are_found_wherever_they_are_said() {
        let code = r##"
            /// tr!("in a comment")
            fn page() { view! { <p title=tr!("a \"title\"")>{if !odd {tr!("a text", n)}}</p> {tr!("verb" => "one" | "many" % n)} } }
            #[cfg(test)] mod tests { fn f() { tr!("in a test") } }
        "##;
        let expected = [
            ("", "a \"title\"", None),
            ("", "a text", None),
            ("verb", "one", Some("many")),
        ];
        let expected = expected.map(|(context, english, plural)| {
            (context.to_owned(), english.to_owned(), plural.map(str::to_owned))
        });
        assert_eq!(found(code), expected);
    }
}
