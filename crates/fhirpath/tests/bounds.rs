//! What a hostile expression, pattern or resource gets: an error with its reason, soon, on a small stack.

// Threads of a small stack, and a clock: natively alone.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, Instant};

use fhirpath::{Context, EvaluationError, Expression, ParseErrorKind};
use serde_json::{Map, Value as Json, json};

/// The stack of a program in the browser is one megabyte.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(work)
        .unwrap();
    thread.join().unwrap();
}

fn parse_error(source: &str) -> ParseErrorKind {
    Expression::parse(source).err().map(|error| error.kind).unwrap()
}

fn outcome(source: &str, resource: &Json) -> Result<usize, EvaluationError> {
    let expression = Expression::parse(source).unwrap();
    expression
        .evaluate(&Context::new(resource))
        .map(|result| result.len())
}

#[test]
fn deep_nesting_is_refused() {
    on_a_small_stack(|| {
        let deep = |open: &str, close: &str| open.repeat(1000) + "1" + &close.repeat(1000);
        for source in [
            deep("(", ")"),
            deep("-", ""),
            deep("iif(true, ", ", 2)"),
            deep("a[", "]"),
            deep("1 + (", ")"),
            deep("a.where(", ")"),
            "a is string + ".repeat(500) + "1",
            "1".to_owned() + &" is Integer".repeat(500),
        ] {
            let kind = parse_error(&source);
            assert!(
                matches!(kind, ParseErrorKind::TooDeep { .. }),
                "{} gave {kind}",
                &source[..20]
            );
        }
    });
}

#[test]
fn all_that_may_be_nested_can_be_evaluated() {
    on_a_small_stack(|| {
        // Every precedence at every level, as deep as it goes.
        let level = "false implies false or true and 1 in 1 = 1 < 1 | 1 + 1 * (";
        let deepest = |open: &str, close: &str| {
            let nested = |depth| open.repeat(depth) + "1" + &close.repeat(depth);
            (1..100)
                .map(nested)
                .take_while(|source| Expression::parse(source).is_ok())
                .last()
                .unwrap()
        };
        for (open, close) in [
            (level, ")"),
            ("(1).select(", ")"),
            ("iif(true, ", ")"),
            ("-(", ")"),
        ] {
            let source = deepest(open, close);
            let expression = Expression::parse(&source).unwrap();
            let _ = expression.evaluate(&Context::empty());
            let _ = expression.dependencies().reads("a");
        }
    });
}

#[test]
fn a_long_expression_is_refused_and_a_long_chain_is_not_deep() {
    on_a_small_stack(|| {
        let ten_megabytes = "1 + ".repeat(2_500_000) + "1";
        assert!(matches!(
            parse_error(&ten_megabytes),
            ParseErrorKind::TooLong { .. }
        ));
        let resource = json!({ "a": 1 });
        assert_eq!(outcome(&("a + ".repeat(10_000) + "1"), &resource), Ok(1));
        assert_eq!(
            outcome(&("a".to_owned() + &".first()".repeat(5_000)), &resource),
            Ok(1)
        );
        assert_eq!(outcome(&("'a' | ".repeat(5_000) + "'b'"), &resource), Ok(2));
    });
}

#[test]
fn endless_and_explosive_work_ends() {
    let resource = json!({ "n": (0..100).collect::<Vec<_>>(), "t": "a".repeat(1000) });
    let begin = Instant::now();
    for source in [
        "n.repeatAll($this)",
        "n.repeatAll('again')",
        "n.repeat($this + 1)",
        "n.select(%resource.n.select(%resource.n.select(%resource.n.select(%resource.n))))",
        "n.aggregate($total | $total.select($this + 'a') | 'a', 'b').aggregate($total & $total, t)",
        "n.aggregate($total & $total, t)",
        "n.aggregate($total.replace('', %resource.t), 'a')",
        "n.aggregate($total + $total, t)",
        "n.aggregate($total.combine($total), 1)",
        "n.aggregate($total.combine($total).join(%resource.t), t)",
        "n.aggregate($total.replaceMatches('', %resource.t), t)",
        "n.aggregate($total.encode('hex'), t)",
    ] {
        assert_eq!(
            outcome(source, &resource),
            Err(EvaluationError::BudgetExceeded),
            "{source}"
        );
    }
    let taken = begin.elapsed();
    assert!(taken < Duration::from_secs(120), "{taken:?}");
}

#[test]
fn an_exponential_pattern_takes_linear_time() {
    let resource = json!({ "t": "a".repeat(2000) + "!" });
    let begin = Instant::now();
    assert_eq!(outcome("t.matches('^(a+)+$')", &resource), Ok(1));
    assert_eq!(outcome("t.matches('^(a|aa)+$')", &resource), Ok(1));
    assert!(begin.elapsed() < Duration::from_secs(20));
    let refused = outcome("t.matches('((a{100}){100}){100}')", &resource);
    assert!(
        matches!(refused, Err(EvaluationError::UnsupportedPattern { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_resource_ten_thousand_levels_deep_is_walked_or_refused() {
    // Put together by hand: `json!` calls itself for each level.
    let member = |name: &str, items: Vec<Json>| {
        let mut object = Map::new();
        object.insert(name.to_owned(), Json::Array(items));
        Json::Object(object)
    };
    let deep = move |last: i64| {
        let innermost = json!({ "linkId": "x", "answer": [{ "valueInteger": last }] });
        (0..10_000).fold(innermost, |item, _| member("item", vec![item]))
    };
    on_a_small_stack(move || {
        let resource = member("item", vec![deep(1), deep(2)]);
        assert_eq!(
            outcome("descendants().where(linkId = 'x').answer.value.sum()", &resource),
            Ok(1)
        );
        assert_eq!(
            outcome("repeat(item).count()", &resource),
            Err(EvaluationError::TooDeep)
        );
        assert_eq!(
            outcome("item[0] = item[1]", &resource),
            Err(EvaluationError::TooDeep)
        );
        assert_eq!(
            outcome("item[0] ~ item[1]", &resource),
            Err(EvaluationError::TooDeep)
        );
        // JSON this deep cannot even be dropped on a small stack.
        std::mem::forget(resource);
    });
}

#[test]
fn the_budget_is_the_contexts() {
    let resource = json!({ "n": [1, 2, 3] });
    let expression = Expression::parse("n.select($this + 1)").unwrap();
    assert!(
        expression
            .evaluate(&Context::new(&resource).with_budget(100))
            .is_ok()
    );
    let refused = expression.evaluate(&Context::new(&resource).with_budget(5));
    assert!(matches!(refused, Err(EvaluationError::BudgetExceeded)));
}
