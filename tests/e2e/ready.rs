//! "Ready for the field": the check before a nurse drives off, ready and with each thing that can be missing.

use anyhow::{Result, ensure};
use journeys::{Engine, Whole, in_every_engine};

use crate::people::{Clerk, Nurse, S1, SAMPLE_PASSWORD};
use crate::tricks::{run, run_until_done};

/// Flips a bit of every form that lies on the tablet.
const DAMAGE_THE_FORMS: &str = "const open = indexedDB.open('mobile-assessments');
    open.onsuccess = () => {
      const write = open.result.transaction('records', 'readwrite');
      write.objectStore('records').openCursor().onsuccess = event => {
        const row = event.target.result;
        if (!row) return;
        if (row.key.split('/')[1] === '3') {
          const bytes = row.value;
          bytes[bytes.length - 1] ^= 1;
          row.update(bytes);
        }
        row.continue();
      };
      write.oncomplete = () => { open.result.close(); done(true); };
    };";

/// Takes a file of the app out of the browser's cache.
const LOSE_A_FILE: &str = "caches.keys().then(async names => {
      const cache = await caches.open(names[0]);
      done(await cache.delete('/kdf-worker_loader.js'));
    });";

in_every_engine!(a_tablet_is_checked_before_it_goes_into_the_field);

async fn a_tablet_is_checked_before_it_goes_into_the_field(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    let client = nurse.sees_a_client().await?;
    tablet
        .sees("Not checked yet. Try the offline sign-in before you leave.")
        .await?;
    nurse.starts(&client, "Home care intake").await?;
    nurse.chooses("identity", "Yes").await?;
    nurse.sees_it_saved().await?;
    nurse.goes_to_the_caseload().await?;
    tablet.press_at(".cards a[href='/ready']").await?;
    tablet.arrives_at("Ready for the field").await?;

    // A wrong password: S1's words, and no lock.
    nurse.checks("not-my-password").await?;
    ensure!(tablet.alert().await? == S1);
    tablet
        .sees("Nobody is locked out on this tablet while offline.")
        .await?;

    // Everything is here: also where nothing answers.
    whole.stop().await?;
    nurse.checks(SAMPLE_PASSWORD).await?;
    tablet.sees("Ready for the field. Checked today at").await?;
    tablet
        .sees("Your password opens this tablet without a network.")
        .await?;
    tablet.sees("1 assessment, each opened.").await?;
    tablet.sees("Whole on this tablet").await?;

    // A file of the app is gone: it is missed, and fetched as soon as that can be.
    run_until_done(tablet, LOSE_A_FILE).await?;
    nurse.checks(SAMPLE_PASSWORD).await?;
    tablet.sees("Not ready yet.").await?;
    tablet.sees("1 file of it could not be fetched.").await?;
    whole.start_again().await?;
    nurse.checks(SAMPLE_PASSWORD).await?;
    tablet.sees("Ready for the field. Checked today at").await?;

    // The caseload remembers, and so does the next start. The wrong password was counted as at every offline sign-in.
    tablet.press("Caseload").await?;
    tablet.sees("Ready, checked today at").await?;
    tablet.reload().await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    tablet.sees("Ready, checked today at").await?;
    tablet.sees("1 failed attempt on this tablet today").await?;

    // Forms that do not open are named, and fetched anew.
    nurse.mark_says("Online · all sent").await?;
    run_until_done(tablet, DAMAGE_THE_FORMS).await?;
    nurse.goes_to_the_check().await?;
    nurse.checks(SAMPLE_PASSWORD).await?;
    tablet.sees("Not ready yet. ").await?;
    tablet.sees("Cannot be opened:").await?;
    tablet.press("Open the outbox").await?;
    tablet.press("Send now").await?;
    tablet.sees("Everything has been sent.").await?;
    nurse.goes_to_the_check().await?;
    nurse.checks(SAMPLE_PASSWORD).await?;
    tablet.sees("Ready for the field. Checked today at").await?;
    nurse.tablet.close().await
}

in_every_engine!(with_a_temp_password_a_tablet_is_not_ready);

async fn with_a_temp_password_a_tablet_is_not_ready(engine: Engine) -> Result<()> {
    let whole = Whole::start().await?;
    let clerk = Clerk::signs_in(&whole).await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;
    let temp = clerk.resets("field1").await?;
    nurse.gets_in("field1", &temp).await?;
    tablet
        .sees("Offline sign-in is not ready: you signed in with a temp password.")
        .await?;
    nurse.mark_says("Online · all sent").await?;
    nurse.goes_to_the_check().await?;
    tablet.press("Check now").await?;
    tablet.sees("Not ready yet. ").await?;
    tablet.sees("One thing is missing.").await?;
    tablet
        .sees("Not ready: you signed in with a temp password, and that never opens this tablet without a network.")
        .await?;
    let ways = run(
        tablet,
        "return [...document.querySelectorAll('#result a')].map(a => a.innerText.trim())",
    )
    .await?;
    ensure!(
        ways.to_string().contains("Open the main application"),
        "the way out: {ways}"
    );
    clerk.desk.close().await?;
    nurse.tablet.close().await
}
