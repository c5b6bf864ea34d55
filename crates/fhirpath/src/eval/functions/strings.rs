//! Texts. Positions and lengths count characters, not bytes.

use std::borrow::Cow;

use super::super::{Evaluator, MAX_TEXT, Outcome, allow_text, single, wrong_type, wrong_value};
use super::{Invocation, text};
use crate::encoding;
use crate::error::{EvaluationError, Failure};
use crate::functions::Function as F;
use crate::patterns::{self, Pattern};
use crate::value::{Collection, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    if invocation.call.function == F::Join {
        return join(evaluator, &invocation);
    }
    let Some(input) = single(&invocation.input, invocation.name())? else {
        return Ok(Collection::new());
    };
    let input = text(input).ok_or_else(|| wrong_type(invocation.name(), &[input]))?;
    evaluator.spend_text(input.len())?;
    let on_text = |text: String| Ok(Value::from(text).into());
    match invocation.call.function {
        F::Length => Ok(Value::Integer(count(&input)).into()),
        F::Upper => on_text(input.chars().flat_map(char::to_uppercase).collect()),
        F::Lower => on_text(input.to_lowercase()),
        F::Trim => Ok(sub(&input, input.trim()).into()),
        F::ToChars => {
            evaluator.spend(input.len())?;
            Ok(input
                .char_indices()
                .map(|(at, c)| sub(&input, &input[at..at + c.len_utf8()]))
                .collect())
        }
        F::Substring => substring(evaluator, &invocation, &input),
        F::Matches | F::MatchesFull => {
            let Some(pattern) = pattern(evaluator, &invocation, &input, 1)? else {
                return Ok(Collection::new());
            };
            Ok(Value::Boolean(pattern.regex.is_match(&input)).into())
        }
        F::ReplaceMatches => {
            let Some(pattern) = pattern(evaluator, &invocation, &input, 2)? else {
                return Ok(Collection::new());
            };
            let Some(replacement) = invocation.string(evaluator, 1)? else {
                return Ok(Collection::new());
            };
            let replaced = patterns::replace_all(&pattern, &input, &replacement, MAX_TEXT);
            let replaced = replaced.ok_or(EvaluationError::BudgetExceeded)?;
            evaluator.spend_text(replaced.len())?;
            on_text(replaced)
        }
        _ => with_text(evaluator, &invocation, &input),
    }
}

/// The functions whose first argument is a text.
fn with_text<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
    input: &Cow<'a, str>,
) -> Outcome<'a> {
    let Some(other) = invocation.string(evaluator, 0)? else {
        return Ok(Collection::new());
    };
    let (input_text, other): (&str, &str) = (input, &other);
    let at = |position: Option<usize>| Value::Integer(position.map_or(-1, |at| count(&input_text[..at])));
    Ok(match invocation.call.function {
        F::StartsWith => Value::Boolean(input_text.starts_with(other)).into(),
        F::EndsWith => Value::Boolean(input_text.ends_with(other)).into(),
        F::Contains => Value::Boolean(find(input_text, other, 0).is_some()).into(),
        F::IndexOf => at(find(input_text, other, 0)).into(),
        F::LastIndexOf if other.is_empty() => at(Some(input_text.len())).into(),
        F::LastIndexOf => {
            let (mut last, mut next) = (None, find(input_text, other, 0));
            while let Some(found) = next {
                evaluator.spend(1)?;
                last = next;
                next = find(input_text, other, found + 1);
            }
            at(last).into()
        }
        F::Split => {
            let (mut parts, mut end) = (Collection::new(), 0);
            while let Some(found) = find(input_text, other, end).filter(|_| !other.is_empty()) {
                evaluator.spend(1)?;
                parts.push(sub(input, &input_text[end..found]));
                end = found + other.len();
            }
            parts.push(sub(input, &input_text[end..]));
            parts
        }
        F::Replace => {
            let Some(by) = invocation.string(evaluator, 1)? else {
                return Ok(Collection::new());
            };
            let replaced = replaced(input_text, other, &by)?;
            evaluator.spend_text(replaced.len())?;
            Value::from(replaced).into()
        }
        F::Encode => encoding::encode(input_text, other).map(Value::from).into(),
        F::Decode => encoding::decode(input_text, other).map(Value::from).into(),
        F::Escape => encoding::escape(input_text, other).map(Value::from).into(),
        _ => encoding::unescape(input_text, other).map(Value::from).into(),
    })
}

/// The first place of a text at or after a position. A position within a character counts as the end of it.
#[inline(never)]
fn find(text: &str, wanted: &str, from: usize) -> Option<usize> {
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
    text[from..].find(wanted).map(|at| from + at)
}

/// An empty text is found around every character.
fn replaced(text: &str, wanted: &str, by: &str) -> Result<String, Failure> {
    let mut result = String::new();
    let mut end = 0;
    while let Some(found) = find(text, wanted, end) {
        result.push_str(&text[end..found]);
        result.push_str(by);
        allow_text(result.len())?;
        end = found + wanted.len();
        if wanted.is_empty() {
            let Some(c) = text[end..].chars().next() else {
                return Ok(result);
            };
            result.push(c);
            end += c.len_utf8();
        }
    }
    Ok(result + &text[end..])
}

fn count(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// A part of a text: borrowed from the resource where the whole is.
fn sub<'a>(whole: &Cow<'a, str>, part: &str) -> Value<'a> {
    match whole {
        Cow::Borrowed(text) => {
            let begin = part.as_ptr().addr() - text.as_ptr().addr();
            Value::String(Cow::Borrowed(
                text.get(begin..begin + part.len()).unwrap_or_default(),
            ))
        }
        Cow::Owned(_) => Value::from(part.to_owned()),
    }
}

fn substring<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
    input: &Cow<'a, str>,
) -> Outcome<'a> {
    let Some(start) = invocation.integer(evaluator, 0)? else {
        return Ok(Collection::new());
    };
    let length = invocation.integer(evaluator, 1)?;
    let begin = usize::try_from(start)
        .ok()
        .and_then(|start| input.char_indices().nth(start))
        .map(|(at, _)| at);
    let Some(begin) = begin else {
        return Ok(Collection::new());
    };
    let rest = &input[begin..];
    let end = match length {
        None => rest.len(),
        Some(length) => {
            let length = usize::try_from(length.max(0)).unwrap_or(usize::MAX);
            rest.char_indices().nth(length).map_or(rest.len(), |(at, _)| at)
        }
    };
    Ok(sub(input, &rest[..end]).into())
}

/// The pattern, compiled with the expression where it is a literal, else now; and the price of the search is paid.
fn pattern<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
    input: &str,
    flags: usize,
) -> Result<Option<Cow<'a, Pattern>>, Failure> {
    let Some(source) = invocation.string(evaluator, 0)? else {
        return Ok(None);
    };
    let compiled = match &invocation.call.pattern {
        Some(compiled) => compiled.as_ref().map(Cow::Borrowed).map_err(String::clone),
        None => {
            let flags = invocation.string(evaluator, flags)?.unwrap_or_default();
            // Compiling costs far more than matching.
            evaluator.spend(1000)?;
            match patterns::compile(&source, &flags, invocation.call.function == F::MatchesFull) {
                Some(compiled) => compiled.map(Cow::Owned),
                None => return Err(wrong_value(invocation.name(), format!("the flags `{flags}`"))),
            }
        }
    };
    match compiled {
        Ok(pattern) => {
            evaluator.spend(input.len().saturating_mul(pattern.cost))?;
            Ok(Some(pattern))
        }
        Err(reason) => {
            let pattern = source.into_owned();
            Err(EvaluationError::UnsupportedPattern { pattern, reason }.into())
        }
    }
}

fn join<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let separator = invocation.string(evaluator, 0)?.unwrap_or_default();
    if invocation.input.is_empty() {
        return Ok(Collection::new());
    }
    let mut joined = String::new();
    for (index, value) in invocation.input.iter().enumerate() {
        if index > 0 {
            joined.push_str(&separator);
        }
        let text = value.to_text().ok_or_else(|| wrong_type("join", &[value]))?;
        evaluator.spend_text(separator.len() + text.len())?;
        joined.push_str(&text);
        allow_text(joined.len())?;
    }
    Ok(Value::from(joined).into())
}
