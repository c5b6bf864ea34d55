//! What the form works out: conditions, calculations, beginnings, rules, words and lists of answers as expressions.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Form, ItemView, Rule, Setting, Severity, Status};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
const FHIR: &str = "http://hl7.org/fhir/StructureDefinition/";

fn expression(url: String, text: &str) -> Value {
    json!({ "url": url, "valueExpression": { "language": "text/fhirpath", "expression": text } })
}

fn sdc(name: &str, text: &str) -> Value {
    expression(format!("{SDC}{name}"), text)
}

fn variable(name: &str, text: &str) -> Value {
    json!({ "url": format!("{FHIR}variable"),
        "valueExpression": { "name": name, "language": "text/fhirpath", "expression": text } })
}

fn rule(severity: &str, human: &str, text: &str) -> Value {
    json!({ "url": format!("{FHIR}questionnaire-constraint"), "extension": [
        { "url": "key", "valueId": "k1" }, { "url": "severity", "valueCode": severity },
        { "url": "human", "valueString": human }, { "url": "expression", "valueString": text } ] })
}

fn open(items: Value) -> Form {
    Form::open(&json!({ "resourceType": "Questionnaire", "item": items })).unwrap()
}

fn item<'f>(form: &'f Form, link_id: &str) -> ItemView<'f> {
    form.item(form.find(link_id).unwrap())
}

fn type_in(form: &mut Form, link_id: &str, text: &str) {
    let id = form.find(link_id).unwrap();
    let answers = form.item(id).read(text);
    form.answer(id, answers).unwrap();
}

#[test]
fn a_calculation_follows_the_answers_with_the_variables_of_its_scope() {
    let mut form = Form::open(&json!({
        "extension": [variable("kg", "%resource.item.where(linkId = 'weight').answer.value")],
        "item": [
            { "linkId": "weight", "type": "decimal" },
            { "linkId": "g", "type": "group", "extension": [variable("m", "%resource.item.item.where(linkId = 'height').answer.value / 100")],
              "item": [
                { "linkId": "height", "type": "integer" },
                { "linkId": "bmi", "type": "decimal", "readOnly": true,
                  "extension": [sdc("calculatedExpression", "(%kg / (%m * %m)).round(1)")] },
              ] },
            { "linkId": "heavy", "type": "display", "extension": [sdc("enableWhenExpression", "%resource.item.item.where(linkId = 'bmi').answer.value >= 30")] },
        ],
    }))
    .unwrap();
    assert_eq!(form.not_supported(), []);
    assert_eq!(item(&form, "bmi").text_answer(), "");
    type_in(&mut form, "weight", "71.5");
    type_in(&mut form, "height", "168");
    assert_eq!(item(&form, "bmi").text_answer(), "25.3");
    assert!(!item(&form, "heavy").enabled);
    type_in(&mut form, "weight", "90");
    assert_eq!(item(&form, "bmi").text_answer(), "31.9");
    assert!(item(&form, "heavy").enabled);
}

#[test]
fn a_total_of_totals_leaves_itself_out_by_its_name() {
    let total = |link_id: &str, text: &str| json!({ "linkId": link_id, "type": "integer", "readOnly": true, "extension": [sdc("calculatedExpression", text)] });
    let mut form = open(json!([
        { "linkId": "g", "type": "group", "item": [{ "linkId": "g.1", "type": "integer" }, { "linkId": "g.2", "type": "integer" },
            total("g.total", "%resource.item.item.where(linkId in ('g.1' | 'g.2')).answer.value.sum()")] },
        { "linkId": "all", "type": "group", "item": [
            total("all.total", "%resource.item.item.where(linkId.endsWith('.total') and linkId != 'all.total').answer.value.sum()")] },
    ]));
    assert_eq!(form.not_supported(), []);
    type_in(&mut form, "g.1", "3");
    type_in(&mut form, "g.2", "4");
    assert_eq!(item(&form, "all.total").text_answer(), "7");
}

#[test]
fn an_answer_that_the_user_puts_in_its_place_stays_until_it_is_cleared() {
    let questionnaire = json!({ "item": [
        { "linkId": "a", "type": "integer" },
        { "linkId": "twice", "type": "integer", "extension": [sdc("calculatedExpression", "%resource.item.where(linkId = 'a').answer.value * 2")] },
    ] });
    let mut form = Form::open(&questionnaire).unwrap();
    type_in(&mut form, "a", "3");
    assert_eq!(
        (
            item(&form, "twice").text_answer().as_str(),
            item(&form, "twice").overridden
        ),
        ("6", false)
    );
    type_in(&mut form, "twice", "7");
    type_in(&mut form, "a", "4");
    assert_eq!(item(&form, "twice").text_answer(), "7");
    // Saved and opened again it is still the user's, also where another program kept only the response.
    let response = form.response(Status::InProgress);
    for aside in [form.set_aside(), Value::Null] {
        let again = Form::resume(&questionnaire, &response, &aside).unwrap();
        assert_eq!(
            (
                item(&again, "twice").text_answer().as_str(),
                item(&again, "twice").overridden
            ),
            ("7", true)
        );
    }
    type_in(&mut form, "twice", "");
    assert_eq!(item(&form, "twice").text_answer(), "8");
}

#[test]
fn a_form_begins_with_what_is_known_of_the_client_and_the_day() {
    let questionnaire = json!({ "item": [
        { "linkId": "name", "type": "string", "extension": [sdc("initialExpression", "%patient.name.first().given.first()")] },
        { "linkId": "today", "type": "date", "extension": [sdc("initialExpression", "today()")] },
        { "linkId": "sex", "type": "choice", "extension": [sdc("initialExpression", "%patient.gender")],
          "answerOption": [{ "valueCoding": { "code": "female", "display": "Woman" } }] },
        { "linkId": "unknown", "type": "string", "extension": [sdc("initialExpression", "%encounter.id")] },
    ] });
    let setting = || {
        Setting::new()
            .at(forms::DateTime::parse("2026-11-23T23:30:00-05:00").unwrap())
            .with(
                "patient",
                json!({ "resourceType": "Patient", "gender": "female", "name": [{ "given": ["Amber"] }] }),
            )
    };
    let mut form = Form::open_in(&questionnaire, setting()).unwrap();
    let answers =
        |form: &Form| ["name", "today", "sex", "unknown"].map(|link_id| item(form, link_id).text_answer());
    assert_eq!(answers(&form), ["Amber", "2026-11-23", "Woman", ""]);
    assert_eq!(form.not_supported().len(), 1);
    // What the user has taken out does not come back.
    type_in(&mut form, "name", "");
    let response = form.response(Status::InProgress);
    let again = Form::resume_in(&questionnaire, &response, &Value::Null, setting()).unwrap();
    assert_eq!(item(&again, "name").text_answer(), "");
}

#[test]
fn a_rule_of_the_form_is_checked_and_told_in_its_own_words() {
    let questionnaire = json!({
        "extension": [rule("warning", "Nothing at all?", "item.answer.exists()")],
        "item": [
            { "linkId": "low", "type": "integer", "extension": [rule("error", "Lower than the upper one, please.",
                "answer.value < %resource.item.where(linkId = 'high').answer.value")] },
            { "linkId": "high", "type": "integer", "extension": [rule("warning", "Rather high.", "answer.value < 200")] },
        ] });
    let mut form = Form::open(&questionnaire).unwrap();
    let told = |form: &Form| -> Vec<(Severity, String)> {
        let all = form.problems().into_iter().chain(form.warnings());
        all.inspect(|problem| assert_eq!(problem.rule, Rule::Invariant))
            .map(|problem| (problem.severity, problem.message))
            .collect()
    };
    let warning = |words: &str| (Severity::Warning, words.to_owned());
    assert_eq!(told(&form), [warning("Nothing at all?")]);
    type_in(&mut form, "low", "150");
    assert_eq!(told(&form), [], "nothing to compare with yet");
    type_in(&mut form, "high", "120");
    assert_eq!(
        told(&form),
        [(Severity::Error, "Lower than the upper one, please.".to_owned())]
    );
    type_in(&mut form, "high", "220");
    assert_eq!(told(&form), [warning("Rather high.")]);
}

#[test]
fn words_and_lists_of_answers_follow_the_answers() {
    let option = |code: &str| json!({ "valueCoding": { "code": code, "display": code } });
    let toggle = json!({ "url": format!("{SDC}answerOptionsToggleExpression"), "extension": [
        { "url": "option", "valueCoding": { "code": "wine" } },
        { "url": "expression", "valueExpression": { "language": "text/fhirpath", "expression": "%resource.item.where(linkId = 'age').answer.value >= 18" } } ] });
    let mut form = open(json!([
        { "linkId": "age", "type": "integer" },
        { "linkId": "words", "type": "display", "text": "Hello", "_text": { "extension": [expression(format!("{FHIR}cqf-expression"),
            "'You are ' & %resource.item.where(linkId = 'age').answer.value.toString()")] } },
        { "linkId": "drink", "type": "choice", "answerOption": [option("tea"), option("wine")], "extension": [toggle] },
        { "linkId": "names", "type": "string", "repeats": true },
        { "linkId": "favourite", "type": "choice", "extension": [sdc("answerExpression", "%resource.item.where(linkId = 'names').answer.value")] },
    ]));
    let options = |form: &Form, link_id: &str| -> Vec<String> {
        let options = item(form, link_id).options.iter();
        options.map(|option| option.display.clone()).collect()
    };
    type_in(&mut form, "age", "12");
    assert_eq!(item(&form, "words").text, "You are 12");
    assert_eq!(options(&form, "drink"), ["tea"]);
    type_in(&mut form, "age", "70");
    assert_eq!(options(&form, "drink"), ["tea", "wine"]);
    let names = form.find("names").unwrap();
    let both = ["Ann", "Bo"].map(|name| Answer::String(name.to_owned())).to_vec();
    let changes = form.answer(names, both).unwrap();
    assert_eq!(options(&form, "favourite"), ["Ann", "Bo"]);
    assert!(changes.of(form.find("favourite").unwrap()).unwrap().wording);
    // What was chosen and is offered no more is kept and marked.
    let drink = form.find("drink").unwrap();
    let wine = form.item(drink).options[1].answer.clone();
    form.answer(drink, vec![wine]).unwrap();
    type_in(&mut form, "age", "12");
    assert_eq!(form.problems()[0].rule, Rule::AnswerOption);
}

#[test]
fn what_reads_itself_has_one_meaning_whatever_came_first() {
    // A percentage of everything that is answered counts itself, and a text follows it.
    let questionnaire = json!({ "item": [
        { "linkId": "a", "type": "string" }, { "linkId": "b", "type": "string" },
        { "linkId": "answered", "type": "integer", "readOnly": true,
          "extension": [sdc("calculatedExpression", "%resource.descendants().where(answer.exists()).count()")] },
        { "linkId": "enough", "type": "display", "extension": [sdc("enableWhenExpression", "%resource.item.where(linkId = 'answered').answer.value >= 2")] },
    ] });
    let mut form = Form::open(&questionnaire).unwrap();
    for (link_id, text, count, enough) in [
        ("a", "x", "1", false),
        ("b", "y", "2", true),
        ("a", "", "1", false),
    ] {
        type_in(&mut form, link_id, text);
        assert_eq!(
            (
                item(&form, "answered").text_answer().as_str(),
                item(&form, "enough").enabled
            ),
            (count, enough)
        );
    }
    // Two calculations that name each other are left to the user.
    let other = |name: &str| {
        sdc(
            "calculatedExpression",
            &format!("%resource.item.where(linkId = '{name}').answer.value + 1"),
        )
    };
    let mut form = open(json!([
        { "linkId": "a", "type": "integer", "readOnly": true, "extension": [other("b")] },
        { "linkId": "b", "type": "integer", "extension": [other("a")] },
    ]));
    assert_eq!(form.not_supported().len(), 2);
    type_in(&mut form, "a", "1");
    assert_eq!(item(&form, "b").text_answer(), "");
}

#[test]
fn hostile_expressions_end_soon_and_say_so() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let long = "1 + ".repeat(2_500_000) + "1";
    let grows = "'aaaaaaaa'.select($this & $this & $this).repeat($this & $this)";
    let regex = "('a'.replaceMatches('(a*)*b', 'x') & 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').matches('(a+)+$')";
    let everything =
        "%resource.descendants().select(%resource.descendants().select(%resource.descendants())).count()";
    for text in [deep.as_str(), &long, grows, regex, everything] {
        let mut form = open(json!([
            { "linkId": "q", "type": "string" },
            { "linkId": "c", "type": "string", "extension": [sdc("calculatedExpression", text)] },
        ]));
        type_in(&mut form, "q", "x");
        assert!(form.item(form.find("q").unwrap()).enabled);
    }
}
