//! The one shape of calculation that is read so far: the sum of the scores of named questions, as SDC forms write it,
//!
//! `%resource.repeat(item).where(linkId in ('a' | 'b')).answer.value.weight().sum()`
//!
//! or the same with `ordinal()`. This is no FHIRPath: any other text is another calculation.

const BEFORE: &str = "%resource.repeat(item).where(linkIdin(";
const AFTER: [&str; 2] = [
    ")).answer.value.weight().sum()",
    ")).answer.value.ordinal().sum()",
];

/// The link ids that the expression adds up; `None` when it is not of that shape.
pub(super) fn link_ids(expression: &str) -> Option<Vec<String>> {
    let squeezed = without_spaces(expression);
    let rest = squeezed.strip_prefix(BEFORE)?;
    let list = AFTER.iter().find_map(|after| rest.strip_suffix(after))?;
    let mut ids = Vec::new();
    let mut rest = list;
    loop {
        let (id, after) = rest.strip_prefix('\'')?.split_once('\'')?;
        if id.contains('\\') {
            return None;
        }
        ids.push(id.to_owned());
        if after.is_empty() {
            return Some(ids);
        }
        rest = after.strip_prefix('|')?;
    }
}

/// Without white space, except within quotes.
fn without_spaces(text: &str) -> String {
    let mut quoted = false;
    text.chars()
        .filter(|c| {
            quoted ^= *c == '\'';
            quoted || !c.is_whitespace()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::link_ids;

    #[test]
    fn the_sum_of_named_questions_is_recognised_and_nothing_else_is() {
        let ids = |text| link_ids(text).map(|ids| ids.join(","));
        let sum = "%resource.repeat(item).where(linkId in ('/a 1' | 'b')).answer.value.weight().sum()";
        assert_eq!(ids(sum).as_deref(), Some("/a 1,b"));
        let ordinal = "%resource.repeat( item ).where(linkId in('x'))\n.answer.value.ordinal().sum()";
        assert_eq!(ids(ordinal).as_deref(), Some("x"));
        for other in [
            "",
            "%resource.item.answer.value.weight().sum()",
            "%resource.repeat(item).where(linkId in ()).answer.value.weight().sum()",
            "%resource.repeat(item).where(linkId in ('a' | )).answer.value.weight().sum()",
            "%resource.repeat(item).where(linkId in ('a' & 'b')).answer.value.weight().sum()",
            "%resource.repeat(item).where(linkId in ('a')).answer.value.weight().sum() / 2",
            "%resource.repeat(item).where(linkId in ('a\\'b')).answer.value.weight().sum()",
            "%resource.repeat(item).where(linkId in ('a)).answer.value.weight().sum()",
        ] {
            assert_eq!(ids(other), None, "{other}");
        }
    }
}
