//! Values in the places of a sentence.

use std::fmt::{Display, Write as _};

/// Puts the values in their places: `{name}` is the value of that name, `{}` the next one. A place that no value is for
/// stays as it is written, so that a mistake of a translator shows and breaks nothing.
///
/// ```
/// let sentence = "{n} of {all}";
/// assert_eq!(words::fill(sentence, &[("n", &3), ("all", &7)]), "3 of 7");
/// ```
pub fn fill(sentence: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    let mut next = 0;
    while let Some((before, name, after)) = place(rest) {
        let value = match name {
            "" => values.get(next),
            name => values.iter().find(|(known, _)| *known == name),
        };
        if name.is_empty() {
            next += 1;
        }
        text.push_str(before);
        match value {
            // Writing to a string fails only where the value refuses to be written: then its place stays empty.
            Some((_, value)) => drop(write!(text, "{value}")),
            None => {
                text.push('{');
                text.push_str(name);
                text.push('}');
            }
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The names of the places of a sentence, in order.
pub fn places(sentence: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = sentence;
    while let Some((_, name, after)) = place(rest) {
        found.push(name);
        rest = after;
    }
    found
}

fn place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_their_places_whatever_the_order_of_the_language() {
        let values: &[(&str, &dyn Display)] = &[("day", &"lunes"), ("time", &"09:12")];
        assert_eq!(fill("on {day} at {time}", values), "on lunes at 09:12");
        assert_eq!(fill("a las {time} del {day}", values), "a las 09:12 del lunes");
        assert_eq!(fill("{}, {}.", &[("", &1), ("", &2)]), "1, 2.");
        assert_eq!(fill("nothing to fill", &[]), "nothing to fill");
    }

    #[test]
    fn a_place_without_a_value_and_a_lone_brace_stay() {
        assert_eq!(fill("{nobody} {", &[("n", &1)]), "{nobody} {");
        assert_eq!(fill("{} {}", &[("", &1)]), "1 {}");
    }

    #[test]
    fn a_value_is_not_filled_in_itself() {
        assert_eq!(fill("{n} {a}", &[("n", &"{a}"), ("a", &1)]), "{a} 1");
    }
}
