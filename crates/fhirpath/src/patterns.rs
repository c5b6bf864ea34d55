//! Regular expressions: one engine natively and in the browser, in time linear in the text.
//!
//! It has no look-around and no back-references; a pattern with those is an error that names it.

use regex_lite::{Captures, Regex, RegexBuilder};

use crate::decimal;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) regex: Regex,
    /// The steps that looking through one character of a text is worth.
    pub(crate) cost: usize,
}

impl Pattern {
    /// A pattern that the whole of a text has to match, as FHIR's extension `regex` wants it; the reason where it
    /// cannot be held.
    ///
    /// ```
    /// let postcode = fhirpath::Pattern::whole("[0-9]{4}").unwrap();
    /// assert!(postcode.matches("2000") && !postcode.matches("20001"));
    /// assert!(fhirpath::Pattern::whole("(?!0)[0-9]+").is_err());
    /// ```
    pub fn whole(pattern: &str) -> Result<Self, String> {
        compile(pattern, "", true).unwrap_or_else(|| Err(String::new()))
    }

    /// Whether this text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// The most bytes that a compiled pattern may take, and the cost of looking through a text with it. The one for e-mail
/// addresses that is found everywhere fits into the first.
const SIZES: [(usize, usize); 2] = [(8 * 1024, 1), (64 * 1024, 8)];

/// Compiles a pattern in FHIRPath's dialect: a dot also means a line break. `None` for flags that do not exist.
pub(crate) fn compile(pattern: &str, flags: &str, whole: bool) -> Option<Result<Pattern, String>> {
    if !flags.chars().all(|flag| matches!(flag, 'i' | 'm')) {
        return None;
    }
    let pattern = if whole {
        format!("^(?:{pattern})$")
    } else {
        pattern.to_owned()
    };
    let mut result = Err(String::new());
    for (size, cost) in SIZES {
        let compiled = RegexBuilder::new(&pattern)
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(true)
            .size_limit(size)
            .build();
        result = compiled
            .map(|regex| Pattern { regex, cost })
            .map_err(|error| error.to_string());
        if result.is_ok() {
            break;
        }
    }
    Some(result)
}

/// Replaces every match. The replacement may name groups: `$1`, `${name}`, `$0` for the match, `$$` for the sign.
/// `None` where the result would be longer than `limit`.
pub(crate) fn replace_all(pattern: &Pattern, text: &str, replacement: &str, limit: usize) -> Option<String> {
    let mut result = String::new();
    let mut end = 0;
    for captures in pattern.regex.captures_iter(text) {
        let Some(found) = captures.get(0) else { continue };
        result.push_str(&text[end..found.start()]);
        expand(&captures, replacement, &mut result, limit)?;
        end = found.end();
    }
    result.push_str(&text[end..]);
    Some(result)
}

fn group_number(text: &str) -> Option<usize> {
    decimal::parse_integer(text).and_then(|number| usize::try_from(number).ok())
}

fn expand(captures: &Captures<'_>, replacement: &str, result: &mut String, limit: usize) -> Option<()> {
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let braced = after.strip_prefix('{').and_then(|name| name.split_once('}'));
        let digits = after.bytes().take_while(u8::is_ascii_digit).count().min(2);
        let (group, tail) = if let Some((name, tail)) = braced {
            let group = match group_number(name) {
                Some(number) => captures.get(number),
                None => captures.name(name),
            };
            (group, tail)
        } else if digits > 0 {
            (
                group_number(&after[..digits]).and_then(|number| captures.get(number)),
                &after[digits..],
            )
        } else {
            result.push('$');
            (None, after.strip_prefix('$').unwrap_or(after))
        };
        result.push_str(group.map_or("", |group| group.as_str()));
        (result.len() <= limit).then_some(())?;
        rest = tail;
    }
    result.push_str(rest);
    (result.len() <= limit).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(pattern: &str, flags: &str, whole: bool) -> Pattern {
        compile(pattern, flags, whole).unwrap().unwrap()
    }

    #[test]
    fn patterns_match_anywhere_unless_the_whole_is_asked_for() {
        assert!(compiled("Library", "", false).regex.is_match("a Library b"));
        assert!(!compiled("Library", "", true).regex.is_match("a Library b"));
        assert!(compiled("a|b", "", true).regex.is_match("b"));
        assert!(compiled("A.*B", "", false).regex.is_match("A\n\tB"));
        assert!(compiled("^SECOND", "im", false).regex.is_match("first\nsecond"));
        assert!(compile("a", "x", false).is_none());
    }

    #[test]
    fn a_pattern_that_the_engine_cannot_hold_is_an_error() {
        for pattern in ["(?!a)b", r"(a)\1", "(", "a{99999999}", r"\p{L}"] {
            assert!(compile(pattern, "", false).unwrap().is_err(), "{pattern}");
        }
    }

    fn replaced(pattern: &Pattern, text: &str, replacement: &str) -> String {
        replace_all(pattern, text, replacement, 100).unwrap()
    }

    #[test]
    fn common_patterns_are_cheap_and_large_ones_dear() {
        let email = r"^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$";
        for pattern in [email, r"^\d{3}-\d{3}-\d{4}$", r"^(19|20)\d\d-(0[1-9]|1[012])$"] {
            assert_eq!(compiled(pattern, "", false).cost, 1, "{pattern}");
        }
        assert_eq!(compiled("a{700}", "", false).cost, 8);
        assert!(compile("(a{100}){100}", "", false).unwrap().is_err());
    }

    #[test]
    fn replacements_may_name_groups() {
        let date = compiled(
            r"\b(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{2,4})\b",
            "",
            false,
        );
        assert_eq!(
            replaced(&date, "on 11/30/1972", "${day}-${month}-${year}"),
            "on 30-11-1972"
        );
        let pair = compiled("(a)(b)?", "", false);
        assert_eq!(replaced(&pair, "abac", "[$1$2$0$$$x]"), "[abab$$x][aa$$x]c");
        assert_eq!(replaced(&compiled("", "", false), "ab", "-"), "-a-b-");
        assert_eq!(replace_all(&pair, "aaaa", &"$0".repeat(30), 100), None);
    }
}
