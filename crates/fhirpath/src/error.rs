//! Why an expression could not be read, or could not be evaluated. Both sentences are fit to be shown to an author.

use thiserror::Error;

/// Why a text is no expression, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind} at character {}", position + 1)]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// How many characters stand before the place.
    pub position: usize,
}

/// What is wrong with a text that is no expression.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The text is longer than an expression may be.
    #[error("an expression has at most {limit} bytes; this one has more")]
    TooLong {
        /// The most bytes that an expression may have.
        limit: usize,
    },
    /// Parentheses, arguments or signs are nested too deeply.
    #[error("an expression is nested at most {limit} levels deep; this one is deeper")]
    TooDeep {
        /// The most levels that an expression may have.
        limit: usize,
    },
    /// The text stops in the middle.
    #[error("the expression ends where {expected} should follow")]
    UnexpectedEnd {
        /// What should follow.
        expected: &'static str,
    },
    /// Something else was due here.
    #[error("`{found}` stands where {expected} should be")]
    Unexpected {
        /// What should be here.
        expected: &'static str,
        /// What is here.
        found: String,
    },
    /// A string, quoted name or comment is not closed.
    #[error("{0} is not closed")]
    NotClosed(&'static str),
    /// A date, time or number that does not exist.
    #[error("`{0}` is no value")]
    InvalidLiteral(String),
    /// No function has this name.
    #[error("there is no function `{0}`")]
    UnknownFunction(String),
    /// The function takes another number of arguments.
    #[error("the function `{function}` cannot be called with {found} arguments")]
    WrongArguments {
        /// The function's name.
        function: String,
        /// How many arguments it was given.
        found: usize,
    },
    /// No type has this name.
    #[error("there is no type `{0}`")]
    UnknownType(String),
}

/// Why an expression has no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// One value was needed, and there are more.
    #[error("`{operation}` needs one value and was given {found}")]
    NotSingle {
        /// The operator or function.
        operation: &'static str,
        /// How many values there were.
        found: usize,
    },
    /// The operation has no meaning for these types.
    #[error("`{operation}` has no meaning for {found}")]
    WrongType {
        /// The operator or function.
        operation: &'static str,
        /// The types it was given.
        found: String,
    },
    /// A value of the right type that the operation cannot take.
    #[error("`{operation}` cannot take {found}")]
    WrongValue {
        /// The operator or function.
        operation: &'static str,
        /// The value it was given.
        found: String,
    },
    /// Nobody gave this `%variable` a value.
    #[error("the variable `%{0}` is not defined")]
    UndefinedVariable(String),
    /// `defineVariable` may not give a name a second value.
    #[error("the variable `%{0}` is defined twice")]
    VariableDefinedTwice(String),
    /// `$total` outside of `aggregate`, `$index` outside of an iteration.
    #[error("`{0}` has no value here")]
    NoValueHere(&'static str),
    /// A regular expression that the engine cannot hold, such as one with look-around.
    #[error("the regular expression `{pattern}` is not supported: {reason}")]
    UnsupportedPattern {
        /// The pattern.
        pattern: String,
        /// What the engine says of it.
        reason: String,
    },
    /// The function needs a [`Host`](crate::Host) that provides it.
    #[error("`{0}` is not supported here")]
    NotSupported(&'static str),
    /// `now()`, `today()` or `timeOfDay()`, and the context was given no clock.
    #[error("the time is not known here")]
    NoClock,
    /// The expression does more work than the context allows.
    #[error("the expression takes too many steps")]
    BudgetExceeded,
    /// The resource, or the evaluation, is nested too deeply.
    #[error("the resource is nested too deeply")]
    TooDeep,
}

/// What evaluation passes along inside: a pointer, since every step may fail and few do.
pub(crate) type Failure = Box<EvaluationError>;

impl ParseError {
    pub(crate) fn boxed(kind: ParseErrorKind, position: usize) -> Box<Self> {
        Box::new(Self { kind, position })
    }
}
