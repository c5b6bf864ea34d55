//! Groups that a form wants as a table: rows and columns where there is room for them, and one card for each row where
//! there is not. The controls are the same in both, and only `public/styles/table.css` tells them apart.
//!
//! FHIR has four of them. In a `grid` each group is a row and its questions are the columns; in a `gtable` each time that
//! a group is there is a row; in an `htable` each question is a row and its answers are the columns, and a `table` is
//! the same turned by a quarter, which is drawn as an `htable`: a question is one card on a phone either way. What does not
//! fit into a table is drawn below each other, as any group is (<https://hl7.org/fhir/R4/valueset-questionnaire-item-control.html>).

use std::sync::Arc;

use crate::prelude::*;
use forms::{Control, Form, ItemId, ItemView, Kind};

use super::{
    beside, choice,
    frame::Question,
    item::{self, Sheet, element_id},
    repeat,
};
use crate::components::{Row, each};

/// The items that stand in the table now.
pub(super) type Rows = Arc<dyn Fn() -> Vec<ItemId> + Send + Sync>;

/// What a table of these widths has room for, in rem: the page of a tablet held upright.
const ROOM: f32 = 38.0;
/// A letter in bold, on average; the space between columns; the least for the name of a row; for its number; for the button that takes
/// it away; for what is pressed.
const LETTER: f32 = 0.65;
const GAP: f32 = 1.0;
const NAME: f32 = 7.0;
const NUMBER: f32 = 1.5;
const REMOVE: f32 = 6.0;
const PRESSED: f32 = 2.75;
/// More answers than these are read more easily below each other.
const MOST_ANSWERS: usize = 6;

/// The group's questions as a table, where it asks for one and they make one.
pub(super) fn body(sheet: Sheet, group: ItemId) -> Option<AnyView> {
    match sheet.form.peek(group, |item| item.control) {
        Control::HTable | Control::Table if !sheet.locked => answers(sheet, group),
        Control::Grid => {
            let rows: Vec<ItemId> = sheet.form.read(|form| shown(form, group));
            let columns = sheet.form.read(|form| columns(form, &rows, sheet.locked))?;
            let rows = rows.into_iter().map(|row| line(sheet, row, false));
            Some(frame(
                sheet,
                group,
                heads(sheet, columns, false),
                rows.collect_view().into_any(),
            ))
        }
        _ => None,
    }
}

/// Whether a group that repeats is drawn as one table.
pub(super) fn is_repeated(sheet: Sheet, group: ItemId) -> bool {
    sheet.form.read(|form| {
        let item = form.item(group);
        let asks = item.repeats && matches!(item.control, Control::GTable | Control::Table | Control::Grid);
        asks && columns(form, &[group], sheet.locked).is_some()
    })
}

/// A table with a row for each time that the group is there. `first` is one of them.
pub(super) fn repeated(sheet: Sheet, first: ItemId, rows: Rows) -> AnyView {
    let question = Question::of(sheet, first);
    let questions = sheet.form.read(|form| shown(form, first));
    let heading = sheet.form.read(|form| is_heading(form, first));
    let changes = repeat::may(sheet, first);
    let now = rows.clone();
    let lines = each(move || {
        let line = |id: ItemId| Row::new(id.number().to_string(), move || line(sheet, id, changes));
        now().into_iter().map(line).collect()
    });
    view! {
        <fieldset class="part">
            <legend class=if heading { "unseen" } else { "part-title" }>{question.words()}</legend>
            {question.help_place()}
            {frame(sheet, first, heads(sheet, questions, changes), lines)}
            {changes.then(|| repeat::add_below(sheet, first, rows))}
        </fieldset>
    }
}

/// What a row is called before the names of its questions.
pub(super) fn row_words(form: &Form, row: ItemId) -> String {
    match row_name(form, row) {
        (words, Some(number)) => format!("{words} {number}"),
        (words, None) => words,
    }
}

/// The same in its parts: what it is, and which one where there are several.
fn row_name(form: &Form, row: ItemId) -> (String, Option<usize>) {
    let item = form.item(row);
    let number = item.repeats.then(|| form.place_of(row).0 + 1);
    (short(&item).to_owned(), number)
}

fn short<'a>(item: &ItemView<'a>) -> &'a str {
    let short = item.hints.and_then(|hints| hints.short_text.as_deref());
    short.unwrap_or(item.name)
}

fn frame(sheet: Sheet, group: ItemId, heads: AnyView, lines: AnyView) -> AnyView {
    let name = sheet.form.peek(group, |item| item.name.to_owned());
    view! {
        <div class="table-frame">
            <table class="table">
                <caption class="unseen">{name}</caption>
                <thead>{heads}</thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

fn heads(sheet: Sheet, questions: Vec<ItemId>, changes: bool) -> AnyView {
    let heads = questions.into_iter().map(|id| {
        let question = Question::of(sheet, id);
        let short = sheet.form.peek(id, |item| short(&item).to_owned());
        view! { <th scope="col">{short} {question.mark()}</th> }
    });
    view! {
        <tr>
            <td></td>
            {heads.collect_view()}
            {changes.then(|| view! { <td></td> })}
        </tr>
    }
}

/// One group as a row.
fn line(sheet: Sheet, id: ItemId, changes: bool) -> AnyView {
    let draw = move || {
        let question = Question::of(sheet, id);
        let name = move || {
            let (words, number) = sheet.form.structure(|form| row_name(form, id));
            view! { <span class=number.is_some().then_some("table-row-words")>{words} " "</span> {number} }
        };
        let sheet = Sheet {
            row: Some(id),
            ..sheet
        };
        let cells = sheet.form.read(|form| shown(form, id));
        let cells = cells
            .into_iter()
            .map(|cell| view! { <td>{item::draw(sheet, cell)}</td> });
        view! {
            <tr id=element_id(id) tabindex="-1" data-linkid=question.link_id.clone()>
                <th scope="row">{name} {question.error_place()}</th>
                {cells.collect_view()}
                {changes.then(|| view! { <td class="table-end">{repeat::remove(sheet, id)}</td> })}
            </tr>
        }
    };
    item::while_shown(sheet, id, draw)
}

/// Questions that offer the same answers: a row each.
fn answers(sheet: Sheet, group: ItemId) -> Option<AnyView> {
    let form = sheet.form;
    let questions = form.read(|form| shown(form, group));
    let offered = form.read(|form| same_answers(form, &questions))?;
    let heads = offered
        .iter()
        .map(|label| view! { <th scope="col">{label.clone()}</th> });
    let heads = view! {
        <tr>
            <td></td>
            {heads.collect_view()}
            <td></td>
        </tr>
    };
    let rows = questions
        .into_iter()
        .map(|id| item::while_shown(sheet, id, move || answers_of(sheet, id)));
    Some(frame(sheet, group, heads, rows.collect_view().into_any()))
}

fn answers_of(sheet: Sheet, id: ItemId) -> AnyView {
    let question = Question::of(sheet, id);
    let count = sheet.form.peek(id, |item| item.options.len());
    let text = question.part("text");
    let cells = (0..count).map(|place| {
        let option = question.part(&format!("option-{place}"));
        let named = format!("{text} {option}");
        view! { <td>{choice::option(&question, place, Some((option, named)))}</td> }
    });
    view! {
        <tr
            class="question table-answers"
            id=element_id(id)
            tabindex="-1"
            data-linkid=question.link_id.clone()
            aria-describedby=question.described_by()
        >
            <th scope="row">
                <span class="question-text" id=text.clone()>
                    {question.words()}
                </span>
                {question.error_place()}
                {question.help_place()}
                {beside::question(id)}
            </th>
            {cells.collect_view()}
            <td class="table-end">{choice::clear(&question)}</td>
        </tr>
    }
}

fn shown(form: &Form, group: ItemId) -> Vec<ItemId> {
    let children = form.item(group).children.iter();
    children.filter(|child| !form.item(*child).hidden).collect()
}

/// The columns of a table with these groups as its rows: the questions of the first, where those of the others are the
/// same and all have room.
fn columns(form: &Form, rows: &[ItemId], locked: bool) -> Option<Vec<ItemId>> {
    let first = shown(form, *rows.first()?);
    let kinds = |row: &ItemId| -> Option<Vec<Kind>> {
        let item = form.item(*row);
        let plain = item.kind == Kind::Group && !item.varies;
        let kinds = shown(form, *row).into_iter().map(|id| {
            let item = form.item(id);
            let below = shown(form, id).is_empty();
            (below && item.kind.is_question()).then_some(item.kind)
        });
        plain.then(|| kinds.collect())?
    };
    let of_first = kinds(rows.first()?)?;
    let same = rows.iter().all(|row| kinds(row).as_ref() == Some(&of_first));
    let wide: Option<f32> = first
        .iter()
        .map(|id| {
            let item = form.item(*id);
            Some(item::width(&item, locked)?.max(word(short(&item))))
        })
        .sum();
    // What is there several times is numbered, and can be taken away; else the rows have names.
    let names = match form.item(*rows.first()?).repeats {
        true => NUMBER + REMOVE,
        false => names(form, rows),
    };
    let needed = wide? + names + GAP * of_first.len() as f32;
    (same && !first.is_empty() && needed <= ROOM).then_some(first)
}

/// The answers that all of these questions offer.
fn same_answers(form: &Form, questions: &[ItemId]) -> Option<Vec<String>> {
    let labels = |id: &ItemId| -> Option<Vec<String>> {
        let item = form.item(*id);
        let plain = item.kind == Kind::Choice
            && !item.read_only
            && item.total.is_none()
            && !item.varies
            && shown(form, *id).is_empty();
        plain.then(|| item.options.iter().map(choice::label).collect())
    };
    let first = labels(questions.first()?)?;
    let same = questions.iter().all(|id| labels(id).as_ref() == Some(&first));
    let wide: f32 = first.iter().map(|label| word(label).max(PRESSED) + GAP).sum();
    let fits = (1..=MOST_ANSWERS).contains(&first.len()) && wide + names(form, questions) <= ROOM;
    (same && fits).then_some(first)
}

/// The room for the names of these rows.
fn names(form: &Form, rows: &[ItemId]) -> f32 {
    let longest = rows.iter().map(|row| word(short(&form.item(*row))));
    longest.fold(NAME, f32::max)
}

/// The room that the longest of the words takes, since none is broken.
fn word(words: &str) -> f32 {
    let longest = words.split_whitespace().map(|word| word.chars().count()).max();
    LETTER * longest.unwrap_or_default() as f32
}

/// Whether the page's heading says already what this group is called.
fn is_heading(form: &Form, group: ItemId) -> bool {
    let section = form
        .section_of(group)
        .and_then(|id| form.sections().get(id.index()));
    section.is_some_and(|section| {
        section.items.contains(&group) && section.title.ends_with(form.item(group).text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn group(control: &str, items: Value) -> Form {
        let control = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
            "valueCodeableConcept": { "coding": [{ "code": control }] } }]);
        Form::open(
            &json!({ "item": [{ "linkId": "g", "type": "group", "extension": control, "item": items }] }),
        )
        .unwrap()
    }

    #[test]
    fn rows_with_the_same_questions_make_a_grid_as_far_as_there_is_room() {
        let row = |name: &str, kinds: &[&str]| {
            let questions: Vec<Value> = kinds
                .iter()
                .enumerate()
                .map(|(at, kind)| json!({ "linkId": format!("{name}{at}"), "type": kind }))
                .collect();
            json!({ "linkId": name, "type": "group", "item": questions })
        };
        for (rows, count) in [
            (
                vec![row("a", &["integer", "date"]), row("b", &["integer", "date"])],
                Some(2),
            ),
            (vec![row("a", &["integer", "date"]), row("b", &["integer"])], None),
            (
                vec![row("a", &["integer"]), json!({ "linkId": "b", "type": "string" })],
                None,
            ),
            (vec![row("a", &["group"])], None),
            (vec![row("a", &["date", "date", "date", "date"])], None),
            (vec![row("a", &[])], None),
        ] {
            let form = group("grid", json!(rows));
            let rows = shown(&form, form.find("g").unwrap());
            let columns = columns(&form, &rows, false);
            assert_eq!(columns.map(|columns| columns.len()), count, "{rows:?}");
        }
    }

    #[test]
    fn no_word_of_a_table_is_broken() {
        let row = |name: &str, heads: &[&str]| {
            let questions: Vec<Value> = heads
                .iter()
                .map(|head| json!({ "linkId": format!("{name}{head}"), "text": head, "type": "integer" }))
                .collect();
            json!({ "linkId": name, "text": name, "type": "group", "item": questions })
        };
        for (rows, is_table) in [
            (vec![row("Left", &["Strength", "Tone"])], true),
            (
                vec![row(
                    "Left",
                    &["Electroencephalography", "Otorhinolaryngology", "Tone"],
                )],
                false,
            ),
            (
                vec![row("Electroencephalographically", &["Alpha", "Beta", "Theta"])],
                false,
            ),
        ] {
            let form = group("grid", json!(rows));
            let rows = shown(&form, form.find("g").unwrap());
            assert_eq!(columns(&form, &rows, false).is_some(), is_table, "{rows:?}");
        }
        let answers = |words: &[&str]| {
            let options: Vec<Value> = words.iter().map(|word| json!({ "valueString": word })).collect();
            json!([{ "linkId": "a", "type": "choice", "text": "A question", "answerOption": options }])
        };
        for (words, is_table) in [
            (["Never", "Sometimes", "Always"], true),
            (
                ["Incontrovertible", "Characteristically", "Uncharacteristically"],
                false,
            ),
        ] {
            let form = group("htable", answers(&words));
            let questions = shown(&form, form.find("g").unwrap());
            assert_eq!(same_answers(&form, &questions).is_some(), is_table, "{words:?}");
        }
    }

    #[test]
    fn questions_with_the_same_answers_share_their_columns() {
        let question = |name: &str, kind: &str, answers: &[&str]| {
            let options: Vec<Value> = answers
                .iter()
                .map(|code| json!({ "valueCoding": { "code": code } }))
                .collect();
            json!({ "linkId": name, "type": kind, "answerOption": options })
        };
        for (questions, labels) in [
            (
                vec![
                    question("a", "choice", &["0", "1"]),
                    question("b", "choice", &["0", "1"]),
                ],
                Some(vec!["0", "1"]),
            ),
            (
                vec![
                    question("a", "choice", &["0", "1"]),
                    question("b", "choice", &["1", "0"]),
                ],
                None,
            ),
            (vec![question("a", "open-choice", &["0", "1"])], None),
            (
                vec![question("a", "choice", &["1", "2", "3", "4", "5", "6", "7"])],
                None,
            ),
            (vec![question("a", "choice", &[])], None),
        ] {
            let form = group("htable", json!(questions));
            let questions = shown(&form, form.find("g").unwrap());
            let found = same_answers(&form, &questions);
            assert_eq!(
                found,
                labels.map(|labels| labels.into_iter().map(str::to_owned).collect())
            );
        }
    }
}
