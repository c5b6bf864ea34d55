//! What became of the rounds, as a table.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Result, ensure};

#[derive(Default)]
pub struct Tally {
    rows: BTreeMap<(&'static str, String), Counts>,
    violations: Vec<String>,
    /// Rounds in which nothing could be looked at.
    broken_off: Vec<String>,
}

#[derive(Default)]
struct Counts {
    before: usize,
    after: usize,
    violations: usize,
}

impl Tally {
    /// The state that was found: the one after the step, or the one before it; or what was wrong with it.
    pub(crate) fn add(&mut self, step: &'static str, stopped_after: &str, is_after: Result<bool>) {
        let counts = self.rows.entry((step, stopped_after.to_owned())).or_default();
        match is_after {
            Ok(false) => counts.before += 1,
            Ok(true) => counts.after += 1,
            Err(violation) => {
                counts.violations += 1;
                self.violations
                    .push(format!("{step}, killed after {stopped_after}: {violation:#}"));
            }
        }
    }

    /// A round that ended before the tab could be killed or looked at: it counts for nothing, and is told.
    pub(crate) fn add_broken_off(&mut self, step: &'static str, why: &anyhow::Error) {
        self.broken_off.push(format!("{step}: {why:#}"));
    }

    pub fn merge(&mut self, other: Self) {
        for (at, counts) in other.rows {
            let sum = self.rows.entry(at).or_default();
            sum.before += counts.before;
            sum.after += counts.after;
            sum.violations += counts.violations;
        }
        self.violations.extend(other.violations);
        self.broken_off.extend(other.broken_off);
    }

    pub fn rounds(&self) -> usize {
        self.rows
            .values()
            .map(|counts| counts.before + counts.after + counts.violations)
            .sum()
    }

    /// Fails with what was wrong.
    pub fn is_clean(&self) -> Result<()> {
        ensure!(
            self.violations.is_empty(),
            "{} of {} rounds went wrong:\n{}",
            self.violations.len(),
            self.rounds(),
            self.violations.join("\n")
        );
        ensure!(
            self.broken_off.is_empty(),
            "{} rounds could not be carried out:\n{}",
            self.broken_off.len(),
            self.broken_off.join("\n")
        );
        Ok(())
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "| step | killed after | state before | state after | violations |"
        )?;
        writeln!(out, "| --- | --- | ---: | ---: | ---: |")?;
        for ((step, at), counts) in &self.rows {
            let Counts {
                before,
                after,
                violations,
            } = counts;
            writeln!(out, "| {step} | {at} | {before} | {after} | {violations} |")?;
        }
        let sum = |of: fn(&Counts) -> usize| self.rows.values().map(of).sum::<usize>();
        write!(
            out,
            "| **{} rounds** | | **{}** | **{}** | **{}** |",
            self.rounds(),
            sum(|counts| counts.before),
            sum(|counts| counts.after),
            sum(|counts| counts.violations)
        )
    }
}
