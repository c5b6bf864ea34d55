//! The tab killed, by a real SIGKILL, after each request that sign-in and save make of IndexedDB. Each round begins with a
//! copy of a prepared browser profile, freezes the page at one request, kills the browser or its pages, starts it anew on
//! what is left, without a network, and looks: the state must be the one before or the one after, and what the page had
//! called done must be there.
//!
//! [`step`] is what the user does and finds, [`hook`] stops the page, [`processes`] are killed, [`tally`] counts.
//! `cargo xtask faults` runs it long; an end-to-end test runs it short.

pub mod hook;
mod processes;
mod step;
mod tally;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::people::{Clerk, NEW_PASSWORD, Nurse, SAMPLE_PASSWORD, changes_the_password};
use crate::version::copy;
use crate::{Browser, Engine, Whole};
use step::{Clients, OLD_ANSWER, PHQ9, QUESTION, State, Step};
pub use tally::Tally;

/// Nothing listens there, and localhost goes through it as well: a browser without a network.
const NO_NETWORK: [&str; 2] = ["--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>"];
const END: &str = "the page says it is done";

/// What gets the SIGKILL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    /// Every process of the browser, as when the tablet is reset.
    Browser,
    /// The pages' processes: the browser goes on, and is closed in the usual way before the next start.
    Pages,
}

/// A main application, and the profiles that rounds begin with.
struct Ground {
    whole: Whole,
    installed: TempDir,
    in_use: TempDir,
    clients: Clients,
    temp: String,
}

/// Runs that many rounds, evenly over all steps and all their requests.
pub async fn run(rounds: usize) -> Result<Tally> {
    let mut ground = Ground::prepare().await?;
    let mut tally = Tally::default();
    let steps = Step::ALL.len();
    for (index, step) in Step::ALL.into_iter().enumerate() {
        let share = rounds / steps + usize::from(index < rounds % steps);
        if share == 0 {
            continue;
        }
        ground.turn_to(step).await?;
        let points = ground.census(step).await?;
        // For whoever waits.
        eprintln!("{}: {share} rounds, over {points} places to die", step.name());
        for round in 0..share {
            // Where there are fewer rounds than places, they are spread from the last, where the page says that it is
            // done, to the first; where there are more, each gets its turn.
            let at = match share < points {
                true => points - 1 - round * (points - 1) / (share - 1).max(1),
                false => round % points,
            };
            let victim = if (round + round / points) % 2 == 0 {
                Victim::Browser
            } else {
                Victim::Pages
            };
            // A browser that does not come up, or a machine that is too busy, says nothing about the app: once more.
            let mut carried_out = ground.round(step, at + 1, victim, &mut tally).await;
            if let Err(why) = &carried_out {
                eprintln!("{}, round {round}: again, because {why:#}", step.name());
                carried_out = ground.round(step, at + 1, victim, &mut tally).await;
            }
            if let Err(why) = carried_out {
                tally.add_broken_off(step.name(), &why);
            }
        }
    }
    Ok(tally)
}

impl Ground {
    async fn prepare() -> Result<Self> {
        let whole = Whole::start().await?;
        let installed = tempfile::tempdir()?;
        let nurse = tablet(installed.path(), &whole, true).await?;
        nurse.tablet.is_installed().await?;
        nurse.tablet.close().await?;

        let in_use = copy_of(installed.path())?;
        let nurse = tablet(in_use.path(), &whole, true).await?;
        nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
        nurse.tablet.sees("Start assessment").await?;
        nurse.signs_out().await?;
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        nurse.tablet.sees("Start assessment").await?;
        let mut names = Vec::new();
        for heading in nurse.tablet.raw().find_all(By::Css("li h2")).await? {
            names.push(heading.text().await?);
        }
        names.truncate(3);
        let Ok(clients) = <[String; 3]>::try_from(names) else {
            bail!("the sample data has too few clients");
        };
        for (index, client) in clients.iter().enumerate() {
            nurse.starts(client, PHQ9).await?;
            match index {
                0 => nurse.chooses(QUESTION, OLD_ANSWER).await?,
                _ => nurse.answers_the_phq9().await?,
            }
            nurse.sees_it_saved().await?;
            if index == 2 {
                nurse.goes_to_the_end().await?;
                nurse.tablet.press("Make Pending").await?;
                nurse.tablet.sees("Sign and complete").await?;
            }
            nurse.goes_to_the_caseload().await?;
        }
        nurse.mark_says("Online").await?;
        nurse.signs_out().await?;
        nurse.tablet.close().await?;
        Ok(Self {
            whole,
            installed,
            in_use,
            clients: Clients(clients),
            temp: String::new(),
        })
    }

    /// Brings the accounts to where the step begins.
    async fn turn_to(&mut self, step: Step) -> Result<()> {
        if !matches!(step, Step::TempPassword | Step::NewPassword) {
            return Ok(());
        }
        let clerk = Clerk::signs_in(&self.whole).await?;
        self.temp = clerk.resets("field2").await?;
        clerk.desk.close().await?;
        if step == Step::NewPassword {
            let nurse = Nurse::with_new_tablet(&self.whole).await?;
            changes_the_password(&nurse, &self.whole, "field2", &self.temp, NEW_PASSWORD).await?;
            nurse.tablet.close().await?;
        }
        Ok(())
    }

    fn profile(&self, step: Step) -> Result<TempDir> {
        copy_of(match step {
            Step::FirstSignIn => self.installed.path(),
            _ => self.in_use.path(),
        })
    }

    /// After how many requests a step can be stopped, its end included.
    async fn census(&self, step: Step) -> Result<usize> {
        let profile = self.profile(step)?;
        let nurse = self.begins(step, profile.path()).await?;
        hook::arm(&nurse.tablet, 0, step.claim()).await?;
        step.act(&nurse, &self.temp).await?;
        let seen = hook::seen(&nurse.tablet).await?;
        ensure!(
            seen.iter().any(|what| what.starts_with("commit")),
            "{} stored nothing: {seen:?}",
            step.name()
        );
        let durabilities = hook::durabilities(&nurse.tablet).await?;
        ensure!(
            durabilities.iter().all(|durability| durability == "strict"),
            "{} writes with durability {durabilities:?}",
            step.name()
        );
        nurse.tablet.close().await?;
        Ok(seen.len() + 1)
    }

    /// A tablet in the moment before the step.
    async fn begins(&self, step: Step, profile: &Path) -> Result<Nurse> {
        let nurse = tablet(profile, &self.whole, step.is_sign_in()).await?;
        step.prepare(&nurse, &self.clients).await?;
        hook::install(&nurse.tablet).await?;
        Ok(nurse)
    }

    async fn round(&self, step: Step, stop_at: usize, victim: Victim, tally: &mut Tally) -> Result<()> {
        let profile = self.profile(step)?;
        let nurse = self.begins(step, profile.path()).await?;
        let before = match step.is_sign_in() {
            true => account_row(&nurse.tablet, step.login()).await?,
            false => None,
        };
        hook::arm(&nurse.tablet, stop_at, step.claim()).await?;
        let pages = nurse.tablet.list_of_pages()?;
        let stopped = tokio::select! {
            stop = hook::stops(&pages) => stop.map(|stop| (format!("{stop_at:2} {}", stop.after), stop.claimed)),
            done = step.act(&nurse, &self.temp) => done.map(|()| (END.to_owned(), true)),
        };
        // First of all: a stopped page keeps a core busy until it is dead.
        kill(nurse.tablet, victim).await?;
        let (after, claimed) = stopped?;
        let verdict = self.look(step, profile.path(), before.as_deref()).await;
        let verdict = verdict.and_then(|state| {
            ensure!(
                !claimed || state == State::After,
                "the page said that it was done, and the state is the one of before"
            );
            Ok(state)
        });
        tally.add(step.name(), &after, verdict.map(|state| state == State::After));
        Ok(())
    }

    /// What the user finds on the tablet that was killed.
    async fn look(&self, step: Step, profile: &Path, before: Option<&str>) -> Result<State> {
        let nurse = tablet(profile, &self.whole, false).await?;
        let row = match step.is_sign_in() {
            true => {
                let now = account_row(&nurse.tablet, step.login()).await?;
                Some(step.judge_row(before, now.as_deref())?)
            }
            false => None,
        };
        let state = step.look(&nurse, row, &self.clients, &self.temp).await?;
        nurse.tablet.close().await?;
        Ok(state)
    }
}

/// The app in Chromium, with a profile that outlives it, at the page "Sign in".
async fn tablet(profile: &Path, whole: &Whole, online: bool) -> Result<Nurse> {
    let mut arguments = vec![format!("--user-data-dir={}", profile.display())];
    if !online {
        arguments.extend(NO_NETWORK.map(str::to_owned));
    }
    let tablet = Browser::open_with(Engine::Chromium, &arguments).await?;
    tablet.go(&whole.url("/")).await?;
    tablet.arrives_at("Sign in").await?;
    Ok(Nurse { tablet })
}

/// Every process of the browser ends by SIGKILL, as when the battery is taken out. What it had written stays in its profile.
pub async fn dies(browser: Browser) -> Result<()> {
    kill(browser, Victim::Browser).await
}

fn copy_of(profile: &Path) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    copy(profile, folder.path())?;
    Ok(folder)
}

async fn kill(browser: Browser, victim: Victim) -> Result<()> {
    let driver = browser.driver_process();
    let all = processes::below(driver)?;
    if victim == Victim::Pages {
        let pages: Vec<u32> = all
            .iter()
            .filter(|process| process.arguments.contains("--type=renderer"))
            .map(|process| process.pid)
            .collect();
        processes::signal("KILL", &pages)?;
        let main = all.iter().filter(|process| {
            process.arguments.contains("--user-data-dir=") && !process.arguments.contains("--type=")
        });
        processes::signal("TERM", &main.map(|process| process.pid).collect::<Vec<_>>())?;
        crate::until("the browser has closed", || async {
            let left = processes::below(driver)?;
            Ok(left.is_empty().then_some(()))
        })
        .await?;
    }
    let mut pids: Vec<u32> = all.iter().map(|process| process.pid).collect();
    pids.push(driver);
    processes::signal("KILL", &pids)?;
    crate::until("the browser is dead", || async {
        let alive = pids
            .iter()
            .filter(|pid| **pid != driver && is_alive(**pid))
            .count();
        Ok((alive == 0).then_some(()))
    })
    .await?;
    browser.forget()
}

/// A process that has ended and waits to be noticed counts as dead.
fn is_alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(PathBuf::from(format!("/proc/{pid}/stat")));
    stat.is_ok_and(|stat| !stat.rsplit(") ").next().unwrap_or_default().starts_with('Z'))
}

/// The user's row in the account store, as it lies there.
async fn account_row(browser: &Browser, login: &str) -> Result<Option<String>> {
    let script = "const [login, done] = arguments;
        const open = indexedDB.open('mobile-assessments');
        open.onerror = () => done({ fault: String(open.error) });
        open.onsuccess = () => {
          const row = open.result.transaction('accounts').objectStore('accounts').get(login);
          const end = said => { open.result.close(); done(said); };
          row.onerror = () => end({ fault: String(row.error) });
          row.onsuccess = () => end({ row: row.result ? new TextDecoder().decode(row.result) : null });
        };";
    let said = browser.raw().execute_async(script, vec![json!(login)]).await?;
    let said = said.json();
    if let Some(fault) = said["fault"].as_str() {
        bail!("the store does not open: {fault}");
    }
    let row = said.get("row").context("the store says nothing of the account")?;
    Ok(row.as_str().map(str::to_owned))
}
