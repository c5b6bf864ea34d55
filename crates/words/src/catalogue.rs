//! The sentences of one language, as a tablet loads them.
//!
//! A sentence is found by a hash of its English, so the file holds each of them once, in the other language alone. In it
//! stand, without a gap: the number of sentences, and their hashes, as 32-bit integers, the lowest byte first; then the
//! sentences, each ended by a zero byte. Where a number decides between two of them, the one for 1 stands before the other,
//! with a 0x01 between.

use std::collections::HashMap;
use std::fmt;

/// What ends a sentence, and what stands between the one for 1 and the one for all others.
const END: char = '\0';
const FORMS: char = '\u{1}';
/// What gettext writes between a context and a sentence.
const CONTEXT: char = '\u{4}';

/// The sentences of one language.
#[derive(Debug)]
pub struct Catalogue<'a> {
    hashes: Vec<u32>,
    texts: Vec<&'a str>,
}

impl<'a> Catalogue<'a> {
    /// `None`: these bytes are no catalogue.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (count, rest) = bytes.split_at_checked(4)?;
        let count = number(count) as usize;
        let (hashes, texts) = rest.split_at_checked(count.checked_mul(4)?)?;
        let hashes = hashes.chunks_exact(4).map(number).collect();
        let texts = std::str::from_utf8(texts).ok()?.strip_suffix(END)?;
        let texts: Vec<&str> = texts.split(END).collect();
        (texts.len() == count).then_some(Self { hashes, texts })
    }

    /// What the English sentence is in this language. `None` where nobody has said.
    pub fn say(&self, context: &str, english: &str) -> Option<&'a str> {
        let text = self.find(context, english)?;
        Some(text.split_once(FORMS).map_or(text, |(one, _)| one))
    }

    /// The same for a sentence that differs by a number, found by its English for 1. For languages in which, as in Spanish,
    /// 1 is one thing and all else another.
    pub fn count(&self, number: u64, context: &str, english: &str) -> Option<&'a str> {
        let text = self.find(context, english)?;
        let (one, other) = text.split_once(FORMS)?;
        Some(if number == 1 { one } else { other })
    }

    fn find(&self, context: &str, english: &str) -> Option<&'a str> {
        let wanted = hash(context, english);
        let at = self.hashes.iter().position(|hash| *hash == wanted)?;
        self.texts.get(at).copied()
    }
}

/// One sentence for a catalogue.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Empty for most.
    pub context: &'a str,
    pub english: &'a str,
    /// One text, or two: for 1, and for all others.
    pub texts: Vec<&'a str>,
}

/// Two sentences of one hash: one of them has to be worded otherwise.
#[derive(Debug)]
pub struct Collision(pub String, pub String);

impl fmt::Display for Collision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} and {:?} have one hash: change a word of one of them",
            self.0, self.1
        )
    }
}

impl std::error::Error for Collision {}

/// The catalogue of these sentences, as a file.
pub fn write(entries: &[Entry]) -> Result<Vec<u8>, Collision> {
    let mut taken = HashMap::new();
    let mut hashes = Vec::new();
    let mut texts = String::new();
    for entry in entries {
        let hash = hash(entry.context, entry.english);
        if let Some(other) = taken.insert(hash, entry.english) {
            return Err(Collision(other.to_owned(), entry.english.to_owned()));
        }
        hashes.extend(hash.to_le_bytes());
        texts.push_str(&entry.texts.join(FORMS.encode_utf8(&mut [0; 4])));
        texts.push(END);
    }
    let mut file = (entries.len() as u32).to_le_bytes().to_vec();
    file.extend(hashes);
    file.extend(texts.into_bytes());
    Ok(file)
}

fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u32::from(*byte))
}

/// FNV-1a of 32 bits.
fn hash(context: &str, english: &str) -> u32 {
    let context = (!context.is_empty()).then_some(context.bytes().chain([CONTEXT as u8]));
    let bytes = context.into_iter().flatten().chain(english.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry<'a>(context: &'a str, english: &'a str, texts: &[&'a str]) -> Entry<'a> {
        let texts = texts.to_vec();
        Entry {
            context,
            english,
            texts,
        }
    }

    #[test]
    fn a_sentence_is_found_by_its_english_and_what_is_meant() {
        let file = write(&[
            entry("", "Sent", &["Enviado"]),
            entry("assessments", "Sent", &["Enviadas"]),
            entry("", "{n} day", &["{n} día", "{n} días"]),
        ])
        .unwrap();
        let spanish = Catalogue::read(&file).unwrap();
        assert_eq!(spanish.say("", "Sent"), Some("Enviado"));
        assert_eq!(spanish.say("assessments", "Sent"), Some("Enviadas"));
        assert_eq!(spanish.say("", "Not sent"), None);
        for (number, text) in [(0, "{n} días"), (1, "{n} día"), (2, "{n} días")] {
            assert_eq!(spanish.count(number, "", "{n} day"), Some(text));
        }
        assert_eq!(spanish.count(1, "", "Sent"), None, "it does not differ by number");
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // http://www.isthe.com/chongo/tech/comp/fnv/, FNV-1a, 32 bits.
        for (text, expected) in [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)] {
            assert_eq!(hash("", text), expected);
        }
    }

    #[test]
    fn what_is_no_catalogue_is_not_read() {
        let file = write(&[entry("", "Sent", &["Enviado"])]).unwrap();
        for length in 0..file.len() {
            assert!(Catalogue::read(&file[..length]).is_none(), "{length}");
        }
        assert!(Catalogue::read(b"<!doctype html>").is_none());
        assert!(Catalogue::read(&[255; 40]).is_none());
    }

    #[test]
    fn one_hash_for_two_sentences_is_refused() {
        assert!(write(&[entry("", "Sent", &["a"]), entry("", "Sent", &["b"])]).is_err());
    }
}
