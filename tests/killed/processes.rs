//! The processes of a browser, found below its driver in /proc, and their end.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

pub struct Process {
    pub pid: u32,
    /// The words that it was started with.
    pub arguments: String,
}

/// Everything that `root` started, and what that started.
pub fn below(root: u32) -> Result<Vec<Process>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc").context("this needs Linux's /proc")? {
        let entry = entry?;
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok())
        else {
            continue;
        };
        // One that has ended meanwhile cannot be read, and is not wanted.
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        // "pid (name) state parent …", and the name may hold anything.
        let mut after_name = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let (state, parent) = (after_name.next(), after_name.next());
        if let (Some(parent), false) = (parent.and_then(|pid| pid.parse::<u32>().ok()), state == Some("Z")) {
            let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
            all.push((parent, Process { pid, arguments }));
        }
    }
    let mut found: Vec<Process> = Vec::new();
    let mut parents = vec![root];
    while let Some(parent) = parents.pop() {
        let (children, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(of, _)| *of == parent);
        all = others;
        for (_, child) in children {
            parents.push(child.pid);
            found.push(child);
        }
    }
    Ok(found)
}

/// Sends them a signal, all at once.
pub fn signal(signal: &str, pids: &[u32]) -> Result<()> {
    ensure!(!pids.is_empty(), "there is no process to send {signal} to");
    let mut words = vec!["-c".to_owned(), format!("kill -s {signal} \"$@\""), "kill".into()];
    words.extend(pids.iter().map(u32::to_string));
    // One that has just ended by itself is no failure: what counts is looked at afterwards.
    Command::new("sh")
        .args(words)
        .stderr(std::process::Stdio::null())
        .status()
        .context("sending a signal")?;
    Ok(())
}
