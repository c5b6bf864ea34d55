//! A form that is opened and answered, one question after the other.

use forms::{Form, ItemId, Status};
use serde_json::Value;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

#[wasm_bindgen]
pub struct Filling {
    form: Form,
    questions: Vec<ItemId>,
    step: usize,
}

#[wasm_bindgen]
impl Filling {
    /// From the stored bytes to the open form.
    pub fn open(questionnaire: &[u8]) -> Result<Filling, JsError> {
        let form = Form::open(&serde_json::from_slice(questionnaire)?)?;
        Ok(Self {
            form,
            questions: Vec::new(),
            step: 0,
        })
    }

    /// The same, and then what was answered.
    pub fn resume(questionnaire: &[u8], response: &[u8]) -> Result<Filling, JsError> {
        let (questionnaire, response): (Value, Value) = (
            serde_json::from_slice(questionnaire)?,
            serde_json::from_slice(response)?,
        );
        let form = Form::resume(&questionnaire, &response, &Value::Null)?;
        Ok(Self {
            form,
            questions: Vec::new(),
            step: 0,
        })
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.form.items().count()
    }

    /// Answers the next question, somewhere in the form; returns how many items that changed.
    pub fn answer(&mut self) -> usize {
        if self.questions.is_empty() {
            let asked = self
                .form
                .items()
                .filter(|item| item.enabled && !item.read_only && item.kind.is_question());
            self.questions = asked.map(|item| item.id).collect();
        }
        let Some(id) = self
            .questions
            .get(self.step.wrapping_mul(7_919) % self.questions.len().max(1))
            .copied()
        else {
            return 0;
        };
        self.step += 1;
        // Another answer each time round.
        let round = self.step / self.questions.len();
        let view = self.form.item(id);
        let answers = match view.options.len() {
            0 => view.read(typed(view.kind)[round % 2]),
            options => vec![view.options[(round + 1) % options].answer.clone()],
        };
        self.form
            .answer(id, answers)
            .map_or(0, |changes| changes.iter().count())
    }

    /// All that a page asks of a form beside its items, for the engine's weight.
    pub fn whole(&mut self) -> String {
        let form = &mut self.form;
        let groups: Vec<ItemId> = form
            .items()
            .filter(|item| item.repeats)
            .map(|item| item.id)
            .collect();
        for group in groups {
            drop(form.add(group));
            drop(form.remove(group));
        }
        drop((form.undo(), form.redo()));
        let progress: usize = form
            .sections()
            .iter()
            .map(|section| form.progress(section.id).answered + usize::from(form.applies(section.id)))
            .sum();
        let problems = form.problems().into_iter().chain(form.warnings());
        let problems: Vec<String> = problems.map(|problem| problem.message).collect();
        let lacks: Vec<&str> = form
            .not_supported()
            .iter()
            .map(|lack| lack.meaning.as_str())
            .collect();
        let answers = form.response(Status::Completed);
        format!("{progress} {problems:?} {lacks:?} {answers} {}", form.set_aside())
    }
}

fn typed(kind: forms::Kind) -> [&'static str; 2] {
    match kind {
        forms::Kind::Boolean => ["true", "false"],
        forms::Kind::Date => ["2026-11-23", "2027-01-01"],
        forms::Kind::DateTime => ["2026-11-23T10:00:00Z", "2027-01-01T10:00:00Z"],
        forms::Kind::Time => ["10:00", "11:30"],
        _ => ["4", "7"],
    }
}
