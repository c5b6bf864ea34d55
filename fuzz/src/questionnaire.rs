//! A form as an agency may publish it: any JSON at all.

use forms::{Form, ItemId, Status};
use serde_json::Value;

/// A FHIR Questionnaire that opens can be filled in, written, and opened again as it was left.
pub fn questionnaire(bytes: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let Ok(mut form) = Form::open(&json) else {
        return;
    };
    let items: Vec<ItemId> = form.items().map(|item| item.id).collect();
    // Enough to reach every kind of rule; a form of thousands of questions would only be slow.
    for id in items.into_iter().take(40) {
        let item = form.item(id);
        let answers = match item.options.first() {
            Some(option) => vec![option.answer.clone()],
            None => item.read("2"),
        };
        // Groups, texts and totals take no answer, and say so.
        drop(form.answer(id, answers));
    }
    let sections = form.sections().len();
    assert!(
        form.items()
            .all(|item| form.section_of(item.id).is_none_or(|at| at.index() < sections))
    );
    drop(form.problems());
    let (response, aside) = (form.response(Status::InProgress), form.set_aside());
    drop(form.response(Status::Completed));
    let again = Form::resume(&json, &response, &aside).expect("what we write we read");
    assert_eq!(again.response(Status::InProgress), response);
}
