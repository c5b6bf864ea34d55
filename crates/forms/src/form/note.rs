//! Free notes of the user, one for each section: what no question asks for.
//!
//! A note is undone, kept and brought back like an answer. In the response it is HL7's extension `note`, an `Annotation` of
//! which an extension of ours says which section it is about; the crate's README has an example.

use serde_json::Value;

use super::{Form, ItemId, SectionId, history::Step};
use crate::definition::json::{self, Object};

/// HL7's extension for notes about a resource: <http://hl7.org/fhir/StructureDefinition/note>.
const NOTE: &str = "http://hl7.org/fhir/StructureDefinition/note";
/// Says which section a note is about, by the linkId of its group or of its first item.
const SECTION: &str = "urn:mobile-assessments:section";
/// What a note's name ends in, in a record of who changed what: no answer is mistaken for it.
const NAME: &str = "/note";

impl Form {
    /// The note on a section; empty where there is none.
    pub fn note(&self, section: SectionId) -> &str {
        let place = self.place_of_note(section).ok();
        place
            .map(|place| self.notes[place].1.as_str())
            .unwrap_or_default()
    }

    /// Puts a note in the place of another; blank to take it away. False where it is the same, or there is no such section.
    pub fn write_note(&mut self, section: SectionId, text: &str) -> bool {
        let text = if text.trim().is_empty() { "" } else { text };
        if self.sections.get(section.index()).is_none() || self.note(section) == text {
            return false;
        }
        let step = self.exchange_note(section, text.to_owned());
        self.history.add(step, true);
        true
    }

    /// The note as a record of who changed what has it: a FHIR `answer` array.
    pub fn note_as_fhir(&self, section: SectionId) -> Value {
        let mut answers = Vec::new();
        if !self.note(section).is_empty() {
            answers.push(json::lone("valueString", self.note(section)));
        }
        Value::Array(answers)
    }

    /// What a note is called in such a record.
    pub fn note_name(&self, section: SectionId) -> String {
        format!("{}{NAME}", self.section_link(section).unwrap_or_default())
    }

    /// The section whose note is called so; `None` where that is the name of a question.
    pub fn noted(&self, name: &str) -> Option<SectionId> {
        let link_id = name.strip_suffix(NAME).filter(|_| self.find(name).is_none())?;
        self.section_named(link_id)
    }

    /// The section whose note the next step back is about.
    pub fn undoes_note(&self) -> Option<SectionId> {
        self.history.undoes_note()
    }

    /// The section whose note the next step forth is about.
    pub fn redoes_note(&self) -> Option<SectionId> {
        self.history.redoes_note()
    }

    pub(super) fn exchange_note(&mut self, section: SectionId, text: String) -> Step {
        let before = self.put_note(section, text);
        Step::Note {
            section,
            at: self.first_of(section).map_or(0, ItemId::at_index),
            text: before,
        }
    }

    fn place_of_note(&self, section: SectionId) -> Result<usize, usize> {
        self.notes.binary_search_by_key(&section, |(section, _)| *section)
    }

    /// Returns what was there before; an empty text is none.
    fn put_note(&mut self, section: SectionId, text: String) -> String {
        match self.place_of_note(section) {
            Ok(place) if text.is_empty() => self.notes.remove(place).1,
            Ok(place) => std::mem::replace(&mut self.notes[place].1, text),
            Err(place) => {
                if !text.is_empty() {
                    self.notes.insert(place, (section, text));
                }
                String::new()
            }
        }
    }

    /// The notes on sections that apply, or on those that do not.
    fn notes_of(&self, applying: bool) -> impl Iterator<Item = (String, &str)> {
        let notes = self
            .notes
            .iter()
            .filter(move |(section, _)| self.applies(*section) == applying);
        notes.filter_map(|(section, text)| Some((self.section_link(*section)?.to_owned(), text.as_str())))
    }

    pub(super) fn note_extensions(&self) -> Vec<Value> {
        let extension = |(section, text): (String, &str)| {
            let section = json::extended(SECTION, "valueString", section);
            let mut annotation = Object::new();
            json::set(&mut annotation, "extension", vec![section]);
            json::set(&mut annotation, "text", text);
            json::extended(NOTE, "valueAnnotation", annotation)
        };
        self.notes_of(true).map(extension).collect()
    }

    pub(super) fn notes_aside(&self) -> Vec<Value> {
        let aside = |(section, text): (String, &str)| {
            let mut note = Object::new();
            json::set(&mut note, "section", section);
            json::set(&mut note, "text", text);
            Value::Object(note)
        };
        self.notes_of(false).map(aside).collect()
    }

    /// Takes the notes out of the response's extensions and out of what was set aside. One on a section that the form does
    /// not have, or a second on the same, stays where it is.
    pub(super) fn restore_notes(&mut self, aside: &Object) {
        for note in json::objects(aside, "notes") {
            let found = json::text(note, "section").and_then(|section| self.section_named(section));
            if let (Some(section), Some(text)) = (found, json::text(note, "text")) {
                self.put_note(section, text.to_owned());
            }
        }
        let mut envelope = std::mem::take(&mut self.envelope);
        json::retain_extensions(&mut envelope, |extension| {
            let read = extension.as_object().and_then(read);
            let found = read.and_then(|(section, text)| Some((self.section_named(section)?, text)));
            match found.filter(|(section, _)| self.place_of_note(*section).is_err()) {
                Some((section, text)) => {
                    self.put_note(section, text.to_owned());
                    false
                }
                None => true,
            }
        });
        self.envelope = envelope;
    }

    /// Where a section begins: its group, or its first item.
    pub fn first_of(&self, section: SectionId) -> Option<ItemId> {
        let section = self.sections.get(section.index())?;
        section.group.or_else(|| section.items.first().copied())
    }

    /// Its linkId. Which items repeat, and how often, changes nothing about it.
    fn section_link(&self, section: SectionId) -> Option<&str> {
        let first = self.first_of(section)?;
        let state = self.states.get(first.at_index())?;
        Some(&self.definition.items[state.def].link_id)
    }

    fn section_named(&self, link_id: &str) -> Option<SectionId> {
        let mut sections = self.sections.iter().map(|section| section.id);
        sections.find(|section| self.section_link(*section) == Some(link_id))
    }
}

/// The section's linkId and the words, where this extension is a note on a section.
fn read(extension: &Object) -> Option<(&str, &str)> {
    (json::text(extension, "url") == Some(NOTE)).then_some(())?;
    let note = extension.get("valueAnnotation")?.as_object()?;
    // What else stands in it, such as an author, would be lost.
    let ours = note.keys().all(|name| name == "extension" || name == "text");
    let mut parts = json::objects(note, "extension").filter(|_| ours);
    let section = parts
        .next()
        .filter(|part| json::text(part, "url") == Some(SECTION))?;
    let alone = parts.next().is_none();
    Some((
        json::text(section, "valueString").filter(|_| alone)?,
        json::text(note, "text")?,
    ))
}
