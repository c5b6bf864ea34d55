//! The sample accounts, clients and forms, for trying the whole. Everybody knows their password, so they are served to
//! this machine alone.

use accounts::{Access, Standing};
use protocol::{Client, ClientId, FormDefinition};

use crate::OpenError;
use crate::admin::{self, NewAccount};
use crate::auth;
use crate::calendar;
use crate::fault::Fault;
use crate::secret;
use crate::store::accounts::{Profile, Role};
use crate::store::{self, Connection};

/// The password of every sample account.
pub const PASSWORD: &str = "sample-pass-1";

/// The security answer of every sample account.
pub const ANSWER: &str = "Sample Pet";
const QUESTION: &str = "What was the name of your first sample pet?";
const AGENCY: &str = "Exampletown Home Care";
const OTHER_AGENCY: &str = "Placeholder Visiting Nurses";

/// What marks a database as holding sample accounts.
pub const MARK: &str = "sample";

/// A sample account, as it is printed at the start.
pub struct SampleAccount {
    pub login: &'static str,
    pub full_name: &'static str,
    pub about: &'static str,
    agency: &'static str,
    branch: &'static str,
    phone: &'static str,
    roles: &'static [Role],
    active: bool,
}

pub const ACCOUNTS: [SampleAccount; 6] = [
    SampleAccount {
        login: "field1",
        full_name: "Test Field One",
        about: "field staff, four clients",
        agency: AGENCY,
        branch: "North branch",
        phone: "555-555-0111",
        roles: &[Role::FieldStaff],
        active: true,
    },
    SampleAccount {
        login: "field2",
        full_name: "Test Field Two",
        about: "field staff, four clients, two of them shared with field1",
        agency: AGENCY,
        branch: "South branch",
        phone: "555-555-0112",
        roles: &[Role::FieldStaff],
        active: true,
    },
    SampleAccount {
        login: "supervisor1",
        full_name: "Test Supervisor One",
        about: "supervisor",
        agency: AGENCY,
        branch: "",
        phone: "555-555-0113",
        roles: &[Role::Supervisor],
        active: true,
    },
    SampleAccount {
        login: "helpdesk1",
        full_name: "Test Helpdesk One",
        about: "helpdesk, resets passwords",
        agency: "",
        branch: "",
        phone: "555-555-0100",
        roles: &[Role::Helpdesk],
        active: true,
    },
    SampleAccount {
        login: "helpdesk2",
        full_name: "Test Helpdesk Two",
        about: "helpdesk, the second clerk where two are needed",
        agency: "",
        branch: "",
        phone: "555-555-0102",
        roles: &[Role::Helpdesk],
        active: true,
    },
    SampleAccount {
        login: "inactive1",
        full_name: "Test Inactive One",
        about: "without active access",
        agency: OTHER_AGENCY,
        branch: "",
        phone: "555-555-0115",
        roles: &[Role::FieldStaff],
        active: false,
    },
];

struct SampleClient {
    full_name: &'static str,
    birth_date: &'static str,
    address: &'static str,
    phone: &'static str,
    due_in_days: Option<i64>,
    of: &'static [&'static str],
}

const CLIENTS: [SampleClient; 6] = [
    SampleClient {
        full_name: "Testcase Amber",
        birth_date: "1938-04-12",
        address: "1 Sample Street, Exampletown",
        phone: "555-0101",
        due_in_days: Some(2),
        of: &["field1"],
    },
    SampleClient {
        full_name: "Testcase Birch",
        birth_date: "1944-11-30",
        address: "22 Sample Street, Exampletown",
        phone: "555-0102",
        due_in_days: Some(9),
        of: &["field1"],
    },
    SampleClient {
        full_name: "Testcase Coral",
        birth_date: "1951-02-28",
        address: "3 Placeholder Lane, Exampletown",
        phone: "555-0103",
        due_in_days: None,
        of: &["field1", "field2"],
    },
    SampleClient {
        full_name: "Testcase Dune",
        birth_date: "1929-07-04",
        address: "44 Placeholder Lane, Exampletown",
        phone: "555-0104",
        due_in_days: Some(0),
        of: &["field1", "field2"],
    },
    SampleClient {
        full_name: "Testcase Ember",
        birth_date: "1947-09-19",
        address: "5 Dummy Road, Exampletown",
        phone: "555-0105",
        due_in_days: Some(30),
        of: &["field2"],
    },
    SampleClient {
        full_name: "Testcase Fern",
        birth_date: "1960-12-01",
        address: "66 Dummy Road, Exampletown",
        phone: "555-0106",
        due_in_days: Some(14),
        of: &["field2"],
    },
];

const FORMS: [&str; 8] = [
    include_str!("../../forms/phq-9.json"),
    include_str!("../../forms/home-care-intake.json"),
    include_str!("../../forms/gad-7.json"),
    include_str!("../../forms/katz-adl.json"),
    include_str!("../../forms/lawton-iadl.json"),
    include_str!("../../forms/mental-status.json"),
    include_str!("../../forms/morse-fall-scale.json"),
    include_str!("../../forms/every-kind-of-question.json"),
];

/// Fills an empty database.
pub async fn load(connection: &mut Connection, now: i64) -> Result<(), OpenError> {
    let password =
        vault::native::password(PASSWORD).map_err(|_| Fault::Inconsistent("the sample password"))?;
    // One hash for all: the password is printed at every start, there is nothing to hide in the salt.
    let hash = tokio::task::spawn_blocking(move || auth::hash(&password))
        .await
        .map_err(Fault::from)?
        .map_err(Fault::from)?;
    let security = tokio::task::spawn_blocking(|| admin::hashed(QUESTION, ANSWER))
        .await
        .map_err(Fault::from)??;
    let mut users = Vec::with_capacity(ACCOUNTS.len());
    for account in &ACCOUNTS {
        let access = Access {
            from: None,
            to: (!account.active).then_some(now),
        };
        let new = NewAccount {
            login: account.login,
            profile: Profile {
                full_name: account.full_name.into(),
                agency: account.agency.into(),
                branch: account.branch.into(),
                phone: account.phone.into(),
            },
            security: Some(security.clone()),
            password_hash: hash.clone(),
            standing: Standing::Permanent,
            roles: account.roles,
            access,
        };
        users.push((
            account.login,
            admin::create_account(connection, None, new, now).await?,
        ));
    }
    for client in &CLIENTS {
        let id = ClientId(secret::uuid().map_err(Fault::from)?);
        let entry = Client {
            id,
            full_name: client.full_name.into(),
            birth_date: client.birth_date.into(),
            address: client.address.into(),
            phone: client.phone.into(),
            due: client
                .due_in_days
                .map(|days| calendar::iso_date(now + days * 24 * 60 * 60 * 1_000)),
        };
        store::caseload::put_client(connection, &entry)
            .await
            .map_err(Fault::from)?;
        for (_, user) in users.iter().filter(|(login, _)| client.of.contains(login)) {
            admin::assign(connection, None, id, *user, true, now).await?;
        }
    }
    for text in FORMS {
        admin::publish(connection, &read_form(text)?, now).await?;
    }
    store::set_meta(connection, MARK, "1")
        .await
        .map_err(Fault::from)?;
    Ok(())
}

/// The shortest of the sample forms.
pub fn short_form() -> Result<FormDefinition, OpenError> {
    read_form(include_str!("../../forms/phq-9.json"))
}

fn read_form(text: &str) -> Result<FormDefinition, OpenError> {
    let questionnaire =
        serde_json::from_str(text).map_err(|error| OpenError::SampleForm(error.to_string()))?;
    admin::form(questionnaire).map_err(|lacks| OpenError::SampleForm(format!("it has no {lacks}")))
}
