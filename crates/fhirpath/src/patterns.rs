//! Regular expressions: one engine natively and in the browser, in time linear in the text.
//!
//! It has no look-around and no back-references; a pattern with those is an error that names it.

use regex_lite::{Captures, Regex, RegexBuilder};

use crate::decimal;

/// The most that a compiled pattern may take. One for e-mail addresses takes about a tenth.
const SIZE_LIMIT: usize = 256 * 1024;

/// The pattern in FHIRPath's dialect: a dot also means a line break. `None` for flags that do not exist.
pub(crate) fn compile(pattern: &str, flags: &str, whole: bool) -> Option<Result<Regex, String>> {
    if !flags.chars().all(|flag| matches!(flag, 'i' | 'm')) {
        return None;
    }
    let whole_pattern;
    let pattern = if whole {
        whole_pattern = format!("^(?:{pattern})$");
        &whole_pattern
    } else {
        pattern
    };
    let compiled = RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(true)
        .size_limit(SIZE_LIMIT)
        .build();
    Some(compiled.map_err(|error| error.to_string()))
}

/// Replaces every match. The replacement may name groups: `$1`, `${name}`, `$0` for the match, `$$` for the sign.
pub(crate) fn replace_all(pattern: &Regex, text: &str, replacement: &str) -> String {
    let mut result = String::new();
    let mut end = 0;
    for captures in pattern.captures_iter(text) {
        let Some(found) = captures.get(0) else { continue };
        result.push_str(&text[end..found.start()]);
        expand(&captures, replacement, &mut result);
        end = found.end();
    }
    result.push_str(&text[end..]);
    result
}

fn group_number(text: &str) -> Option<usize> {
    decimal::parse_integer(text).and_then(|number| usize::try_from(number).ok())
}

fn expand(captures: &Captures<'_>, replacement: &str, result: &mut String) {
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        result.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let braced = after.strip_prefix('{').and_then(|name| name.split_once('}'));
        let digits = after.bytes().take_while(u8::is_ascii_digit).count().min(2);
        if let Some((name, tail)) = braced {
            let group = match group_number(name) {
                Some(number) => captures.get(number),
                None => captures.name(name),
            };
            result.push_str(group.map_or("", |group| group.as_str()));
            rest = tail;
        } else if digits > 0 {
            let group = group_number(&after[..digits]).and_then(|number| captures.get(number));
            result.push_str(group.map_or("", |group| group.as_str()));
            rest = &after[digits..];
        } else {
            result.push('$');
            rest = after.strip_prefix('$').unwrap_or(after);
        }
    }
    result.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(pattern: &str, flags: &str, whole: bool) -> Regex {
        compile(pattern, flags, whole).unwrap().unwrap()
    }

    #[test]
    fn patterns_match_anywhere_unless_the_whole_is_asked_for() {
        assert!(compiled("Library", "", false).is_match("a Library b"));
        assert!(!compiled("Library", "", true).is_match("a Library b"));
        assert!(compiled("a|b", "", true).is_match("b"));
        assert!(compiled("A.*B", "", false).is_match("A\n\tB"));
        assert!(compiled("^SECOND", "im", false).is_match("first\nsecond"));
        assert!(compile("a", "x", false).is_none());
    }

    #[test]
    fn a_pattern_that_the_engine_cannot_hold_is_an_error() {
        for pattern in ["(?!a)b", r"(a)\1", "(", "a{99999999}", r"\p{L}"] {
            assert!(compile(pattern, "", false).unwrap().is_err(), "{pattern}");
        }
    }

    #[test]
    fn replacements_may_name_groups() {
        let date = compiled(
            r"\b(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{2,4})\b",
            "",
            false,
        );
        assert_eq!(
            replace_all(&date, "on 11/30/1972", "${day}-${month}-${year}"),
            "on 30-11-1972"
        );
        let pair = compiled("(a)(b)?", "", false);
        assert_eq!(replace_all(&pair, "abac", "[$1$2$0$$$x]"), "[abab$$x][aa$$x]c");
        assert_eq!(replace_all(&compiled("", "", false), "ab", "-"), "-a-b-");
    }
}
