//! What was answered last time stands beside the question and is taken over where somebody wants it: never by itself, never
//! what does not fit any more, and never one medicine's dose for another's.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Coding, Form, LastTime, NotTaken, Origin, SectionId, Status, Taking};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn option(code: &str, words: &str) -> Value {
    json!({ "valueCoding": { "system": "http://example.org/s", "code": code, "display": words } })
}

fn questionnaire() -> Value {
    json!({ "resourceType": "Questionnaire", "version": "2", "item": [{ "linkId": "all", "type": "group", "text": "All", "item": [
        { "linkId": "often", "type": "choice", "text": "How often?", "answerOption": [option("n", "Never"), option("s", "Sometimes")] },
        { "linkId": "gone", "type": "choice", "text": "Which?", "answerOption": [option("a", "Apple")] },
        { "linkId": "reworded", "type": "choice", "text": "How much?", "answerOption": [option("a", "A lot of help")] },
        { "linkId": "several", "type": "choice", "repeats": true, "answerOption": [option("a", "Apple"), option("b", "Pear")] },
        { "linkId": "stairs", "type": "boolean" },
        { "linkId": "steps", "type": "integer", "text": "How many?", "enableWhen": [{ "question": "stairs", "operator": "=", "answerBoolean": true }],
          "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 100 }] },
        { "linkId": "fixed", "type": "string", "readOnly": true },
        { "linkId": "sum", "type": "integer", "extension": [{ "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
            "valueExpression": { "language": "text/fhirpath", "expression": "1 + 1" } }] },
        { "linkId": "photo", "type": "attachment" },
        { "linkId": "retyped", "type": "string" },
        { "linkId": "diet", "type": "open-choice", "answerOption": [option("v", "Vegan")] },
        { "linkId": "drug", "type": "group", "repeats": true, "item": [
            { "linkId": "name", "type": "string" }, { "linkId": "dose", "type": "string" } ] },
    ] }] })
}

/// As the version before asked, more leniently.
fn response() -> Value {
    let coding = |code: &str, words: &str| json!([{ "valueCoding": { "system": "http://example.org/s", "code": code, "display": words } }]);
    let drug = |name: &str, dose: &str| {
        json!({ "linkId": "drug", "item": [
            { "linkId": "name", "answer": [{ "valueString": name }] }, { "linkId": "dose", "answer": [{ "valueString": dose }] } ] })
    };
    json!({ "resourceType": "QuestionnaireResponse", "status": "completed", "item": [{ "linkId": "all", "item": [
        { "linkId": "often", "answer": coding("s", "Sometimes") },
        { "linkId": "gone", "answer": coding("b", "Pear") },
        { "linkId": "reworded", "answer": coding("a", "Some help") },
        { "linkId": "several", "answer": [{ "valueCoding": { "code": "b" } }, { "valueCoding": { "code": "a" } }] },
        { "linkId": "stairs", "answer": [{ "valueBoolean": true }] },
        { "linkId": "steps", "answer": [{ "valueInteger": 12 }] },
        { "linkId": "fixed", "answer": [{ "valueString": "as it was" }] },
        { "linkId": "sum", "answer": [{ "valueInteger": 3 }] },
        { "linkId": "photo", "answer": [{ "valueAttachment": { "title": "Wound" } }] },
        { "linkId": "retyped", "answer": [{ "valueInteger": 3 }] },
        { "linkId": "diet", "answer": [{ "valueString": "No salt" }] },
        drug("Aspirin", "100 mg"), drug("Insulin", "8 units"),
    ] }] })
}

fn origin() -> Origin {
    Origin {
        from: "urn:uuid:00000000-0000-4000-8000-000000000001".into(),
        when: "2026-11-03T09:00:00+01:00".into(),
    }
}

fn last() -> LastTime {
    let mut before = questionnaire();
    before["item"][0]["item"][9]["type"] = json!("integer");
    let earlier = Form::resume(&before, &response(), &Value::Null).unwrap();
    LastTime::of(&earlier, origin())
}

fn form() -> Form {
    Form::open(&questionnaire()).unwrap()
}

fn section(form: &Form) -> SectionId {
    form.sections()[0].id
}

fn answers(form: &Form, link_id: &str) -> Vec<String> {
    let all = form.find_all(link_id).into_iter();
    all.flat_map(|item| {
        form.item(item)
            .answers
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn each_answer_of_last_time_is_offered_or_there_is_a_reason_why_not() {
    let (form, last) = (form(), last());
    for (link_id, then, offered) in [
        ("often", Some("Sometimes"), Some(Ok(1))),
        ("gone", Some("Pear"), Some(Err(NotTaken::Option))),
        ("reworded", Some("Some help"), Some(Err(NotTaken::Option))),
        ("several", Some("b"), Some(Ok(2))),
        ("stairs", Some("Yes"), Some(Ok(1))),
        ("steps", Some("12"), Some(Err(NotTaken::Disabled))),
        ("fixed", Some("as it was"), Some(Err(NotTaken::ReadOnly))),
        ("sum", Some("3"), Some(Err(NotTaken::Calculated))),
        ("photo", Some("Wound"), Some(Err(NotTaken::File))),
        ("retyped", None, None),
        ("diet", Some("No salt"), Some(Ok(1))),
        ("dose", Some("100 mg"), Some(Ok(1))),
    ] {
        let item = form.find(link_id).unwrap();
        let told = form
            .answered_last_time(&last, item)
            .map(|answers| answers[0].to_string());
        assert_eq!(told.as_deref(), then, "{link_id}");
        let found = form
            .as_last_time(&last, item)
            .map(|found| found.map(|answers| answers.len()));
        assert_eq!(found, offered, "{link_id}");
    }
    let read_only = |link_id: &str| form.item(form.find(link_id).unwrap()).answers.is_empty();
    assert!(
        ["often", "several", "stairs", "diet"].into_iter().all(read_only),
        "nothing is filled in by itself"
    );
}

#[test]
fn what_is_taken_over_says_so_until_it_is_changed_and_can_be_taken_back() {
    let (mut form, last) = (form(), last());
    let often = form.find("often").unwrap();
    let taken = form.as_last_time(&last, often).unwrap().unwrap();
    form.take(often, taken.clone(), last.origin()).unwrap();
    assert_eq!(form.taken(often), Some(origin()));
    let noted = form.answers_as_fhir(often);
    assert_eq!(
        noted[0]["extension"][0]["url"],
        "urn:mobile-assessments:as-last-time"
    );
    assert_eq!(noted[0]["valueCoding"]["display"], "Sometimes");

    // Kept with the response, and by choosing the same again.
    let response = form.response(Status::InProgress);
    let mut form = Form::resume(&questionnaire(), &response, &form.set_aside()).unwrap();
    form.answer(often, taken.clone()).unwrap();
    assert_eq!(form.taken(often), Some(origin()));
    assert_eq!(form.response(Status::InProgress), response);

    let never = form.item(often).options[0].answer.clone();
    form.answer(often, vec![never]).unwrap();
    assert_eq!(form.taken(often), None);
    form.answer(often, taken).unwrap();
    assert_eq!(form.taken(often), None, "the user's own answer, if the same one");
    for _ in 0..2 {
        form.undo().unwrap();
    }
    assert_eq!(form.taken(often), Some(origin()), "undo brings the mark back too");
}

#[test]
fn one_more_answer_or_one_less_than_last_time_is_a_change() {
    let (mut form, last) = (form(), last());
    let several = form.find("several").unwrap();
    let taken = form.as_last_time(&last, several).unwrap().unwrap();
    form.take(several, taken[..1].to_vec(), last.origin()).unwrap();
    form.answer(several, taken.clone()).unwrap();
    assert_eq!(form.taken(several), None);
    form.take(several, Vec::new(), last.origin()).unwrap();
    form.take(several, taken.clone(), last.origin()).unwrap();
    assert!(form.taken(several).is_some());
    form.answer(several, taken[..1].to_vec()).unwrap();
    assert_eq!(form.taken(several), None, "one less is a change too");
}

#[test]
fn a_section_takes_over_what_is_open_and_what_appears_by_it() {
    let (mut form, last) = (form(), last());
    let never = form.item(form.find("often").unwrap()).options[0].answer.clone();
    form.answer(form.find("often").unwrap(), vec![never]).unwrap();
    let copy = Form::resume(
        &questionnaire(),
        &form.response(Status::InProgress),
        &form.set_aside(),
    )
    .unwrap();
    let plan = last.plan(copy, section(&form));
    for taking in &plan.take {
        match taking {
            Taking::Add(group) => drop(form.add(form.placed(group).unwrap()).unwrap()),
            Taking::Answer(told) => {
                let item = form.placed(&told.place).unwrap();
                form.take(item, told.answers.clone(), last.origin()).unwrap();
            }
        }
    }
    assert_eq!(answers(&form, "often"), ["Never"], "what is answered stays");
    assert_eq!(
        answers(&form, "several"),
        ["Pear", "Apple"],
        "in the words of today's form"
    );
    assert_eq!(answers(&form, "steps"), ["12"]);
    assert_eq!(answers(&form, "diet"), ["No salt"]);
    assert_eq!(answers(&form, "name"), ["Aspirin", "Insulin"]);
    assert_eq!(answers(&form, "dose"), ["100 mg", "8 units"]);
    let left: Vec<(String, NotTaken)> = plan
        .left
        .into_iter()
        .map(|(told, why)| (told.answers[0].to_string(), why))
        .collect();
    assert_eq!(
        left,
        [
            ("Pear".to_owned(), NotTaken::Option),
            ("Some help".to_owned(), NotTaken::Option),
            ("as it was".to_owned(), NotTaken::ReadOnly),
            ("3".to_owned(), NotTaken::Calculated),
            ("Wound".to_owned(), NotTaken::File),
        ]
    );
}

#[test]
fn what_another_rule_of_the_form_forbids_now_is_left_with_its_words() {
    let mut before = response();
    before["item"][0]["item"][5]["answer"] = json!([{ "valueInteger": 120 }]);
    let mut lenient = questionnaire();
    lenient["item"][0]["item"][5]["extension"] = json!([]);
    let earlier = Form::resume(&lenient, &before, &Value::Null).unwrap();
    let form = form();
    let here = section(&form);
    let plan = LastTime::of(&earlier, origin()).plan(form, here);
    let left = plan.left.iter().find(|(told, _)| told.text == "How many?");
    assert!(
        matches!(left, Some((_, NotTaken::Breaks(why))) if why.say(|_| None).contains("100")),
        "{left:?}"
    );
}

#[test]
fn a_part_that_is_another_one_now_is_offered_nothing() {
    let (mut form, last) = (form(), last());
    let (name, dose) = (form.find("name").unwrap(), form.find("dose").unwrap());
    form.answer(name, vec![Answer::String("Ibuprofen".into())])
        .unwrap();
    assert_eq!(
        form.answered_last_time(&last, dose),
        None,
        "Aspirin's dose is not Ibuprofen's"
    );
    let plan = last.plan(
        Form::resume(&questionnaire(), &form.response(Status::InProgress), &Value::Null).unwrap(),
        section(&form),
    );
    assert!(!plan.take.iter().any(|taking| matches!(taking, Taking::Add(_))));
    form.answer(name, vec![Answer::String("Aspirin".into())]).unwrap();
    assert!(form.answered_last_time(&last, dose).is_some());
}

#[test]
fn a_coding_without_words_is_the_same_choice() {
    let mut earlier = Form::open(&questionnaire()).unwrap();
    let often = earlier.find("often").unwrap();
    let bare = Answer::Coding(Box::new(Coding {
        code: Some("n".into()),
        ..Coding::default()
    }));
    earlier.answer(often, vec![bare]).unwrap();
    let form = form();
    let found = form
        .as_last_time(&LastTime::of(&earlier, origin()), often)
        .unwrap()
        .unwrap();
    assert_eq!(found[0].to_string(), "Never");
}

#[test]
fn a_rule_of_the_form_as_a_whole_holds_no_questions_answer_back() {
    let rule = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
        { "url": "key", "valueId": "both" }, { "url": "severity", "valueCode": "error" },
        { "url": "human", "valueString": "Answer both." },
        { "url": "expression", "valueString": "item.where(answer.exists()).count() = 2" } ] }]);
    let questionnaire = json!({ "resourceType": "Questionnaire", "extension": rule, "item": [
        { "linkId": "first", "type": "string" }, { "linkId": "second", "type": "string" } ] });
    let answered = |link_id: &str| json!({ "linkId": link_id, "answer": [{ "valueString": "as before" }] });
    let earlier =
        json!({ "resourceType": "QuestionnaireResponse", "item": [answered("first"), answered("second")] });
    let earlier = Form::resume(&questionnaire, &earlier, &Value::Null).unwrap();
    let form = Form::open(&questionnaire).unwrap();
    let here = section(&form);
    let plan = LastTime::of(&earlier, origin()).plan(form, here);
    assert_eq!((plan.take.len(), plan.left.len()), (2, 0));
}
