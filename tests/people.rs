//! Who acts in the journeys, in their own words: a field worker with a tablet, a clerk at the helpdesk, a supervisor.

use crate::{Browser, Engine, Whole, until};
use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

pub use crate::rehearsing::Rehearsing;

pub const SAMPLE_PASSWORD: &str = "sample-pass-1";
pub const SAMPLE_ANSWER: &str = "Sample Pet";
pub const NEW_PASSWORD: &str = "a-much-longer-secret-9";

pub const S1: &str = "Username or Password is incorrect.";
pub const S2: &str = "You cannot log into the system at this time. Contact your system administrator.";
pub const S3: &str = "This application has encountered a critical error. Please contact the site administrator with \
                      full details of the task you are trying to carry out.";

/// A field worker and the tablet in their hands.
pub struct Nurse {
    pub tablet: Browser,
}

impl Nurse {
    /// A tablet on which the app has been opened once, with a network, and is installed.
    pub async fn with_new_tablet(whole: &Whole) -> Result<Self> {
        Self::with_new_tablet_in(Engine::Chromium, whole).await
    }

    pub async fn with_new_tablet_in(engine: Engine, whole: &Whole) -> Result<Self> {
        Self::with(Browser::open_in(engine).await?, &whole.url("/")).await
    }

    /// The same in a browser that is open, and at an address that may be another than the main application's own.
    pub async fn with(tablet: Browser, url: &str) -> Result<Self> {
        tablet.go(url).await?;
        tablet.arrives_at("Sign in").await?;
        tablet.is_installed().await?;
        Ok(Self { tablet })
    }

    pub async fn types(&self, login: &str, password: &str) -> Result<()> {
        self.tablet.fill("Username", login).await?;
        self.tablet.fill("Password", password).await?;
        self.tablet.press("Sign in").await
    }

    pub async fn gets_in(&self, login: &str, password: &str) -> Result<()> {
        self.types(login, password).await?;
        self.tablet.arrives_at("Caseload").await
    }

    pub async fn is_refused(&self, login: &str, password: &str, message: &str) -> Result<()> {
        self.types(login, password).await?;
        // The message of the attempt before is gone as soon as this one begins.
        let said = self.tablet.alert().await?;
        ensure!(said == message, "expected “{message}”, the page says “{said}”");
        self.tablet.sees_no_more("Signing in…").await
    }

    pub async fn signs_out(&self) -> Result<()> {
        self.tablet.press("Menu").await?;
        self.tablet.press("Sign out").await?;
        self.tablet.arrives_at("Sign in").await
    }

    /// Fills in the e-mail to the helpdesk, on the page of the way to a new password.
    pub async fn asks_for_a_new_password(&self, full_name: &str, agency: &str, phone: &str) -> Result<()> {
        self.tablet.fill("Your full name", full_name).await?;
        self.tablet.fill("Agency", agency).await?;
        self.tablet.fill("Phone number, with area code", phone).await
    }

    /// Waits until this is the step to take now, on the page of the way to a new password.
    pub async fn stands_at(&self, step: &str) -> Result<()> {
        let script = "return document.querySelector('[aria-current=step] h2')?.innerText || ''";
        let found = until(step, || async {
            let found = self.tablet.raw().execute(script, vec![]).await?;
            Ok((found.json() == step).then_some(()))
        });
        found.await.with_context(|| format!("expected the step “{step}”"))
    }

    /// What a screen reader says of each step beside its title: nothing, done, not confirmed yet.
    pub async fn hears_of_the_steps(&self) -> Result<Vec<String>> {
        let script =
            "return [...document.querySelectorAll('.step h2 .unseen')].map(e => e.textContent.trim())";
        let found = self.tablet.raw().execute(script, vec![]).await?;
        Ok(serde_json::from_value(found.json().clone())?)
    }

    pub async fn goes_to_the_check(&self) -> Result<()> {
        self.tablet.press("Menu").await?;
        self.tablet.press("Ready for the field").await?;
        self.tablet.arrives_at("Ready for the field").await
    }

    /// On the page of the check; with a password that has to be typed.
    pub async fn checks(&self, password: &str) -> Result<()> {
        self.tablet.fill("Your password, once more", password).await?;
        let pressed = "document.querySelector('main form button[type=submit]').click()";
        self.tablet.raw().execute(pressed, vec![]).await?;
        self.tablet.sees_no_more("Checking…").await
    }

    /// Waits until the mark in the header says so.
    pub async fn mark_says(&self, words: &str) -> Result<()> {
        self.tablet.sees(words).await
    }

    pub async fn goes_to_the_caseload(&self) -> Result<()> {
        self.tablet.press("Menu").await?;
        self.tablet.press("Caseload").await?;
        self.tablet.arrives_at("Caseload").await
    }

    pub async fn goes_to_the_outbox(&self) -> Result<()> {
        self.tablet.press("Menu").await?;
        self.tablet.press("Outbox").await?;
        self.tablet.arrives_at("Outbox").await
    }

    /// The first client of the caseload, by name.
    pub async fn sees_a_client(&self) -> Result<String> {
        let name = until("a client", || async {
            Ok(self.tablet.raw().find(By::Css("li h2")).await.ok())
        });
        Ok(name.await?.text().await?)
    }

    pub async fn starts(&self, client: &str, form: &str) -> Result<()> {
        self.starts_by("Start assessment", client, form).await
    }

    /// The same in whichever language the button speaks.
    pub async fn starts_by(&self, button: &str, client: &str, form: &str) -> Result<()> {
        let card = format!("//li[.//h2[normalize-space()='{client}']]//button[contains(., '{button}')]");
        let named = format!("“{button}” of {client}");
        let is_open = || self.tablet.raw().find(By::Css("dialog[open]"));
        // WebKit's driver misses what moves while it is reached for, as the list does when something is sent or comes in.
        until(&named, || async {
            if is_open().await.is_ok() {
                return Ok(Some(()));
            }
            let button = self.tablet.raw().find(By::XPath(card.as_str())).await?;
            self.tablet.clicks(&button).await?;
            Ok((self.tablet.engine() != Engine::WebKit).then_some(()))
        })
        .await?;
        let choice = format!("//dialog[@open]//button[contains(., '{form}')]");
        self.tablet.clicks_on(By::XPath(choice), form).await
    }

    /// Opens the assessment of a client from the caseload.
    pub async fn opens(&self, client: &str, form: &str) -> Result<()> {
        let row = format!("//li[.//h2[normalize-space()='{client}']]//a[contains(., '{form}')]");
        // The list is drawn anew while it is reached for, when something is sent or comes in.
        self.tablet.clicks_on(By::XPath(row), form).await
    }

    /// What stands in the text field of a question, in every assessment of this form in the caseload.
    pub async fn finds_in_every(&self, form: &str, link_id: &str) -> Result<Vec<String>> {
        let rows = format!("//li//a[contains(., '{form}')]");
        let links = until(form, || async {
            let links = self.tablet.raw().find_all(By::XPath(&rows)).await?;
            Ok((!links.is_empty()).then_some(links))
        });
        let mut addresses = Vec::new();
        for link in links.await? {
            addresses.extend(link.prop("pathname").await?);
        }
        let mut found = Vec::new();
        for address in addresses {
            let row = format!("//li//a[@href='{address}']");
            self.tablet.clicks_on(By::XPath(row), &address).await?;
            found.push(self.reads(link_id).await?);
            self.goes_to_the_caseload().await?;
        }
        Ok(found)
    }

    /// Taps the answer of a question, by the question's link id and the answer's words.
    pub async fn chooses(&self, link_id: &str, answer: &str) -> Result<()> {
        let script = "const [id, want] = arguments;
            const clean = text => text.replace(/\\s+/g, ' ').trim();
            const inputs = [...document.querySelectorAll('input')].filter(i => i.dataset.linkid === id);
            return inputs.map(i => i.closest('label')).find(l => l && clean(l.innerText) === want) || null;";
        until(answer, || async {
            let found = self
                .tablet
                .raw()
                .execute(script, vec![json!(link_id), json!(answer)])
                .await?;
            if found.json().is_null() {
                return Ok(None);
            }
            let label = found.element()?;
            label.scroll_into_view().await?;
            label.click().await?;
            if self.tablet.engine() != Engine::WebKit {
                return Ok(Some(()));
            }
            // Its driver misses what moves while it is reached for. One of several answers would be taken back by a second press.
            let script = "const input = arguments[0].querySelector('input');
                return input.type !== 'radio' || input.checked;";
            let taken = vec![label.to_json()?];
            let taken = self.tablet.raw().execute(script, taken).await?;
            Ok((taken.json() == true).then_some(()))
        })
        .await
        .with_context(|| format!("an answer of {link_id}"))
    }

    /// The text field of a question.
    pub async fn field_of(&self, link_id: &str) -> Result<WebElement> {
        let css = format!("input[data-linkid='{link_id}'], textarea[data-linkid='{link_id}']");
        let field = until(link_id, || async {
            Ok(self.tablet.raw().find(By::Css(&css)).await.ok())
        })
        .await?;
        field.scroll_into_view().await?;
        Ok(field)
    }

    pub async fn writes(&self, link_id: &str, text: &str) -> Result<()> {
        Ok(self.field_of(link_id).await?.send_keys(text).await?)
    }

    /// Writes into the field for notes at the end of a section.
    pub async fn notes(&self, text: &str) -> Result<()> {
        let field = self.tablet.field("Notes on this section (optional)").await?;
        field.scroll_into_view().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Picks a day in the date field of a question, as the browser's own calendar does.
    pub async fn picks(&self, link_id: &str, day: &str) -> Result<()> {
        let field = self.field_of(link_id).await?;
        let script = "const [field, day] = arguments;
            field.value = day;
            for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));";
        let parts = vec![field.to_json()?, json!(day)];
        self.tablet.raw().execute(script, parts).await?;
        Ok(())
    }

    /// What stands in the text field of a question.
    pub async fn reads(&self, link_id: &str) -> Result<String> {
        Ok(self
            .field_of(link_id)
            .await?
            .prop("value")
            .await?
            .unwrap_or_default())
    }

    /// Whether the answer of a question is chosen.
    pub async fn finds_chosen(&self, link_id: &str, answer: &str) -> Result<()> {
        let script = "const [id, want] = arguments;
            const clean = text => text.replace(/\\s+/g, ' ').trim();
            return [...document.querySelectorAll('input:checked')].some(i => i.dataset.linkid === id
              && clean(i.closest('label').innerText) === want);";
        let chosen = until(answer, || async {
            let found = self
                .tablet
                .raw()
                .execute(script, vec![json!(link_id), json!(answer)])
                .await?;
            Ok((found.json() == true).then_some(()))
        });
        chosen.await.with_context(|| format!("the answer of {link_id}"))
    }

    pub async fn answers_the_phq9(&self) -> Result<()> {
        for (link_id, answer) in [
            ("/44250-9", "Several days"),
            ("/44255-8", "More than half the days"),
            ("/44259-0", "Nearly every day"),
            ("/44254-1", "Several days"),
            ("/44251-7", "Not at all"),
            ("/44258-2", "Several days"),
            ("/44252-5", "Not at all"),
            ("/44253-3", "Not at all"),
            ("/44260-8", "Not at all"),
        ] {
            self.chooses(link_id, answer).await?;
        }
        Ok(())
    }

    /// After the last section of an assessment.
    pub async fn goes_to_the_end(&self) -> Result<()> {
        self.tablet.press("Check and finish").await?;
        self.tablet.arrives_at("Check and finish").await
    }

    /// To a section by its title, or to "Check and finish", by the list of sections.
    pub async fn goes_to_section(&self, title: &str) -> Result<()> {
        self.tablet.press("Sections").await?;
        let link = format!("//dialog[@open]//a[.//span[normalize-space()='{title}']]");
        self.tablet.clicks_on(By::XPath(link), title).await?;
        self.tablet.arrives_at(title).await
    }

    /// To the last page, from wherever in the assessment.
    pub async fn goes_to_the_end_by_the_list(&self) -> Result<()> {
        self.goes_to_section("Check and finish").await
    }

    /// From Draft over Pending to Complete.
    pub async fn signs_it(&self) -> Result<()> {
        self.goes_to_the_end().await?;
        self.tablet.press("Make Pending").await?;
        self.tablet.press("Sign and complete").await?;
        self.tablet.sees("You sign as").await?;
        self.tablet.press("Sign and complete").await?;
        self.tablet.sees("Back to the caseload").await
    }

    /// Waits until the page says that the last answer is on the disk.
    pub async fn sees_it_saved(&self) -> Result<()> {
        self.tablet.sees_no_more("Saving…").await?;
        self.tablet.sees("Saved").await
    }
}

/// The helpdesk, in a browser of its own: Chromium, whatever the tablet's is.
pub struct Clerk {
    pub desk: Browser,
}

impl Clerk {
    pub async fn signs_in(whole: &Whole) -> Result<Self> {
        Self::signs_in_as("helpdesk1", Browser::open().await?, whole).await
    }

    pub async fn signs_in_as(login: &str, desk: Browser, whole: &Whole) -> Result<Self> {
        desk.go(&whole.url("/main/helpdesk")).await?;
        desk.fill("Username", login).await?;
        desk.fill("Password", SAMPLE_PASSWORD).await?;
        desk.press("Sign in").await?;
        desk.arrives_at("Helpdesk").await?;
        Ok(Self { desk })
    }

    /// After the main application was started anew; its sessions are in its database, so the clerk is still signed in.
    pub async fn signs_in_again(self, whole: &Whole) -> Result<Self> {
        self.desk.go(&whole.url("/main/helpdesk")).await?;
        Ok(self)
    }

    /// Pastes an e-mail, and sees what was read of it.
    pub async fn pastes(&self, mail: &str) -> Result<()> {
        if self.desk.path().await? != "/main/helpdesk" {
            self.desk.press("Requests").await?;
            self.desk.arrives_at("Helpdesk").await?;
        }
        self.desk.press("New request").await?;
        // A paste puts the text in at once; typed key by key, WebKit's driver turns signs round at the ends of lines.
        let field = self.desk.field("The e-mail, whole or in part").await?;
        let paste = "arguments[0].value = arguments[1];";
        self.desk
            .raw()
            .execute(paste, vec![field.to_json()?, json!(mail)])
            .await?;
        self.desk.press("Read the e-mail").await?;
        self.desk.sees("What was read").await
    }

    /// Enters a request for an account, reaches the user, and hears the right answer to the security question.
    pub async fn validates(&self, login: &str) -> Result<()> {
        self.desk.press("Accounts").await?;
        self.desk.arrives_at("Accounts").await?;
        let row = format!("//tr[contains(., '{login}')]//a[contains(., 'Reset password')]");
        let reset = format!("“Reset password” of {login}");
        self.desk.clicks_on(By::XPath(row), &reset).await?;
        self.desk.arrives_at("New request").await?;
        self.desk.press("Save the request").await?;
        self.desk.press("Reached").await?;
        self.hears(SAMPLE_ANSWER).await?;
        self.desk.sees("Matches").await
    }

    /// Chooses the suggested account of that username.
    pub async fn chooses(&self, login: &str) -> Result<()> {
        let label = format!("//label[contains(., '{login} ')][.//input[@type='radio']]");
        self.desk.clicks_on(By::XPath(label), login).await?;
        self.desk.press("Choose this account").await
    }

    /// Types the answer that the user gives.
    pub async fn hears(&self, answer: &str) -> Result<()> {
        self.desk.sees("The user is on the phone.").await?;
        let field = self.desk.raw().find(By::Css("#answer")).await?;
        field.send_keys(answer).await?;
        self.desk.press("Check the answer").await
    }

    /// On the page of a request whose user has been validated: resets, and reads the temp password.
    pub async fn reads_out(&self) -> Result<String> {
        self.desk.press("Reset password").await?;
        let temp = until("the temp password", || async {
            Ok(self.desk.raw().find(By::Css("#temp-password")).await.ok())
        });
        Ok(temp.await?.text().await?.trim().to_owned())
    }

    /// Resets the account's password, from the request to the temp password.
    pub async fn resets(&self, login: &str) -> Result<String> {
        self.validates(login).await?;
        self.reads_out().await
    }
}

/// Who administers the accounts of an agency.
pub struct Supervisor {
    pub office: Browser,
}

impl Supervisor {
    pub async fn signs_in(whole: &Whole) -> Result<Self> {
        Self::signs_in_with(Engine::Chromium, whole).await
    }

    pub async fn signs_in_with(engine: Engine, whole: &Whole) -> Result<Self> {
        let office = Browser::open_in(engine).await?;
        office.go(&whole.url("/main/")).await?;
        office.fill("Username", "supervisor1").await?;
        office.fill("Password", SAMPLE_PASSWORD).await?;
        office.press("Sign in").await?;
        office.press("Accounts").await?;
        office.sees("Import a file").await?;
        Ok(Self { office })
    }

    /// Fills in the form of a new account and reads the temp password from the page that follows.
    pub async fn creates(&self, full_name: &str, login: &str) -> Result<String> {
        self.office.fill("Full name", full_name).await?;
        self.office.fill("Username", login).await?;
        self.office.press("Create account").await?;
        self.office
            .arrives_at(&format!("Temp password of {full_name}"))
            .await?;
        let temp = self.office.raw().find(By::Css("#temp-password")).await?;
        Ok(temp.text().await?.trim().to_owned())
    }

    /// From a page that leads to all accounts.
    pub async fn opens_the_account(&self, full_name: &str) -> Result<()> {
        self.office.press("All accounts").await?;
        self.office
            .press(&format!("Open the account of {full_name}"))
            .await?;
        self.office.arrives_at(full_name).await
    }

    /// On the page of the account.
    pub async fn deactivates(&self, full_name: &str) -> Result<()> {
        self.office.press("Deactivate").await?;
        self.office
            .arrives_at(&format!("Deactivate {full_name}?"))
            .await?;
        self.office.press("Deactivate").await?;
        self.office.arrives_at(full_name).await?;
        self.office.sees("Reactivate").await
    }

    /// Chooses a file with this text on the page of the import, and sends it.
    pub async fn imports(&self, csv: &str) -> Result<()> {
        let file = tempfile::Builder::new().suffix(".csv").tempfile()?;
        std::fs::write(file.path(), csv)?;
        let path = file.path().to_str().context("a temporary path")?;
        self.office.field("File").await?.send_keys(path).await?;
        self.office.press("Import").await?;
        self.office.arrives_at("Import report").await
    }
}

/// Changes the temp password in the main application, in the same browser as the tablet's, and comes back.
pub async fn changes_the_password(
    nurse: &Nurse,
    whole: &Whole,
    login: &str,
    temp: &str,
    new: &str,
) -> Result<()> {
    nurse.tablet.go(&whole.url("/main/")).await?;
    chooses_a_password(nurse, login, temp, new).await
}

/// The same from the main application's sign-in page.
pub async fn chooses_a_password(nurse: &Nurse, login: &str, temp: &str, new: &str) -> Result<()> {
    let tablet = &nurse.tablet;
    tablet.fill("Username", login).await?;
    tablet.fill("Password", temp).await?;
    tablet.press("Sign in").await?;
    tablet.arrives_at("Choose a new password").await?;
    tablet.fill("New password", new).await?;
    tablet.fill("New password again", new).await?;
    tablet.press("Change password").await?;
    tablet.arrives_at("Your password has been changed").await?;
    tablet.press("Back to Mobile Assessments").await?;
    tablet.arrives_at("Sign in").await
}
