//! A FHIR R4 Questionnaire becomes a [`Definition`]: one walk for the items, and `link` for what lies between them.

use serde_json::Value;

use super::json::{self, Object};
use super::{Control, Definition, Item, Kind, MAX_DEPTH, MAX_ITEMS, NotSupported, options};
use crate::{Answer, Coding, FormError};

/// Extensions that change what a form does and are not done here, with what that means for the user.
const NOT_DONE: [(&str, &str); 11] = [
    (
        "sdc-questionnaire-enableWhenExpression",
        "This is always shown. The form means to show it only at times; leave it empty where it does not apply.",
    ),
    (
        "sdc-questionnaire-initialExpression",
        "The form means to fill this in beforehand. Enter it yourself.",
    ),
    (
        "sdc-questionnaire-answerExpression",
        "The form means to work out the list of answers. Type the answer instead.",
    ),
    (
        "sdc-questionnaire-candidateExpression",
        "The form means to suggest answers. Type the answer instead.",
    ),
    (
        "sdc-questionnaire-answerOptionsToggleExpression",
        "All answers are offered, also those that the form means to leave out at times.",
    ),
    (
        "questionnaire-constraint",
        "The form has a rule for this that is not checked here.",
    ),
    (
        "targetConstraint",
        "The form has a rule for this that is not checked here.",
    ),
    (
        "cqf-expression",
        "The form means to adapt this text. It is shown as it is written.",
    ),
    (
        "regex",
        "The form wants this answer in a certain pattern, which is not checked here.",
    ),
    (
        "mimeType",
        "The form limits the kind of file, which is not checked here.",
    ),
    (
        "questionnaire-referenceResource",
        "The form limits what this may refer to, which is not checked here.",
    ),
];

pub(crate) fn read(questionnaire: &Value) -> Result<Definition, FormError> {
    let root = questionnaire.as_object().ok_or(FormError::NotAQuestionnaire)?;
    if json::text(root, "resourceType").is_some_and(|kind| kind != "Questionnaire") {
        return Err(FormError::NotAQuestionnaire);
    }
    let mut reader = Reader {
        root,
        items: Vec::new(),
        raw: Vec::new(),
        not_supported: Vec::new(),
    };
    reader.note_extensions(root, None);
    reader.walk(root, None, 1)?;
    if reader.items.is_empty() {
        return Err(FormError::NoItems);
    }
    reader.link()?;
    let own = |name| json::text(root, name).map(str::to_owned);
    Ok(Definition {
        url: own("url"),
        version: own("version"),
        title: own("title").or_else(|| own("name")),
        items: reader.items,
        not_supported: reader.not_supported,
    })
}

pub(super) struct Reader<'a> {
    root: &'a Object,
    pub items: Vec<Item>,
    /// The JSON of each item, for what can be read only when all are known.
    pub raw: Vec<&'a Object>,
    not_supported: Vec<NotSupported>,
}

impl<'a> Reader<'a> {
    fn walk(&mut self, holder: &'a Object, parent: Option<usize>, depth: usize) -> Result<(), FormError> {
        for raw in json::objects(holder, "item") {
            if depth > MAX_DEPTH {
                return Err(FormError::TooDeep);
            }
            if self.items.len() >= MAX_ITEMS {
                return Err(FormError::TooManyItems);
            }
            let at = self.items.len();
            let mut item = self.item(raw, at);
            item.parent = parent;
            if let Some(parent) = parent {
                self.adopt(parent, at, &mut item, raw);
            }
            self.items.push(item);
            self.raw.push(raw);
            self.walk(raw, Some(at), depth + 1)?;
        }
        Ok(())
    }

    /// A child's place below its parent; a text that only explains its parent becomes the parent's help or unit.
    fn adopt(&mut self, parent: usize, at: usize, item: &mut Item, raw: &Object) {
        let above = &mut self.items[parent];
        item.hidden |= above.hidden;
        item.uncertain |= above.uncertain;
        above.children.push(at);
        if item.kind != Kind::Display || above.hidden {
            return;
        }
        let codes = json::extension(raw, "questionnaire-itemControl")
            .map(json::codes)
            .unwrap_or_default();
        if codes.iter().any(|code| matches!(*code, "help" | "flyover")) {
            let help = above
                .help
                .take()
                .map_or(item.text.clone(), |help| format!("{help} {}", item.text));
            above.help = Some(help);
            item.hidden = true;
        } else if codes.contains(&"unit") && above.kind.is_question() {
            above.units.push(Coding {
                display: Some(item.text.clone()),
                ..Coding::default()
            });
            item.hidden = true;
        }
    }

    fn item(&mut self, raw: &'a Object, at: usize) -> Item {
        let link_id = json::text(raw, "linkId").map(str::to_owned).unwrap_or_else(|| {
            let made = format!("item-{}", at + 1);
            self.note(
                Some(&made),
                "linkId",
                "The form gives this no name of its own; one was made for it.",
            );
            made
        });
        let kind = self.kind(raw, &link_id);
        let ext = |name| json::extension(raw, name);
        // As they are written: a whole number may well be bounded by one with a fraction.
        let bound =
            |name| json::extensions(raw, name).find_map(|e| Answer::from_fhir(Kind::Display, "value", e));
        let mut item = Item {
            text: json::text(raw, "text").unwrap_or_default().to_owned(),
            prefix: json::text(raw, "prefix").map(str::to_owned),
            kind,
            control: ext("questionnaire-itemControl").map(control).unwrap_or_default(),
            horizontal: ext("questionnaire-choiceOrientation").and_then(Value::as_str) == Some("horizontal"),
            entry_format: ext("entryFormat").and_then(Value::as_str).map(str::to_owned),
            category: ext("questionnaire-displayCategory")
                .and_then(|v| json::codes(v).first().map(|c| (*c).to_owned())),
            units: json::extensions(raw, "questionnaire-unit")
                .chain(json::extensions(raw, "questionnaire-unitOption"))
                .filter_map(|e| e.get("valueCoding")?.as_object().map(Coding::from_fhir))
                .collect(),
            required: json::flag(raw, "required"),
            repeats: json::flag(raw, "repeats"),
            read_only: json::flag(raw, "readOnly"),
            hidden: ext("questionnaire-hidden")
                .and_then(json::boolean)
                .unwrap_or(false),
            uncertain: ext("sdc-questionnaire-enableWhenExpression").is_some(),
            min_length: ext("minLength").and_then(json::size),
            max_length: raw.get("maxLength").and_then(json::size),
            min_value: bound("minValue"),
            max_value: bound("maxValue"),
            max_decimal_places: ext("maxDecimalPlaces").and_then(json::size),
            min_occurs: ext("questionnaire-minOccurs").and_then(json::size),
            max_occurs: ext("questionnaire-maxOccurs").and_then(json::size),
            link_id,
            ..Item::default()
        };
        if item.text.is_empty() && kind != Kind::Group {
            let code = json::objects(raw, "code").find_map(|code| json::text(code, "display"));
            item.text = code.unwrap_or_default().to_owned();
        }
        self.options(raw, &mut item);
        self.initial(raw, &mut item);
        self.note_extensions(raw, Some(&item));
        item
    }

    fn kind(&mut self, raw: &Object, link_id: &str) -> Kind {
        let has_items = json::objects(raw, "item").next().is_some();
        match json::text(raw, "type") {
            Some("group") => Kind::Group,
            Some("display") => Kind::Display,
            Some("boolean") => Kind::Boolean,
            Some("decimal") => Kind::Decimal,
            Some("integer") => Kind::Integer,
            Some("date") => Kind::Date,
            Some("dateTime") => Kind::DateTime,
            Some("time") => Kind::Time,
            Some("string") => Kind::String,
            Some("text") => Kind::Text,
            Some("url") => Kind::Url,
            Some("choice" | "coding") => Kind::Choice,
            Some("open-choice") => Kind::OpenChoice,
            Some("quantity") => Kind::Quantity,
            Some(other) => {
                let meaning = "This cannot be filled in here. What it already holds is kept.";
                self.note(Some(link_id), &format!("item type \"{other}\""), meaning);
                Kind::Unsupported
            }
            None if has_items => Kind::Group,
            None => {
                self.note(
                    Some(link_id),
                    "item without a type",
                    "This is shown as text and cannot be answered.",
                );
                Kind::Display
            }
        }
    }

    fn options(&mut self, raw: &'a Object, item: &mut Item) {
        item.options = json::objects(raw, "answerOption")
            .filter_map(|raw| options::option(raw, item.kind))
            .collect();
        if let Some(url) = json::text(raw, "answerValueSet") {
            item.options.extend(options::contained(self.root, url));
            if item.options.is_empty() {
                let meaning = "The list of answers is not part of the form. Type the answer instead.";
                self.note(Some(&item.link_id), &format!("answerValueSet {url}"), meaning);
            }
        }
        item.closed = item.kind == Kind::Choice && !item.options.is_empty();
    }

    fn initial(&mut self, raw: &Object, item: &mut Item) {
        item.initial = json::objects(raw, "initial")
            .filter_map(|i| Answer::from_fhir(item.kind, "value", i))
            .collect();
        if item.initial.is_empty() {
            let selected = json::objects(raw, "answerOption").filter(|o| json::flag(o, "initialSelected"));
            item.initial = selected
                .filter_map(|o| Answer::from_fhir(item.kind, "value", o))
                .collect();
        }
        if !item.kind.is_question() {
            item.initial.clear();
        } else if !item.repeats {
            item.initial.truncate(1);
        }
    }

    fn note_extensions(&mut self, raw: &Object, item: Option<&Item>) {
        let link_id = item.map(|item| item.link_id.as_str());
        for (name, meaning) in NOT_DONE {
            if json::extension(raw, name).is_some() {
                self.note(link_id, name, meaning);
            }
        }
        if json::extension(raw, "variable").is_some() {
            self.note(
                link_id,
                "variable",
                "The form works with a value that is not worked out here.",
            );
        }
        let Some(item) = item.filter(|item| item.repeats) else {
            return;
        };
        if item.kind == Kind::Group {
            self.note(
                link_id,
                "repeating group",
                "This part can be filled in once, though the form allows several.",
            );
        } else if !matches!(item.kind, Kind::Choice | Kind::OpenChoice) {
            self.note(
                link_id,
                "repeating question",
                "One answer can be given, though the form allows several.",
            );
        }
    }

    pub fn note(&mut self, link_id: Option<&str>, feature: &str, meaning: &str) {
        self.not_supported.push(NotSupported {
            link_id: link_id.map(str::to_owned),
            feature: feature.to_owned(),
            meaning: meaning.to_owned(),
        });
    }
}

fn control(concept: &Value) -> Control {
    let known = json::codes(concept).into_iter().find_map(|code| match code {
        "radio-button" => Some(Control::RadioButton),
        "check-box" => Some(Control::CheckBox),
        "drop-down" => Some(Control::DropDown),
        "autocomplete" => Some(Control::Autocomplete),
        "slider" => Some(Control::Slider),
        "spinner" => Some(Control::Spinner),
        _ => None,
    });
    known.unwrap_or_default()
}
