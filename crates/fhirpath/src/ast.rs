//! An expression after reading, in the form that evaluation walks over.
//!
//! Chains are flat: `a.b.c` is one path with two steps and `1 + 2 + 3` one chain with two operands, so that only
//! parentheses and arguments nest, and depth has a bound that the parser checks. Names of functions and types are
//! looked up while reading, and a pattern that is a literal is compiled then.

use rust_decimal::Decimal;

use crate::functions::Function;
use crate::patterns::Pattern;
use crate::temporal::{Date, DateTime, Time};
use crate::value::{Quantity, Value};

#[derive(Debug)]
pub(crate) enum Expr {
    /// `{}`
    Empty,
    Literal(Literal),
    /// `('a' | 'b')`
    Texts(Texts),
    /// `%name`
    Variable(Box<str>),
    /// `$this`, written or implied: a name alone is a member of it.
    This,
    Index,
    Total,
    Path(Box<Path>),
    /// `-x`; a plus sign changes nothing and is dropped, except that it asks for a number.
    Sign {
        negative: bool,
        operand: Box<Expr>,
    },
    Chain(Box<Chain>),
    /// `x is T`, `x as T`
    Type {
        operand: Box<Expr>,
        is: bool,
        of: TypeSpecifier,
    },
}

#[derive(Debug)]
pub(crate) enum Literal {
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    String(Box<str>),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    Quantity(Quantity<'static>),
}

#[derive(Debug)]
pub(crate) struct Path {
    pub head: Expr,
    pub steps: Box<[Step]>,
}

#[derive(Debug)]
pub(crate) enum Step {
    Member(Member),
    Call(Call),
    Index(Expr),
}

#[derive(Debug)]
pub(crate) struct Member {
    pub name: Box<str>,
    /// Whether it may be the type of the resource that it is asked of, as `Patient` in `Patient.name`.
    pub may_be_type: bool,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub function: Function,
    pub arguments: Box<[Expr]>,
    /// For `is`, `as` and `ofType`.
    pub of: Option<TypeSpecifier>,
    /// For the functions with a pattern, where it is a literal: compiled, or why it could not be.
    pub pattern: Option<Result<Pattern, String>>,
    /// For `sort`: which arguments sort downwards.
    pub descending: Box<[bool]>,
}

/// Operands of operators of one precedence, from left to right.
#[derive(Debug)]
pub(crate) struct Chain {
    pub first: Expr,
    pub rest: Box<[(Operator, Expr)]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concatenate,
    Union,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

impl Operator {
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Div => "div",
            Self::Mod => "mod",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Concatenate => "&",
            Self::Union => "|",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Equivalent => "~",
            Self::NotEquivalent => "!~",
            Self::In => "in",
            Self::Contains => "contains",
            Self::And => "and",
            Self::Or => "or",
            Self::Xor => "xor",
            Self::Implies => "implies",
        }
    }
}

/// The name of a type, perhaps with its model.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TypeSpecifier {
    pub model: Option<Model>,
    pub name: Box<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    Fhir,
    System,
}

impl Literal {
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::Decimal(value) => Value::Decimal(*value),
            Self::String(value) => Value::from(value.as_ref()),
            Self::Date(value) => Value::Date(*value),
            Self::DateTime(value) => Value::DateTime(*value),
            Self::Time(value) => Value::Time(*value),
            Self::Quantity(value) => Quantity::new(value.value, value.unit.as_ref()).into(),
        }
    }
}

/// Different texts, in the order in which they are written. A form's grand total may name thousands.
#[derive(Debug)]
pub(crate) struct Texts {
    written: Box<[Box<str>]>,
    /// Their positions, in the order of the texts.
    sorted: Box<[u32]>,
}

impl Texts {
    fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let (mut written, mut sorted) = (Vec::<Box<str>>::new(), Vec::<u32>::new());
        for text in texts {
            if let Err(place) = find(&written, &sorted, text) {
                // The longest expression has no more of them.
                sorted.insert(place, u32::try_from(written.len()).unwrap_or(u32::MAX));
                written.push(text.into());
            }
        }
        Self {
            written: written.into(),
            sorted: sorted.into(),
        }
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        find(&self.written, &self.sorted, text).is_ok()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.written.iter().map(AsRef::as_ref)
    }
}

/// Where a text stands among the sorted ones, or would.
fn find(written: &[Box<str>], sorted: &[u32], text: &str) -> Result<usize, usize> {
    sorted.binary_search_by(|position| written[*position as usize].as_ref().cmp(text))
}

impl Chain {
    pub(crate) fn is_union(&self) -> bool {
        self.rest.iter().all(|(operator, _)| *operator == Operator::Union)
    }

    /// A union of texts is a list that need not be put together at every evaluation.
    pub(crate) fn into_expr(self) -> Expr {
        let operands = || std::iter::once(&self.first).chain(self.rest.iter().map(|(_, operand)| operand));
        if !self.is_union() || !operands().all(|operand| operand.as_string().is_some()) {
            return Expr::Chain(Box::new(self));
        }
        Expr::Texts(Texts::new(operands().filter_map(Expr::as_string)))
    }
}

impl Expr {
    /// Shows every call within the expression.
    pub(crate) fn each_call<'e>(&'e self, see: &mut dyn FnMut(&'e Call)) {
        match self {
            Expr::Path(path) => {
                path.head.each_call(see);
                for step in &path.steps {
                    match step {
                        Step::Member(_) => {}
                        Step::Index(index) => index.each_call(see),
                        Step::Call(call) => {
                            see(call);
                            call.arguments.iter().for_each(|argument| argument.each_call(see));
                        }
                    }
                }
            }
            Expr::Chain(chain) => {
                chain.first.each_call(see);
                chain.rest.iter().for_each(|(_, operand)| operand.each_call(see));
            }
            Expr::Sign { operand, .. } | Expr::Type { operand, .. } => operand.each_call(see),
            Expr::Empty
            | Expr::Literal(_)
            | Expr::Texts(_)
            | Expr::Variable(_)
            | Expr::This
            | Expr::Index
            | Expr::Total => {}
        }
    }

    /// The text of a literal string.
    pub(crate) fn as_string(&self) -> Option<&str> {
        match self {
            Expr::Literal(Literal::String(text)) => Some(text),
            _ => None,
        }
    }
}
