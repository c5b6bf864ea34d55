//! Free notes on sections: kept in the response as HL7's `note`, taken back like an answer, and never mixed up with one.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Form, SectionId, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn questionnaire() -> Value {
    json!({ "resourceType": "Questionnaire", "title": "Sample", "item": [
        { "linkId": "q", "type": "boolean", "text": "Any pain?" },
        { "linkId": "pain", "type": "group", "text": "Pain",
          "enableWhen": [{ "question": "q", "operator": "=", "answerBoolean": true }],
          "item": [{ "linkId": "where", "type": "string", "text": "Where?" }] },
        { "linkId": "drug", "type": "group", "text": "Medicines", "repeats": true,
          "item": [{ "linkId": "name", "type": "string" }, { "linkId": "drug/note", "type": "string" }] },
    ] })
}

fn sections(form: &Form) -> [SectionId; 3] {
    let ids: Vec<SectionId> = form.sections().iter().map(|section| section.id).collect();
    ids.try_into().unwrap()
}

fn saved(form: &Form) -> (Value, Value) {
    (form.response(Status::InProgress), form.set_aside())
}

fn reopened(form: &Form) -> Form {
    let (response, set_aside) = saved(form);
    Form::resume(&questionnaire(), &response, &set_aside).unwrap()
}

fn note(section: &str, text: &str) -> Value {
    json!({ "url": "http://hl7.org/fhir/StructureDefinition/note", "valueAnnotation": {
        "extension": [{ "url": "urn:mobile-assessments:section", "valueString": section }], "text": text } })
}

#[test]
fn a_note_is_kept_in_the_response_and_comes_back() {
    let mut form = Form::open(&questionnaire()).unwrap();
    let [rows, _, drugs] = sections(&form);
    assert!(form.write_note(rows, "He sat by the window.\nTea."));
    assert!(form.write_note(drugs, "Box is at the daughter's."));
    assert!(
        !form.write_note(drugs, "Box is at the daughter's."),
        "the same again"
    );
    assert_eq!(
        form.response(Status::Completed)["extension"],
        json!([
            note("q", "He sat by the window.\nTea."),
            note("drug", "Box is at the daughter's.")
        ])
    );
    let drug = form.find("drug").unwrap();
    form.add(drug).unwrap();
    let again = reopened(&form);
    assert_eq!(again.note(rows), "He sat by the window.\nTea.");
    assert_eq!(again.note(drugs), "Box is at the daughter's.");
    assert_eq!(saved(&again), saved(&form));
}

#[test]
fn a_note_on_what_does_not_apply_is_set_aside_and_comes_back_with_it() {
    let mut form = Form::open(&questionnaire()).unwrap();
    let [_, pain, _] = sections(&form);
    let q = form.find("q").unwrap();
    form.answer(q, vec![Answer::Boolean(true)]).unwrap();
    form.write_note(pain, "left knee");
    form.answer(q, vec![Answer::Boolean(false)]).unwrap();
    assert_eq!(form.response(Status::Completed).get("extension"), None);
    let mut form = reopened(&form);
    assert_eq!(form.note(pain), "left knee");
    form.answer(q, vec![Answer::Boolean(true)]).unwrap();
    assert_eq!(
        form.response(Status::Completed)["extension"],
        json!([note("pain", "left knee")])
    );
}

#[test]
fn a_note_is_taken_back_as_a_whole_and_written_again() {
    let mut form = Form::open(&questionnaire()).unwrap();
    let [rows, ..] = sections(&form);
    for typed in ["H", "He", "He sat"] {
        form.write_note(rows, typed);
    }
    assert_eq!(form.undoes_note(), Some(rows));
    form.undo().unwrap();
    assert_eq!(
        (form.note(rows), form.undoes_note(), form.redoes_note()),
        ("", None, Some(rows))
    );
    form.redo().unwrap();
    assert_eq!(form.note(rows), "He sat");
    form.write_note(rows, "  \n");
    assert_eq!(form.note(rows), "", "blank is none");
    form.undo().unwrap();
    assert_eq!(form.note(rows), "He sat");
    let q = form.find("q").unwrap();
    form.answer(q, vec![Answer::Boolean(true)]).unwrap();
    assert_eq!(form.undoes_note(), None, "the next step back is an answer");
}

#[test]
fn in_a_record_of_changes_a_note_has_a_name_of_its_own() {
    let mut form = Form::open(&questionnaire()).unwrap();
    let [rows, pain, _] = sections(&form);
    assert_eq!(form.note_as_fhir(rows), json!([]));
    form.write_note(rows, "He sat");
    assert_eq!(form.note_as_fhir(rows), json!([{ "valueString": "He sat" }]));
    assert_eq!(form.note_name(pain), "pain/note");
    for (name, section) in [
        ("pain/note", Some(pain)),
        ("q/note", Some(rows)),
        ("pain", None),
        ("drug/note", None),
        ("x/note", None),
    ] {
        assert_eq!(form.noted(name), section, "{name}");
    }
}

#[test]
fn notes_of_another_program_stay_as_they_are() {
    let theirs = [
        json!({ "url": "http://hl7.org/fhir/StructureDefinition/note", "valueAnnotation": { "text": "about the whole" } }),
        note("a section that is gone", "kept"),
        json!({ "url": "http://hl7.org/fhir/StructureDefinition/note", "valueAnnotation": {
            "extension": [{ "url": "urn:mobile-assessments:section", "valueString": "pain" }],
            "authorString": "Somebody", "text": "with an author" } }),
        json!({ "url": "http://hl7.org/fhir/StructureDefinition/note", "valueString": "no annotation" }),
        json!("no extension"),
    ];
    let response =
        json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress", "extension": theirs });
    let mut form = Form::resume(&questionnaire(), &response, &Value::Null).unwrap();
    let [rows, ..] = sections(&form);
    form.write_note(rows, "ours");
    let written = form.response(Status::InProgress);
    let extensions = written["extension"].as_array().unwrap();
    assert_eq!(extensions[..theirs.len()], theirs);
    assert_eq!(extensions[theirs.len()..], [note("q", "ours")]);
    assert_eq!(saved(&reopened(&form)), saved(&form));
}
