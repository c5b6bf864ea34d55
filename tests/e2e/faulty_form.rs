//! A rule of the form that the answers cannot meet keeps nobody from finishing: it is overridden with a reason, and the
//! assessment says who did so and why.

use anyhow::Result;
use journeys::Whole;

use crate::people::{Nurse, SAMPLE_PASSWORD};

#[tokio::test]
async fn a_rule_of_the_form_is_overridden_with_a_reason() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", "Home care intake").await?;
    nurse.tablet.sees("Visit and identity check").await?;
    nurse.picks("visit-date", "2026-11-20").await?;
    nurse.goes_to_section("Mobility and falls").await?;
    nurse.chooses("fell", "Yes").await?;
    nurse.picks("fall-last", "2026-11-21").await?;
    nurse.tablet.sees("The fall is not later than the visit.").await?;

    nurse.goes_to_the_end_by_the_list().await?;
    nurse.tablet.sees("Rules of the form that are not met").await?;
    nurse.tablet.is_accessible().await?;
    nurse.tablet.press("Leave as it is").await?;
    nurse.tablet.sees("Say why this can stay as it is.").await?;
    nurse.tablet.fill("Reason", "She fell after I had left.").await?;
    nurse.tablet.press("Leave as it is").await?;
    nurse
        .tablet
        .sees_no_more("Rules of the form that are not met")
        .await?;
    nurse.tablet.sees("She fell after I had left.").await?;
    nurse.sees_it_saved().await?;

    // It is kept with the assessment.
    nurse.goes_to_the_caseload().await?;
    nurse.opens("Testcase Amber", "Home care intake").await?;
    nurse.goes_to_the_end_by_the_list().await?;
    nurse.tablet.sees("Rules left as they are").await?;
    nurse.tablet.sees("She fell after I had left.").await?;
    nurse.tablet.close().await
}
