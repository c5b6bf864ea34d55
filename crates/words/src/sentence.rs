//! A sentence that is made where its language is not known.

use std::borrow::Cow;
use std::fmt;

use crate::fill;

/// English, and the values that go into it. It is told as it is, or in another language by [`Self::say`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    english: Cow<'static, str>,
    values: Vec<(&'static str, String)>,
}

impl Sentence {
    pub fn new(english: &'static str) -> Self {
        Self {
            english: english.into(),
            values: Vec::new(),
        }
    }

    /// Somebody's own words, which stay as they are.
    pub fn own(words: impl Into<String>) -> Self {
        Self {
            english: Cow::Owned(words.into()),
            values: Vec::new(),
        }
    }

    /// With this value in the place of that name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &dyn fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// In the language that `translate` knows, and in English where it does not know the sentence.
    pub fn say(&self, translate: impl Fn(&str) -> Option<&'static str>) -> String {
        let own = matches!(self.english, Cow::Owned(_));
        let said = if own { None } else { translate(&self.english) };
        let values: Vec<(&str, &dyn fmt::Display)> = self
            .values
            .iter()
            .map(|(name, value)| (*name, value as &dyn fmt::Display))
            .collect();
        match said {
            Some(said) => fill(said, &values),
            None if own => self.english.to_string(),
            None => fill(&self.english, &values),
        }
    }
}

/// In English.
impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(|_| None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_told_in_the_language_that_is_known() {
        let most = 3;
        let sentence = crate::sentence!(
            "Use at most {most} characters. There are {length} now.",
            most,
            length = 2 + 3
        );
        assert_eq!(sentence.to_string(), "Use at most 3 characters. There are 5 now.");
        let spanish = sentence.say(|english| {
            english
                .starts_with("Use")
                .then_some("Use {most} como máximo. Hay {length}.")
        });
        assert_eq!(spanish, "Use 3 como máximo. Hay 5.");
    }

    #[test]
    fn the_words_of_a_form_stay_as_they_are() {
        let own = Sentence::own("Not below {0}.");
        assert_eq!(own.say(|_| Some("another")), "Not below {0}.");
    }
}
