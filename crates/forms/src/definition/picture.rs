//! The pictures of a form: SDC's `itemMedia` and `itemAnswerMedia`, as far as they travel within the form itself.

use serde_json::Value;

use super::Picture;
use super::json::{self, Object};
use super::translation;

/// Kinds of pictures that every browser draws, none of which runs a script in an `img`.
const KINDS: [&str; 5] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/svg+xml",
];

/// More letters of base 64 than a form has for one picture.
const MOST_LETTERS: usize = 2 * 1024 * 1024;

/// The picture that this `Attachment` holds: its data, a `data:` address, or what is contained in the questionnaire.
pub(super) fn read(root: &Object, attachment: &Value, language: Option<&str>) -> Option<Picture> {
    let attachment = attachment.as_object()?;
    let title = translation::text(attachment, "title", language)
        .unwrap_or_default()
        .to_owned();
    let source = match json::text(attachment, "url") {
        _ if attachment.contains_key("data") => address(attachment),
        Some(url) => source(root, url),
        None => None,
    };
    Some(Picture {
        source: source?,
        title,
    })
}

/// The `data:` address of what this address leads to within the form, or holds itself.
pub(super) fn source(root: &Object, url: &str) -> Option<String> {
    match url.strip_prefix('#') {
        Some(id) => address(contained(root, id)?),
        // Whoever writes XHTML breaks long lines.
        None => from_address(&url.split_whitespace().collect::<String>()),
    }
}

/// A `Binary`, or the content of a `Media` or `DocumentReference`.
fn contained<'a>(root: &'a Object, id: &str) -> Option<&'a Object> {
    let named = |resource: &&Object| {
        json::text(resource, "id").map(|known| known.trim_start_matches('#')) == Some(id)
    };
    let resource = json::objects(root, "contained").find(named)?;
    // A Media holds one attachment; a DocumentReference several, each in a member of that name.
    let content = json::objects(resource, "content").next();
    let attachment = content.and_then(|content| content.get("attachment")?.as_object());
    Some(attachment.or(content).unwrap_or(resource))
}

fn address(holder: &Object) -> Option<String> {
    let (kind, data) = (json::text(holder, "contentType")?, json::text(holder, "data")?);
    from_address(&format!(
        "data:{kind};base64,{}",
        data.split_whitespace().collect::<String>()
    ))
}

fn from_address(url: &str) -> Option<String> {
    let (kind, data) = url.strip_prefix("data:")?.split_once(";base64,")?;
    let letters = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/' | b'=');
    let fine = KINDS.contains(&kind) && data.len() <= MOST_LETTERS && data.bytes().all(letters);
    fine.then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_picture_is_one_that_travels_with_the_form() {
        let questionnaire = json!({ "contained": [
            { "resourceType": "Binary", "id": "heel", "contentType": "image/png", "data": "AAAA" },
            { "resourceType": "DocumentReference", "id": "hand", "content": [
                { "attachment": { "contentType": "image/png", "data": "CCCC" } } ] },
            { "resourceType": "Media", "id": "foot", "content": { "contentType": "image/gif", "data": "BBBB" } },
        ] });
        let png = "data:image/png;base64,AAAA";
        for (attachment, source) in [
            (json!({ "contentType": "image/png", "data": "AA\nAA" }), Some(png)),
            (json!({ "url": png }), Some(png)),
            (json!({ "url": "#heel" }), Some(png)),
            (json!({ "url": "#foot" }), Some("data:image/gif;base64,BBBB")),
            (json!({ "url": "#hand" }), Some("data:image/png;base64,CCCC")),
            (json!({ "url": "#nobody" }), None),
            (json!({ "url": "https://example.org/heel.png" }), None),
            (json!({ "url": "data:text/html;base64,AAAA" }), None),
            (json!({ "contentType": "image/png", "data": "A\"onerror=" }), None),
            (json!({ "contentType": "image/png" }), None),
            (json!("AAAA"), None),
        ] {
            let read = read(questionnaire.as_object().unwrap(), &attachment, None);
            assert_eq!(
                read.map(|picture| picture.source).as_deref(),
                source,
                "{attachment}"
            );
        }
    }
}
