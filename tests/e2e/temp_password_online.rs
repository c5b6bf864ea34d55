//! Case A: the temp password signs in to Mobile Assessments online, without a prompt, and never offline.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Clerk, Nurse, S1, SAMPLE_PASSWORD};

in_every_engine!(a_temp_password_works_online_and_not_offline);

async fn a_temp_password_works_online_and_not_offline(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let clerk = Clerk::signs_in(&whole).await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    let temp = clerk.resets("field1").await?;

    nurse.gets_in("field1", &temp).await?;
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
    clerk.desk.close().await?;
    nurse.tablet.close().await
}
