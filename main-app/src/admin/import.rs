//! Accounts from a CSV file, with a report for each line. A good line is imported whole, a bad one not at all, and the
//! same file may be imported again: what is there already is passed over.
//!
//! Spreadsheet programs write what they please: a byte order mark, CRLF, semicolons or tabs between columns, names of
//! columns with spaces and capitals are all taken. Imported accounts have no password yet: a reset gives the first one.

use accounts::Standing;
use protocol::UserId;
use uuid::Uuid;

use super::people::{Checked, Draft};
use super::{NewAccount, create_account};
use crate::MainApp;
use crate::auth::NOBODY;
use crate::fault::Fault;
use crate::store;
use crate::store::Write;
use crate::store::accounts::Role;

/// The largest file.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The most lines, the one with the names of the columns apart.
pub const MAX_LINES: usize = 5_000;
/// So many lines are written in one transaction.
const BATCH: usize = 100;

const COLUMNS: [&str; 8] = [
    "login",
    "full_name",
    "agency",
    "branch",
    "phone",
    "roles",
    "access_from",
    "access_to",
];
const NEEDED: [&str; 2] = ["login", "full_name"];

/// Why nothing of a file was imported, and what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    #[error("The file is larger than 1 MiB. Split it into several files.")]
    TooLarge,
    #[error("The file has more than 5,000 lines. Split it into several files.")]
    TooManyLines,
    #[error("The file is not UTF-8 text. Save it as “CSV UTF-8” and import it again.")]
    NotUtf8,
    #[error("The file has no lines below the names of the columns. Add one line for each account.")]
    NoLines,
    #[error("The first line has no column “{0}”. Name the columns in the first line.")]
    NoColumn(&'static str),
    #[error(
        "The column “{0}” is not known. Known are login, full_name, agency, branch, phone, roles, access_from and access_to."
    )]
    UnknownColumn(String),
    #[error("The column “{0}” is there twice. Remove one.")]
    ColumnTwice(&'static str),
    #[error("The file cannot be read as CSV. Save it as “CSV UTF-8” and import it again.")]
    Unreadable,
}

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

/// A line before it is written.
struct Parsed {
    number: u64,
    login: String,
    draft: Result<Checked, Vec<String>>,
}

/// Imports a file. `agency`: every account is of that agency, as a supervisor may import; `None`: of any, with any role.
pub async fn import(
    app: &MainApp,
    actor: Option<UserId>,
    agency: Option<&str>,
    file: &[u8],
    submission: Option<Uuid>,
) -> Result<Imported, Fault> {
    let parsed = match parse(file, agency) {
        Ok(parsed) => parsed,
        Err(fault) => return Ok(Imported::No(fault)),
    };
    if let Some(submission) = submission {
        let mut tx = app.store.write().await?;
        if !store::attempts::submit_once(&mut tx, submission, app.now()).await? {
            return Ok(Imported::Repeated);
        }
        tx.commit().await?;
    }
    let mut lines = Vec::with_capacity(parsed.len());
    for batch in parsed.chunks(BATCH) {
        match write(app, actor, agency, batch).await {
            Ok(outcomes) => lines.extend(outcomes),
            // What came before is kept, and this batch was rolled back: the report says so.
            Err(fault) => {
                tracing::error!(%fault, "a part of an import was not written");
                lines.extend(batch.iter().map(|parsed| Line {
                    number: parsed.number,
                    login: parsed.login.clone(),
                    outcome: match &parsed.draft {
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
    batch: &[Parsed],
) -> Result<Vec<Line>, Fault> {
    let mut tx = app.store.write().await?;
    let mut lines = Vec::with_capacity(batch.len());
    for parsed in batch {
        let outcome = match &parsed.draft {
            Err(why) => LineOutcome::Wrong(why.clone()),
            Ok(new) => write_one(&mut tx, actor, agency, new, app.now()).await?,
        };
        lines.push(Line {
            number: parsed.number,
            login: parsed.login.clone(),
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

fn parse(file: &[u8], agency: Option<&str>) -> Result<Vec<Parsed>, FileFault> {
    if file.len() > MAX_BYTES {
        return Err(FileFault::TooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| FileFault::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = columns(reader.headers().map_err(|_| FileFault::Unreadable)?)?;
    let mut parsed = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| FileFault::Unreadable)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if parsed.len() == MAX_LINES {
            return Err(FileFault::TooManyLines);
        }
        parsed.push(line(&record, &columns, agency));
    }
    if parsed.is_empty() {
        return Err(FileFault::NoLines);
    }
    Ok(parsed)
}

/// The sign between columns is the one that stands most often in the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|sign| count(*sign))
        .unwrap_or(b',')
}

/// For each column of the file its name among [`COLUMNS`].
fn columns(headers: &csv::StringRecord) -> Result<Vec<&'static str>, FileFault> {
    let mut found = Vec::new();
    for header in headers {
        let name = header.to_lowercase().replace([' ', '-'], "_");
        let name = if name == "username" { "login" } else { &name };
        let Some(column) = COLUMNS.into_iter().find(|column| *column == name) else {
            return Err(FileFault::UnknownColumn(header.chars().take(40).collect()));
        };
        if found.contains(&column) {
            return Err(FileFault::ColumnTwice(column));
        }
        found.push(column);
    }
    match NEEDED.into_iter().find(|needed| !found.contains(needed)) {
        Some(needed) => Err(FileFault::NoColumn(needed)),
        None => Ok(found),
    }
}

fn line(record: &csv::StringRecord, columns: &[&str], agency: Option<&str>) -> Parsed {
    let cell = |name: &str| {
        let index = columns.iter().position(|column| *column == name);
        index.and_then(|index| record.get(index)).unwrap_or_default()
    };
    let mut why = Vec::new();
    if record.len() != columns.len() {
        why.push(format!(
            "This line has {} columns and the first line has {}. Check the quotation marks.",
            record.len(),
            columns.len()
        ));
    }
    let own = cell("agency");
    if let Some(agency) = agency
        && !own.is_empty()
        && own != agency
    {
        why.push(
            "agency: This is not your agency. Leave it empty, or ask the other agency's supervisor.".into(),
        );
    }
    let roles = match roles(cell("roles"), agency.is_none()) {
        Ok(roles) => roles,
        Err(message) => {
            why.push(format!("roles: {message}"));
            vec![Role::FieldStaff]
        }
    };
    let draft = Draft {
        login: cell("login").into(),
        full_name: cell("full_name").into(),
        agency: agency.unwrap_or(own).into(),
        branch: cell("branch").into(),
        phone: cell("phone").into(),
        access_from: cell("access_from").into(),
        access_to: cell("access_to").into(),
        roles,
    };
    let checked = draft.check().map_err(|faults| {
        faults
            .iter()
            .map(|fault| format!("{}: {}", fault.field.name(), fault.message))
            .collect::<Vec<_>>()
    });
    Parsed {
        number: record.position().map_or(0, csv::Position::line),
        login: cell("login").chars().take(60).collect(),
        draft: match checked {
            Ok(checked) if why.is_empty() => Ok(checked),
            Ok(_) => Err(why),
            Err(more) => Err([why, more].concat()),
        },
    }
}

/// Several roles stand in one cell with a sign between them; an empty cell is field staff.
fn roles(cell: &str, helpdesk_too: bool) -> Result<Vec<Role>, &'static str> {
    let mut roles = Vec::new();
    for name in cell
        .split([',', ';', '|', '/', '+'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let role = match name.to_lowercase().replace([' ', '-'], "_").as_str() {
            "field_staff" | "staff" => Role::FieldStaff,
            "supervisor" => Role::Supervisor,
            "helpdesk" if helpdesk_too => Role::Helpdesk,
            _ if helpdesk_too => return Err("Write field staff, supervisor or helpdesk."),
            _ => return Err("Write field staff or supervisor."),
        };
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    if roles.is_empty() {
        roles.push(Role::FieldStaff);
    }
    Ok(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logins(file: &str) -> Vec<String> {
        parse(file.as_bytes(), None)
            .unwrap()
            .into_iter()
            .map(|line| line.draft.unwrap().login)
            .collect()
    }

    #[test]
    fn what_spreadsheet_programs_write_is_taken() {
        for file in [
            "login,full_name\nnew1,Test New One\n",
            "\u{feff}Login;Full name\r\nnew1;Test New One\r\n",
            "full name\tUSERNAME\nTest New One\tnew1",
            "login,full_name\n\n  New1 ,\"Test New One\"\n,\n",
            "login;full_name;phone\nnew1;\"One; Test, New\";555-0123\n",
        ] {
            assert_eq!(logins(file), ["new1"], "{file:?}");
        }
    }

    #[test]
    fn a_file_that_is_none_is_refused_whole_with_what_to_do() {
        let many = format!("login,full_name\n{}", "x,y\n".repeat(MAX_LINES + 1));
        for (file, expected) in [
            (&b""[..], FileFault::NoColumn("login")),
            (b"login,full_name\n", FileFault::NoLines),
            (b"login\nx\n", FileFault::NoColumn("full_name")),
            (
                b"login,full_name,shoe size\nx,y,z\n",
                FileFault::UnknownColumn("shoe size".into()),
            ),
            (b"login,full_name,Login\nx,y,z\n", FileFault::ColumnTwice("login")),
            (b"login,full_name\nx,J\xfcrgen\n", FileFault::NotUtf8),
            (many.as_bytes(), FileFault::TooManyLines),
            (&vec![b'x'; MAX_BYTES + 1], FileFault::TooLarge),
        ] {
            assert_eq!(parse(file, None).err(), Some(expected));
        }
    }

    #[test]
    fn a_bad_line_says_everything_that_is_wrong_with_it() {
        let file = "login,full_name,agency,roles,access_to\ntwo words,,Other,king,soon\n";
        let line = parse(file.as_bytes(), Some("Own")).unwrap().remove(0);
        assert_eq!(line.number, 2);
        let why = line.draft.unwrap_err().join("\n");
        for part in ["agency: ", "roles: ", "login: ", "full_name: ", "access_to: "] {
            assert!(why.contains(part), "{part} in {why}");
        }
        assert!(roles("helpdesk", false).is_err());
        assert_eq!(
            roles("Supervisor; field staff", false),
            Ok(vec![Role::Supervisor, Role::FieldStaff])
        );
    }
}
