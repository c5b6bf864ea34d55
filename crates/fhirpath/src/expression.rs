//! The public face of an expression: read once, evaluated as often as needed.

use std::fmt;

use crate::ast::Expr;
use crate::context::Context;
use crate::dependencies::Dependencies;
use crate::error::{EvaluationError, ParseError};
use crate::strict::{self, StrictProblem};
use crate::value::Collection;
use crate::{eval, parser};

/// A FHIRPath expression.
///
/// ```
/// use fhirpath::{Context, Expression};
/// use serde_json::json;
///
/// let total = Expression::parse("item.where(linkId in ('1' | '2')).answer.value.sum()")?;
/// let response = json!({
///     "resourceType": "QuestionnaireResponse",
///     "item": [
///         { "linkId": "1", "answer": [{ "valueDecimal": 58.3 }] },
///         { "linkId": "2", "answer": [{ "valueDecimal": -35.09444 }] }
///     ]
/// });
/// let result = total.evaluate(&Context::new(&response))?;
/// assert_eq!(result.to_json(), [json!(23.20556)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Expression {
    source: Box<str>,
    root: Expr,
}

impl Expression {
    /// Reads an expression. Unknown functions and types are found here, not only when they are reached.
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        let root = parser::parse(source).map_err(|error| *error)?;
        Ok(Self {
            source: source.into(),
            root,
        })
    }

    /// Evaluates the expression. The result borrows from the resources in the context and from the expression.
    pub fn evaluate<'a>(&'a self, context: &Context<'a>) -> Result<Collection<'a>, EvaluationError> {
        eval::evaluate(&self.root, context).map_err(|failure| *failure)
    }

    /// Which items of a response, and what else, the result depends on.
    pub fn dependencies(&self) -> Dependencies<'_> {
        Dependencies::of(&self.root)
    }

    /// The regular expressions in it that cannot be evaluated, each with the reason: for a form's list of what is not
    /// supported. Patterns that are put together at run time are not among them.
    ///
    /// ```
    /// let postcode = fhirpath::Expression::parse("answer.value.matches('^(?!.*[DFIOQU])[A-Z][0-9]')")?;
    /// let (pattern, reason) = &postcode.unsupported_patterns()[0];
    /// assert!(pattern.contains("?!") && reason.contains("look-around"));
    /// # Ok::<(), fhirpath::ParseError>(())
    /// ```
    pub fn unsupported_patterns(&self) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        self.root.each_call(&mut |call| {
            if let (Some(Err(reason)), Some(pattern)) =
                (&call.pattern, call.arguments.first().and_then(Expr::as_string))
            {
                found.push((pattern, reason.as_str()));
            }
        });
        found
    }

    /// What a strict reader objects to, where evaluation is lenient: for authors of forms. The type of the resource,
    /// where it is known, helps to tell.
    ///
    /// ```
    /// let expression = fhirpath::Expression::parse("Patient.name.gven")?;
    /// let problems = expression.strict_problems(Some("Patient"));
    /// assert_eq!(problems[0].to_string(), "HumanName has no element `gven`");
    /// # Ok::<(), fhirpath::ParseError>(())
    /// ```
    pub fn strict_problems(&self, resource_type: Option<&str>) -> Vec<StrictProblem> {
        strict::problems(&self.root, resource_type)
    }

    /// Whether a function of this name is called, for functions that need a [`Host`](crate::Host): `memberOf`,
    /// `resolve`, `conformsTo`.
    pub fn calls(&self, function: &str) -> bool {
        let mut found = false;
        self.root
            .each_call(&mut |call| found |= call.function.name() == function);
        found
    }

    /// The text that the expression was read from.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}
