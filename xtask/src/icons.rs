//! `cargo xtask icons`: draws the PNG files of the PWA's icon from `public/icons/icon.svg`. Run it when the drawing changes,
//! and commit the result.

use anyhow::{Context, Result, bail};

use crate::process::{command, find, run};
use crate::project;

/// What the corners of the drawing say; icons that the system cuts out itself have none.
const CORNERS: &str = "rx=\"96\"";

const ICONS: [(&str, u32, bool); 4] = [
    ("icon-192", 192, true),
    ("icon-512", 512, true),
    ("icon-maskable-512", 512, false),
    ("apple-touch-icon", 180, false),
];

pub fn draw() -> Result<()> {
    if find("rsvg-convert").is_none() || find("pngquant").is_none() {
        bail!("rsvg-convert and pngquant draw the icons. On Debian: apt install librsvg2-bin pngquant");
    }
    let folder = project::root().join("public/icons");
    let round = folder.join("icon.svg");
    let drawing =
        std::fs::read_to_string(&round).with_context(|| format!("cannot read {}", round.display()))?;
    if !drawing.contains(CORNERS) {
        bail!("icon.svg has no corner to square: {CORNERS} is not there");
    }
    let square = std::env::temp_dir().join("mobile-assessments-icon.svg");
    std::fs::write(&square, drawing.replace(CORNERS, "rx=\"0\"")).context("cannot write a temporary file")?;
    for (name, size, corners) in ICONS {
        let source = if corners { &round } else { &square };
        let size = size.to_string();
        let png = folder.join(name).with_extension("png");
        run(command("rsvg-convert")
            .args(["-w", &size, "-h", &size, "-o"])
            .arg(&png)
            .arg(source))?;
        // Every tablet loads them: three colours need no more than a palette.
        run(command("pngquant")
            .args(["--force", "--ext", ".png", "--strip", "32"])
            .arg(&png))?;
    }
    std::fs::remove_file(&square).context("cannot remove a temporary file")
}
