//! Case B: a password forgotten in the field, with half an intake and a signed assessment on the tablet. Nothing is lost.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Clerk, NEW_PASSWORD, Nurse, S1, SAMPLE_PASSWORD, changes_the_password};

const INTAKE: &str = "Home care intake";
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

    // The temp password is changed in the main application, and everything is there and is sent.
    whole.start_again().await?;
    changes_the_password(&nurse, &whole, "field1", &temp, NEW_PASSWORD).await?;
    nurse.types("field1", NEW_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
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
