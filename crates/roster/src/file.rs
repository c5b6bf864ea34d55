//! A CSV file of accounts, as spreadsheet programs write it: a byte order mark, CRLF, semicolons or tabs between columns, names
//! of columns with spaces and capitals are all taken. A bad line does not touch the others.

use crate::draft::{Checked, Draft};
use crate::role::Role;

/// The largest file.
pub const MAX_BYTES: usize = 1024 * 1024;
/// The most lines, the one with the names of the columns apart.
pub const MAX_LINES: usize = 5_000;

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

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// As a text editor counts them.
    pub number: u64,
    /// As it was typed, in short.
    pub login: String,
    /// Or everything that is wrong with it, and what to do.
    pub account: Result<Checked, Vec<String>>,
}

/// Reads a file. `agency`: every account is of that agency, as a supervisor may import; `None`: of any, with any role.
pub fn read(file: &[u8], agency: Option<&str>) -> Result<Vec<Row>, FileFault> {
    if file.len() > MAX_BYTES {
        return Err(FileFault::TooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| FileFault::NotUtf8)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The reader takes a lone CR for the end of a line too, but counts only LF.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = columns(reader.headers().map_err(|_| FileFault::Unreadable)?)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| FileFault::Unreadable)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MAX_LINES {
            return Err(FileFault::TooManyLines);
        }
        rows.push(line(&record, &columns, agency));
    }
    if rows.is_empty() {
        return Err(FileFault::NoLines);
    }
    Ok(rows)
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

fn line(record: &csv::StringRecord, columns: &[&str], agency: Option<&str>) -> Row {
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
    Row {
        number: record.position().map_or(0, csv::Position::line),
        login: in_short(cell("login")),
        account: match checked {
            Ok(checked) if why.is_empty() => Ok(checked),
            Ok(_) => Err(why),
            Err(more) => Err([why, more].concat()),
        },
    }
}

fn in_short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
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
        read(file.as_bytes(), None)
            .unwrap()
            .into_iter()
            .map(|line| line.account.unwrap().login)
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
    fn lines_are_counted_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let file = format!("login,full_name{end}new1,One{end}new2,Two{end}");
            let numbers: Vec<u64> = read(file.as_bytes(), None)
                .unwrap()
                .iter()
                .map(|row| row.number)
                .collect();
            assert_eq!(numbers, [2, 3], "{end:?}");
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
            assert_eq!(read(file, None).err(), Some(expected));
        }
    }

    #[test]
    fn a_bad_line_says_everything_that_is_wrong_with_it() {
        let file = "login,full_name,agency,roles,access_to\ntwo words,,Other,king,soon\n";
        let line = read(file.as_bytes(), Some("Own")).unwrap().remove(0);
        assert_eq!(line.number, 2);
        let why = line.account.unwrap_err().join("\n");
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
