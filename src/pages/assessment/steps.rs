//! Where in an assessment somebody is, and the one step that comes next. Pure.

use forms::{Form, ItemId, Problem, SectionId};
use protocol::Status;

use crate::language::tr;

/// A page of the assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Section(SectionId),
    /// Check the whole, and turn it in.
    Finish,
    /// What was changed, by whom and when.
    History,
    /// The whole, as it goes on paper.
    Print,
}

/// The last part of the address of the page that ends an assessment.
pub const FINISH: &str = "finish";
const HISTORY: &str = "history";
const PRINT: &str = "print";

impl Place {
    /// The last part of the address.
    pub fn slug(self) -> String {
        match self {
            Self::Section(section) => (section.index() + 1).to_string(),
            Self::Finish => FINISH.to_owned(),
            Self::History => HISTORY.to_owned(),
            Self::Print => PRINT.to_owned(),
        }
    }

    /// The page that an address names. An address without a page leads to where one left off, or else to where the work is; one
    /// of a section that does not apply now leads to the check.
    pub fn of(slug: Option<&str>, form: &Form, status: Status, left_off: Option<SectionId>) -> Self {
        match slug {
            None if status != Status::Draft => Self::Finish,
            None => {
                let mut sections = form.applying().map(|section| section.id);
                let first = sections.clone().next();
                let open = sections.find(|section| !is_done(form, *section));
                left_off
                    .or(open)
                    .or(first.filter(|_| is_untouched(form)))
                    .map_or(Self::Finish, Self::Section)
            }
            Some(HISTORY) => Self::History,
            Some(PRINT) => Self::Print,
            Some(slug) => {
                let wanted = slug.parse::<usize>().ok();
                let found = form
                    .applying()
                    .find(|section| wanted == Some(section.id.index() + 1));
                found.map_or(Self::Finish, |section| Self::Section(section.id))
            }
        }
    }

    /// The page on which this is wrong. A rule of the form as a whole is told on the last.
    pub fn of_problem(form: &Form, problem: &Problem) -> Self {
        problem
            .about()
            .map_or(Self::Finish, |item| Self::of_item(form, item))
    }

    /// The page on which this is asked. What stands on none, such as what is hidden, is told on the last.
    pub fn of_item(form: &Form, item: ItemId) -> Self {
        let section = form.section_of(item).filter(|_| !form.item(item).hidden);
        section.map_or(Self::Finish, Self::Section)
    }

    /// The page after this one; nothing comes after the check.
    pub fn next(self, form: &Form) -> Option<Self> {
        let Self::Section(here) = self else {
            return None;
        };
        let next = form.applying().find(|section| section.id > here);
        Some(next.map_or(Self::Finish, |section| Self::Section(section.id)))
    }

    pub fn title(self, form: &Form) -> String {
        match self {
            Self::Section(section) => form
                .sections()
                .get(section.index())
                .map(|section| section.title.clone())
                .unwrap_or_default(),
            Self::Finish => tr!("Check and finish").to_owned(),
            Self::History => tr!("History").to_owned(),
            Self::Print => tr!("Print view").to_owned(),
        }
    }
}

/// Every required question is answered, something is, and nothing is wrong.
pub fn is_done(form: &Form, section: SectionId) -> bool {
    let progress = form.progress(section);
    let nothing_to_answer = progress.questions == 0;
    progress.errors == 0
        && progress.required_answered == progress.required
        && (nothing_to_answer || progress.answered > 0)
}

fn is_untouched(form: &Form) -> bool {
    form.sections()
        .iter()
        .all(|section| form.progress(section.id).answered == 0)
}

/// Answered questions and all questions. What does not apply now counts for neither.
pub fn whole(form: &Form) -> (usize, usize) {
    form.sections()
        .iter()
        .map(|section| form.progress(section.id))
        .fold((0, 0), |(answered, all), progress| {
            (answered + progress.answered, all + progress.questions)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Answer;
    use serde_json::json;

    fn form() -> Form {
        Form::open(
            &json!({ "resourceType": "Questionnaire", "title": "Sample", "item": [
            { "linkId": "1", "type": "group", "text": "Mood", "item": [
                { "linkId": "1.1", "type": "boolean", "text": "Sad?", "required": true },
                { "linkId": "1.2", "type": "boolean", "text": "Glad?" } ] },
            { "linkId": "2", "type": "group", "text": "Only when sad",
              "enableWhen": [{ "question": "1.1", "operator": "=", "answerBoolean": true }],
              "item": [{ "linkId": "2.1", "type": "string", "text": "Why?", "required": true }] },
            { "linkId": "3", "type": "group", "text": "Words",
              "item": [{ "linkId": "3.1", "type": "display", "text": "Thank you." }] },
        ] }),
        )
        .unwrap()
    }

    fn answer(form: &mut Form, link_id: &str, answer: Answer) {
        let item = form.find(link_id).unwrap();
        form.answer(item, vec![answer]).unwrap();
    }

    fn title(place: Place, form: &Form) -> String {
        place.title(form)
    }

    #[test]
    fn the_next_step_passes_over_what_does_not_apply() {
        let mut form = form();
        let first = Place::of(Some("1"), &form, Status::Draft, None);
        assert_eq!(title(first, &form), "Mood");
        assert_eq!(title(first.next(&form).unwrap(), &form), "Words");
        answer(&mut form, "1.1", Answer::Boolean(true));
        let second = first.next(&form).unwrap();
        assert_eq!(title(second, &form), "Only when sad");
        let last = second.next(&form).unwrap();
        assert_eq!(last.next(&form), Some(Place::Finish));
        assert_eq!(Place::Finish.next(&form), None);
    }

    #[test]
    fn an_address_without_a_page_leads_to_where_the_work_is() {
        let mut form = form();
        assert_eq!(title(Place::of(None, &form, Status::Draft, None), &form), "Mood");
        answer(&mut form, "1.1", Answer::Boolean(true));
        assert_eq!(
            title(Place::of(None, &form, Status::Draft, None), &form),
            "Only when sad"
        );
        answer(&mut form, "2.1", Answer::String("rain".into()));
        assert_eq!(Place::of(None, &form, Status::Draft, None), Place::Finish);
        // Where one left off comes first, and in a Draft only.
        let last = Some(form.sections()[2].id);
        assert_eq!(title(Place::of(None, &form, Status::Draft, last), &form), "Words");
        assert_eq!(Place::of(None, &form, Status::Pending, last), Place::Finish);
        assert_eq!(Place::of(None, &form, Status::Complete, None), Place::Finish);
    }

    #[test]
    fn an_address_that_does_not_apply_leads_to_the_check() {
        let form = form();
        for slug in ["2", "9", "0", "-1", "x", "finish", ""] {
            assert_eq!(
                Place::of(Some(slug), &form, Status::Draft, None),
                Place::Finish,
                "{slug:?}"
            );
        }
        let third = Place::of(Some("3"), &form, Status::Draft, None);
        assert_eq!(Place::of(Some(&third.slug()), &form, Status::Draft, None), third);
    }

    #[test]
    fn the_whole_counts_what_applies() {
        let mut form = form();
        assert_eq!(whole(&form), (0, 2));
        answer(&mut form, "1.1", Answer::Boolean(true));
        assert_eq!(whole(&form), (1, 3));
    }
}
