//! Texts. Positions and lengths count characters, not bytes.

use std::borrow::Cow;

use regex_lite::Regex;

use super::super::{Evaluator, Outcome, single, wrong_type, wrong_value};
use super::{Invocation, text};
use crate::encoding;
use crate::error::{EvaluationError, Failure};
use crate::functions::Function as F;
use crate::patterns;
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
        F::Lower => on_text(input.chars().flat_map(char::to_lowercase).collect()),
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
            let Some(pattern) = pattern(evaluator, &invocation, 1)? else {
                return Ok(Collection::new());
            };
            Ok(Value::Boolean(pattern.is_match(&input)).into())
        }
        F::ReplaceMatches => {
            let Some(pattern) = pattern(evaluator, &invocation, 2)? else {
                return Ok(Collection::new());
            };
            let Some(replacement) = invocation.string(evaluator, 1)? else {
                return Ok(Collection::new());
            };
            evaluator.spend_text((input.len() + 1).saturating_mul(replacement.len()))?;
            on_text(patterns::replace_all(&pattern, &input, &replacement))
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
            evaluator.spend_text((input_text.len() + 1).saturating_mul(by.len().max(1)))?;
            Value::from(replaced(input_text, other, &by)).into()
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
fn replaced(text: &str, wanted: &str, by: &str) -> String {
    let mut result = String::new();
    let mut end = 0;
    while let Some(found) = find(text, wanted, end) {
        result.push_str(&text[end..found]);
        result.push_str(by);
        end = found + wanted.len();
        if wanted.is_empty() {
            let Some(c) = text[end..].chars().next() else {
                return result;
            };
            result.push(c);
            end += c.len_utf8();
        }
    }
    result + &text[end..]
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

/// The pattern, compiled with the expression where it is a literal, else now.
fn pattern<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    invocation: &Invocation<'a, '_>,
    flags: usize,
) -> Result<Option<Cow<'a, Regex>>, Failure> {
    let unsupported = |pattern: &str, reason: &str| {
        let (pattern, reason) = (pattern.to_owned(), reason.to_owned());
        Failure::from(EvaluationError::UnsupportedPattern { pattern, reason })
    };
    if let Some(compiled) = &invocation.call.pattern {
        let source = invocation
            .call
            .arguments
            .first()
            .and_then(|source| source.as_string())
            .unwrap_or_default();
        return match &compiled.0 {
            Ok(pattern) => Ok(Some(Cow::Borrowed(pattern))),
            Err(reason) => Err(unsupported(source, reason)),
        };
    }
    let Some(source) = invocation.string(evaluator, 0)? else {
        return Ok(None);
    };
    let flags = invocation.string(evaluator, flags)?.unwrap_or_default();
    // Compiling costs far more than matching.
    evaluator.spend(1000)?;
    match patterns::compile(&source, &flags, invocation.call.function == F::MatchesFull) {
        Some(Ok(pattern)) => Ok(Some(Cow::Owned(pattern))),
        Some(Err(reason)) => Err(unsupported(&source, &reason)),
        None => Err(wrong_value(invocation.name(), format!("the flags `{flags}`"))),
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
        joined.push_str(&value.to_text().ok_or_else(|| wrong_type("join", &[value]))?);
        evaluator.spend_text(joined.len().min(super::super::MAX_TEXT + 1) / (index + 1))?;
    }
    Ok(Value::from(joined).into())
}
