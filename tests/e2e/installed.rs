//! The app as installed: it starts without a server, and a missing file is never mistaken for it.

use anyhow::Result;
use journeys::Whole;

use crate::people::{Nurse, S1};

#[tokio::test]
async fn after_the_first_visit_the_app_starts_without_a_server() -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
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
