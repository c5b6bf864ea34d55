//! Clients, assignments and forms, and the numbering of their changes that tablets follow.

use std::collections::BTreeSet;

use protocol::{Client, ClientId, FormDefinition, FormRef, UserId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Connection, Result, id};

/// The number of the newest change.
pub async fn last_change(connection: &mut Connection) -> Result<i64> {
    sqlx::query_scalar("SELECT last FROM changes WHERE id = 1")
        .fetch_one(connection)
        .await
}

/// Takes the number of a further change.
pub(super) async fn next_change(connection: &mut Connection) -> Result<i64> {
    sqlx::query_scalar("UPDATE changes SET last = last + 1 WHERE id = 1 RETURNING last")
        .fetch_one(connection)
        .await
}

pub async fn put_client(connection: &mut Connection, client: &Client) -> Result<()> {
    let change = next_change(connection).await?;
    sqlx::query(
        "INSERT INTO clients (client_id, full_name, birth_date, address, phone, due, change) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (client_id) DO UPDATE SET \
         full_name = excluded.full_name, birth_date = excluded.birth_date, address = excluded.address, \
         phone = excluded.phone, due = excluded.due, change = excluded.change",
    )
    .bind(client.id.to_string())
    .bind(client.full_name.as_str())
    .bind(client.birth_date.as_str())
    .bind(client.address.as_str())
    .bind(client.phone.as_str())
    .bind(client.due.clone())
    .bind(change)
    .execute(connection)
    .await
    .map(drop)
}

pub async fn set_assigned(
    connection: &mut Connection,
    client: ClientId,
    user: UserId,
    assigned: bool,
) -> Result<()> {
    let change = next_change(connection).await?;
    sqlx::query(
        "INSERT INTO assignments (client_id, user_id, assigned, change) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (client_id, user_id) DO UPDATE SET assigned = excluded.assigned, change = excluded.change",
    )
    .bind(client.to_string())
    .bind(user.to_string())
    .bind(i64::from(assigned))
    .bind(change)
    .execute(connection)
    .await
    .map(drop)
}

pub async fn was_ever_assigned(connection: &mut Connection, client: ClientId, user: UserId) -> Result<bool> {
    let found: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM assignments WHERE client_id = $1 AND user_id = $2")
            .bind(client.to_string())
            .bind(user.to_string())
            .fetch_one(connection)
            .await?;
    Ok(found > 0)
}

/// The user's clients that are new or changed after `cursor`, by name.
pub async fn assigned_after(connection: &mut Connection, user: UserId, cursor: i64) -> Result<Vec<Client>> {
    sqlx::query(
        "SELECT c.* FROM clients c JOIN assignments a ON a.client_id = c.client_id \
         WHERE a.user_id = $1 AND a.assigned = 1 AND (a.change > $2 OR c.change > $2) ORDER BY c.full_name, c.client_id",
    )
    .bind(user.to_string())
    .bind(cursor)
    .fetch_all(connection)
    .await?
    .iter()
    .map(read_client)
    .collect()
}

pub async fn unassigned_after(
    connection: &mut Connection,
    user: UserId,
    cursor: i64,
) -> Result<Vec<ClientId>> {
    sqlx::query_scalar::<_, String>(
        "SELECT client_id FROM assignments WHERE user_id = $1 AND assigned = 0 AND change > $2 ORDER BY client_id",
    )
    .bind(user.to_string())
    .bind(cursor)
    .fetch_all(connection)
    .await?
    .iter()
    .map(|text| id(text, "client_id"))
    .collect()
}

/// Publishes a form. `(url, version)` names one text for ever: `false` says that there is another text of that name.
pub async fn publish_form(connection: &mut Connection, form: &FormDefinition) -> Result<bool> {
    let text = form.questionnaire.to_string();
    let known: Option<String> =
        sqlx::query_scalar("SELECT questionnaire FROM forms WHERE url = $1 AND version = $2")
            .bind(form.url.as_str())
            .bind(form.version.as_str())
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(known) = known {
        return Ok(known == text);
    }
    let change = next_change(connection).await?;
    sqlx::query("INSERT INTO forms (url, version, title, questionnaire, change) VALUES ($1, $2, $3, $4, $5)")
        .bind(form.url.as_str())
        .bind(form.version.as_str())
        .bind(form.title.as_str())
        .bind(text)
        .bind(change)
        .execute(connection)
        .await?;
    Ok(true)
}

/// The newest version, by when it was published, of each form that is new or changed after `cursor`.
pub async fn forms_after(connection: &mut Connection, cursor: i64) -> Result<Vec<FormDefinition>> {
    sqlx::query(
        "SELECT * FROM forms f WHERE change > $1 \
         AND NOT EXISTS (SELECT 1 FROM forms newer WHERE newer.url = f.url AND newer.change > f.change) ORDER BY title, url",
    )
    .bind(cursor)
    .fetch_all(connection)
    .await?
    .iter()
    .map(read_form)
    .collect()
}

/// Those of the forms that a newer version has replaced, each once.
pub async fn former_forms<'f>(
    connection: &mut Connection,
    named: impl Iterator<Item = &'f FormRef>,
) -> Result<Vec<FormDefinition>> {
    let named: BTreeSet<(&str, &str)> = named
        .map(|form| (form.url.as_str(), form.version.as_str()))
        .collect();
    let mut former = Vec::new();
    for (url, version) in named {
        let row = sqlx::query(
            "SELECT * FROM forms f WHERE url = $1 AND version = $2 \
             AND EXISTS (SELECT 1 FROM forms newer WHERE newer.url = f.url AND newer.change > f.change)",
        )
        .bind(url)
        .bind(version)
        .fetch_optional(&mut *connection)
        .await?;
        former.extend(row.as_ref().map(read_form).transpose()?);
    }
    Ok(former)
}

fn read_form(row: &AnyRow) -> Result<FormDefinition> {
    let text: &str = row.try_get("questionnaire")?;
    Ok(FormDefinition {
        url: row.try_get("url")?,
        version: row.try_get("version")?,
        title: row.try_get("title")?,
        questionnaire: serde_json::from_str(text).map_err(|error| sqlx::Error::ColumnDecode {
            index: "questionnaire".into(),
            source: Box::new(error),
        })?,
    })
}

fn read_client(row: &AnyRow) -> Result<Client> {
    Ok(Client {
        id: id(row.try_get("client_id")?, "client_id")?,
        full_name: row.try_get("full_name")?,
        birth_date: row.try_get("birth_date")?,
        address: row.try_get("address")?,
        phone: row.try_get("phone")?,
        due: row.try_get("due")?,
    })
}
