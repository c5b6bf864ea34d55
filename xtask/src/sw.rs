//! Writes the service worker from its template, `public/sw.js`: the list of all files of a build with their hashes, and a
//! version that changes whenever one of them does. trunk calls this after each build (see Trunk.toml).

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256, Sha384};

use crate::{compress, project, styles, words};

/// Called by trunk, which says in the environment where the build lies that is about to become `dist/`.
pub fn hook() -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).context(
        "TRUNK_STAGING_DIR is not set: trunk calls this command, at the end of `cargo xtask build`",
    )?;
    let template = project::root().join("public/sw.js");
    let template =
        std::fs::read_to_string(&template).with_context(|| format!("cannot read {}", template.display()))?;
    std::fs::write(staging.join(words::FILE), words::catalogue()?).context("cannot write the catalogue")?;
    styles::join(&staging)?;
    write(&staging, &template)?;
    compress::write_siblings(&staging, &project::tools().join("brotli"))
}

/// One file of the build: its address on the site, and its hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    pub path: String,
    pub integrity: String,
}

/// Everything that is served, without the service worker itself and the compressed copies.
pub fn assets(dist: &Path) -> Result<Vec<Asset>> {
    let mut found = files(dist)?
        .into_iter()
        .filter(|file| file != "sw.js" && !file.ends_with(".br"))
        .map(|file| {
            let bytes = std::fs::read(dist.join(&file)).with_context(|| format!("cannot read {file}"))?;
            Ok(Asset {
                path: address(&file)?,
                integrity: integrity(&bytes),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// What a browser checks a file by.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", Base64::encode_string(&Sha384::digest(bytes)))
}

/// The beginning of a hash, which tells one build's file from another's.
pub fn name_of(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// All files below a folder, as relative paths with `/`, without those whose name begins with a dot.
pub fn files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(prefix) = open.pop() {
        let here = folder.join(&prefix);
        let entries = std::fs::read_dir(&here).with_context(|| format!("cannot read {}", here.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry
                .file_name()
                .into_string()
                .ok()
                .context("a file's name is not UTF-8")?;
            if name.starts_with('.') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                open.push(format!("{prefix}{name}/"));
            } else {
                found.push(format!("{prefix}{name}"));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn write(dist: &Path, template: &str) -> Result<()> {
    let assets = assets(dist)?;
    if !assets.iter().any(|asset| asset.path == "/") {
        bail!("{} holds no index.html", dist.display());
    }
    let list: String = assets
        .iter()
        .map(|Asset { path, integrity }| format!("  [\"{path}\", \"{integrity}\"],\n"))
        .collect();
    let version = version(template, &list);
    let script = fill(
        &fill(template, "\"__VERSION__\"", &format!("\"{version}\""))?,
        "__ASSETS__",
        &format!("[\n{list}]"),
    )?;
    std::fs::write(dist.join("sw.js"), script).context("cannot write sw.js")
}

/// The template is part of it: a mended service worker is a new version too.
fn version(template: &str, list: &str) -> String {
    let digest = Sha256::new()
        .chain_update(template)
        .chain_update([0])
        .chain_update(list)
        .finalize();
    name_of(&digest)
}

fn fill(template: &str, place: &str, value: &str) -> Result<String> {
    if template.matches(place).count() != 1 {
        bail!("the template of the service worker must hold {place} exactly once");
    }
    Ok(template.replace(place, value))
}

/// The names go into a script and into addresses as they are, so only plain ones are taken.
fn address(file: &str) -> Result<String> {
    if !file
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c))
    {
        bail!("\"{file}\": a file of the PWA is named with letters, digits, '.', '_' and '-' only");
    }
    Ok(if file == "index.html" {
        "/".into()
    } else {
        format!("/{file}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::tests::Folder;

    const TEMPLATE: &str = "const VERSION = \"__VERSION__\";\nconst ASSETS = __ASSETS__;\n";

    fn built(files: &[(&str, &str)]) -> Folder {
        let dist = Folder::with(files);
        write(&dist.path, TEMPLATE).unwrap();
        dist
    }

    fn script(dist: &Folder) -> String {
        std::fs::read_to_string(dist.path.join("sw.js")).unwrap()
    }

    fn version_line(dist: &Folder) -> String {
        script(dist).lines().next().unwrap().to_owned()
    }

    const SITE: &[(&str, &str)] = &[
        ("index.html", "<p>"),
        ("app.js", "1"),
        ("icons/icon.svg", "<svg/>"),
        ("app_bg.wasm", "0"),
    ];

    #[test]
    fn every_file_of_the_build_is_listed_and_the_start_page_as_a_folder() {
        let dist = built(SITE);
        let listed: Vec<_> = assets(&dist.path)
            .unwrap()
            .into_iter()
            .map(|asset| asset.path)
            .collect();
        assert_eq!(listed, ["/", "/app.js", "/app_bg.wasm", "/icons/icon.svg"]);
        for path in listed {
            assert!(
                script(&dist).contains(&format!("[\"{path}\", \"sha384-")),
                "{path}"
            );
        }
    }

    #[test]
    fn the_hash_is_the_one_that_browsers_check() {
        let dist = Folder::with(&[("index.html", "")]);
        // openssl dgst -sha384 -binary /dev/null | base64
        let empty = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
        assert_eq!(
            assets(&dist.path).unwrap(),
            [Asset {
                path: "/".into(),
                integrity: empty.into()
            }]
        );
    }

    #[test]
    fn compressed_copies_hidden_files_and_the_worker_itself_are_not_listed() {
        let dist = built(&[
            ("index.html", "x"),
            ("app.js.br", "x"),
            ("sw.js", "old"),
            (".inputs", "x"),
            (".stage/a.js", "x"),
        ]);
        assert_eq!(assets(&dist.path).unwrap().len(), 1);
        assert!(!script(&dist).contains(".br"));
    }

    #[test]
    fn a_changed_file_or_a_changed_template_is_another_version() {
        let same = [built(SITE), built(SITE)];
        assert_eq!(version_line(&same[0]), version_line(&same[1]));

        let changed = built(&[
            ("index.html", "<p>"),
            ("app.js", "2"),
            ("icons/icon.svg", "<svg/>"),
            ("app_bg.wasm", "0"),
        ]);
        assert_ne!(version_line(&same[0]), version_line(&changed));

        write(&same[1].path, &format!("{TEMPLATE}// mended\n")).unwrap();
        assert_ne!(version_line(&same[0]), version_line(&same[1]));
    }

    #[test]
    fn a_build_without_a_start_page_or_with_an_odd_name_is_refused() {
        for (files, said) in [
            (&[("app.js", "1")][..], "no index.html"),
            (&[("index.html", ""), ("a\"b.js", "1")][..], "letters, digits"),
        ] {
            let error = write(&Folder::with(files).path, TEMPLATE)
                .unwrap_err()
                .to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn the_template_has_its_two_places() {
        let template = std::fs::read_to_string(project::root().join("public/sw.js")).unwrap();
        let dist = Folder::with(SITE);
        write(&dist.path, &template).unwrap();
        assert!(!script(&dist).contains("__VERSION__") && !script(&dist).contains("__ASSETS__"));
        assert!(write(&dist.path, "nothing to fill in").is_err());
    }
}
