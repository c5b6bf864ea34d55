//! Base64, hexadecimal, HTML and JSON: the formats of `encode`, `decode`, `escape` and `unescape`.

use crate::decimal;
use crate::lexer;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(crate) fn encode(text: &str, format: &str) -> Option<String> {
    match format {
        "hex" => Some(
            text.bytes()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .filter_map(hex_digit)
                .collect(),
        ),
        "base64" => Some(to_base64(text.as_bytes(), BASE64)),
        "urlbase64" => Some(to_base64(text.as_bytes(), URL_BASE64)),
        "ascii" => Some(text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()),
        _ => None,
    }
}

/// `None` for what is not in the format, or no text once decoded.
pub(crate) fn decode(text: &str, format: &str) -> Option<String> {
    let bytes = match format {
        "hex" => from_hex(text)?,
        "base64" => from_base64(text, BASE64)?,
        "urlbase64" => from_base64(text, URL_BASE64)?,
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

fn hex_digit(digit: u8) -> Option<char> {
    char::from_digit(digit.into(), 16)
}

fn to_base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let index = (group >> (18 - 6 * position)) & 63;
            text.push(if position <= chunk.len() {
                char::from(alphabet[index as usize])
            } else {
                '='
            });
        }
    }
    text
}

fn from_base64(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in digits.as_bytes().chunks(4) {
        let mut group = 0_u32;
        for digit in chunk {
            group = group << 6 | alphabet.iter().position(|known| known == digit)? as u32;
        }
        group <<= 6 * (4 - chunk.len());
        bytes.extend_from_slice(&group.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).map(|digit| digit as u8))
        .collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

const HTML: [(char, &str); 5] = [
    ('&', "&amp;"),
    ('<', "&lt;"),
    ('>', "&gt;"),
    ('"', "&quot;"),
    ('\'', "&#39;"),
];

const JSON: [(char, char); 7] = [
    ('"', '"'),
    ('\\', '\\'),
    ('\n', 'n'),
    ('\r', 'r'),
    ('\t', 't'),
    ('\u{c}', 'f'),
    ('\u{8}', 'b'),
];

pub(crate) fn escape(text: &str, target: &str) -> Option<String> {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match target {
            "html" => match HTML.iter().find(|(known, _)| *known == c) {
                Some((_, entity)) => escaped.push_str(entity),
                None => escaped.push(c),
            },
            "json" => match JSON.iter().find(|(known, _)| *known == c) {
                Some((_, letter)) => escaped.extend(['\\', *letter]),
                None if c.is_control() => {
                    escaped.push_str("\\u00");
                    escaped.extend([c as u8 >> 4, c as u8 & 15].into_iter().filter_map(hex_digit));
                }
                None => escaped.push(c),
            },
            _ => return None,
        }
    }
    matches!(target, "html" | "json").then_some(escaped)
}

pub(crate) fn unescape(text: &str, target: &str) -> Option<String> {
    match target {
        "html" => Some(from_html(text)),
        "json" => Some(from_json(text)),
        _ => None,
    }
}

/// Resolves escapes; a quote that is not escaped, and a backslash before anything else, stay as they are.
fn from_json(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        result.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let letter = rest.chars().next();
        if let Some((c, _)) = JSON.iter().find(|(_, known)| Some(*known) == letter) {
            result.push(*c);
            rest = &rest[1..];
        } else if let Some((c, length)) = rest.strip_prefix('u').and_then(lexer::unicode) {
            result.push(c);
            rest = &rest[1 + length..];
        } else {
            result.push('\\');
        }
    }
    result.push_str(rest);
    result
}

fn from_html(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[..=end])?, end))) {
            Some((c, end)) => {
                result.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                result.push('&');
                rest = &rest[1..];
            }
        }
    }
    result.push_str(rest);
    result
}

fn entity(text: &str) -> Option<char> {
    if let Some((c, _)) = HTML.iter().find(|(_, entity)| *entity == text) {
        return Some(*c);
    }
    let number = text.strip_prefix("&#")?.strip_suffix(';')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => u32::try_from(decimal::parse_integer(number)?).ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for text in ["", "t", "te", "tes", "test", "subjects?_d", "é🔥"] {
            for format in ["hex", "base64", "urlbase64"] {
                let encoded = encode(text, format).unwrap();
                assert_eq!(
                    decode(&encoded, format).as_deref(),
                    Some(text),
                    "{text} as {format}"
                );
            }
            for target in ["html", "json"] {
                let text = format!("{text}\"1<2\" & 'x'\n\\");
                let escaped = escape(&text, target).unwrap();
                assert_eq!(
                    unescape(&escaped, target).as_deref(),
                    Some(&*text),
                    "{text} in {target}"
                );
            }
        }
        assert_eq!(encode("test", "base64").unwrap(), "dGVzdA==");
        assert_eq!(encode("subjects?_d", "urlbase64").unwrap(), "c3ViamVjdHM_X2Q=");
        assert_eq!(encode("aé", "ascii").unwrap(), "a?");
        assert_eq!(escape("\"1<2\"", "html").unwrap(), "&quot;1&lt;2&quot;");
        assert_eq!(escape("\"1<2\"", "json").unwrap(), "\\\"1<2\\\"");
    }

    #[test]
    fn what_is_not_in_the_format_is_nothing() {
        for (text, format) in [
            ("abc", "hex"),
            ("zz", "hex"),
            ("a", "base64"),
            ("====", "base64"),
            ("é===", "base64"),
            ("ff", "hex"),
            ("a", "rot13"),
        ] {
            assert_eq!(decode(text, format), None, "{text} as {format}");
        }
        assert_eq!(unescape("&amp;&unknown;&", "html").unwrap(), "&&unknown;&");
        assert_eq!(encode("a", "rot13"), None);
        assert_eq!(escape("", "xml"), None);
    }
}
