//! Makes one style sheet of those that the start page names, in their order: a browser asks for six files at a time, and the
//! first page waits for every one of them. Its neighbour [`crate::sw`] calls it after each build.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha384};

use crate::sw;

/// A style sheet in index.html, as trunk writes it: the address between these two, then its hash.
const BEFORE: &str = "<link rel=\"stylesheet\" href=\"/";
const BEHIND: char = '"';
const END: &str = "/>";

/// The links become one, and so do the files.
pub fn join(dist: &Path) -> Result<()> {
    let start_page = dist.join("index.html");
    let html = std::fs::read_to_string(&start_page).context("the build has no index.html")?;
    let mut parts = html.split(BEFORE);
    let mut before = parts.next().unwrap_or_default().to_owned();
    let mut behind = String::new();
    let mut css = String::new();
    for part in parts {
        let (file, rest) = part
            .split_once(BEHIND)
            .context("a link to a style sheet has no end")?;
        let (_, rest) = rest
            .split_once(END)
            .context("a link to a style sheet has no end")?;
        let path = dist.join(file);
        css.push_str(&std::fs::read_to_string(&path).with_context(|| format!("cannot read {file}"))?);
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {file}"))?;
        behind.push_str(rest);
    }
    ensure!(
        !css.is_empty(),
        "index.html names no style sheet as trunk writes it"
    );
    let file = format!("styles-{}.css", sw::name_of(&Sha384::digest(&css)));
    before.push_str(&format!(
        "{BEFORE}{file}{BEHIND} integrity=\"{}\"{END}{}",
        sw::integrity(css.as_bytes()),
        behind.trim_start()
    ));
    std::fs::write(dist.join(&file), css).with_context(|| format!("cannot write {file}"))?;
    std::fs::write(&start_page, before).context("cannot write index.html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::tests::Folder;

    #[test]
    fn the_style_sheets_become_one_in_their_order() {
        let dist = Folder::with(&[
            (
                "index.html",
                "<head>\n<link rel=\"stylesheet\" href=\"/b-1.css\" integrity=\"x\"/>\n\
                 <link rel=\"stylesheet\" href=\"/a-2.css\" integrity=\"y\"/>\n<p>",
            ),
            ("b-1.css", "b {}\n"),
            ("a-2.css", "a {}\n"),
            ("app.js", "1"),
        ]);
        join(&dist.path).unwrap();
        let files = crate::sw::files(&dist.path).unwrap();
        assert_eq!(files.len(), 3, "{files:?}");
        let sheet = files.iter().find(|file| file.starts_with("styles-")).unwrap();
        assert_eq!(
            std::fs::read_to_string(dist.path.join(sheet)).unwrap(),
            "b {}\na {}\n"
        );
        let html = std::fs::read_to_string(dist.path.join("index.html")).unwrap();
        assert_eq!(html.matches("stylesheet").count(), 1);
        assert!(
            html.contains(&format!("href=\"/{sheet}\" integrity=\"sha384-")),
            "{html}"
        );
        assert!(html.starts_with("<head>") && html.ends_with("<p>"), "{html}");
    }

    #[test]
    fn a_start_page_without_style_sheets_is_refused() {
        let dist = Folder::with(&[("index.html", "<p>")]);
        assert!(join(&dist.path).is_err());
    }
}
