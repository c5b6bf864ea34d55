//! From tokens to an expression: recursive descent, with one function for all operators by their precedence.

use crate::ast::{Call, Chain, Expr, Literal, Member, Model, Operator, Path, Step, TypeSpecifier};
use crate::error::{ParseError, ParseErrorKind};
use crate::functions::Function;
use crate::lexer::{Lexer, Token};
use crate::patterns;
use crate::temporal::CalendarUnit;
use crate::types;
use crate::value::Quantity;

/// The longest expression, in bytes. The longest one found in published forms has 2,550.
pub(crate) const MAX_LENGTH: usize = 64 * 1024;
/// The deepest nesting of parentheses, arguments and signs. The deepest one found in published forms has 10.
pub(crate) const MAX_DEPTH: usize = 64;
/// The most expressions within expressions, counting each precedence that an operand passes through. Evaluation
/// calls itself as deeply as this, so it is what keeps a hostile expression from exhausting the stack.
pub(crate) const MAX_HEIGHT: usize = 128;

pub(crate) fn parse(source: &str) -> Result<Expr, Box<ParseError>> {
    if source.len() > MAX_LENGTH {
        return Err(ParseError::boxed(
            ParseErrorKind::TooLong { limit: MAX_LENGTH },
            MAX_LENGTH,
        ));
    }
    let mut lexer = Lexer::new(source);
    let (token, at) = lexer.next()?;
    let mut parser = Parser {
        source,
        lexer,
        token,
        at,
        depth: 0,
        height: 0,
    };
    let expression = parser.expression(Level::Implies)?;
    match parser.token {
        Token::End => Ok(expression),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser<'s> {
    source: &'s str,
    lexer: Lexer<'s>,
    token: Token<'s>,
    /// The byte where `token` begins.
    at: usize,
    depth: usize,
    /// How many levels the expression that was read last has.
    height: usize,
}

/// The precedences of operators, from the loosest to the tightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Implies,
    Or,
    And,
    Membership,
    Equality,
    Inequality,
    Union,
    Type,
    Additive,
    Multiplicative,
    Sign,
}

impl Level {
    fn tighter(self) -> Self {
        match self {
            Self::Implies => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Membership,
            Self::Membership => Self::Equality,
            Self::Equality => Self::Inequality,
            Self::Inequality => Self::Union,
            Self::Union => Self::Type,
            Self::Type => Self::Additive,
            Self::Additive => Self::Multiplicative,
            Self::Multiplicative | Self::Sign => Self::Sign,
        }
    }
}

enum Infix {
    Binary(Operator),
    /// `is` (true) or `as`.
    Type(bool),
}

impl<'s> Parser<'s> {
    fn advance(&mut self) -> Result<Token<'s>, Box<ParseError>> {
        let (next, at) = self.lexer.next()?;
        self.at = at;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn error(&self, kind: ParseErrorKind) -> Box<ParseError> {
        ParseError::boxed(kind, self.source[..self.at].chars().count())
    }

    fn unexpected(&self, expected: &'static str) -> Box<ParseError> {
        if self.token == Token::End {
            return self.error(ParseErrorKind::UnexpectedEnd { expected });
        }
        let found = self.source[self.at..]
            .chars()
            .take_while(|c| !c.is_whitespace())
            .take(20)
            .collect();
        self.error(ParseErrorKind::Unexpected { expected, found })
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.token, Token::Sign(found) if found == sign)
    }

    fn skip_sign(&mut self, sign: &str) -> Result<bool, Box<ParseError>> {
        let found = self.is_sign(sign);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, sign: &str, expected: &'static str) -> Result<(), Box<ParseError>> {
        if self.skip_sign(sign)? {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    /// Everything that nests passes through here.
    fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, Box<ParseError>>,
    ) -> Result<T, Box<ParseError>> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(ParseErrorKind::TooDeep { limit: MAX_DEPTH }));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// Notes that an expression holds others of at most this height.
    fn grow(&mut self, below: usize) -> Result<(), Box<ParseError>> {
        self.height = below + 1;
        if self.height > MAX_HEIGHT {
            return Err(self.error(ParseErrorKind::TooDeep { limit: MAX_HEIGHT }));
        }
        Ok(())
    }

    /// An operand and all operators after it that bind at least as tightly as `level`.
    fn expression(&mut self, level: Level) -> Result<Expr, Box<ParseError>> {
        let mut expression = self.signed()?;
        while let Some((found, infix)) = self.infix().filter(|(found, _)| *found >= level) {
            match infix {
                Infix::Type(is) => {
                    self.advance()?;
                    let of = self.type_specifier()?;
                    self.grow(self.height)?;
                    expression = Expr::Type {
                        operand: Box::new(expression),
                        is,
                        of,
                    };
                }
                Infix::Binary(_) => expression = self.chain(expression, found)?,
            }
        }
        Ok(expression)
    }

    fn chain(&mut self, first: Expr, level: Level) -> Result<Expr, Box<ParseError>> {
        let mut rest = Vec::new();
        let mut below = self.height;
        while let Some((_, Infix::Binary(operator))) = self.infix().filter(|(found, _)| *found == level) {
            self.advance()?;
            rest.push((operator, self.expression(level.tighter())?));
            below = below.max(self.height);
        }
        self.grow(below)?;
        let chain = Chain {
            first,
            rest: rest.into(),
        };
        Ok(chain.into_expr())
    }

    fn infix(&self) -> Option<(Level, Infix)> {
        use Operator as O;
        let (level, operator) = match self.token {
            Token::Sign("*") => (Level::Multiplicative, O::Multiply),
            Token::Sign("/") => (Level::Multiplicative, O::Divide),
            Token::Word("div") => (Level::Multiplicative, O::Div),
            Token::Word("mod") => (Level::Multiplicative, O::Mod),
            Token::Sign("+") => (Level::Additive, O::Add),
            Token::Sign("-") => (Level::Additive, O::Subtract),
            Token::Sign("&") => (Level::Additive, O::Concatenate),
            Token::Word("is") => return Some((Level::Type, Infix::Type(true))),
            Token::Word("as") => return Some((Level::Type, Infix::Type(false))),
            Token::Sign("|") => (Level::Union, O::Union),
            Token::Sign("<") => (Level::Inequality, O::Less),
            Token::Sign("<=") => (Level::Inequality, O::LessOrEqual),
            Token::Sign(">") => (Level::Inequality, O::Greater),
            Token::Sign(">=") => (Level::Inequality, O::GreaterOrEqual),
            Token::Sign("=") => (Level::Equality, O::Equal),
            Token::Sign("!=") => (Level::Equality, O::NotEqual),
            Token::Sign("~") => (Level::Equality, O::Equivalent),
            Token::Sign("!~") => (Level::Equality, O::NotEquivalent),
            Token::Word("in") => (Level::Membership, O::In),
            Token::Word("contains") => (Level::Membership, O::Contains),
            Token::Word("and") => (Level::And, O::And),
            Token::Word("or") => (Level::Or, O::Or),
            Token::Word("xor") => (Level::Or, O::Xor),
            Token::Word("implies") => (Level::Implies, O::Implies),
            _ => return None,
        };
        Some((level, Infix::Binary(operator)))
    }

    fn signed(&mut self) -> Result<Expr, Box<ParseError>> {
        let negative = self.is_sign("-");
        if !negative && !self.is_sign("+") {
            return self.path();
        }
        self.advance()?;
        let operand = self.nested(Self::signed)?;
        self.grow(self.height)?;
        Ok(Expr::Sign {
            negative,
            operand: Box::new(operand),
        })
    }

    fn path(&mut self) -> Result<Expr, Box<ParseError>> {
        let mut steps = Vec::new();
        self.height = 0;
        let head = self.head(&mut steps)?;
        let mut below = self.height;
        loop {
            if self.skip_sign(".")? {
                let step = self.step(false)?;
                steps.push(step);
                below = below.max(self.height);
            } else if self.skip_sign("[")? {
                let index = self.nested(|parser| parser.expression(Level::Implies))?;
                self.expect("]", "`]`")?;
                steps.push(Step::Index(index));
                below = below.max(self.height);
            } else if steps.is_empty() {
                return Ok(head);
            } else {
                self.grow(below)?;
                return Ok(Expr::Path(Box::new(Path {
                    head,
                    steps: steps.into(),
                })));
            }
        }
    }

    /// What a path begins with. A name or function is a first step from `$this`.
    fn head(&mut self, steps: &mut Vec<Step>) -> Result<Expr, Box<ParseError>> {
        let head = match &self.token {
            Token::Integer(_) | Token::Decimal(_) => return self.number(),
            Token::Word("true") => Expr::Literal(Literal::Boolean(true)),
            Token::Word("false") => Expr::Literal(Literal::Boolean(false)),
            Token::Word(_) | Token::Quoted(_) => {
                steps.push(self.step(true)?);
                return Ok(Expr::This);
            }
            Token::String(text) => Expr::Literal(Literal::String(text.as_str().into())),
            Token::Date(value) => Expr::Literal(Literal::Date(*value)),
            Token::DateTime(value) => Expr::Literal(Literal::DateTime(*value)),
            Token::Time(value) => Expr::Literal(Literal::Time(*value)),
            Token::Special("this") => Expr::This,
            Token::Special("index") => Expr::Index,
            Token::Special("total") => Expr::Total,
            Token::Sign("%") => return self.variable(),
            Token::Sign("(") => {
                self.advance()?;
                let inner = self.nested(|parser| parser.expression(Level::Implies))?;
                self.expect(")", "`)`")?;
                return Ok(inner);
            }
            Token::Sign("{") => {
                self.advance()?;
                self.expect("}", "`}`")?;
                return Ok(Expr::Empty);
            }
            _ => return Err(self.unexpected("a value, a name or `(`")),
        };
        self.advance()?;
        Ok(head)
    }

    /// A number, or a quantity where a unit follows.
    fn number(&mut self) -> Result<Expr, Box<ParseError>> {
        let token = self.advance()?;
        let unit = match &self.token {
            Token::Word(word) => CalendarUnit::from_keyword(word).map(|_| (*word).to_owned()),
            Token::String(code) => Some(code.clone()),
            _ => None,
        };
        let (literal, value) = match token {
            Token::Integer(value) => (Literal::Integer(value), value.into()),
            Token::Decimal(value) => (Literal::Decimal(value), value),
            _ => return Err(self.unexpected("a number")),
        };
        let Some(unit) = unit else {
            return Ok(Expr::Literal(literal));
        };
        self.advance()?;
        Ok(Expr::Literal(Literal::Quantity(Quantity::new(value, unit))))
    }

    fn variable(&mut self) -> Result<Expr, Box<ParseError>> {
        self.advance()?;
        match &self.token {
            Token::Word(_) | Token::Quoted(_) | Token::String(_) => {}
            _ => return Err(self.unexpected("the name of a variable")),
        }
        Ok(match self.advance()? {
            Token::Word(name) => Expr::Variable(name.into()),
            Token::Quoted(name) | Token::String(name) => Expr::Variable(name.into()),
            _ => Expr::Empty,
        })
    }

    fn step(&mut self, first: bool) -> Result<Step, Box<ParseError>> {
        let begin = self.at;
        let name = match &self.token {
            Token::Word(name) => (*name).to_owned(),
            Token::Quoted(name) => name.clone(),
            _ => return Err(self.unexpected("a name")),
        };
        self.advance()?;
        if self.skip_sign("(")? {
            return self.call(&name, begin);
        }
        let may_be_type = first && name.starts_with(|c: char| c.is_ascii_uppercase());
        Ok(Step::Member(Member {
            name: name.into(),
            may_be_type,
        }))
    }

    fn call(&mut self, name: &str, begin: usize) -> Result<Step, Box<ParseError>> {
        let here = |parser: &Self, kind| ParseError::boxed(kind, parser.source[..begin].chars().count());
        let Some((function, least, most)) = Function::named(name) else {
            return Err(here(self, ParseErrorKind::UnknownFunction(name.to_owned())));
        };
        let mut call = Call {
            function,
            arguments: Box::default(),
            of: None,
            pattern: None,
            descending: Box::default(),
        };
        if function.takes_type() {
            call.of = Some(self.type_specifier()?);
            self.expect(")", "`)`")?;
            return Ok(Step::Call(call));
        }
        let (mut arguments, mut descending) = (Vec::new(), Vec::new());
        let mut below = self.height;
        while !self.is_sign(")") {
            if !arguments.is_empty() {
                self.expect(",", "`,` or `)`")?;
            }
            let argument = self.nested(|parser| parser.expression(Level::Implies))?;
            let (argument, down) = if function == Function::Sort {
                self.direction(argument)?
            } else {
                (argument, false)
            };
            arguments.push(argument);
            descending.push(down);
            below = below.max(self.height);
        }
        self.height = below;
        self.advance()?;
        if !(usize::from(least)..=usize::from(most)).contains(&arguments.len()) {
            let kind = ParseErrorKind::WrongArguments {
                function: name.to_owned(),
                found: arguments.len(),
            };
            return Err(here(self, kind));
        }
        if function.takes_pattern()
            && let Some(pattern) = arguments.first().and_then(Expr::as_string)
        {
            let flags = arguments.get(if function == Function::ReplaceMatches {
                2
            } else {
                1
            });
            if let Some(flags) = flags.map_or(Some(""), Expr::as_string) {
                let whole = function == Function::MatchesFull;
                call.pattern = patterns::compile(pattern, flags, whole);
            }
        }
        (call.arguments, call.descending) = (arguments.into(), descending.into());
        Ok(Step::Call(call))
    }

    /// `sort(x desc)`; `sort(-x)` means the same, also where `x` is no number.
    fn direction(&mut self, argument: Expr) -> Result<(Expr, bool), Box<ParseError>> {
        match self.token {
            Token::Word("asc") => self.advance().map(|_| (argument, false)),
            Token::Word("desc") => self.advance().map(|_| (argument, true)),
            _ => Ok(match argument {
                Expr::Sign {
                    negative: true,
                    operand,
                } => (*operand, true),
                other => (other, false),
            }),
        }
    }

    fn type_specifier(&mut self) -> Result<TypeSpecifier, Box<ParseError>> {
        let begin = self.at;
        let mut name = self.type_name()?;
        let mut model = None;
        if self.is_sign(".")
            && let Some(found) = Model::named(&name)
        {
            self.advance()?;
            model = Some(found);
            name = self.type_name()?;
        }
        if !types::is_known(&name) {
            let position = self.source[..begin].chars().count();
            return Err(ParseError::boxed(ParseErrorKind::UnknownType(name), position));
        }
        Ok(TypeSpecifier {
            model,
            name: name.into(),
        })
    }

    fn type_name(&mut self) -> Result<String, Box<ParseError>> {
        let name = match &self.token {
            Token::Word(name) => (*name).to_owned(),
            Token::Quoted(name) => name.clone(),
            _ => return Err(self.unexpected("the name of a type")),
        };
        self.advance()?;
        Ok(name)
    }
}

impl Model {
    fn named(name: &str) -> Option<Self> {
        match name {
            "FHIR" => Some(Self::Fhir),
            "System" => Some(Self::System),
            _ => None,
        }
    }
}
