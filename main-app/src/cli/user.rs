//! `main-app user`: accounts from the command line, by the functions that the pages use. The operator acts: in the audit
//! such an entry has no actor.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use main_app::admin::{self, Created, Imported, LineOutcome, TabletChange};
use main_app::{MainApp, Role, UserId};
use roster::Draft;

use super::{On, say};

#[derive(Subcommand)]
pub enum Command {
    /// Make an account; its temp password is printed once
    Create(Create),
    /// Change what is given, and nothing else
    Edit(Edit),
    /// List accounts with their state
    List {
        /// Only accounts whose name, username, agency or branch has this in it
        #[arg(default_value = "")]
        search: String,
        #[command(flatten)]
        on: On,
    },
    /// Show an account, its sign-ins, its tablets and its history
    Show(One),
    /// End an account's access now, and its sessions
    Deactivate(One),
    /// Give an account access again
    Reactivate(One),
    /// Give an account a temp password, which is printed once
    Reset {
        #[command(flatten)]
        one: One,
        /// How many hours it can be used for a new sign-in; 0 is for ever
        #[arg(long, env = "MAIN_APP_TEMP_PASSWORD_HOURS", default_value_t = 72)]
        temp_password_hours: u32,
    },
    /// Revoke a lost tablet, or allow one that was found
    Tablet {
        #[command(flatten)]
        one: One,
        /// The eight signs by which `show` names it
        tablet: String,
        /// It was found: allow it again
        #[arg(long)]
        allow: bool,
    },
    /// Make accounts from a CSV file, with a report for each line
    ///
    /// The first line names the columns: login and full_name, and where you have them agency, branch, phone, roles,
    /// access_from and access_to. Imported accounts have no password yet: a reset gives the first one.
    Import {
        file: PathBuf,
        #[command(flatten)]
        on: On,
    },
}

#[derive(Args)]
pub struct One {
    login: String,
    #[command(flatten)]
    on: On,
}

#[derive(Args)]
pub struct Create {
    login: String,
    #[arg(long)]
    full_name: String,
    #[arg(long, default_value = "")]
    agency: String,
    #[arg(long, default_value = "")]
    branch: String,
    #[arg(long, default_value = "")]
    phone: String,
    #[arg(long = "role", value_enum, default_values_t = [RoleName::FieldStaff])]
    roles: Vec<RoleName>,
    /// First day of access, as 2026-11-23
    #[arg(long, default_value = "")]
    access_from: String,
    /// Last day of access
    #[arg(long, default_value = "")]
    access_to: String,
    /// How many hours the temp password can be used for a new sign-in; 0 is for ever
    #[arg(long, env = "MAIN_APP_TEMP_PASSWORD_HOURS", default_value_t = 72)]
    temp_password_hours: u32,
    #[command(flatten)]
    on: On,
}

#[derive(Args)]
pub struct Edit {
    login: String,
    #[arg(long)]
    full_name: Option<String>,
    #[arg(long)]
    agency: Option<String>,
    #[arg(long)]
    branch: Option<String>,
    #[arg(long)]
    phone: Option<String>,
    #[arg(long = "role", value_enum)]
    roles: Vec<RoleName>,
    #[arg(long)]
    access_from: Option<String>,
    #[arg(long)]
    access_to: Option<String>,
    #[command(flatten)]
    on: On,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    FieldStaff,
    Supervisor,
    Helpdesk,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::FieldStaff => Self::FieldStaff,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Helpdesk => Self::Helpdesk,
        }
    }
}

impl Command {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run().await,
            Self::Edit(edit) => edit.run().await,
            Self::List { search, on } => {
                let app = on.open(0).await?;
                for account in admin::summaries(&app, None, &search).await? {
                    say(&format!(
                        "{:<20} {} · {} · {}",
                        account.login, account.full_name, account.place, account.state
                    ))?;
                }
                app.close().await;
                Ok(())
            }
            Self::Show(one) => {
                let (app, user) = one.find(0).await?;
                let account = admin::full(&app, user).await?.context("the account is gone")?;
                say(&account.to_string())?;
                app.close().await;
                Ok(())
            }
            Self::Deactivate(one) => {
                let (app, user) = one.find(0).await?;
                admin::deactivate(&app, None, user).await?;
                app.close().await;
                say("Deactivated; its sessions have ended.")
            }
            Self::Reactivate(one) => {
                let (app, user) = one.find(0).await?;
                admin::reactivate(&app, None, user).await?;
                app.close().await;
                say("Active again.")
            }
            Self::Reset {
                one,
                temp_password_hours,
            } => {
                let (app, user) = one.find(temp_password_hours).await?;
                let temp = admin::reset(&app, None, user)
                    .await?
                    .context("the account is gone")?;
                app.close().await;
                say(&format!("Temp password: {}", temp.expose()))
            }
            Self::Tablet { one, tablet, allow } => {
                let (app, user) = one.find(0).await?;
                let change = if allow {
                    admin::allow(&app, None, user, &tablet).await?
                } else {
                    admin::revoke(&app, None, user, &tablet).await?
                };
                app.close().await;
                match (change, allow) {
                    (TabletChange::NoTablet, _) => bail!("{} has no tablet {tablet}", one.login),
                    (TabletChange::Already, _) => say("It is so already."),
                    (TabletChange::Done, true) => say("The tablet may be used again, with new keys."),
                    (TabletChange::Done, false) => say("The tablet is revoked."),
                }
            }
            Self::Import { file, on } => import(&file, &on).await,
        }
    }
}

impl One {
    async fn find(&self, temp_password_hours: u32) -> anyhow::Result<(MainApp, UserId)> {
        let app = self.on.open(temp_password_hours).await?;
        let user = admin::find(&app, &self.login).await?;
        let user = user.with_context(|| format!("there is no account {}", self.login))?;
        Ok((app, user))
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let draft = Draft {
            login: self.login,
            full_name: self.full_name,
            agency: self.agency,
            branch: self.branch,
            phone: self.phone,
            access_from: self.access_from,
            access_to: self.access_to,
            roles: self.roles.into_iter().map(Role::from).collect(),
        };
        let checked = check(&draft)?;
        let app = self.on.open(self.temp_password_hours).await?;
        let created = admin::create(&app, None, &checked, None).await?;
        app.close().await;
        match created {
            Created::Done(_, temp) => say(&format!(
                "Created {}. Temp password: {}",
                checked.login,
                temp.expose()
            )),
            Created::Taken => bail!("the username {} is taken", checked.login),
            Created::Repeated | Created::Busy => bail!("busy; nothing was changed, try again"),
        }
    }
}

impl Edit {
    async fn run(self) -> anyhow::Result<()> {
        let app = self.on.open(0).await?;
        let user = admin::find(&app, &self.login).await?;
        let user = user.with_context(|| format!("there is no account {}", self.login))?;
        let mut draft = admin::draft_of(&app, user)
            .await?
            .context("the account is gone")?;
        for (part, new) in [
            (&mut draft.full_name, self.full_name),
            (&mut draft.agency, self.agency),
            (&mut draft.branch, self.branch),
            (&mut draft.phone, self.phone),
            (&mut draft.access_from, self.access_from),
            (&mut draft.access_to, self.access_to),
        ] {
            if let Some(new) = new {
                *part = new;
            }
        }
        if !self.roles.is_empty() {
            draft.roles = self.roles.into_iter().map(Role::from).collect();
        }
        let changed = admin::edit(&app, None, user, &check(&draft)?).await?;
        app.close().await;
        say(if changed { "Changed." } else { "Nothing to change." })
    }
}

fn check(draft: &Draft) -> anyhow::Result<roster::Checked> {
    draft.check().map_err(|faults| {
        let all: Vec<_> = faults
            .iter()
            .map(|fault| format!("{}: {}", fault.field.name(), fault.message))
            .collect();
        anyhow::anyhow!("{}", all.join("\n"))
    })
}

async fn import(file: &std::path::Path, on: &On) -> anyhow::Result<()> {
    use std::io::Read as _;
    let open = std::fs::File::open(file).with_context(|| file.display().to_string())?;
    let mut bytes = Vec::new();
    // One byte more than may be: that is enough to see that it is too large.
    open.take(roster::MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| file.display().to_string())?;
    let app = on.open(0).await?;
    let imported = admin::import(&app, None, None, &bytes, None).await?;
    app.close().await;
    let import = match imported {
        Imported::Done(import) => import,
        Imported::No(fault) => bail!("{}: {fault}", file.display()),
        Imported::Repeated => bail!("this import has been carried out"),
    };
    for line in &import.lines {
        let outcome = match &line.outcome {
            LineOutcome::Created => "created".to_owned(),
            LineOutcome::AlreadyThere => "already there".to_owned(),
            LineOutcome::Wrong(why) => format!("not imported: {}", why.join(" ")),
            LineOutcome::NotWritten => "not written: import the file again".to_owned(),
        };
        say(&format!("line {:>4}  {:<20} {outcome}", line.number, line.login))?;
    }
    say(&format!(
        "{} created, {} already there, {} not imported",
        import.created(),
        import.already_there(),
        import.failed()
    ))?;
    if import.failed() > 0 {
        bail!("correct the lines that were not imported, and import the file again");
    }
    Ok(())
}
