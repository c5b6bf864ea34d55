//! After a lock nothing of the session is left: not in the page's heap, not in the memory of its programs, in no store,
//! and in no file of the browser's profile.
//!
//! What this cannot see is memory that the browser has let go of and not yet used again; SECURITY.md says so.

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64, Encoding as _};
use journeys::{Inspected, Whole};
use replica::AccountRow;
use serde_json::{Value, json};
use vault::Primitives as _;
use vault::native::{self, Native};

use crate::people::{Nurse, SAMPLE_PASSWORD};
use crate::tricks::{self, prepare, run, run_until_done};

const INTAKE: &str = "Home care intake";
const MARKER: &str = "Quokkan-7f3kz";

/// Everything in the stores that a page can reach, as text.
const STORES: &str = "(async () => {
  const text = bytes => { let all = ''; for (const byte of new Uint8Array(bytes)) all += String.fromCharCode(byte); return btoa(all); };
  const ask = asked => new Promise((yes, no) => { asked.onsuccess = () => yes(asked.result); asked.onerror = () => no(asked.error); });
  const found = { local: { ...localStorage }, session: { ...sessionStorage }, rows: [], caches: [] };
  for (const { name } of await indexedDB.databases()) {
    const database = await ask(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const [keys, values] = [await ask(rows.getAllKeys()), await ask(database.transaction(store).objectStore(store).getAll())];
      keys.forEach((key, at) => found.rows.push([store, String(key), values[at] instanceof Uint8Array ? text(values[at]) : null]));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      found.caches.push([request.url, text(await response.arrayBuffer())]);
    }
  }
  return found;
})().then(done, error => done(String(error)));";

/// What must not be found, each in every form that it could have.
struct Secrets(Vec<(&'static str, Vec<u8>)>);

impl Secrets {
    fn new(data_key: &[u8; 32], master_key: &[u8; 32]) -> Self {
        let mut forms = Vec::new();
        for (name, text) in [
            ("the password", SAMPLE_PASSWORD),
            ("an answer", MARKER),
            (
                "the data key, as it travels",
                Base64::encode_string(data_key).as_str(),
            ),
        ] {
            forms.push((name, text.as_bytes().to_vec()));
            forms.push((name, text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        }
        forms.push(("the data key", data_key.to_vec()));
        forms.push(("what the password derives", master_key.to_vec()));
        Self(forms)
    }

    fn found_in(&self, bytes: &[u8]) -> Option<&'static str> {
        self.0
            .iter()
            .find(|(_, form)| holds(bytes, form))
            .map(|(name, _)| *name)
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else {
        return false;
    };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        let next = from + at + 1;
        if bytes[next..].starts_with(rest) {
            return true;
        }
        from = next;
    }
    false
}

/// Looks everywhere.
async fn nothing_is_left(nurse: &Nurse, inspected: &Inspected, secrets: &Secrets, after: &str) -> Result<()> {
    let mut page = inspected.line_to("page").await?;
    let heap = page.heap()?;
    ensure!(heap.contains("Sign in"), "the heap can be read");
    if let Some(secret) = secrets.found_in(heap.as_bytes()) {
        anyhow::bail!("after {after}, {secret} is in the page's heap");
    }
    for buffer in page.buffers()? {
        if let Some(secret) = secrets.found_in(&buffer) {
            anyhow::bail!("after {after}, {secret} is in a buffer of {} bytes", buffer.len());
        }
    }
    let heap = inspected.line_to("service_worker").await?.heap()?;
    if let Some(secret) = secrets.found_in(heap.as_bytes()) {
        anyhow::bail!("after {after}, {secret} is in the service worker's heap");
    }

    let stores = run_until_done(&nurse.tablet, STORES).await?;
    for place in ["local", "session"] {
        if let Some(secret) = secrets.found_in(stores[place].to_string().as_bytes()) {
            anyhow::bail!("after {after}, {secret} is in the {place} storage");
        }
    }
    let rows = stores["rows"].as_array().context("the rows")?;
    ensure!(rows.len() > 5, "the database can be read: {stores}");
    let cached = stores["caches"].as_array().context("the caches")?;
    for (place, bytes) in rows
        .iter()
        .map(|row| (&row[0], &row[2]))
        .chain(cached.iter().map(|file| (&file[0], &file[1])))
    {
        // A CryptoKey would be no bytes.
        let bytes = bytes.as_str().with_context(|| format!("bytes in {place}"))?;
        let bytes = Base64::decode_vec(bytes).map_err(|error| anyhow::anyhow!("{error}"))?;
        if let Some(secret) = secrets.found_in(&bytes) {
            anyhow::bail!("after {after}, {secret} is in {place}");
        }
    }
    nothing_is_on_the_disk(inspected, secrets, after)
}

fn nothing_is_on_the_disk(inspected: &Inspected, secrets: &Secrets, after: &str) -> Result<()> {
    let files = inspected.files()?;
    ensure!(
        files.iter().any(|(_, bytes)| holds(bytes, b"field1")),
        "what lies in the clear is found"
    );
    for (path, bytes) in files {
        if let Some(secret) = secrets.found_in(&bytes) {
            anyhow::bail!("after {after}, {secret} is in {}", path.display());
        }
    }
    Ok(())
}

/// The data key, as the main application hands it to this tablet; and what the password derives with the slot's salt.
async fn secrets(nurse: &Nurse, whole: &Whole) -> Result<Secrets> {
    let device = run(&nurse.tablet, "return JSON.parse(localStorage.getItem('device'))").await?;
    let attempt = json!({
        "version": 1, "attempt_id": "00000000-0000-4000-8000-00000000abcd", "login": "field1",
        "password": SAMPLE_PASSWORD, "device_id": device,
    });
    let reply = ureq::post(whole.url("/api/sign-in"))
        .header("content-type", "application/json")
        .send(attempt.to_string())?
        .into_body()
        .read_to_string()?;
    let reply: Value = serde_json::from_str(&reply)?;
    let mut data_key = [0; 32];
    Base64::decode(
        reply["data_key"]["key"].as_str().context("a data key")?,
        &mut data_key,
    )
    .map_err(|error| anyhow::anyhow!("{error}"))?;

    let stores = run_until_done(&nurse.tablet, STORES).await?;
    let row = stores["rows"].as_array().and_then(|rows| {
        rows.iter()
            .find(|row| row[0] == "accounts" && row[1] == "field1")?[2]
            .as_str()
    });
    let row =
        Base64::decode_vec(row.context("the account's row")?).map_err(|error| anyhow::anyhow!("{error}"))?;
    let slot = AccountRow::parse(&row)?.slot.context("a slot")?;
    let password = native::password(SAMPLE_PASSWORD)?;
    let derived = Native.argon2id(&password, &slot.salt, slot.cost()).await;
    let derived = derived.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok(Secrets::new(&data_key, &derived.mk.0))
}

#[tokio::test]
async fn after_a_lock_no_password_key_or_answer_is_left_in_memory_in_a_store_or_on_the_disk() -> Result<()> {
    let mut whole = Whole::start().await?;
    let (tablet, inspected) = Inspected::open().await?;
    prepare(&tablet, tricks::CLOCK).await?;
    prepare(&tablet, tricks::FROM_CACHE).await?;
    let nurse = Nurse::with(tablet, &whole.url("/")).await?;
    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.mark_says("Online · all sent").await?;
    let secrets = secrets(&nurse, &whole).await?;
    nurse.starts("Testcase Amber", INTAKE).await?;
    nurse.chooses("interpreter", "Yes").await?;
    nurse.writes("language", MARKER).await?;
    nurse.chooses("identity", "No").await?;
    nurse.writes("identity-why", MARKER).await?;
    nurse.sees_it_saved().await?;
    let open = inspected.line_to("page").await?.heap()?;
    ensure!(
        holds(open.as_bytes(), MARKER.as_bytes()),
        "in an open session the answer is in the heap"
    );

    run(&nurse.tablet, "later(15 * 60000)").await?;
    nurse.tablet.arrives_at("Sign in").await?;
    nothing_is_left(&nurse, &inspected, &secrets, "idling").await?;

    // Offline, so that the password is derived from and the key unwrapped.
    whole.stop().await?;
    nurse.types("field1", SAMPLE_PASSWORD).await?;
    nurse.finds_chosen("interpreter", "Yes").await?;
    assert_eq!(nurse.reads("language").await?, MARKER);
    nurse.goes_to_the_caseload().await?;
    nurse.signs_out().await?;
    nothing_is_left(&nurse, &inspected, &secrets, "signing out").await?;

    nurse.gets_in("field1", SAMPLE_PASSWORD).await?;
    nurse.opens("Testcase Amber", INTAKE).await?;
    assert_eq!(nurse.reads("language").await?, MARKER);
    nurse.tablet.go("about:blank").await?;
    nurse.tablet.raw().back().await?;
    nurse.tablet.arrives_at("Sign in").await?;
    let from_cache = run(&nurse.tablet, "return sessionStorage.getItem('from-cache')").await?;
    nothing_is_left(&nurse, &inspected, &secrets, "coming back").await?;
    ensure!(from_cache == "yes", "the page came out of the back/forward cache");

    nurse.tablet.close().await?;
    nothing_is_on_the_disk(&inspected, &secrets, "the browser was closed")
}
