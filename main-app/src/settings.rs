//! `GET /api/settings`: what the agency configured, open to everyone, since a tablet needs it before anyone has signed in.

use axum::Json;
use axum::extract::State;
use protocol::Settings;

use crate::{Config, MainApp, OpenError};

/// Where to ask for a reset, for access and for help, and where the main application's pages are.
#[utoipa::path(
    get,
    path = "/api/settings",
    tag = "tablet",
    responses((status = 200, description = "The settings", body = Settings))
)]
pub async fn settings(State(app): State<MainApp>) -> Json<Settings> {
    Json(app.settings.clone())
}

/// The settings with the address of the pages filled in, or what is wrong with them. Empty ones stay empty.
pub fn checked(config: &Config) -> Result<Settings, OpenError> {
    let settings = &config.settings;
    let is_link = |link: &str| link.starts_with("https://") || link.starts_with("http://");
    let is_mail = |mail: &str| mail.contains('@') && !mail.contains(char::is_whitespace);
    check(
        "helpdesk e-mail",
        &settings.helpdesk_email,
        is_mail,
        "expected an e-mail address",
    )?;
    check(
        "Access Request link",
        &settings.access_request_url,
        is_link,
        "expected a link that begins with https:// or http://",
    )?;
    let is_path_or_link = |link: &str| is_link(link) || (link.starts_with('/') && !link.starts_with("//"));
    check(
        "app address",
        &config.app_url,
        is_path_or_link,
        "expected a link or a path",
    )?;
    let main_url = match &config.main_origin {
        Some(origin) => format!("{origin}/main/"),
        None => "/main/".to_owned(),
    };
    Ok(Settings {
        main_url,
        ..settings.clone()
    })
}

fn check(
    name: &'static str,
    value: &str,
    fits: impl Fn(&str) -> bool,
    expected: &'static str,
) -> Result<(), OpenError> {
    if value.is_empty() || fits(value) {
        return Ok(());
    }
    Err(OpenError::Setting {
        name,
        value: value.to_owned(),
        expected,
    })
}
