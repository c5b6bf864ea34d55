//! Reads a request out of whatever a clerk pastes: the e-mail as it was composed, quoted, wrapped, forwarded, with its
//! headers, with a signature, or one that was written by hand. Never fails: what is not found is empty.
//!
//! The text is taken as words. A label is a run of words that ends in a colon, wherever its lines are broken; a value goes
//! on over the end of its line only where a mail program must have wrapped it.

use super::{AGENCY, BRANCH, FOR_SOMEONE_ELSE, FULL_NAME, OWN_PHONE, PHONE, ResetMail};

/// A line is taken for wrapped when the next word would not have fitted into so many columns.
const NARROWEST_WRAP: usize = 60;
/// What is beyond this many words is no request.
const MOST_WORDS: usize = 20_000;
/// The longest value, in characters; what is longer is cut, and the clerk sees it.
const LONGEST_VALUE: usize = 200;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadMail {
    pub mail: ResetMail,
    /// The e-mail address of whoever wrote the request; empty where no header names it.
    pub sender: String,
    /// There are requests for different people in it, and this is the first.
    pub has_several: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    FullName,
    Agency,
    Branch,
    Phone,
    OwnPhone,
}

/// As the app writes them.
const LABELS: [(Field, &str); 5] = [
    (Field::FullName, FULL_NAME),
    (Field::Agency, AGENCY),
    (Field::Branch, BRANCH),
    (Field::OwnPhone, OWN_PHONE),
    (Field::Phone, PHONE),
];

/// As people write them; looked for at the beginning of a line only, and where the app's own label is missing.
const ALIASES: [(Field, &str); 14] = [
    (Field::FullName, "The user's full name"),
    (Field::FullName, "User's full name"),
    (Field::FullName, "User's name"),
    (Field::FullName, "User"),
    (Field::FullName, "Name"),
    (Field::Agency, "Agency name"),
    (Field::Branch, "Branch office"),
    (Field::OwnPhone, "User's own phone"),
    (Field::OwnPhone, "User's phone"),
    (Field::Phone, "Phone number with area code"),
    (Field::Phone, "Phone number"),
    (Field::Phone, "Telephone"),
    (Field::Phone, "Cell phone"),
    (Field::Phone, "Phone"),
];

struct Word {
    text: String,
    begins_line: bool,
    /// After a blank line.
    begins_paragraph: bool,
    /// The columns of the whole line, its quotation marks included.
    line_width: usize,
}

struct Found {
    field: Field,
    begins_line: bool,
    /// The index of its first word, and of the first after it.
    from: usize,
    to: usize,
    /// What stands in the label's last word after the colon.
    rest: String,
}

/// Reads an e-mail.
pub fn read(text: &str) -> ReadMail {
    let words = words(text);
    let labels = labels_in(&words, &LABELS, true);
    let aliases = labels_in(&words, &ALIASES, false);
    let chosen: Vec<&Found> = [
        Field::FullName,
        Field::Agency,
        Field::Branch,
        Field::OwnPhone,
        Field::Phone,
    ]
    .into_iter()
    .filter_map(|field| {
        let of_field = |found: &&Found| found.field == field;
        labels
            .iter()
            .filter(of_field)
            .find(|found| found.begins_line)
            .or_else(|| labels.iter().find(of_field))
            .or_else(|| aliases.iter().find(of_field))
    })
    .collect();
    // A value ends where any label begins a line, and where one begins that was chosen.
    let mut ends = vec![false; words.len()];
    let begin_lines = labels.iter().chain(&aliases).filter(|found| found.begins_line);
    for found in begin_lines.chain(chosen.iter().copied()) {
        if let Some(end) = ends.get_mut(found.from) {
            *end = true;
        }
    }
    let value = |field: Field| {
        let found = chosen.iter().find(|found| found.field == field)?;
        Some(value_of(&words, found, &ends)).filter(|value| !value.is_empty())
    };
    let full_name = value(Field::FullName).unwrap_or_default();
    let has_several = labels
        .iter()
        .filter(|found| found.field == Field::FullName && found.begins_line)
        .any(|found| value_of(&words, found, &ends).to_lowercase() != full_name.to_lowercase());
    let own_phone = value(Field::OwnPhone);
    let squeezed: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let for_someone_else = own_phone.is_some() || squeezed.join(" ").contains(FOR_SOMEONE_ELSE);
    let name_at = chosen
        .iter()
        .find(|found| found.field == Field::FullName)
        .map_or(words.len(), |found| found.from);
    ReadMail {
        mail: ResetMail {
            full_name,
            agency: value(Field::Agency).unwrap_or_default(),
            branch: value(Field::Branch).unwrap_or_default(),
            phone: match (own_phone, for_someone_else) {
                (Some(phone), _) => phone,
                // A number that is not called the user's own may be the sender's.
                (None, true) => String::new(),
                (None, false) => value(Field::Phone).unwrap_or_default(),
            },
            for_someone_else,
        },
        sender: sender(words.get(..name_at).unwrap_or_default()),
        has_several,
    }
}

fn words(text: &str) -> Vec<Word> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut words = Vec::new();
    let mut begins_paragraph = true;
    for line in text.split('\n') {
        let line: String = line
            .chars()
            .filter(|sign| !is_invisible(*sign))
            .map(|sign| match sign {
                '\u{2019}' | '\u{2018}' => '\'',
                '\t' | '\u{a0}' => ' ',
                other => other,
            })
            .collect();
        let line_width = line.trim_end().chars().count();
        let content =
            line.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '>' || sign == '|');
        if content.trim().is_empty() {
            begins_paragraph = true;
            continue;
        }
        for (index, word) in content.split_whitespace().enumerate() {
            if words.len() == MOST_WORDS {
                return words;
            }
            words.push(Word {
                text: word.to_owned(),
                begins_line: index == 0,
                begins_paragraph,
                line_width,
            });
            begins_paragraph = false;
        }
    }
    words
}

/// Control characters, and marks that have no width: they come along with what is copied.
fn is_invisible(sign: char) -> bool {
    (sign.is_control() && sign != '\t')
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn labels_in(words: &[Word], labels: &[(Field, &str)], within_lines: bool) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let here = labels
            .iter()
            .filter(|_| word.begins_line || within_lines)
            .find_map(|(field, label)| label_at(words, at, *field, label));
        at = here.as_ref().map_or(at + 1, |label| label.to.max(at + 1));
        found.extend(here);
    }
    found
}

/// The label at this word, if its words stand here, the last with a colon.
fn label_at(words: &[Word], from: usize, field: Field, label: &str) -> Option<Found> {
    let parts: Vec<&str> = label.split(' ').collect();
    let (last, before) = parts.split_last()?;
    let is = |word: &Word, part: &str| bare(&word.text).eq_ignore_ascii_case(part);
    for (offset, part) in before.iter().enumerate() {
        let word = words.get(from + offset)?;
        if !is(word, part) || (offset > 0 && word.begins_paragraph) {
            return None;
        }
    }
    let at = from + before.len();
    let word = words.get(at)?;
    if !before.is_empty() && word.begins_paragraph {
        return None;
    }
    let begins_line = words.get(from)?.begins_line;
    let found = |to: usize, rest: &str| Found {
        field,
        begins_line,
        from,
        to,
        // Of bold text "*Full name:* Amber".
        rest: rest.trim_matches(['*', '_']).to_owned(),
    };
    if let Some((name, rest)) = word.text.split_once(':') {
        return bare(name).eq_ignore_ascii_case(last).then(|| found(at + 1, rest));
    }
    let colon = words.get(at + 1)?;
    let rest = colon.text.strip_prefix(':').filter(|_| !colon.begins_line)?;
    is(word, last).then(|| found(at + 2, rest))
}

/// A word without the marks of bold text and lists around it.
fn bare(word: &str) -> &str {
    word.trim_matches(['*', '_', '-', '\u{2022}'])
}

fn value_of(words: &[Word], label: &Found, ends: &[bool]) -> String {
    let mut value = label.rest.clone();
    let mut width = words
        .get(label.to.saturating_sub(1))
        .map_or(0, |word| word.line_width);
    for (at, word) in words.iter().enumerate().skip(label.to) {
        let is_end = ends.get(at).is_some_and(|end| *end) || value.len() > 4 * LONGEST_VALUE;
        if is_end || (word.begins_paragraph && !value.is_empty()) {
            break;
        }
        let fits = width + 1 + word.text.chars().count() <= NARROWEST_WRAP;
        if word.begins_line && fits && !value.is_empty() {
            break;
        }
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(&word.text);
        width = word.line_width;
    }
    value
        .trim_matches(['*', '_', ' '])
        .chars()
        .take(LONGEST_VALUE)
        .collect()
}

/// The last address before the request in a line of a header, or above a quotation.
fn sender(words: &[Word]) -> String {
    words
        .chunk_by(|_, next| !next.begins_line)
        .filter(|line| {
            let begins = |word: &Word| bare(&word.text).eq_ignore_ascii_case("from:");
            line.first().is_some_and(begins) || line.last().is_some_and(|word| word.text == "wrote:")
        })
        .filter_map(|line| line.iter().find_map(|word| address(&word.text)))
        .next_back()
        .unwrap_or_default()
}

fn address(word: &str) -> Option<String> {
    let word = word.rsplit_once('<').map_or(word, |(_, inner)| inner);
    let word = word.split('>').next().unwrap_or(word);
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    let word = word.trim_matches(|sign: char| "[]()\"',;:<>".contains(sign));
    let (name, host) = word.split_once('@')?;
    let is_plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|sign| sign.is_alphanumeric() || "._%+-'".contains(sign))
    };
    (is_plain(name) && is_plain(host) && word.len() <= LONGEST_VALUE).then(|| word.to_owned())
}

#[cfg(test)]
mod tests;
