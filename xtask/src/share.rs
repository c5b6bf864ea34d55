//! What of the app's own program is the form engine's: `engine` prints it beside the difference of two programs.
//!
//! The app already has most of what any program in Rust has: the allocator, formatting, sorting, maps, JSON. A program that only
//! reads JSON has next to nothing of it, so that the difference from it counts all of that to the engine. Here the engine's
//! functions are taken out of the app, as if somebody else supplied them, and then all that nothing calls any more.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::process::{command, run};
use crate::tools::Tools;
use crate::{compress, wasm};

/// The crates that are the engine. What only they use goes with them.
const ENGINE: [&str; 2] = ["forms::", "fhirpath::"];
/// A function of the app's is the app's, also where its name tells of what it takes from the engine.
const APP: &str = "mobile_assessments::";

/// Sizes in bytes, as they are and compressed by Brotli.
#[derive(Clone, Copy)]
pub struct Size {
    pub raw: usize,
    pub brotli: usize,
}

impl Size {
    pub fn of(bytes: &[u8]) -> Result<Self> {
        Ok(Self {
            raw: bytes.len(),
            brotli: compress::brotli(bytes)?.len(),
        })
    }

    pub fn without(self, other: Self) -> Self {
        Self {
            raw: self.raw.saturating_sub(other.raw),
            brotli: self.brotli.saturating_sub(other.brotli),
        }
    }
}

/// The app's program as it is, and without the engine.
pub struct Share {
    pub app: Size,
    pub rest: Size,
}

pub fn measure(tools: &Tools, folder: &Path) -> Result<Share> {
    let program = wasm::Program {
        package: "mobile-assessments",
        target: wasm::Target::Bin("app"),
        default_features: true,
        script: "web",
        name: "app",
        keep_names: true,
    };
    let named = wasm::build(tools, &program, folder)?;
    let text = folder.join("app.wat");
    binaryen(tools, "wasm-dis", &named, &text)?;
    let written =
        std::fs::read_to_string(&text).with_context(|| format!("cannot read {}", text.display()))?;
    let (cut, count) = without_engine(&written);
    ensure!(
        count > 100,
        "the app's program names {count} functions of the engine: its names are lost"
    );
    std::fs::write(&text, cut).with_context(|| format!("cannot write {}", text.display()))?;
    let open = folder.join("app_open.wasm");
    binaryen(tools, "wasm-as", &text, &open)?;
    let size = |from: &Path| {
        let to = folder.join("app_sized.wasm");
        let mut shrink = command("wasm-opt");
        shrink.env("PATH", &tools.path);
        shrink.args(["--all-features", "--remove-unused-module-elements"]);
        run(shrink.arg(from).arg("-o").arg(&to))?;
        Size::of(&std::fs::read(&to).with_context(|| format!("cannot read {}", to.display()))?)
    };
    Ok(Share {
        app: size(&named)?,
        rest: size(&open)?,
    })
}

fn binaryen(tools: &Tools, tool: &str, from: &Path, to: &Path) -> Result<()> {
    run(command(tool)
        .env("PATH", &tools.path)
        .arg("--all-features")
        .arg(from)
        .arg("-o")
        .arg(to))
}

/// The program's text with every function of the engine as an import, and how many those are.
fn without_engine(text: &str) -> (String, usize) {
    let (mut imports, mut rest, mut count) = (String::new(), String::with_capacity(text.len()), 0);
    let mut first_import = None;
    let mut within = false;
    for line in text.lines() {
        if within {
            within = line != " )";
            continue;
        }
        let engines = line
            .strip_prefix(" (func ")
            .filter(|header| is_engines(name(header)));
        if let Some(header) = engines {
            imports.push_str(&format!(
                " (import \"engine\" \"{count}\" (func {}))\n",
                unnamed(header)
            ));
            count += 1;
            within = true;
            continue;
        }
        if line.starts_with(" (import ") {
            first_import.get_or_insert(rest.len());
        }
        rest.push_str(line);
        rest.push('\n');
    }
    // Imports stand before everything that is defined.
    rest.insert_str(first_import.unwrap_or_default(), &imports);
    (rest, count)
}

/// What a function is called, of the line that begins it.
fn name(header: &str) -> &str {
    let name = header.strip_prefix('$').unwrap_or(header);
    match name.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default(),
        None => name.split_whitespace().next().unwrap_or_default(),
    }
}

fn is_engines(name: &str) -> bool {
    let of = |krate: &&str| {
        name.match_indices(*krate)
            .any(|(at, _)| !name[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    !name.contains(APP) && ENGINE.iter().any(of)
}

/// An import's parameters have no names.
fn unnamed(header: &str) -> String {
    let mut parts = header.split("(param $");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (_, kind) = part.split_once(' ').unwrap_or(("", part));
        whole.push_str("(param ");
        whole.push_str(kind);
    }
    whole
}

/// The constants of a program: the content of its data section.
pub fn constants(wasm: &[u8]) -> &[u8] {
    const DATA: u8 = 11;
    let mut rest = wasm.get(8..).unwrap_or_default();
    while let [kind, after @ ..] = rest {
        let (mut length, mut shift, mut at) = (0_usize, 0, 0);
        while let Some(byte) = after.get(at) {
            length |= usize::from(byte & 0x7f) << shift;
            (shift, at) = (shift + 7, at + 1);
            if byte & 0x80 == 0 || shift > 28 {
                break;
            }
        }
        let end = at.saturating_add(length).min(after.len());
        if *kind == DATA {
            return &after[at..end];
        }
        rest = &after[end..];
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_functions_become_imports_and_the_apps_stay() {
        let text = "(module\n (type $0 (func))\n (import \"./app.js\" \"a\" (func $a))\n \
            (func $forms::form::Form::open::h1 (param $0 i32) (param $1 f64) (result i32)\n  (i32.const 1)\n )\n \
            (func $\"core::ptr::drop_in_place<fhirpath::Value>\" (param $0 i32)\n  (nop)\n )\n \
            (func $\"mobile_assessments::page<forms::Form>\" (result i32)\n  (nop)\n )\n \
            (func $platforms::x\n  (nop)\n )\n)\n";
        let (cut, count) = without_engine(text);
        assert_eq!(count, 2);
        assert_eq!(
            cut,
            "(module\n (type $0 (func))\n \
            (import \"engine\" \"0\" (func $forms::form::Form::open::h1 (param i32) (param f64) (result i32)))\n \
            (import \"engine\" \"1\" (func $\"core::ptr::drop_in_place<fhirpath::Value>\" (param i32)))\n \
            (import \"./app.js\" \"a\" (func $a))\n \
            (func $\"mobile_assessments::page<forms::Form>\" (result i32)\n  (nop)\n )\n \
            (func $platforms::x\n  (nop)\n )\n)\n"
        );
    }

    #[test]
    fn the_constants_of_a_program_are_found() {
        let wasm = [0, b'a', b's', b'm', 1, 0, 0, 0, 1, 2, 9, 9, 11, 3, 1, 2, 3, 0, 0];
        assert_eq!(constants(&wasm), [1, 2, 3]);
        assert_eq!(constants(&wasm[..8]), []);
        assert_eq!(constants(&[0; 3]), []);
    }
}
