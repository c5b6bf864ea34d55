//! A tablet that was reported lost says so to whoever holds it, keeps what is on it, and sends it once it is allowed again.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Nurse, SAMPLE_PASSWORD, Supervisor};

in_every_engine!(a_revoked_tablet_says_so_and_loses_nothing);

async fn a_revoked_tablet_says_so_and_loses_nothing(engine: Engine) -> Result<()> {
    const REPORTED: &str =
        "This tablet was reported lost. Ask the helpdesk to allow it again. Nothing stored here is lost.";
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.sees_a_client().await?;
    nurse.signs_out().await?;
    whole.stop().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", "Home care intake").await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_caseload().await?;
    nurse.signs_out().await?;

    whole.start_again().await?;
    let supervisor = Supervisor::signs_in(&whole).await?;
    let office = &supervisor.office;
    office.press("Open the account of Test Field One").await?;
    office.press_at("main a[href*='revoke-tablet']").await?;
    office.press("Revoke tablet").await?;
    office.sees("· revoked").await?;

    nurse.types("field1", "wrong").await?;
    nurse.tablet.sees(REPORTED).await?;
    nurse.tablet.is_accessible().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees(REPORTED).await?;
    nurse.mark_says("1 waiting").await?;
    nurse.signs_out().await?;

    office.press_at("main a[href*='allow-tablet']").await?;
    office.press_at("main form button").await?;
    office.sees("Revoke tablet").await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    assert!(!nurse.tablet.text().await?.contains(REPORTED));
    nurse.opens("Testcase Amber", "Home care intake").await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    supervisor.office.close().await?;
    nurse.tablet.close().await
}
