//! Clients, assignments and forms.

use protocol::{Client, ClientId, FormDefinition, UserId};
use serde_json::{Value, json};

use crate::MainApp;
use crate::fault::Fault;
use crate::store::audit::{self, Action, Entry};
use crate::store::{self, Connection};

/// Adds a client, or puts new data in place of the old.
pub async fn put_client(app: &MainApp, client: &Client) -> Result<(), Fault> {
    let mut tx = app.store.write().await?;
    store::caseload::put_client(&mut tx, client).await?;
    Ok(tx.commit().await?)
}

/// Assigns a client to a user, or ends that.
pub async fn set_assigned(
    app: &MainApp,
    actor: Option<UserId>,
    client: ClientId,
    user: UserId,
    assigned: bool,
) -> Result<(), Fault> {
    let mut tx = app.store.write().await?;
    assign(&mut tx, actor, client, user, assigned, app.now()).await?;
    Ok(tx.commit().await?)
}

pub(crate) async fn assign(
    connection: &mut Connection,
    actor: Option<UserId>,
    client: ClientId,
    user: UserId,
    assigned: bool,
    now: i64,
) -> Result<(), Fault> {
    store::caseload::set_assigned(connection, client, user, assigned).await?;
    let entry = Entry {
        at: now,
        actor,
        action: if assigned {
            Action::ClientAssigned
        } else {
            Action::ClientUnassigned
        },
        subject: Some(user),
        detail: json!({ "client": client }),
    };
    Ok(audit::add(connection, entry).await?)
}

/// A Questionnaire as it is published; an error names what it lacks.
pub fn form(questionnaire: Value) -> Result<FormDefinition, &'static str> {
    let part = |name: &'static str| {
        let text = questionnaire.get(name).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or(name)
    };
    if part("resourceType")? != "Questionnaire" {
        return Err("resourceType");
    }
    Ok(FormDefinition {
        url: part("url")?,
        version: part("version")?,
        title: part("title")?,
        questionnaire,
    })
}

/// Publishes a form; `false`: another text has this url and version, and stays.
pub async fn publish_form(app: &MainApp, form: &FormDefinition) -> Result<bool, Fault> {
    let mut tx = app.store.write().await?;
    let published = publish(&mut tx, form, app.now()).await?;
    tx.commit().await?;
    Ok(published)
}

pub(crate) async fn publish(
    connection: &mut Connection,
    form: &FormDefinition,
    now: i64,
) -> Result<bool, Fault> {
    let published = store::caseload::publish_form(connection, form).await?;
    if published {
        let entry = Entry {
            at: now,
            actor: None,
            action: Action::FormPublished,
            subject: None,
            detail: json!({ "url": form.url, "version": form.version }),
        };
        audit::add(connection, entry).await?;
    }
    Ok(published)
}
