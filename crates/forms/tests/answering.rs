//! Answers and their rules, and the response that comes out.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, AnswerError, DateTime, Form, Rule, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn open(items: Value) -> Form {
    Form::open(&json!({
        "resourceType": "Questionnaire", "url": "https://forms.example.org/f", "version": "1.0", "item": items,
    }))
    .unwrap()
}

fn ext(name: &str, value: Value) -> Value {
    let mut extension = json!({ "url": format!("http://hl7.org/fhir/StructureDefinition/{name}") });
    extension
        .as_object_mut()
        .unwrap()
        .extend(value.as_object().unwrap().clone());
    extension
}

#[test]
fn an_answer_that_breaks_a_rule_is_taken_and_marked() {
    let options = json!([{ "valueString": "one" }, { "valueString": "two" }]);
    for (item, text, rule) in [
        (
            json!({ "type": "string", "required": true }),
            "",
            Some(Rule::Required),
        ),
        (
            json!({ "type": "string", "required": true }),
            "  ",
            Some(Rule::Required),
        ),
        (json!({ "type": "string", "required": true }), "x", None),
        (
            json!({ "type": "string", "maxLength": 3 }),
            "four",
            Some(Rule::MaxLength),
        ),
        (json!({ "type": "string", "maxLength": 3 }), "äöü", None),
        (json!({ "type": "string" }), "a\nb", Some(Rule::NewLine)),
        (json!({ "type": "text" }), "a\nb", None),
        (
            json!({ "type": "text", "extension": [ext("minLength", json!({ "valueInteger": 3 }))] }),
            "ab",
            Some(Rule::MinLength),
        ),
        (
            json!({ "type": "integer", "extension": [ext("minValue", json!({ "valueInteger": 1 }))] }),
            "0",
            Some(Rule::MinValue),
        ),
        (
            json!({ "type": "integer", "extension": [ext("minValue", json!({ "valueInteger": 1 }))] }),
            "1",
            None,
        ),
        (
            json!({ "type": "integer", "extension": [ext("maxValue", json!({ "valueDecimal": 9.5 }))] }),
            "10",
            Some(Rule::MaxValue),
        ),
        (
            json!({ "type": "decimal", "extension": [ext("maxValue", json!({ "valueDecimal": 0.3 }))] }),
            "0.3",
            None,
        ),
        (
            json!({ "type": "decimal", "extension": [ext("maxDecimalPlaces", json!({ "valueInteger": 1 }))] }),
            "36.55",
            Some(Rule::MaxDecimalPlaces),
        ),
        (
            json!({ "type": "decimal", "extension": [ext("maxDecimalPlaces", json!({ "valueInteger": 1 }))] }),
            "36.50",
            None,
        ),
        (
            json!({ "type": "date", "extension": [ext("maxValue", json!({ "valueDate": "2026-12-31" }))] }),
            "2027-01-01",
            Some(Rule::MaxValue),
        ),
        (
            json!({ "type": "quantity", "extension": [ext("minValue", json!({ "valueDecimal": 30 }))] }),
            "29.9",
            Some(Rule::MinValue),
        ),
        (json!({ "type": "integer" }), "many", Some(Rule::AnswerType)),
        (json!({ "type": "decimal" }), "1.2.3", Some(Rule::AnswerType)),
        (json!({ "type": "date" }), "31 February", Some(Rule::AnswerType)),
        (
            json!({ "type": "open-choice", "answerOption": options.clone() }),
            "three",
            None,
        ),
        (
            json!({ "type": "choice", "answerOption": options.clone() }),
            "three",
            Some(Rule::AnswerOption),
        ),
    ] {
        let mut whole = item.clone();
        whole["linkId"] = json!("q");
        let mut form = open(json!([whole]));
        let q = form.find("q").unwrap();
        let answers = form.item(q).read(text);
        form.answer(q, answers).unwrap();
        let rules: Vec<_> = form.problems().iter().map(|problem| problem.rule).collect();
        assert_eq!(rules, Vec::from_iter(rule), "{item} {text:?}");
        if !text.trim().is_empty() {
            assert_eq!(form.item(q).answers.len(), 1, "kept: {item} {text:?}");
        }
    }
}

#[test]
fn what_is_invalid_is_kept_beside_the_response_and_comes_back() {
    let questionnaire = json!({ "item": [{ "linkId": "n", "type": "integer" }] });
    let mut form = Form::open(&questionnaire).unwrap();
    let n = form.find("n").unwrap();
    form.answer(n, form.item(n).read("about ten")).unwrap();
    assert_eq!(form.response(Status::InProgress).get("item"), None);
    assert_eq!(form.answers_as_fhir(n), json!([{ "valueString": "about ten" }]));
    let again = Form::resume(
        &questionnaire,
        &form.response(Status::InProgress),
        &form.set_aside(),
    )
    .unwrap();
    assert_eq!(again.item(n).text_answer(), "about ten");
    assert_eq!(again.problems(), form.problems());
}

#[test]
fn a_callers_mistake_changes_nothing() {
    let mut form = open(json!([
        { "linkId": "group", "type": "group" }, { "linkId": "fixed", "type": "string", "readOnly": true },
        { "linkId": "yes", "type": "boolean" }, { "linkId": "photo", "type": "attachment" },
    ]));
    let before = form.response(Status::InProgress);
    for (link_id, answers, error) in [
        ("group", vec![], AnswerError::NotAQuestion),
        ("fixed", vec![], AnswerError::ReadOnly),
        ("photo", vec![Answer::Boolean(true)], AnswerError::WrongKind),
        ("yes", vec![Answer::Integer(1)], AnswerError::WrongKind),
        (
            "yes",
            vec![Answer::Boolean(true), Answer::Boolean(false)],
            AnswerError::OneAnswerOnly,
        ),
    ] {
        let id = form.find(link_id).unwrap();
        assert_eq!(form.answer(id, answers), Err(error), "{link_id}");
    }
    assert_eq!(form.response(Status::InProgress), before);
}

#[test]
fn several_choices_have_their_own_rules() {
    let option = |code: &str, extra: Value| json!({ "valueCoding": { "code": code }, "extension": extra });
    let mut form = open(json!([{ "linkId": "q", "type": "choice", "repeats": true,
        "extension": [ext("questionnaire-maxOccurs", json!({ "valueInteger": 2 }))],
        "answerOption": [option("a", json!([])), option("b", json!([])), option("c", json!([])),
            option("none", json!([ext("questionnaire-optionExclusive", json!({ "valueBoolean": true }))]))] }]));
    let q = form.find("q").unwrap();
    let pick = |form: &Form, places: &[usize]| -> Vec<Answer> {
        places
            .iter()
            .map(|place| form.item(q).options[*place].answer.clone())
            .collect()
    };
    for (places, rule) in [
        (&[0, 1][..], None),
        (&[0, 1, 2], Some(Rule::MaxCount)),
        (&[3], None),
        (&[0, 3], Some(Rule::Exclusive)),
    ] {
        let answers = pick(&form, places);
        form.answer(q, answers).unwrap();
        let rules: Vec<_> = form.problems().iter().map(|problem| problem.rule).collect();
        assert_eq!(rules, Vec::from_iter(rule), "{places:?}");
    }
}

#[test]
fn a_required_part_wants_one_answer_within_it() {
    let mut form = open(
        json!([{ "linkId": "g", "type": "group", "required": true, "item": [
        { "linkId": "h", "type": "group", "item": [{ "linkId": "q", "type": "string" }] }] }]),
    );
    let (g, q) = (form.find("g").unwrap(), form.find("q").unwrap());
    assert_eq!(form.problems()[0].item, g);
    let changes = form.answer(q, vec![Answer::String("x".to_owned())]).unwrap();
    assert!(changes.of(g).unwrap().problems);
    assert!(form.problems().is_empty());
}

#[test]
fn the_response_holds_what_applies_in_the_forms_order() {
    let mut form = open(json!([
        { "linkId": "words", "type": "display", "text": "Hello" },
        { "linkId": "g", "type": "group", "text": "Group", "item": [
            { "linkId": "when", "type": "dateTime" },
            { "linkId": "why", "type": "string", "text": "Why?", "item": [{ "linkId": "more", "type": "string" }] },
        ] },
        { "linkId": "kg", "type": "quantity", "extension": [ext("questionnaire-unit",
            json!({ "valueCoding": { "system": "http://unitsofmeasure.org", "code": "kg", "display": "kg" } }))] },
        { "linkId": "hidden", "type": "boolean", "initial": [{ "valueBoolean": true }],
          "extension": [ext("questionnaire-hidden", json!({ "valueBoolean": true }))] },
    ]));
    let id = |form: &Form, link_id: &str| form.find(link_id).unwrap();
    let when = Answer::DateTime(DateTime::local("2026-11-23", "21:05", 60).unwrap());
    form.answer(id(&form, "when"), vec![when]).unwrap();
    form.answer(id(&form, "more"), vec![Answer::String("below".to_owned())])
        .unwrap();
    let kg = id(&form, "kg");
    form.answer(kg, form.item(kg).read("70.5")).unwrap();
    assert_eq!(
        form.response(Status::InProgress),
        json!({
            "resourceType": "QuestionnaireResponse", "questionnaire": "https://forms.example.org/f|1.0", "status": "in-progress",
            "item": [
                { "linkId": "g", "text": "Group", "item": [
                    { "linkId": "when", "answer": [{ "valueDateTime": "2026-11-23T21:05:00+01:00" }] },
                    { "linkId": "why", "text": "Why?", "item": [{ "linkId": "more", "answer": [{ "valueString": "below" }] }] },
                ] },
                { "linkId": "kg", "answer": [{ "valueQuantity":
                    { "value": 70.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg" } }] },
                { "linkId": "hidden", "answer": [{ "valueBoolean": true }] },
            ],
        })
    );
    form.answer(id(&form, "why"), vec![Answer::String("so".to_owned())])
        .unwrap();
    assert_eq!(
        form.response(Status::Completed)["item"][0]["item"][1]["answer"],
        json!([{ "valueString": "so", "item": [{ "linkId": "more", "answer": [{ "valueString": "below" }] }] }])
    );
}

#[test]
fn a_response_of_another_program_loses_nothing() {
    let questionnaire = json!({ "item": [
        { "linkId": "g", "type": "group", "item": [{ "linkId": "q", "type": "decimal", "text": "Q" }] },
        { "linkId": "photo", "type": "attachment" },
    ] });
    let response = json!({
        "resourceType": "QuestionnaireResponse", "id": "7", "status": "in-progress", "meta": { "versionId": "3" },
        "item": [
            { "linkId": "g", "extension": [{ "url": "x", "valueCode": "y" }], "item": [
                { "linkId": "q", "text": "Q", "answer": [{ "valueDecimal": 1.5, "extension": [{ "url": "z", "valueCode": "w" }] }] }] },
            { "linkId": "photo", "answer": [{ "valueAttachment": { "contentType": "image/png", "data": "AA==" } }] },
        ],
    });
    let mut form = Form::resume(&questionnaire, &response, &Value::Null).unwrap();
    assert_eq!(form.response(Status::InProgress), response);
    assert_eq!(form.set_aside(), Value::Null);
    // What was said about an answer is not said about another.
    let q = form.find("q").unwrap();
    form.answer(q, form.item(q).read("2")).unwrap();
    let item = &form.response(Status::InProgress)["item"][0]["item"][0];
    assert_eq!(item["answer"], json!([{ "valueDecimal": 2 }]));

    let mut stranger = response.clone();
    stranger["item"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "linkId": "gone", "answer": [{ "valueString": "kept" }] }));
    let form = Form::resume(&questionnaire, &stranger, &Value::Null).unwrap();
    assert_eq!(form.response(Status::InProgress), response);
    assert_eq!(form.set_aside()["unmatched"][0]["linkId"], "gone");
    let again = Form::resume(&questionnaire, &response, &form.set_aside()).unwrap();
    assert_eq!(again.set_aside(), form.set_aside());
    assert!(
        again
            .not_supported()
            .iter()
            .any(|n| n.feature == "answers without a question")
    );
}

#[test]
fn progress_counts_what_applies_and_can_be_answered() {
    let mut form = open(json!([
        { "linkId": "a", "type": "boolean", "required": true },
        { "linkId": "b", "type": "integer", "required": true,
          "enableWhen": [{ "question": "a", "operator": "=", "answerBoolean": true }] },
        { "linkId": "c", "type": "string", "readOnly": true, "initial": [{ "valueString": "x" }] },
        { "linkId": "d", "type": "integer" },
    ]));
    let section = form.sections()[0].id;
    let counts = |form: &Form| {
        let p = form.progress(section);
        (p.required_answered, p.required, p.answered, p.questions, p.errors)
    };
    assert_eq!(counts(&form), (0, 1, 0, 2, 0));
    form.answer(form.find("a").unwrap(), vec![Answer::Boolean(true)])
        .unwrap();
    assert_eq!(counts(&form), (1, 2, 1, 3, 0));
    form.answer(form.find("d").unwrap(), vec![Answer::Invalid("x".to_owned())])
        .unwrap();
    assert_eq!(counts(&form), (1, 2, 2, 3, 1));
}

/// The shape that FHIR gives a question with questions below it: each answer holds the items below that answer.
#[test]
fn items_below_several_answers_stay_with_their_answers() {
    let questionnaire = json!({ "resourceType": "Questionnaire", "item": [
        { "linkId": "drug", "type": "choice", "repeats": true,
          "answerOption": [{ "valueCoding": { "code": "a" } }, { "valueCoding": { "code": "b" } }, { "valueCoding": { "code": "c" } }],
          "item": [{ "linkId": "dose", "type": "string" }, { "linkId": "times", "type": "integer" }] } ] });
    let below = |dose: &str, times: u32| {
        json!([{ "linkId": "dose", "answer": [{ "valueString": dose }] },
            { "linkId": "times", "answer": [{ "valueInteger": times }] }])
    };
    let response = json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress", "item": [
        { "linkId": "drug", "answer": [
            { "valueCoding": { "code": "a" }, "item": below("5 mg", 2) },
            { "valueCoding": { "code": "b" }, "item": below("10 mg", 1) } ] } ] });
    let mut form = Form::resume(&questionnaire, &response, &Value::Null).unwrap();
    assert_eq!(form.response(Status::InProgress), response);
    assert!(form.misfits().is_empty());
    // Another answer takes nothing from either.
    let (drug, dose) = (form.find("drug").unwrap(), form.find("dose").unwrap());
    assert_eq!(form.item(dose).text_answer(), "5 mg");
    let mut answers = form.item(drug).answers.to_vec();
    answers.push(form.item(drug).options[2].answer.clone());
    form.answer(drug, answers).unwrap();
    let now = form.response(Status::InProgress);
    assert_eq!(now["item"][0]["answer"][0], response["item"][0]["answer"][0]);
    assert_eq!(now["item"][0]["answer"][1], response["item"][0]["answer"][1]);
    assert_eq!(
        now["item"][0]["answer"][2],
        json!({ "valueCoding": { "code": "c" } })
    );
    // Taken away and back again.
    let first = form.item(drug).answers[..1].to_vec();
    form.answer(drug, first).unwrap();
    form.undo().unwrap();
    assert_eq!(form.response(Status::InProgress), now);
    // Those below the second stay with it where there are none below the first.
    form.answer(dose, Vec::new()).unwrap();
    form.answer(form.find("times").unwrap(), Vec::new()).unwrap();
    let without = form.response(Status::InProgress);
    assert_eq!(without["item"][0]["answer"][0].get("item"), None);
    let again = Form::resume(&questionnaire, &without, &form.set_aside()).unwrap();
    assert_eq!(again.response(Status::InProgress), without);
    // Nor are they lost while the question does not apply.
    let mut at_times = questionnaire.clone();
    at_times["item"][0]["enableWhen"] =
        json!([{ "question": "asked", "operator": "=", "answerBoolean": true }]);
    at_times["item"]
        .as_array_mut()
        .unwrap()
        .insert(0, json!({ "linkId": "asked", "type": "boolean" }));
    let mut asked = without.clone();
    asked["item"].as_array_mut().unwrap().insert(
        0,
        json!({ "linkId": "asked", "answer": [{ "valueBoolean": true }] }),
    );
    let mut form = Form::resume(&at_times, &asked, &Value::Null).unwrap();
    let answer = |form: &mut Form, yes| {
        let item = form.find("asked").unwrap();
        form.answer(item, vec![Answer::Boolean(yes)]).unwrap();
    };
    answer(&mut form, false);
    let unasked = form.response(Status::InProgress);
    let mut form = Form::resume(&at_times, &unasked, &form.set_aside()).unwrap();
    answer(&mut form, true);
    assert_eq!(form.response(Status::InProgress), asked);
    // Expressions see all of them.
    let counted = json!({ "linkId": "n", "type": "integer", "readOnly": true, "extension": [{
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
        "valueExpression": { "language": "text/fhirpath", "expression": "%resource.item.answer.item.where(linkId = 'times').answer.value.sum()" } }] });
    let mut with_sum = questionnaire;
    with_sum["item"].as_array_mut().unwrap().push(counted);
    let form = Form::resume(&with_sum, &response, &Value::Null).unwrap();
    assert_eq!(form.item(form.find("n").unwrap()).text_answer(), "3");
}

#[test]
fn what_has_changed_is_told_once_however_many_answers_it_took() {
    let mut form = open(json!([
        { "linkId": "a", "type": "boolean" },
        { "linkId": "b", "type": "string", "enableWhen": [{ "question": "a", "operator": "=", "answerBoolean": true }] },
        { "linkId": "c", "type": "string" },
    ]));
    let id = |form: &Form, link_id: &str| form.find(link_id).unwrap();
    let (a, b, c) = (id(&form, "a"), id(&form, "b"), id(&form, "c"));
    assert!(form.changes().is_empty(), "nothing yet");
    form.answer(a, vec![Answer::Boolean(true)]).unwrap();
    form.answer(b, vec![Answer::String("words".to_owned())]).unwrap();
    let changes = form.changes();
    assert!(
        changes
            .of(b)
            .is_some_and(|change| change.enabled && change.answers)
    );
    assert!(
        changes
            .of(a)
            .is_some_and(|change| change.answers && !change.enabled)
    );
    assert_eq!(changes.of(c), None);
    assert!(form.changes().is_empty(), "it was told");
    form.undo().unwrap();
    assert_eq!(
        form.changes()
            .iter()
            .map(|change| change.item)
            .collect::<Vec<_>>(),
        [b]
    );
}

#[test]
fn a_copy_is_signed_by_nobody() {
    let signed = json!({ "item": [
        { "linkId": "words", "answer": [{ "valueString": "well" }] },
        { "linkId": "name", "answer": [{ "valueAttachment": { "contentType": "image/png", "data": "aGVsbG8=" } }] },
        { "linkId": "photo", "answer": [{ "valueAttachment": { "contentType": "image/png", "data": "aGVsbG8=" } }] },
    ] });
    let needed = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-signatureRequired",
        "valueCodeableConcept": {} }]);
    let questionnaire = json!({ "item": [
        { "linkId": "words", "type": "string" },
        { "linkId": "name", "type": "attachment", "extension": needed },
        { "linkId": "photo", "type": "attachment" },
    ] });
    let mut form = Form::resume(&questionnaire, &signed, &Value::Null).unwrap();
    let changes = form.clear_signatures();
    assert_eq!(changes.iter().count(), 1);
    let answered = |link_id: &str| !form.item(form.find(link_id).unwrap()).answers.is_empty();
    assert_eq!(["words", "name", "photo"].map(answered), [true, false, true]);
    assert!(form.clear_signatures().is_empty(), "there is none left");
}
