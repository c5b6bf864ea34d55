//! Finding a question of the whole form by what is typed, and by what is open or wrong. Pure.

use forms::{Form, ItemId, ItemView, SectionId};

use super::ways::{drawn, is_open, is_wrong};
use crate::search::{Wanted, fold};

/// Which lines are wanted, whatever is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    #[default]
    All,
    Unanswered,
    Wrong,
}

/// An item that can be found. What is searched is folded once, so that a form of thousands of questions is searched with
/// each key.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub item: ItemId,
    pub section: SectionId,
    codes: Vec<String>,
    text: String,
    /// The text, and all that stands with it: options, help, answers, codes.
    whole: String,
    open: bool,
    wrong: bool,
}

/// Everything that can be found now, in the order of the form. `insist`: a missing answer is a problem.
pub fn lines(form: &Form, insist: bool) -> Vec<Line> {
    let line = |(section, id): (SectionId, ItemId)| {
        let item = form.item(id);
        let words = || item.prefix.into_iter().chain([item.text]);
        let said = item.kind.is_question() || words().any(|words| !words.is_empty());
        said.then(|| Line {
            item: id,
            section,
            codes: codes(&item).map(str::to_lowercase).collect(),
            text: folded(words()),
            whole: folded(
                words()
                    .chain(item.help)
                    .chain(item.options.iter().map(|option| option.display.as_str()))
                    .chain(
                        item.answers
                            .iter()
                            .map(ToString::to_string)
                            .collect::<Vec<_>>()
                            .iter()
                            .map(String::as_str),
                    )
                    .chain(codes(&item)),
            ),
            open: is_open(&item),
            wrong: is_wrong(&item, insist),
        })
    };
    drawn(form).into_iter().filter_map(line).collect()
}

fn codes<'a>(item: &ItemView<'a>) -> impl Iterator<Item = &'a str> {
    std::iter::once(item.link_id).chain(item.codes.iter().map(String::as_str))
}

fn folded<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(fold).collect();
    words.join(" ")
}

/// The lines that fit: first those of that very code, then those whose text has the words, then the others. Each kind in the
/// order of the form.
pub fn search<'l>(lines: &'l [Line], typed: &str, only: Only) -> Vec<&'l Line> {
    let wanted = Wanted::of(typed);
    let code = typed.trim().to_lowercase();
    let mut ranks = [const { Vec::new() }; 3];
    let fitting = lines.iter().filter(|line| match only {
        Only::All => true,
        Only::Unanswered => line.open,
        Only::Wrong => line.wrong,
    });
    for line in fitting {
        let rank = match () {
            () if line.codes.contains(&code) => 0,
            () if wanted.is_in(&line.text) => 1,
            () if wanted.is_in(&line.whole) => 2,
            () => continue,
        };
        ranks[rank].push(line);
    }
    ranks.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Answer;
    use serde_json::{Value, json};

    fn form() -> Form {
        let mut form = Form::open(&json!({ "resourceType": "Questionnaire", "item": [
            { "linkId": "1", "type": "group", "text": "Café and kitchen", "item": [
                { "linkId": "1.1", "type": "boolean", "text": "Cooks a meal alone?", "required": true,
                  "code": [{ "system": "http://loinc.org", "code": "44250-9" }] },
                { "linkId": "1.2", "type": "choice", "text": "Eats", "answerOption": [
                    { "valueString": "alone" }, { "valueString": "with a neighbour" }] },
                { "linkId": "1.2.1", "type": "string", "text": "Note", "enableWhen": [
                    { "question": "1.1", "operator": "=", "answerBoolean": true }] },
            ] },
            { "linkId": "2", "type": "group", "text": "Weight", "item": [
                { "linkId": "2.1", "type": "integer", "text": "Kilogrammes", "extension": [
                    { "url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 20 }] },
                { "linkId": "2.2", "type": "string", "text": "Diät", "item": [
                    { "linkId": "2.2h", "type": "display", "text": "What the doctor has prescribed", "extension": [
                        { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
                          "valueCodeableConcept": { "coding": [{ "code": "help" }] } }] }] },
            ] },
        ] }))
        .unwrap();
        let weight = form.find("2.1").unwrap();
        form.answer(weight, vec![Answer::Integer(3)]).unwrap();
        form
    }

    #[test]
    fn a_question_is_found_by_its_words_its_answers_its_help_and_its_codes() {
        let form = form();
        let lines = lines(&form, false);
        for (typed, only, found) in [
            ("meal cook", Only::All, vec!["1.1"]),
            ("cafe", Only::All, vec!["1"]),
            ("diat", Only::All, vec!["2.2"]),
            ("neighbour", Only::All, vec!["1.2"]),
            ("doctor prescribed", Only::All, vec!["2.2"]),
            ("44250-9", Only::All, vec!["1.1"]),
            // The text comes before an option.
            ("alone", Only::All, vec!["1.1", "1.2"]),
            // The very code comes before what only begins with it.
            ("2", Only::All, vec!["2", "2.1", "2.2"]),
            ("3", Only::All, vec!["2.1"]),
            ("", Only::All, vec!["1", "1.1", "1.2", "2", "2.1", "2.2"]),
            ("", Only::Unanswered, vec!["1.1", "1.2", "2.2"]),
            ("", Only::Wrong, vec!["2.1"]),
            ("eats", Only::Wrong, vec![]),
            ("quite something else", Only::All, vec![]),
        ] {
            let hits = search(&lines, typed, only);
            let ids: Vec<&str> = hits.iter().map(|line| form.item(line.item).link_id).collect();
            assert_eq!(ids, found, "{typed:?} {only:?}");
        }
    }

    #[test]
    fn a_missing_answer_is_among_the_problems_once_it_is_insisted_on() {
        let form = form();
        let lines = lines(&form, true);
        let hits = search(&lines, "", Only::Wrong);
        assert_eq!(hits.len(), 2);
    }

    #[test]
    fn one_of_two_thousand_questions_is_found() {
        let items: Vec<Value> = (0..2_000)
            .map(|at| json!({ "linkId": format!("q{at}"), "type": "choice", "text": format!("Question number {at} of the long form"),
                "answerOption": [{ "valueString": "Never" }, { "valueString": "Often" }, { "valueString": "Always" }] }))
            .collect();
        let form = Form::open(&json!({ "resourceType": "Questionnaire", "item": [
            { "linkId": "g", "type": "group", "text": "All", "item": items }] }))
        .unwrap();
        let lines = lines(&form, false);
        let hits = search(&lines, "form long 1999", Only::All);
        assert_eq!(hits.len(), 1);
    }
}
