//! The functions, subject by subject.

use serde_json::json;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::check;

#[test]
fn existence_and_counting() {
    check(
        &json!({ "n": [1, 2, 2, 3], "flags": [true, false] }),
        &[
            (
                "n.exists() and nothing.empty() and nothing.exists().not()",
                "[true]",
            ),
            ("n.exists($this > 2) | n.exists($this > 3)", "[true, false]"),
            ("n.all($this > 0) and nothing.all($this > 0)", "[true]"),
            ("n.all($this > 1)", "[false]"),
            ("n.count() | nothing.count()", "[4, 0]"),
            ("n.distinct()", "[1, 2, 3]"),
            ("n.isDistinct() | n.distinct().isDistinct()", "[false, true]"),
            ("flags.allTrue() | flags.anyTrue()", "[false, true]"),
            ("flags.allFalse() | flags.anyFalse()", "[false, true]"),
            (
                "n.allTrue()",
                "cannot be evaluated: `allTrue` has no meaning for integer...",
            ),
            ("(1 | 2).subsetOf(n) | n.subsetOf(1 | 2)", "[true, false]"),
            ("n.supersetOf(1 | 2)", "[true]"),
        ],
    );
}

#[test]
fn choosing_and_projecting() {
    check(
        &json!({ "n": [3, 1, 2], "p": [{ "f": "B", "g": 1 }, { "f": "A", "g": 2 }, { "g": 3 }] }),
        &[
            ("n.where($this > 1)", "[3, 2]"),
            ("n.where({})", "[]"),
            (
                "n.where(1 | 2)",
                "cannot be evaluated: `a condition` needs one value...",
            ),
            ("n.select($this * 10 + $index)", "[30, 11, 22]"),
            ("n.sort() | {}", "[1, 2, 3]"),
            ("n.sort($this desc)", "[3, 2, 1]"),
            ("n.sort(-$this)", "[3, 2, 1]"),
            ("p.sort(f).g", "[3, 2, 1]"),
            ("p.sort(-f, g).g", "[1, 2, 3]"),
            (
                "(1 | 'a').sort()",
                "cannot be evaluated: `sort` has no meaning...",
            ),
            ("coalesce({}, nothing, n.first(), 1 / 0)", "[3]"),
            (
                "iif(n.exists(), 'some', 'none') | iif({}, 1, 2) | iif(false, 1)",
                r#"["some", 2]"#,
            ),
            ("iif(true, 1, nonsense)", "[1]"),
            (
                "iif(n, 1, 2)",
                "cannot be evaluated: `a condition` needs one value...",
            ),
            ("n.aggregate($total + $this, 0)", "[6]"),
            (
                "n.aggregate(iif($total.empty() or $this < $total, $this, $total))",
                "[1]",
            ),
            ("n.trace('n').count()", "[3]"),
            ("p.defineVariable('all').where(g = %all.count()).g", "[3]"),
            ("p.select(defineVariable('one', g).select(%one))", "[1, 2, 3]"),
            (
                "defineVariable('v', 1).select(%v) | %v",
                "cannot be evaluated: the variable `%v` is not defined...",
            ),
            (
                "defineVariable('v', 1).defineVariable('v', 2)",
                "cannot be evaluated: the variable `%v` is defined twice...",
            ),
        ],
    );
}

#[test]
fn parts_and_combinations() {
    check(
        &json!({ "n": [1, 2, 3, 2] }),
        &[
            ("n.first() | n.last() | n.tail().count()", "[1, 2, 3]"),
            ("n.skip(2)", "[3, 2]"),
            ("n.skip(0 - 1).count()", "[4]"),
            ("n.take(2)", "[1, 2]"),
            ("n.take(0)", "[]"),
            (
                "n.single()",
                "cannot be evaluated: `single` needs one value and was given 4...",
            ),
            ("n.first().single()", "[1]"),
            ("n.intersect(2 | 5 | 1)", "[1, 2]"),
            ("n.exclude(2)", "[1, 3]"),
            ("n.union(4 | 1)", "[1, 2, 3, 4]"),
            ("n.combine(4 | 1)", "[1, 2, 3, 2, 4, 1]"),
            ("(1 'm' | 100 'cm').count()", "[1]"),
            ("(1 | 1.0 | '1').count()", "[2]"),
        ],
    );
}

#[test]
fn duplicates_are_found_in_large_collections_too() {
    let many = json!({ "n": (0..50).collect::<Vec<_>>(), "p": (0..50).map(|n| json!({ "a": n % 40, "b": "x" })).collect::<Vec<_>>() });
    check(
        &many,
        &[
            ("(n | n).count()", "[50]"),
            ("(n | 7.0 | 8 '1').count()", "[50]"),
            ("(n | '7').count()", "[51]"),
            ("p.distinct().count()", "[40]"),
            (
                "(n | @2012-04-15T15:00:00Z | @2012-04-15T17:00:00+02:00).count()",
                "[51]",
            ),
            ("(n | @2012-04-15 | '2012-04-15').count()", "[51]"),
            ("(n | 1 'm' | 100 'cm' | 1 's').count()", "[52]"),
            ("(n | true | false | true).count()", "[52]"),
            (
                "n.intersect(n.skip(10)).count() | n.exclude(n.skip(10)).count()",
                "[40, 10]",
            ),
            ("n.subsetOf(n | 100) and n.supersetOf(n.tail())", "[true]"),
        ],
    );
}

#[test]
fn sums_and_extremes() {
    check(
        &json!({ "n": [3, 1.5, 2], "s": ["b", "a"], "d": ["2024-01-01", "2023-01-01"] }),
        &[
            ("n.sum()", "[6.5]"),
            ("nothing.sum()", "[]"),
            ("n.min() | n.max()", "[1.5, 3]"),
            ("n.avg().round(2)", "[2.17]"),
            (
                "(5.5 'cm' | 4.7 'cm' | 4.8 'cm').avg().toString()",
                r#"["5.0 'cm'"]"#,
            ),
            ("s.max() | s.min()", r#"["b", "a"]"#),
            ("d.select($this.toDate()).max()", r#"["2024-01-01"]"#),
            ("s.sum()", "cannot be evaluated: `+` has no meaning..."),
            ("$this.sum()", "cannot be evaluated: `+` has no meaning..."),
            ("(1 | 'a').max()", "cannot be evaluated: `max` has no meaning..."),
        ],
    );
}

#[test]
fn conversions() {
    check(
        &json!({}),
        &[
            (
                "'T'.toBoolean() | 'no'.toBoolean() | 'maybe'.toBoolean()",
                "[true, false]",
            ),
            (
                "1.toBoolean() | 0.0.toBoolean() | 2.convertsToBoolean()",
                "[true, false]",
            ),
            (
                "'+5'.toInteger() | true.toInteger() | '1.0'.toInteger()",
                "[5, 1]",
            ),
            ("5.0.toInteger() | 5.5.toInteger()", "[5]"),
            ("'2147483648'.toInteger()", "[]"),
            ("'2147483648'.toLong()", "[2147483648]"),
            ("'1.10'.toDecimal().toString()", r#"["1.10"]"#),
            ("'1e3'.convertsToDecimal()", "[false]"),
            (
                "1.toString() | true.toString() | @2014-12.toString() | 1 week.toString()",
                r#"["1", "true", "2014-12", "1 week"]"#,
            ),
            ("$this.toString()", "[]"),
            ("'2014-12'.toDate() | '2014-12-32'.toDate()", r#"["2014-12"]"#),
            ("@2024-01-15T23:30:00-05:00.toDate()", r#"["2024-01-15"]"#),
            ("'2014-12-14T10:00'.toDateTime()", r#"["2014-12-14T10:00"]"#),
            (
                "'14:30'.toTime() | 'T14:31'.toTime() | '25:00'.toTime()",
                r#"["14:30", "14:31"]"#,
            ),
            ("'4 days'.toQuantity() = 4 days", "[true]"),
            (
                "'5'.convertsToQuantity() and '5 mg'.convertsToQuantity().not()",
                "[true]",
            ),
            ("52 'cm'.toQuantity('m') = 0.52 'm'", "[true]"),
            ("45.toQuantity('m')", "[]"),
            ("{}.toString()", "[]"),
            (
                "('a' | 'b').toString()",
                "cannot be evaluated: `toString` needs one value...",
            ),
        ],
    );
}

#[test]
fn texts_are_counted_in_characters() {
    check(
        &json!({ "t": "añ🔥b" }),
        &[
            ("t.length()", "[4]"),
            ("t.substring(1, 2)", r#"["ñ🔥"]"#),
            ("t.substring(4)", "[]"),
            ("t.substring(2, 0 - 1)", r#"[""]"#),
            (
                "t.indexOf('b') | t.indexOf('x') | t.lastIndexOf('')",
                "[3, -1, 4]",
            ),
            ("'abcabc'.lastIndexOf('bc') | 'aaa'.lastIndexOf('aa')", "[4, 1]"),
            ("t.toChars()", r#"["a", "ñ", "🔥", "b"]"#),
            ("t.upper() | t.upper().lower()", r#"["AÑ🔥B", "añ🔥b"]"#),
            ("'abc'.replace('', 'x')", r#"["xaxbxcx"]"#),
            ("'aaa'.replace('aa', 'b')", r#"["ba"]"#),
            (
                "t.startsWith('añ') and t.endsWith('b') and t.contains('🔥')",
                "[true]",
            ),
            ("'a,,b'.split(',')", r#"["a", "", "b"]"#),
            ("'abc'.split('')", r#"["abc"]"#),
            ("('a' | 'b').join('-') | ('a' | 'b').join()", r#"["a-b", "ab"]"#),
            ("{}.join(',')", "[]"),
            ("' a b '.trim()", r#"["a b"]"#),
            (
                "'subjects?_d'.encode('base64').decode('base64')",
                r#"["subjects?_d"]"#,
            ),
            ("'\"1<2\"'.escape('html')", r#"["&quot;1&lt;2&quot;"]"#),
            ("'abc'.encode('rot13')", "[]"),
            (
                "5.length()",
                "cannot be evaluated: `length` has no meaning for Integer...",
            ),
            ("'abc'.startsWith({})", "[]"),
        ],
    );
}

#[test]
fn patterns_of_one_engine() {
    check(
        &json!({ "p": "b$" }),
        &[
            ("'abc'.matches('b') | 'abc'.matchesFull('b')", "[true, false]"),
            ("'abc\\ndef'.matches('c.d')", "[true]"),
            ("'ab'.matches(p)", "[true]"),
            ("'ABC'.matches('b', 'i')", "[true]"),
            (
                "'abc'.matches('b', 'x')",
                "cannot be evaluated: `matches` cannot take the flags `x`...",
            ),
            (
                "'11/30/1972'.replaceMatches('(?<m>\\\\d+)/(?<d>\\\\d+)/(?<y>\\\\d+)', '${d}.${m}.${y}')",
                r#"["30.11.1972"]"#,
            ),
            (
                "'abc'.matches('(?=b)')",
                "cannot be evaluated: the regular expression `(?=b)` is not supported...",
            ),
            ("{}.matches('(?=b)')", "[]"),
        ],
    );
}

#[test]
fn mathematics() {
    check(
        &json!({}),
        &[
            (
                "3.14159.round(3) | 2.5.round() | (-2.5).round()",
                "[3.142, 3, -3]",
            ),
            (
                "1.5.ceiling() | (-1.5).floor() | (-1.56).truncate()",
                "[2, -2, -1]",
            ),
            ("5.ceiling() | (-5).abs() | (-5.5).abs()", "[5, 5.5]"),
            (
                "(-5.5 'mg').abs().toString() | 1.6 'mg'.round().toString()",
                r#"["5.5 'mg'", "2 'mg'"]"#,
            ),
            (
                "2.power(3) | 2.5.power(2) | 2.power(-1) | (-1).power(0.5)",
                "[8, 6.25, 0.5]",
            ),
            ("170.0.power(2)", "[28900.0]"),
            ("81.sqrt() | (-1).sqrt()", "[9.0]"),
            (
                "1.ln() | 0.exp() | 1000.log(10) | 16.log(2)",
                "[0.0, 1.0, 3.0, 4.0]",
            ),
            ("0.ln()", "[]"),
            ("10.power(400)", "[]"),
            (
                "1.round(-1)",
                "cannot be evaluated: `round` cannot take -1 digits...",
            ),
            (
                "'a'.round()",
                "cannot be evaluated: `round` has no meaning for String...",
            ),
            ("1.587.lowBoundary(2) | 1.587.highBoundary(2)", "[1.58, 1.59]"),
            ("1.587.lowBoundary(39)", "[]"),
            (
                "1.58700.precision() | @2014-01-05T10:30:00.000.precision()",
                "[5, 17]",
            ),
        ],
    );
}
