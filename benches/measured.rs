//! Times the engine natively, as `page/page.js` does in a page: the same steps, the same names.

use std::time::{Duration, Instant};

use benches::{Filling, Held, generated};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// Writes the figures to a file.
pub fn write(to: &str, largest: Option<&str>) -> Result<(), Failure> {
    let mut forms = Vec::new();
    let bytes = match largest {
        Some(path) => std::fs::read(path)?,
        None => generated::questionnaire(779).to_string().into_bytes(),
    };
    forms.push(form(&bytes)?);
    for questions in [50, 500, 2_000, 10_000] {
        forms.push(form(generated::questionnaire(questions).to_string().as_bytes())?);
    }
    Ok(std::fs::write(
        to,
        json!({ "forms": forms, "expressions": rates()? }).to_string(),
    )?)
}

/// Opening, and one answer, in milliseconds.
fn form(bytes: &[u8]) -> Result<Value, Failure> {
    let failed = |_| "the form does not open";
    let mut opened = Vec::new();
    let mut form = Filling::open(bytes).map_err(failed)?;
    for _ in 0..5 {
        let start = Instant::now();
        form = Filling::open(bytes).map_err(failed)?;
        opened.push(start.elapsed());
    }
    let (mut times, mut most) = (Vec::new(), 0);
    for _ in 0..40 {
        let start = Instant::now();
        for _ in 0..BATCH {
            most = most.max(form.answer());
        }
        times.push(start.elapsed() / BATCH);
    }
    Ok(json!({ "items": form.items(), "open": median(opened), "answer": median(times), "drawn": most }))
}

/// Answers that are timed together: a page's clock tells no less than a tenth of a millisecond.
const BATCH: u32 = 25;

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    median.as_secs_f64() * 1_000.0
}

/// Evaluations a second of each expression over the complete response of 500 questions: the median of five windows.
fn rates() -> Result<Vec<f64>, Failure> {
    let held = Held::new(500).map_err(|_| "an expression cannot be read")?;
    let rate = |which: usize| {
        let mut rates: Vec<f64> = (0..5)
            .map(|_| {
                let (start, mut count) = (Instant::now(), 0.0);
                while start.elapsed() < Duration::from_millis(200) {
                    held.evaluate(which);
                    count += 1.0;
                }
                count / start.elapsed().as_secs_f64()
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    Ok((0..generated::expressions().len()).map(rate).collect())
}
