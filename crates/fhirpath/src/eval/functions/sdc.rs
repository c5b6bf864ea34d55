//! What FHIR and Structured Data Capture add: extensions, references, terminology, and the weights of answers.

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::super::seen::Index;
use super::super::{Evaluator, Outcome, single, wrong_type};
use super::Invocation;
use crate::decimal;
use crate::error::{EvaluationError, Failure};
use crate::functions::Function as F;
use crate::types;
use crate::value::{Collection, Node, Value};

pub(super) fn call<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: Invocation<'a, '_>) -> Outcome<'a> {
    match invocation.call.function {
        F::Extension => extension(evaluator, &invocation),
        F::Resolve => resolve(evaluator, &invocation),
        F::MemberOf => {
            let value_set = invocation.string(evaluator, 0)?;
            let (Some(value), Some(value_set)) = (single(&invocation.input, "memberOf")?, value_set) else {
                return Ok(Collection::new());
            };
            let answer = evaluator.context.host.member_of(value, &value_set);
            answer
                .map(|answer| Value::Boolean(answer).into())
                .ok_or_else(|| EvaluationError::NotSupported("memberOf").into())
        }
        F::ConformsTo => conforms_to(evaluator, &invocation),
        _ => {
            let mut weights = Collection::new();
            for value in &invocation.input {
                if let Value::Node(node) = value
                    && let Some(weight) = weight(evaluator, node)?
                {
                    weights.push(Value::Decimal(weight));
                }
            }
            Ok(weights)
        }
    }
}

fn extension<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let Some(url) = invocation.string(evaluator, 0)? else {
        return Ok(Collection::new());
    };
    let mut found = Collection::new();
    let mut looked_at = 0;
    for value in &invocation.input {
        if let Value::Node(node) = value {
            node.children_named("extension", &mut |extension| {
                looked_at += 1;
                if text_of(extension.json(), "url") == Some(&*url) {
                    found.push(extension.into());
                }
            });
        }
    }
    evaluator.spend(looked_at)?;
    Ok(found)
}

fn text_of<'j>(json: &'j Json, name: &str) -> Option<&'j str> {
    json.get(name).and_then(Json::as_str)
}

fn array_of<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn resolve<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let mut found = Collection::new();
    for value in &invocation.input {
        let Value::Node(node) = value else { continue };
        let Some(reference) = node.json().as_str().or_else(|| text_of(node.json(), "reference")) else {
            continue;
        };
        let resource = match evaluator.context.resource {
            Some(resource) => within(evaluator, resource, reference)?,
            None => None,
        };
        if let Some(resource) = resource.or_else(|| evaluator.context.host.resolve(reference)) {
            found.push(resource.into());
        }
    }
    Ok(found)
}

/// A resource that is contained in this one, or beside others in a bundle.
fn within<'a>(
    evaluator: &mut Evaluator<'a, '_>,
    resource: &'a Json,
    reference: &str,
) -> Result<Option<&'a Json>, Failure> {
    if let Some(id) = reference.strip_prefix('#') {
        let contained = array_of(resource, "contained");
        evaluator.spend(contained.len())?;
        return Ok(contained
            .iter()
            .find(|resource| text_of(resource, "id") == Some(id)));
    }
    let entries = array_of(resource, "entry");
    evaluator.spend(entries.len())?;
    let is_wanted = |entry: &&'a Json| {
        let named = entry.get("resource").and_then(|resource| {
            let (kind, id) = reference.split_once('/')?;
            Some(text_of(resource, "resourceType") == Some(kind) && text_of(resource, "id") == Some(id))
        });
        named == Some(true) || text_of(entry, "fullUrl") == Some(reference)
    };
    Ok(entries
        .iter()
        .find(is_wanted)
        .and_then(|entry| entry.get("resource")))
}

fn conforms_to<'a>(evaluator: &mut Evaluator<'a, '_>, invocation: &Invocation<'a, '_>) -> Outcome<'a> {
    let profile = invocation.string(evaluator, 0)?;
    let (Some(value), Some(profile)) = (single(&invocation.input, "conformsTo")?, profile) else {
        return Ok(Collection::new());
    };
    let Value::Node(node) = value else {
        return Err(wrong_type("conformsTo", &[value]));
    };
    let answer = evaluator
        .context
        .host
        .conforms_to(node.json(), &profile)
        .or_else(|| {
            // A resource conforms to the definition of its own type, and to no other's.
            let name = profile.strip_prefix("http://hl7.org/fhir/StructureDefinition/")?;
            types::is_known_in_fhir(name).then(|| types::is_a(node.type_name(), name))
        });
    answer
        .map(|answer| Value::Boolean(answer).into())
        .ok_or_else(|| EvaluationError::NotSupported("conformsTo").into())
}

/// Where the answers of the response belong: what `weight()` needs to find the option that was chosen.
#[derive(Default)]
pub(crate) struct Answers<'a> {
    /// The places of answers and their values, each with the linkId of its item.
    places: Vec<(usize, &'a str)>,
    /// Finds a place in the list.
    index: Index,
    /// The questions of the form.
    questions: Vec<&'a Json>,
}

const WEIGHT_EXTENSIONS: [&str; 5] = [
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/valueset-ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/codesystem-ordinalValue",
];

/// The weight of an answer or its value: on the answer itself, then on the option, then in the code system.
fn weight<'a>(evaluator: &mut Evaluator<'a, '_>, node: &Node<'a>) -> Result<Option<Decimal>, Failure> {
    let mut value = *node;
    if node.json().is_object() {
        node.children_named("value", &mut |child| value = child);
    }
    for place in [node, &value] {
        let mut own = None;
        place.children_named("extension", &mut |extension| {
            own = own.or_else(|| weight_extension(extension.json()))
        });
        if own.is_some() {
            return Ok(own);
        }
    }
    let (system, code) = coding(value.json());
    let Some(code) = code else { return Ok(None) };
    let questionnaire = match evaluator
        .variable("questionnaire")
        .ok()
        .as_ref()
        .and_then(Collection::first)
    {
        Some(Value::Node(node)) => Some(node.json()),
        _ => None,
    };
    if let Some(questionnaire) = questionnaire {
        let answers = match evaluator.answers.take() {
            Some(answers) => answers,
            None => Answers::new(evaluator, questionnaire)?,
        };
        let on_option = answers.on_option(questionnaire, value.json(), system, code);
        evaluator.answers = Some(answers);
        if on_option.is_some() {
            return Ok(on_option);
        }
    }
    let contained = [questionnaire, evaluator.context.resource].into_iter().flatten();
    let in_code_system = contained
        .flat_map(|resource| array_of(resource, "contained"))
        .filter(|resource| text_of(resource, "resourceType") == Some("CodeSystem"))
        .filter(|resource| system.is_some() && text_of(resource, "url") == system)
        .find_map(|resource| concept_weight(array_of(resource, "concept"), "concept", code));
    Ok(in_code_system.or_else(|| evaluator.context.host.weight(system, code)))
}

/// System and code of a Coding, or a primitive answer as its own code.
fn coding(value: &Json) -> (Option<&str>, Option<&str>) {
    match value {
        Json::String(code) => (None, Some(code)),
        value => (text_of(value, "system"), text_of(value, "code")),
    }
}

fn weight_extension(extension: &Json) -> Option<Decimal> {
    text_of(extension, "url").filter(|url| WEIGHT_EXTENSIONS.contains(url))?;
    match extension
        .get("valueDecimal")
        .or_else(|| extension.get("valueInteger"))?
    {
        Json::Number(number) => decimal::from_json(number),
        _ => None,
    }
}

fn own_weight(json: &Json) -> Option<Decimal> {
    array_of(json, "extension").iter().find_map(weight_extension)
}

/// The weight of a code in a list of concepts and those below them.
fn concept_weight(concepts: &[Json], below: &str, code: &str) -> Option<Decimal> {
    let mut waiting: Vec<&Json> = concepts.iter().collect();
    while let Some(concept) = waiting.pop() {
        if text_of(concept, "code") == Some(code) {
            return own_weight(concept);
        }
        waiting.extend(array_of(concept, below));
    }
    None
}

fn place(json: &Json) -> usize {
    std::ptr::from_ref(json).addr()
}

impl<'a> Answers<'a> {
    fn new(evaluator: &mut Evaluator<'a, '_>, questionnaire: &'a Json) -> Result<Self, Failure> {
        let mut answers = Self::default();
        let response = evaluator
            .context
            .resource
            .map_or(&[][..], |resource| array_of(resource, "item"));
        let mut waiting: Vec<&'a Json> = response.iter().collect();
        while let Some(item) = waiting.pop() {
            evaluator.spend(1)?;
            waiting.extend(array_of(item, "item"));
            for answer in array_of(item, "answer") {
                evaluator.spend(1)?;
                waiting.extend(array_of(answer, "item"));
                let Some(link_id) = text_of(item, "linkId") else {
                    continue;
                };
                answers.note(answer, link_id);
                for (name, value) in answer.as_object().into_iter().flatten() {
                    if name.starts_with("value") {
                        answers.note(value, link_id);
                    }
                }
            }
        }
        waiting.extend(array_of(questionnaire, "item"));
        while let Some(item) = waiting.pop() {
            evaluator.spend(1)?;
            waiting.extend(array_of(item, "item"));
            answers.questions.push(item);
        }
        Ok(answers)
    }

    fn note(&mut self, json: &'a Json, link_id: &'a str) {
        self.index.insert(place(json) as u64);
        self.places.push((place(json), link_id));
    }

    fn link_id(&self, json: &Json) -> Option<&'a str> {
        let wanted = place(json);
        let mut next = self.index.first(wanted as u64);
        while let Some(position) = next {
            let (place, link_id) = self.places[position];
            if place == wanted {
                return Some(link_id);
            }
            next = self.index.next(position);
        }
        None
    }

    /// The weight of the option that an answer has chosen. An answer that stands in no item of the response has the
    /// weight that all questions with such an option agree on.
    fn on_option(
        &self,
        questionnaire: &Json,
        value: &Json,
        system: Option<&str>,
        code: &str,
    ) -> Option<Decimal> {
        let in_question = |question: &&Json| option_weight(questionnaire, question, system, code);
        if let Some(link_id) = self.link_id(value) {
            let question = self
                .questions
                .iter()
                .find(|question| text_of(question, "linkId") == Some(link_id));
            return question.and_then(in_question);
        }
        let mut weights = self.questions.iter().filter_map(in_question);
        let first = weights.next()?;
        weights.all(|weight| weight == first).then_some(first)
    }
}

fn option_weight(questionnaire: &Json, question: &Json, system: Option<&str>, code: &str) -> Option<Decimal> {
    let is_chosen = |value: &Json| match coding(value) {
        (known, Some(known_code)) => {
            known_code == code && (known == system || known.is_none() || system.is_none())
        }
        _ => false,
    };
    for option in array_of(question, "answerOption") {
        let value = option
            .as_object()?
            .iter()
            .find(|(name, _)| name.starts_with("value"))?
            .1;
        if is_chosen(value) {
            return own_weight(value).or_else(|| own_weight(option));
        }
    }
    let id = text_of(question, "answerValueSet")?;
    let value_set = array_of(questionnaire, "contained").iter().find(|resource| {
        id.strip_prefix('#')
            .is_some_and(|id| text_of(resource, "id") == Some(id))
            || text_of(resource, "url") == Some(id)
    })?;
    let of_system = |include: &&Json| system.is_none() || text_of(include, "system") == system;
    let included = value_set
        .get("compose")
        .map_or(&[][..], |compose| array_of(compose, "include"));
    let expansion = value_set
        .get("expansion")
        .map_or(&[][..], |expansion| array_of(expansion, "contains"));
    let in_include = |include: &Json| concept_weight(array_of(include, "concept"), "concept", code);
    included
        .iter()
        .filter(of_system)
        .find_map(in_include)
        .or_else(|| concept_weight(expansion, "contains", code))
}
