//! What is wrong with an answer, or with there being none.

use std::{cmp::Ordering, fmt};

use words::{Sentence, msg, sentence};

use super::{Form, ItemId, Waiver};
use crate::{
    Answer, ChoiceOption, Kind,
    definition::{Constraint, Item, json, json::Object, words_of},
    number,
};

/// One thing that is wrong with what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Of a rule of the whole form the first item, which keeps it; [`about`](Self::about) says where to look.
    pub item: ItemId,
    /// The rule is one of the form as a whole, and no item's.
    pub(crate) whole: bool,
    pub rule: Rule,
    pub severity: Severity,
    /// A sentence for the user that says what to do, in the language of the form as it is written.
    pub message: String,
    /// The same, to be told in the user's language.
    pub sentence: Sentence,
    /// Why it is left as it is, where the user has overridden it.
    pub waiver: Option<Waiver>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Keeps the form from being finished.
    Error,
    /// To be looked at, and to be left where it is right.
    Warning,
}

/// Declares the rules once, for both the enumeration and their codes.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident $code:literal,)*) => {
        /// What is broken. The codes are those that validators of FHIR responses use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule { $($(#[$doc])* $variant,)* }

        impl Rule {
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

rules! {
    Required "required",
    /// Not an answer of the kind that is asked for.
    AnswerType "invalidAnswerType",
    /// None of the options that the question lists.
    AnswerOption "invalidAnswerOption",
    /// None of the codes of the question's value set.
    Coding "invalidCoding",
    /// The question's value set is not here, so that the answer cannot be checked.
    ValueSet "tsError",
    MinLength "minLength",
    MaxLength "maxLength",
    NewLine "invalidNewLine",
    Pattern "regex",
    MinValue "minValue",
    MaxValue "maxValue",
    MaxDecimalPlaces "maxDecimalPlaces",
    Unit "invalidUnit",
    UnitValueSet "invalidUnitValueSet",
    AttachmentType "invalidAttachmentType",
    AttachmentSize "maxAttachmentSize",
    ReferenceValue "invalidRefValue",
    ReferenceType "invalidRefResourceType",
    ReferenceTypeRestriction "invalidRefResourceTypeRestriction",
    Repeats "repeats",
    MinCount "minCount",
    MaxCount "maxCount",
    Exclusive "optionExclusive",
    /// A rule of the form's own.
    Invariant "invariant",
    /// A rule or condition of the form's own that cannot be read or evaluated.
    Expression "exception",
    /// An answer to a question that the form does not have.
    LinkId "invalidLinkId",
    /// An answer to an item of a kind that takes none.
    ItemType "invalidType",
    /// An answer to a question that does not apply.
    Disabled "notEnabled",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Problem {
    /// The item that is to be looked at; none where the rule is one of the form as a whole.
    pub fn about(&self) -> Option<ItemId> {
        (!self.whole).then_some(self.item)
    }

    /// Something about an answer that is there and cannot stay as it is; that a required answer is missing is another thing.
    pub fn is_wrong_answer(&self) -> bool {
        self.severity == Severity::Error && self.rule != Rule::Required
    }
}

impl Form {
    /// The problems of one item, as its state is now.
    pub(super) fn check(&self, at: usize) -> Vec<Problem> {
        let state = &self.states[at];
        let item = &self.definition.items[state.def];
        let mut found = Vec::new();
        if !state.enabled || state.gone || self.is_part(at) {
            return found;
        }
        let mut say = |severity, rule, sentence: Sentence| {
            found.push(Problem {
                item: ItemId::at(at),
                whole: false,
                rule,
                severity,
                message: sentence.to_string(),
                sentence,
                waiver: None,
            });
        };
        let count = state.answers.len();
        // Nobody can answer what is not shown or not theirs to change, or what may not apply at all.
        let can_be_asked =
            !item.hidden && !item.read_only && !state.uncertain && item.kind != Kind::Unsupported;
        // Of a group that is there several times, the first speaks for all.
        let repeats = item.is_repeating_group();
        let siblings = if repeats { self.siblings(at) } else { Vec::new() };
        let speaks = !repeats || siblings.first() == Some(&at);
        if can_be_asked && speaks && item.calculation.is_none() {
            let answered = match repeats {
                true => siblings.iter().any(|sibling| self.has_answer(*sibling)),
                false => item.required && self.has_answer(at),
            };
            if item.required && !answered {
                if item.kind == Kind::Group {
                    let sentence = sentence!("Answer at least one question of this part.");
                    say(Severity::Error, Rule::Required, sentence);
                } else if item.kind.is_question() {
                    say(
                        Severity::Error,
                        Rule::Required,
                        Sentence::new(required(item, self.options(at))),
                    );
                }
            }
            if let Some(most) = item.max_occurs.filter(|most| repeats && siblings.len() > *most) {
                let sentence = sentence!("There can be at most {most} of this part.", most);
                say(Severity::Error, Rule::MaxCount, sentence);
            }
        }
        if count > 1 && !item.repeats {
            say(Severity::Error, Rule::Repeats, sentence!("Give one answer only."));
        }
        let least = item
            .min_occurs
            .filter(|_| can_be_asked && item.kind.is_question());
        if let Some(least) =
            least.filter(|least| count < *least && (count > 0 || !item.required && *least > 1))
        {
            say(
                Severity::Error,
                Rule::MinCount,
                sentence!("Give at least {least} answers.", least),
            );
        }
        if let Some(most) = item
            .max_occurs
            .filter(|most| item.repeats && item.kind.is_question() && count > *most)
        {
            let sentence = match most {
                1 => sentence!("Give at most 1 answer."),
                most => sentence!("Give at most {most} answers.", most),
            };
            say(Severity::Error, Rule::MaxCount, sentence);
        }
        let options = self.options(at);
        let alone = |answer: &Answer| options.iter().any(|option| option.exclusive && option.is(answer));
        if let Some(answer) = state.answers.iter().find(|answer| count > 1 && alone(answer)) {
            let sentence = sentence!(
                "\"{answer}\" cannot be chosen together with another answer.",
                answer = words_of(options, answer)
            );
            say(Severity::Error, Rule::Exclusive, sentence);
        }
        for answer in &state.answers {
            check_answer(item, options, answer, &mut |rule, sentence| {
                say(Severity::Error, rule, sentence);
            });
            if let Some(systems) = &item.no_list
                && let Answer::Coding(coding) = answer
                && coding.code.is_some()
            {
                let sentence = sentence!("The list of answers is not here, so this could not be checked.");
                match is_foreign(systems, coding.system.as_ref()) {
                    true => say(
                        Severity::Error,
                        Rule::Coding,
                        sentence!("This is none of the answers that the form means. Enter it again."),
                    ),
                    false => say(Severity::Warning, Rule::ValueSet, sentence),
                }
            }
        }
        if state.faulty && !item.hidden {
            say(Severity::Error, Rule::Expression, Sentence::new(FAULTY_CONDITION));
        }
        found.extend(state.broken.iter().cloned());
        if self.roots.first() == Some(&at) {
            found.extend(self.broken.iter().cloned());
        }
        self.apply_waivers(at, &mut found);
        found
    }

    pub(super) fn has_answer(&self, at: usize) -> bool {
        let state = &self.states[at];
        match self.definition.items[state.def].kind {
            Kind::Group | Kind::Below => state
                .children
                .iter()
                .any(|child| self.states[*child].enabled && self.has_answer(*child)),
            _ => !state.answers.is_empty(),
        }
    }

    /// The item's own rules that are broken. They ask about what is there: nothing answered breaks none.
    pub(super) fn evaluate_constraints(&mut self, at: usize) -> Vec<Problem> {
        let state = &self.states[at];
        if !state.enabled || state.gone || !self.has_answer(at) && !self.has_answer_below(at) {
            return Vec::new();
        }
        let def = state.def;
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        for rule in &self.definition.items[def].constraints {
            self.evaluate_constraint(rule, Some(at), &mut found, &mut failures);
        }
        for error in failures {
            self.note_failure(def, "constraint", &error, UNCHECKED);
        }
        found
    }

    pub(super) fn evaluate_form_constraints(&mut self) -> Vec<Problem> {
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        for rule in &self.definition.constraints {
            self.evaluate_constraint(rule, None, &mut found, &mut failures);
        }
        for error in failures {
            self.note_failure(usize::MAX, "constraint", &error, UNCHECKED);
        }
        found
    }

    fn has_answer_below(&self, at: usize) -> bool {
        let mut children = self.states[at].children.iter();
        children.any(|child| {
            self.states[*child].enabled && (self.has_answer(*child) || self.has_answer_below(*child))
        })
    }

    fn evaluate_constraint(
        &self,
        rule: &Constraint,
        at: Option<usize>,
        found: &mut Vec<Problem>,
        failures: &mut Vec<String>,
    ) {
        let first = self.roots.first().copied().unwrap_or_default();
        let mut say = |broken, message, sentence| {
            found.push(Problem {
                item: ItemId::at(at.unwrap_or(first)),
                whole: at.is_none(),
                rule: broken,
                severity: if rule.is_warning {
                    Severity::Warning
                } else {
                    Severity::Error
                },
                message,
                sentence,
                waiver: None,
            });
        };
        let unchecked = |words: &String| {
            sentence!(
                "The form has a rule for this that cannot be checked: {rule}",
                rule = words
            )
        };
        match rule.formula.as_ref().map(|formula| self.evaluate(formula, at)) {
            Some(Ok(result)) => {
                // What cannot be told, since something is not answered yet, is not held against the user.
                if result.as_condition() == Some(false) {
                    say(Rule::Invariant, rule.human.clone(), rule.words());
                }
                return;
            }
            Some(Err(error)) => failures.push(format!("{} {error}", rule.key)),
            None => {}
        }
        say(
            Rule::Expression,
            unchecked(&rule.human).to_string(),
            unchecked(&rule.words().to_string()),
        );
    }
}

const FAULTY_CONDITION: &str = msg!(
    "The form's condition for this is faulty, so it is always shown. Answer it where it applies, and say why it can stay."
);
const UNCHECKED: &str = msg!("The form has a rule for this that cannot be checked here.");

fn required(item: &Item, options: &[ChoiceOption]) -> &'static str {
    match item.kind {
        Kind::Boolean => msg!("Choose Yes or No."),
        Kind::Choice | Kind::OpenChoice if item.repeats => msg!("Choose at least one answer."),
        Kind::Choice | Kind::OpenChoice if !options.is_empty() => msg!("Choose an answer."),
        Kind::Date => msg!("Enter a date."),
        Kind::DateTime => msg!("Enter a date and time."),
        Kind::Time => msg!("Enter a time."),
        Kind::Integer | Kind::Decimal | Kind::Quantity => msg!("Enter a number."),
        Kind::Attachment if item.hints.as_ref().is_some_and(|hints| hints.signature) => {
            msg!("Sign here, or type the name.")
        }
        Kind::Attachment => msg!("Attach a file."),
        _ => msg!("Answer this question."),
    }
}

fn check_answer(item: &Item, options: &[ChoiceOption], answer: &Answer, say: &mut dyn FnMut(Rule, Sentence)) {
    if item.kind == Kind::Unsupported {
        return;
    }
    if answer.is_invalid() || !fits(item, options, answer) {
        return say(Rule::AnswerType, Sentence::new(not_of_kind(item)));
    }
    match answer {
        Answer::String(text) | Answer::Uri(text) => {
            if let Some((rule, sentence)) = check_text(item, text) {
                say(rule, sentence);
            }
        }
        Answer::Attachment(attachment) => check_attachment(item, attachment, say),
        Answer::Reference(reference) => check_reference(item, reference, say),
        Answer::Quantity(quantity) if item.closed_units && !item.units.is_empty() => {
            let known = item.units.iter().any(|unit| match &quantity.code {
                Some(code) => unit.code.as_ref() == Some(code),
                None => Some(unit.text()) == quantity.unit.as_deref(),
            });
            if !known {
                say(Rule::Unit, sentence!("Choose one of the units in the list."));
            }
        }
        // "Another unit", and nobody has said which.
        Answer::Quantity(quantity)
            if item.open_units && quantity.unit.is_none() && quantity.code.is_none() =>
        {
            say(Rule::Unit, sentence!("Say in which unit this is."));
        }
        Answer::Quantity(quantity) if is_foreign(&item.unit_systems, quantity.system.as_ref()) => {
            let sentence =
                sentence!("This is none of the units that the form means. Enter the number again.");
            say(Rule::UnitValueSet, sentence);
        }
        _ => {}
    }
    let own_words = item.kind == Kind::OpenChoice && matches!(answer, Answer::String(_));
    if !options.is_empty() && !own_words && item.kind.is_question() && !offered(options, answer) {
        let rule = if item.from_list {
            Rule::Coding
        } else {
            Rule::AnswerOption
        };
        let open = item.kind == Kind::OpenChoice && !item.from_list;
        if !open {
            return say(rule, sentence!("Choose one of the answers in the list."));
        }
    }
    check_bounds(item, answer, say);
}

/// Whether a code of this system cannot be in a list that draws on those.
fn is_foreign(systems: &[String], system: Option<&String>) -> bool {
    !systems.is_empty() && system.is_some_and(|system| !systems.contains(system))
}

fn check_bounds(item: &Item, answer: &Answer, say: &mut dyn FnMut(Rule, Sentence)) {
    let is_time = |bound: &Answer| matches!(bound, Answer::Date(_) | Answer::DateTime(_) | Answer::Time(_));
    let unit = |bound: &Answer| match bound {
        Answer::Quantity(quantity) => {
            let unit = quantity.unit.as_deref().or(quantity.code.as_deref());
            unit.map(|unit| format!(" {unit}")).unwrap_or_default()
        }
        _ => String::new(),
    };
    if let Some(least) = &item.min_value
        && compare(answer, least) == Some(Ordering::Less)
    {
        let bound = format!("{least}{}", unit(least));
        let sentence = match is_time(least) {
            true => sentence!("Enter {bound} or later.", bound),
            false => sentence!("Enter {bound} or more.", bound),
        };
        say(Rule::MinValue, sentence);
    }
    if let Some(most) = &item.max_value
        && compare(answer, most) == Some(Ordering::Greater)
    {
        let bound = format!("{most}{}", unit(most));
        let sentence = match is_time(most) {
            true => sentence!("Enter {bound} or earlier.", bound),
            false => sentence!("Enter {bound} or less.", bound),
        };
        say(Rule::MaxValue, sentence);
    }
    let value = amount(answer);
    let value = value.as_ref().unwrap_or(answer);
    let places = value.number().map(|number| number.normalize().scale() as usize);
    if let Some(most) = item.max_decimal_places.filter(|most| places > Some(*most)) {
        let sentence = match most {
            0 => sentence!("Enter a whole number."),
            1 => sentence!("Enter at most one digit after the point."),
            _ => sentence!("Enter at most {most} digits after the point.", most),
        };
        say(Rule::MaxDecimalPlaces, sentence);
    }
}

fn check_attachment(item: &Item, attachment: &Object, say: &mut dyn FnMut(Rule, Sentence)) {
    let kind = json::text(attachment, "contentType").unwrap_or_default();
    let taken = |wanted: &String| {
        let family = wanted.strip_suffix('*').filter(|family| family.ends_with('/'));
        kind.eq_ignore_ascii_case(wanted) || family.is_some_and(|family| kind.starts_with(family))
    };
    if !item.mime_types.is_empty() && !item.mime_types.iter().any(taken) {
        let sentence = sentence!(
            "Attach a file of one of these kinds: {kinds}.",
            kinds = item.mime_types.join(", ")
        );
        say(Rule::AttachmentType, sentence);
    }
    let size = attachment.get("size").and_then(number::from_json).or_else(|| {
        // Four letters of base 64 are three bytes.
        let letters = json::text(attachment, "data")?.trim_end_matches('=').len();
        Some((letters * 3 / 4).into())
    });
    if let Some(most) = item.max_size.filter(|most| size > Some(*most)) {
        say(
            Rule::AttachmentSize,
            sentence!("Attach a file of at most {most} bytes.", most),
        );
    }
}

/// The resource type that a reference names: `Patient/1`, `https://example.org/fhir/Patient/1`. A URN names none.
fn check_reference(item: &Item, reference: &Object, say: &mut dyn FnMut(Rule, Sentence)) {
    let Some(text) = json::text(reference, "reference").filter(|text| !text.starts_with('#')) else {
        return;
    };
    if text.contains(char::is_whitespace) {
        return say(
            Rule::ReferenceValue,
            sentence!("This is not a reference to a record."),
        );
    }
    if text.starts_with("urn:") {
        return;
    }
    let path = text.split(['?', '|']).next().unwrap_or_default();
    let path = path.split_once("/_history").map_or(path, |(path, _)| path);
    let kind = path.rsplit('/').nth(1).unwrap_or_default();
    if !is_resource_type(kind) {
        say(
            Rule::ReferenceType,
            sentence!("{text} does not refer to a kind of record that there is.", text),
        );
    } else if !item.resource_types.is_empty() && !item.resource_types.iter().any(|wanted| wanted == kind) {
        let sentence = sentence!(
            "Refer to one of these: {kinds}.",
            kinds = item.resource_types.join(", ")
        );
        say(Rule::ReferenceTypeRestriction, sentence);
    }
}

/// FHIRPath knows the types of resources.
fn is_resource_type(name: &str) -> bool {
    fhirpath::is_resource_type(name)
}

fn offered(options: &[ChoiceOption], answer: &Answer) -> bool {
    options.iter().any(|option| option.is(answer))
}

/// A quantity's number, to be held against bounds that are plain numbers.
fn amount(answer: &Answer) -> Option<Answer> {
    match answer {
        Answer::Quantity(quantity) => Some(Answer::Decimal(quantity.value)),
        _ => None,
    }
}

fn compare(value: &Answer, bound: &Answer) -> Option<Ordering> {
    match bound {
        Answer::Quantity(_) => value.compare(bound),
        _ => amount(value).as_ref().unwrap_or(value).compare(bound),
    }
}

fn check_text(item: &Item, text: &str) -> Option<(Rule, Sentence)> {
    let length = text.chars().count();
    if item.kind == Kind::String && text.contains(['\n', '\r']) {
        return Some((Rule::NewLine, sentence!("Write this on one line.")));
    }
    if let Some(most) = item.max_length.filter(|most| length > *most) {
        return Some((
            Rule::MaxLength,
            sentence!(
                "Use at most {most} characters. There are {length} now.",
                most,
                length
            ),
        ));
    }
    if let Some(least) = item.min_length.filter(|least| length < *least) {
        return Some((
            Rule::MinLength,
            sentence!(
                "Use at least {least} characters. There are {length} now.",
                least,
                length
            ),
        ));
    }
    if item
        .pattern
        .as_ref()
        .is_some_and(|pattern| !pattern.matches(text))
    {
        let sentence = match &item.entry_format {
            Some(format) => sentence!("Enter this as {format}.", format),
            None => sentence!("This is not in the pattern that the form wants."),
        };
        return Some((Rule::Pattern, sentence));
    }
    None
}

fn not_of_kind(item: &Item) -> &'static str {
    let format = item.entry_format.as_deref().unwrap_or_default();
    match item.kind {
        Kind::Date if format.contains(['y', 'Y']) && !format.contains(['d', 'D']) => {
            msg!("Enter the year in four digits, such as 1998.")
        }
        Kind::Integer => msg!("Enter a whole number in digits, such as 12."),
        Kind::Decimal | Kind::Quantity => msg!("Enter a number in digits, such as 36.5."),
        Kind::Date => msg!("Enter a date that exists, such as 2026-03-31."),
        Kind::DateTime => msg!("Enter a date that exists, with the time."),
        Kind::Time => msg!("Enter a time, such as 14:30."),
        Kind::Url => msg!("Enter a web address without spaces."),
        Kind::Boolean => msg!("Choose Yes or No."),
        Kind::Choice => msg!("Choose one of the answers in the list."),
        Kind::OpenChoice => msg!("Choose an answer."),
        Kind::Reference => msg!("Enter a reference such as Patient/123."),
        Kind::Attachment => msg!("Attach a file."),
        _ => msg!("This is not an answer to this question."),
    }
}

/// Whether an answer of this kind may be given to the question at all; anything else is a caller's mistake.
pub(super) fn fits(item: &Item, options: &[ChoiceOption], answer: &Answer) -> bool {
    match (item.kind, answer) {
        (Kind::Group | Kind::Display | Kind::Below | Kind::Unsupported, _) => false,
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
        | (Kind::Quantity, Answer::Quantity(_))
        | (Kind::Reference, Answer::Reference(_))
        | (Kind::Attachment, Answer::Attachment(_)) => true,
        _ => offered(options, answer) || item.options.iter().any(|option| option.is(answer)),
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
