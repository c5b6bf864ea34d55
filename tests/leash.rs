//! What a test starts ends with it, also where the test's program is ended by a signal: a driver alone would leave its
//! browser behind.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// A process in a group of its own, with everything that it starts. All of it is killed when this is dropped, or has no one
/// to drop it any more.
pub(crate) struct Leash {
    process: Child,
    /// Waits for the end of its standard input, which this program alone holds open; then it kills the group.
    holder: Child,
}

impl Leash {
    pub fn start(command: &mut Command) -> Result<Self> {
        let mut process = command.process_group(0).spawn()?;
        let holder = Command::new("sh")
            .args(["-c", "read -r end; kill -s KILL -- \"-$0\""])
            .arg(process.id().to_string())
            // Whoever ends this program's group does not end the holder with it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting sh");
        match holder {
            Ok(holder) => Ok(Self { process, holder }),
            Err(error) => {
                process.kill()?;
                process.wait()?;
                Err(error)
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        // The process is waited for last: until then nobody else is given its number.
        drop(self.holder.wait());
        drop(self.process.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader};

    #[test]
    fn what_the_process_has_started_ends_with_it() {
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 1000 & echo $!; wait"])
            .stdout(Stdio::piped());
        let mut leash = Leash::start(&mut command).unwrap();
        let mut said = BufReader::new(leash.process.stdout.take().unwrap());
        let mut pid = String::new();
        said.read_line(&mut pid).unwrap();
        drop(leash);
        // Its end of the pipe closes with it.
        pid.clear();
        assert_eq!(said.read_line(&mut pid).unwrap(), 0);
    }
}
