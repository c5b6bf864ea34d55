//! The sandbox of a rehearsal: a whole main application in memory, with one made-up user, two made-up clients and a form.
//! It shares nothing with the real one but the program: no database, no key, no cookie, no setting.

use accounts::{Access, Standing};
use protocol::{Client, ClientId, Rehearsal, Settings, UserId};
use zeroize::Zeroizing;

use crate::admin::{self, NewAccount, TempPassword};
use crate::fault::Fault;
use crate::store::accounts::{Profile, Role};
use crate::{Config, MainApp, OpenError, Origin, auth, calendar, sample, secret};

/// With the user who is made for one rehearsal.
pub struct Sandbox {
    pub app: MainApp,
    pub user: UserId,
    pub login: String,
    /// Ends every password of this rehearsal, so that none is used again in the next one.
    tail: String,
}

const CLIENTS: [(&str, &str, &str); 2] = [
    ("Testcase Sand", "1941-03-09", "1 Rehearsal Road, Exampletown"),
    ("Testcase Shell", "1950-10-21", "2 Rehearsal Road, Exampletown"),
];
const PHONE: &str = "555-555-0100";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl Sandbox {
    /// Opens an empty one. `console` is where its app is framed.
    pub async fn open(real: &MainApp, console: &Origin) -> Result<Self, OpenError> {
        let config = Config {
            dist: real.dist.clone(),
            settings: Settings {
                // Addresses that exist nowhere: no e-mail of a rehearsal reaches the real helpdesk.
                helpdesk_email: "helpdesk@example.org".into(),
                access_request_url: "https://example.org/access-request".into(),
                contact: "This is a rehearsal: nobody is called.".into(),
                rehearsal: Some(Rehearsal {
                    console_origin: console.to_string(),
                }),
                ..Settings::default()
            },
            clock: real.clock.clone(),
            trusted_proxies: real.trusted_proxies.clone(),
            ..Config::default()
        };
        let app = crate::open(config).await?;
        let random = TempPassword::random().map_err(Fault::from)?;
        let tail = random.expose().chars().take(4).collect::<String>();
        let login = format!(
            "test{}",
            1_000 + secret::uuid().map_err(Fault::from)?.as_u128() % 9_000
        );
        let mut sandbox = Self {
            user: UserId(uuid::Uuid::nil()),
            app,
            login,
            tail,
        };
        sandbox.furnish().await?;
        Ok(sandbox)
    }

    /// The user's own password, before the first reset.
    pub fn own_password(&self) -> String {
        format!("own-pass-{}", self.tail)
    }

    /// A proposal for the password that is chosen after the first reset, or after the second.
    pub fn new_password(&self, second: bool) -> String {
        format!("new-pass-{}-{}", if second { "b" } else { "a" }, self.tail)
    }

    async fn furnish(&mut self) -> Result<(), OpenError> {
        let app = &self.app;
        let now = app.now();
        let password = Zeroizing::new(self.own_password());
        let password = vault::native::password(&password)
            .map_err(|_| Fault::Inconsistent("the password of a sandbox"))?;
        let hash = tokio::task::spawn_blocking(move || auth::hash(&password))
            .await
            .map_err(Fault::from)?
            .map_err(Fault::from)?;
        let account = NewAccount {
            login: &self.login,
            profile: Profile {
                full_name: "Test Rehearsal".into(),
                agency: "Exampletown Home Care".into(),
                branch: String::new(),
                phone: PHONE.into(),
            },
            security: None,
            password_hash: hash,
            standing: Standing::Permanent,
            roles: &[Role::FieldStaff],
            access: Access::default(),
        };
        let mut tx = app.store.write().await?;
        self.user = admin::create_account(&mut tx, None, account, now).await?;
        tx.commit().await?;
        for (full_name, birth_date, address) in CLIENTS {
            let client = Client {
                id: ClientId(secret::uuid().map_err(Fault::from)?),
                full_name: full_name.into(),
                birth_date: birth_date.into(),
                address: address.into(),
                phone: PHONE.into(),
                due: Some(calendar::iso_date(now + DAY_MS)),
            };
            admin::put_client(app, &client).await?;
            admin::set_assigned(app, None, client.id, self.user, true).await?;
        }
        admin::publish_form(app, &sample::short_form()?).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::policy;

    #[tokio::test]
    async fn each_has_a_user_of_its_own_and_passwords_that_can_be_chosen() {
        let real = crate::open(Config::default()).await.unwrap();
        let console: Origin = "http://localhost:8080".parse().unwrap();
        let one = Sandbox::open(&real, &console).await.unwrap();
        let other = Sandbox::open(&real, &console).await.unwrap();
        assert_ne!((&one.login, &one.tail), (&other.login, &other.tail));
        for second in [false, true] {
            assert!(policy::broken(&one.new_password(second), &one.login).is_empty());
        }
        assert!(admin::find(&one.app, &one.login).await.unwrap().is_some());
        assert!(
            admin::find(&real, &one.login).await.unwrap().is_none(),
            "nothing of it is in the real one"
        );
    }
}
