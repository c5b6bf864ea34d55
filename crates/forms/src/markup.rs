//! XHTML or Markdown that a form wants its words drawn in, reduced to emphasis, paragraphs, lists, and pictures that travel with
//! the form: no other address, no style, no script, and nothing that a page would have to trust.

use crate::Picture;

/// A piece of marked-up text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markup {
    Text(String),
    Break,
    Picture(Box<Picture>),
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

/// Longer XHTML than any question has with its pictures, longer Markdown, and deeper nesting, are left out.
const MAX_XHTML: usize = 3 * 1024 * 1024;
const MAX_LENGTH: usize = 64 * 1024;
const MAX_DEPTH: usize = 24;

/// The marked-up text of an XHTML fragment; empty where it is too long to be a question's. `picture` says what an image's address
/// leads to, where that is within the form.
pub(crate) fn read(xhtml: &str, picture: &dyn Fn(&str) -> Option<String>) -> Vec<Markup> {
    if xhtml.len() > MAX_XHTML {
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
        } else if name == "img" {
            if let Some(source) = attribute(tag, "src").and_then(picture) {
                let title = unescape(attribute(tag, "alt").unwrap_or_default());
                add(&mut open, Markup::Picture(Box::new(Picture { source, title })));
            }
        } else if !tag.ends_with('/') && open.len() < MAX_DEPTH {
            open.push((name, mark(name), Vec::new()));
        }
    }
    while open.len() > 1 {
        close_last(&mut open);
    }
    open.pop().map(|(_, _, pieces)| pieces).unwrap_or_default()
}

/// The value of a tag's attribute, as it is written between its quotes.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.match_indices(name).find_map(|(at, _)| {
        let value = tag[at + name.len()..]
            .trim_start()
            .strip_prefix('=')?
            .trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let whole = tag[..at].ends_with(char::is_whitespace);
        Some(value[1..].split_once(quote)?.0).filter(|_| whole)
    })
}

/// Gives a picture the item's own words where nothing else says what it shows.
pub(crate) fn name_picture(pieces: &mut [Markup], words: &str) {
    if let [Markup::Picture(only)] = pieces
        && only.title.is_empty()
    {
        only.title = words.to_owned();
    }
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

/// The marked-up text of Markdown, in what questions use of it (<https://spec.commonmark.org/0.31.2/>): paragraphs, headings,
/// lists of one depth, emphasis. Anything else stays as it is written; of a link its words.
pub(crate) fn read_markdown(text: &str) -> Vec<Markup> {
    if text.len() > MAX_LENGTH {
        return Vec::new();
    }
    let mut pieces: Vec<Markup> = Vec::new();
    let mut paragraph: Vec<Markup> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        let numbered = trimmed.split_once(['.', ')']).filter(|(number, rest)| {
            !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ')
        });
        let item = ["- ", "* ", "+ "]
            .iter()
            .find_map(|mark| trimmed.strip_prefix(mark));
        let heading = trimmed.trim_start_matches('#');
        let block = match (item, numbered) {
            _ if trimmed.is_empty() => None,
            (Some(words), _) => Some((Some(Mark::List), words)),
            (None, Some((_, words))) => Some((Some(Mark::NumberedList), words)),
            (None, None) if heading.len() < trimmed.len() && heading.starts_with(' ') => {
                Some((None, heading))
            }
            (None, None) => {
                if !paragraph.is_empty() {
                    paragraph.push(Markup::Text(" ".to_owned()));
                }
                paragraph.append(&mut inline(trimmed.trim_end_matches('\\'), 0));
                if line.ends_with("  ") || line.ends_with('\\') {
                    paragraph.push(Markup::Break);
                }
                continue;
            }
        };
        end_paragraph(&mut pieces, &mut paragraph);
        match block {
            None => {}
            Some((None, words)) => pieces.push(Markup::Element(Mark::Heading, inline(words.trim(), 0))),
            Some((Some(list), words)) => {
                let item = Markup::Element(Mark::Item, inline(words.trim(), 0));
                match pieces.last_mut() {
                    Some(Markup::Element(last, items)) if *last == list => items.push(item),
                    _ => pieces.push(Markup::Element(list, vec![item])),
                }
            }
        }
    }
    end_paragraph(&mut pieces, &mut paragraph);
    match pieces.as_mut_slice() {
        // One paragraph is the question's words, and no block of their own.
        [Markup::Element(Mark::Paragraph, words)] => std::mem::take(words),
        _ => pieces,
    }
}

fn end_paragraph(pieces: &mut Vec<Markup>, paragraph: &mut Vec<Markup>) {
    if !paragraph.is_empty() {
        pieces.push(Markup::Element(Mark::Paragraph, std::mem::take(paragraph)));
    }
}

/// The words of one line, with their emphasis.
fn inline(text: &str, depth: usize) -> Vec<Markup> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = plain.chars().last().is_some_and(char::is_alphanumeric);
        if let Some((mark, inner, after)) = emphasis(rest, after_word).filter(|_| depth < MAX_DEPTH) {
            if !plain.is_empty() {
                pieces.push(Markup::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Markup::Element(mark, inline(inner, depth + 1)));
            rest = after;
        } else if let Some((words, after)) = link(rest) {
            plain.push_str(words);
            rest = after;
        } else {
            rest = &rest[first.len_utf8()..];
            match rest
                .chars()
                .next()
                .filter(|next| first == '\\' && next.is_ascii_punctuation())
            {
                Some(escaped) => {
                    plain.push(escaped);
                    rest = &rest[escaped.len_utf8()..];
                }
                None => plain.push(first),
            }
        }
    }
    if !plain.is_empty() {
        pieces.push(Markup::Text(plain));
    }
    pieces
}

/// What stands between the marks that the text begins with, and what comes after.
fn emphasis(text: &str, after_word: bool) -> Option<(Mark, &str, &str)> {
    [
        ("**", Mark::Strong),
        ("__", Mark::Strong),
        ("*", Mark::Emphasis),
        ("_", Mark::Emphasis),
    ]
    .into_iter()
    .filter(|(mark, _)| !(after_word && mark.starts_with('_')))
    .find_map(|(mark, meaning)| {
        let (inner, after) = text.strip_prefix(mark)?.split_once(mark)?;
        let word = !inner.is_empty() && inner.trim() == inner;
        word.then_some((meaning, inner, after))
    })
}

fn link(text: &str) -> Option<(&str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (_, after) = rest.split_once(')')?;
    (!words.contains('[')).then_some((words, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(pieces: &[Markup]) -> String {
        let piece = |piece: &Markup| match piece {
            Markup::Text(text) => text.clone(),
            Markup::Break => "|".to_owned(),
            Markup::Picture(picture) => format!("[{} {}]", picture.title, picture.source),
            Markup::Element(mark, inner) => format!("{mark:?}({})", plain(inner)),
        };
        pieces.iter().map(piece).collect()
    }

    fn own(address: &str) -> Option<String> {
        address.starts_with('#').then(|| address.to_owned())
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
            (
                "<img src='#a' alt=\"&lt;b&gt;\" onerror='x'/>after",
                "[<b> #a]after",
            ),
            ("<img alt='' src = \"https://example.org/a.png\">after", "after"),
            ("<p><img data-src='#a'/>after</p>", "Paragraph(after)"),
            ("a &lt;b&gt; &amp; &#65; &unknown; &", "a <b> & A &unknown; &"),
            (
                "<b>never closed <i>at all",
                "Strong(never closed Emphasis(at all))",
            ),
            ("</b>stray<!-- said --> words", "stray words"),
            ("<b", ""),
            ("<script>never closed", ""),
        ] {
            assert_eq!(plain(&read(xhtml, &own)), expected, "{xhtml}");
        }
        let deep = "<b>".repeat(5_000);
        assert!(plain(&read(&deep, &own)).len() < 1_000);
    }

    #[test]
    fn markdown_becomes_the_same_and_what_it_does_not_know_stays_as_it_is_written() {
        for (markdown, expected) in [
            (
                "How **often** do you *fall*?",
                "How Strong(often) do you Emphasis(fall)?",
            ),
            ("one\n\ntwo\nthree", "Paragraph(one)Paragraph(two three)"),
            (
                "Bring:\n- pills\n- a list",
                "Paragraph(Bring:)List(Item(pills)Item(a list))",
            ),
            ("1. sit\n2) wait", "NumberedList(Item(sit)Item(wait))"),
            ("## Pain\nwhere", "Heading(Pain)Paragraph(where)"),
            ("see [the plan](javascript:x)", "see the plan"),
            ("a  \nb", "a| b"),
            (
                "5 * 3 * 2, snake_case_name, \\*kept\\*",
                "5 * 3 * 2, snake_case_name, *kept*",
            ),
            (
                "**never closed, <b>no markup</b>",
                "**never closed, <b>no markup</b>",
            ),
            ("", ""),
        ] {
            assert_eq!(plain(&read_markdown(markdown)), expected, "{markdown}");
        }
        let deep = format!("{}x{}", "*_".repeat(20_000), "_*".repeat(20_000));
        assert!(plain(&read_markdown(&deep)).len() < 200_000);
    }
}
