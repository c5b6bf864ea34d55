//! Texts in the language asked for: FHIR's `translation` extension beside a text, and the designations of a code.

use super::json::{self, Object};

/// The text called `name` in the wanted language; else as it is written.
pub(super) fn text<'o>(holder: &'o Object, name: &str, wanted: Option<&str>) -> Option<&'o str> {
    wanted
        .and_then(|wanted| translated(holder, name, wanted))
        .or_else(|| json::text(holder, name))
}

/// The text of the first extension called `name`.
pub(super) fn extension<'o>(holder: &'o Object, name: &str, wanted: Option<&str>) -> Option<&'o str> {
    wanted
        .and_then(|wanted| of_extension(holder, name, wanted))
        .or_else(|| json::extension(holder, name)?.as_str())
}

/// Only what is translated of it.
pub(super) fn of_extension<'o>(holder: &'o Object, name: &str, wanted: &str) -> Option<&'o str> {
    json::extensions(holder, name).find_map(|extension| {
        let mut kinds = ["valueString", "valueMarkdown"].into_iter();
        kinds.find_map(|kind| translated(extension, kind, wanted))
    })
}

/// The words for a concept of a value set or code system.
pub(super) fn display<'o>(concept: &'o Object, wanted: Option<&str>) -> Option<&'o str> {
    let designated = wanted.and_then(|wanted| {
        let said = json::objects(concept, "designation").filter_map(|designation| {
            Some((
                json::text(designation, "language")?,
                json::text(designation, "value")?,
            ))
        });
        nearest(said, wanted)
    });
    designated.or_else(|| text(concept, "display", wanted))
}

pub(super) fn translated<'o>(holder: &'o Object, name: &str, wanted: &str) -> Option<&'o str> {
    let beside = holder.get(&format!("_{name}"))?.as_object()?;
    let said = json::extensions(beside, "translation").filter_map(|translation| {
        let language = json::extension(translation, "lang")?.as_str()?;
        Some((language, json::extension(translation, "content")?.as_str()?))
    });
    nearest(said, wanted)
}

/// The very language, else one of its kind: "es" for "es-US", and the other way round.
fn nearest<'o>(said: impl Iterator<Item = (&'o str, &'o str)>, wanted: &str) -> Option<&'o str> {
    let said: Vec<(&str, &str)> = said.collect();
    let base = |language: &str| language.split('-').next().map(str::to_ascii_lowercase);
    let exact = said
        .iter()
        .find(|(language, _)| language.eq_ignore_ascii_case(wanted));
    exact
        .or_else(|| said.iter().find(|(language, _)| base(language) == base(wanted)))
        .map(|(_, text)| *text)
}
