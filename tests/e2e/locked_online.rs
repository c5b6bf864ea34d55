//! Three wrong passwords lock an account online. The tablet goes on opening offline.

use anyhow::Result;
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Nurse, S1, S2, SAMPLE_PASSWORD};

in_every_engine!(the_third_wrong_password_locks_online_and_not_offline);

async fn the_third_wrong_password_locks_online_and_not_offline(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.signs_out().await?;
    nurse.is_refused("field2", "wrong-1", S1).await?;
    nurse.is_refused("field2", "wrong-2", S1).await?;
    nurse.is_refused("field2", "wrong-3", S2).await?;
    nurse.is_refused("field2", SAMPLE_PASSWORD, S2).await?;
    whole.stop().await?;
    nurse.gets_in("field2", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Offline · all sent").await?;
    nurse.tablet.close().await
}
