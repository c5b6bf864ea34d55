#![doc = include_str!("../README.md")]

mod ast;
mod context;
mod decimal;
mod dependencies;
mod encoding;
mod error;
mod eval;
mod expression;
mod functions;
mod lexer;
mod parser;
mod patterns;
mod strict;
mod temporal;
mod types;
mod ucum;
mod value;

pub use context::{Context, DEFAULT_BUDGET, Host, Items, Variable};
pub use dependencies::Dependencies;
pub use error::{EvaluationError, ParseError, ParseErrorKind};
pub use expression::Expression;
pub use patterns::Pattern;
pub use rust_decimal::Decimal;
pub use strict::StrictProblem;
pub use temporal::{Date, DateTime, Time};
pub use types::is_resource_type;
pub use value::{Collection, Node, Quantity, TypeInfo, Value};
