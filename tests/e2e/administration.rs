//! An account from its creation to its end: a supervisor makes and ends it, its user works with it in between.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{NEW_PASSWORD, Nurse, S3, Supervisor, changes_the_password};

in_every_engine!(an_account_is_created_used_and_ended);

async fn an_account_is_created_used_and_ended(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let supervisor = Supervisor::signs_in(&whole).await?;
    supervisor.office.press("New account").await?;
    supervisor.office.arrives_at("New account").await?;
    let temp = supervisor.creates("Test Newcomer One", "newcomer1").await?;
    // It is shown this once.
    supervisor.opens_the_account("Test Newcomer One").await?;
    assert!(!supervisor.office.text().await?.contains(&temp));

    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("newcomer1", &temp).await?;
    nurse
        .tablet
        .sees("Offline sign-in on this tablet starts after you have changed it")
        .await?;
    nurse.signs_out().await?;
    changes_the_password(&nurse, &whole, "newcomer1", &temp, NEW_PASSWORD).await?;
    nurse.gets_in("newcomer1", NEW_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.signs_out().await?;

    supervisor.deactivates("Test Newcomer One").await?;
    nurse.is_refused("newcomer1", NEW_PASSWORD, S3).await?;
    supervisor.office.close().await?;
    nurse.tablet.close().await
}
