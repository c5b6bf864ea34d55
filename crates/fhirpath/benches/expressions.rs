//! Five expressions that forms ask again and again, over a complete response to 500 questions: `cargo bench -p fhirpath`.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[path = "../../../benches/generated.rs"]
mod generated;

use criterion::{Criterion, criterion_group, criterion_main};
use fhirpath::{Context, Expression};

fn evaluating(criterion: &mut Criterion) {
    let (questionnaire, response) = (generated::questionnaire(500), generated::response(500));
    let mut group = criterion.benchmark_group("500 questions");
    for (name, source) in generated::expressions() {
        let expression = Expression::parse(&source).unwrap();
        let context = Context::new(&response).with_questionnaire(&questionnaire);
        group.bench_function(name, |bench| {
            bench.iter(|| expression.evaluate(&context).unwrap().len())
        });
    }
    group.finish();
}

criterion_group!(benches, evaluating);
criterion_main!(benches);
