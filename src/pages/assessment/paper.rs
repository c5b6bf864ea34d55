//! What of an assessment goes on paper, and in which order: what applies, with its answers, totals, notes and the rules that were
//! left as they are. Pure; [`print`](super::print) draws it.

use forms::{Answer, Form, ItemId, ItemView, Kind};

use crate::form::{named_by_answer, picture_address, problem_words};
use crate::language::{sentence, tr};

/// How an answer to a question is written.
pub type Words = fn(&ItemView<'_>, &Answer) -> String;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    pub parts: Vec<Part>,
    pub waived: Vec<Left>,
}

/// A section of the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub title: String,
    pub entries: Vec<Entry>,
    /// Questions that nobody had to answer, and nobody did.
    pub open: Vec<String>,
    pub note: String,
}

/// So many letters fit into half the width of a page, which is an answer's.
const COLUMN: usize = 40;
/// A section of no more lines than this is kept on one page.
const SHORT: usize = 24;

impl Part {
    /// Whether it is short enough to be kept on one page; a longer one would leave half a page empty before it.
    pub fn is_short(&self) -> bool {
        let lines = |text: &str, width: usize| {
            let count = |line: &str| line.chars().count().div_ceil(width).max(1);
            text.lines().map(count).sum::<usize>().max(1)
        };
        let entries = self.entries.iter().map(|entry| match entry {
            Entry::Title(words) | Entry::Words(words) => lines(words, 2 * COLUMN),
            Entry::Missing(question) => lines(question, COLUMN),
            Entry::Total { .. } => 3,
            Entry::Answer {
                question, answers, ..
            } => {
                let answered = answers.iter().map(|given| match given {
                    Given::Words(words) => lines(words, COLUMN),
                    Given::Picture { .. } => SHORT,
                });
                lines(question, COLUMN).max(answered.sum())
            }
        });
        let beside = lines(&self.open.join(" · "), 2 * COLUMN) + lines(&self.note, 2 * COLUMN);
        entries.sum::<usize>() + beside <= SHORT
    }
}

impl Entry {
    /// Whether an answer wants the whole width, below its question.
    pub fn is_long(&self) -> bool {
        let long = |given: &Given| matches!(given, Given::Words(words) if words.chars().count() > 4 * COLUMN);
        matches!(self, Self::Answer { answers, .. } if answers.iter().any(long))
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// What follows belongs together.
    Title(String),
    Words(String),
    Answer {
        question: String,
        answers: Vec<Given>,
        /// The FHIR date of the assessment that it was taken over from.
        taken: Option<String>,
        /// What is wrong with it.
        problem: Option<String>,
    },
    /// An answer is still needed.
    Missing(String),
    Total {
        name: String,
        /// Empty while nothing is answered that counts.
        number: String,
        answered: usize,
        of: usize,
        band: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    Words(String),
    /// With an address that holds the picture itself.
    Picture {
        name: String,
        data: String,
    },
}

/// A rule of the form that was left as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    pub rule: String,
    pub reason: String,
    pub by: String,
    /// A FHIR dateTime.
    pub at: String,
}

pub fn paper(form: &Form, words: Words) -> Paper {
    let parts = form.applying().map(|section| {
        let mut part = Part {
            title: section.title.clone(),
            note: form.note(section.id).trim().to_owned(),
            ..Part::default()
        };
        for item in &section.items {
            add(form, *item, words, &mut part);
        }
        part
    });
    let waivers = form.waivers().into_iter();
    let waived = waivers.map(|(problem, waiver)| Left {
        rule: problem_words(form, &problem),
        reason: waiver.reason,
        by: waiver.by,
        at: waiver.at,
    });
    Paper {
        parts: parts.collect(),
        waived: waived.collect(),
    }
}

fn add(form: &Form, id: ItemId, words: Words, part: &mut Part) {
    let item = form.item(id);
    if !item.shown() || form.is_band(id) {
        return;
    }
    let title = part.entries.len();
    match item.kind {
        Kind::Group => part.entries.extend(named(form, &item).map(Entry::Title)),
        Kind::Display => {
            let words = item.text.trim();
            part.entries
                .extend((!words.is_empty()).then(|| Entry::Words(words.to_owned())));
        }
        // What is asked below an answer is told with it.
        Kind::Below => {}
        _ => question(form, &item, words, part),
    }
    let begun = part.entries.len();
    item.children
        .iter()
        .for_each(|child| add(form, child, words, part));
    // A title over nothing tells nothing.
    if item.kind == Kind::Group && part.entries.len() == begun {
        part.entries.truncate(title);
    }
}

fn question(form: &Form, item: &ItemView<'_>, words: Words, part: &mut Part) {
    let name = called(form, item);
    if let Some(tally) = item.total {
        return part.entries.push(Entry::Total {
            name,
            number: item.text_answer(),
            answered: tally.answered,
            of: tally.of,
            band: form.band(item.id).map(|band| band.words),
        });
    }
    if item.answers.is_empty() {
        match item.required && !item.read_only {
            true => part.entries.push(Entry::Missing(name)),
            false => part.open.push(name),
        }
        return;
    }
    let mut problems = item.problems.iter();
    part.entries.push(Entry::Answer {
        question: name,
        answers: item
            .answers
            .iter()
            .map(|answer| given(item, answer, words))
            .collect(),
        taken: form.taken(item.id).map(|origin| origin.when),
        problem: problems
            .find(|problem| problem.severity == forms::Severity::Error)
            .map(|problem| sentence(&problem.sentence)),
    });
}

/// An item's name, with what the form puts in front of it, and the answer below which it is asked.
pub(super) fn called(form: &Form, item: &ItemView<'_>) -> String {
    let name = match item.prefix {
        Some(prefix) => format!("{prefix} {}", item.name),
        None => item.name.to_owned(),
    };
    named_by_answer(form, item.id, &name)
}

/// The title of a group; of one that is there several times also which of them it is.
fn named(form: &Form, item: &ItemView<'_>) -> Option<String> {
    let name = match item.text {
        "" => item.prefix.unwrap_or_default().to_owned(),
        _ => called(form, item),
    };
    let (place, count) = if item.repeats {
        form.place_of(item.id)
    } else {
        (0, 1)
    };
    match (name.trim().is_empty(), count > 1) {
        (true, false) => None,
        (true, true) => Some(tr!("{number} of {all}", number = place + 1, all = count)),
        (false, false) => Some(name),
        (false, true) => Some(tr!(
            "{name} ({number} of {all})",
            name,
            number = place + 1,
            all = count
        )),
    }
}

fn given(item: &ItemView<'_>, answer: &Answer, words: Words) -> Given {
    let name = words(item, answer);
    match picture_address(answer) {
        Some(data) => Given::Picture { name, data },
        None => Given::Words(name),
    }
}

/// As a string of CSS.
pub fn css_string(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|letter| match letter {
            '"' | '\\' | '<' => format!("\\{:x} ", u32::from(letter)),
            letter if letter.is_control() => " ".to_owned(),
            letter => letter.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn plain(item: &ItemView<'_>, answer: &Answer) -> String {
        item.words(answer)
    }

    fn of(items: Value, answers: Value) -> Part {
        let questionnaire = json!({ "title": "Sample", "item": items });
        let response = json!({ "resourceType": "QuestionnaireResponse", "item": answers });
        let form = Form::resume(&questionnaire, &response, &Value::Null).unwrap();
        paper(&form, plain).parts.remove(0)
    }

    fn answer(question: &str, answers: &[&str]) -> Entry {
        Entry::Answer {
            question: question.to_owned(),
            answers: answers
                .iter()
                .map(|words| Given::Words((*words).to_owned()))
                .collect(),
            taken: None,
            problem: None,
        }
    }

    #[test]
    fn what_applies_is_told_and_what_was_left_open_is_told_in_a_line() {
        let items = json!([
            { "linkId": "w", "type": "display", "text": "Read this out." },
            { "linkId": "a", "prefix": "1.", "type": "boolean", "text": "Any pain?", "required": true },
            { "linkId": "b", "type": "string", "text": "Where?", "enableWhen": [{ "question": "a", "operator": "=", "answerBoolean": true }] },
            { "linkId": "c", "type": "string", "text": "By whom?", "repeats": true },
            { "linkId": "d", "type": "string", "text": "Why?" },
            { "linkId": "e", "type": "string", "text": "Since when?", "required": true },
            { "linkId": "h", "type": "string", "text": "Secret", "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": true }] },
        ]);
        let answers = json!([
            { "linkId": "a", "answer": [{ "valueBoolean": false }] },
            { "linkId": "c", "answer": [{ "valueString": "x" }, { "valueString": "y" }] },
            { "linkId": "h", "answer": [{ "valueString": "z" }] },
        ]);
        let part = of(items, answers);
        assert_eq!(
            part.entries,
            [
                Entry::Words("Read this out.".into()),
                answer("1. Any pain?", &["No"]),
                answer("By whom?", &["x", "y"]),
                Entry::Missing("Since when?".into()),
            ]
        );
        assert_eq!(
            (part.title.as_str(), part.open),
            ("Sample", vec!["Why?".to_owned()])
        );
    }

    #[test]
    fn a_group_is_told_with_its_name_as_often_as_it_is_there_and_not_when_it_is_empty() {
        let items = json!([
            { "linkId": "top", "type": "group", "text": "Medicines", "item": [
                { "linkId": "any", "type": "boolean", "text": "Any?" },
                { "linkId": "g", "type": "group", "text": "Medicine", "repeats": true, "item": [{ "linkId": "n", "type": "string", "text": "Name" }] },
                { "linkId": "empty", "type": "group", "text": "Nothing here", "item": [{ "linkId": "o", "type": "string", "text": "Other" }] } ] },
        ]);
        let one = |name: &str| json!({ "linkId": "g", "item": [{ "linkId": "n", "answer": [{ "valueString": name }] }] });
        let part = of(
            items,
            json!([{ "linkId": "top", "item": [one("Aspirin"), one("Insulin")] }]),
        );
        assert_eq!(part.title, "Medicines");
        assert_eq!(
            part.entries,
            [
                Entry::Title("Medicine (1 of 2)".into()),
                answer("Name", &["Aspirin"]),
                Entry::Title("Medicine (2 of 2)".into()),
                answer("Name", &["Insulin"]),
            ]
        );
        assert_eq!(part.open, ["Any?", "Other"]);
    }

    #[test]
    fn what_is_asked_below_one_of_several_answers_is_told_with_that_answer() {
        let items = json!([{ "linkId": "aid", "type": "string", "text": "Aids", "repeats": true, "item": [
            { "linkId": "years", "type": "integer", "text": "For how many years?" },
            { "linkId": "why", "type": "string", "text": "Why?", "required": true } ] }]);
        let years = json!([{ "linkId": "years", "answer": [{ "valueInteger": 3 }] }]);
        let part = of(
            items,
            json!([{ "linkId": "aid", "answer": [{ "valueString": "Stick", "item": years }, { "valueString": "Walker" }] }]),
        );
        assert_eq!(
            part.entries,
            [
                answer("Aids", &["Stick", "Walker"]),
                answer("Stick: For how many years?", &["3"]),
                Entry::Missing("Stick: Why?".into()),
                Entry::Missing("Walker: Why?".into()),
            ]
        );
        assert_eq!(part.open, ["Walker: For how many years?"]);
    }

    #[test]
    fn a_total_is_told_with_its_band_and_a_picture_is_shown() {
        let questionnaire: Value = serde_json::from_str(include_str!("../../../forms/gad-7.json")).unwrap();
        let mut form = Form::open(&questionnaire).unwrap();
        let asked: Vec<ItemId> = form
            .items()
            .filter(|item| item.options.len() == 4)
            .map(|item| item.id)
            .collect();
        let total = |form: &Form| {
            let mut parts = paper(form, plain).parts;
            parts
                .remove(0)
                .entries
                .into_iter()
                .find(|entry| matches!(entry, Entry::Total { .. }))
        };
        let told = |number: &str, answered, band: Option<&str>| {
            Some(Entry::Total {
                name: "Total score".into(),
                number: number.into(),
                answered,
                of: 7,
                band: band.map(str::to_owned),
            })
        };
        assert_eq!(total(&form), told("", 0, None));
        for (count, item) in asked.iter().take(7).enumerate() {
            assert_eq!(
                total(&form),
                told(
                    &if count == 0 {
                        String::new()
                    } else {
                        count.to_string()
                    },
                    count,
                    None
                )
            );
            let answer = form.item(*item).options[1].answer.clone();
            form.answer(*item, vec![answer]).unwrap();
        }
        assert_eq!(total(&form), told("7", 7, Some("Mild anxiety (5 to 9)")));

        let file = |kind: &str, data: &str| json!([{ "linkId": "f", "answer": [{ "valueAttachment": { "title": "Wound", "contentType": kind, "data": data } }] }]);
        for (kind, data, shown) in [
            ("image/png", "aGk=", Some("data:image/png;base64,aGk=")),
            ("image/svg+xml", "aGk=", None),
            ("image/png", "\" onload", None),
            ("application/pdf", "aGk=", None),
        ] {
            let part = of(
                json!([{ "linkId": "f", "type": "attachment", "text": "Photo" }]),
                file(kind, data),
            );
            let Entry::Answer { answers, .. } = &part.entries[0] else {
                panic!("{part:?}")
            };
            let expected = match shown {
                Some(data) => Given::Picture {
                    name: "Wound".into(),
                    data: data.into(),
                },
                None => Given::Words("Wound".into()),
            };
            assert_eq!(answers, &[expected], "{kind}");
        }
    }

    #[test]
    fn a_section_is_kept_together_unless_it_is_long() {
        let long = "word ".repeat(100);
        for (entries, note, short) in [
            (vec![answer("Any pain?", &["No"]); 10], "", true),
            (vec![answer("Any pain?", &["No"]); 30], "", false),
            (vec![answer("Why?", &[&long.repeat(3)])], "", false),
            (vec![answer("Why?", &["x"])], &*long.repeat(5), false),
            (vec![answer("Why?", &["a\nb"])], "a note", true),
        ] {
            let part = Part {
                entries,
                note: note.to_owned(),
                ..Part::default()
            };
            assert_eq!(part.is_short(), short, "{part:?}");
        }
        assert!(answer("Why?", &[&long]).is_long());
        assert!(!answer("Why?", &["short"]).is_long());
    }

    #[test]
    fn notes_and_what_was_taken_over_are_told() {
        let questionnaire =
            json!({ "title": "Sample", "item": [{ "linkId": "a", "type": "integer", "text": "How many?" }] });
        let mut form = Form::open(&questionnaire).unwrap();
        let (a, section) = (form.find("a").unwrap(), form.sections()[0].id);
        let origin = forms::Origin {
            from: "urn:uuid:1".into(),
            when: "2026-11-03T09:00:00Z".into(),
        };
        form.take(a, vec![Answer::Integer(2)], &origin).unwrap();
        form.write_note(section, " He was tired.\n");
        let part = paper(&form, plain).parts.remove(0);
        assert_eq!(part.note, "He was tired.");
        assert!(
            matches!(&part.entries[0], Entry::Answer { taken: Some(when), .. } if when.starts_with("2026-11-03"))
        );
    }

    #[test]
    fn a_name_at_the_foot_of_a_page_is_only_a_name() {
        for (text, css) in [
            ("Testcase Amber", "\"Testcase Amber\""),
            ("O\"Neil\\", "\"O\\22 Neil\\5c \""),
            ("a\nb", "\"a b\""),
        ] {
            assert_eq!(css_string(text), css);
        }
    }
}
