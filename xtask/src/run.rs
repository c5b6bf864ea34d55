//! `cargo xtask run`: from a clone to a running whole.

use std::net::TcpListener;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{command, output, run as run_command};
use crate::{args, project, tools, web};

pub fn run(args: args::Run) -> Result<()> {
    // First of all, so that nobody waits for a build and then learns it.
    if TcpListener::bind(("127.0.0.1", args.port)).is_err() {
        bail!(
            "port {port} is in use. Stop the program that uses it, or choose another port: cargo xtask run --port {other}",
            port = args.port,
            other = args.port.checked_add(1).unwrap_or(8081)
        );
    }
    let data = match &args.data {
        Some(folder) => std::path::absolute(folder).context("the folder behind --data is not a path")?,
        None => project::root().join(".data"),
    };
    web::build_with(&tools::ensure()?)?;
    build(&["main-app"])?;
    let mut main_app = command(project::program("main-app")?);
    main_app.arg("--sample").arg("--port").arg(args.port.to_string());
    main_app
        .arg("--dist")
        .arg(project::dist())
        .arg("--data")
        .arg(data);
    if args.fresh {
        main_app.arg("--fresh");
    }
    become_(main_app)
}

/// Writes what the main application says of its own API.
pub fn openapi() -> Result<()> {
    build(&["main-app"])?;
    let text = output(project::program("main-app")?, &["openapi"]).context("`main-app openapi` failed")?;
    let file = project::root().join("docs/openapi.json");
    std::fs::write(&file, text + "\n").with_context(|| format!("cannot write {}", file.display()))?;
    println!("==> {} written", file.display());
    Ok(())
}

/// Programs of the workspace, with the features that all of it asks for: so the tests build nothing twice.
pub fn build(programs: &[&str]) -> Result<()> {
    println!(
        "==> {}: building; the first time takes 2 to 5 minutes",
        programs.join(", ")
    );
    let bins = programs.iter().flat_map(|program| ["--bin", program]);
    run_command(command("cargo").args(["build", "--workspace"]).args(bins))
        .context("a program could not be built")
}

/// Ends this program and goes on as the other one, so that Ctrl-C reaches it and nothing else.
#[cfg(unix)]
fn become_(mut program: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(program.exec()).context("the main application does not start")
}

#[cfg(not(unix))]
fn become_(mut program: Command) -> Result<()> {
    run_command(&mut program)
}
