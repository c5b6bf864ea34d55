//! What a user is in the middle of when the tab dies, and what must be found afterwards: the state before, or the one after.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use thirtyfour::prelude::*;

use crate::people::{NEW_PASSWORD, Nurse, S1, SAMPLE_PASSWORD};
use crate::until;

pub const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";
/// The question whose answer is changed, its answer on the tablet, and the one that is given.
pub const QUESTION: &str = "/44250-9";
pub const OLD_ANSWER: &str = "Several days";
const NEW_ANSWER: &str = "Nearly every day";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    FirstSignIn,
    SignInAgain,
    DraftAnswer,
    ToPending,
    ToComplete,
    /// Case A, on a tablet that has a slot of the old password.
    TempPassword,
    NewPassword,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Before,
    After,
}

/// Three clients with an assessment each: half a draft, a whole draft, and a Pending one.
pub struct Clients(pub [String; 3]);

impl Step {
    /// In the order in which the main application's accounts allow them: a reset comes before the temp password.
    pub const ALL: [Self; 7] = [
        Self::FirstSignIn,
        Self::SignInAgain,
        Self::DraftAnswer,
        Self::ToPending,
        Self::ToComplete,
        Self::TempPassword,
        Self::NewPassword,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::FirstSignIn => "first sign-in, online",
            Self::SignInAgain => "sign-in online, slot there",
            Self::DraftAnswer => "an answer in a draft",
            Self::ToPending => "Draft to Pending",
            Self::ToComplete => "Pending to Complete",
            Self::TempPassword => "sign-in with a temp password",
            Self::NewPassword => "sign-in with the new password",
        }
    }

    pub fn login(self) -> &'static str {
        match self {
            Self::TempPassword | Self::NewPassword => "field2",
            _ => "field1",
        }
    }

    pub fn is_sign_in(self) -> bool {
        !matches!(self, Self::DraftAnswer | Self::ToPending | Self::ToComplete)
    }

    /// True in the page once it tells the user that the step is done.
    pub fn claim(self) -> &'static str {
        match self {
            Self::DraftAnswer => {
                "document.querySelector(\"input[data-linkid='/44250-9']:checked\")?.closest('label').innerText.trim() \
                 === 'Nearly every day' && faults.seen.some(what => what.startsWith('put')) \
                 && document.body.innerText.includes('Saved') && !document.body.innerText.includes('Saving')"
            }
            Self::ToPending => "document.body.innerText.includes('Sign and complete')",
            Self::ToComplete => "document.body.innerText.includes('Back to the caseload')",
            _ => "document.querySelector('h1')?.textContent.trim() === 'Caseload'",
        }
    }

    /// From the page "Sign in" to the moment before the step.
    pub async fn prepare(self, nurse: &Nurse, clients: &Clients) -> Result<()> {
        if self.is_sign_in() {
            return Ok(());
        }
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        nurse.opens(self.client(clients), PHQ9).await?;
        match self {
            Self::DraftAnswer => nurse.finds_chosen(QUESTION, OLD_ANSWER).await,
            // A draft opens where one was.
            Self::ToPending => {
                nurse.goes_to_the_end().await?;
                nurse.tablet.sees("Make Pending").await
            }
            _ => nurse.tablet.sees("Sign and complete").await,
        }
    }

    /// The step, until the page says that it is done.
    pub async fn act(self, nurse: &Nurse, temp: &str) -> Result<()> {
        match self {
            Self::DraftAnswer => {
                nurse.chooses(QUESTION, NEW_ANSWER).await?;
                nurse.finds_chosen(QUESTION, NEW_ANSWER).await?;
                nurse.sees_it_saved().await
            }
            Self::ToPending => {
                nurse.tablet.press("Make Pending").await?;
                nurse.tablet.sees("Sign and complete").await
            }
            Self::ToComplete => {
                nurse.tablet.press("Sign and complete").await?;
                nurse.tablet.sees("You sign as").await?;
                nurse.tablet.press("Sign and complete").await?;
                nurse.tablet.sees("Back to the caseload").await
            }
            _ => {
                let password = match self {
                    Self::TempPassword => temp,
                    Self::NewPassword => NEW_PASSWORD,
                    _ => SAMPLE_PASSWORD,
                };
                nurse.gets_in(self.login(), password).await?;
                nurse.mark_says("Online").await
            }
        }
    }

    /// Which of the two account rows this is: the one of before, byte for byte, or a whole one of after.
    pub fn judge_row(self, before: Option<&str>, now: Option<&str>) -> Result<State> {
        if before == now {
            return Ok(State::Before);
        }
        let parse = |row: Option<&str>| -> Result<Value> {
            Ok(serde_json::from_str(row.context("the account row is gone")?)?)
        };
        let now = parse(now)?;
        let epoch_of = |row: &Value| row["epoch"].as_u64().context("the account row has no epoch");
        let epoch = epoch_of(&now)?;
        ensure!(
            now["slot"].is_null() || now["slot"]["epoch"] == epoch,
            "slot and account are of different epochs"
        );
        ensure!(
            now["slot"].is_null() == (self == Self::TempPassword),
            "the account row has {} slot, and is neither the one of before nor of after",
            if now["slot"].is_null() { "no" } else { "a" }
        );
        if matches!(self, Self::TempPassword | Self::NewPassword) {
            ensure!(
                epoch != epoch_of(&parse(before)?)?,
                "the epoch is still the old one"
            );
        }
        Ok(State::After)
    }

    /// On the tablet as it was found, without a network: what state the user meets, or what is wrong.
    pub async fn look(
        self,
        nurse: &Nurse,
        row: Option<State>,
        clients: &Clients,
        temp: &str,
    ) -> Result<State> {
        let (login, old) = (self.login(), SAMPLE_PASSWORD);
        match (self, row) {
            (Self::FirstSignIn, Some(State::Before)) => nurse.is_refused(login, old, S1).await?,
            (Self::TempPassword, Some(State::After)) => {
                nurse.is_refused(login, old, S1).await?;
                nurse.is_refused(login, temp, S1).await?;
            }
            (Self::NewPassword, Some(State::After)) => {
                nurse.is_refused(login, old, S1).await?;
                nurse.gets_in(login, NEW_PASSWORD).await?;
            }
            _ => nurse.gets_in(login, old).await?,
        }
        if let (true, Some(row)) = (self.is_sign_in(), row) {
            if self == Self::SignInAgain {
                finds(nurse, clients, ["Draft", "Draft", "Pending"]).await?;
            }
            return Ok(row);
        }
        let (before, after) = match self {
            Self::ToPending => ("Draft", "Pending"),
            Self::ToComplete => ("Pending", "Complete"),
            _ => ("Draft", "Draft"),
        };
        let found = status(nurse, self.client(clients)).await?;
        ensure!(found == before || found == after, "the assessment is {found}");
        let others = clients.0.iter().zip(["Draft", "Draft", "Pending"]);
        for (client, expected) in others.filter(|(client, _)| *client != self.client(clients)) {
            ensure!(
                status(nurse, client).await? == expected,
                "the assessment of {client} is lost"
            );
        }
        if self != Self::DraftAnswer {
            return Ok(if found == after {
                State::After
            } else {
                State::Before
            });
        }
        nurse.opens(self.client(clients), PHQ9).await?;
        let chosen = "return document.querySelector(\"input[data-linkid='/44250-9']:checked\")?.closest('label')\
                      .innerText.trim() ?? null";
        let chosen = until("an answer", || async {
            let found = nurse.tablet.raw().execute(chosen, vec![]).await?;
            Ok(found.json().as_str().map(str::to_owned))
        });
        match chosen.await?.as_str() {
            OLD_ANSWER => Ok(State::Before),
            NEW_ANSWER => Ok(State::After),
            other => bail!("the answer is “{other}”, which is neither the one of before nor of after"),
        }
    }

    fn client(self, clients: &Clients) -> &str {
        let [half, whole, pending] = &clients.0;
        match self {
            Self::ToPending => whole,
            Self::ToComplete => pending,
            _ => half,
        }
    }
}

async fn finds(nurse: &Nurse, clients: &Clients, expected: [&str; 3]) -> Result<()> {
    for (client, expected) in clients.0.iter().zip(expected) {
        let found = status(nurse, client).await?;
        ensure!(found == expected, "the assessment of {client} is {found}");
    }
    Ok(())
}

/// The status of a client's assessment, as the caseload says it.
async fn status(nurse: &Nurse, client: &str) -> Result<String> {
    let row = format!("//li[.//h2[normalize-space()='{client}']]//a[contains(., '{PHQ9}')]");
    let row = until(client, || async {
        Ok(nurse.tablet.raw().find(By::XPath(&row)).await.ok())
    });
    let said = row.await.context("an assessment is lost")?.text().await?;
    let status = ["Draft", "Pending", "Complete"]
        .into_iter()
        .find(|status| said.lines().any(|line| line.trim() == *status));
    status
        .map(str::to_owned)
        .with_context(|| format!("the caseload says “{said}”"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    const OLD: &str = r#"{"epoch": 1, "slot": {"epoch": 1, "salt": "old"}}"#;
    const NEW: &str = r#"{"epoch": 2, "slot": {"epoch": 2, "salt": "new"}}"#;
    const FRESH: &str = r#"{"epoch": 1, "slot": {"epoch": 1, "salt": "new"}}"#;
    const WITHOUT: &str = r#"{"epoch": 2, "slot": null}"#;

    #[test]
    fn the_row_is_the_one_of_before_or_a_whole_one_of_after() {
        for (step, before, now, expected) in [
            (Step::FirstSignIn, None, None, State::Before),
            (Step::FirstSignIn, None, Some(FRESH), State::After),
            (Step::SignInAgain, Some(OLD), Some(OLD), State::Before),
            (Step::SignInAgain, Some(OLD), Some(FRESH), State::After),
            (Step::TempPassword, Some(OLD), Some(WITHOUT), State::After),
            (Step::NewPassword, Some(OLD), Some(NEW), State::After),
        ] {
            assert_eq!(step.judge_row(before, now).unwrap(), expected, "{step:?}");
        }
    }

    #[test]
    fn a_slot_that_is_erased_before_it_is_written_is_seen() {
        for step in [Step::SignInAgain, Step::NewPassword] {
            for now in [Some(r#"{"epoch": 1, "slot": null}"#), Some(WITHOUT), None] {
                assert!(step.judge_row(Some(OLD), now).is_err(), "{step:?} {now:?}");
            }
        }
    }

    #[test]
    fn a_slot_of_another_epoch_than_its_account_is_seen() {
        let torn = r#"{"epoch": 2, "slot": {"epoch": 1, "salt": "old"}}"#;
        assert!(Step::NewPassword.judge_row(Some(OLD), Some(torn)).is_err());
        assert!(
            Step::NewPassword.judge_row(Some(OLD), Some(FRESH)).is_err(),
            "the old epoch"
        );
    }
}
