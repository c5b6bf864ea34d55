//! Accounts from a CSV file, with a report for each line. A good line is imported whole, a bad one not at all, and the
//! same file may be imported again: what is there already is passed over. `roster` reads the file. Imported accounts have no
//! password yet: a reset gives the first one.

use accounts::Standing;
use protocol::UserId;
use roster::{Checked, FileFault, Row};
use uuid::Uuid;

use super::{NewAccount, create_account};
use crate::MainApp;
use crate::auth::NOBODY;
use crate::fault::Fault;
use crate::store;
use crate::store::Write;

/// So many lines are written in one transaction.
const BATCH: usize = 100;

/// The report.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As a text editor counts them.
    pub number: u64,
    /// As it was typed, in short.
    pub login: String,
    pub outcome: LineOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    Created,
    AlreadyThere,
    /// What is wrong, and what to do.
    Wrong(Vec<String>),
    /// The database did not take it. Import the same file again.
    NotWritten,
}

impl Import {
    pub fn created(&self) -> usize {
        self.count(|outcome| matches!(outcome, LineOutcome::Created))
    }

    pub fn already_there(&self) -> usize {
        self.count(|outcome| matches!(outcome, LineOutcome::AlreadyThere))
    }

    /// Lines that are to be corrected or imported again.
    pub fn failed(&self) -> usize {
        self.lines.len() - self.created() - self.already_there()
    }

    /// Every line, and those that are to be corrected before the others.
    pub fn failed_first(&self) -> impl Iterator<Item = &Line> {
        let is_done = |line: &&Line| matches!(line.outcome, LineOutcome::Created | LineOutcome::AlreadyThere);
        let failed = self.lines.iter().filter(move |line| !is_done(line));
        failed.chain(self.lines.iter().filter(is_done))
    }

    fn count(&self, is: impl Fn(&LineOutcome) -> bool) -> usize {
        self.lines.iter().filter(|line| is(&line.outcome)).count()
    }
}

/// What an import came to.
#[derive(Debug)]
pub enum Imported {
    Done(Import),
    No(FileFault),
    /// The form was carried out before.
    Repeated,
}

/// Imports a file. `agency`: every account is of that agency, as a supervisor may import; `None`: of any, with any role.
pub async fn import(
    app: &MainApp,
    actor: Option<UserId>,
    agency: Option<&str>,
    file: &[u8],
    submission: Option<Uuid>,
) -> Result<Imported, Fault> {
    let rows = match roster::read(file, agency) {
        Ok(rows) => rows,
        Err(fault) => return Ok(Imported::No(fault)),
    };
    if let Some(submission) = submission {
        let mut tx = app.store.write().await?;
        if !store::attempts::submit_once(&mut tx, submission, app.now()).await? {
            return Ok(Imported::Repeated);
        }
        tx.commit().await?;
    }
    let mut lines = Vec::with_capacity(rows.len());
    for batch in rows.chunks(BATCH) {
        match write(app, actor, agency, batch).await {
            Ok(outcomes) => lines.extend(outcomes),
            // What came before is kept, and this batch was rolled back: the report says so.
            Err(fault) => {
                tracing::error!(%fault, "a part of an import was not written");
                lines.extend(batch.iter().map(|row| Line {
                    number: row.number,
                    login: row.login.clone(),
                    outcome: match &row.account {
                        Ok(_) => LineOutcome::NotWritten,
                        Err(why) => LineOutcome::Wrong(why.clone()),
                    },
                }));
            }
        }
    }
    let import = Import { lines };
    tracing::info!(
        created = import.created(),
        failed = import.failed(),
        "accounts imported"
    );
    Ok(Imported::Done(import))
}

async fn write(
    app: &MainApp,
    actor: Option<UserId>,
    agency: Option<&str>,
    batch: &[Row],
) -> Result<Vec<Line>, Fault> {
    let mut tx = app.store.write().await?;
    let mut lines = Vec::with_capacity(batch.len());
    for row in batch {
        let outcome = match &row.account {
            Err(why) => LineOutcome::Wrong(why.clone()),
            Ok(new) => write_one(&mut tx, actor, agency, new, app.now()).await?,
        };
        lines.push(Line {
            number: row.number,
            login: row.login.clone(),
            outcome,
        });
    }
    tx.commit().await?;
    Ok(lines)
}

async fn write_one(
    tx: &mut Write,
    actor: Option<UserId>,
    agency: Option<&str>,
    new: &Checked,
    now: i64,
) -> Result<LineOutcome, Fault> {
    if let Some(there) = store::accounts::by_login(tx, &new.login).await? {
        return Ok(match agency {
            Some(own) if there.profile.agency != own => {
                LineOutcome::Wrong(vec!["login: This username is taken. Choose another.".into()])
            }
            _ => LineOutcome::AlreadyThere,
        });
    }
    let account = NewAccount {
        login: &new.login,
        profile: new.profile.clone(),
        security: None,
        password_hash: NOBODY.to_owned(),
        // As a temp password that has expired: it opens nothing, costs no strike, and a reset is the way on.
        standing: Standing::Temp {
            issued: now,
            expires: Some(now),
        },
        roles: &new.roles,
        access: new.access,
    };
    create_account(tx, actor, account, now).await?;
    Ok(LineOutcome::Created)
}
