//! One assessment after another in one sitting.

use anyhow::Result;
use journeys::{Whole, until};
use serde_json::{Value, json};

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

/// A form may be published anew while an assessment is being filled in: that one keeps its questions, and says so.
#[tokio::test]
async fn a_draft_keeps_the_version_of_the_form_that_it_was_begun_with() -> Result<()> {
    const PHQ9: &str = "Patient Health Questionnaire (PHQ-9)";
    const OLD: &str = "Begun with version 1.0 of this form; new assessments use version 2.0.";
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.starts("Testcase Amber", PHQ9).await?;
    nurse.chooses("/44250-9", "Several days").await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_caseload().await?;

    let mut newer: Value = serde_json::from_str(include_str!("../../forms/phq-9.json"))?;
    newer["version"] = json!("2.0");
    newer["item"] = json!([{ "linkId": "new", "type": "boolean", "text": "Is this the new question?", "required": true }]);
    whole.publishes(&newer)?;
    nurse.goes_to_the_outbox().await?;
    tablet.press("Send now").await?;
    nurse.goes_to_the_caseload().await?;

    // As soon as the newer one has come.
    until(OLD, || async {
        nurse.opens("Testcase Amber", PHQ9).await?;
        tablet.arrives_at(PHQ9).await?;
        if tablet.text().await?.contains(OLD) {
            return Ok(Some(()));
        }
        nurse.goes_to_the_caseload().await?;
        Ok(None)
    })
    .await?;
    nurse.finds_chosen("/44250-9", "Several days").await?;
    nurse.answers_the_phq9().await?;
    nurse.signs_it().await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.goes_to_the_caseload().await?;

    nurse.starts("Testcase Amber", PHQ9).await?;
    tablet.sees("Is this the new question?").await?;
    nurse.chooses("new", "Yes").await?;
    assert!(!tablet.text().await?.contains("Begun with version"));
    nurse.tablet.close().await
}
