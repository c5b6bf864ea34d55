//! A clerk's day: an e-mail that leads to two vain calls and goes back, another one that leads to a temp password, and what
//! is refused to whom.

use anyhow::{Result, ensure};
use journeys::{Browser, Engine, Whole, in_every_engine, until};
use thirtyfour::prelude::*;

use crate::people::{Clerk, Nurse, S1, SAMPLE_ANSWER, SAMPLE_PASSWORD, Supervisor};

/// As a mail program shows it: with its headers, quoted and wrapped.
const MAIL: &str = "From: Test Field Two <field2@example.org>\nTo: helpdesk@example.org\n\n\
    > Please reset my password for Mobile Assessments.\n>\n> Full name: Test Field Two\n\
    > Agency: Exampletown Home Care\n> Branch: South branch\n> Phone with area code: (555) 555-0112\n";

/// From a supervisor, with another number than the account's.
const FOR_ANOTHER: &str = "Please reset the password of this user of Mobile Assessments. I send this for the user.\n\n\
    Full name: Field One Test\nAgency: Exampletown Home Care\n\
    The user's own phone with area code: (555) 555-0199";

in_every_engine!(a_clerks_day, the_console_refuses_whom_it_is_not_for);

async fn a_clerks_day(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let clerk = Clerk::signs_in_as("helpdesk1", Browser::open_in(engine).await?, &whole).await?;
    let desk = &clerk.desk;
    desk.sees("Nobody waits").await?;

    // The first e-mail says everything. Two calls reach nobody, and it goes back.
    clerk.pastes(MAIL).await?;
    desk.sees("The e-mail has been read.").await?;
    desk.press("Save the request").await?;
    desk.sees("Call (555) 555-0112").await?;
    desk.press("Not reached").await?;
    desk.sees("One call has reached nobody.").await?;
    desk.press("Not reached").await?;
    desk.sees("Two calls reached nobody").await?;
    let letter = desk.field("Or copy its text").await?.prop("value").await?;
    let letter = letter.unwrap_or_default();
    ensure!(
        letter.contains("Please send a new request when Test Field Two is available"),
        "{letter}"
    );
    let link = desk.raw().find(By::LinkText("Write the e-mail")).await?;
    let link = link.attr("href").await?.unwrap_or_default();
    ensure!(link.starts_with("mailto:field2@example.org?subject="), "{link}");

    // The second is from a supervisor, with a name turned round: the account is suggested, the number is flagged.
    clerk.pastes(FOR_ANOTHER).await?;
    desk.press("Save the request").await?;
    desk.arrives_at("Field One Test").await?;
    desk.sees("Somebody else asked for the user").await?;
    clerk.chooses("field1").await?;
    desk.sees("The number differs from the account's").await?;
    desk.press("Reached").await?;
    clerk.hears("a budgie").await?;
    desk.sees("Does not match. 2 tries are left.").await?;
    clerk.hears(&SAMPLE_ANSWER.to_uppercase()).await?;
    desk.sees("Matches").await?;
    let temp = clerk.reads_out().await?;
    desk.sees("Case A").await?;
    desk.sees("Hyphen").await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.is_refused("field1", SAMPLE_PASSWORD, S1).await?;
    nurse.gets_in("field1", &temp).await?;
    nurse.tablet.close().await?;

    desk.press("Back to the requests").await?;
    desk.arrives_at("Helpdesk").await?;
    for line in ["Nobody waits", "Done", "Returned"] {
        desk.sees(line).await?;
    }
    ensure!(!desk.text().await?.contains(&temp), "shown once");
    desk.press("Today").await?;
    desk.sees("Received 2 Done 1 Returned 1 Waiting now 0").await?;
    clerk.desk.close().await
}

async fn the_console_refuses_whom_it_is_not_for(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let supervisor = Supervisor::signs_in_with(engine, &whole).await?;
    let office = &supervisor.office;
    for path in [
        "/main/helpdesk",
        "/main/helpdesk/new",
        "/main/helpdesk/today",
        "/main/helpdesk/accounts",
    ] {
        office.go(&whole.url(path)).await?;
        office.arrives_at("No permission").await?;
    }
    supervisor.office.close().await?;

    // A supervisor's account takes two clerks; a form of another session does nothing.
    let clerk = Clerk::signs_in_as("helpdesk1", Browser::open_in(engine).await?, &whole).await?;
    clerk.validates("supervisor1").await?;
    clerk.desk.sees("a second clerk has to agree").await?;
    clerk.desk.press("Ask a second clerk").await?;
    clerk.desk.sees("You have asked for a second clerk").await?;
    let second = Clerk::signs_in_as("helpdesk2", Browser::open().await?, &whole).await?;
    second.desk.sees("A second clerk is asked for").await?;
    second.desk.press("Test Supervisor One").await?;
    second.desk.sees("Test Helpdesk One asks you to agree").await?;
    second
        .desk
        .raw()
        .execute(
            "document.querySelectorAll('main input[name=token]').forEach(input => { input.value = 'x'.repeat(43); })",
            vec![],
        )
        .await?;
    second.desk.press("Agree").await?;
    second.desk.arrives_at("This page was out of date").await?;
    second.desk.go(&whole.url("/main/helpdesk/requests/1")).await?;
    second.desk.press("Agree").await?;
    second
        .desk
        .sees("You have agreed. Another clerk resets the password.")
        .await?;
    second.desk.close().await?;
    until("the first clerk sees it", || async {
        clerk.desk.reload().await?;
        let text = clerk.desk.text().await?;
        Ok(text.contains("Test Helpdesk Two has agreed").then_some(()))
    })
    .await?;
    clerk.reads_out().await?;
    clerk.desk.close().await
}
