//! What somebody does with a form, chosen by numbers: answers, clears, adds, takes away, goes back and forth.

use forms::{Answer, Form, ItemId, ItemView, Kind, Origin, Problem, Status, Tally, Waiver};
use serde_json::Value;

/// Everything that a page can see of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// `None` where it does not matter which instance it is.
    pub id: Option<ItemId>,
    pub link_id: String,
    pub enabled: bool,
    pub answers: Vec<Answer>,
    pub overridden: bool,
    pub problems: Vec<(forms::Rule, String, Option<Waiver>)>,
    pub total: Option<Tally>,
    pub text: String,
    pub options: Vec<String>,
    pub children: usize,
}

pub fn seen(form: &Form) -> Vec<Seen> {
    let problem = |problem: &Problem| (problem.rule, problem.message.clone(), problem.waiver.clone());
    form.items()
        .map(|item| Seen {
            id: Some(item.id),
            link_id: item.link_id.to_owned(),
            enabled: item.enabled,
            answers: item.answers.to_vec(),
            overridden: item.overridden,
            problems: item.problems.iter().map(problem).collect(),
            total: item.total,
            text: item.text.to_owned(),
            options: item.options.iter().map(|option| option.display.clone()).collect(),
            children: item.children.iter().count(),
        })
        .collect()
}

/// The same without the names of the instances, which differ where a form was opened anew. Where nothing is left to
/// compare, two forms are in the same state.
pub fn state(form: &Form) -> Vec<Seen> {
    let mut seen = seen(form);
    seen.iter_mut().for_each(|seen| seen.id = None);
    seen
}

/// What is typed into a question of this kind: nothing, answers, and what is none.
fn typed(kind: Kind) -> [&'static str; 5] {
    match kind {
        Kind::Boolean => ["", "true", "false", "perhaps", "true"],
        Kind::Integer => ["", "1", "2", "1.5", "40"],
        Kind::Decimal | Kind::Quantity => ["", "1", "2.50", "1.2.3", "70"],
        Kind::Date => ["", "2026-11-23", "2027-01-01", "2026-02-30", "1950-03"],
        Kind::DateTime => ["", "2026-11-23T10:00:00Z", "2027", "now", "1950-03"],
        Kind::Time => ["", "10:00", "23:59:59", "25:00", "00:00"],
        Kind::Url => ["", "http://example.org", "urn:oid:1.2", "a b", "x"],
        Kind::Reference => ["", "Patient/1", "http://example.org/Patient/2", "a b", "x"],
        _ => ["", "words", "other words", "\n", "1"],
    }
}

fn answers(item: &ItemView<'_>, what: usize) -> Vec<Answer> {
    let typed = typed(item.kind);
    if item.repeats && item.options.is_empty() {
        let lines = typed
            .iter()
            .enumerate()
            .filter(|(line, _)| (what >> (line % 16)) & 1 == 1);
        return lines.flat_map(|(_, line)| item.read(line)).collect();
    }
    if item.options.is_empty() || what.is_multiple_of(11) {
        return item.read(typed[what % 5]);
    }
    let most = if item.repeats { 3 } else { 1 };
    let chosen = item
        .options
        .iter()
        .enumerate()
        .filter(|(place, _)| (what >> (place % 16)) & 1 == 1);
    chosen
        .map(|(_, option)| option.answer.clone())
        .take(most)
        .collect()
}

fn waiver() -> Waiver {
    Waiver {
        reason: "The form contradicts itself.".to_owned(),
        by: "Nurse One".to_owned(),
        at: "2026-11-26T08:00:00Z".to_owned(),
    }
}

fn origin() -> Origin {
    Origin {
        from: "urn:uuid:00000000-0000-4000-8000-000000000001".to_owned(),
        when: "2026-11-03T09:00:00Z".to_owned(),
    }
}

/// Does one thing, and checks that exactly what it changed is named: a page that draws only that shows the whole truth.
pub fn act(form: &mut Form, item: usize, what: usize) {
    let before = seen(form);
    let ids: Vec<ItemId> = before.iter().filter_map(|seen| seen.id).collect();
    let id = ids[item % ids.len()];
    let changes = match what % 16 {
        0 => form.undo(),
        1 => form.redo(),
        2 | 3 => form.add(id).ok().map(|(_, changes)| changes),
        4 => form.remove(id).ok(),
        5 if what.is_multiple_of(3) => {
            form.pause();
            None
        }
        5 => {
            let problems = form.problems();
            let problem = problems.iter().find(|problem| problem.can_be_waived());
            problem.and_then(|problem| form.waive(problem, waiver()).ok())
        }
        6 if what.is_multiple_of(3) => {
            let words = ["", "a note", "another note", " "][what / 16 % 4];
            if let Some(section) = form.section_of(id) {
                form.write_note(section, words);
            }
            None
        }
        6 => {
            let answers = answers(&form.item(id), what / 16);
            form.take(id, answers, &origin()).ok()
        }
        _ => {
            let answers = answers(&form.item(id), what / 16);
            form.answer(id, answers).ok()
        }
    };
    let after = seen(form);
    let Some(changes) = changes else {
        assert_eq!(after, before, "nothing was done, and nothing changed");
        return;
    };
    for new in &after {
        let Some(old) = before.iter().find(|old| old.id == new.id) else {
            continue;
        };
        let change = new.id.and_then(|id| changes.of(id));
        let at = &new.link_id;
        assert_eq!(
            change.is_some_and(|c| c.enabled),
            old.enabled != new.enabled,
            "enabled {at}"
        );
        let answered = (&old.answers, old.overridden) != (&new.answers, new.overridden);
        assert_eq!(change.is_some_and(|c| c.answers), answered, "answers {at}");
        assert_eq!(
            change.is_some_and(|c| c.problems),
            old.problems != new.problems,
            "problems {at}: {:?} {:?}",
            old.problems,
            new.problems
        );
        assert!(
            change.is_some_and(|c| c.tally) || old.total == new.total,
            "tally {at}"
        );
        let worded = (&old.text, &old.options) != (&new.text, &new.options);
        assert!(change.is_some_and(|c| c.wording) || !worded, "words {at}");
        assert!(
            change.is_some_and(|c| c.children) || old.children == new.children,
            "children {at}"
        );
    }
}

/// What `form` is when it is saved and opened again; `None` where it is the same.
pub fn difference(questionnaire: &Value, form: &Form) -> Option<String> {
    let (response, set_aside) = (form.response(Status::InProgress), form.set_aside());
    let again = match Form::resume(questionnaire, &response, &set_aside) {
        Ok(again) => again,
        Err(error) => return Some(error.to_string()),
    };
    let (left, right) = (state(form), state(&again));
    if left.len() != right.len() {
        return Some(format!("{} items became {}", left.len(), right.len()));
    }
    if let Some((left, right)) = left.iter().zip(&right).find(|(left, right)| left != right) {
        return Some(format!(
            "{left:?}\nbecame\n{right:?}\n{response:#}\n{set_aside:#}"
        ));
    }
    if again.response(Status::InProgress) != response {
        return Some(format!(
            "{response:#}\nbecame\n{:#}",
            again.response(Status::InProgress)
        ));
    }
    (again.set_aside() != set_aside).then(|| format!("{set_aside:#}\nbecame\n{:#}", again.set_aside()))
}
