//! Finding a question of the whole form by what is typed, and by what is open or wrong. Pure.

use forms::{Form, ItemId, ItemView, SectionId};

use super::paper::Words;
use super::ways::{drawn, is_open, is_wrong};
use crate::form::named_by_answer;
use crate::language::tr;
use crate::search::{Wanted, fold};

/// Which lines are wanted, whatever is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    #[default]
    All,
    Unanswered,
    Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Item(ItemId),
    /// The free note at the end of that section.
    Note(SectionId),
}

/// A place that can be found. What is searched is folded once, so that a form of thousands of questions is searched with
/// each key.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub spot: Spot,
    codes: Vec<String>,
    text: String,
    /// The text, and all that stands with it: options, help, answers as they are shown, codes; of a note, what it says.
    whole: String,
    open: bool,
    wrong: bool,
}

/// Everything that can be found now, in the order of the form. `insist`: a missing answer is a problem.
pub fn lines(form: &Form, insist: bool, words: Words) -> Vec<Line> {
    let mut found = Vec::new();
    let mut drawn = drawn(form).into_iter().peekable();
    while let Some((section, item)) = drawn.next() {
        found.extend(of_item(form, &form.item(item), insist, words));
        let is_last = drawn.peek().is_none_or(|(next, _)| *next != section);
        let note = form.note(section);
        if is_last && !note.is_empty() {
            let name = fold(tr!("Notes"));
            found.push(Line {
                spot: Spot::Note(section),
                codes: Vec::new(),
                whole: format!("{name} {}", fold(note)),
                text: name,
                open: false,
                wrong: false,
            });
        }
    }
    found
}

fn of_item(form: &Form, item: &ItemView<'_>, insist: bool, words: Words) -> Option<Line> {
    let text = named_by_answer(form, item.id, item.text);
    let said = || item.prefix.into_iter().chain([text.as_str()]);
    if !item.kind.is_question() && said().all(str::is_empty) {
        return None;
    }
    let answers: Vec<String> = item.answers.iter().map(|answer| words(item, answer)).collect();
    let options = item.options.iter().map(|option| option.display.as_str());
    let whole = said().chain(item.help).chain(options);
    Some(Line {
        spot: Spot::Item(item.id),
        codes: codes(item).map(str::to_lowercase).collect(),
        text: folded(said()),
        whole: folded(whole.chain(answers.iter().map(String::as_str)).chain(codes(item))),
        open: is_open(item),
        wrong: is_wrong(item, insist),
    })
}

fn codes<'a>(item: &ItemView<'a>) -> impl Iterator<Item = &'a str> {
    std::iter::once(item.link_id).chain(item.codes.iter().map(String::as_str))
}

fn folded<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(fold).collect();
    words.join(" ")
}

/// The lines that fit, by their numbers: first those of that very code, then those whose text has the words, then the others. Each kind in the
/// order of the form.
pub fn search(lines: &[Line], typed: &str, only: Only) -> Vec<usize> {
    let wanted = Wanted::of(typed);
    let code = typed.trim().to_lowercase();
    let mut ranks = [const { Vec::new() }; 3];
    let fitting = lines.iter().enumerate().filter(|(_, line)| match only {
        Only::All => true,
        Only::Unanswered => line.open,
        Only::Wrong => line.wrong,
    });
    for (number, line) in fitting {
        let rank = match () {
            () if line.codes.contains(&code) => 0,
            () if wanted.is_in(&line.text) => 1,
            () if wanted.is_in(&line.whole) => 2,
            () => continue,
        };
        ranks[rank].push(number);
    }
    ranks.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Answer;
    use serde_json::{Value, json};

    fn shown(_: &ItemView<'_>, answer: &Answer) -> String {
        match answer {
            Answer::Boolean(true) => "Sí".into(),
            other => other.to_string(),
        }
    }

    fn named(form: &Form, spot: Spot) -> &str {
        match spot {
            Spot::Item(item) => form.item(item).link_id,
            Spot::Note(section) => &form.sections()[section.index()].title,
        }
    }

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
        let kitchen = form.sections()[0].id;
        form.write_note(kitchen, "The daughter brings crème.");
        form
    }

    #[test]
    fn a_question_is_found_by_its_words_its_answers_its_help_and_its_codes() {
        let form = form();
        let lines = lines(&form, false, shown);
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
            // A note is found by what it says, and at the end of its section.
            ("creme daughter", Only::All, vec!["Café and kitchen"]),
            ("notes", Only::All, vec!["Café and kitchen"]),
            (
                "",
                Only::All,
                vec!["1", "1.1", "1.2", "Café and kitchen", "2", "2.1", "2.2"],
            ),
            ("", Only::Unanswered, vec!["1.1", "1.2", "2.2"]),
            ("", Only::Wrong, vec!["2.1"]),
            ("eats", Only::Wrong, vec![]),
            ("quite something else", Only::All, vec![]),
        ] {
            let hits = search(&lines, typed, only);
            let names: Vec<&str> = hits.iter().map(|line| named(&form, lines[*line].spot)).collect();
            assert_eq!(names, found, "{typed:?} {only:?}");
        }
    }

    #[test]
    fn an_answer_is_found_by_the_words_that_it_is_shown_in() {
        let mut form = form();
        let cooks = form.find("1.1").unwrap();
        form.answer(cooks, vec![Answer::Boolean(true)]).unwrap();
        let lines = lines(&form, false, shown);
        for (typed, found) in [("si", 1), ("true", 0)] {
            assert_eq!(search(&lines, typed, Only::All).len(), found, "{typed}");
        }
    }

    #[test]
    fn what_is_asked_below_an_answer_is_found_by_that_answer() {
        let mut form = Form::open(&json!({ "resourceType": "Questionnaire", "item": [
            { "linkId": "aid", "type": "string", "text": "Aids", "repeats": true, "item": [
                { "linkId": "years", "type": "integer", "text": "For how many years?" }] }] }))
        .unwrap();
        let aid = form.find("aid").unwrap();
        let answers = ["Stick", "Walker"].map(|aid| Answer::String(aid.into()));
        form.answer(aid, answers.to_vec()).unwrap();
        let lines = lines(&form, false, shown);
        for (typed, found) in [("walker years", vec![1]), ("years", vec![0, 1])] {
            let hits = search(&lines, typed, Only::Unanswered);
            let all = form.find_all("years");
            let places = hits.iter().map(|line| {
                all.iter()
                    .position(|id| lines[*line].spot == Spot::Item(*id))
                    .unwrap()
            });
            assert_eq!(places.collect::<Vec<_>>(), found, "{typed}");
        }
    }

    #[test]
    fn a_missing_answer_is_among_the_problems_once_it_is_insisted_on() {
        let form = form();
        let lines = lines(&form, true, shown);
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
        let lines = lines(&form, false, shown);
        let hits = search(&lines, "form long 1999", Only::All);
        assert_eq!(hits.len(), 1);
    }
}
