//! One item: whether it stands on the page, and which control draws it.

use std::sync::Arc;

use crate::prelude::*;
use forms::{Control, Form, ItemId, ItemView, Kind, Problem};
use leptos::task::{spawn_local, tick};

use super::{
    FormHandle, attachment, autocomplete, boolean, choice, date, display, drop_down, fixed, frame, number,
    partial_date, section, signature, slider, table, text, tick, total,
};
use crate::browser::device;
use crate::components::{Row, each};
use crate::language::sentence;
use partial_date::Precision;

/// The id of the element that an item is drawn in; it can take the focus.
pub fn element_id(item: ItemId) -> String {
    format!("item-{}", item.number())
}

/// The item whose element has this id.
pub fn item_at(form: &Form, element: &str) -> Option<ItemId> {
    let number: u32 = element.strip_prefix("item-")?.parse().ok()?;
    form.items().map(|item| item.id).find(|id| id.number() == number)
}

/// Brings it into view, and the focus to it, once it is drawn.
pub(super) fn go_to(item: ItemId) {
    spawn_local(async move {
        tick().await;
        device::go_to(&element_id(item));
    });
}

/// What something that is wrong is about: an item, or the form as a whole.
pub type About = Option<ItemId>;

/// What is wrong, with the question that it is about.
pub fn problem_words(form: &Form, problem: &Problem) -> String {
    with_question(form, problem.about(), &sentence(&problem.sentence))
}

pub(super) fn with_question(form: &Form, about: About, said: &str) -> String {
    match about {
        Some(item) => format!("{}: {said}", named_by_answer(form, item, form.item(item).name)),
        None => said.to_owned(),
    }
}

/// The words for an item that stands below one of several answers, with that answer before them; those of any other as they are.
pub fn named_by_answer(form: &Form, id: ItemId, words: &str) -> String {
    let part = form.instance_of(id).map(|part| form.item(part));
    let part = part.filter(|part| part.kind == Kind::Below);
    let answer = part.and_then(|part| Some(fixed::words(&part, part.answers.first()?)));
    answer.map_or_else(|| words.to_owned(), |answer| format!("{answer}: {words}"))
}

/// A form on one page, and how its questions are marked there.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub form: FormHandle,
    /// Most questions are required, so the others are marked as optional.
    pub most_required: bool,
    /// Nothing can be changed.
    pub locked: bool,
    /// The row of a table in which the items stand.
    pub row: Option<ItemId>,
}

/// The most options that are drawn as rows; more become a drop-down list.
const MOST_ROWS: usize = 7;

/// The most options that are listed; more are found by typing.
const MOST_LISTED: usize = 40;

/// Draws it as long as it applies. What has no condition of its own goes with what it stands in.
pub(super) fn while_shown(sheet: Sheet, id: ItemId, draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    if !sheet.form.peek(id, |item| item.conditional) {
        return draw();
    }
    let shown = memo(move || sheet.form.item(id, |item| item.shown()));
    view! { {move || shown.get().then(&draw)} }
}

/// The item and everything below it, as long as it applies. What stands there is never drawn anew by an answer.
pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let (hidden, varies) = sheet.form.peek(id, |item| (item.hidden, item.varies));
    if hidden {
        return ().into_any();
    }
    if !varies {
        return while_shown(sheet, id, move || control(sheet, id));
    }
    let shown = memo(move || sheet.form.item(id, |item| item.shown()));
    // Other words, or other answers to choose from, are another control.
    let words = memo(move || {
        sheet.form.item(id, |item| {
            let options: Vec<String> = item.options.iter().map(|option| option.display.clone()).collect();
            (item.text.to_owned(), options)
        })
    });
    view! {
        {move || {
            words.track();
            shown.get().then(|| control(sheet, id))
        }}
    }
}

pub(super) fn children(sheet: Sheet, id: ItemId) -> AnyView {
    // What stands before the answer is not drawn again below it.
    let below = move |children: Vec<ItemId>| -> Vec<ItemId> {
        sheet.form.read(|form| {
            let question = form.item(id).kind.is_question();
            let below = |child: &ItemId| !(question && frame::is_prompt(&form.item(*child)));
            children.into_iter().filter(below).collect()
        })
    };
    let children = sheet.form.peek(id, |item| item.children.iter().collect());
    list(sheet, below(children), move || {
        below(sheet.form.item(id, |item| item.children.iter().collect()))
    })
}

/// Items below each other. Where a part can be there several times, as below each of several answers, there come to be more
/// and fewer of them; those that stay are not drawn anew.
pub(super) fn list(
    sheet: Sheet,
    items: Vec<ItemId>,
    now: impl Fn() -> Vec<ItemId> + Send + Sync + 'static,
) -> AnyView {
    let form = sheet.form;
    let several = |id: &ItemId| form.peek(*id, |item| item.several);
    if !items.iter().any(several) {
        let items = items.into_iter().map(|id| draw(sheet, id));
        return view! { {items.collect_view()} };
    }
    let now: table::Rows = Arc::new(now);
    each(move || rows(sheet, &now))
}

/// A row for each item, and one for all those that make a table.
fn rows(sheet: Sheet, now: &table::Rows) -> Vec<Row> {
    let form = sheet.form;
    let mut rows = Vec::new();
    let mut in_table: Option<String> = None;
    for id in now() {
        let name = form.peek(id, |item| item.link_id.to_owned());
        if in_table.as_ref() == Some(&name) {
            continue;
        }
        in_table = table::is_repeated(sheet, id).then(|| name.clone());
        if in_table.is_none() {
            rows.push(Row::new(id.number().to_string(), move || draw(sheet, id)));
            continue;
        }
        let now = now.clone();
        let key = format!("table-{name}");
        let of_table: table::Rows = Arc::new(move || {
            let of_table = |id: &ItemId| form.peek(*id, |item| item.link_id == name);
            now().into_iter().filter(of_table).collect()
        });
        rows.push(Row::new(key, move || table::repeated(sheet, id, of_table)));
    }
    rows
}

fn control(sheet: Sheet, id: ItemId) -> AnyView {
    match sheet.form.peek(id, |item| shape(&item, sheet.locked)) {
        Shape::Group => section::group(sheet, id),
        Shape::Below => section::below(sheet, id),
        Shape::Display => display::draw(sheet, id),
        Shape::Total => total::draw(sheet, id),
        Shape::Fixed => fixed::draw(sheet, id),
        Shape::Boolean => boolean::draw(sheet, id),
        Shape::Tick => tick::draw(sheet, id),
        Shape::Autocomplete => autocomplete::draw(sheet, id),
        Shape::Slider => slider::draw(sheet, id),
        Shape::Attachment => attachment::draw(sheet, id),
        Shape::Signature => signature::draw(sheet, id),
        Shape::PartialDate => partial_date::draw(sheet, id, None),
        Shape::Year => date::draw_year(sheet, id),
        Shape::Reference => text::draw_reference(sheet, id),
        Shape::Scale => choice::draw(sheet, id, choice::Layout::Scale),
        Shape::Rows => choice::draw(sheet, id, choice::Layout::Rows),
        Shape::DropDown => drop_down::draw(sheet, id),
        Shape::Number => number::draw(sheet, id),
        Shape::Date => date::draw_date(sheet, id),
        Shape::Time => date::draw_time(sheet, id),
        Shape::DateTime => date::draw_date_time(sheet, id),
        Shape::Line => text::draw_line(sheet, id),
        Shape::Lines => text::draw_lines(sheet, id),
        Shape::LongText => text::draw_long(sheet, id),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Group,
    Below,
    Display,
    Total,
    Fixed,
    Boolean,
    Tick,
    Autocomplete,
    Slider,
    Attachment,
    Signature,
    PartialDate,
    Year,
    Reference,
    Scale,
    Rows,
    DropDown,
    Number,
    Date,
    Time,
    DateTime,
    Line,
    Lines,
    LongText,
}

fn shape(item: &ItemView<'_>, locked: bool) -> Shape {
    match item.kind {
        Kind::Group => Shape::Group,
        Kind::Below => Shape::Below,
        Kind::Display => Shape::Display,
        _ if item.total.is_some() => Shape::Total,
        _ if item.read_only || locked => Shape::Fixed,
        Kind::Boolean if item.control == Control::CheckBox => Shape::Tick,
        Kind::Boolean => Shape::Boolean,
        Kind::Unsupported => Shape::Fixed,
        Kind::Attachment if item.hints.is_some_and(|hints| hints.signature) => Shape::Signature,
        Kind::Attachment => Shape::Attachment,
        _ if item.repeats && item.options.is_empty() => Shape::Lines,
        _ if !item.options.is_empty() => options_shape(item),
        Kind::Integer | Kind::Decimal | Kind::Quantity => match item.control {
            Control::Slider if slider::Scale::of(item).is_some() => Shape::Slider,
            _ => Shape::Number,
        },
        Kind::Reference => Shape::Reference,
        Kind::Date => match Precision::of(item.entry_format) {
            Precision::Year => Shape::Year,
            Precision::Month => Shape::PartialDate,
            Precision::Day => Shape::Date,
        },
        Kind::Time => Shape::Time,
        Kind::DateTime => Shape::DateTime,
        Kind::Text => Shape::LongText,
        Kind::String | Kind::Url | Kind::Choice | Kind::OpenChoice => Shape::Line,
    }
}

fn options_shape(item: &ItemView<'_>) -> Shape {
    let count = item.options.len();
    let scored = item.options.iter().all(|option| option.score.is_some());
    match item.control {
        Control::Autocomplete => Shape::Autocomplete,
        // A long list is searched more easily than it is read.
        Control::Any | Control::DropDown if count > MOST_LISTED && item.kind.is_choice() => {
            Shape::Autocomplete
        }
        // Several answers, or one in the user's own words, need more than a drop-down list.
        _ if item.repeats || item.kind == Kind::OpenChoice => Shape::Rows,
        Control::DropDown => Shape::DropDown,
        Control::RadioButton | Control::CheckBox if !item.horizontal => Shape::Rows,
        _ if count > MOST_ROWS => Shape::DropDown,
        _ if count <= 5 && (item.horizontal || scored) => Shape::Scale,
        _ => Shape::Rows,
    }
}

/// How wide a column of a table has to be for this question, in rem; `None` for what has no place in a table.
pub(super) fn width(item: &ItemView<'_>, locked: bool) -> Option<f32> {
    Some(match shape(item, locked) {
        Shape::Number if item.units.len() > 1 || item.open_units => 11.0,
        Shape::Number | Shape::Total => 6.0,
        Shape::Boolean | Shape::Tick | Shape::Year | Shape::Fixed | Shape::Time => 7.0,
        Shape::Scale | Shape::Rows | Shape::DropDown | Shape::Line | Shape::Reference => 8.5,
        Shape::LongText => 10.0,
        Shape::Date => 12.0,
        Shape::Group
        | Shape::Below
        | Shape::Display
        | Shape::DateTime
        | Shape::PartialDate
        | Shape::Slider
        | Shape::Attachment
        | Shape::Signature
        | Shape::Autocomplete
        | Shape::Lines => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn each_question_gets_the_control_that_suits_it() {
        let options = |count: usize, scored: bool| -> Value {
            (0..count)
                .map(|n| {
                    let score = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": n }]);
                    json!({ "valueString": n.to_string(), "extension": if scored { score } else { json!([]) } })
                })
                .collect()
        };
        let hint = |code: &str| {
            json!([{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
            "valueCodeableConcept": { "coding": [{ "code": code }] } }])
        };
        for (item, shape) in [
            (json!({ "type": "boolean" }), Shape::Boolean),
            (
                json!({ "type": "choice", "answerOption": options(4, true) }),
                Shape::Scale,
            ),
            (
                json!({ "type": "choice", "answerOption": options(4, false) }),
                Shape::Rows,
            ),
            (
                json!({ "type": "choice", "answerOption": options(8, true) }),
                Shape::DropDown,
            ),
            (
                json!({ "type": "choice", "answerOption": options(3, false), "extension": hint("drop-down") }),
                Shape::DropDown,
            ),
            (
                json!({ "type": "choice", "answerOption": options(9, false), "extension": hint("radio-button") }),
                Shape::Rows,
            ),
            (
                json!({ "type": "choice", "answerOption": options(9, true), "repeats": true }),
                Shape::Rows,
            ),
            (
                json!({ "type": "open-choice", "answerOption": options(9, false) }),
                Shape::Rows,
            ),
            (
                json!({ "type": "choice", "answerValueSet": "http://example.org/v" }),
                Shape::Line,
            ),
            (
                json!({ "type": "choice", "answerOption": options(3, false), "extension": hint("autocomplete") }),
                Shape::Autocomplete,
            ),
            (
                json!({ "type": "choice", "answerOption": options(41, false) }),
                Shape::Autocomplete,
            ),
            (
                json!({ "type": "boolean", "extension": hint("check-box") }),
                Shape::Tick,
            ),
            (
                json!({ "type": "integer", "extension": hint("slider") }),
                Shape::Number,
            ),
            (json!({ "type": "reference" }), Shape::Reference),
            (json!({ "type": "quantity" }), Shape::Number),
            (json!({ "type": "string", "repeats": true }), Shape::Lines),
            (json!({ "type": "text" }), Shape::LongText),
            (json!({ "type": "string", "readOnly": true }), Shape::Fixed),
            (json!({ "type": "attachment" }), Shape::Attachment),
            (
                json!({ "type": "attachment", "extension": hint("signature") }),
                Shape::Signature,
            ),
            (json!({ "type": "attachment", "readOnly": true }), Shape::Fixed),
        ] {
            let mut whole = item.clone();
            whole["linkId"] = json!("q");
            let form = forms::Form::open(&json!({ "item": [whole] })).unwrap();
            let view = form.item(form.find("q").unwrap());
            assert_eq!(super::shape(&view, false), shape, "{item}");
        }
    }
}
