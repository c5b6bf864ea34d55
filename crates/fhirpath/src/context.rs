//! What an expression is evaluated in: where it begins, what its variables are, and what the world around provides.

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::temporal::DateTime;
use crate::value::{Collection, Node, Value};

/// What an expression is evaluated in.
///
/// ```
/// use fhirpath::{Context, DateTime, Expression};
/// use serde_json::json;
///
/// let patient = json!({ "resourceType": "Patient", "birthDate": "1950-03-15" });
/// let adult = Expression::parse("birthDate + %years years <= today()");
/// assert!(adult.is_err(), "a unit follows a number, not a variable");
///
/// let adult = Expression::parse("birthDate <= today() - 18 years and %consent")?;
/// let context = Context::new(&patient)
///     .with_variable("consent", true)
///     .at(DateTime::parse("2024-06-01T12:00:00+02:00").unwrap());
/// assert_eq!(adult.evaluate(&context)?.as_condition(), Some(true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Context<'a> {
    pub(crate) focus: Option<Value<'a>>,
    pub(crate) resource: Option<&'a Json>,
    pub(crate) variables: Vec<(Cow<'a, str>, Collection<'a>)>,
    pub(crate) now: Option<DateTime>,
    pub(crate) host: &'a dyn Host,
    pub(crate) items: Option<&'a dyn Items>,
    pub(crate) among: Option<&'a [String]>,
    pub(crate) budget: u64,
}

/// The steps that an evaluation may take unless its context says otherwise: about a second of work in a browser.
/// An expression over a form of 2,000 items takes less than a fiftieth.
pub const DEFAULT_BUDGET: u64 = 5_000_000;

impl<'a> Context<'a> {
    /// Begins at `focus`: a resource, or an item of one. Where it is a resource, it is also `%resource`.
    pub fn new(focus: &'a Json) -> Self {
        Self {
            focus: Some(focus.into()),
            resource: Some(focus),
            ..Self::empty()
        }
    }

    /// Begins nowhere: for expressions of literals and variables alone.
    pub fn empty() -> Self {
        Self {
            focus: None,
            resource: None,
            variables: Vec::new(),
            now: None,
            host: &NoHost,
            items: None,
            among: None,
            budget: DEFAULT_BUDGET,
        }
    }

    /// Begins at `focus` instead, and leaves the rest.
    pub fn with_focus(mut self, focus: impl Into<Value<'a>>) -> Self {
        self.focus = Some(focus.into());
        self
    }

    /// The resource that holds the focus: `%resource`.
    pub fn with_resource(mut self, resource: &'a Json) -> Self {
        self.resource = Some(resource);
        self
    }

    /// The form being answered: `%questionnaire`. `weight()` looks up the chosen options there.
    pub fn with_questionnaire(self, questionnaire: &'a Json) -> Self {
        self.with_variable("questionnaire", questionnaire)
    }

    /// The question that the expression belongs to: `%qitem`.
    pub fn with_question(self, item: &'a Json) -> Self {
        self.with_variable("qitem", item)
    }

    /// A variable by the name without its `%`. A later one hides an earlier one of the same name.
    pub fn with_variable(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Variable<'a>>) -> Self {
        self.variables.push((name.into(), value.into().0));
        self
    }

    /// The moment that `now()`, `today()` and `timeOfDay()` tell, in the offset that they tell it in.
    pub fn at(mut self, now: DateTime) -> Self {
        self.now = Some(now);
        self
    }

    /// What the world around provides.
    pub fn with_host(mut self, host: &'a dyn Host) -> Self {
        self.host = host;
        self
    }

    /// Where the items of `%resource`, a QuestionnaireResponse, are found by their linkId.
    pub fn with_items(mut self, items: &'a dyn Items) -> Self {
        self.items = Some(items);
        self
    }

    /// The linkIds of all items that the expression and its variables can depend on, as
    /// [`Expression::dependencies`](crate::Expression::dependencies) says, and of those that these stand in. With them, a
    /// condition that names no linkIds is asked of these items alone, and not of all.
    pub fn with_items_among(mut self, link_ids: &'a [String]) -> Self {
        self.among = Some(link_ids);
        self
    }

    /// The most steps that the evaluation may take before it ends with
    /// [`BudgetExceeded`](crate::EvaluationError::BudgetExceeded).
    pub fn with_budget(mut self, steps: u64) -> Self {
        self.budget = steps;
        self
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&Collection<'a>> {
        self.variables
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.variables.iter().map(|(name, _)| name).collect();
        f.debug_struct("Context")
            .field("variables", &names)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// What a variable can be made from: one value, JSON, or a whole collection.
#[derive(Debug)]
pub struct Variable<'a>(Collection<'a>);

impl<'a> From<Collection<'a>> for Variable<'a> {
    fn from(collection: Collection<'a>) -> Self {
        Self(collection)
    }
}

impl<'a, T: Into<Value<'a>>> From<T> for Variable<'a> {
    fn from(value: T) -> Self {
        Self(Collection::from(value.into()))
    }
}

/// What expressions may ask of the world around them. Each has an answer that means "not supported here", so that a
/// host implements what it has.
pub trait Host {
    /// The value of a variable that the context itself does not hold.
    fn variable(&self, name: &str) -> Option<Collection<'_>> {
        let _ = name;
        None
    }

    /// The resource that a reference leads to, for `resolve()`. References into the resource itself are followed
    /// without the host.
    fn resolve(&self, reference: &str) -> Option<&Json> {
        let _ = reference;
        None
    }

    /// Whether a code, Coding or CodeableConcept is in a value set, for `memberOf()`; `None` where that cannot be
    /// told here, which ends the evaluation.
    fn member_of(&self, code: &Value<'_>, value_set: &str) -> Option<bool> {
        let _ = (code, value_set);
        None
    }

    /// The weight of a code in its code system, for `weight()`, where neither the answer nor the question say one.
    fn weight(&self, system: Option<&str>, code: &str) -> Option<Decimal> {
        let _ = (system, code);
        None
    }

    /// Whether a resource conforms to a profile, for `conformsTo()`; `None` where that cannot be told here, which
    /// ends the evaluation.
    fn conforms_to(&self, resource: &Json, profile: &str) -> Option<bool> {
        let _ = (resource, profile);
        None
    }

    /// Takes note of what `trace()` was called on.
    fn trace(&self, name: &str, values: &Collection<'_>) {
        let _ = (name, values);
    }
}

/// An index of `%resource`, a QuestionnaireResponse: `item.where(linkId = 'a')` and the like look there instead of going
/// through all items. A holder of many responses has no use for one; a form that is being filled in has.
pub trait Items {
    /// The items with one of these linkIds, in document order: for each the way from the resource down to it, both
    /// included. Every item that has such a linkId must be among them.
    fn named<'t>(&'t self, link_ids: &[&str]) -> Vec<Vec<Node<'t>>>;

    /// Whether nothing in the resource but its items has a `linkId`, so that `descendants()` leads to no others.
    fn are_all(&self) -> bool;
}

struct NoHost;

impl Host for NoHost {}
