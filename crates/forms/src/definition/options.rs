//! The answers that a question offers: `answerOption`, or a value set that travels within the questionnaire or beside it, or
//! is one of FHIR's own in `published`.

use rust_decimal::Decimal;
use serde_json::Value;

use super::json::{self, Object};
use super::{ChoiceOption, Kind, picture, published, translation};
use crate::{Answer, Coding, number};

pub(super) fn option(
    root: &Object,
    raw: &Object,
    kind: Kind,
    language: Option<&str>,
) -> Option<ChoiceOption> {
    let answer = Answer::from_fhir(kind, "value", raw)?;
    let coding = raw.get("valueCoding").and_then(Value::as_object);
    let score = score(raw).or_else(|| coding.and_then(self::score));
    let prefix = |raw| {
        json::extension(raw, "questionnaire-optionPrefix")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let translated = language.and_then(|wanted| match coding {
        Some(coding) => translation::translated(coding, "display", wanted),
        None => translation::translated(raw, "valueString", wanted),
    });
    Some(ChoiceOption {
        display: translated.map_or_else(|| answer.to_string(), str::to_owned),
        prefix: prefix(raw).or_else(|| coding.and_then(prefix)),
        score,
        exclusive: json::extension(raw, "questionnaire-optionExclusive")
            .and_then(json::boolean)
            .unwrap_or(false),
        picture: json::extension(raw, "sdc-questionnaire-itemAnswerMedia")
            .or_else(|| json::extension(coding?, "sdc-questionnaire-itemAnswerMedia"))
            .and_then(|media| picture::read(root, media, language))
            .map(Box::new),
        columns: Vec::new(),
        has_other_words: false,
        answer,
    })
}

/// More answers than anybody reads are a terminology, not a list.
const MAX_OPTIONS: usize = 20_000;
/// Value sets that are made of value sets.
const MAX_DEPTH: usize = 8;

/// Where value sets and code systems are looked for: within the questionnaire, and beside it.
#[derive(Clone, Copy)]
pub(crate) struct Library<'a> {
    pub root: &'a Object,
    pub beside: &'a [Value],
    pub language: Option<&'a str>,
}

impl<'a> Library<'a> {
    /// The answers of a value set, where it is here: its expansion, else what it is composed of.
    pub fn options(self, url: &str) -> Option<Vec<ChoiceOption>> {
        let mut found = Vec::new();
        self.collect(url, &mut found, 0).then_some(found)
    }

    fn resources(self, kind: &'static str) -> impl Iterator<Item = &'a Object> {
        let contained = json::objects(self.root, "contained");
        contained
            .chain(self.beside.iter().filter_map(Value::as_object))
            .filter(move |resource| json::text(resource, "resourceType") == Some(kind))
    }

    fn value_set(self, url: &str) -> Option<&'a Object> {
        let canonical = url.split('|').next().unwrap_or(url);
        self.resources("ValueSet")
            .find(|set| match canonical.strip_prefix('#') {
                Some(id) => json::text(set, "id").map(|known| known.trim_start_matches('#')) == Some(id),
                None => json::text(set, "url") == Some(canonical),
            })
    }

    fn collect(self, url: &str, found: &mut Vec<ChoiceOption>, depth: usize) -> bool {
        let Some(set) = self.value_set(url).filter(|_| depth < MAX_DEPTH) else {
            let before = found.len();
            let codes = published::codes(published(url));
            found.extend(codes.map(|[system, code, words]| coded(Some(system), code, Some(words), None)));
            return found.len() > before;
        };
        let nested = |name| set.get(name).and_then(Value::as_object);
        if let Some(expansion) = nested("expansion") {
            expanded(expansion, self.language, found);
            if !found.is_empty() {
                return true;
            }
        }
        let Some(compose) = nested("compose") else {
            return false;
        };
        let mut whole = true;
        for include in json::objects(compose, "include") {
            whole &= self.include(include, found, depth);
        }
        for exclude in json::objects(compose, "exclude") {
            let mut out = Vec::new();
            whole &= self.include(exclude, &mut out, depth);
            found.retain(|option| !out.iter().any(|other| other.is(&option.answer)));
        }
        whole && !found.is_empty()
    }

    /// The code systems that a value set draws on, as far as it is known: a code of another system is none of its codes, also
    /// where they cannot be listed. Empty where nothing is known of it.
    pub fn systems(self, url: &str) -> Vec<String> {
        let Some(set) = self.value_set(url) else {
            return published(url)
                .iter()
                .map(|(system, _)| (*system).to_owned())
                .collect();
        };
        let compose = set.get("compose").and_then(Value::as_object);
        let includes = compose
            .into_iter()
            .flat_map(|compose| json::objects(compose, "include"));
        let systems = includes.map(|include| json::text(include, "system").map(str::to_owned));
        systems.collect::<Option<Vec<String>>>().unwrap_or_default()
    }

    fn include(self, include: &'a Object, found: &mut Vec<ChoiceOption>, depth: usize) -> bool {
        let system = json::text(include, "system");
        let before = found.len();
        concepts(include, system, self.language, found);
        let sets = include.get("valueSet").and_then(Value::as_array);
        for url in sets.into_iter().flatten().filter_map(Value::as_str) {
            if !self.collect(url, found, depth + 1) {
                return false;
            }
        }
        if found.len() > before {
            return true;
        }
        // A whole code system, where it is here and no condition narrows it down.
        let here = self
            .resources("CodeSystem")
            .find(|codes| system.is_some() && json::text(codes, "url") == system);
        if let Some(codes) = here.filter(|_| !include.contains_key("filter")) {
            concepts(codes, system, self.language, found);
        }
        found.len() > before
    }
}

fn expanded(holder: &Object, language: Option<&str>, found: &mut Vec<ChoiceOption>) {
    let mut waiting: Vec<&Object> = json::objects(holder, "contains").collect();
    waiting.reverse();
    while let Some(raw) = waiting.pop() {
        if found.len() >= MAX_OPTIONS {
            return;
        }
        if !json::flag(raw, "abstract") {
            found.extend(concept(raw, json::text(raw, "system"), language));
        }
        let at = waiting.len();
        waiting.extend(json::objects(raw, "contains"));
        waiting[at..].reverse();
    }
}

fn concepts(holder: &Object, system: Option<&str>, language: Option<&str>, found: &mut Vec<ChoiceOption>) {
    let mut waiting: Vec<&Object> = json::objects(holder, "concept").collect();
    waiting.reverse();
    while let Some(raw) = waiting.pop() {
        if found.len() >= MAX_OPTIONS {
            return;
        }
        found.extend(concept(raw, system, language));
        let at = waiting.len();
        waiting.extend(json::objects(raw, "concept"));
        waiting[at..].reverse();
    }
}

fn concept(raw: &Object, system: Option<&str>, language: Option<&str>) -> Option<ChoiceOption> {
    let code = json::text(raw, "code")?;
    let mut option = coded(system, code, json::text(raw, "display"), score(raw));
    if let Some(display) = translation::display(raw, language) {
        option.display = display.to_owned();
    }
    option.has_other_words = raw.contains_key("designation") || raw.contains_key("_display");
    Some(option)
}

fn coded(system: Option<&str>, code: &str, display: Option<&str>, score: Option<Decimal>) -> ChoiceOption {
    let coding = Coding {
        system: system.map(str::to_owned),
        code: Some(code.to_owned()),
        display: display.map(str::to_owned),
        ..Coding::default()
    };
    let display = coding.text().to_owned();
    ChoiceOption {
        answer: Answer::Coding(Box::new(coding)),
        display,
        prefix: None,
        score,
        exclusive: false,
        picture: None,
        columns: Vec::new(),
        has_other_words: false,
    }
}

fn published(url: &str) -> &'static [(&'static str, &'static str)] {
    published::find(url.split('|').next().unwrap_or(url))
}

/// Where FHIR says what an answer counts.
const SCORES: [&str; 5] = [
    "itemWeight",
    "ordinalValue",
    "questionnaire-ordinalValue",
    "valueset-ordinalValue",
    "codesystem-ordinalValue",
];

/// What an extension on this object says that it counts.
pub(crate) fn score(raw: &Object) -> Option<Decimal> {
    SCORES
        .iter()
        .find_map(|name| json::extension(raw, name).and_then(number::from_json))
}
