//! The tab dies in the middle of a sign-in or of a save: what was before is there, or what comes after, and never anything
//! between. Every write asks for strict durability, which a kill cannot tell from a relaxed one, so that is read back.

use anyhow::{Result, ensure};
use journeys::killed::{self, hook};
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Nurse, SAMPLE_PASSWORD};

/// `cargo xtask faults` runs twenty times as many.
const ROUNDS: usize = 25;

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the tally says what was tried")]
async fn a_killed_tab_leaves_the_state_before_or_after_and_loses_nothing_that_was_called_saved() -> Result<()>
{
    let tally = killed::run(ROUNDS).await?;
    println!("{tally}");
    ensure!(tally.rounds() == ROUNDS, "only {} rounds ran", tally.rounds());
    tally.is_clean()
}

in_every_engine!(every_write_of_sign_in_and_save_is_strict);

async fn every_write_of_sign_in_and_save_is_strict(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    hook::install(&nurse.tablet).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    let client = nurse.sees_a_client().await?;
    nurse
        .starts(&client, "Patient Health Questionnaire (PHQ-9)")
        .await?;
    nurse.answers_the_phq9().await?;
    nurse.sees_it_saved().await?;
    nurse.signs_it().await?;
    nurse.mark_says("Online · all sent").await?;
    let durabilities = hook::durabilities(&nurse.tablet).await?;
    ensure!(
        durabilities.len() > 10,
        "only {} writes were seen",
        durabilities.len()
    );
    ensure!(
        durabilities.iter().all(|durability| durability == "strict"),
        "not every write is strict: {durabilities:?}"
    );
    nurse.tablet.close().await
}
