//! Ways through an assessment: where one left off, which question comes next, where the first problem is. Pure.

use forms::{Form, ItemId, ItemView, Problem, Rule, SectionId, Severity};
use protocol::{Change, Document};

use crate::form::About;

/// Everything that is drawn now, in the order in which it is drawn, each with its section.
pub fn drawn(form: &Form) -> Vec<(SectionId, ItemId)> {
    let mut found = Vec::new();
    for section in form.applying() {
        // What the section's own group has to say stands above its questions.
        found.extend(section.group.map(|group| (section.id, group)));
        let mut waiting: Vec<ItemId> = section.items.iter().rev().copied().collect();
        while let Some(id) = waiting.pop() {
            let item = form.item(id);
            if item.shown() {
                found.push((section.id, id));
                let mut below: Vec<ItemId> = item.children.iter().collect();
                below.reverse();
                waiting.extend(below);
            }
        }
    }
    found
}

/// A question that is the user's to answer, and is not answered.
pub fn is_open(item: &ItemView<'_>) -> bool {
    item.kind.is_question() && !item.read_only && item.answers.is_empty()
}

/// Something is wrong with the item. That an answer is missing counts where the page insists on it.
pub fn is_wrong(item: &ItemView<'_>, insist: bool) -> bool {
    let is_told =
        |problem: &Problem| problem.severity == Severity::Error && (insist || problem.rule != Rule::Required);
    item.problems.iter().any(is_told)
}

/// Where somebody stands: at a question, or at the beginning of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    At(ItemId),
    Before(SectionId),
    /// On a page without questions.
    Elsewhere,
}

/// The next question without an answer, across sections; after the last of them, the first of all.
pub fn next_open(form: &Form, stand: Stand) -> Option<ItemId> {
    let drawn = drawn(form);
    let after = match stand {
        Stand::At(at) => drawn.iter().position(|(_, id)| *id == at).map(|place| place + 1),
        Stand::Before(section) => drawn.iter().position(|(here, _)| *here >= section),
        Stand::Elsewhere => None,
    };
    let (before, after) = drawn.split_at(after.unwrap_or_default());
    let mut round = after.iter().chain(before).map(|(_, id)| *id);
    round.find(|id| is_open(&form.item(*id)))
}

/// Where something is wrong or missing, from the first to the last.
pub fn wrong(form: &Form) -> Vec<About> {
    let mut found: Vec<About> = form.problems().iter().map(Problem::about).collect();
    found.dedup();
    found
}

/// The question that was answered last, or was being answered when the page was ended in the middle of a word. Where a
/// part of the form is there several times, the one that holds the answer.
pub fn left_off(form: &Form, document: &Document) -> Option<ItemId> {
    let drawn = drawn(form);
    let entries = document.history.iter().chain(&document.typing).rev();
    entries
        .filter_map(|entry| match &entry.change {
            Change::Answered { link_id, after, .. } => Some((link_id, after)),
            _ => None,
        })
        .find_map(|(link_id, after)| {
            let places = form.find_all(link_id).into_iter();
            let mut places = places.filter(|place| drawn.iter().any(|(_, id)| id == place));
            let first = places.next()?;
            let holds = |place: &ItemId| form.answers_as_fhir(*place) == *after;
            match holds(&first) {
                true => Some(first),
                false => Some(places.find(holds).unwrap_or(first)),
            }
        })
}

#[cfg(test)]
mod tests {
    use super::super::steps::Place;
    use super::*;
    use forms::Answer;
    use protocol::{FormRef, Modification, RecordId, Status, Timestamp, UserId};
    use serde_json::{Value, json};

    fn form() -> Form {
        Form::open(&json!({ "resourceType": "Questionnaire", "item": [
            { "linkId": "mood", "type": "group", "text": "Mood", "item": [
                { "linkId": "sad", "type": "boolean", "required": true },
                { "linkId": "why", "type": "string",
                  "enableWhen": [{ "question": "sad", "operator": "=", "answerBoolean": true }] },
                { "linkId": "weight", "type": "integer", "extension": [
                    { "url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 20 }] },
            ] },
            { "linkId": "home", "type": "group", "text": "Home", "item": [
                { "linkId": "words", "type": "display", "text": "Look around." },
                { "linkId": "person", "type": "group", "repeats": true, "extension": [
                    { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs", "valueInteger": 2 }],
                  "item": [{ "linkId": "name", "type": "string" }] },
            ] },
        ] }))
        .unwrap()
    }

    fn answer(form: &mut Form, link_id: &str, which: usize, answer: Answer) -> ItemId {
        let item = form.find_all(link_id)[which];
        form.answer(item, vec![answer]).unwrap();
        item
    }

    fn name(form: &Form, item: Option<ItemId>) -> String {
        item.map_or_else(String::new, |item| form.item(item).link_id.to_owned())
    }

    #[test]
    fn the_next_question_is_the_next_without_an_answer_and_after_the_last_the_first() {
        let mut form = form();
        let at = |form: &Form, link_id: &str| Stand::At(form.find(link_id).unwrap());
        let home = Stand::Before(form.sections()[1].id);
        assert_eq!(name(&form, next_open(&form, Stand::Elsewhere)), "sad");
        assert_eq!(name(&form, next_open(&form, at(&form, "sad"))), "weight");
        assert_eq!(name(&form, next_open(&form, at(&form, "weight"))), "name");
        assert_eq!(name(&form, next_open(&form, home)), "name");
        // What has appeared is the next.
        answer(&mut form, "sad", 0, Answer::Boolean(true));
        assert_eq!(name(&form, next_open(&form, at(&form, "sad"))), "why");
        answer(&mut form, "name", 0, Answer::String("Ann".into()));
        let last = answer(&mut form, "name", 1, Answer::String("Ben".into()));
        assert_eq!(name(&form, next_open(&form, Stand::At(last))), "why");
        answer(&mut form, "why", 0, Answer::String("rain".into()));
        answer(&mut form, "weight", 0, Answer::Integer(70));
        assert_eq!(next_open(&form, Stand::Elsewhere), None);
    }

    #[test]
    fn what_is_missing_and_what_is_wrong_is_gone_to_in_order() {
        let mut form = form();
        let weight = answer(&mut form, "weight", 0, Answer::Integer(3));
        let sad = form.find("sad").unwrap();
        assert_eq!(wrong(&form), [Some(sad), Some(weight)]);
        answer(&mut form, "weight", 0, Answer::Integer(70));
        assert_eq!(wrong(&form), [Some(sad)]);
    }

    #[test]
    fn a_rule_of_the_form_as_a_whole_is_gone_to_as_well() {
        let rule = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
            { "url": "key", "valueId": "never" }, { "url": "severity", "valueCode": "error" },
            { "url": "expression", "valueString": "false" }, { "url": "human", "valueString": "Never met." },
        ] }]);
        let page = |name: &str| json!({ "linkId": name, "type": "group", "item": [{ "linkId": format!("{name}.1"), "type": "string" }] });
        // Whether a group holds all pages together, or they stand for themselves: the rule is none of theirs.
        let cover = json!([{ "linkId": "whole", "type": "group", "item": [page("one"), page("two")] }]);
        for items in [cover, json!([page("one"), page("two")])] {
            let form =
                Form::open(&json!({ "resourceType": "Questionnaire", "extension": rule, "item": items }))
                    .unwrap();
            assert_eq!(wrong(&form), [None]);
            assert_eq!(Place::of_problem(&form, &form.problems()[0]), Place::Finish);
            let errors = form
                .sections()
                .iter()
                .map(|section| form.progress(section.id).errors);
            assert_eq!(errors.sum::<usize>(), 0);
        }
    }

    fn document(changes: &[(&str, Value)], typing: Option<(&str, Value)>) -> Document {
        let by = UserId::from_bytes([1; 16]);
        let entry = |(link_id, after): &(&str, Value)| Modification {
            by,
            at: Timestamp(1),
            change: Change::Answered {
                link_id: (*link_id).to_owned(),
                before: json!([]),
                after: after.clone(),
            },
        };
        Document {
            id: RecordId::from_bytes([2; 16]),
            client_id: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            client_name: "Testcase Amber".into(),
            form: FormRef::new("urn:form", "1", "Form"),
            author: by,
            author_name: "Test Field One".into(),
            status: Status::Draft,
            created_at: Timestamp(1),
            modified_at: Timestamp(1),
            signature: None,
            response: Value::Null,
            set_aside: Value::Null,
            history: changes.iter().map(entry).collect(),
            history_head: None,
            typing: typing.as_ref().map(entry),
        }
    }

    #[test]
    fn one_left_off_at_the_last_answer_and_at_the_word_that_was_being_typed() {
        let mut form = form();
        answer(&mut form, "sad", 0, Answer::Boolean(true));
        let why = answer(&mut form, "why", 0, Answer::String("ra".into()));
        let sad = json!([{ "valueBoolean": true }]);
        let ra = json!([{ "valueString": "ra" }]);
        let none = document(&[], None);
        assert_eq!(left_off(&form, &none), None);
        let first = document(&[("sad", sad.clone())], None);
        assert_eq!(name(&form, left_off(&form, &first)), "sad");
        let typed = document(&[("sad", sad.clone())], Some(("why", ra.clone())));
        assert_eq!(left_off(&form, &typed), Some(why));

        // What does not apply any more is nowhere.
        let gone = document(&[("sad", sad), ("why", ra)], None);
        answer(&mut form, "sad", 0, Answer::Boolean(false));
        assert_eq!(name(&form, left_off(&form, &gone)), "sad");

        // Of several, the one that holds the answer.
        let second = answer(&mut form, "name", 1, Answer::String("Ben".into()));
        let ben = document(&[("name", json!([{ "valueString": "Ben" }]))], None);
        assert_eq!(left_off(&form, &ben), Some(second));
    }
}
