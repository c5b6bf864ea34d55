//! The instruments in `forms/`: they open whole, and their totals are right. A wrong score is the worst bug there is.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Decimal, Form, Kind, Status, Tally};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const PHQ_9: &str = include_str!("../../../forms/phq-9.json");
const INTAKE: &str = include_str!("../../../forms/home-care-intake.json");

/// The nine, in the order of the instrument.
const PHQ_QUESTIONS: [&str; 9] = [
    "/44250-9", "/44255-8", "/44259-0", "/44254-1", "/44251-7", "/44258-2", "/44252-5", "/44253-3",
    "/44260-8",
];

fn open(text: &str) -> Form {
    Form::open(&serde_json::from_str(text).unwrap()).unwrap()
}

fn choose(form: &mut Form, link_id: &str, places: &[usize]) {
    let id = form.find(link_id).unwrap();
    let answers = places
        .iter()
        .map(|place| form.item(id).options[*place].answer.clone())
        .collect();
    form.answer(id, answers).unwrap();
}

fn type_in(form: &mut Form, link_id: &str, text: &str) {
    let id = form.find(link_id).unwrap();
    let answers = form.item(id).read(text);
    form.answer(id, answers).unwrap();
}

/// The link ids of all texts of this category that are shown now.
fn shown(form: &Form, category: &str) -> Vec<String> {
    let items = form
        .items()
        .filter(|item| item.shown() && item.category == Some(category));
    items.map(|item| item.link_id.to_owned()).collect()
}

fn total(form: &Form, link_id: &str) -> Option<Decimal> {
    form.item(form.find(link_id).unwrap())
        .answers
        .first()
        .and_then(Answer::number)
}

#[test]
fn both_open_with_everything_they_ask_for() {
    for (text, sections, questions) in [(PHQ_9, 1, 11), (INTAKE, 8, 51)] {
        let form = open(text);
        assert_eq!(form.not_supported(), []);
        assert_eq!(form.sections().len(), sections);
        assert_eq!(
            form.items().filter(|item| item.kind.is_question()).count(),
            questions
        );
        assert!(form.url().unwrap().starts_with("https://forms.example.org/"));
        assert_eq!(form.version(), Some("1.0"));
    }
}

#[test]
fn the_phq_9_total_and_its_band_follow_the_instrument() {
    for (answers, sum, band) in [
        ([0, 0, 0, 0, 0, 0, 0, 0, 0], 0, "severity-minimal"),
        ([1, 1, 1, 1, 0, 0, 0, 0, 0], 4, "severity-minimal"),
        ([1, 1, 1, 1, 1, 0, 0, 0, 0], 5, "severity-mild"),
        ([1, 1, 1, 1, 1, 1, 1, 1, 1], 9, "severity-mild"),
        ([2, 1, 1, 1, 1, 1, 1, 1, 1], 10, "severity-moderate"),
        ([3, 3, 3, 3, 2, 0, 0, 0, 0], 14, "severity-moderate"),
        ([3, 3, 3, 3, 3, 0, 0, 0, 0], 15, "severity-moderately-severe"),
        ([3, 3, 2, 2, 2, 2, 2, 2, 1], 19, "severity-moderately-severe"),
        ([3, 3, 3, 2, 2, 2, 2, 2, 1], 20, "severity-severe"),
        ([3, 3, 3, 3, 3, 3, 3, 3, 3], 27, "severity-severe"),
    ] {
        let mut form = open(PHQ_9);
        for (link_id, score) in PHQ_QUESTIONS.iter().zip(answers) {
            assert!(shown(&form, "band").is_empty(), "no band before the last answer");
            choose(&mut form, link_id, &[score]);
        }
        assert_eq!(total(&form, "/44261-6"), Some(Decimal::from(sum)), "{answers:?}");
        assert_eq!(shown(&form, "band"), [band], "{answers:?}");
        assert_eq!(
            shown(&form, "safety").len(),
            usize::from(answers[8] > 0),
            "{answers:?}"
        );
        let difficulty = form.item(form.find("/69722-7").unwrap());
        assert_eq!(difficulty.shown(), sum > 0, "{answers:?}");
        assert!(form.problems().is_empty());
    }
}

#[test]
fn a_total_of_some_answers_says_that_it_is_not_whole() {
    let mut form = open(PHQ_9);
    let id = form.find("/44261-6").unwrap();
    assert_eq!(
        (total(&form, "/44261-6"), form.item(id).total),
        (None, Some(Tally { answered: 0, of: 9 }))
    );
    choose(&mut form, PHQ_QUESTIONS[0], &[0]);
    assert_eq!(total(&form, "/44261-6"), Some(Decimal::ZERO));
    choose(&mut form, PHQ_QUESTIONS[8], &[3]);
    assert_eq!(total(&form, "/44261-6"), Some(Decimal::from(3)));
    assert_eq!(form.item(id).total, Some(Tally { answered: 2, of: 9 }));
    // Taking an answer back takes its score back.
    choose(&mut form, PHQ_QUESTIONS[8], &[]);
    assert_eq!(total(&form, "/44261-6"), Some(Decimal::ZERO));
    assert!(
        form.answer(id, vec![Answer::Decimal(Decimal::from(27))]).is_err(),
        "nobody writes a total by hand"
    );
}

#[test]
fn the_phq_9_total_goes_out_with_its_code_and_the_answers_it_counts() {
    let mut form = open(PHQ_9);
    PHQ_QUESTIONS
        .iter()
        .for_each(|link_id| choose(&mut form, link_id, &[1]));
    let response = form.response(Status::Completed);
    assert_eq!(
        response["questionnaire"],
        "https://forms.example.org/Questionnaire/phq-9|1.0"
    );
    let items = response["item"].as_array().unwrap();
    assert_eq!(items[0]["answer"][0]["valueCoding"]["code"], "LA6569-3");
    let total = items.iter().find(|item| item["linkId"] == "/44261-6").unwrap();
    assert_eq!(total["answer"], json!([{ "valueDecimal": 9 }]));
}

#[test]
fn the_intakes_help_needed_follows_its_six_answers() {
    let six = [
        "adl-bathing",
        "adl-dressing",
        "adl-toilet",
        "adl-transfer",
        "adl-eating",
        "adl-walking",
    ];
    for (answers, sum, band, asks_who_helps) in [
        ([0, 0, 0, 0, 0, 0], 0, "adl-band-little", false),
        ([1, 1, 1, 1, 1, 0], 5, "adl-band-little", false),
        ([1, 1, 1, 1, 1, 1], 6, "adl-band-some", true),
        ([3, 3, 3, 2, 0, 0], 11, "adl-band-some", true),
        ([2, 2, 2, 2, 2, 2], 12, "adl-band-much", true),
        ([3, 3, 3, 3, 3, 3], 18, "adl-band-much", true),
    ] {
        let mut form = open(INTAKE);
        for (link_id, score) in six.iter().zip(answers) {
            choose(&mut form, link_id, &[score]);
        }
        assert_eq!(total(&form, "adl-total"), Some(Decimal::from(sum)), "{answers:?}");
        assert_eq!(shown(&form, "band"), [band], "{answers:?}");
        assert_eq!(
            form.item(form.find("adl-helper").unwrap()).shown(),
            asks_who_helps,
            "{answers:?}"
        );
    }
}

#[test]
fn a_whole_intake_can_be_finished_and_reopened() {
    let mut form = open(INTAKE);
    for (link_id, text) in [
        ("visit-date", "2026-11-23"),
        ("identity", "true"),
        ("interpreter", "true"),
        ("language", "Basque"),
        ("contact-name", "Testcase Willow"),
        ("contact-phone", "555 0100"),
        ("stairs", "true"),
        ("stairs-count", "24"),
        ("med-count", "3"),
        ("allergies", "false"),
        ("fell", "true"),
        ("falls", "2"),
        ("fall-injury", "true"),
        ("fall-injury-what", "A bruise."),
        ("weight", "61,5"),
        ("meals", "5"),
        ("safe", "true"),
        ("agrees", "true"),
        ("summary", "First visit.\nAll calm."),
        ("diet", "No nuts"),
        ("visit-arrival", "09:30"),
    ] {
        type_in(&mut form, link_id, text);
    }
    for (link_id, places) in [
        ("present", &[0, 5][..]),
        ("lives-with", &[0]),
        ("home", &[3]),
        ("hazards", &[1, 2]),
        ("adl-bathing", &[2]),
        ("adl-dressing", &[1]),
        ("adl-toilet", &[1]),
        ("adl-transfer", &[1]),
        ("adl-eating", &[0]),
        ("adl-walking", &[1]),
        ("adl-helper", &[0]),
        ("med-who", &[3]),
        ("med-missed", &[1]),
        ("weight-lost", &[1]),
        ("low", &[0]),
        ("services", &[0, 2]),
        ("fear", &[2]),
    ] {
        choose(&mut form, link_id, places);
    }
    let open_ends: Vec<_> = form
        .problems()
        .iter()
        .map(|p| form.item(p.item).link_id)
        .collect();
    assert_eq!(open_ends, ["present-other"]);
    type_in(&mut form, "present-other", "The landlady");
    assert_eq!(form.problems(), []);
    assert_eq!(shown(&form, "instructions"), ["falls-many"]);
    assert!(shown(&form, "safety").is_empty());

    let response = form.response(Status::Completed);
    assert_eq!(form.set_aside(), Value::Null);
    let again = Form::resume(&serde_json::from_str(INTAKE).unwrap(), &response, &Value::Null).unwrap();
    assert_eq!(again.response(Status::Completed), response);
    assert!(
        again
            .items()
            .zip(form.items())
            .all(|(left, right)| left.answers == right.answers)
    );
    let weight = again.item(again.find("weight").unwrap());
    assert_eq!(
        (weight.kind, weight.text_answer().as_str()),
        (Kind::Quantity, "61.5")
    );
}

/// Every text of the sample forms that a user meets: titles, questions, help, answers, rules.
#[test]
fn each_sample_form_is_in_spanish_to_the_last_word() {
    fn untranslated(value: &Value, found: &mut Vec<String>) {
        let Some(object) = value.as_object() else {
            value
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|each| untranslated(each, found));
            return;
        };
        let is_rule = object.get("url") == Some(&json!("human"));
        for (name, text) in object {
            let is_met = matches!(name.as_str(), "text" | "title") || name == "valueString" && is_rule;
            if is_met && object.get(&format!("_{name}")).is_none() {
                found.push(text.to_string());
            }
            // A unit is the same in both.
            let is_unit = text.get("system") == Some(&json!("http://unitsofmeasure.org"));
            if name == "valueCoding"
                && !is_unit
                && text.get("display").is_some()
                && text.get("_display").is_none()
            {
                found.push(text.to_string());
            }
            if !matches!(name.as_str(), "code" | "enableWhen" | "valueCoding") {
                untranslated(text, found);
            }
        }
    }
    for (name, text) in [
        (
            "every-kind-of-question",
            include_str!("../../../forms/every-kind-of-question.json"),
        ),
        ("gad-7", include_str!("../../../forms/gad-7.json")),
        ("home-care-intake", INTAKE),
        ("katz-adl", include_str!("../../../forms/katz-adl.json")),
        ("lawton-iadl", include_str!("../../../forms/lawton-iadl.json")),
        ("mental-status", include_str!("../../../forms/mental-status.json")),
        (
            "morse-fall-scale",
            include_str!("../../../forms/morse-fall-scale.json"),
        ),
        ("phq-9", PHQ_9),
    ] {
        let mut found = Vec::new();
        untranslated(&serde_json::from_str(text).unwrap(), &mut found);
        assert_eq!(found, Vec::<String>::new(), "{name}");
    }
    let setting = forms::Setting::new().in_language("es");
    let form = Form::open_in(&serde_json::from_str(PHQ_9).unwrap(), setting).unwrap();
    let first = form.item(form.find(PHQ_QUESTIONS[0]).unwrap());
    assert_eq!(
        (first.text, first.options[0].display.as_str()),
        ("Poco interés o placer en hacer cosas", "Ningún día")
    );
    // A picture is told in words too.
    let setting = forms::Setting::new().in_language("es");
    let every = include_str!("../../../forms/every-kind-of-question.json");
    let form = Form::open_in(&serde_json::from_str(every).unwrap(), setting).unwrap();
    let heel = form.item(form.find("heel").unwrap());
    let picture = heel.hints.and_then(|hints| hints.picture.as_ref());
    assert_eq!(picture.unwrap().title, "Un pie de lado, con el talón marcado");
    // So are the marked-up words, with the picture among them; and as much of a date is asked for as in English.
    let words = form.item(form.find("marked-up").unwrap()).hints.unwrap();
    let words = format!("{:?}", words.markup);
    assert!(
        words.contains("\"Una oreja\"") && words.contains("siéntese"),
        "{words}"
    );
    for (date, format) in [("month", "MM/YYYY"), ("year", "YYYY")] {
        assert_eq!(form.item(form.find(date).unwrap()).entry_format, Some(format));
    }
}
