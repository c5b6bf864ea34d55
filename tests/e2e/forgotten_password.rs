//! Case B: a password forgotten in the field, with half an intake and a signed assessment on the tablet. The app leads
//! through the steps and knows which is next, the helpdesk is in a second window, and nothing is lost.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Clerk, NEW_PASSWORD, Nurse, S1, SAMPLE_PASSWORD, chooses_a_password};
use crate::tricks::run;

const INTAKE: &str = "Home care intake";
const REQUEST: &str = "Ask the helpdesk for a new password";
const CALL: &str = "Answer the helpdesk's call";
const CONNECT: &str = "Connect this tablet to a network";
const CHANGE: &str = "Sign in to the main application with the temp password";
const BACK: &str = "Sign in here with your new password";
const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";

in_every_engine!(a_forgotten_password_loses_nothing);

async fn a_forgotten_password_loses_nothing(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let clerk = Clerk::signs_in(&whole).await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    let client = nurse.sees_a_client().await?;

    // Half of an intake, and a whole PHQ-9.
    nurse.starts(&client, INTAKE).await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.writes("language", "Portuguese").await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_caseload().await?;
    nurse.starts(&client, PHQ9).await?;
    nurse.answers_the_phq9().await?;
    nurse.tablet.sees("Mild depression (5 to 9)").await?;
    whole.stop().await?;
    nurse.signs_it().await?;

    // In a house without a network, the tablet started anew.
    nurse.tablet.reload().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    for count in 1..=5 {
        nurse.is_refused("field1", "not-my-password", S1).await?;
        nurse
            .tablet
            .sees("Nobody is locked out on this tablet while offline.")
            .await?;
        if count >= 3 {
            nurse.tablet.sees("get a new one").await?;
        }
    }
    // Still in the field, the request: what cannot be worked is sent back, the rest is read out over the phone.
    nurse.tablet.press("get a new one").await?;
    nurse.stands_at(REQUEST).await?;
    nurse.tablet.sees("You are not locked out.").await?;
    nurse.asks_for_a_new_password("Test", "", "010-0199").await?;
    nurse.tablet.press("Read it out").await?;
    nurse.tablet.sees("Enter first and last name.").await?;
    nurse.tablet.sees("Enter the name of the agency.").await?;
    nurse.tablet.sees("Add the area code").await?;
    nurse
        .asks_for_a_new_password("Test Field One", "Sample Home Care", "(555) 010-0199")
        .await?;
    nurse.tablet.press("Read it out").await?;
    nurse.tablet.sees("555 010 0199").await?;
    nurse.tablet.press("I have read it out").await?;
    nurse.stands_at(CALL).await?;
    nurse.tablet.sees("Requested today at").await?;

    // The tablet is started anew, and knows where it was.
    nurse.tablet.reload().await?;
    nurse.stands_at(CALL).await?;
    nurse.tablet.press("Back to sign-in").await?;
    nurse.tablet.sees("Your new password, step 2 of 5").await?;

    // Meanwhile the password comes back to mind: what is not answered by the main application ends nothing.
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees(PHQ9).await?;
    nurse.goes_to_the_caseload().await?;
    nurse.opens(&client, INTAKE).await?;
    nurse.finds_chosen("identity", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, "Portuguese");
    nurse.chooses("present", "The client").await?;
    nurse.sees_it_saved().await?;
    nurse.signs_out().await?;

    // The helpdesk resets. The old password is refused online, and still opens where nothing has been heard of the reset.
    whole.start_again().await?;
    let clerk = clerk.signs_in_again(&whole).await?;
    let temp = clerk.resets("field1").await?;
    nurse.is_refused("field1", SAMPLE_PASSWORD, S1).await?;
    whole.stop().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees("waiting").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.tablet.sees(INTAKE).await?;
    nurse.signs_out().await?;

    // The helpdesk has called. The step that waits for the network ticks itself.
    nurse.tablet.press("Show all steps").await?;
    nurse.stands_at(CALL).await?;
    nurse.tablet.press("I have a temp password").await?;
    nurse.stands_at(CONNECT).await?;
    whole.start_again().await?;
    nurse.stands_at(CHANGE).await?;
    nurse.tablet.sees("This tablet is connected.").await?;

    // The temp password is changed in the main application: the app has sent the user there, and claims no more.
    nurse.tablet.press("Open the main application").await?;
    chooses_a_password(&nurse, "field1", &temp, NEW_PASSWORD).await?;
    nurse
        .tablet
        .sees(&format!("Your new password, step 5 of 5: {BACK}"))
        .await?;
    nurse.tablet.press("Show all steps").await?;
    nurse.stands_at(BACK).await?;
    nurse
        .tablet
        .sees("You opened the main application today at")
        .await?;
    let heard = nurse.hears_of_the_steps().await?;
    assert_eq!(heard, ["(done)", "(done)", "(done)", "(not confirmed yet)", ""]);
    nurse.tablet.press("Go to sign-in").await?;

    // Back: everything is there and is sent, and what the guide kept is erased.
    nurse.types("field1", NEW_PASSWORD).await?;
    nurse.tablet.sees("You are back").await?;
    nurse
        .tablet
        .sees("2 assessments waited and have been sent.")
        .await?;
    nurse.mark_says("Online · all sent").await?;
    let kept = run(&nurse.tablet, "return localStorage.getItem('reset-guide')").await?;
    assert!(kept.is_null(), "the guide is over: {kept}");
    nurse.tablet.press("Close this list").await?;
    nurse.tablet.sees_no_more("You are back").await?;
    nurse.goes_to_the_caseload().await?;
    nurse.tablet.sees(PHQ9).await?;
    nurse.opens(&client, INTAKE).await?;
    nurse.finds_chosen("present", "The client").await?;
    assert_eq!(nurse.reads("language").await?, "Portuguese");
    nurse.signs_out().await?;

    // And the new password, and no other, opens without a network.
    whole.stop().await?;
    for wrong in [SAMPLE_PASSWORD, &temp] {
        nurse.is_refused("field1", wrong, S1).await?;
    }
    nurse.types("field1", NEW_PASSWORD).await?;
    nurse.mark_says("Offline · all sent").await?;
    clerk.desk.close().await?;
    nurse.tablet.close().await
}
