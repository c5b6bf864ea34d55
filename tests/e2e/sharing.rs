//! Two users on one tablet, and one user on two tablets.

use anyhow::Result;
use journeys::Whole;

use crate::people::{Nurse, S1, SAMPLE_PASSWORD};

const INTAKE: &str = "Home care intake";
const MARKER: &str = "Quokkan-7f3kz";

#[tokio::test]
async fn two_users_share_a_tablet_and_neither_sees_or_loses_the_others_work() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.sees_a_client().await?;
    nurse.signs_out().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees("Testcase Amber").await?;
    whole.stop().await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.writes("language", MARKER).await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_caseload().await?;
    nurse.signs_out().await?;

    // The other's password opens neither, and the other sees none of it.
    nurse.is_refused("field2", "not-the-password", S1).await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.tablet.sees("Testcase Fern").await?;
    for theirs in ["Testcase Amber", MARKER] {
        assert!(!nurse.tablet.text().await?.contains(theirs), "{theirs}");
    }
    nurse.tablet.sees("1 waiting").await?;
    nurse.signs_out().await?;

    // What the first has left goes out with whoever signs in with a network.
    whole.start_again().await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.signs_out().await?;
    whole.stop().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.opens("Testcase Amber", INTAKE).await?;
    assert_eq!(nurse.reads("language").await?, MARKER);
    nurse.tablet.close().await
}

#[tokio::test]
async fn one_user_works_on_two_tablets_and_both_open_offline() -> Result<()> {
    let mut whole = Whole::start().await?;
    let tablets = [
        Nurse::with_new_tablet(&whole).await?,
        Nurse::with_new_tablet(&whole).await?,
    ];
    for nurse in &tablets {
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        nurse.sees_a_client().await?;
        nurse.signs_out().await?;
    }
    whole.stop().await?;
    for (nurse, word) in tablets.iter().zip(["First", "Second"]) {
        nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
        nurse.starts("Testcase Amber", INTAKE).await?;
        nurse.chooses("interpreter", "Yes").await?;
        nurse.writes("language", word).await?;
        nurse.sees_it_saved().await?;
    }
    whole.start_again().await?;
    for (nurse, word) in tablets.iter().zip(["First", "Second"]) {
        nurse.goes_to_the_outbox().await?;
        nurse.tablet.press("Send now").await?;
        nurse.mark_says("Online · all sent").await?;
        nurse.goes_to_the_caseload().await?;
        nurse.opens("Testcase Amber", INTAKE).await?;
        assert_eq!(nurse.reads("language").await?, word);
    }
    for nurse in tablets {
        nurse.tablet.close().await?;
    }
    Ok(())
}
