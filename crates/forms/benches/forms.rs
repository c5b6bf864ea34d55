//! Opening a form, and one answer in it, by the size of the form: `cargo bench -p forms`. The largest of the published forms is
//! among them where the environment variable `FHIR_CORPUS` names the folder of the test data, else a generated one of its size.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]

#[allow(dead_code, reason = "the expressions' bench and the page use more of it")]
#[path = "../../../benches/generated.rs"]
mod generated;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use forms::{Answer, Form, ItemId, Kind};

const LARGEST: &str =
    "questionnaires/smart-forms-ig__Questionnaire-AboriginalTorresStraitIslanderHealthCheck-assemble.json";

fn largest() -> Vec<u8> {
    match std::env::var_os("FHIR_CORPUS") {
        Some(corpus) => std::fs::read(std::path::Path::new(&corpus).join(LARGEST)).unwrap(),
        None => generated::questionnaire(779).to_string().into_bytes(),
    }
}

fn open(bytes: &[u8]) -> Form {
    Form::open(&serde_json::from_slice(bytes).unwrap()).unwrap()
}

fn opening(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("from stored bytes to the open form");
    group.sample_size(10);
    let bytes = largest();
    group.bench_function("821 items", |bench| bench.iter(|| open(&bytes)));
    for questions in [50, 500, 2_000, 10_000] {
        let bytes = generated::questionnaire(questions).to_string().into_bytes();
        let id = BenchmarkId::new("generated", questions);
        group.bench_function(id, |bench| bench.iter(|| open(&bytes)));
    }
    group.finish();
}

/// Another answer each time: to a question that nothing depends on, and to one that totals follow.
fn answering(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one answer");
    for (name, link_id) in [
        ("that nothing follows", "g1.i4"),
        ("that both totals follow", "g1.i2"),
    ] {
        for questions in [50, 500, 2_000, 10_000] {
            let bytes = generated::questionnaire(questions).to_string().into_bytes();
            let mut form = open(&bytes);
            let item: ItemId = form.find(link_id).unwrap();
            let mut number = 0;
            let mut next = move || {
                number += 1;
                number
            };
            let kind = form.item(item).kind;
            group.bench_function(BenchmarkId::new(name, questions), |bench| {
                bench.iter_batched(
                    || match kind {
                        Kind::Integer => Answer::Integer(next() % 1_000),
                        _ => Answer::String(next().to_string()),
                    },
                    |answer| form.answer(item, vec![answer]).unwrap(),
                    BatchSize::SmallInput,
                );
            });
        }
    }
    group.finish();
}

criterion_group!(benches, opening, answering);
criterion_main!(benches);
