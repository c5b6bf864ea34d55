//! What a page reads of a form: items, sections, progress.

use super::{Form, ItemId, Problem, Tally};
use crate::{
    Answer, ChoiceOption, Coding, Control, Kind, Quantity,
    definition::{Definition, Item},
};

/// An item as it stands now.
#[derive(Clone, Copy, Debug)]
pub struct ItemView<'a> {
    pub id: ItemId,
    pub link_id: &'a str,
    pub text: &'a str,
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
    pub required: bool,
    pub repeats: bool,
    /// Not the user's to change: read-only, or calculated.
    pub read_only: bool,
    pub max_length: Option<usize>,
    /// Applies now, and so does everything above it.
    pub enabled: bool,
    /// Never drawn, whether enabled or not.
    pub hidden: bool,
    /// It is shown only under conditions.
    pub conditional: bool,
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

    /// The first answer as a text field shows it; empty when there is none.
    pub fn text_answer(&self) -> String {
        self.answers.first().map(ToString::to_string).unwrap_or_default()
    }

    /// Whether this option is among the answers.
    pub fn chosen(&self, option: &ChoiceOption) -> bool {
        self.answers.iter().any(|answer| option.is(answer))
    }
}

/// A part of the form that is a page of its own: a top-level group, or top-level questions in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub id: SectionId,
    /// The group's text, or the form's title.
    pub title: String,
    /// The group that this section is; `None` for questions in a row.
    pub group: Option<ItemId>,
    /// What the page shows, in order.
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
        let (item, state) = (&self.definition.items[at], &self.states[at]);
        ItemView {
            id: ItemId::at(at),
            link_id: &item.link_id,
            text: &item.text,
            prefix: item.prefix.as_deref(),
            kind: item.kind,
            control: item.control,
            horizontal: item.horizontal,
            options: &item.options,
            help: item.help.as_deref(),
            entry_format: item.entry_format.as_deref(),
            category: item.category.as_deref(),
            units: &item.units,
            required: item.required && !item.uncertain,
            repeats: item.repeats,
            read_only: item.read_only || item.calculation.is_some() || item.kind == Kind::Unsupported,
            max_length: item.max_length,
            enabled: state.enabled,
            hidden: item.hidden,
            conditional: !item.conditions.is_empty(),
            answers: &state.answers,
            problems: &state.problems,
            total: self.tally(at),
            children: Children(&item.children),
        }
    }

    /// The item with this link id; the first, where several have it.
    pub fn find(&self, link_id: &str) -> Option<ItemId> {
        self.named(link_id).first().map(|at| ItemId::at(*at))
    }

    /// Every item, in document order.
    pub fn items(&self) -> impl Iterator<Item = ItemView<'_>> {
        (0..self.states.len()).map(|at| self.item(ItemId::at(at)))
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

    /// Everything that keeps the form from being finished, in document order.
    pub fn problems(&self) -> Vec<Problem> {
        self.states
            .iter()
            .flat_map(|state| &state.problems)
            .cloned()
            .collect()
    }

    /// The pages of this form; they stay the same while it is filled in.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section on which this item is.
    pub fn section_of(&self, item: ItemId) -> Option<SectionId> {
        let mut top = item.at_index();
        while let Some(parent) = self.definition.items.get(top)?.parent {
            top = parent;
        }
        let top = ItemId::at(top);
        let holds = |section: &&Section| section.group == Some(top) || section.items.contains(&top);
        self.sections.iter().find(holds).map(|section| section.id)
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
            .filter(|problem| problem.rule != super::Rule::Required)
            .count();
        view.children.iter().for_each(|child| self.count(child, progress));
    }
}

pub(super) fn sections(definition: &Definition) -> Vec<Section> {
    let top = || {
        definition
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.parent.is_none() && !item.hidden)
    };
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
    for (at, item) in top() {
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
        items.extend(item.children.iter().map(|child| ItemId::at(*child)));
        add(Some(ItemId::at(at)), group_title(item, &title), items);
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
