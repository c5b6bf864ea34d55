//! Evaluation: walks over an expression and produces a collection.
//!
//! Every step is paid for from a budget, so that no expression runs for ever, and what nests was bounded by the parser.
//! `path` follows names through a resource, `items` looks up those of a response,
//! `conditions`, `operators`, `equality` and `arithmetic` are the operators,
//! and `functions` has a file for each subject.

mod arithmetic;
mod conditions;
mod equality;
mod functions;
mod items;
mod operators;
mod path;
mod seen;

use serde_json::Value as Json;

use crate::ast::{Call, Expr};
use crate::context::Context;
use crate::error::{EvaluationError, Failure};
use crate::types;
use crate::value::{Collection, Value};

pub(crate) type Outcome<'a> = Result<Collection<'a>, Failure>;

pub(crate) struct Evaluator<'a, 'c> {
    context: &'c Context<'a>,
    /// The steps that are left.
    budget: u64,
    /// What `defineVariable` has defined on the way to here.
    locals: Vec<(&'a str, Collection<'a>)>,
    /// Which item of the response each answer belongs to, once `weight()` has asked.
    answers: Option<functions::sdc::Answers<'a>>,
}

/// What the special variables mean where an expression stands.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a, 's> {
    /// `$this`: one value, or all that a function was called on.
    this: &'s [Value<'a>],
    /// `$index`
    index: Option<i64>,
    /// `$total`
    total: Option<&'s Collection<'a>>,
}

impl<'a, 's> Scope<'a, 's> {
    fn item(self, this: &'s Value<'a>, index: usize) -> Self {
        Self {
            this: std::slice::from_ref(this),
            index: i64::try_from(index).ok(),
            ..self
        }
    }
}

/// The longest text that an expression may build, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

pub(crate) fn evaluate<'a>(expression: &'a Expr, context: &Context<'a>) -> Outcome<'a> {
    let mut evaluator = Evaluator {
        context,
        budget: context.budget,
        locals: Vec::new(),
        answers: None,
    };
    let scope = Scope {
        this: context.focus.as_slice(),
        index: Some(0),
        total: None,
    };
    evaluator.expression(expression, scope)
}

impl<'a> Evaluator<'a, '_> {
    fn expression(&mut self, expression: &'a Expr, scope: Scope<'a, '_>) -> Outcome<'a> {
        self.spend(1)?;
        match expression {
            Expr::Empty => Ok(Collection::new()),
            Expr::Literal(literal) => Ok(literal.value().into()),
            Expr::Texts(texts) => {
                self.spend(texts.iter().len())?;
                Ok(texts.iter().map(Value::from).collect())
            }
            Expr::This => {
                self.spend(scope.this.len())?;
                Ok(scope.this.iter().cloned().collect())
            }
            Expr::Path(path) => self.path(path, scope),
            Expr::Chain(chain) => self.chain(chain, scope),
            Expr::Variable(name) => self.variable(name),
            Expr::Index => match scope.index {
                Some(index) => Ok(Value::Integer(index).into()),
                None => Err(EvaluationError::NoValueHere("$index").into()),
            },
            Expr::Total => match scope.total {
                Some(total) => Ok(total.clone()),
                None => Err(EvaluationError::NoValueHere("$total").into()),
            },
            Expr::Sign { negative, operand } => {
                let operand = self.expression(operand, scope)?;
                arithmetic::signed(&operand, *negative)
            }
            Expr::Type { operand, is, of } => {
                let operand = self.expression(operand, scope)?;
                match single(&operand, if *is { "is" } else { "as" })? {
                    None => Ok(Collection::new()),
                    Some(value) if *is => Ok(Value::Boolean(types::matches(value, of)).into()),
                    Some(value) => Ok(types::lets_through(value, of).then(|| value.clone()).into()),
                }
            }
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), Failure> {
        match self.budget.checked_sub(steps as u64) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(EvaluationError::BudgetExceeded.into()),
        }
    }

    /// Pays for working through a text, and refuses one that no form needs.
    fn spend_text(&mut self, bytes: usize) -> Result<(), Failure> {
        allow_text(bytes)?;
        self.spend(bytes / 16)
    }

    fn variable(&mut self, name: &'a str) -> Outcome<'a> {
        let local = self
            .locals
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value);
        if let Some(value) = local.or_else(|| self.context.variable(name)) {
            let value = value.clone();
            self.spend(value.len())?;
            return Ok(value);
        }
        let node = |json: Option<&'a Json>| json.map(Value::from).into();
        Ok(match name {
            "context" => self.context.focus.clone().into(),
            "resource" | "rootResource" if self.context.resource.is_some() => node(self.context.resource),
            "ucum" => Value::from("http://unitsofmeasure.org").into(),
            "sct" => Value::from("http://snomed.info/sct").into(),
            "loinc" => Value::from("http://loinc.org").into(),
            _ => match (
                name.strip_prefix("vs-"),
                name.strip_prefix("ext-"),
                self.context.host.variable(name),
            ) {
                (_, _, Some(value)) => value,
                (Some(name), _, _) => Value::from(format!("http://hl7.org/fhir/ValueSet/{name}")).into(),
                (_, Some(name), _) => {
                    Value::from(format!("http://hl7.org/fhir/StructureDefinition/{name}")).into()
                }
                _ => return Err(EvaluationError::UndefinedVariable(name.to_owned()).into()),
            },
        })
    }

    fn argument(&mut self, call: &'a Call, index: usize, scope: Scope<'a, '_>) -> Outcome<'a> {
        match call.arguments.get(index) {
            Some(argument) => self.expression(argument, scope),
            None => Ok(Collection::new()),
        }
    }
}

fn allow_text(bytes: usize) -> Result<(), Failure> {
    if bytes > MAX_TEXT {
        Err(EvaluationError::BudgetExceeded.into())
    } else {
        Ok(())
    }
}

/// The one value, `None` for none, and an error for several.
fn single<'v, 'a>(
    values: &'v Collection<'a>,
    operation: &'static str,
) -> Result<Option<&'v Value<'a>>, Failure> {
    match values.as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(value)),
        several => Err(EvaluationError::NotSingle {
            operation,
            found: several.len(),
        }
        .into()),
    }
}

fn condition(values: &Collection<'_>, operation: &'static str) -> Result<Option<bool>, Failure> {
    Ok(single(values, operation)?.map(|value| value.as_bool().unwrap_or(true)))
}

fn wrong_type(operation: &'static str, values: &[&Value<'_>]) -> Failure {
    let mut found = String::new();
    for value in values {
        let joint = if found.is_empty() { "" } else { " and " };
        found = found + joint + value.type_info().name;
    }
    EvaluationError::WrongType { operation, found }.into()
}

fn wrong_value(operation: &'static str, found: String) -> Failure {
    EvaluationError::WrongValue { operation, found }.into()
}
