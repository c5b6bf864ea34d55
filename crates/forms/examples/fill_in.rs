//! Fills in a questionnaire on the command line, and prints the response.
//!
//! ```text
//! cargo run -p forms --example fill_in -- forms/phq-9.json
//! ```

#![allow(clippy::print_stdout, reason = "an example for the command line")]

use std::io::{BufRead, Write};

use forms::{Answer, Form, ItemId, ItemView, Status};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args()
        .nth(1)
        .ok_or("usage: fill_in QUESTIONNAIRE.json")?;
    let mut form = Form::open(&serde_json::from_slice(&std::fs::read(file)?)?)?;
    for missing in form.not_supported() {
        println!("({}: {})", missing.feature, missing.meaning);
    }
    let mut lines = std::io::stdin().lock().lines();
    let all: Vec<ItemId> = form.items().map(|item| item.id).collect();
    for id in all {
        let item = form.item(id);
        if !item.shown() {
            continue;
        }
        println!("\n{} {}", item.prefix.unwrap_or_default(), item.text);
        if !item.kind.is_question() || item.read_only {
            continue;
        }
        for (number, option) in (1..).zip(item.options) {
            println!("  {number}  {}", option.display);
        }
        print!("> ");
        std::io::stdout().flush()?;
        let Some(line) = lines.next().transpose()? else {
            break;
        };
        let answers = read(&item, line.trim());
        form.answer(id, answers)?;
        for problem in form.item(id).problems {
            println!("  ! {}", problem.message);
        }
    }
    println!();
    for item in form.items().filter(|item| item.shown() && item.total.is_some()) {
        println!("{}: {}", item.text, item.text_answer());
    }
    println!("{:#}", form.response(Status::InProgress));
    Ok(())
}

/// The option of that number, or what a text field would take.
fn read(item: &ItemView<'_>, line: &str) -> Vec<Answer> {
    let number: Option<usize> = line.parse().ok();
    let option = number.and_then(|number| item.options.get(number.checked_sub(1)?));
    match option {
        Some(option) => vec![option.answer.clone()],
        None => item.read(line),
    }
}
