//! Who is not known, or has no active access, is told so, and what the agency has to do.

use anyhow::{Result, ensure};
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Nurse, S3, SAMPLE_PASSWORD};

in_every_engine!(without_access_there_is_the_critical_error_and_the_access_request);

async fn without_access_there_is_the_critical_error_and_the_access_request(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    for login in ["inactive1", "nosuchuser"] {
        nurse.is_refused(login, SAMPLE_PASSWORD, S3).await?;
        nurse
            .tablet
            .sees("The agency must submit an Access Request")
            .await?;
        let link = nurse
            .tablet
            .raw()
            .find(thirtyfour::By::LinkText("Access Request"))
            .await?;
        let address = link.attr("href").await?.unwrap_or_default();
        ensure!(address.starts_with("http"), "the link leads to {address:?}");
    }
    nurse.tablet.close().await
}
