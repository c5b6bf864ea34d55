//! What is asked below a question that takes several answers is asked below each of them, and comes and goes with it.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, AnswerError, Form, FormError, ItemId, Kind, LastTime, Origin, Rule, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn extension(name: &str, expression: &str) -> Value {
    json!([{ "url": format!("http://hl7.org/fhir/{name}"),
        "valueExpression": { "name": "months", "language": "text/fhirpath", "expression": expression } }])
}

/// Aids, chosen from a list: since when, and of a walker alone, with how many wheels. Then medicines, which are typed.
fn questionnaire() -> Value {
    let option =
        |code: &str, words: &str| json!({ "valueCoding": { "system": "s", "code": code, "display": words } });
    let calculated = "uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression";
    json!({ "resourceType": "Questionnaire", "item": [
        { "linkId": "aid", "type": "choice", "repeats": true, "text": "Aids",
          "answerOption": [option("s", "Stick"), option("w", "Walker"), option("c", "Wheelchair")],
          "item": [
            { "linkId": "help", "type": "display", "text": "All that is used daily.", "extension": [
              { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl", "valueCodeableConcept": { "coding": [{ "code": "help" }] } }] },
            { "linkId": "use", "type": "group",
              "extension": extension("StructureDefinition/variable", "item.where(linkId = 'years').answer.value * 12"),
              "item": [
                { "linkId": "years", "type": "integer", "required": true },
                { "linkId": "wheels", "type": "integer",
                  "enableWhen": [{ "question": "aid", "operator": "=", "answerCoding": { "system": "s", "code": "w" } }] },
                { "linkId": "months", "type": "integer", "readOnly": true, "extension": extension(calculated, "%months") } ] } ] },
        { "linkId": "drug", "type": "string", "repeats": true, "text": "Medicines",
          "item": [{ "linkId": "dose", "type": "string", "text": "How much?" },
            { "linkId": "times", "type": "group", "repeats": true, "item": [{ "linkId": "at", "type": "string" }] }] },
        { "linkId": "all", "type": "integer", "readOnly": true, "extension": extension(calculated,
            "%resource.item.where(linkId = 'aid').answer.item.item.where(linkId = 'years').answer.value.sum()") },
    ] })
}

fn all(form: &Form, link_id: &str) -> Vec<ItemId> {
    form.find_all(link_id)
}

fn put(form: &mut Form, id: ItemId, text: &str) {
    let answers = form.item(id).read(text);
    form.answer(id, answers).unwrap();
}

/// Answers the one of these items that stands below so many others.
fn put_nth(form: &mut Form, link_id: &str, place: usize, text: &str) {
    let id = all(form, link_id)[place];
    put(form, id, text);
}

fn texts(form: &Form, link_id: &str) -> Vec<String> {
    all(form, link_id)
        .iter()
        .map(|id| form.item(*id).text_answer())
        .collect()
}

fn choose(form: &mut Form, places: &[usize]) {
    let aid = form.find("aid").unwrap();
    let options = form.item(aid).options;
    let answers = places
        .iter()
        .map(|place| options[*place].answer.clone())
        .collect();
    form.answer(aid, answers).unwrap();
}

fn lines(form: &mut Form, lines: &[&str]) {
    let drug = form.find("drug").unwrap();
    let answers = lines
        .iter()
        .map(|line| Answer::String((*line).to_owned()))
        .collect();
    form.answer(drug, answers).unwrap();
}

fn again(form: &Form) -> Form {
    let again = Form::resume(
        &questionnaire(),
        &form.response(Status::InProgress),
        &form.set_aside(),
    )
    .unwrap();
    assert_eq!(
        again.response(Status::InProgress),
        form.response(Status::InProgress)
    );
    assert_eq!(again.set_aside(), form.set_aside());
    again
}

#[test]
fn each_answer_has_its_own_and_takes_it_away() {
    let mut form = Form::open(&questionnaire()).unwrap();
    assert_eq!(form.not_supported(), []);
    let aid = form.find("aid").unwrap();
    assert_eq!(form.item(aid).help, Some("All that is used daily."));
    choose(&mut form, &[0, 2]);
    put_nth(&mut form, "years", 0, "3");
    put_nth(&mut form, "years", 1, "5");
    assert_eq!(texts(&form, "all"), ["8"]);
    let response = form.response(Status::InProgress);
    let below = |place: usize| &response["item"][0]["answer"][place]["item"][0]["item"];
    let years = |years: u32| json!([{ "linkId": "years", "answer": [{ "valueInteger": years }] }, { "linkId": "months", "answer": [{ "valueInteger": years * 12 }] }]);
    assert_eq!([below(0), below(1)], [&years(3), &years(5)]);

    // One that comes between others moves them and changes nothing about them.
    let kept = all(&form, "years");
    choose(&mut form, &[0, 1, 2]);
    assert_eq!(texts(&form, "years"), ["3", "", "5"]);
    assert_eq!([all(&form, "years")[0], all(&form, "years")[2]], kept[..]);
    let parts: Vec<ItemId> = form
        .item(aid)
        .children
        .iter()
        .filter(|id| form.item(*id).kind == Kind::Below)
        .collect();
    let words = parts
        .iter()
        .map(|part| form.item(*part))
        .map(|part| part.words(&part.answers[0]));
    assert_eq!(words.collect::<Vec<_>>(), ["Stick", "Walker", "Wheelchair"]);
    assert_eq!(
        form.problems()
            .iter()
            .map(|problem| (problem.item, problem.rule))
            .collect::<Vec<_>>(),
        [(all(&form, "years")[1], Rule::Required)]
    );

    let progress = form.progress(form.sections()[0].id);
    assert_eq!((progress.required_answered, progress.required), (2, 3));

    // Each takes its own away, and no other's; back with it by a step back, or by choosing it again.
    choose(&mut form, &[1, 2]);
    assert_eq!(
        (texts(&form, "years"), texts(&form, "all")),
        (vec![String::new(), "5".into()], vec!["5".into()])
    );
    assert_eq!(form.answer(kept[0], vec![]), Err(AnswerError::NoSuchItem));
    form.undo().unwrap();
    assert_eq!(
        (texts(&form, "years"), all(&form, "years")[0]),
        (vec!["3".into(), String::new(), "5".into()], kept[0])
    );
    form.redo().unwrap();
    choose(&mut form, &[0, 1, 2]);
    assert_eq!(texts(&form, "years"), ["3", "", "5"]);
    again(&form);

    // Without an answer there is one, which is empty.
    choose(&mut form, &[]);
    assert_eq!(
        (texts(&form, "years"), texts(&form, "all")),
        (vec![String::new()], vec![String::new()])
    );
    assert_eq!(form.response(Status::InProgress).get("item"), None);
}

#[test]
fn a_condition_about_the_question_is_about_the_answer_above() {
    let mut form = Form::open(&questionnaire()).unwrap();
    let wheels = |form: &Form| -> Vec<bool> {
        all(form, "wheels")
            .iter()
            .map(|id| form.item(*id).enabled)
            .collect()
    };
    assert_eq!(wheels(&form), [false]);
    choose(&mut form, &[0, 1, 2]);
    assert_eq!(wheels(&form), [false, true, false]);
    choose(&mut form, &[1, 2]);
    assert_eq!(wheels(&form), [true, false]);
    assert_eq!(wheels(&again(&form)), [true, false]);
}

#[test]
fn what_is_typed_keeps_its_own_while_it_is_put_otherwise() {
    let mut form = Form::open(&questionnaire()).unwrap();
    // What was entered before anything was answered belongs to the first answer.
    put_nth(&mut form, "dose", 0, "5 mg");
    lines(&mut form, &["ramipril"]);
    lines(&mut form, &["ramipril", "insulin"]);
    put_nth(&mut form, "dose", 1, "8 units");
    lines(&mut form, &["ramipril", "insulin glargine"]);
    assert_eq!(texts(&form, "dose"), ["5 mg", "8 units"]);
    let full = form.response(Status::InProgress);
    form.pause();

    // Another word in its place, while one types: nothing is lost. A line that goes for good takes its own along.
    lines(&mut form, &["ramipril"]);
    lines(&mut form, &["ramipril", "h"]);
    assert_eq!(texts(&form, "dose"), ["5 mg", "8 units"]);
    lines(&mut form, &["h"]);
    form.pause();
    assert_eq!(texts(&form, "dose"), ["8 units"]);
    lines(&mut form, &["ramipril", "h"]);
    assert_eq!(texts(&form, "dose"), ["", "8 units"]);
    while form.response(Status::InProgress) != full {
        form.undo().unwrap();
    }
    // Lines that change places take theirs with them.
    lines(&mut form, &["insulin glargine", "ramipril"]);
    assert_eq!(texts(&form, "dose"), ["8 units", "5 mg"]);
    // Groups within are each answer's own.
    let group = all(&form, "times")[1];
    form.add(group).unwrap();
    put_nth(&mut form, "at", 2, "noon");
    assert_eq!(texts(&again(&form), "at"), ["", "", "noon"]);
}

#[test]
fn what_was_done_can_be_taken_back_in_another_language() {
    let mut form = Form::open(&questionnaire()).unwrap();
    choose(&mut form, &[2]);
    put_nth(&mut form, "years", 0, "5");
    // Instances are elsewhere in a form that is opened anew.
    choose(&mut form, &[0, 2]);
    put_nth(&mut form, "years", 0, "3");
    let mut other = again(&form);
    other.take_history(&form);
    other.undo().unwrap();
    assert_eq!(texts(&other, "years"), ["", "5"]);
    other.undo().unwrap();
    assert_eq!(texts(&other, "years"), ["5"]);
    other.redo().unwrap();
    other.redo().unwrap();
    assert_eq!(texts(&other, "years"), ["3", "5"]);
    // What went since is not in the other form, nor are the steps before it went.
    choose(&mut form, &[2]);
    let mut other = again(&form);
    other.take_history(&form);
    assert!(other.undo().is_none());
}

#[test]
fn below_what_is_no_answer_nothing_applies_and_nothing_is_lost() {
    let mut questionnaire = questionnaire();
    questionnaire["item"][1]["type"] = json!("decimal");
    let mut form = Form::open(&questionnaire).unwrap();
    let drug = form.find("drug").unwrap();
    let number = |text: &str| Answer::read(Kind::Decimal, text).unwrap();
    form.answer(drug, ["1", "2", "3"].map(number).to_vec()).unwrap();
    for (place, dose) in ["a", "b", "c"].iter().enumerate() {
        put_nth(&mut form, "dose", place, dose);
    }
    form.answer(drug, ["1", "2x", "3"].map(number).to_vec()).unwrap();
    let enabled = |form: &Form| -> Vec<bool> {
        all(form, "dose")
            .iter()
            .map(|id| form.item(*id).enabled)
            .collect()
    };
    assert_eq!(enabled(&form), [true, false, true]);
    let response = form.response(Status::InProgress);
    assert_eq!(response["item"][0]["answer"].as_array().unwrap().len(), 2);
    assert_eq!(
        response["item"][0]["answer"][1]["item"][0]["answer"][0]["valueString"],
        "c"
    );
    let mut form = Form::resume(&questionnaire, &response, &form.set_aside()).unwrap();
    assert_eq!(
        (texts(&form, "dose"), enabled(&form)),
        (
            ["a", "b", "c"].map(String::from).to_vec(),
            vec![true, false, true]
        )
    );
    let drug = form.find("drug").unwrap();
    form.answer(drug, ["1", "2", "3"].map(number).to_vec()).unwrap();
    assert_eq!(enabled(&form), [true; 3]);
}

#[test]
fn what_the_form_begins_with_is_asked_about_each() {
    let initial = json!([{ "valueDecimal": 1 }, { "valueDecimal": 2 }]);
    let item = json!({ "linkId": "n", "type": "decimal", "repeats": true, "item": [
        { "linkId": "why", "type": "string", "initial": [{ "valueString": "because" }] }] });
    let mut begun = item.clone();
    begun["initial"] = initial;
    let mut worked_out = item;
    worked_out["extension"] = extension(
        "uv/sdc/StructureDefinition/sdc-questionnaire-initialExpression",
        "1 | 2",
    );
    for item in [begun, worked_out] {
        let questionnaire =
            json!({ "item": [{ "linkId": "g", "type": "group", "repeats": true, "item": [item] }] });
        let mut form = Form::open(&questionnaire).unwrap();
        assert_eq!(texts(&form, "why"), ["because", "because"]);
        let group = form.find("g").unwrap();
        form.add(group).unwrap();
        assert_eq!(texts(&form, "why").len(), 4);
        let second = all(&form, "n")[1];
        form.answer(second, vec![Answer::Integer(7)]).unwrap_err();
        put(&mut form, second, "");
        assert_eq!(texts(&form, "why"), ["because", "because", "because"]);
        let again = Form::resume(
            &questionnaire,
            &form.response(Status::InProgress),
            &form.set_aside(),
        )
        .unwrap();
        assert_eq!(texts(&again, "why"), texts(&form, "why"));
    }
}

#[test]
fn last_time_is_found_by_the_answer_and_not_by_its_place() {
    let mut then = Form::open(&questionnaire()).unwrap();
    lines(&mut then, &["ramipril", "insulin"]);
    put_nth(&mut then, "dose", 0, "5 mg");
    put_nth(&mut then, "dose", 1, "8 units");
    let last = LastTime::of(&then, Origin::default());
    let told = |form: &Form| -> Vec<String> {
        let told = all(form, "dose")
            .into_iter()
            .map(|id| form.answered_last_time(&last, id));
        told.map(|answers| answers.map(|answers| answers[0].to_string()).unwrap_or_default())
            .collect()
    };
    let mut form = Form::open(&questionnaire()).unwrap();
    assert_eq!(told(&form), [""]);
    lines(&mut form, &["insulin", "aspirin"]);
    assert_eq!(told(&form), ["8 units", ""]);

    let mut form = Form::open(&questionnaire()).unwrap();
    let section = form.sections()[0].id;
    let copy = again(&form);
    let plan = last.plan(copy, section);
    for taking in plan.take {
        if let forms::Taking::Answer(told) = taking {
            let item = form.placed(&told.place).unwrap();
            form.take(item, told.answers, last.origin()).unwrap();
        }
    }
    assert_eq!(texts(&form, "dose"), ["5 mg", "8 units"]);
}

#[test]
fn more_than_can_be_held_is_refused() {
    let mut form = Form::open(&questionnaire()).unwrap();
    let drug = form.find("drug").unwrap();
    let many = |count: usize| {
        (0..count)
            .map(|n| Answer::String(n.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(form.answer(drug, many(1_001)).err(), Some(AnswerError::TooMany));
    form.answer(drug, many(1_000)).unwrap();
    assert_eq!(all(&form, "dose").len(), 1_000);
    let answers: Vec<Value> = (0..1_001)
        .map(|n| json!({ "valueString": n.to_string() }))
        .collect();
    let response = json!({ "item": [{ "linkId": "drug", "answer": answers }] });
    assert_eq!(
        Form::resume(&questionnaire(), &response, &Value::Null).err(),
        Some(FormError::TooManyItems)
    );
}

#[test]
fn what_was_set_aside_below_an_answer_that_is_not_there_is_kept() {
    let response = json!({ "item": [{ "linkId": "drug", "answer": [{ "valueString": "ramipril" }] }] });
    let answer = json!([{ "valueString": "5 mg" }]);
    let aside = json!({ "answers": [{ "item": "dose", "at": [4], "answer": answer, "members": {} }] });
    let form = Form::resume(&questionnaire(), &response, &aside).unwrap();
    assert_eq!(texts(&form, "dose"), [""]);
    assert_eq!(
        form.set_aside()["unmatched"],
        json!([{ "linkId": "dose", "answer": answer }])
    );
    again(&form);
}

#[test]
fn what_another_program_put_below_too_many_answers_is_kept() {
    let questionnaire = json!({ "item": [{ "linkId": "one", "type": "string", "item": [{ "linkId": "why", "type": "string" }] }] });
    let why = |words: &str| json!([{ "linkId": "why", "answer": [{ "valueString": words }] }]);
    let response = json!({ "item": [{ "linkId": "one", "answer": [
        { "valueString": "a", "item": why("first") }, { "valueString": "b", "item": why("second") }] }] });
    let form = Form::resume(&questionnaire, &response, &Value::Null).unwrap();
    assert_eq!(texts(&form, "why"), ["first"]);
    assert_eq!(form.problems()[0].rule, Rule::Repeats);
    assert_eq!(form.set_aside()["unmatched"], why("second"));
    assert_eq!(form.not_supported().len(), 1);
}
