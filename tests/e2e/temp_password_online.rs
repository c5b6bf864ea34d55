//! Case A: the temp password signs in to Mobile Assessments online, without a prompt, and never offline. The guide knows
//! which steps the user has taken, and the helpdesk is in a second window.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Clerk, NEW_PASSWORD, Nurse, S1, SAMPLE_PASSWORD, changes_the_password};
use crate::tricks::run;

const TEMP: &str = "Sign in here with the temp password";
const CHANGE: &str = "Choose your own password in the main application";

in_every_engine!(a_temp_password_works_online_and_not_offline);

async fn a_temp_password_works_online_and_not_offline(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let clerk = Clerk::signs_in(&whole).await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    let tablet = &nurse.tablet;

    // The request, with a network.
    tablet.press("Forgot your password?").await?;
    nurse.stands_at("Ask the helpdesk for a new password").await?;
    nurse
        .asks_for_a_new_password("One, Test Field", "Sample Home Care", "555 010 0199")
        .await?;
    tablet.press("Copy the text").await?;
    tablet.sees("Once it is sent, say so below.").await?;
    nurse.stands_at("Ask the helpdesk for a new password").await?;
    tablet.press("I have sent the e-mail").await?;
    nurse.stands_at("Answer the helpdesk's call").await?;
    tablet.reload().await?;
    nurse.stands_at("Answer the helpdesk's call").await?;
    let temp = clerk.resets("field1").await?;
    tablet.press("I have a temp password").await?;
    nurse.stands_at(TEMP).await?;
    tablet.press("Go to sign-in").await?;
    tablet
        .sees(&format!("Your new password, step 3 of 5: {TEMP}"))
        .await?;

    nurse.gets_in("field1", &temp).await?;
    tablet.sees("Nothing was waiting to be sent.").await?;
    tablet.press("Close this list").await?;
    tablet.press("Menu").await?;
    tablet.press("Forgot your password?").await?;
    nurse.stands_at(CHANGE).await?;
    assert_eq!(
        nurse.hears_of_the_steps().await?,
        ["(done)", "(done)", "(done)", "", ""]
    );
    nurse.goes_to_the_caseload().await?;
    nurse
        .tablet
        .sees("Offline sign-in on this tablet starts after you have changed it")
        .await?;
    let client = nurse.sees_a_client().await?;
    nurse
        .starts(&client, "Patient Health Questionnaire (PHQ-9)")
        .await?;
    nurse.answers_the_phq9().await?;
    nurse.signs_it().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.signs_out().await?;

    whole.stop().await?;
    nurse.is_refused("field1", &temp, S1).await?;
    nurse.is_refused("field1", SAMPLE_PASSWORD, S1).await?;

    // The next sign-in to the main application asks for a new password. That it was changed, the tablet learns by a sign-in.
    whole.start_again().await?;
    changes_the_password(&nurse, &whole, "field1", &temp, NEW_PASSWORD).await?;
    let tablet = &nurse.tablet;
    tablet.press("Show all steps").await?;
    nurse.stands_at(CHANGE).await?;
    tablet.press("Back to sign-in").await?;
    nurse.gets_in("field1", NEW_PASSWORD).await?;
    tablet.sees("You are back").await?;
    let kept = run(tablet, "return localStorage.getItem('reset-guide')").await?;
    assert!(kept.is_null(), "the guide is over: {kept}");
    clerk.desk.close().await?;
    nurse.tablet.close().await
}
