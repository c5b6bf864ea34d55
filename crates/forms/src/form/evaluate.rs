//! Evaluates the form's expressions over the response as it stands, and reads their results as answers.

use fhirpath::{Collection, Context, EvaluationError, Host};
use serde_json::Value;

use super::{Form, tree::WEIGHT};
use crate::{
    Answer, ChoiceOption, Coding, Date, DateTime, Kind, Quantity, Setting, Time,
    definition::{Column, Formula, Item, Variable, json, json::Object, options::Library},
    number,
};

/// The most steps that one evaluation may take: a tenth of a second of work on a tablet, hundreds of times what the
/// expressions of the largest form need.
const BUDGET: u64 = 1_000_000;

/// What expressions may ask of the world around the form.
#[derive(Default)]
pub(super) struct World {
    pub setting: Setting,
    /// Kept only where an expression looks into it.
    pub questionnaire: Option<Value>,
}

impl Host for World {
    fn variable(&self, name: &str) -> Option<Collection<'_>> {
        let launch = self.setting.launch.iter().find(|(known, _)| known == name);
        launch
            .map(|(_, resource)| resource)
            .or_else(|| self.questionnaire.as_ref().filter(|_| name == "questionnaire"))
            .map(Collection::from)
    }

    fn member_of(&self, code: &fhirpath::Value<'_>, value_set: &str) -> Option<bool> {
        let library = Library {
            root: self.questionnaire.as_ref()?.as_object()?,
            beside: &self.setting.library,
            language: None,
        };
        let options = library.options(value_set)?;
        let coding = match code.to_json() {
            Value::String(code) => Coding {
                code: Some(code),
                ..Coding::default()
            },
            Value::Object(object) => Coding::from_fhir(first_coding(&object)),
            _ => return Some(false),
        };
        let answer = Answer::Coding(Box::new(coding));
        Some(options.iter().any(|option| option.is(&answer)))
    }
}

impl Form {
    /// The result of an expression that stands at an item, or at the form as a whole.
    pub(super) fn evaluate<'f>(
        &'f self,
        formula: &'f Formula,
        at: Option<usize>,
    ) -> Result<Collection<'f>, EvaluationError> {
        let focus = self.focus(at);
        let mut context = Context::new(focus)
            .with_resource(&self.tree)
            .with_items(self)
            .with_host(&self.world)
            .with_budget(BUDGET);
        if !formula.among.is_empty() {
            context = context.with_items_among(&formula.among);
        }
        if let Some(now) = &self.world.setting.now {
            context = context.at(now.value());
        }
        if let Some(question) = at.and_then(|at| self.question(self.states[at].def)) {
            context = context.with_question(question);
        }
        for id in &formula.variables {
            let (variables, holder) = match id.holder {
                None => (&self.definition.variables, None),
                Some(def) => (&self.definition.items[def].variables, self.above(at, def)),
            };
            let Some(Variable {
                name,
                formula: Some(variable),
            }) = variables.get(id.place)
            else {
                continue;
            };
            context = context.with_focus(self.focus(holder));
            // A variable that fails is one that nobody has defined: only what needs it fails too.
            if let Ok(value) = variable.expression.evaluate(&context) {
                context = context.with_variable(name.as_str(), value);
            }
        }
        formula.expression.evaluate(&context.with_focus(focus))
    }

    fn focus(&self, at: Option<usize>) -> &Value {
        match at {
            Some(at) => self
                .node(at)
                .unwrap_or(&self.definition.items[self.states[at].def].stub),
            None => &self.tree,
        }
    }

    /// The instance of `def` that `at` is, or stands in.
    fn above(&self, at: Option<usize>, def: usize) -> Option<usize> {
        let mut here = at?;
        while self.states[here].def != def {
            here = self.states[here].parent?;
        }
        Some(here)
    }

    /// The item's own JSON in the questionnaire.
    fn question(&self, def: usize) -> Option<&Value> {
        let holder = match self.definition.items[def].parent {
            Some(parent) => self.question(parent)?,
            None => self.world.questionnaire.as_ref()?,
        };
        if self.definition.items[def].kind == Kind::Below {
            return Some(holder);
        }
        let list = holder.get("item")?;
        list.get(self.definition.items[def].written_at)
            .or_else(|| list.is_object().then_some(list))
    }
}

/// A result as answers to this question; what cannot be one is left out.
pub(super) fn answers(item: &Item, options: &[ChoiceOption], result: &Collection<'_>) -> Vec<Answer> {
    let most = if item.repeats { usize::MAX } else { 1 };
    result
        .iter()
        .filter_map(|value| answer(item, options, value))
        .take(most)
        .collect()
}

fn answer(item: &Item, options: &[ChoiceOption], value: &fhirpath::Value<'_>) -> Option<Answer> {
    let system = value.system();
    let offered = |wanted: &dyn Fn(&ChoiceOption) -> bool| {
        options
            .iter()
            .find(|option| wanted(option))
            .map(|option| option.answer.clone())
    };
    let text = || match system.to_json() {
        Value::String(text) => Some(text),
        Value::Number(_) => system.as_decimal().map(|number| number.normalize().to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    let quantity = || match (&system, value.to_json()) {
        (fhirpath::Value::Quantity(_), Value::Object(object)) => Quantity::from_fhir(&object),
        _ => None,
    };
    match item.kind {
        Kind::Boolean => system.as_bool().map(Answer::Boolean),
        Kind::Integer => {
            // A whole number is asked for: a result that is none is not rounded but left out.
            let whole = system.as_decimal()?.normalize();
            whole.to_string().parse().ok().map(Answer::Integer)
        }
        Kind::Decimal => {
            let number = system.as_decimal().or_else(|| Some(quantity()?.value))?;
            Some(Answer::Decimal(rounded(number)))
        }
        Kind::Quantity => Some(Answer::Quantity(Box::new(match quantity() {
            Some(quantity) => quantity,
            None => {
                let plain = Quantity::new(rounded(system.as_decimal()?));
                match item.units.first() {
                    Some(unit) => plain.in_unit(unit),
                    None => plain,
                }
            }
        }))),
        Kind::Date => {
            let text = text()?;
            let day = text.split('T').next().unwrap_or_default();
            Date::parse(day).map(Answer::Date)
        }
        Kind::DateTime => DateTime::parse(&text()?).map(Answer::DateTime),
        Kind::Time => Time::parse(&text()?).map(Answer::Time),
        Kind::String | Kind::Text => match system.to_json() {
            Value::Object(object) => {
                let coding = Coding::from_fhir(first_coding(&object));
                (!coding.text().is_empty()).then(|| Answer::String(coding.text().to_owned()))
            }
            _ => text().map(Answer::String),
        },
        Kind::Url => text().map(Answer::Uri),
        Kind::Choice | Kind::OpenChoice => match value.to_json() {
            Value::Object(object) => {
                let coding = Answer::Coding(Box::new(coding_of(first_coding(&object))));
                offered(&|option| option.is(&coding)).or(Some(coding))
            }
            _ => {
                let text = text()?;
                let is = |option: &ChoiceOption| match &option.answer {
                    Answer::Coding(coding) => coding.code.as_deref() == Some(&text),
                    other => other.to_string() == text,
                };
                offered(&is)
                    .or_else(|| offered(&|option| option.display == text))
                    .or_else(|| match item.kind {
                        Kind::OpenChoice => Some(Answer::String(text.clone())),
                        _ if options.is_empty() => Some(Answer::Coding(Box::new(Coding {
                            code: Some(text.clone()),
                            ..Coding::default()
                        }))),
                        _ => None,
                    })
            }
        },
        Kind::Reference => match value.to_json() {
            Value::Object(object) => match (json::text(&object, "resourceType"), json::text(&object, "id")) {
                (Some(kind), Some(id)) => Answer::read(Kind::Reference, &format!("{kind}/{id}")),
                _ => Some(Answer::Reference(Box::new(object))),
            },
            _ => Answer::read(Kind::Reference, &text()?),
        },
        Kind::Attachment => match value.to_json() {
            Value::Object(object) => Some(Answer::Attachment(Box::new(object))),
            _ => None,
        },
        Kind::Group | Kind::Display | Kind::Below | Kind::Unsupported => None,
    }
}

/// As many digits as JSON's readers keep: a third is 0.333333333333333.
fn rounded(number: rust_decimal::Decimal) -> rust_decimal::Decimal {
    let number = number.normalize();
    if number::exact(number).is_some() {
        return number;
    }
    (0..=15)
        .rev()
        .find_map(|digits| number::exact(number.round_dp(digits)))
        .unwrap_or(number)
}

/// The options that an `answerExpression` works out.
pub(super) fn options(item: &Item, result: &Collection<'_>) -> Vec<ChoiceOption> {
    let mut found: Vec<ChoiceOption> = Vec::new();
    for value in result {
        let Some(answer) = answer(item, &[], value) else {
            continue;
        };
        if !found.iter().any(|option| option.is(&answer)) {
            let mut option = ChoiceOption {
                display: answer.to_string(),
                answer,
                prefix: None,
                score: None,
                exclusive: false,
                picture: None,
                columns: Vec::new(),
                has_other_words: false,
            };
            Column::tell(&item.columns, &value.to_json(), &mut option);
            found.push(option);
        }
    }
    found
}

/// A coding as it would be written, without the score that the form noted on it.
fn coding_of(object: &Object) -> Coding {
    let mut coding = Coding::from_fhir(object);
    if let Some(Value::Array(extensions)) = coding.other.get_mut("extension") {
        extensions.retain(|extension| extension.get("url").and_then(Value::as_str) != Some(WEIGHT));
        if extensions.is_empty() {
            coding.other.remove("extension");
        }
    }
    coding
}

/// The coding itself, or the first of a CodeableConcept.
fn first_coding(object: &Object) -> &Object {
    json::objects(object, "coding").next().unwrap_or(object)
}
