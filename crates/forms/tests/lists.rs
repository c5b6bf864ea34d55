//! Lists of answers and units: FHIR's own, what is known of those that are not here, further units, and columns.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Form, Markup, Setting};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn form(item: Value) -> Form {
    Form::open(&json!({ "resourceType": "Questionnaire", "item": [item] })).unwrap()
}

fn ext(name: &str, value: &str, content: Value) -> Value {
    let mut ext = json!({ "url": format!("http://hl7.org/fhir/StructureDefinition/{name}") });
    ext[value] = content;
    ext
}

/// The codes of what is wrong with the only answer of a form with this item, and of what does not fit in it.
fn wrong(item: &Value, value: Value) -> (Vec<&'static str>, Vec<&'static str>) {
    let questionnaire = json!({ "item": [item] });
    let response = json!({ "item": [{ "linkId": "q", "answer": [value] }] });
    let form = Form::resume(&questionnaire, &response, &Value::Null).unwrap();
    let problems = form
        .problems()
        .iter()
        .map(|problem| problem.rule.code())
        .collect();
    (
        problems,
        form.misfits().iter().map(|misfit| misfit.rule.code()).collect(),
    )
}

#[test]
fn fhirs_own_short_lists_need_not_travel_with_the_form() {
    for (name, words) in [
        ("administrative-gender", "Male, Female, Other, Unknown"),
        ("yesnodontknow|4.0.1", "Yes, No, Don't know"),
        ("immunization-status", "Completed, Entered in Error, Not Done"),
    ] {
        let form = form(json!({ "linkId": "q", "type": "choice",
            "answerValueSet": format!("http://hl7.org/fhir/ValueSet/{name}") }));
        assert_eq!(form.not_supported(), [], "{name}");
        let item = form.item(form.find("q").unwrap());
        let shown: Vec<&str> = item
            .options
            .iter()
            .map(|option| option.display.as_str())
            .collect();
        assert_eq!(shown.join(", "), words);
    }
    let own = json!({ "resourceType": "ValueSet", "url": "http://hl7.org/fhir/ValueSet/administrative-gender",
        "compose": { "include": [{ "system": "s", "concept": [{ "code": "x", "display": "The form's own" }] }] } });
    let form = Form::open(
        &json!({ "contained": [own], "item": [{ "linkId": "q", "type": "choice",
        "answerValueSet": "http://hl7.org/fhir/ValueSet/administrative-gender" }] }),
    )
    .unwrap();
    let item = form.item(form.find("q").unwrap());
    assert_eq!(item.options[0].display, "The form's own");
}

#[test]
fn a_code_with_other_words_than_its_list_has_does_not_fit() {
    let gender = json!({ "linkId": "q", "type": "choice", "answerValueSet": "http://hl7.org/fhir/ValueSet/administrative-gender" });
    let coding = |code: &str, display: &str| json!({ "valueCoding": { "system": "http://hl7.org/fhir/administrative-gender", "code": code, "display": display } });
    assert_eq!(wrong(&gender, coding("male", "male")), (vec![], vec![]));
    assert_eq!(
        wrong(&gender, coding("male", "Female")),
        (vec![], vec!["invalidCoding"])
    );
    assert_eq!(
        wrong(&gender, coding("man", "Male")),
        (vec!["invalidCoding"], vec![])
    );
}

#[test]
fn what_cannot_be_in_a_list_that_is_not_here_is_known_by_its_code_system() {
    let set = json!({ "resourceType": "ValueSet", "id": "v", "compose": { "include": [
        { "system": "http://snomed.info/sct", "filter": [{ "property": "concept", "op": "is-a", "value": "71388002" }] }] } });
    let coding = |system: &str| json!({ "valueCoding": { "system": system, "code": "c" } });
    for (answer, problems) in [
        (coding("http://snomed.info/sct"), vec![]),
        (coding("http://loinc.org"), vec!["invalidCoding"]),
        (json!({ "valueCoding": { "display": "what was typed" } }), vec![]),
    ] {
        let questionnaire = json!({ "contained": [set], "item": [{ "linkId": "q", "type": "choice", "answerValueSet": "#v" }] });
        let response = json!({ "item": [{ "linkId": "q", "answer": [answer] }] });
        let form = Form::resume(&questionnaire, &response, &Value::Null).unwrap();
        let found: Vec<&str> = form
            .problems()
            .iter()
            .map(|problem| problem.rule.code())
            .collect();
        assert_eq!(found, problems, "{answer}");
    }
    let countries = json!({ "linkId": "q", "type": "quantity", "extension": [
        ext("questionnaire-unitValueSet", "valueCanonical", json!("http://hl7.org/fhir/ValueSet/jurisdiction"))] });
    let quantity = |system: &str| json!({ "valueQuantity": { "value": 1, "system": system, "code": "km" } });
    assert_eq!(
        wrong(&countries, quantity("http://unitsofmeasure.org")).0,
        ["invalidUnitValueSet"]
    );
    assert_eq!(
        wrong(&countries, quantity("urn:iso:std:iso:3166")).0,
        Vec::<&str>::new()
    );
}

#[test]
fn a_unit_that_is_not_in_the_list_is_taken_where_the_form_allows_it() {
    let kg = json!({ "system": "http://unitsofmeasure.org", "code": "kg", "display": "kg" });
    for (open, further, problems) in [
        ("optionsOnly", false, vec!["invalidUnit"]),
        ("optionsOrType", true, vec![]),
        ("optionsOrString", true, vec![]),
    ] {
        let item = json!({ "linkId": "q", "type": "quantity", "extension": [
            ext("questionnaire-unitOption", "valueCoding", kg.clone()),
            ext("sdc-questionnaire-unitOpen", "valueCode", json!(open)),
            ext("sdc-questionnaire-unitSupplementalSystem", "valueCode", json!("http://unitsofmeasure.org")),
        ] });
        let form = form(item.clone());
        let view = form.item(form.find("q").unwrap());
        assert_eq!(
            (view.open_units, view.unit_system),
            (further, Some("http://unitsofmeasure.org"))
        );
        let unnamed = json!({ "valueQuantity": { "value": 11 } });
        assert_eq!(wrong(&item, unnamed).0, ["invalidUnit"], "{open}");
        let stone = json!({ "valueQuantity": { "value": 11, "unit": "stone" } });
        assert_eq!(wrong(&item, stone).0, problems, "{open}");
        let typed = view.in_unit(&Answer::read(view.kind, "11").unwrap(), "[lb_av]");
        let Answer::Quantity(typed) = typed else {
            panic!("no quantity")
        };
        assert_eq!(
            (typed.unit.as_deref(), typed.code.as_deref()),
            (Some("[lb_av]"), Some("[lb_av]"))
        );
        // Another unit, which nobody has named yet.
        let Answer::Quantity(unnamed) = view.in_unit(&Answer::Quantity(typed), " ") else {
            panic!("no quantity")
        };
        assert_eq!((unnamed.unit, unnamed.code, unnamed.system), (None, None, None));
    }
}

#[test]
fn columns_tell_more_about_each_answer() {
    let in_spanish = |words: &str| {
        json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
        { "url": "lang", "valueCode": "es" }, { "url": "content", "valueString": words }] }] })
    };
    let column = |path: &str, label: &str, display: bool| {
        json!({ "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-choiceColumn", "extension": [
            { "url": "path", "valueString": path },
            { "url": "label", "valueString": label, "_valueString": in_spanish(&format!("{label} (es)")) },
            { "url": "forDisplay", "valueBoolean": display }] })
    };
    let item = json!({ "linkId": "q", "type": "choice", "answerOption": [
            { "valueCoding": { "code": "a", "display": "Aspirin", "version": "1" } }, { "valueCoding": { "code": "b", "display": "Beer" } }],
        "extension": [column("code.upper()", "Code", false), column("display + '!'", "Name", true),
            column("version", "Edition", false), column("((", "Faulty", false)] });
    let spanish = Setting::new().in_language("es");
    let spanish = Form::open_in(&json!({ "item": [item] }), spanish).unwrap();
    let beer = &spanish.item(spanish.find("q").unwrap()).options[1];
    assert_eq!(beer.columns, [("Code (es)".to_owned(), "B".to_owned())]);
    let form = form(item);
    let item = form.item(form.find("q").unwrap());
    let told: Vec<String> = item
        .options
        .iter()
        .map(|option| format!("{} {:?}", option.display, option.columns))
        .collect();
    assert_eq!(
        told,
        [
            "Aspirin! [(\"Code\", \"A\"), (\"Edition\", \"1\")]",
            "Beer! [(\"Code\", \"B\")]"
        ]
    );
    assert!(form.not_supported()[0].feature.starts_with("choiceColumn"));
}

#[test]
fn a_picture_in_marked_up_words_is_drawn_where_it_travels_with_the_form() {
    let xhtml = "<div><img src='data:image/png;base64,AA\n  AA'/></div>";
    let form = form(
        json!({ "linkId": "q", "type": "display", "text": "Done", "_text": { "extension": [
        ext("rendering-xhtml", "valueString", json!(xhtml))] } }),
    );
    let hints = form.item(form.find("q").unwrap()).hints.unwrap();
    let [Markup::Picture(picture)] = hints.markup.as_slice() else {
        panic!("{:?}", hints.markup)
    };
    assert_eq!(
        (picture.source.as_str(), picture.title.as_str()),
        ("data:image/png;base64,AAAA", "Done")
    );
}
