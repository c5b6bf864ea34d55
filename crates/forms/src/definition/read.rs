//! A FHIR R4 Questionnaire becomes a [`Definition`]: one walk for the items, and `link` for what lies between them.

use std::collections::HashMap;

use fhirpath::Expression;
use rust_decimal::Decimal;
use serde_json::Value;
use words::msg;

use super::formula::{self, Unread};
use super::json::{self, Object};
use super::options::{self, Library};
use super::picture;
use super::{
    Column, Constraint, Control, Definition, Formula, Hints, Item, Kind, MAX_DEPTH, MAX_ITEMS, MAX_REPEATS,
    NotSupported, Places, Toggle, Variable, translation,
};
use crate::{Answer, Coding, FormError, Setting, arena::Arena, markup, number};

/// Extensions that change what a form does and are not done here, with what that means for the user.
const NOT_DONE: [(&str, &str); 3] = [
    (
        "sdc-questionnaire-candidateExpression",
        msg!("The form means to suggest answers. Type the answer instead."),
    ),
    (
        "sdc-questionnaire-itemPopulationContext",
        msg!("The form means to fill this in beforehand. Enter it yourself."),
    ),
    (
        "sdc-questionnaire-subQuestionnaire",
        msg!("The form means to take in another form here, which is not part of it."),
    ),
];

/// A condition as an expression: SDC's, and that of the forms of Finland's patient record, which is older and means the same.
const CONDITIONS: [&str; 2] = [
    "sdc-questionnaire-enableWhenExpression",
    "fiphr-ext-questionnaire-enablewhen",
];

const ALWAYS_SHOWN: &str = msg!(
    "This is always shown. The form means to show it only at times; leave it empty where it does not apply."
);
const BEFOREHAND: &str = msg!("The form means to fill this in beforehand. Enter it yourself.");
pub(super) const BREAKS_A_RULE: &str = msg!("This answer breaks a rule of the form.");
const UNCHECKED: &str = msg!("The form has a rule for this that is not checked here.");

pub(crate) fn read(questionnaire: &Value, setting: &Setting) -> Result<Definition, FormError> {
    if json::is_too_deep(questionnaire) {
        return Err(FormError::TooDeep);
    }
    let root = questionnaire.as_object().ok_or(FormError::NotAQuestionnaire)?;
    if json::text(root, "resourceType").is_some_and(|kind| kind != "Questionnaire") {
        return Err(FormError::NotAQuestionnaire);
    }
    let mut reader = Reader {
        library: Library {
            root,
            beside: &setting.library,
            language: setting.language.as_deref(),
        },
        items: Vec::new().into(),
        places: HashMap::new(),
        raw: Vec::new(),
        variables: Vec::new(),
        constraints: Vec::new(),
        not_supported: Vec::new(),
    };
    reader.note_extensions(root, None);
    reader.note_signature(root, None);
    reader.variables = reader.variables_of(root, None);
    reader.constraints = reader.constraints_of(root, None);
    reader.walk(root, None, 1, |_| true)?;
    if reader.items.is_empty() {
        return Err(FormError::NoItems);
    }
    reader.link()?;
    let own = |name| json::text(root, name).map(str::to_owned);
    Ok(Definition {
        url: own("url"),
        version: own("version"),
        title: reader
            .words(root, "title")
            .map(str::to_owned)
            .or_else(|| own("name")),
        wants_questionnaire: reader.wants_questionnaire(),
        items: reader.items,
        places: reader.places,
        variables: reader.variables,
        constraints: reader.constraints,
        not_supported: reader.not_supported,
    })
}

pub(super) struct Reader<'a> {
    library: Library<'a>,
    pub items: Arena<Item>,
    pub places: Places,
    /// The JSON of each item, for what can be read only when all are known.
    pub raw: Vec<&'a Object>,
    pub variables: Vec<Variable>,
    pub constraints: Vec<Constraint>,
    not_supported: Vec<NotSupported>,
}

impl<'a> Reader<'a> {
    /// The items right in `holder` that are wanted, with all that is below them.
    fn walk(
        &mut self,
        holder: &'a Object,
        parent: Option<usize>,
        depth: usize,
        wanted: fn(&Object) -> bool,
    ) -> Result<(), FormError> {
        let Some(list) = holder.get("item") else {
            return Ok(());
        };
        let list = list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice);
        for (written_at, raw) in list.iter().enumerate() {
            let Some(raw) = raw.as_object().filter(|raw| wanted(raw)) else {
                continue;
            };
            if depth > MAX_DEPTH {
                return Err(FormError::TooDeep);
            }
            let at = self.items.len();
            let mut item = self.item(raw, at);
            item.written_at = written_at;
            if let Some(parent) = parent {
                self.adopt(parent, &mut item, raw);
            }
            self.push(parent, item, raw)?;
            match self.asks_below_each(at, raw) {
                true => {
                    self.walk(raw, Some(at), depth + 1, is_about_question)?;
                    self.below_each(at, raw)?;
                    self.walk(raw, self.items[at].below, depth + 1, |raw| {
                        !is_about_question(raw)
                    })?;
                }
                false => self.walk(raw, Some(at), depth + 1, |_| true)?,
            }
            let end = self.items.len();
            self.items[at].end = end;
            if let Some(below) = self.items[at].below {
                self.items[below].end = end;
            }
        }
        Ok(())
    }

    fn push(&mut self, parent: Option<usize>, mut item: Item, raw: &'a Object) -> Result<(), FormError> {
        let at = self.items.len();
        if at >= MAX_ITEMS {
            return Err(FormError::TooManyItems);
        }
        if let Some(parent) = parent {
            self.items[parent].children.push(at);
        }
        item.parent = parent;
        self.items.push(item);
        self.raw.push(raw);
        Ok(())
    }

    /// Whether a question takes several answers and asks something below each. Of answers that are worked out, what is below
    /// them may be what they are worked out from: there it is asked once.
    fn asks_below_each(&mut self, at: usize, raw: &Object) -> bool {
        let item = &self.items[at];
        let asks = json::objects(raw, "item").any(|raw| json::text(raw, "type") != Some("display"));
        if !item.kind.is_question() || !item.repeats || !asks {
            return false;
        }
        if item.calculation.is_none() {
            return true;
        }
        let link_id = item.link_id.clone();
        let meaning = msg!(
            "The form asks what is below this for each answer. Here it is asked once, about the first answer."
        );
        self.note(Some(&link_id), "item.answer.item", meaning);
        false
    }

    /// What stands for the items below one answer.
    fn below_each(&mut self, at: usize, raw: &'a Object) -> Result<(), FormError> {
        let mut below = blank();
        let question = &mut self.items[at];
        question.initial.truncate(MAX_REPEATS);
        question.below = Some(self.raw.len());
        below.link_id = question.link_id.clone();
        below.kind = Kind::Below;
        below.min_occurs = Some(question.initial.len());
        (below.hidden, below.uncertain, below.read_only) = (question.hidden, question.uncertain, true);
        self.push(Some(at), below, raw)
    }

    /// A child's place below its parent; a text that only explains its parent becomes the parent's help or unit.
    fn adopt(&mut self, parent: usize, item: &mut Item, raw: &Object) {
        let above = &mut self.items[parent];
        item.hidden |= above.hidden;
        item.uncertain |= above.uncertain;
        if item.kind != Kind::Display || above.hidden {
            return;
        }
        let codes = json::extension(raw, "questionnaire-itemControl")
            .map(json::codes)
            .unwrap_or_default();
        let is = |wanted| codes.contains(&wanted);
        // What slides between two ends has words at both.
        let end = match above.control {
            Control::Slider if is("lower") => Some(false),
            Control::Slider if is("upper") => Some(true),
            _ => None,
        };
        if is("help") {
            let help = above
                .help
                .take()
                .map_or(item.text.clone(), |help| format!("{help} {}", item.text));
            above.help = Some(help);
            item.hidden = true;
        } else if is("flyover") {
            // Some tools write the question itself so.
            match above.text.is_empty() {
                true => above.text.clone_from(&item.text),
                false => above.hints.get_or_insert_default().flyover = Some(item.text.clone()),
            }
            item.hidden = true;
        } else if let Some(upper) = end {
            let hints = above.hints.get_or_insert_default();
            let place = if upper { &mut hints.upper } else { &mut hints.lower };
            *place = Some(item.text.clone());
            item.hidden = true;
        } else if is("unit") && above.kind.is_question() {
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
                msg!("The form gives this no name of its own; one was made for it."),
            );
            made
        });
        let kind = self.kind(raw, &link_id);
        let ext = |name| json::extension(raw, name);
        // As they are written: a whole number may well be bounded by one with a fraction.
        let bound =
            |name| json::extensions(raw, name).find_map(|e| Answer::from_fhir(Kind::Display, "value", e));
        let mut resource_types = json::texts(raw, "questionnaire-referenceResource");
        resource_types.extend(json::texts(raw, "questionnaire-referenceProfile"));
        for name in &mut resource_types {
            *name = name.rsplit('/').next().unwrap_or_default();
        }
        let mut item = Item {
            text: self.words(raw, "text").unwrap_or_default().to_owned(),
            prefix: self.words(raw, "prefix").map(str::to_owned),
            codes: json::objects(raw, "code")
                .filter_map(|code| json::text(code, "code").map(str::to_owned))
                .collect(),
            kind,
            control: ext("questionnaire-itemControl").map(control).unwrap_or_default(),
            horizontal: ext("questionnaire-choiceOrientation").and_then(Value::as_str) == Some("horizontal"),
            // How much of a date is meant is read from its letters.
            entry_format: translation::extension(
                raw,
                "entryFormat",
                self.library.language.filter(|_| kind != Kind::Date),
            )
            .map(str::to_owned),
            category: ext("questionnaire-displayCategory")
                .and_then(|v| json::codes(v).first().map(|c| (*c).to_owned())),
            hints: self.hints(raw, kind),
            required: json::flag(raw, "required"),
            repeats: json::flag(raw, "repeats"),
            read_only: json::flag(raw, "readOnly"),
            hidden: ext("questionnaire-hidden")
                .and_then(json::boolean)
                .unwrap_or(false),
            mime_types: owned(json::texts(raw, "mimeType")),
            max_size: ext("maxSize").and_then(number::from_json).map(bytes),
            resource_types: owned(resource_types),
            min_length: ext("minLength").and_then(json::size),
            max_length: raw.get("maxLength").and_then(json::size),
            min_value: bound("minValue"),
            max_value: bound("maxValue"),
            max_decimal_places: ext("maxDecimalPlaces").and_then(json::size),
            min_occurs: ext("questionnaire-minOccurs").and_then(json::size),
            max_occurs: ext("questionnaire-maxOccurs").and_then(json::size),
            link_id,
            ..blank()
        };
        if item.text.is_empty() && kind != Kind::Group {
            let short = item.hints.as_ref().and_then(|hints| hints.short_text.as_deref());
            let code = || json::objects(raw, "code").find_map(|code| json::text(code, "display"));
            item.text = short.or_else(code).unwrap_or_default().to_owned();
        }
        for (name, to) in [
            ("minQuantity", &mut item.min_value),
            ("maxQuantity", &mut item.max_value),
        ] {
            let name = format!("sdc-questionnaire-{name}");
            if let Some(bound) =
                json::extensions(raw, &name).find_map(|e| Answer::from_fhir(Kind::Quantity, "value", e))
            {
                *to = Some(bound);
            }
        }
        self.units(raw, &mut item);
        self.pattern(raw, &mut item);
        self.options(raw, &mut item);
        self.columns(raw, &mut item);
        self.initial(raw, &mut item);
        self.expressions(raw, &mut item);
        self.note_extensions(raw, Some(&item));
        if kind == Kind::Group {
            self.note_signature(raw, Some(&item.link_id));
        }
        item
    }

    /// The further wishes about how an item is drawn; most items have none.
    fn hints(&self, raw: &Object, kind: Kind) -> Option<Box<Hints>> {
        let text = |name| translation::extension(raw, name, self.library.language).map(str::to_owned);
        // How the text is drawn holds it once more: in the wanted language too, or else as the text itself is shown.
        let language = self.library.language;
        let is_written = language.is_none_or(|wanted| translation::translated(raw, "text", wanted).is_none());
        let beside = raw.get("_text").and_then(Value::as_object);
        let of_text = |name| {
            let text = beside?;
            let translated = language.and_then(|wanted| translation::of_extension(text, name, wanted));
            let written = || json::extension(text, name).and_then(Value::as_str);
            translated.or_else(|| written().filter(|_| is_written))
        };
        let source = |address: &str| picture::source(self.library.root, address);
        let mut markup = of_text("rendering-xhtml")
            .map(|xhtml| markup::read(xhtml, &source))
            .or_else(|| of_text("rendering-markdown").map(markup::read_markdown))
            .unwrap_or_default();
        markup::name_picture(&mut markup, self.words(raw, "text").unwrap_or_default());
        let hints = Hints {
            short_text: text("sdc-questionnaire-shortText"),
            open_label: text("sdc-questionnaire-openLabel"),
            support_links: owned(json::texts(raw, "questionnaire-supportLink")),
            collapsible: text("sdc-questionnaire-collapsible"),
            slider_step: json::extension(raw, "questionnaire-sliderStepValue").and_then(number::from_json),
            columns: json::extension(raw, "sdc-questionnaire-columnCount").and_then(json::size),
            style: of_text("rendering-style").map(str::to_owned),
            markup,
            flyover: None,
            lower: None,
            upper: None,
            picture: json::extension(raw, "sdc-questionnaire-itemMedia")
                .and_then(|media| picture::read(self.library.root, media, self.library.language)),
            signature: kind == Kind::Attachment
                && (json::extension(raw, "questionnaire-signatureRequired").is_some()
                    || json::extension(raw, "questionnaire-itemControl")
                        .is_some_and(|control| json::codes(control).contains(&"signature"))),
            disabled_display: json::text(raw, "disabledDisplay").map(str::to_owned),
        };
        (hints != Hints::default()).then(|| Box::new(hints))
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
            Some("reference") => Kind::Reference,
            Some("attachment") => Kind::Attachment,
            Some(other) => {
                let meaning = msg!("This cannot be filled in here. What it already holds is kept.");
                self.note(Some(link_id), &format!("item type \"{other}\""), meaning);
                Kind::Unsupported
            }
            None if has_items => Kind::Group,
            None => {
                self.note(
                    Some(link_id),
                    "item without a type",
                    msg!("This is shown as text and cannot be answered."),
                );
                Kind::Display
            }
        }
    }

    fn options(&mut self, raw: &'a Object, item: &mut Item) {
        item.options = json::objects(raw, "answerOption")
            .filter_map(|raw| options::option(self.library.root, raw, item.kind, self.library.language))
            .collect();
        if let Some(url) = json::text(raw, "answerValueSet") {
            match self.library.options(url) {
                Some(options) => {
                    item.from_list = item.options.is_empty();
                    item.options.extend(options);
                }
                None => {
                    item.no_list = Some(self.library.systems(url));
                    let meaning =
                        msg!("The list of answers is not part of the form. Type the answer instead.");
                    self.note(Some(&item.link_id), &format!("answerValueSet {url}"), meaning);
                }
            }
        }
    }

    /// What is told of each option in columns.
    fn columns(&mut self, raw: &Object, item: &mut Item) {
        for column in json::extensions(raw, "sdc-questionnaire-choiceColumn") {
            let words = |name| {
                json::part(column, name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            match Expression::parse(words("path")) {
                Ok(path) => item.columns.push(Column {
                    label: translation::extension(column, "label", self.library.language)
                        .unwrap_or_default()
                        .to_owned(),
                    path,
                    for_display: json::part(column, "forDisplay")
                        .and_then(json::boolean)
                        .unwrap_or(false),
                }),
                Err(error) => {
                    let meaning = msg!("The form means to tell more about each answer than is told here.");
                    self.note(Some(&item.link_id), &format!("choiceColumn ({error})"), meaning);
                }
            }
        }
        for option in &mut item.options {
            if let Some((_, value)) = option.answer.to_fhir().filter(|_| !item.columns.is_empty()) {
                Column::tell(&item.columns, &value, option);
            }
        }
    }

    fn units(&mut self, raw: &'a Object, item: &mut Item) {
        item.units = json::extensions(raw, "questionnaire-unit")
            .chain(json::extensions(raw, "questionnaire-unitOption"))
            .filter_map(|e| e.get("valueCoding")?.as_object().map(Coding::from_fhir))
            .collect();
        for url in json::texts(raw, "questionnaire-unitValueSet") {
            match self.library.options(url) {
                Some(options) => {
                    item.units
                        .extend(options.into_iter().filter_map(|option| match option.answer {
                            Answer::Coding(unit) => Some(*unit),
                            _ => None,
                        }))
                }
                None => {
                    item.unit_systems = self.library.systems(url);
                    let meaning = msg!(
                        "The list of units is not part of the form. Enter the number in the usual unit."
                    );
                    self.note(Some(&item.link_id), &format!("unitValueSet {url}"), meaning);
                }
            }
            item.closed_units |= !item.units.is_empty();
        }
        item.closed_units |= json::extension(raw, "questionnaire-unitOption").is_some();
        let code = |name| json::extension(raw, name).and_then(Value::as_str);
        // With a list or without: a unit that is not in it may be typed.
        item.open_units = matches!(
            code("sdc-questionnaire-unitOpen"),
            Some("optionsOrType" | "optionsOrString")
        );
        item.unit_system = code("sdc-questionnaire-unitSupplementalSystem").map(str::to_owned);
        item.closed_units &= !item.open_units;
    }

    fn pattern(&mut self, raw: &Object, item: &mut Item) {
        let Some(text) = json::extension(raw, "regex").and_then(Value::as_str) else {
            return;
        };
        match fhirpath::Pattern::whole(text) {
            Ok(pattern) => item.pattern = Some(pattern),
            Err(reason) => {
                let meaning =
                    msg!("The form wants this answer in a certain pattern, which is not checked here.");
                self.note(Some(&item.link_id), &format!("regex ({reason})"), meaning);
            }
        }
    }

    /// The expressions of an item. What each reads is found when all items are known.
    fn expressions(&mut self, raw: &'a Object, item: &mut Item) {
        let id = item.link_id.clone();
        let mut one = |name: &str, meaning: &str| {
            json::extension(raw, name).and_then(|value| self.formula(&id, name, value, meaning))
        };
        item.enable = CONDITIONS.iter().find_map(|name| one(name, ALWAYS_SHOWN));
        item.calculation = one(
            "sdc-questionnaire-calculatedExpression",
            msg!("The form means to work this out. Enter it yourself."),
        );
        item.begins_with = one("sdc-questionnaire-initialExpression", BEFOREHAND)
            .or_else(|| one("questionnaire-initialExpression", BEFOREHAND));
        item.offers = one(
            "sdc-questionnaire-answerExpression",
            msg!("The form means to work out the list of answers. Type the answer instead."),
        );
        if !item.kind.is_question() {
            (item.calculation, item.begins_with, item.offers) = (None, None, None);
        }
        let condition = CONDITIONS.iter().find_map(|name| json::extension(raw, name));
        item.uncertain = item.enable.is_none() && condition.is_some();
        // Another language is not the form's mistake.
        item.faulty = item.uncertain && condition.is_some_and(formula::is_fhirpath);
        if item.calculation.is_none()
            && json::extension(raw, "sdc-questionnaire-calculatedExpression").is_some()
        {
            // A formula that is not worked out must not keep the user from the answer.
            item.read_only = false;
        }
        let beside = raw.get("_text").and_then(Value::as_object);
        item.wording = beside
            .and_then(|text| json::extension(text, "cqf-expression"))
            .and_then(|value| {
                let meaning = msg!("The form means to adapt this text. It is shown as it is written.");
                self.formula(&id, "cqf-expression", value, meaning)
            });
        for toggle in json::extensions(raw, "sdc-questionnaire-answerOptionsToggleExpression") {
            let meaning =
                msg!("All answers are offered, also those that the form means to leave out at times.");
            let name = "sdc-questionnaire-answerOptionsToggleExpression";
            let expression = json::extension(toggle, "expression").cloned().unwrap_or_default();
            let Some(formula) = self.formula(&id, name, &expression, meaning) else {
                continue;
            };
            let named: Vec<Answer> = json::extensions(toggle, "option")
                .filter_map(|option| Answer::from_fhir(item.kind, "value", option))
                .collect();
            let offered = item.options.iter().enumerate();
            let options = offered.filter(|(_, option)| named.iter().any(|answer| option.is(answer)));
            item.toggles.push(Toggle {
                options: options.map(|(place, _)| place).collect(),
                formula,
            });
        }
        item.variables = self.variables_of(raw, Some(&id));
        item.constraints = self.constraints_of(raw, Some(&id));
    }

    fn formula(&mut self, link_id: &str, feature: &str, value: &Value, meaning: &str) -> Option<Formula> {
        match formula::read(value) {
            Ok(formula) => {
                for (pattern, reason) in formula.expression.unsupported_patterns() {
                    let pattern: String = pattern.chars().take(60).collect();
                    self.note(
                        Some(link_id),
                        &format!("{feature}: pattern {pattern:?} ({reason})"),
                        meaning,
                    );
                }
                Some(formula)
            }
            Err(unread) => {
                self.note(Some(link_id), &with_reason(feature, &unread), meaning);
                None
            }
        }
    }

    fn variables_of(&mut self, raw: &Object, link_id: Option<&str>) -> Vec<Variable> {
        let mut notes = Vec::new();
        let found = formula::variables(raw, |name, unread| {
            notes.push(with_reason(&format!("variable {name}"), unread));
        });
        for feature in notes {
            let meaning =
                msg!("The form works with a value that is not worked out here. What needs it is left out.");
            self.note(link_id, &feature, meaning);
        }
        found
    }

    /// The rules that an item or the form has of its own: FHIR R4's `questionnaire-constraint`, R5's
    /// `targetConstraint`.
    fn constraints_of(&mut self, raw: &Object, link_id: Option<&str>) -> Vec<Constraint> {
        let rules = json::extensions(raw, "questionnaire-constraint")
            .chain(json::extensions(raw, "targetConstraint"));
        let mut found = Vec::new();
        let language = self.library.language;
        for rule in rules {
            let part = |name| json::extension(rule, name);
            let words = |name| part(name).and_then(Value::as_str).map(str::to_owned);
            let translated = |name| language.and_then(|wanted| translation::of_extension(rule, name, wanted));
            let expression = part("expression").cloned().unwrap_or_default();
            let formula = formula::read(&expression);
            if let Err(unread) = &formula {
                self.note(link_id, &with_reason("constraint", unread), UNCHECKED);
            }
            // Another language is not the form's mistake.
            if !matches!(formula, Err(Unread::Language(_))) {
                found.push(Constraint {
                    key: words("key").unwrap_or_default(),
                    is_warning: words("severity").as_deref() == Some("warning"),
                    human: words("human")
                        .or_else(|| words("requirements"))
                        .unwrap_or_else(|| BREAKS_A_RULE.to_owned()),
                    translated: translated("human")
                        .or_else(|| translated("requirements"))
                        .map(str::to_owned),
                    formula: formula.ok(),
                });
            }
        }
        found
    }

    /// A text in the language asked for, else as it is written.
    fn words<'o>(&self, raw: &'o Object, name: &str) -> Option<&'o str> {
        translation::text(raw, name, self.library.language)
    }

    /// The questionnaire is kept beside the answers only where an expression looks into it.
    fn wants_questionnaire(&self) -> bool {
        let asks = |formula: &Formula| {
            let source = formula.expression.source();
            ["questionnaire", "qitem", "weight(", "ordinal("]
                .iter()
                .any(|name| source.contains(name))
        };
        let variables = |list: &[Variable]| list.iter().filter_map(|v| v.formula.as_ref()).any(asks);
        let rules = |list: &[Constraint]| list.iter().filter_map(|rule| rule.formula.as_ref()).any(asks);
        variables(&self.variables)
            || rules(&self.constraints)
            || self.items.iter().any(|item| {
                let own = [
                    &item.enable,
                    &item.calculation,
                    &item.begins_with,
                    &item.offers,
                    &item.wording,
                ];
                own.into_iter().flatten().any(asks)
                    || item.toggles.iter().any(|toggle| asks(&toggle.formula))
                    || variables(&item.variables)
                    || rules(&item.constraints)
            })
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

    /// A question can be a signature. Of a part, or of the whole, it would be one that is no answer.
    fn note_signature(&mut self, raw: &Object, link_id: Option<&str>) {
        const NAME: &str = "questionnaire-signatureRequired";
        if json::extension(raw, NAME).is_some() {
            let meaning = msg!(
                "The form wants a signature of its own here. Whoever completes the assessment signs it as a whole."
            );
            self.note(link_id, NAME, meaning);
        }
    }

    fn note_extensions(&mut self, raw: &Object, item: Option<&Item>) {
        let link_id = item.map(|item| item.link_id.as_str());
        for (name, meaning) in NOT_DONE {
            if json::extension(raw, name).is_some() {
                self.note(link_id, name, meaning);
            }
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

/// An item of which nothing is known. It is large, so it is made in one place.
#[inline(never)]
fn blank() -> Item {
    Item::default()
}

/// Whether a text below a question is about the question, and not about one of its answers.
fn is_about_question(raw: &Object) -> bool {
    const ABOUT: [&str; 6] = ["help", "flyover", "lower", "upper", "unit", "prompt"];
    let control = json::extension(raw, "questionnaire-itemControl").map(json::codes);
    let is_about = control.is_some_and(|codes| codes.iter().any(|code| ABOUT.contains(code)));
    is_about && json::text(raw, "type") == Some("display")
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn with_reason(feature: &str, unread: &Unread) -> String {
    format!("{feature} ({})", unread.reason())
}

/// The most bytes of an attachment. FHIR R4 calls the number megabytes (<https://hl7.org/fhir/R4/extension-maxsize.html>),
/// FHIR's extensions of today bytes, and forms write either: one below a hundred would be no file at all in bytes.
fn bytes(most: Decimal) -> Decimal {
    let megabyte = Decimal::from(1_000_000);
    match most < Decimal::ONE_HUNDRED {
        true => most.checked_mul(megabyte).unwrap_or(most),
        false => most,
    }
}

fn control(concept: &Value) -> Control {
    let known = json::codes(concept).into_iter().find_map(|code| match code {
        "radio-button" => Some(Control::RadioButton),
        "check-box" => Some(Control::CheckBox),
        "drop-down" => Some(Control::DropDown),
        "autocomplete" | "lookup" => Some(Control::Autocomplete),
        "slider" => Some(Control::Slider),
        "spinner" => Some(Control::Spinner),
        "grid" => Some(Control::Grid),
        "gtable" => Some(Control::GTable),
        "htable" => Some(Control::HTable),
        "table" => Some(Control::Table),
        "page" => Some(Control::Page),
        "tab-container" => Some(Control::TabContainer),
        "header" => Some(Control::Header),
        "footer" => Some(Control::Footer),
        "prompt" => Some(Control::Prompt),
        "help" => Some(Control::Help),
        "flyover" => Some(Control::Flyover),
        "unit" => Some(Control::Unit),
        "context-display" => Some(Control::Context),
        _ => None,
    });
    known.unwrap_or_default()
}
