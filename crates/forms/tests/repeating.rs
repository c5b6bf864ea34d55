//! Groups and answers that are there several times: each has a life of its own.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, AnswerError, Form, ItemId, Rule, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn calculated(text: &str) -> Value {
    json!([{ "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
        "valueExpression": { "language": "text/fhirpath", "expression": text } }])
}

/// Medicines, each with doses; a question that only some medicines have, and sums.
fn medicines() -> Value {
    json!({ "resourceType": "Questionnaire", "item": [
        { "linkId": "medicine", "type": "group", "repeats": true,
          "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 4 },
            { "url": "http://hl7.org/fhir/StructureDefinition/variable", "valueExpression": { "name": "amounts",
                "language": "text/fhirpath", "expression": "item.where(linkId = 'dose').item.where(linkId = 'amount').answer.value" } }],
          "item": [
            { "linkId": "name", "type": "string" },
            { "linkId": "missed", "type": "boolean" },
            { "linkId": "why", "type": "string", "required": true,
              "enableWhen": [{ "question": "missed", "operator": "=", "answerBoolean": true }] },
            { "linkId": "dose", "type": "group", "repeats": true, "item": [{ "linkId": "amount", "type": "decimal" }] },
            { "linkId": "daily", "type": "decimal", "readOnly": true, "extension": calculated("%amounts.sum()") },
        ] },
        { "linkId": "all", "type": "decimal", "readOnly": true,
          "extension": calculated("%resource.item.where(linkId = 'medicine').item.where(linkId = 'dose').item.where(linkId = 'amount').answer.value.sum()") },
    ] })
}

fn put(form: &mut Form, id: ItemId, text: &str) {
    let answers = form.item(id).read(text);
    form.answer(id, answers).unwrap();
}

fn texts(form: &Form, link_id: &str) -> Vec<String> {
    let ids = form.find_all(link_id).into_iter();
    ids.map(|id| form.item(id).text_answer()).collect()
}

fn add(form: &mut Form, link_id: &str, place: usize) -> ItemId {
    let group = form.find_all(link_id)[place];
    form.add(group).unwrap().0
}

#[test]
fn each_instance_has_its_own_conditions_variables_and_sums() {
    let mut form = Form::open(&medicines()).unwrap();
    assert_eq!(form.not_supported(), []);
    add(&mut form, "medicine", 0);
    add(&mut form, "dose", 1);
    for (place, amount) in ["1", "2", "2"].iter().enumerate() {
        let id = form.find_all("amount")[place];
        put(&mut form, id, amount);
    }
    // Equal answers in two instances both count.
    assert_eq!(texts(&form, "daily"), ["1", "4"]);
    assert_eq!(texts(&form, "all"), ["5"]);
    let missed = form.find_all("missed")[1];
    form.answer(missed, vec![Answer::Boolean(true)]).unwrap();
    let why: Vec<bool> = form
        .find_all("why")
        .iter()
        .map(|id| form.item(*id).enabled)
        .collect();
    assert_eq!(why, [false, true]);
    assert_eq!(form.problems().len(), 1);
    assert_eq!(form.problems()[0].item, form.find_all("why")[1]);
}

#[test]
fn taking_one_away_changes_no_other_and_can_be_taken_back() {
    let questionnaire = medicines();
    let mut form = Form::open(&questionnaire).unwrap();
    add(&mut form, "medicine", 0);
    add(&mut form, "medicine", 0);
    for (place, (name, amount)) in [("a", "1"), ("b", "10"), ("c", "100")].into_iter().enumerate() {
        let (names, amounts) = (form.find_all("name"), form.find_all("amount"));
        put(&mut form, names[place], name);
        put(&mut form, amounts[place], amount);
    }
    let (full, second) = (form.response(Status::InProgress), form.find_all("medicine")[1]);
    let changes = form.remove(second).unwrap();
    assert_eq!(texts(&form, "name"), ["a", "c"]);
    assert_eq!(
        (texts(&form, "daily"), texts(&form, "all")),
        (vec!["1".into(), "100".into()], vec!["101".into()])
    );
    let others = form.find_all("name").into_iter().chain(form.find_all("daily"));
    assert!(others.into_iter().all(|id| changes.of(id).is_none()));
    assert_eq!(form.answer(second, vec![]), Err(AnswerError::NoSuchItem));

    form.undo().unwrap();
    assert_eq!(form.response(Status::InProgress), full);
    assert_eq!(form.find_all("medicine")[1], second);
    form.redo().unwrap();
    assert_eq!(texts(&form, "all"), ["101"]);

    // The only one that is left is emptied.
    for _ in 0..2 {
        let first = form.find_all("medicine")[0];
        form.remove(first).unwrap();
    }
    assert_eq!(
        (texts(&form, "name"), texts(&form, "all")),
        (vec![String::new()], vec![String::new()])
    );
    assert_eq!(form.response(Status::InProgress).get("item"), None);
}

#[test]
fn there_are_as_few_and_as_many_as_the_form_wants() {
    let mut form = Form::open(&medicines()).unwrap();
    for _ in 0..3 {
        assert!(form.can_add(form.find("medicine").unwrap()));
        add(&mut form, "medicine", 0);
    }
    let medicine = form.find("medicine").unwrap();
    assert!(!form.can_add(medicine));
    assert_eq!(form.add(medicine).err(), Some(AnswerError::TooMany));
    assert_eq!(
        form.add(form.find("all").unwrap()).err(),
        Some(AnswerError::NotRepeating)
    );

    let least = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs", "valueInteger": 2 }]);
    let mut form = Form::open(&json!({ "item": [
        { "linkId": "g", "type": "group", "repeats": true, "extension": least, "item": [{ "linkId": "q", "type": "string" }] },
        { "linkId": "names", "type": "string", "repeats": true, "extension": least },
    ] }))
    .unwrap();
    assert_eq!(form.find_all("g").len(), 2);
    assert_eq!(form.problems()[0].rule, Rule::MinCount);
    let names = form.find("names").unwrap();
    form.answer(names, ["x", "y"].map(|name| Answer::String(name.into())).to_vec())
        .unwrap();
    assert_eq!(form.problems(), []);
    assert_eq!(form.sections()[0].items, form.find_all("g"));
}

#[test]
fn an_empty_one_between_others_keeps_its_place() {
    let questionnaire = medicines();
    let mut form = Form::open(&questionnaire).unwrap();
    add(&mut form, "medicine", 0);
    add(&mut form, "medicine", 0);
    let last = form.find_all("name")[2];
    put(&mut form, last, "c");
    let again = Form::resume(
        &questionnaire,
        &form.response(Status::InProgress),
        &form.set_aside(),
    )
    .unwrap();
    assert_eq!(texts(&again, "name"), ["", "", "c"]);
}

#[test]
fn a_sum_over_equal_items_is_what_fhirpath_says() {
    // `item` and `descendants()` yield both of two equal items. `repeat()` is defined to keep equal ones once, so that
    // a form that sums with it over a group that repeats counts equal answers once: the specification's rule, and the
    // author's choice.
    let expression = |path: &str| {
        calculated(&format!(
            "%resource.{path}.where(linkId = 'n').answer.value.sum()"
        ))
    };
    let mut form = Form::open(&json!({ "item": [
        { "linkId": "g", "type": "group", "repeats": true, "item": [{ "linkId": "n", "type": "integer" }] },
        { "linkId": "item", "type": "integer", "readOnly": true, "extension": expression("item.item") },
        { "linkId": "descendants", "type": "integer", "readOnly": true, "extension": expression("descendants()") },
        { "linkId": "repeat", "type": "integer", "readOnly": true, "extension": expression("repeat(item)") },
    ] }))
    .unwrap();
    add(&mut form, "g", 0);
    for place in 0..2 {
        let id = form.find_all("n")[place];
        put(&mut form, id, "5");
    }
    let sums = ["item", "descendants", "repeat"].map(|link_id| texts(&form, link_id).concat());
    assert_eq!(sums, ["10", "10", "5"]);
}

#[test]
fn without_end_is_refused() {
    let least = |count: u64| json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs", "valueInteger": count }]);
    let mut item = json!({ "linkId": "q", "type": "string" });
    for depth in 0..20 {
        item = json!({ "linkId": depth.to_string(), "type": "group", "repeats": true, "extension": least(1_000_000), "item": [item] });
    }
    assert_eq!(
        Form::open(&json!({ "item": [item] })).err(),
        Some(forms::FormError::TooManyItems)
    );

    let questionnaire = json!({ "item": [{ "linkId": "g", "type": "group", "repeats": true, "item": [{ "linkId": "q", "type": "string" }] }] });
    let many: Vec<Value> = (0..5_000).map(|_| json!({ "linkId": "g" })).collect();
    let aside = json!({ "groups": [{ "item": "g", "count": 1_000_000_000_000_u64 }] });
    for (response, aside) in [(json!({ "item": many }), Value::Null), (json!({}), aside)] {
        let resumed = Form::resume(&questionnaire, &response, &aside);
        assert_eq!(resumed.err(), Some(forms::FormError::TooManyItems));
    }
}

#[test]
fn a_part_that_is_added_right_below_an_uppermost_group_is_on_its_page() {
    let mut form = Form::open(&json!({ "item": [{ "linkId": "page", "type": "group", "item": [
        { "linkId": "drug", "type": "group", "repeats": true, "item": [{ "linkId": "name", "type": "string" }] } ] }] }))
    .unwrap();
    let drug = form.find("drug").unwrap();
    form.add(drug).unwrap();
    assert_eq!(form.sections()[0].items, form.find_all("drug"));
    form.remove(drug).unwrap();
    assert_eq!(form.sections()[0].items.len(), 1);
}

#[test]
fn a_form_that_is_opened_anew_goes_on_with_what_can_be_undone() {
    let mut before = Form::open(&medicines()).unwrap();
    let first = before.find("name").unwrap();
    put(&mut before, first, "Ann");
    let second = add(&mut before, "medicine", 0);
    add(&mut before, "medicine", 1);
    before.remove(second).unwrap();
    let last = before.find_all("name")[1];
    put(&mut before, last, "Ben");
    before.pause();
    put(&mut before, last, "Bob");
    before.undo().unwrap();

    let response = before.response(Status::InProgress);
    let again = || Form::resume(&medicines(), &response, &before.set_aside()).unwrap();
    let mut after = again();
    after.take_history(&before);
    assert_eq!(texts(&after, "name"), ["Ann", "Ben"]);
    after.redo().unwrap();
    assert_eq!(texts(&after, "name"), ["Ann", "Bob"]);
    after.undo().unwrap();
    after.undo().unwrap();
    assert_eq!(texts(&after, "name"), ["Ann", ""]);
    // The part that was removed is not there to be brought back.
    assert!(after.undo().is_none());

    // With other answers there is nothing to take over.
    let mut other = again();
    let first = other.find("name").unwrap();
    put(&mut other, first, "Eve");
    other.take_history(&before);
    other.undo().unwrap();
    assert_eq!(texts(&other, "name"), ["Ann", "Ben"]);
    assert!(other.undo().is_none());
}
