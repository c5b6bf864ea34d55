//! From text to tokens, each with the place where it begins.

use rust_decimal::Decimal;

use crate::decimal;
use crate::error::{ParseError, ParseErrorKind};
use crate::temporal::{Date, DateTime, Time};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'s> {
    Integer(i64),
    Decimal(Decimal),
    String(String),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    /// A name as it stands: also the words that are operators or units.
    Word(&'s str),
    /// A name in backticks.
    Quoted(String),
    /// `$this` and its like, without the `$`.
    Special(&'s str),
    /// Brackets, operators and other signs.
    Sign(&'static str),
    End,
}

pub(crate) struct Lexer<'s> {
    source: &'s str,
    at: usize,
}

/// Two-character signs come before their own first characters.
const SIGNS: &[&str] = &[
    "<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "<", ">",
    "=", "~", "%",
];

impl<'s> Lexer<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Self { source, at: 0 }
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn error(&self, kind: ParseErrorKind, at: usize) -> Box<ParseError> {
        ParseError::boxed(kind, self.source[..at].chars().count())
    }

    /// The next token and the byte where it begins.
    pub(crate) fn next(&mut self) -> Result<(Token<'s>, usize), Box<ParseError>> {
        self.skip_space()?;
        let begin = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok((Token::End, begin));
        };
        let token = match first {
            '0'..='9' => self.number()?,
            'a'..='z' | 'A'..='Z' | '_' => Token::Word(self.word()),
            '\'' => Token::String(self.quoted('\'', "the string")?),
            '`' => Token::Quoted(self.quoted('`', "the name")?),
            '@' => self.temporal()?,
            '$' => {
                self.at += 1;
                Token::Special(self.word())
            }
            _ => self.sign()?,
        };
        Ok((token, begin))
    }

    fn skip_space(&mut self) -> Result<(), Box<ParseError>> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find(['\n', '\r']).unwrap_or(trimmed.len());
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                let end = comment.find("*/");
                let end = end.ok_or_else(|| self.error(ParseErrorKind::NotClosed("the comment"), self.at))?;
                self.at += 2 + end + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'s str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| wanted(*byte)).count();
        self.at += length;
        &rest[..length]
    }

    fn word(&mut self) -> &'s str {
        self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }

    fn number(&mut self) -> Result<Token<'s>, Box<ParseError>> {
        let begin = self.at;
        self.take_while(|byte| byte.is_ascii_digit());
        let fraction = self
            .rest()
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction {
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        let text = &self.source[begin..self.at];
        let token = match fraction {
            true => decimal::parse(text).map(Token::Decimal),
            false => decimal::parse_integer(text).map(Token::Integer),
        };
        // `5L`, a whole number of 64 bits as all of ours are.
        if !fraction && self.rest().starts_with('L') {
            self.at += 1;
        }
        token.ok_or_else(|| self.error(ParseErrorKind::InvalidLiteral(text.to_owned()), begin))
    }

    fn temporal(&mut self) -> Result<Token<'s>, Box<ParseError>> {
        let begin = self.at;
        self.at += 1;
        self.digits_and(b"-");
        let with_time = self.rest().starts_with('T');
        let is_time = with_time && self.at == begin + 1;
        if with_time {
            self.at += 1;
            self.digits_and(b":");
            if self
                .rest()
                .strip_prefix('.')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            {
                self.at += 1;
                self.digits_and(b"");
            }
            if !is_time {
                self.offset();
            }
        }
        let text = &self.source[begin + 1..self.at];
        let token = match (is_time, with_time) {
            (true, _) => Time::parse(&text[1..]).map(Token::Time),
            (false, true) => DateTime::parse(text).map(Token::DateTime),
            (false, false) => Date::parse(text).map(Token::Date),
        };
        token.ok_or_else(|| self.error(ParseErrorKind::InvalidLiteral(format!("@{text}")), begin))
    }

    fn digits_and(&mut self, more: &'static [u8]) {
        self.take_while(|byte| byte.is_ascii_digit() || more.contains(&byte));
    }

    /// `Z` or `+01:00`; a sign with other digits is an operator.
    fn offset(&mut self) {
        match self.rest().as_bytes() {
            [b'Z', ..] => self.at += 1,
            [b'+' | b'-', a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()) => {
                self.at += 6
            }
            _ => {}
        }
    }

    /// A string or quoted name, with its escapes resolved. A backslash before any other character is dropped.
    fn quoted(&mut self, quote: char, what: &'static str) -> Result<String, Box<ParseError>> {
        let begin = self.at;
        let mut text = String::new();
        let mut rest = self.rest()[1..].chars();
        loop {
            let not_closed = || self.error(ParseErrorKind::NotClosed(what), begin);
            match rest.next().ok_or_else(not_closed)? {
                c if c == quote => break,
                '\\' => match rest.next().ok_or_else(not_closed)? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'f' => text.push('\u{c}'),
                    'u' => match unicode(rest.as_str()) {
                        Some((c, length)) => {
                            text.push(c);
                            rest = rest.as_str()[length..].chars();
                        }
                        None => text.push('u'),
                    },
                    other => text.push(other),
                },
                c => text.push(c),
            }
        }
        self.at = self.source.len() - rest.as_str().len();
        Ok(text)
    }

    fn sign(&mut self) -> Result<Token<'s>, Box<ParseError>> {
        let rest = self.rest();
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        let Some(sign) = sign else {
            let found = rest.chars().take(1).collect();
            return Err(self.error(
                ParseErrorKind::Unexpected {
                    expected: "an expression",
                    found,
                },
                self.at,
            ));
        };
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }
}

/// The character of four hexadecimal digits, or of two such escapes that make a pair, and how many bytes they took.
pub(crate) fn unicode(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let digits = text
            .get(..4)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(text)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c, 4));
    }
    let second = unit(text.get(4..)?.strip_prefix("\\u")?)?;
    let c = char::decode_utf16([first, second]).next()?.ok()?;
    Some((c, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(source: &str) -> Result<Vec<Token<'_>>, Box<ParseError>> {
        let mut lexer = Lexer::new(source);
        let mut tokens = Vec::new();
        loop {
            match lexer.next()? {
                (Token::End, _) => return Ok(tokens),
                (token, _) => tokens.push(token),
            }
        }
    }

    #[test]
    fn a_point_belongs_to_a_number_only_before_a_digit() {
        assert_eq!(tokens("1.0").unwrap().len(), 1);
        assert_eq!(
            tokens("1.abs").unwrap(),
            [Token::Integer(1), Token::Sign("."), Token::Word("abs")]
        );
        assert_eq!(tokens("42L").unwrap(), [Token::Integer(42)]);
    }

    #[test]
    fn a_sign_after_a_time_is_an_offset_only_in_full() {
        assert_eq!(tokens("@2015-02-04T14:34:28+10:00").unwrap().len(), 1);
        assert_eq!(tokens("@2015-02-04T14:34+1").unwrap().len(), 3);
        assert_eq!(
            tokens("@2015T").unwrap(),
            [Token::DateTime(Date::parse("2015").unwrap().into())]
        );
        assert_eq!(tokens("@T14:34.precision").unwrap().len(), 3);
        assert!(tokens("@2015-02-30").is_err());
        assert!(
            tokens("@T14:34:28+10:00").is_err(),
            "a time of day has no offset, and a colon is no operator"
        );
    }

    #[test]
    fn escapes_are_resolved_and_unknown_ones_lose_their_backslash() {
        let text = |source: &str| match tokens(source).unwrap().remove(0) {
            Token::String(text) | Token::Quoted(text) => text,
            other => panic!("{other:?}"),
        };
        let table = [
            (r"'a\'b'", "a'b"),
            (r"'\p\\p'", r"p\p"),
            (r"'\u005'", "u005"),
            (r"'\u00e9\t'", "é\t"),
            (r"'a\uD83D\uDD25b'", "a🔥b"),
            (r"'\uD83D'", "uD83D"),
            ("`a b`", "a b"),
            ("''", ""),
        ];
        for (source, expected) in table {
            assert_eq!(text(source), expected, "{source}");
        }
        for source in ["'abc", r"'abc\'", "`abc", "/* abc"] {
            assert!(tokens(source).is_err(), "{source}");
        }
    }

    #[test]
    fn comments_and_spaces_part_tokens_and_are_nothing_else() {
        assert_eq!(tokens("2 // + 4\n + /* inline $@%^+ * */ 2").unwrap().len(), 3);
        assert_eq!(tokens("").unwrap(), []);
    }
}
