//! `cargo xtask bench`: what the first visit loads, and how long things take, as tables in Markdown.

use anyhow::{Context, Result};

use crate::{project, sw, web};

pub fn bench() -> Result<()> {
    web::build()?;
    sizes()
}

fn sizes() -> Result<()> {
    let dist = project::dist();
    println!("\nBytes of the first visit, in dist/ (`cargo xtask bench`)\n");
    println!("| file | raw | brotli |\n| --- | ---: | ---: |");
    let (mut raw_sum, mut sent_sum) = (0, 0);
    for file in sw::files(&dist)?
        .into_iter()
        .filter(|file| !file.ends_with(".br"))
    {
        let size = |name: &str| std::fs::metadata(dist.join(name)).map(|data| data.len());
        let raw = size(&file).with_context(|| format!("cannot read {file}"))?;
        // No copy: it does not shrink, and is sent as it is.
        let sent = size(&format!("{file}.br")).unwrap_or(raw);
        println!("| {file} | {raw} | {sent} |");
        raw_sum += raw;
        sent_sum += sent;
    }
    println!("| **all** | **{raw_sum}** | **{sent_sum}** |");
    Ok(())
}
