//! Writes a `.br` copy beside each file that shrinks, so that the main application can send it without compressing it anew.

use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::sw;

/// Kinds that shrink; pictures are compressed already.
const KINDS: [&str; 8] = ["html", "js", "css", "wasm", "svg", "json", "webmanifest", "words"];

/// The best compression takes seconds, so results are kept in `cache` by the hash of their source; what this build does not use
/// is dropped from there.
pub fn write_siblings(dist: &Path, cache: &Path) -> Result<()> {
    std::fs::create_dir_all(cache).with_context(|| format!("cannot make {}", cache.display()))?;
    let mut used = Vec::new();
    for file in sw::files(dist)? {
        if !KINDS.contains(&file.rsplit('.').next().unwrap_or_default()) {
            continue;
        }
        let bytes = std::fs::read(dist.join(&file)).with_context(|| format!("cannot read {file}"))?;
        let name: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let kept = cache.join(&name);
        let small = match std::fs::read(&kept) {
            Ok(small) => small,
            Err(_) => {
                let small = brotli(&bytes).with_context(|| format!("cannot compress {file}"))?;
                keep(&kept, &small).with_context(|| format!("cannot write {}", kept.display()))?;
                small
            }
        };
        used.push(name);
        if small.len() < bytes.len() {
            std::fs::write(dist.join(format!("{file}.br")), small)
                .with_context(|| format!("cannot write {file}.br"))?;
        }
    }
    for name in sw::files(cache)?.into_iter().filter(|name| !used.contains(name)) {
        std::fs::remove_file(cache.join(&name))
            .with_context(|| format!("cannot remove {name} from the cache"))?;
    }
    Ok(())
}

/// Under another name first: a run that is stopped half-way must not leave half a copy.
fn keep(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, bytes)?;
    std::fs::rename(part, path)
}

pub fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &parameters)?;
    Ok(small)
}

#[cfg(test)]
pub mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A folder that is removed at the end.
    pub struct Folder {
        pub path: PathBuf,
    }

    impl Folder {
        pub fn with(files: &[(&str, &str)]) -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("xtask-test-{}-{number}", std::process::id()));
            for (name, content) in files {
                let file = path.join(name);
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                std::fs::write(file, content).unwrap();
            }
            Self { path }
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }

    fn unpacked(path: &Path) -> String {
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &std::fs::read(path).unwrap()[..], &mut plain).unwrap();
        String::from_utf8(plain).unwrap()
    }

    #[test]
    fn what_shrinks_gets_a_copy_and_the_rest_gets_none() {
        let long = "the same words again and again, ".repeat(50);
        let dist = Folder::with(&[
            ("index.html", &long),
            ("icon.png", &long),
            ("tiny.js", "1"),
            ("sub/app.wasm", &long),
        ]);
        let cache = Folder::with(&[]);
        write_siblings(&dist.path, &cache.path).unwrap();
        let copies: Vec<_> = sw::files(&dist.path)
            .unwrap()
            .into_iter()
            .filter(|file| file.ends_with(".br"))
            .collect();
        assert_eq!(copies, ["index.html.br", "sub/app.wasm.br"]);
        assert_eq!(unpacked(&dist.path.join("index.html.br")), long);
    }

    #[test]
    fn a_changed_file_gets_a_new_copy_and_the_old_one_leaves_the_cache() {
        let (first, second) = ("first ".repeat(100), "second ".repeat(100));
        let dist = Folder::with(&[("app.js", &first)]);
        let cache = Folder::with(&[]);
        write_siblings(&dist.path, &cache.path).unwrap();
        std::fs::write(dist.path.join("app.js"), &second).unwrap();
        write_siblings(&dist.path, &cache.path).unwrap();
        assert_eq!(unpacked(&dist.path.join("app.js.br")), second);
        assert_eq!(sw::files(&cache.path).unwrap().len(), 1);
    }
}
