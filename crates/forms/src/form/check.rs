//! What is wrong with an answer, or with there being none.

use std::{cmp::Ordering, fmt};

use super::{Form, ItemId};
use crate::{Answer, Kind, definition::Item, number};

/// One thing that keeps a form from being finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub item: ItemId,
    pub rule: Rule,
    /// A sentence for the user that says what to do.
    pub message: String,
}

/// What is broken. The codes are those that validators of FHIR responses use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    Required,
    /// Not an answer of the kind that is asked for.
    AnswerType,
    AnswerOption,
    MinLength,
    MaxLength,
    NewLine,
    MinValue,
    MaxValue,
    MaxDecimalPlaces,
    Repeats,
    MinCount,
    MaxCount,
    Exclusive,
}

impl Rule {
    pub fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::AnswerType => "invalidAnswerType",
            Self::AnswerOption => "invalidAnswerOption",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::NewLine => "invalidNewLine",
            Self::MinValue => "minValue",
            Self::MaxValue => "maxValue",
            Self::MaxDecimalPlaces => "maxDecimalPlaces",
            Self::Repeats => "repeats",
            Self::MinCount => "minCount",
            Self::MaxCount => "maxCount",
            Self::Exclusive => "optionExclusive",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Form {
    /// The problems of one item, as its state is now.
    pub(super) fn check(&self, at: usize) -> Vec<Problem> {
        let (item, state) = (&self.definition.items[at], &self.states[at]);
        let mut found = Vec::new();
        if !state.enabled {
            return found;
        }
        let mut say = |rule, message: String| {
            found.push(Problem {
                item: ItemId::at(at),
                rule,
                message,
            });
        };
        let count = state.answers.len();
        // Nobody can answer what is not shown or not theirs to change, or what may not apply at all.
        let can_be_asked =
            !item.hidden && !item.read_only && !item.uncertain && item.kind != Kind::Unsupported;
        if can_be_asked && item.calculation.is_none() && !self.has_answer(at) {
            if item.required && item.kind == Kind::Group {
                say(
                    Rule::Required,
                    "Answer at least one question of this part.".to_owned(),
                );
            } else if item.required && item.kind.is_question() {
                say(Rule::Required, required(item).to_owned());
            }
        }
        if count > 1 && !item.repeats {
            say(Rule::Repeats, "Give one answer only.".to_owned());
        }
        if let Some(least) = item
            .min_occurs
            .filter(|least| can_be_asked && count > 0 && count < *least)
        {
            say(Rule::MinCount, format!("Give at least {least} answers."));
        }
        if let Some(most) = item.max_occurs.filter(|most| item.repeats && count > *most) {
            say(
                Rule::MaxCount,
                format!(
                    "Give at most {most} {}.",
                    if most == 1 { "answer" } else { "answers" }
                ),
            );
        }
        let alone = |answer: &Answer| {
            item.options
                .iter()
                .any(|option| option.exclusive && option.is(answer))
        };
        if let Some(answer) = state.answers.iter().find(|answer| count > 1 && alone(answer)) {
            say(
                Rule::Exclusive,
                format!("\"{answer}\" cannot be chosen together with another answer."),
            );
        }
        for answer in &state.answers {
            if let Some((rule, message)) = check_answer(item, answer) {
                say(rule, message);
            }
        }
        found
    }

    fn has_answer(&self, at: usize) -> bool {
        let item = &self.definition.items[at];
        match item.kind {
            Kind::Group => item
                .children
                .iter()
                .any(|child| self.states[*child].enabled && self.has_answer(*child)),
            _ => !self.states[at].answers.is_empty(),
        }
    }
}

fn required(item: &Item) -> &'static str {
    match item.kind {
        Kind::Boolean => "Choose Yes or No.",
        Kind::Choice | Kind::OpenChoice if item.repeats => "Choose at least one answer.",
        Kind::Choice | Kind::OpenChoice if !item.options.is_empty() => "Choose an answer.",
        Kind::Date => "Enter a date.",
        Kind::DateTime => "Enter a date and time.",
        Kind::Time => "Enter a time.",
        Kind::Integer | Kind::Decimal | Kind::Quantity => "Enter a number.",
        _ => "Answer this question.",
    }
}

fn check_answer(item: &Item, answer: &Answer) -> Option<(Rule, String)> {
    match answer {
        Answer::Invalid(_) => return Some((Rule::AnswerType, not_of_kind(item.kind).to_owned())),
        Answer::Other(_) if item.kind != Kind::Unsupported && !offered(item, answer) => {
            return Some((Rule::AnswerType, not_of_kind(item.kind).to_owned()));
        }
        Answer::String(text) | Answer::Uri(text) => {
            if let Some(problem) = check_text(item, text) {
                return Some(problem);
            }
        }
        _ => {}
    }
    if item.closed && !offered(item, answer) {
        return Some((
            Rule::AnswerOption,
            "Choose one of the answers in the list.".to_owned(),
        ));
    }
    let value = amount(answer);
    let value = value.as_ref().unwrap_or(answer);
    if let Some(least) = item
        .min_value
        .as_ref()
        .filter(|least| compare(value, least) == Some(Ordering::Less))
    {
        let message = match least {
            Answer::Date(_) | Answer::DateTime(_) | Answer::Time(_) => format!("Enter {least} or later."),
            _ => format!("Enter {least} or more."),
        };
        return Some((Rule::MinValue, message));
    }
    if let Some(most) = item
        .max_value
        .as_ref()
        .filter(|most| compare(value, most) == Some(Ordering::Greater))
    {
        let message = match most {
            Answer::Date(_) | Answer::DateTime(_) | Answer::Time(_) => format!("Enter {most} or earlier."),
            _ => format!("Enter {most} or less."),
        };
        return Some((Rule::MaxValue, message));
    }
    let places = value.number().map(|number| number.normalize().scale() as usize);
    if let Some(most) = item.max_decimal_places.filter(|most| places > Some(*most)) {
        return Some((
            Rule::MaxDecimalPlaces,
            match most {
                0 => "Enter a whole number.".to_owned(),
                1 => "Enter at most one digit after the point.".to_owned(),
                _ => format!("Enter at most {most} digits after the point."),
            },
        ));
    }
    None
}

fn offered(item: &Item, answer: &Answer) -> bool {
    item.options.iter().any(|option| option.is(answer))
}

/// A quantity's number, to be held against bounds that are plain numbers.
fn amount(answer: &Answer) -> Option<Answer> {
    match answer {
        Answer::Quantity(quantity) => Some(Answer::Decimal(quantity.value)),
        _ => None,
    }
}

fn compare(value: &Answer, bound: &Answer) -> Option<Ordering> {
    let amount = amount(bound);
    value.compare(amount.as_ref().unwrap_or(bound))
}

fn check_text(item: &Item, text: &str) -> Option<(Rule, String)> {
    let length = text.chars().count();
    if item.kind == Kind::String && text.contains(['\n', '\r']) {
        return Some((Rule::NewLine, "Write this on one line.".to_owned()));
    }
    if let Some(most) = item.max_length.filter(|most| length > *most) {
        return Some((
            Rule::MaxLength,
            format!("Use at most {most} characters. There are {length} now."),
        ));
    }
    if let Some(least) = item.min_length.filter(|least| length < *least) {
        return Some((
            Rule::MinLength,
            format!("Use at least {least} characters. There are {length} now."),
        ));
    }
    None
}

fn not_of_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "Enter a whole number in digits, such as 12.",
        Kind::Decimal | Kind::Quantity => "Enter a number in digits, such as 36.5.",
        Kind::Date => "Enter a date that exists, such as 2026-03-31.",
        Kind::DateTime => "Enter a date that exists, with the time.",
        Kind::Time => "Enter a time, such as 14:30.",
        Kind::Url => "Enter a web address without spaces.",
        Kind::Boolean => "Choose Yes or No.",
        Kind::Choice | Kind::OpenChoice => "Choose an answer.",
        _ => "This is not an answer to this question.",
    }
}

/// Whether an answer of this kind may be given to the question at all; anything else is a caller's mistake.
pub(super) fn fits(item: &Item, answer: &Answer) -> bool {
    match (item.kind, answer) {
        (Kind::Group | Kind::Display | Kind::Unsupported, _) => false,
        (_, Answer::Invalid(_)) => true,
        (Kind::Boolean, Answer::Boolean(_))
        | (Kind::Integer, Answer::Integer(_))
        | (Kind::Decimal, Answer::Decimal(_))
        | (Kind::Date, Answer::Date(_))
        | (Kind::DateTime, Answer::DateTime(_))
        | (Kind::Time, Answer::Time(_))
        | (Kind::String | Kind::Text | Kind::OpenChoice, Answer::String(_))
        | (Kind::Url, Answer::Uri(_))
        | (Kind::Choice | Kind::OpenChoice, Answer::Coding(_))
        | (Kind::Quantity, Answer::Quantity(_)) => true,
        _ => offered(item, answer),
    }
}

/// One spelling for one answer: numbers without trailing zeros, blank text as no answer, and a number with more digits
/// than JSON's readers keep as what it is: nothing that could be sent.
pub(super) fn tidy(answers: Vec<Answer>) -> Vec<Answer> {
    let tidied = answers.into_iter().filter_map(|answer| match answer {
        Answer::String(text) | Answer::Uri(text) | Answer::Invalid(text) if text.trim().is_empty() => None,
        Answer::Decimal(value) => {
            Some(number::exact(value).map_or_else(|| Answer::Invalid(value.to_string()), Answer::Decimal))
        }
        Answer::Quantity(mut quantity) => match number::exact(quantity.value) {
            Some(value) => {
                quantity.value = value;
                Some(Answer::Quantity(quantity))
            }
            None => Some(Answer::Invalid(quantity.value.to_string())),
        },
        other => Some(other),
    });
    tidied.collect()
}
