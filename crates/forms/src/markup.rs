//! XHTML that a form wants its words drawn in, reduced to emphasis, paragraphs and lists: no address, no style, no
//! script, and nothing that a page would have to trust.

/// A piece of marked-up text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markup {
    Text(String),
    Break,
    Element(Mark, Vec<Markup>),
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Paragraph,
    Heading,
    Strong,
    Emphasis,
    Underline,
    Above,
    Below,
    List,
    NumberedList,
    Item,
}

/// Longer XHTML than any question has, and deeper nesting, are left out.
const MAX_LENGTH: usize = 64 * 1024;
const MAX_DEPTH: usize = 24;

/// The marked-up text of an XHTML fragment; empty where it is too long to be a question's.
pub(crate) fn read(xhtml: &str) -> Vec<Markup> {
    if xhtml.len() > MAX_LENGTH {
        return Vec::new();
    }
    let mut open: Vec<(&str, Option<Mark>, Vec<Markup>)> = vec![("", None, Vec::new())];
    let mut rest = xhtml;
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        add_text(&mut open, &rest[..at]);
        rest = &rest[at..];
        if rest.is_empty() {
            break;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = rest[1..].split_once('>') else {
            break;
        };
        rest = after;
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag
            .split(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default();
        if closes {
            close(&mut open, name);
        } else if matches!(name, "script" | "style") && !tag.ends_with('/') {
            let end = format!("</{name}");
            let skipped = rest.find(&end).map_or("", |end| &rest[end..]);
            rest = skipped.split_once('>').map_or("", |(_, after)| after);
        } else if name == "br" {
            add(&mut open, Markup::Break);
        } else if !tag.ends_with('/') && open.len() < MAX_DEPTH && name != "img" {
            open.push((name, mark(name), Vec::new()));
        }
    }
    while open.len() > 1 {
        close_last(&mut open);
    }
    open.pop().map(|(_, _, pieces)| pieces).unwrap_or_default()
}

fn mark(name: &str) -> Option<Mark> {
    Some(match name {
        "p" => Mark::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Mark::Heading,
        "b" | "strong" => Mark::Strong,
        "i" | "em" => Mark::Emphasis,
        "u" => Mark::Underline,
        "sup" => Mark::Above,
        "sub" => Mark::Below,
        "ul" => Mark::List,
        "ol" => Mark::NumberedList,
        "li" => Mark::Item,
        _ => return None,
    })
}

type Open<'x> = Vec<(&'x str, Option<Mark>, Vec<Markup>)>;

fn add(open: &mut Open<'_>, piece: Markup) {
    if let Some((_, _, pieces)) = open.last_mut() {
        pieces.push(piece);
    }
}

fn add_text(open: &mut Open<'_>, text: &str) {
    if !text.trim().is_empty() || text == " " {
        add(open, Markup::Text(unescape(text)));
    }
}

fn close(open: &mut Open<'_>, name: &str) {
    let Some(depth) = open.iter().rposition(|(known, ..)| *known == name) else {
        return;
    };
    while open.len() > depth.max(1) {
        close_last(open);
    }
}

fn close_last(open: &mut Open<'_>) {
    if let Some((_, mark, mut pieces)) = open.pop()
        && let Some((_, _, above)) = open.last_mut()
    {
        match mark {
            Some(mark) => above.push(Markup::Element(mark, pieces)),
            None => above.append(&mut pieces),
        }
    }
}

fn unescape(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        words.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end <= 8).map(|end| &rest[1..end]);
        let character = entity.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            name => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)
            }
        });
        match (character, entity) {
            (Some(character), Some(name)) => {
                words.push(character);
                rest = &rest[name.len() + 2..];
            }
            _ => {
                words.push('&');
                rest = &rest[1..];
            }
        }
    }
    words.push_str(rest);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(pieces: &[Markup]) -> String {
        let piece = |piece: &Markup| match piece {
            Markup::Text(text) => text.clone(),
            Markup::Break => "|".to_owned(),
            Markup::Element(mark, inner) => format!("{mark:?}({})", plain(inner)),
        };
        pieces.iter().map(piece).collect()
    }

    #[test]
    fn emphasis_and_lists_stay_and_nothing_else_does() {
        for (xhtml, expected) in [
            ("<div xmlns=\"x\">a <b>b</b> c</div>", "a Strong(b) c"),
            (
                "<ul><li>one</li><li>two<br/>lines</li></ul>",
                "List(Item(one)Item(two|lines))",
            ),
            ("<script>alert(1)</script>safe", "safe"),
            (
                "<style>b{}</style><a href=\"javascript:x\" onclick=\"y\">link</a>",
                "link",
            ),
            ("<img src=x onerror=alert(1)>after", "after"),
            ("a &lt;b&gt; &amp; &#65; &unknown; &", "a <b> & A &unknown; &"),
            (
                "<b>never closed <i>at all",
                "Strong(never closed Emphasis(at all))",
            ),
            ("</b>stray<!-- said --> words", "stray words"),
            ("<b", ""),
            ("<script>never closed", ""),
        ] {
            assert_eq!(plain(&read(xhtml)), expected, "{xhtml}");
        }
        let deep = "<b>".repeat(5_000);
        assert!(plain(&read(&deep)).len() < 1_000);
    }
}
