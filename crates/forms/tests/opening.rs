//! What opens, what does not, and how sloppily written forms are read.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Control, Form, FormError, Kind, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn form(items: Value) -> Form {
    Form::open(&json!({ "resourceType": "Questionnaire", "title": "A form", "item": items })).unwrap()
}

#[test]
fn what_is_no_questionnaire_is_refused() {
    for (json, error) in [
        (json!(null), FormError::NotAQuestionnaire),
        (json!([]), FormError::NotAQuestionnaire),
        (json!({ "resourceType": "Patient" }), FormError::NotAQuestionnaire),
        (json!({ "resourceType": "Questionnaire" }), FormError::NoItems),
        (
            json!({ "item": vec![json!({ "linkId": "a" }); 102] }),
            FormError::SameLinkId("a".to_owned()),
        ),
    ] {
        assert_eq!(Form::open(&json).err(), Some(error), "{json}");
    }
    let some = json!({ "item": [{ "linkId": "a", "type": "string" }] });
    let other = json!({ "resourceType": "Patient" });
    assert_eq!(
        Form::resume(&some, &other, &Value::Null).err(),
        Some(FormError::NotAResponse)
    );
}

#[test]
fn questions_of_one_name_keep_their_own_answers() {
    let questionnaire = json!({ "item": [
        { "linkId": "gate", "type": "boolean" },
        { "linkId": "same", "type": "string", "enableWhen": [{ "question": "gate", "operator": "=", "answerBoolean": true }] },
        { "linkId": "same", "type": "string" },
        { "linkId": "g", "type": "group", "item": [{ "linkId": "same", "type": "string" }] },
    ] });
    for (gate, answers) in [
        (true, ["", "b", ""]),
        (true, ["a", "", "c"]),
        (false, ["a", "b", "c"]),
        (false, ["a", "", ""]),
    ] {
        let mut form = Form::open(&questionnaire).unwrap();
        assert_eq!(form.not_supported().len(), 2);
        form.answer(form.find("gate").unwrap(), vec![Answer::Boolean(gate)])
            .unwrap();
        let twins: Vec<_> = form
            .items()
            .filter(|item| item.link_id == "same")
            .map(|item| item.id)
            .collect();
        for (id, text) in twins.iter().zip(answers) {
            form.answer(*id, form.item(*id).read(text)).unwrap();
        }
        let again = Form::resume(
            &questionnaire,
            &form.response(Status::InProgress),
            &form.set_aside(),
        )
        .unwrap();
        let held: Vec<_> = twins.iter().map(|id| again.item(*id).text_answer()).collect();
        assert_eq!(held, answers, "gate {gate}");
    }
}

#[test]
fn a_text_that_shares_its_name_with_a_question_takes_no_answer_from_it() {
    let questionnaire = json!({ "item": [
        { "linkId": "same", "type": "display", "text": "Read this first." },
        { "linkId": "same", "type": "group", "item": [{ "linkId": "asked", "type": "string" }] },
    ] });
    let mut form = Form::open(&questionnaire).unwrap();
    let asked = form.find("asked").unwrap();
    form.answer(asked, form.item(asked).read("kept")).unwrap();
    let (response, aside) = (form.response(Status::InProgress), form.set_aside());
    let again = Form::resume(&questionnaire, &response, &aside).unwrap();
    assert_eq!(again.item(asked).text_answer(), "kept");
}

#[test]
fn a_form_nested_without_end_is_refused() {
    let mut item = json!({ "linkId": "0", "type": "group" });
    for depth in 1..100 {
        item = json!({ "linkId": depth.to_string(), "type": "group", "item": [item] });
    }
    assert_eq!(
        Form::open(&json!({ "item": [item] })).err(),
        Some(FormError::TooDeep)
    );
}

#[test]
fn a_sloppily_written_form_is_read_as_it_was_meant() {
    let form = form(json!([
        { "linkId": "a", "type": "string", "required": "true", "maxLength": "5", "unheardOf": [1, 2] },
        { "type": "boolean", "text": "Without a name" },
        { "linkId": "c", "type": "coding", "answerOption": { "valueString": "only one" } },
        { "linkId": "d", "item": [{ "linkId": "e", "type": "date", "required": 7 }] },
        "no item at all",
    ]));
    let item = |link_id| form.item(form.find(link_id).unwrap());
    assert!(item("a").required);
    assert_eq!(item("a").max_length, Some(5));
    assert_eq!(item("item-2").text, "Without a name");
    assert_eq!((item("c").kind, item("c").options.len()), (Kind::Choice, 1));
    assert_eq!(item("d").kind, Kind::Group);
    assert!(!item("e").required);
}

#[test]
fn what_is_not_done_is_listed_with_its_place_and_meaning() {
    let extension = |name: &str| json!([{ "url": format!("http://hl7.org/fhir/StructureDefinition/{name}") , "valueString": "(?!x)y" }]);
    let expression = |name: &str, language: &str, text: &str| {
        json!([{ "url": format!("http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-{name}"),
        "valueExpression": { "language": language, "expression": text } }])
    };
    let form = form(json!([
        { "linkId": "ink", "type": "signature", "required": true },
        { "linkId": "zip", "type": "string", "extension": extension("regex") },
        { "linkId": "town", "type": "choice", "answerValueSet": "http://example.org/towns" },
        { "linkId": "sum", "type": "decimal", "readOnly": true, "required": true,
          "extension": expression("calculatedExpression", "text/fhirpath", "1 +") },
        { "linkId": "perhaps", "type": "string", "required": true,
          "extension": expression("enableWhenExpression", "text/cql", "exists [Condition]") },
        { "linkId": "unknown", "type": "string", "required": true,
          "extension": expression("enableWhenExpression", "text/fhirpath", "%patient.gender = 'female'") },
        { "linkId": "query", "type": "string",
          "extension": expression("initialExpression", "application/x-fhir-query", "Observation?code=1") },
        { "linkId": "begin", "type": "string", "extension": expression("initialExpression", "text/fhirpath", "%user.name.text") },
        { "linkId": "lost", "type": "string", "enableWhen": [{ "question": "nowhere", "operator": "exists", "answerBoolean": true }] },
        { "linkId": "signed", "type": "group", "extension": extension("questionnaire-signatureRequired") },
        { "linkId": "each", "type": "string", "repeats": true, "extension": expression("calculatedExpression", "text/fhirpath", "'a'"), "item": [{ "linkId": "why", "type": "string" }] },
        { "linkId": "odd", "type": "string", "enableWhen": [{ "question": "zip", "operator": "~", "answerBoolean": true }] },
    ]));
    let listed: Vec<_> = form
        .not_supported()
        .iter()
        .map(|n| (n.link_id.as_deref().unwrap(), n.feature.as_str()))
        .collect();
    for (link_id, feature) in [
        ("ink", "item type \"signature\""),
        ("zip", "regex (look-around is not supported)"),
        ("town", "answerValueSet http://example.org/towns"),
        ("sum", "sdc-questionnaire-calculatedExpression ("),
        ("perhaps", "sdc-questionnaire-enableWhenExpression (text/cql)"),
        ("unknown", "sdc-questionnaire-enableWhenExpression ("),
        (
            "query",
            "sdc-questionnaire-initialExpression (application/x-fhir-query)",
        ),
        ("begin", "sdc-questionnaire-initialExpression ("),
        ("lost", "enableWhen"),
        ("signed", "questionnaire-signatureRequired"),
        ("each", "item.answer.item"),
        ("odd", "enableWhen"),
    ] {
        let is = |entry: &&(&str, &str)| entry.0 == link_id && entry.1.starts_with(feature);
        assert!(
            listed.iter().any(|entry| is(&entry)),
            "{link_id} {feature} in {listed:?}"
        );
    }
    assert_eq!(listed.len(), 12);
    // A form that asks for too much keeps nobody from finishing: only what can be entered by hand is insisted on, and a
    // condition that is faulty can be overridden.
    let open: Vec<_> = form
        .problems()
        .iter()
        .map(|p| form.item(p.item).link_id)
        .map(str::to_owned)
        .collect();
    assert_eq!(open, ["sum", "unknown"]);
    assert!(!form.item(form.find("sum").unwrap()).read_only);
    assert!(form.item(form.find("odd").unwrap()).enabled);
    assert!(form.item(form.find("unknown").unwrap()).enabled);
    assert!(!form.item(form.find("lost").unwrap()).enabled);
}

#[test]
fn texts_are_shown_in_the_language_asked_for() {
    let translation = |lang: &str, words: &str| {
        json!({ "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{ "url": "lang", "valueCode": lang }, { "url": "content", "valueString": words }] })
    };
    let questionnaire = json!({ "item": [{ "linkId": "q", "type": "string", "text": "Pain?",
        "_text": { "extension": [translation("de", "Schmerzen?"), translation("pt-BR", "Dor?")] } }] });
    for (language, words) in [
        ("de", "Schmerzen?"),
        ("de-AT", "Schmerzen?"),
        ("pt", "Dor?"),
        ("fr", "Pain?"),
    ] {
        let form = Form::open_in(&questionnaire, forms::Setting::new().in_language(language)).unwrap();
        assert_eq!(form.item(form.find("q").unwrap()).text, words, "{language}");
    }
}

#[test]
fn answers_help_and_rules_are_shown_in_the_language_asked_for_and_kept_as_they_are_written() {
    let spanish = |words: &str| {
        json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
            { "url": "lang", "valueCode": "es" }, { "url": "content", "valueString": words }] }] })
    };
    let questionnaire = json!({
        "contained": [{ "resourceType": "ValueSet", "id": "days", "compose": { "include": [{ "system": "s", "concept": [
            { "code": "1", "display": "Monday", "designation": [{ "language": "es-MX", "value": "Lunes" }] }] }] } }],
        "item": [
            { "linkId": "a", "type": "choice", "answerOption": [
                { "valueCoding": { "system": "s", "code": "x", "display": "Alone", "_display": spanish("Sin ayuda") } },
                { "valueCoding": { "system": "s", "code": "y", "display": "With aids" } }] },
            { "linkId": "b", "type": "choice", "answerValueSet": "#days" },
            { "linkId": "c", "type": "string", "extension": [
                { "url": "http://hl7.org/fhir/StructureDefinition/entryFormat", "valueString": "two words", "_valueString": spanish("dos palabras") },
                { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
                    { "url": "key", "valueId": "k" }, { "url": "severity", "valueCode": "error" },
                    { "url": "expression", "valueString": "false" },
                    { "url": "human", "valueString": "Never right.", "_valueString": spanish("Nunca está bien.") }] }] },
        ] });
    let shown = |language: &str| -> [String; 5] {
        let mut form = Form::open_in(&questionnaire, forms::Setting::new().in_language(language)).unwrap();
        let [a, b, c] = ["a", "b", "c"].map(|link_id| form.find(link_id).unwrap());
        let alone = form.item(a).options[0].answer.clone();
        form.answer(a, vec![alone.clone()]).unwrap();
        form.answer(c, vec![Answer::String("x".into())]).unwrap();
        assert_eq!(
            form.answers_as_fhir(a)[0]["valueCoding"]["display"],
            "Alone",
            "the answer is the form's own"
        );
        assert_eq!(form.item(a).options[1].display, "With aids");
        assert_eq!(
            form.problems()[0].message,
            "Never right.",
            "by this an override finds it again"
        );
        [
            form.item(a).words(&alone),
            form.item(b).options[0].display.clone(),
            form.item(c).entry_format.unwrap_or_default().to_owned(),
            form.problems()[0].sentence.to_string(),
            form.item(a).options[0].display.clone(),
        ]
    };
    assert_eq!(
        shown("es-US"),
        [
            "Sin ayuda",
            "Lunes",
            "dos palabras",
            "Nunca está bien.",
            "Sin ayuda"
        ]
    );
    assert_eq!(
        shown("en"),
        ["Alone", "Monday", "two words", "Never right.", "Alone"]
    );
}

#[test]
fn each_top_level_group_is_a_page_and_questions_in_a_row_are_one() {
    let group = |link_id: &str| json!({ "linkId": link_id, "type": "group", "text": link_id, "item": [{ "linkId": format!("{link_id}.1"), "type": "string" }] });
    let pages = |form: &Form| -> Vec<(String, usize)> {
        form.sections()
            .iter()
            .map(|s| (s.title.clone(), s.items.len()))
            .collect()
    };
    let flat = form(json!([{ "linkId": "a", "type": "string" }, { "linkId": "b", "type": "string" }]));
    assert_eq!(pages(&flat), [("A form".to_owned(), 2)]);

    let mixed = form(json!([
        { "linkId": "words", "type": "display" }, group("One"),
        { "linkId": "x", "type": "string" }, { "linkId": "y", "type": "string" }, group("Two"),
    ]));
    assert_eq!(
        pages(&mixed),
        [
            ("One".to_owned(), 2),
            ("A form".to_owned(), 2),
            ("Two".to_owned(), 1)
        ]
    );
    let section = |link_id| mixed.section_of(mixed.find(link_id).unwrap()).unwrap().index();
    assert_eq!(
        ["words", "One.1", "One", "x", "Two.1"].map(section),
        [0, 0, 0, 1, 2]
    );
}

#[test]
fn a_form_that_is_one_group_of_groups_has_these_as_its_pages() {
    let control = |code: &str| {
        json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": { "coding": [{ "code": code }] } }])
    };
    let group = |link_id: &str, repeats: bool| {
        json!({ "linkId": link_id, "type": "group", "text": link_id, "repeats": repeats,
        "item": [{ "linkId": format!("{link_id}.1"), "type": "string" }] })
    };
    let whole = |control: Value, items: Value| {
        form(json!([{ "linkId": "whole", "type": "group", "extension": control, "item": items }]))
    };
    let pages = |form: &Form| -> Vec<String> {
        form.sections()
            .iter()
            .map(|section| section.title.clone())
            .collect()
    };

    let mut tabs = whole(
        control("tab-container"),
        json!([
            { "linkId": "words", "type": "display", "text": "Take your time." }, group("One", false), group("Two", true),
        ]),
    );
    assert_eq!(pages(&tabs), ["One", "Two"]);
    let section = |form: &Form, link_id: &str| form.section_of(form.find(link_id).unwrap()).unwrap().index();
    assert_eq!(
        ["words", "One.1", "Two", "Two.1"].map(|id| section(&tabs, id)),
        [0, 0, 1, 1]
    );
    assert_eq!(tabs.section_of(tabs.find("whole").unwrap()), None);
    let (more, _) = tabs.add(tabs.find("Two").unwrap()).unwrap();
    assert_eq!(tabs.sections()[1].items.len(), 2);
    assert_eq!(tabs.section_of(more).unwrap().index(), 1);
    tabs.remove(more).unwrap();
    assert_eq!(tabs.sections()[1].items.len(), 1);

    let asks_itself = json!([group("One", false), group("Two", false), { "linkId": "q", "type": "string" }]);
    for (form, why) in [
        (whole(json!([]), asks_itself), "it asks something itself"),
        (whole(json!([]), json!([group("One", false)])), "it has one group"),
        (
            whole(control("grid"), json!([group("One", false), group("Two", false)])),
            "it is a table",
        ),
    ] {
        assert_eq!(pages(&form), ["A form"], "{why}");
    }
}

#[test]
fn help_units_and_hints_go_to_the_question_they_explain() {
    let control = |code: &str| {
        json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
        "valueCodeableConcept": { "coding": [{ "code": code }] } }])
    };
    let form = form(
        json!([{ "linkId": "w", "type": "quantity", "text": "Weight", "extension": control("slider"), "item": [
        { "linkId": "w-help", "type": "display", "text": "Without shoes.", "extension": control("help") },
        { "linkId": "w-unit", "type": "display", "text": "kg", "extension": control("unit") },
        { "linkId": "w-fly", "type": "display", "text": "Mass.", "extension": control("flyover") },
        { "linkId": "w-low", "type": "display", "text": "light", "extension": control("lower") },
        { "linkId": "w-up", "type": "display", "text": "heavy", "extension": control("upper") },
    ] }]),
    );
    let weight = form.item(form.find("w").unwrap());
    assert_eq!(
        (weight.help, weight.control),
        (Some("Without shoes."), Control::Slider)
    );
    assert_eq!(weight.units[0].text(), "kg");
    let hints = weight.hints.unwrap();
    assert_eq!(
        [&hints.flyover, &hints.lower, &hints.upper].map(Option::as_deref),
        [Some("Mass."), Some("light"), Some("heavy")]
    );
    assert!(!form.item(form.find("w-help").unwrap()).shown());
}

#[test]
fn a_list_of_answers_that_travels_with_the_form_is_offered() {
    let form = Form::open(&json!({
        "contained": [{ "resourceType": "ValueSet", "id": "v", "compose": { "include": [
            { "system": "s", "concept": [{ "code": "a", "display": "Alpha" }, { "code": "b" }] }] } }],
        "item": [{ "linkId": "q", "type": "choice", "answerValueSet": "#v" }],
    }))
    .unwrap();
    let options: Vec<_> = form
        .item(form.find("q").unwrap())
        .options
        .iter()
        .map(|o| o.display.as_str())
        .collect();
    assert_eq!(options, ["Alpha", "b"]);
}

#[test]
fn an_item_is_named_by_its_codes_too() {
    let form = form(json!([
        { "linkId": "a", "type": "string", "code": [{ "system": "http://loinc.org", "code": "44250-9" }, { "code": "x" }] },
        { "linkId": "b", "type": "string", "code": [{ "display": "no code" }] },
    ]));
    let codes = |link_id| form.item(form.find(link_id).unwrap()).codes.to_vec();
    assert_eq!(codes("a"), ["44250-9", "x"]);
    assert!(codes("b").is_empty());
}

#[test]
fn whatever_the_form_gives_no_text_has_a_name_nevertheless() {
    let display = |link_id: &str, text: &str| {
        json!({ "linkId": link_id, "type": "display", "text": text, "extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
            "valueCodeableConcept": { "coding": [{ "code": "flyover" }] } }] })
    };
    let form = form(json!([
        { "linkId": "bare", "type": "integer" },
        { "linkId": "coded", "type": "string", "code": [{ "display": "Of its code" }] },
        { "linkId": "short", "type": "string", "code": [{ "display": "Of its code" }], "extension": [{
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-shortText",
            "valueString": "In short" }] },
        { "linkId": "flyover", "type": "string", "item": [display("f1", "Family name")] },
        { "linkId": "both", "type": "string", "text": "A question", "item": [display("f2", "What it means")] },
        { "linkId": "group", "type": "group", "text": "Symptoms", "item": [
            { "linkId": "inner", "type": "group", "item": [{ "linkId": "deep", "type": "choice" }] },
        ] },
    ]));
    for (link_id, text, name) in [
        ("bare", "", "bare"),
        ("coded", "Of its code", "Of its code"),
        ("short", "In short", "In short"),
        ("flyover", "Family name", "Family name"),
        ("both", "A question", "A question"),
        ("deep", "", "Symptoms"),
    ] {
        let item = form.item(form.find(link_id).unwrap());
        assert_eq!((item.text, item.name), (text, name), "{link_id}");
    }
    let flyover = |link_id| {
        let item = form.item(form.find(link_id).unwrap());
        item.hints.and_then(|hints| hints.flyover.clone())
    };
    assert_eq!(flyover("flyover"), None);
    assert_eq!(flyover("both").as_deref(), Some("What it means"));
}
