//! Operators, literals and the order in which operators bind.

use serde_json::json;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::check;

#[test]
fn numbers_are_exact() {
    check(
        &json!({}),
        &[
            ("58.3 - 35.09444", "[23.20556]"),
            ("0.1 + 0.2 = 0.3", "[true]"),
            ("1.1 * 1.1", "[1.21]"),
            ("2.0 * 3", "[6.0]"),
            ("7 / 2", "[3.5]"),
            ("2 / 3", "[0.666666666666667]"),
            ("(2 / 3 * 3).round(10)", "[2.0]"),
            ("7 div 2", "[3]"),
            ("-7 div 2", "[-3]"),
            ("5.5 div 0.7", "[7]"),
            ("7 mod 2", "[1]"),
            ("5.5 mod 0.7", "[0.6]"),
            ("-7 mod 2", "[-1]"),
            ("1 / 0", "[]"),
            ("1 div 0 | 1 mod 0", "[]"),
            ("9223372036854775807 + 1", "[]"),
            ("1 + {}", "[]"),
            (
                "1 + 'a'",
                "cannot be evaluated: `+` has no meaning for Integer and String...",
            ),
            (
                "(1 | 2) + 1",
                "cannot be evaluated: `+` needs one value and was given 2...",
            ),
            ("-(1 + 2)", "[-3]"),
            ("-'a'", "cannot be evaluated: `-` has no meaning for String..."),
            ("-1.abs()", "[-1]"),
            ("(-1).abs()", "[1]"),
            ("(-0.0).toString()", r#"["0.0"]"#),
            ("1.50.toString()", r#"["1.50"]"#),
        ],
    );
}

#[test]
fn comparison_is_unknown_where_precision_is_missing() {
    check(
        &json!({}),
        &[
            ("1 < 2.5", "[true]"),
            ("'abc' > 'ABC'", "[true]"),
            ("@2018-03 < @2018-03-01", "[]"),
            ("@2018-03-01 < @2018-03-02", "[true]"),
            ("@T10:30 < @T10:30:00", "[]"),
            ("@T10:30:00 < @T10:30:00.5", "[true]"),
            ("@2012-04-15T15:00:00Z = @2012-04-15T17:00:00+02:00", "[true]"),
            ("@2012-04-15 = @2012-04-15T10:00:00", "[]"),
            ("@2012 != @2013", "[true]"),
            ("@2012 = @T12:00", "[false]"),
            ("1 = 1.0", "[true]"),
            ("1 = '1'", "[false]"),
            (
                "1 < '1'",
                "cannot be evaluated: `<` has no meaning for Integer and String...",
            ),
            ("true > {}", "[]"),
            ("1 'cm' = 1 's'", "[]"),
            ("100 'cm' >= 1 'm'", "[true]"),
            ("1 year = 1 'a'", "[]"),
            ("1 year ~ 1 'a'", "[true]"),
            ("23 = 23 '1'", "[true]"),
        ],
    );
}

#[test]
fn a_text_beside_a_date_is_read_as_one() {
    check(
        &json!({ "birthDate": "1950-03-15" }),
        &[
            ("birthDate = '1950-03-15'", "[true]"),
            ("birthDate < '2000-01-01'", "[true]"),
            ("'2000-01-01' > birthDate", "[true]"),
            ("birthDate > '1950'", "[]"),
            ("today() > '2024-05-31'", "[true]"),
            ("birthDate = 'long ago'", "[false]"),
            (
                "birthDate < 'long ago'",
                "cannot be evaluated: `<` has no meaning...",
            ),
            ("'2000-02-28' + 2 days", r#"["2000-03-01"]"#),
            ("birthDate + 18 years", r#"["1968-03-15"]"#),
            // Unknown is not true, in the condition of an item as elsewhere.
            ("all(birthDate != '1950')", "[false]"),
            ("all(birthDate != '1951-01-01')", "[true]"),
        ],
    );
}

#[test]
fn equality_is_by_order_and_equivalence_is_not() {
    check(
        &json!({ "a": [{ "x": 1, "y": "B b" }, { "x": 1.0, "y": "b\tB" }] }),
        &[
            ("(1 | 2) = (1 | 2)", "[true]"),
            ("(1 | 2) = (2 | 1)", "[false]"),
            ("(1 | 2) ~ (2 | 1)", "[true]"),
            ("{} = {}", "[]"),
            ("{} ~ {}", "[true]"),
            ("1 ~ {}", "[false]"),
            ("'a b' ~ 'A\\tB'", "[true]"),
            ("1.2 / 1.8 ~ 0.67", "[true]"),
            ("1.2 / 1.8 !~ 0.6", "[true]"),
            ("a[0] = a[0]", "[true]"),
            ("a[0] = a[1]", "[false]"),
            ("a[0] ~ a[1]", "[true]"),
            ("@2012 ~ @2012-01", "[false]"),
        ],
    );
}

#[test]
fn logic_has_three_values() {
    check(
        &json!({}),
        &[
            ("true and {} | false and {}", "[false]"),
            ("true or {}", "[true]"),
            ("false or {}", "[]"),
            ("true xor {}", "[]"),
            ("{} implies true", "[true]"),
            ("{} implies false", "[]"),
            ("false implies {}", "[true]"),
            ("'a' and true", "[true]"),
            ("0.not()", "[false]"),
            (
                "(1 | 2) and true",
                "cannot be evaluated: `a condition` needs one value...",
            ),
            ("false and (1 | 2)", "[false]"),
        ],
    );
}

#[test]
fn operators_bind_as_the_language_says() {
    check(
        &json!({ "n": [1, 2] }),
        &[
            ("1 + 2 * 3", "[7]"),
            ("(1 + 2) * 3", "[9]"),
            ("1 + 2 = 3 and 2 < 3", "[true]"),
            ("1 | 2 = 1 | 2", "[true]"),
            ("true or true and false", "[true]"),
            ("true implies false or true", "[true]"),
            ("1 in n and 3 in n", "[false]"),
            ("n contains 2", "[true]"),
            ("{} in n", "[]"),
            ("1 in {}", "[false]"),
            ("'a' in ('a' | 'b' | 'a')", "[true]"),
            ("1 + 1 is Integer", "[true]"),
            (
                "1 > 2 is Boolean",
                "cannot be evaluated: `>` has no meaning for Integer and Boolean...",
            ),
            ("'a' & {} & 'b' + 'c'", r#"["abc"]"#),
            ("'n: ' & n.count()", r#"["n: 2"]"#),
        ],
    );
}

#[test]
fn dates_move_by_durations() {
    check(
        &json!({}),
        &[
            ("@1973-12-25 + 7 days", r#"["1974-01-01"]"#),
            ("@2024-01-31 + 1 month", r#"["2024-02-29"]"#),
            ("@2024-02-29 - 1 year", r#"["2023-02-28"]"#),
            ("@T23:30 + 45 minutes", r#"["00:15"]"#),
            ("@1973-12-25 + 1 'd'", r#"["1973-12-26"]"#),
            ("@1974-12-25 - 1 'month'", r#"["1974-11-25"]"#),
            (
                "@1973-12-25 + 1 'a'",
                "cannot be evaluated: `+` cannot take 1 'a' beside a date...",
            ),
            ("@T10:00 + 1 day", "cannot be evaluated: `+` cannot take..."),
            ("@9999-12-31 + 1 day", "cannot be evaluated: `+` cannot take..."),
            (
                "@1974-12-25 + 7",
                "cannot be evaluated: `+` has no meaning for Date and Integer...",
            ),
            ("today()", r#"["2024-06-01"]"#),
            ("now()", r#"["2024-06-01T12:00:00.000+02:00"]"#),
            ("timeOfDay()", r#"["12:00:00.000"]"#),
        ],
    );
}

#[test]
fn quantities_calculate_with_their_units() {
    check(
        &json!({}),
        &[
            ("(3 'm' + 3 'cm').toString()", r#"["303 'cm'"]"#),
            ("(2.0 'cm' * 2.0 'm') = 0.040 'm2'", "[true]"),
            ("(120 'm' / 60 's').toString()", r#"["2 'm/s'"]"#),
            ("(3 * 2 'cm').toString()", r#"["6 'cm'"]"#),
            ("(3 'm').value + 1", "[4]"),
            ("3 'm' + 3 's'", "[]"),
            ("(1 day + 2 days).toString()", r#"["3 day"]"#),
            (
                "5.5 'mg'",
                r#"[{"value": 5.5, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}]"#,
            ),
            (
                "2 weeks",
                r#"[{"value": 2, "unit": "weeks", "system": "http://unitsofmeasure.org", "code": "wk"}]"#,
            ),
            ("1 'cm'.comparable(1 '[in_i]')", "[true]"),
            ("1 'cm'.comparable(1 's')", "[false]"),
            ("98.6 '[degF]'.toQuantity('Cel').toString()", r#"["37 'Cel'"]"#),
        ],
    );
}

#[test]
fn what_is_no_expression_is_refused_with_its_place() {
    check(
        &json!({}),
        &[
            (
                "",
                "cannot be read: the expression ends where a value, a name or `(` should follow at character 1...",
            ),
            ("2 + 2 /", "cannot be read: the expression ends where..."),
            (
                "name.",
                "cannot be read: the expression ends where a name should follow at character 6...",
            ),
            (
                "(1",
                "cannot be read: the expression ends where `)` should follow...",
            ),
            (
                "1 2",
                "cannot be read: `2` stands where an operator or the end should be at character 3...",
            ),
            (
                "é",
                "cannot be read: `é` stands where an expression should be at character 1...",
            ),
            (
                "'é' €",
                "cannot be read: `€` stands where an expression should be at character 5...",
            ),
            ("'open", "cannot be read: the string is not closed..."),
            ("@2024-02-30", "cannot be read: `@2024-02-30` is no value..."),
            ("nonsense()", "cannot be read: there is no function `nonsense`..."),
            (
                "substring()",
                "cannot be read: the function `substring` cannot be called with 0 arguments...",
            ),
            (
                "%",
                "cannot be read: the expression ends where the name of a variable should follow...",
            ),
            (
                "%unknown",
                "cannot be evaluated: the variable `%unknown` is not defined...",
            ),
            ("$total", "cannot be evaluated: `$total` has no value here..."),
        ],
    );
}
