//! The app's words in other languages: `cargo xtask words` brings `po/es.po` up to date with the sentences in the code, and
//! the build makes the catalogue of it that a tablet loads.
//!
//! [`find`] reads the code. The tests here are what keeps the Spanish whole: no sentence without its Spanish, none that
//! nobody says any more, the same places for names and numbers, and no English in a page that cannot be translated.

#[cfg(test)]
mod bare;
mod find;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use polib::catalog::Catalog;
use polib::message::Message;
use polib::metadata::CatalogMetadata;
use polib::po_file;
use words::Entry;

use crate::project;

/// The catalogue's name on the site.
pub const FILE: &str = "es.words";

/// The rule that `words::Catalogue::count` follows.
const PLURALS: &str = "nplurals=2; plural=(n != 1);";

fn po() -> PathBuf {
    project::root().join("po/es.po")
}

fn read() -> Result<Catalog> {
    po_file::parse(&po()).map_err(|error| anyhow::anyhow!("po/es.po: {error}"))
}

/// What the tablet loads.
pub fn catalogue() -> Result<Vec<u8>> {
    let po = read()?;
    let plurals = po.metadata.plural_rules.dump();
    ensure!(
        plurals == PLURALS,
        "po/es.po has the plural forms {plurals:?}, but the app counts by {PLURALS:?}"
    );
    let entries: Vec<Entry> = po
        .messages()
        .filter(|message| message.is_translated())
        .map(|message| {
            let texts = match message.is_plural() {
                true => message
                    .msgstr_plural()
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect(),
                false => vec![message.msgstr().unwrap_or_default()],
            };
            Entry {
                context: message.msgctxt().unwrap_or_default(),
                english: message.msgid(),
                texts,
            }
        })
        .collect();
    Ok(words::write(&entries)?)
}

/// Takes new sentences in, without their Spanish, lets go of those that nobody says, and tells what is to be done.
pub fn update() -> Result<()> {
    let old = read()?;
    let sentences = find::sentences()?;
    let mut new = Catalog::new(CatalogMetadata::parse(&old.metadata.export_for_po())?);
    let mut missing = 0;
    for sentence in &sentences {
        let known = old.find_message(
            Some(&sentence.context)
                .filter(|context| !context.is_empty())
                .map(String::as_str),
            &sentence.english,
            sentence.plural.as_deref(),
        );
        if !known.is_some_and(|known| known.is_translated()) {
            missing += 1;
            println!("to translate: {}", sentence.english);
        }
        let message = match &sentence.plural {
            Some(plural) => Message::build_plural()
                .with_msgctxt(sentence.context.clone())
                .with_source(sentence.files.join(" "))
                .with_msgid(sentence.english.clone())
                .with_msgid_plural(plural.clone())
                .with_msgstr_plural(
                    known
                        .and_then(|known| known.msgstr_plural().ok().cloned())
                        .unwrap_or_else(|| vec![String::new(), String::new()]),
                )
                .done(),
            None => Message::build_singular()
                .with_msgctxt(sentence.context.clone())
                .with_source(sentence.files.join(" "))
                .with_msgid(sentence.english.clone())
                .with_msgstr(
                    known
                        .and_then(|known| known.msgstr().ok().map(str::to_owned))
                        .unwrap_or_default(),
                )
                .done(),
        };
        new.append_or_update(message);
    }
    po_file::write_to_file(&new, &po()).context("cannot write po/es.po")?;
    println!(
        "{} sentences in po/es.po, {missing} to translate",
        sentences.len()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::find::Sentence;
    use super::*;
    use std::collections::BTreeSet;

    fn key(context: &str, english: &str, plural: Option<&str>) -> String {
        format!("{context}\u{4}{english}\u{4}{}", plural.unwrap_or_default())
    }

    #[test]
    fn every_sentence_has_its_spanish_and_none_is_left_over() {
        let po = read().unwrap();
        let said: BTreeSet<String> = find::sentences()
            .unwrap()
            .iter()
            .map(
                |Sentence {
                     context,
                     english,
                     plural,
                     ..
                 }| key(context, english, plural.as_deref()),
            )
            .collect();
        let translated: BTreeSet<String> = po
            .messages()
            .filter(|message| message.is_translated() && !message.flags().is_fuzzy())
            .map(|message| {
                key(
                    message.msgctxt().unwrap_or_default(),
                    message.msgid(),
                    message.msgid_plural().ok().filter(|_| message.is_plural()),
                )
            })
            .collect();
        let missing: Vec<_> = said.difference(&translated).collect();
        let dead: Vec<_> = translated.difference(&said).collect();
        assert!(
            missing.is_empty(),
            "`cargo xtask words`, then write in po/es.po the Spanish of: {missing:#?}"
        );
        assert!(
            dead.is_empty(),
            "nobody says these any more, `cargo xtask words` removes them: {dead:#?}"
        );
    }

    #[test]
    fn the_spanish_has_the_same_places_for_names_and_numbers() {
        let places =
            |text: &str| -> BTreeSet<String> { words::places(text).into_iter().map(str::to_owned).collect() };
        for message in read().unwrap().messages() {
            if message.is_plural() {
                let texts = message.msgstr_plural().unwrap();
                assert_eq!(texts.len(), 2, "{}", message.msgid());
                let wanted = places(message.msgid_plural().unwrap());
                assert_eq!(places(&texts[1]), wanted, "{}", message.msgid());
                let number = BTreeSet::from(["n".to_owned()]);
                assert!(
                    places(&texts[0]).union(&number).eq(wanted.union(&number)),
                    "{}: only {{n}} may be left out of the form for 1",
                    message.msgid()
                );
            } else {
                assert_eq!(
                    places(message.msgstr().unwrap()),
                    places(message.msgid()),
                    "{}",
                    message.msgid()
                );
            }
        }
    }

    #[test]
    fn the_spanish_begins_and_ends_as_the_english_does() {
        let edges = |text: &str| {
            (
                text.starts_with(' '),
                text.ends_with(' '),
                text.ends_with(':'),
                text.ends_with('…'),
            )
        };
        for message in read().unwrap().messages().filter(|message| !message.is_plural()) {
            let (english, spanish) = (message.msgid(), message.msgstr().unwrap());
            assert_eq!(edges(english), edges(spanish), "{english:?}: {spanish:?}");
            for (open, close) in [('¿', '?'), ('¡', '!')] {
                assert_eq!(
                    spanish.matches(open).count(),
                    spanish.matches(close).count(),
                    "{spanish}"
                );
            }
        }
    }

    #[test]
    fn a_tablet_finds_each_sentence_in_the_catalogue() {
        let bytes = catalogue().unwrap();
        let spanish = words::Catalogue::read(&bytes).unwrap();
        for message in read().unwrap().messages() {
            let (context, english) = (message.msgctxt().unwrap_or_default(), message.msgid());
            if message.is_plural() {
                let texts = message.msgstr_plural().unwrap();
                assert_eq!(spanish.count(1, context, english), Some(texts[0].as_str()));
                assert_eq!(spanish.count(2, context, english), Some(texts[1].as_str()));
            } else {
                assert_eq!(spanish.say(context, english), Some(message.msgstr().unwrap()));
            }
        }
    }

    #[test]
    fn no_page_says_anything_that_cannot_be_translated() {
        let bare = bare::english().unwrap();
        assert!(bare.is_empty(), "write these with tr!: {bare:#?}");
    }
}
