//! Finding a client, a question, or an answer in a long list, by what is typed: accents, case, word order and the ends of words
//! are forgiven. Pure.

use replica::sorted;

/// What is looked for: the words that were typed.
pub struct Wanted(Vec<String>);

impl Wanted {
    pub fn of(typed: &str) -> Self {
        let words = fold(typed).split_whitespace().map(str::to_owned).collect();
        // The longest first: "am" must not take the word that "amber" needs.
        Self(sorted(words, |one: &String, other| other.len().cmp(&one.len())))
    }

    /// Whether every word begins a word of the text, each a word of its own. Three letters and more are also found inside a
    /// word. The text is [`fold`]ed.
    pub fn is_in(&self, folded: &str) -> bool {
        let mut words: Vec<&str> = folded.split_whitespace().collect();
        self.0.iter().all(|wanted| {
            let begins = words.iter().position(|word| word.starts_with(wanted));
            let inside = || {
                words
                    .iter()
                    .position(|word| wanted.len() >= 3 && word.contains(wanted.as_str()))
            };
            let found = begins.or_else(inside);
            if let Some(place) = found {
                words.swap_remove(place);
            }
            found.is_some()
        })
    }
}

/// Whether the name is found by what was typed.
pub fn finds(typed: &str, name: &str) -> bool {
    Wanted::of(typed).is_in(&fold(name))
}

/// For sorting and comparing: lower case, without accents, without apostrophes; hyphens and commas part words.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '\u{300}'..='\u{36f}' | '\'' | '’' | '‘' | '`' | '.' => {}
            '-' | '‐' | '‑' | '–' | ',' | ';' | '/' => folded.push(' '),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            letter => folded.push(plain(letter)),
        }
    }
    folded
}

fn plain(letter: char) -> char {
    const ACCENTED: [(char, &str); 22] = [
        ('a', "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"),
        ('c', "çćĉċč"),
        ('d', "ðďđ"),
        ('e', "èéêëēĕėęěẹẻẽếềểễệ"),
        ('g', "ĝğġģ"),
        ('h', "ĥħ"),
        ('i', "ìíîïĩīĭįıǐỉị"),
        ('j', "ĵ"),
        ('k', "ķ"),
        ('l', "ĺļľŀł"),
        ('n', "ñńņňŉ"),
        ('o', "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ"),
        ('r', "ŕŗř"),
        ('s', "śŝşšș"),
        ('t', "ţťŧț"),
        ('u', "ùúûüũūŭůűųưǔụủứừửữự"),
        ('w', "ŵẁẃẅ"),
        ('y', "ýÿŷỳỵỷỹ"),
        ('z', "źżž"),
        ('b', "ḃ"),
        ('f', "ḟ"),
        ('m', "ṁ"),
    ];
    if letter.is_ascii() {
        return letter;
    }
    ACCENTED
        .iter()
        .find(|(_, accented)| accented.contains(letter))
        .map_or(letter, |(plain, _)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_typed() {
        for (typed, name, found) in [
            ("", "Testcase Amber", true),
            ("amber", "Testcase Amber", true),
            ("amber testcase", "Testcase Amber", true),
            ("  TEST  am ", "Testcase Amber", true),
            ("testcase, amber", "Amber Testcase", true),
            ("zoe", "Sample Zoë", true),
            ("zoë", "Sample Zoe", true),
            ("zoe\u{308}", "Sample Zoë", true),
            ("munoz", "Ana Muñoz-Sample", true),
            ("sample munoz", "Ana Muñoz-Sample", true),
            ("oneil", "Pat O'Neil", true),
            ("o’neil", "Pat O'Neil", true),
            ("lukasz", "Łukasz Sample", true),
            ("nguyen", "Nguyễn Sample", true),
            ("strasse", "Straße Sample", true),
            ("case", "Testcase Amber", true),
            ("as", "Testcase Amber", false),
            ("amber amber", "Testcase Amber", false),
            ("am amber", "Amber Amsample", true),
            ("birch", "Testcase Amber", false),
        ] {
            assert_eq!(finds(typed, name), found, "{typed:?} in {name:?}");
        }
    }
}
