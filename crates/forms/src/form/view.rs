//! What a page reads of a form: items, sections, progress.

use rust_decimal::Decimal;

use super::{Form, ItemId, Problem, Severity, Tally};
use crate::{
    Answer, ChoiceOption, Coding, Control, Hints, Kind, Quantity,
    definition::{Item, words_of},
};

/// An item as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct ItemView<'a> {
    pub id: ItemId,
    pub link_id: &'a str,
    /// What the item is in code systems, such as LOINC: the codes of FHIR's `item.code`.
    pub codes: &'a [String],
    pub text: &'a str,
    /// What to call it: its text; where the form gives it none, that of what it stands in, and its link id where there is none
    /// either.
    pub name: &'a str,
    pub prefix: Option<&'a str>,
    pub kind: Kind,
    pub control: Control,
    /// The form would like the options side by side.
    pub horizontal: bool,
    pub options: &'a [ChoiceOption],
    /// What explains the question.
    pub help: Option<&'a str>,
    /// How the answer is written, such as "mmm-dd".
    pub entry_format: Option<&'a str>,
    /// FHIR's `displayCategory` of a text: "instructions", "security", or the form's own, such as "safety".
    pub category: Option<&'a str>,
    /// The units that the number may be in; the first is the usual one.
    pub units: &'a [Coding],
    /// Another unit than these may be given, in the user's own words.
    pub open_units: bool,
    /// The code system that such a unit is a code of, where the form names one.
    pub unit_system: Option<&'a str>,
    /// Further wishes about how it is drawn.
    pub hints: Option<&'a Hints>,
    pub required: bool,
    pub repeats: bool,
    /// It can be there several times, each with all that is in it: a group that repeats, or what is asked below an answer.
    pub several: bool,
    /// Not the user's to change.
    pub read_only: bool,
    /// The form works the answer out; where it is not read-only, the user may give another.
    pub calculated: bool,
    /// The user has given another.
    pub overridden: bool,
    pub max_length: Option<usize>,
    pub min_value: Option<&'a Answer>,
    pub max_value: Option<&'a Answer>,
    /// Of attachments: the kinds of files that are taken.
    pub mime_types: &'a [String],
    /// Of attachments: the most bytes.
    pub max_size: Option<Decimal>,
    /// Applies now, and so does everything above it.
    pub enabled: bool,
    /// Never drawn, whether enabled or not.
    pub hidden: bool,
    /// It is shown only under conditions.
    pub conditional: bool,
    /// Its text or its options follow the answers.
    pub varies: bool,
    /// Of what is asked below an answer, that answer.
    pub answers: &'a [Answer],
    pub problems: &'a [Problem],
    /// Present when this item is a total.
    pub total: Option<Tally>,
    pub children: Children<'a>,
}

/// The items right below an item, in order.
#[derive(Clone, Copy, Debug)]
pub struct Children<'a>(&'a [usize]);

impl<'a> Children<'a> {
    pub fn iter(&self) -> impl Iterator<Item = ItemId> + 'a {
        self.0.iter().map(|at| ItemId::at(*at))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl ItemView<'_> {
    /// Drawn now: enabled and not hidden.
    pub fn shown(&self) -> bool {
        self.enabled && !self.hidden
    }

    /// What a text field's content says as the answers to this question.
    pub fn read(&self, text: &str) -> Vec<Answer> {
        let answer = Answer::read(self.kind, text).map(|answer| match (answer, self.units.first()) {
            (Answer::Quantity(quantity), Some(unit)) => {
                Answer::Quantity(Box::new(Quantity::in_unit(*quantity, unit)))
            }
            (answer, _) => answer,
        });
        answer.into_iter().collect()
    }

    /// The same number in the unit that these words mean: one of the list, or else one of the user's own, which is a code where the
    /// form says of which system. No words: in none. What has no unit stays as it is.
    pub fn in_unit(&self, answer: &Answer, words: &str) -> Answer {
        let words = words.trim();
        let Answer::Quantity(quantity) = answer else {
            return answer.clone();
        };
        let own = || {
            let system = self.unit_system.filter(|_| !words.is_empty());
            Coding {
                system: system.map(str::to_owned),
                code: system.map(|_| words.to_owned()),
                display: Some(words.to_owned()),
                ..Coding::default()
            }
        };
        let listed = self.units.iter().find(|unit| unit.text() == words);
        let unit = listed.cloned().unwrap_or_else(own);
        let mut turned = quantity.clone().in_unit(&unit);
        turned.unit = turned.unit.filter(|unit| !unit.is_empty());
        Answer::Quantity(Box::new(turned))
    }

    /// The first answer as a text field shows it; empty when there is none.
    pub fn text_answer(&self) -> String {
        self.answers.first().map(ToString::to_string).unwrap_or_default()
    }

    /// The words for an answer: where it is an option of the question, as the option is shown, in whatever language that is.
    pub fn words(&self, answer: &Answer) -> String {
        words_of(self.options, answer)
    }

    /// Whether this option is among the answers.
    pub fn chosen(&self, option: &ChoiceOption) -> bool {
        self.answers.iter().any(|answer| option.is(answer))
    }
}

/// A part of the form that is a page of its own: a top-level group, or top-level questions in a row. Where the whole form
/// is one group of groups, as with tabs, these are the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub id: SectionId,
    /// The group's text, or the form's title.
    pub title: String,
    /// The group that this section is; `None` for questions in a row.
    pub group: Option<ItemId>,
    /// What the page shows, in order. Of a group that repeats, each one that is there.
    pub items: Vec<ItemId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(usize);

impl SectionId {
    /// Its place among [`Form::sections`].
    pub fn index(self) -> usize {
        self.0
    }
}

/// How far a section is: questions that apply now and are the user's to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub required_answered: usize,
    pub required: usize,
    pub answered: usize,
    pub questions: usize,
    /// Problems other than a required answer that is missing.
    pub errors: usize,
}

impl Form {
    /// An item of this form. An id of another form may name another item or, past the end, the last one.
    pub fn item(&self, id: ItemId) -> ItemView<'_> {
        let at = id.at_index().min(self.states.len().saturating_sub(1));
        let state = &self.states[at];
        let item = &self.definition.items[state.def];
        let text = state.wording.as_deref().unwrap_or(&item.text);
        // What is asked below an answer is told by that answer, in the words of its question.
        let answered = state.parent.filter(|_| self.is_part(at)).unwrap_or(at);
        ItemView {
            id: ItemId::at(at),
            link_id: &item.link_id,
            codes: &item.codes,
            text,
            name: if text.is_empty() {
                self.definition.name_without_text(item)
            } else {
                text
            },
            prefix: item.prefix.as_deref(),
            kind: item.kind,
            control: item.control,
            horizontal: item.horizontal,
            options: self.options(answered),
            help: item.help.as_deref(),
            entry_format: item.entry_format.as_deref(),
            category: item.category.as_deref(),
            units: &self.definition.items[self.states[answered].def].units,
            open_units: item.open_units,
            unit_system: item.unit_system.as_deref(),
            hints: item.hints.as_deref(),
            required: item.required && !state.uncertain && !item.uncertain,
            repeats: item.repeats,
            several: item.is_several(),
            read_only: self.is_read_only(state.def),
            calculated: item.calculation.is_some(),
            overridden: state.overridden,
            max_length: item.max_length,
            min_value: item.min_value.as_ref(),
            max_value: item.max_value.as_ref(),
            mime_types: &item.mime_types,
            max_size: item.max_size,
            enabled: state.enabled && !state.gone,
            hidden: item.hidden,
            conditional: !item.conditions.is_empty() || item.enable.is_some() || self.is_part(at),
            varies: item.wording.is_some() || item.offers.is_some() || !item.toggles.is_empty(),
            answers: &state.answers,
            // Rules of the form as a whole, which the first item keeps, come last.
            problems: &state.problems[..state.problems.partition_point(|problem| !problem.whole)],
            total: state.tally,
            children: Children(&state.children),
        }
    }

    /// The item with this link id; the first, where several have it.
    pub fn find(&self, link_id: &str) -> Option<ItemId> {
        let def = *self.named(link_id).first()?;
        self.instances[def].first().map(|at| ItemId::at(*at))
    }

    /// Every item with this link id: one for each time that the groups it stands in are there.
    pub fn find_all(&self, link_id: &str) -> Vec<ItemId> {
        let instances = self.named(link_id).iter().flat_map(|def| &self.instances[*def]);
        instances.map(|at| ItemId::at(*at)).collect()
    }

    /// Every item, in document order.
    pub fn items(&self) -> impl Iterator<Item = ItemView<'_>> {
        self.walk(&self.roots).map(|at| self.item(ItemId::at(at)))
    }

    /// These instances and all that is below them, in document order.
    pub(super) fn walk(&self, row: &[usize]) -> impl Iterator<Item = usize> {
        let mut waiting: Vec<usize> = row.iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let at = waiting.pop()?;
            waiting.extend(self.states[at].children.iter().rev());
            Some(at)
        })
    }

    /// The group that repeats, or what is asked below one of several answers, within which this item stands, or the item itself
    /// where it is one.
    pub fn instance_of(&self, item: ItemId) -> Option<ItemId> {
        let mut here = Some(item.at_index());
        while let Some(at) = here {
            let state = self.states.get(at)?;
            if self.definition.items[state.def].is_several() {
                return Some(ItemId::at(at));
            }
            here = state.parent;
        }
        None
    }

    /// Whether a question is answered, or any question of a group or below an answer.
    pub fn is_answered(&self, item: ItemId) -> bool {
        self.at(item).is_ok_and(|at| self.has_answer(at))
    }

    /// Which one this is of those of its group, counted from 0, and how many there are.
    pub fn place_of(&self, group: ItemId) -> (usize, usize) {
        let Ok(at) = self.at(group) else { return (0, 0) };
        let siblings = self.siblings(at);
        let place = siblings.iter().position(|sibling| *sibling == at);
        (place.unwrap_or_default(), siblings.len())
    }

    /// All of those that are there of this group, in order, itself included.
    pub fn instances_of(&self, group: ItemId) -> Vec<ItemId> {
        let at = self.at(group).ok();
        let all = at.map(|at| self.siblings(at)).unwrap_or_default();
        all.into_iter().map(ItemId::at).collect()
    }

    pub fn title(&self) -> Option<&str> {
        self.definition.title.as_deref()
    }

    pub fn url(&self) -> Option<&str> {
        self.definition.url.as_deref()
    }

    pub fn version(&self) -> Option<&str> {
        self.definition.version.as_deref()
    }

    /// Everything that keeps the form from being finished, in document order; rules of the form as a whole come last.
    pub fn problems(&self) -> Vec<Problem> {
        self.all_problems(Severity::Error)
    }

    /// What is to be looked at before the form is finished, in document order.
    pub fn warnings(&self) -> Vec<Problem> {
        self.all_problems(Severity::Warning)
    }

    fn all_problems(&self, severity: Severity) -> Vec<Problem> {
        let all = |whole: bool| {
            let problems = self.walk(&self.roots).flat_map(|at| &self.states[at].problems);
            problems.filter(move |problem| problem.severity == severity && problem.whole == whole)
        };
        all(false).chain(all(true)).cloned().collect()
    }

    /// The pages of this form; they stay the same while it is filled in, but for how often a group is there.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section on which this item is; none for the cover, which is on no page.
    pub fn section_of(&self, item: ItemId) -> Option<SectionId> {
        let mut top = item.at_index();
        let mut parent = self.states.get(top)?.parent;
        while parent != self.cover {
            let Some(above) = parent else { break };
            (top, parent) = (above, self.states.get(above)?.parent);
        }
        let top = ItemId::at(top);
        let holds = |section: &&Section| section.group == Some(top) || section.items.contains(&top);
        let found = self.sections.iter().find(holds);
        found.map(|section| section.id)
    }

    /// The pages of which anything is shown now.
    pub fn applying(&self) -> impl Iterator<Item = &Section> + Clone {
        self.sections.iter().filter(|section| self.applies(section.id))
    }

    /// Whether anything of this section is shown now.
    pub fn applies(&self, section: SectionId) -> bool {
        let Some(section) = self.sections.get(section.0) else {
            return false;
        };
        let group = section.group.is_none_or(|group| self.item(group).shown());
        group && section.items.iter().any(|item| self.item(*item).shown())
    }

    pub fn progress(&self, section: SectionId) -> Progress {
        let mut progress = Progress::default();
        if let Some(section) = self.sections.get(section.0) {
            section
                .items
                .iter()
                .for_each(|item| self.count(*item, &mut progress));
        }
        progress
    }

    fn count(&self, item: ItemId, progress: &mut Progress) {
        let view = self.item(item);
        if !view.shown() {
            return;
        }
        if view.kind.is_question() && !view.read_only {
            let answered = usize::from(!view.answers.is_empty());
            progress.questions += 1;
            progress.answered += answered;
            if view.required {
                progress.required += 1;
                progress.required_answered += answered;
            }
        }
        progress.errors += view
            .problems
            .iter()
            .filter(|problem| problem.is_wrong_answer())
            .count();
        view.children.iter().for_each(|child| self.count(child, progress));
    }
}

/// The group that only holds the form's pages together: the only one at the top, which asks nothing itself but in two or
/// more groups.
pub(super) fn cover(form: &Form) -> Option<usize> {
    let item = |at: &usize| &form.definition.items[form.states[*at].def];
    let mut seen = form.roots.iter().filter(|root| !item(root).hidden);
    let (at, None) = (*seen.next()?, seen.next()) else {
        return None;
    };
    let only = item(&at);
    let is_table = matches!(
        only.control,
        Control::Grid | Control::GTable | Control::HTable | Control::Table
    );
    let children = &form.states[at].children;
    let groups = children.iter().filter(|child| item(child).kind == Kind::Group);
    let asks_beside = children.iter().any(|child| item(child).kind.is_question());
    let is_cover = only.kind == Kind::Group && !only.is_repeating_group() && !is_table && only.help.is_none();
    (is_cover && !asks_beside && groups.count() > 1).then_some(at)
}

pub(super) fn sections(form: &Form) -> Vec<Section> {
    let definition = &form.definition;
    let parts = form
        .cover
        .map_or(&form.roots, |cover| &form.states[cover].children);
    let title = definition.title.clone().unwrap_or_else(|| "Questions".to_owned());
    let mut sections: Vec<Section> = Vec::new();
    let mut add = |group, title, items| {
        let id = SectionId(sections.len());
        sections.push(Section {
            id,
            title,
            group,
            items,
        });
    };
    let mut row = Vec::new();
    let mut asks = false;
    let groups = parts.chunk_by(|left, right| form.states[*left].def == form.states[*right].def);
    for instances in groups {
        let at = instances[0];
        let item = &definition.items[form.states[at].def];
        if item.hidden {
            continue;
        }
        if item.kind != Kind::Group {
            row.push(ItemId::at(at));
            asks |= item.kind.is_question();
            continue;
        }
        // Mere words before a group belong to its page.
        let before = std::mem::take(&mut row);
        let mut items = Vec::new();
        if asks {
            add(None, title.clone(), before);
        } else {
            items = before;
        }
        asks = false;
        if item.is_repeating_group() {
            // Each of them is a part of the page.
            items.extend(instances.iter().map(|at| ItemId::at(*at)));
            add(None, group_title(item, &title), items);
        } else {
            items.extend(form.states[at].children.iter().map(|child| ItemId::at(*child)));
            add(Some(ItemId::at(at)), group_title(item, &title), items);
        }
    }
    if !row.is_empty() {
        add(None, title, row);
    }
    sections
}

fn group_title(item: &Item, otherwise: &str) -> String {
    let words = if item.text.is_empty() {
        otherwise
    } else {
        &item.text
    };
    item.prefix
        .as_ref()
        .map_or_else(|| words.to_owned(), |prefix| format!("{prefix} {words}"))
}
