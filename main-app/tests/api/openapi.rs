//! `docs/openapi.json` is what the code says, and is served.

use crate::support::{Server, get};

#[tokio::test]
async fn the_description_is_up_to_date_and_served() {
    let generated = main_app::openapi().to_pretty_json().unwrap() + "\n";
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == generated,
        "docs/openapi.json is out of date: run cargo xtask openapi"
    );

    let server = Server::start().await;
    let served = get(&server.router, "/api/openapi.json").await.json();
    assert_eq!(
        served,
        serde_json::from_str::<serde_json::Value>(&generated).unwrap()
    );
    for path in [
        "/api/sign-in",
        "/api/sync",
        "/api/settings",
        "/api/tablet",
        "/api/openapi.json",
        "/health",
    ] {
        assert!(served["paths"].get(path).is_some(), "{path}");
    }
}
