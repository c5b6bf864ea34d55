//! `cargo xtask run`: from a clone to a running whole.

use std::net::TcpListener;
use std::path::PathBuf;
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
    let program = build_main_app()?;
    let mut main_app = command(program);
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
    let program = build_main_app()?;
    let text = output(&program, &["openapi"]).context("`main-app openapi` failed")?;
    let file = project::root().join("docs/openapi.json");
    std::fs::write(&file, text + "\n").with_context(|| format!("cannot write {}", file.display()))?;
    println!("==> {} written", file.display());
    Ok(())
}

/// With the features that the whole workspace asks for: so the tests build nothing of it twice.
pub fn build_main_app() -> Result<PathBuf> {
    println!("==> Main application: building; the first time takes 2 to 5 minutes");
    run_command(command("cargo").args(["build", "--workspace", "--bin", "main-app"]))
        .context("the main application could not be built")?;
    project::main_app()
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
