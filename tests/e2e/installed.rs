//! The app as installed: it starts without a server, and a missing file is never mistaken for it.

use anyhow::Result;
use journeys::{Engine, Version, Whole, in_every_engine};

use crate::people::{Nurse, S1};

in_every_engine!(after_the_first_visit_the_app_starts_without_a_server);

async fn after_the_first_visit_the_app_starts_without_a_server(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    whole.stop().await?;
    for page in ["/", "/reset", "/outbox", "/settings"] {
        nurse.tablet.go(&whole.url(page)).await?;
        let heading = if page == "/reset" {
            "Forgot your password?"
        } else {
            "Sign in"
        };
        nurse.tablet.arrives_at(heading).await?;
    }
    nurse.is_refused("field1", "sample-pass-1", S1).await?;
    nurse
        .tablet
        .sees("A first sign-in or a new password needs a connection.")
        .await?;
    nurse.tablet.close().await
}

in_every_engine!(a_new_version_comes_whole_or_not_at_all_and_only_when_it_is_asked_for);

async fn a_new_version_comes_whole_or_not_at_all_and_only_when_it_is_asked_for(engine: Engine) -> Result<()> {
    const BANNER: &str = "A new version of Mobile Assessments is ready.";
    let version = Version::current()?;
    let whole = Whole::serving(version.path()).await?;
    let tablet = Nurse::with_new_tablet_in(engine, &whole).await?.tablet;
    tablet.reload().await?;
    tablet.arrives_at("Sign in").await?;

    // A deployment that broke off: the old version goes on, and nothing of the new one is left.
    version.publish("the second version")?;
    version.break_off()?;
    tablet.looks_for_an_update().await?;
    tablet.reload().await?;
    tablet.arrives_at("Sign in").await?;
    assert!(!tablet.runs("the second version").await?);
    assert_eq!(tablet.versions_kept().await?, 1);

    // Whole, it waits to be asked for, through reloads too.
    version.complete()?;
    tablet.looks_for_an_update().await?;
    tablet.sees(BANNER).await?;
    tablet.reload().await?;
    tablet.sees(BANNER).await?;
    assert!(!tablet.runs("the second version").await?);
    tablet.press("Update now").await?;
    tablet.sees_no_more(BANNER).await?;
    tablet.arrives_at("Sign in").await?;
    assert!(tablet.runs("the second version").await?);
    journeys::until("the old version is gone", || async {
        Ok((tablet.versions_kept().await? == 1).then_some(()))
    })
    .await?;
    tablet.close().await
}

#[tokio::test]
async fn a_missing_file_is_not_the_start_page() -> Result<()> {
    let whole = Whole::start().await?;
    for missing in [
        "/missing.js",
        "/kdf-worker_missing.wasm",
        "/api/missing",
        "/main/missing",
    ] {
        let reply = ureq::get(whole.url(missing))
            .config()
            .http_status_as_error(false)
            .build()
            .call()?;
        assert_eq!(reply.status(), 404, "{missing}");
    }
    Ok(())
}
