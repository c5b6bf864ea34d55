//! Which files a question takes: the form's own limits on kind and size, and ours on how much one assessment carries. Pure.
//!
//! Ours: 1 MB a file, 3 MB an assessment. A record is sealed, saved and sent as a whole, so every byte of it is written
//! anew with each answer; docs/adr/0090 has the reasons.

use forms::{Answer, Decimal, Form, ItemId};

use crate::language::{capital, tr};

/// Bytes of one file, after a photograph was made smaller.
pub(super) const MOST_OF_A_FILE: usize = 1_000_000;
/// Bytes of all files of one assessment.
pub(super) const MOST_OF_ALL: usize = 3_000_000;

/// What a question takes.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    pub kinds: Vec<String>,
    /// The form's own limit, in bytes.
    pub most: Option<usize>,
}

impl Limits {
    pub fn of(form: &Form, item: ItemId) -> Self {
        let item = form.item(item);
        let most = item.max_size.map(|most: Decimal| most.trunc().to_string());
        Self {
            kinds: item.mime_types.to_vec(),
            // One that is larger than any number is none.
            most: most.and_then(|most| most.parse().ok()),
        }
    }

    /// The most bytes of one file.
    pub fn most(&self) -> usize {
        self.most.unwrap_or(MOST_OF_A_FILE).min(MOST_OF_A_FILE)
    }

    /// Whether files of this media type are taken.
    pub fn takes(&self, kind: &str) -> bool {
        let fits = |wanted: &String| match wanted.strip_suffix('*') {
            Some(family) => kind.starts_with(family),
            None => kind.eq_ignore_ascii_case(wanted),
        };
        self.kinds.is_empty() || self.kinds.iter().any(fits)
    }

    /// Whether pictures of any kind are among them.
    pub fn takes_pictures(&self) -> bool {
        self.takes("image/jpeg") || self.takes("image/png")
    }

    /// For the file dialog.
    pub fn accept(&self) -> String {
        self.kinds.join(",")
    }

    /// What is taken, in a sentence.
    pub fn words(&self) -> String {
        let mut kinds: Vec<String> = Vec::new();
        for kind in &self.kinds {
            let words = kind_words(kind);
            if !kinds.contains(&words) {
                kinds.push(words);
            }
        }
        let kinds = match kinds.split_last() {
            None => tr!("any file").to_owned(),
            Some((last, [])) => last.clone(),
            Some((last, others)) => tr!("{others} or {last}", others = others.join(", "), last),
        };
        tr!(
            "{kinds}. At most {size}.",
            kinds = capital(&kinds),
            size = size_words(self.most())
        )
    }

    /// Why a file is not taken, and what to do; `held` is what the assessment carries besides it, in bytes.
    pub fn refuse(&self, name: &str, kind: &str, size: usize, held: usize) -> Option<String> {
        let most = self.most();
        if size == 0 {
            return Some(tr!("“{name}” is empty. Choose another file.", name));
        }
        if !self.takes(kind) {
            return Some(tr!(
                "“{name}” is of another kind. This question takes: {kinds}",
                name,
                kinds = self.words()
            ));
        }
        if size > most {
            return Some(tr!(
                "“{name}” has {size}. Choose one of at most {most}.",
                name,
                size = size_words(size),
                most = size_words(most)
            ));
        }
        (held + size > MOST_OF_ALL).then(|| {
            tr!("There is no room for “{name}”: all files of one assessment have at most {most} together. Remove one first.", name, most = size_words(MOST_OF_ALL))
        })
    }
}

/// Bytes of all files that the form holds, besides those of one question.
pub(super) fn held(form: &Form, besides: Option<ItemId>) -> usize {
    let others = form.items().filter(|item| Some(item.id) != besides);
    others.flat_map(|item| item.answers).map(size_of).sum()
}

/// The bytes of an answer that is a file.
pub(super) fn size_of(answer: &Answer) -> usize {
    let Answer::Attachment(attachment) = answer else {
        return 0;
    };
    let data = attachment.get("data").and_then(|data| data.as_str());
    // Four letters of base 64 are three bytes.
    data.map(|data| data.trim_end_matches('=').len() * 3 / 4)
        .unwrap_or_default()
}

/// "820 bytes", "14 kB", "1.2 MB".
pub(super) fn size_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => tr!("1 byte" | "{n} bytes" % bytes),
        1_000..999_500 => format!("{} kB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            match tenths % 10 {
                0 => format!("{} MB", tenths / 10),
                rest => format!("{}.{rest} MB", tenths / 10),
            }
        }
    }
}

fn kind_words(kind: &str) -> String {
    match kind {
        "image/*" => tr!("a picture"),
        "image/jpeg" => tr!("a JPEG picture"),
        "image/png" => tr!("a PNG picture"),
        "application/pdf" => tr!("a PDF"),
        "text/plain" => tr!("a text file"),
        "text/csv" => tr!("a table (CSV)"),
        "audio/*" => tr!("a sound recording"),
        "video/*" => tr!("a film"),
        "application/json" => tr!("a JSON file"),
        "application/msword" => tr!("a Word document"),
        "application/vnd.ms-excel" => tr!("an Excel sheet"),
        kind if kind.contains("wordprocessingml") => tr!("a Word document"),
        kind if kind.contains("spreadsheetml") => tr!("an Excel sheet"),
        kind => return kind.to_owned(),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_is_taken_or_the_refusal_says_what_to_do() {
        let pictures = Limits {
            kinds: vec!["image/*".into()],
            most: None,
        };
        let papers = Limits {
            kinds: vec!["application/pdf".into(), "text/plain".into()],
            most: Some(200_000),
        };
        for (limits, kind, size, held, refusal) in [
            (&pictures, "image/jpeg", 900_000, 0, None),
            (
                &pictures,
                "image/jpeg",
                MOST_OF_A_FILE,
                MOST_OF_ALL - MOST_OF_A_FILE,
                None,
            ),
            (
                &pictures,
                "application/pdf",
                10,
                0,
                Some("“f” is of another kind. This question takes: A picture. At most 1 MB."),
            ),
            (
                &pictures,
                "image/png",
                1_234_567,
                0,
                Some("“f” has 1.2 MB. Choose one of at most 1 MB."),
            ),
            (
                &pictures,
                "image/png",
                600_000,
                2_500_000,
                Some(
                    "There is no room for “f”: all files of one assessment have at most 3 MB together. Remove one first.",
                ),
            ),
            (
                &pictures,
                "image/png",
                0,
                0,
                Some("“f” is empty. Choose another file."),
            ),
            (&papers, "application/pdf", 200_000, 0, None),
            (
                &papers,
                "text/plain",
                200_501,
                0,
                Some("“f” has 201 kB. Choose one of at most 200 kB."),
            ),
            (
                &papers,
                "",
                10,
                0,
                Some("“f” is of another kind. This question takes: A PDF or a text file. At most 200 kB."),
            ),
        ] {
            assert_eq!(
                limits.refuse("f", kind, size, held).as_deref(),
                refusal,
                "{kind} {size}"
            );
        }
    }

    #[test]
    fn what_a_form_holds_is_counted_over_all_its_questions() {
        let attachment = |data: &str| json!([{ "valueAttachment": { "data": data } }]);
        let items = json!([{ "linkId": "a", "type": "attachment" }, { "linkId": "b", "type": "attachment" }, { "linkId": "c", "type": "string" }]);
        let response = json!({ "resourceType": "QuestionnaireResponse", "item": [
            { "linkId": "a", "answer": attachment("AAAA") },
            { "linkId": "b", "answer": attachment("AAAAAA==") },
            { "linkId": "c", "answer": [{ "valueString": "words" }] },
        ] });
        let form = Form::resume(&json!({ "item": items }), &response, &json!(null)).unwrap();
        assert_eq!(held(&form, None), 7);
        assert_eq!(held(&form, form.find("b")), 3);
    }

    #[test]
    fn an_assessment_full_of_files_fits_into_what_the_main_application_takes() {
        // In base 64 within the record, and sealed in base 64 within the request; beside it all other answers.
        let files = MOST_OF_ALL.div_ceil(3) * 4;
        let sent = (files + 500_000).div_ceil(3) * 4;
        assert!(sent < protocol::SYNC_BODY_LIMIT);
    }

    #[test]
    fn sizes_are_told_as_people_tell_them() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (1_250_000, "1.3 MB"),
            (3_000_000, "3 MB"),
        ] {
            assert_eq!(size_words(bytes), words);
        }
    }
}
