//! The instruments in `forms/` beside their published scoring: answers, total, band. A wrong score is the worst bug
//! there is. `samples.rs` has the PHQ-9.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

use forms::{Answer, Form, Status};
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

struct Instrument {
    form: Form,
    questions: Vec<String>,
    total: &'static str,
}

impl Instrument {
    /// The questions are those with scored answers, in their order.
    fn open(text: &str, total: &'static str) -> Self {
        let questionnaire: Value = serde_json::from_str(text).unwrap();
        let form = Form::open(&questionnaire).unwrap();
        assert_eq!(form.not_supported(), []);
        assert!(form.find(total).is_some());
        let scored = form
            .items()
            .filter(|item| item.options.iter().any(|option| option.score.is_some()));
        let questions = scored.map(|item| item.link_id.to_owned()).collect();
        Self {
            form,
            questions,
            total,
        }
    }

    fn choose(&mut self, question: usize, place: usize) {
        let id = self.form.find(&self.questions[question]).unwrap();
        let answer = self.form.item(id).options[place].answer.clone();
        self.form.answer(id, vec![answer]).unwrap();
    }

    fn total(&self) -> String {
        self.form.item(self.form.find(self.total).unwrap()).text_answer()
    }

    fn bands(&self) -> Vec<String> {
        let shown = self
            .form
            .items()
            .filter(|item| item.shown() && item.category == Some("band"));
        let shown: Vec<String> = shown.map(|item| item.link_id.to_owned()).collect();
        // The total knows its own, and nothing else says so.
        let total = self.form.find(self.total).unwrap();
        let told = self.form.band(total);
        let told = told.map(|band| self.form.item(band.item).link_id.to_owned());
        assert_eq!(told.into_iter().collect::<Vec<_>>(), shown);
        shown
    }

    /// Answers all questions by the places of their options; no band is told before the last.
    fn answered(text: &str, total: &'static str, places: &[usize]) -> Self {
        let mut instrument = Self::open(text, total);
        assert_eq!(instrument.questions.len(), places.len());
        assert_eq!(instrument.total(), "", "nothing is scored yet");
        for (question, place) in places.iter().enumerate() {
            assert_eq!(
                instrument.bands(),
                Vec::<String>::new(),
                "no band before the last answer"
            );
            instrument.choose(question, *place);
        }
        assert_eq!(instrument.form.problems(), []);
        instrument
    }
}

fn check(text: &str, total: &'static str, table: &[(&[usize], &str, &str)]) {
    for (places, sum, band) in table {
        let instrument = Instrument::answered(text, total, places);
        assert_eq!(instrument.total(), *sum, "{places:?}");
        assert_eq!(instrument.bands(), [*band], "{places:?}");
        // What goes out says the same, and opens as the same.
        let questionnaire: Value = serde_json::from_str(text).unwrap();
        let response = instrument.form.response(Status::Completed);
        let again = Form::resume(&questionnaire, &response, &instrument.form.set_aside()).unwrap();
        assert_eq!(again.item(again.find(total).unwrap()).text_answer(), *sum);
        // Taking one answer back takes its band back.
        let mut form = again;
        let first = form.find(&instrument.questions[0]).unwrap();
        form.answer(first, vec![]).unwrap();
        assert!(
            !form
                .items()
                .any(|item| item.shown() && item.category == Some("band"))
        );
    }
}

/// Spitzer et al., Archives of Internal Medicine 2006;166:1092-1097: 5, 10 and 15 are the cut points for mild,
/// moderate and severe anxiety.
#[test]
fn gad_7() {
    let text = include_str!("../../../forms/gad-7.json");
    check(
        text,
        "/70274-6",
        &[
            (&[0, 0, 0, 0, 0, 0, 0], "0", "severity-minimal"),
            (&[1, 1, 1, 1, 0, 0, 0], "4", "severity-minimal"),
            (&[1, 1, 1, 1, 1, 0, 0], "5", "severity-mild"),
            (&[3, 3, 3, 0, 0, 0, 0], "9", "severity-mild"),
            (&[3, 3, 3, 1, 0, 0, 0], "10", "severity-moderate"),
            (&[2, 2, 2, 2, 2, 2, 2], "14", "severity-moderate"),
            (&[3, 2, 2, 2, 2, 2, 2], "15", "severity-severe"),
            (&[3, 3, 3, 3, 3, 3, 3], "21", "severity-severe"),
        ],
    );
    // The question about difficulty is asked where there is anything, and is not part of the total.
    let mut calm = Instrument::answered(text, "/70274-6", &[0; 7]);
    let difficulty = calm.form.find("/69722-7").unwrap();
    assert!(!calm.form.item(difficulty).shown());
    calm.choose(0, 1);
    assert!(calm.form.item(difficulty).shown());
    let extreme = calm.form.item(difficulty).options[3].answer.clone();
    calm.form.answer(difficulty, vec![extreme]).unwrap();
    assert_eq!(calm.total(), "1");
}

/// Katz, Downs, Cash and Grotz, The Gerontologist 1970;10:20-30: a point for each of six activities that is done
/// independently. Shelkey and Wallace: 6 is full function, 4 moderate impairment, 2 or less severe impairment.
#[test]
fn katz_adl() {
    let text = include_str!("../../../forms/katz-adl.json");
    check(
        text,
        "katz-total",
        &[
            (&[0, 0, 0, 0, 0, 0], "6", "katz-full"),
            (&[1, 0, 0, 0, 0, 0], "5", "katz-moderate"),
            (&[1, 1, 0, 0, 0, 0], "4", "katz-moderate"),
            (&[1, 1, 1, 0, 0, 0], "3", "katz-moderate"),
            (&[1, 1, 1, 1, 0, 0], "2", "katz-severe"),
            (&[1, 1, 1, 1, 1, 0], "1", "katz-severe"),
            (&[1, 1, 1, 1, 1, 1], "0", "katz-severe"),
        ],
    );
}

/// Lawton and Brody, The Gerontologist 1969;9:179-186: which levels of each activity count.
#[test]
fn lawton_iadl() {
    let text = include_str!("../../../forms/lawton-iadl.json");
    check(
        text,
        "iadl-total",
        &[
            (&[0, 0, 0, 0, 0, 0, 0, 0], "8", "iadl-band-independent"),
            // The least that counts in each.
            (&[2, 0, 0, 3, 1, 2, 0, 1], "8", "iadl-band-independent"),
            (&[2, 1, 0, 3, 1, 2, 0, 1], "7", "iadl-band-some"),
            // The most that does not.
            (&[3, 1, 1, 4, 2, 3, 1, 2], "0", "iadl-band-all"),
            (&[3, 3, 3, 4, 2, 4, 2, 2], "0", "iadl-band-all"),
            (&[3, 2, 2, 4, 2, 4, 2, 1], "1", "iadl-band-some"),
        ],
    );
}

/// Pfeiffer, Journal of the American Geriatrics Society 1975;23:433-441: 0 to 2 errors intact, 3 to 4 mild, 5 to 7
/// moderate, 8 to 10 severe; one error more is allowed after grade school only, one less beyond high school. The last
/// place is schooling: primary, secondary, beyond.
#[test]
fn mental_status() {
    let text = include_str!("../../../forms/mental-status.json");
    let wrong = |errors: usize, schooling: usize| -> Vec<usize> {
        let mut places: Vec<usize> = (0..10).map(|question| usize::from(question < errors)).collect();
        places.push(schooling);
        places
    };
    for (errors, schooling, adjusted, band) in [
        (0, 1, "0", "ms-intact"),
        (2, 1, "2", "ms-intact"),
        (3, 1, "3", "ms-mild"),
        (4, 1, "4", "ms-mild"),
        (5, 1, "5", "ms-moderate"),
        (7, 1, "7", "ms-moderate"),
        (8, 1, "8", "ms-severe"),
        (10, 1, "10", "ms-severe"),
        (3, 0, "2", "ms-intact"),
        (5, 0, "4", "ms-mild"),
        (8, 0, "7", "ms-moderate"),
        (2, 2, "3", "ms-mild"),
        (4, 2, "5", "ms-moderate"),
        (7, 2, "8", "ms-severe"),
        (0, 0, "0", "ms-intact"),
        (10, 2, "11", "ms-severe"),
    ] {
        check(
            text,
            "ms-adjusted",
            &[(&wrong(errors, schooling), adjusted, band)],
        );
        let instrument = Instrument::answered(text, "ms-adjusted", &wrong(errors, schooling));
        let counted = instrument.form.item(instrument.form.find("ms-errors").unwrap());
        assert_eq!(counted.text_answer(), errors.to_string());
    }
    // Counting backward is one answer: right where the whole row is.
    let instrument = Instrument::open(text, "ms-adjusted");
    let backward = instrument.form.item(instrument.form.find("ms-backward").unwrap());
    assert_eq!(
        backward.help,
        Some("Right where the whole row is: 17, 14, 11, 8, 5, 2.")
    );
}

/// Morse, Morse and Tylko, Canadian Journal on Aging 1989;8:366-377, with the sample levels published with the scale: 0
/// to 24, 25 to 50, 51 and more.
#[test]
fn morse_fall_scale() {
    let text = include_str!("../../../forms/morse-fall-scale.json");
    check(
        text,
        "/59460-6",
        &[
            (&[0, 0, 0, 0, 0, 0], "0", "morse-none"),
            (&[0, 0, 0, 1, 0, 0], "20", "morse-none"),
            (&[1, 0, 0, 0, 0, 0], "25", "morse-low"),
            (&[0, 1, 1, 1, 0, 0], "50", "morse-low"),
            (&[1, 1, 1, 0, 0, 0], "55", "morse-high"),
            (&[0, 0, 2, 0, 2, 0], "50", "morse-low"),
            (&[0, 0, 2, 0, 1, 1], "55", "morse-high"),
            (&[1, 1, 2, 1, 2, 1], "125", "morse-high"),
        ],
    );
}

#[test]
fn no_total_is_written_by_hand() {
    for (text, total) in [
        (include_str!("../../../forms/gad-7.json"), "/70274-6"),
        (include_str!("../../../forms/katz-adl.json"), "katz-total"),
        (include_str!("../../../forms/lawton-iadl.json"), "iadl-total"),
        (include_str!("../../../forms/mental-status.json"), "ms-adjusted"),
        (include_str!("../../../forms/morse-fall-scale.json"), "/59460-6"),
    ] {
        let mut instrument = Instrument::open(text, total);
        let id = instrument.form.find(total).unwrap();
        assert!(instrument.form.answer(id, vec![Answer::Integer(1)]).is_err());
    }
}
