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
    /// `('a' | 'b')`, without duplicates.
    Literals(Box<[Literal]>),
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

/// A longer list is put together at every evaluation, where it is paid for from the budget.
const MAX_LIST: usize = 256;

impl Chain {
    /// A union of different texts is a list that need not be put together at every evaluation.
    pub(crate) fn into_expr(self) -> Expr {
        let operands = || std::iter::once(&self.first).chain(self.rest.iter().map(|(_, operand)| operand));
        let is_union = self.rest.iter().all(|(operator, _)| *operator == Operator::Union);
        if !is_union || self.rest.len() > MAX_LIST || !operands().all(|operand| operand.as_string().is_some())
        {
            return Expr::Chain(Box::new(self));
        }
        let mut texts: Vec<&str> = Vec::new();
        for text in operands().filter_map(Expr::as_string) {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        Expr::Literals(
            texts
                .into_iter()
                .map(|text| Literal::String(text.into()))
                .collect(),
        )
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
            | Expr::Literals(_)
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
