//! One assessment after another in one sitting.

use anyhow::Result;
use journeys::Whole;

use crate::people::{Nurse, SAMPLE_PASSWORD};

#[tokio::test]
async fn one_assessment_is_begun_after_another() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    for client in ["Testcase Amber", "Testcase Birch", "Testcase Amber"] {
        nurse.starts(client, "Home care intake").await?;
        nurse.tablet.sees("Visit and identity check").await?;
        nurse.chooses("identity", "Yes").await?;
        nurse.sees_it_saved().await?;
        nurse.goes_to_the_caseload().await?;
    }
    nurse.tablet.close().await
}
