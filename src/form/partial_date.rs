//! A date of which only the month or the year is known, as FHIR allows (<https://hl7.org/fhir/R4/datatypes.html#date>): a list of
//! months and a field for the year, where the browser's own calendar knows only whole days.

use crate::prelude::*;
use forms::{Answer, Date, ItemId, ItemView};
use leptos::html;

use super::{
    frame::{Question, no_longer},
    item::Sheet,
};
use crate::browser::device;

/// How much of a date is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Year,
    Month,
    Day,
}

impl Precision {
    /// What the form's `entryFormat` asks for, such as "YYYY" or "mm/yyyy".
    pub fn of(entry_format: Option<&str>) -> Self {
        let has = |letters: [char; 2]| entry_format.is_some_and(|format| format.contains(letters));
        match (has(['y', 'Y']), has(['m', 'M']), has(['d', 'D'])) {
            (true, false, false) => Self::Year,
            (true, true, false) => Self::Month,
            _ => Self::Day,
        }
    }
}

/// `more` stands below the fields.
pub(super) fn draw(sheet: Sheet, id: ItemId, more: Option<AnyView>) -> AnyView {
    let mut question = Question::of(sheet, id);
    question.explain(tr!("Leave the month out where only the year is known."));
    let form = sheet.form;
    let (take_in, leave, typing) = (question.take_in(), question.leave(), question.typing);
    let (month, year) = (NodeRef::<html::Select>::new(), NodeRef::<html::Input>::new());
    let fields = move || Some((year.get_untracked()?.value(), month.get_untracked()?.value()));
    effect(move || {
        let (Some(month), Some(year)) = (month.get(), year.get()) else {
            return;
        };
        let other = form.item(id, |item| {
            (read(&year.value(), &month.value()) != item.answers).then(|| write(&item))
        });
        if let Some((in_year, in_month)) = other {
            year.set_value(&in_year);
            month.set_value(&in_month);
        }
    });
    let type_in = move || {
        if let Some((year, month)) = fields() {
            take_in(read(&year, &month));
        }
    };
    let (in_year, in_month) = form.peek(id, |item| write(&item));
    let months = (1..=12).map(|month| {
        let value = format!("{month:02}");
        let selected = value == in_month;
        view! { <option value=value selected=selected>{device::month_name(month)}</option> }
    });
    let (month_id, year_id) = (question.part("month"), question.part("input"));
    let parts = view! {
        <div class="date-and-time">
            <div class="date-part">
                <label for=month_id.clone()>{tr!("Month")}</label>
                <select
                    id=month_id
                    node_ref=month
                    class="input input-month"
                    data-linkid=question.link_id.clone()
                    on:change=act(move || {
                        type_in();
                        leave();
                    })
                >
                    <option value="">{tr!("Not known")}</option>
                    {months.collect_view()}
                </select>
            </div>
            <div class="date-part">
                <label for=year_id.clone()>{tr!("Year")}</label>
                <input
                    id=year_id
                    node_ref=year
                    class="input input-year"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    data-linkid=question.link_id.clone()
                    aria-invalid=question.invalid()
                    prop:value=in_year
                    on:input=act(type_in)
                    on:change=act(leave)
                    on:blur=act(move || no_longer(typing))
                />
            </div>
        </div>
        {more}
    };
    question.fieldset("group", parts)
}

/// The date cut down to its month, which is all that is known of it.
pub(super) fn to_the_month(answers: &[Answer]) -> Vec<Answer> {
    let month = answers.first().map(ToString::to_string);
    let month = month.and_then(|date| Date::parse(date.get(..7)?));
    month.map(Answer::Date).into_iter().collect()
}

fn read(year: &str, month: &str) -> Vec<Answer> {
    let (year, month) = (year.trim(), month.trim());
    let text = match (year, month) {
        ("", "") => return Vec::new(),
        (year, "") => year.to_owned(),
        (year, month) => format!("{year}-{month}"),
    };
    vec![Date::parse(&text).map_or(Answer::Invalid(text), Answer::Date)]
}

/// Year and month as their fields show them.
fn write(item: &ItemView<'_>) -> (String, String) {
    let text = item.text_answer();
    let mut parts = text.splitn(3, '-').map(str::to_owned);
    let year = parts.next().unwrap_or_default();
    (year, parts.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_says_how_much_of_a_date_it_wants() {
        for (format, precision) in [
            (None, Precision::Day),
            (Some("YYYY"), Precision::Year),
            (Some("mm/yyyy"), Precision::Month),
            (Some("YYYY-MM-DD"), Precision::Day),
            (Some("mmm-dd"), Precision::Day),
            (Some("HH:MM"), Precision::Day),
        ] {
            assert_eq!(Precision::of(format), precision, "{format:?}");
        }
    }

    #[test]
    fn year_and_month_are_a_date_as_far_as_they_are_known() {
        for (year, month, date, valid) in [
            ("2019", "", "2019", true),
            (" 2019 ", "04", "2019-04", true),
            ("19", "", "19", false),
            ("", "04", "-04", false),
            ("2o19", "04", "2o19-04", false),
        ] {
            let read = read(year, month);
            assert_eq!(
                (read[0].to_string().as_str(), !read[0].is_invalid()),
                (date, valid)
            );
        }
        assert!(read("", " ").is_empty());
        let whole = Date::parse("2026-11-23").map(Answer::Date).unwrap();
        assert_eq!(to_the_month(&[whole])[0].to_string(), "2026-11");
        assert!(to_the_month(&[]).is_empty());
    }
}
