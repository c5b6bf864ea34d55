//! Failed attempts while offline are shown to the user concerned, once, and to nobody else.

use anyhow::Result;
use journeys::Whole;

use crate::people::{Nurse, S1, SAMPLE_PASSWORD};

#[tokio::test]
async fn failed_offline_attempts_are_shown_once_to_the_user_concerned() -> Result<()> {
    const TWO: &str = "2 failed attempts on this tablet since";
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    for login in ["field2", "field1"] {
        nurse.gets_in(login, SAMPLE_PASSWORD).await?;
        nurse.signs_out().await?;
    }
    whole.stop().await?;
    nurse.is_refused("field1", "not-the-password", S1).await?;
    nurse.is_refused("Field1 ", "not-the-password", S1).await?;

    // Somebody else signs in first, online: the attempts are reported, and none of their business.
    whole.start_again().await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    assert!(!nurse.tablet.text().await?.contains("failed attempt"));
    nurse.signs_out().await?;

    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees(TWO).await?;
    nurse.tablet.sees("If it was not you, tell the helpdesk.").await?;
    nurse.tablet.is_accessible().await?;
    nurse.signs_out().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.sees_a_client().await?;
    assert!(!nurse.tablet.text().await?.contains("failed attempt"));
    nurse.tablet.close().await
}
