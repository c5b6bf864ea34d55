//! Somebody with a password, a program of their own and a hand in the browser's storage: what the app would never write, sealed
//! under the right key.

use anyhow::{Context as _, Result};
use base64ct::{Base64, Encoding as _};
use documents::Chain;
use journeys::{Browser, Whole};
use protocol::{Change, Document, Modification, RecordId, Status, UserId};
use serde_json::{Value, json};
use vault::{Header, Sealed, kind, native};

pub struct Forger {
    user: UserId,
    device: [u8; 16],
    dk: [u8; 16],
    key: [u8; 32],
    /// The documents that the main application hands to this user.
    pub received: Vec<Document>,
}

impl Forger {
    /// Signs in past the app, in the name of the tablet, and so gets the tablet's key.
    pub async fn with(tablet: &Browser, whole: &Whole, login: &str, password: &str) -> Result<Self> {
        let device = tablet
            .raw()
            .execute("return localStorage.getItem('device')", vec![])
            .await?;
        let device = device
            .json()
            .as_str()
            .context("the tablet's id")?
            .trim_matches('"')
            .to_owned();
        let device: protocol::DeviceId = device.parse().context("an id")?;
        let id = || -> Result<RecordId> {
            let mut bytes = [0; 16];
            native::random(&mut bytes).ok().context("random bytes")?;
            Ok(RecordId::from_random(bytes))
        };
        let reply = post(
            &whole.url("/api/sign-in"),
            None,
            &json!({ "version": 1, "attempt_id": id()?, "login": login, "password": password, "device_id": device }),
        )?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("a text");
        let mut key = [0; 32];
        Base64::decode(text(&reply["data_key"]["key"])?, &mut key)
            .ok()
            .context("a key")?;
        let dk: protocol::DkId = text(&reply["data_key"]["id"])?.parse()?;
        let news = post(
            &whole.url("/api/sync"),
            Some(&text(&reply["token"])?),
            &json!({ "version": 1, "request_id": id()?, "device_id": device, "app_version": "forger", "records": [], "waiting": 0 }),
        )?;
        Ok(Self {
            user: text(&reply["user_id"])?.parse()?,
            device: *device.as_bytes(),
            dk: *dk.as_bytes(),
            key,
            received: news.get("documents").map_or(Ok(Vec::new()), |documents| {
                serde_json::from_value(documents.clone())
            })?,
        })
    }

    /// The colleague's document, taken back to a draft under the forger's name. Its chain fits.
    pub fn as_own_draft(&self, theirs: &Document) -> Document {
        let mut forged = documents::copy(theirs, theirs.id, self.user, "Forger", theirs.modified_at);
        let mut chain = Chain::begin(forged.id);
        chain.extend(&forged.history);
        forged.history_head = Some(chain.head());
        forged
    }

    /// A document of the forger's own, with an entry that was written in afterwards.
    pub fn with_a_bent_history(&self, theirs: &Document) -> Document {
        let mut forged = self.as_own_draft(theirs);
        let mut id = *forged.id.as_bytes();
        id[0] ^= 1;
        forged.id = RecordId::from_bytes(id);
        forged.status = Status::Draft;
        forged.history.push(Modification {
            by: self.user,
            at: forged.modified_at,
            change: Change::Created,
        });
        forged
    }

    /// Puts it where the app keeps what waits to be sent.
    pub async fn leaves(&self, tablet: &Browser, forged: &Document) -> Result<()> {
        let row = json!({
            "record_id": forged.id, "user_id": self.user, "dk_id": protocol::DkId::from_bytes(self.dk), "rev": 100,
            "sha256": Base64::encode_string(&[0; 32]), "at": forged.modified_at, "delivery": { "state": "waiting" },
        });
        self.puts(
            tablet,
            kind::DOCUMENT,
            forged.id,
            &serde_json::to_value(forged)?,
            Some(row),
        )
        .await
    }

    /// Puts a caseload of so many clients where the app keeps the fetched one.
    pub async fn fills_the_caseload(&self, tablet: &Browser, count: u16) -> Result<()> {
        let clients: Vec<Value> = (0..count)
            .map(|number| {
                let mut id = [9; 16];
                id[..2].copy_from_slice(&number.to_be_bytes());
                json!({
                    "id": RecordId::from_bytes(id), "full_name": format!("Testcase Number{number:04}"),
                    "birth_date": "1940-03-12", "address": "1 Sample Street, Exampletown", "phone": "555-0100",
                    "due": "2026-12-24",
                })
            })
            .collect();
        let caseload = json!({ "clients": clients, "forms": [], "as_of": 1, "cursor": 1, "received": [] });
        let only = RecordId::from_bytes([0; 16]);
        self.puts(tablet, kind::CASELOAD, only, &caseload, None).await
    }

    /// Seals and stores a record, and its row of the outbox.
    async fn puts(
        &self,
        tablet: &Browser,
        kind: u8,
        record: RecordId,
        plain: &Value,
        row: Option<Value>,
    ) -> Result<()> {
        let header = Header {
            device_id: self.device,
            user_id: *self.user.as_bytes(),
            dk_id: self.dk,
            record_id: *record.as_bytes(),
            rev: 100,
            kind,
            schema: 1,
        };
        let mut iv = [0; 12];
        native::random(&mut iv).ok().context("random bytes")?;
        let plain = serde_json::to_vec(plain)?;
        let ciphertext = native::encrypt(&self.key, &iv, &header.aad(), &plain)
            .ok()
            .context("sealed")?;
        let sealed = Sealed {
            header,
            iv,
            ciphertext,
        }
        .to_bytes();
        let key = format!("{}/{kind}/{record}", self.user);
        let script = "const [key, sealed, row, done] = arguments;
            const open = indexedDB.open('mobile-assessments');
            open.onerror = () => done(String(open.error));
            open.onsuccess = () => {
              const writing = open.result.transaction(['records', 'outbox'], 'readwrite');
              writing.objectStore('records').put(Uint8Array.from(atob(sealed), c => c.charCodeAt(0)), key);
              if (row) writing.objectStore('outbox').put(new TextEncoder().encode(row), key);
              writing.oncomplete = () => { open.result.close(); done('ok'); };
              writing.onerror = () => done(String(writing.error));
            };";
        let arguments = vec![
            json!(key),
            json!(Base64::encode_string(&sealed)),
            json!(row.map(|row| row.to_string())),
        ];
        let done = tablet.raw().execute_async(script, arguments).await?;
        anyhow::ensure!(done.json() == "ok", "{}", done.json());
        Ok(())
    }
}

fn post(url: &str, token: Option<&str>, body: &Value) -> Result<Value> {
    let mut request = ureq::post(url).header("Content-Type", "application/json");
    if let Some(token) = token {
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    let reply = request.send(body.to_string())?.body_mut().read_to_string()?;
    Ok(serde_json::from_str(&reply)?)
}
