//! A tablet: its id, the session and the data keys that it was given, and what it seals.

use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use base64ct::{Base64, Encoding as _};
use protocol::{Change, Document, FormRef, Modification, Signature, Status, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;
use vault::{Header, Sealed, kind, native};

use super::{Answer, PASSWORD, START, post_json, send, uuid};

pub struct Tablet {
    router: Router,
    pub id: Uuid,
    pub token: String,
    pub user: Uuid,
    /// By user: what the last sign-in handed over.
    keys: HashMap<Uuid, (Uuid, [u8; 32])>,
}

/// A document to be sealed, and what its header says. Each test bends what it is about.
#[derive(Clone)]
pub struct Record {
    pub header: Header,
    pub key: [u8; 32],
    pub document: Document,
    pub iv: [u8; 12],
}

impl Tablet {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            id: uuid(),
            token: String::new(),
            user: Uuid::nil(),
            keys: HashMap::new(),
        }
    }

    /// From here on it talks to another instance.
    pub fn moves_to(&mut self, server: &super::Server) {
        self.router = server.router.clone();
    }

    pub fn attempt(&self, id: Uuid, login: &str, password: &str) -> Value {
        json!({ "version": 1, "attempt_id": id, "login": login, "password": password, "device_id": self.id })
    }

    /// Sends an attempt and takes nothing from its reply.
    pub async fn try_attempt(&self, id: Uuid, login: &str, password: &str) -> Answer {
        post_json(
            &self.router,
            "/api/sign-in",
            self.attempt(id, login, password).to_string(),
        )
        .await
    }

    /// One press of the button; the whole reply.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Value {
        let id = uuid();
        let answer = self.try_attempt(id, login, password).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let reply = answer.json();
        assert_eq!(
            reply["attempt_id"],
            id.to_string(),
            "each reply names its attempt"
        );
        if reply["result"] == "ok" {
            self.token = reply["token"].as_str().unwrap().to_owned();
            self.user = text_id(&reply["user_id"]);
            let mut key = [0; 32];
            Base64::decode(reply["data_key"]["key"].as_str().unwrap(), &mut key).unwrap();
            self.keys
                .insert(self.user, (text_id(&reply["data_key"]["id"]), key));
        }
        reply
    }

    /// One press of the button; only the result.
    pub async fn result(&mut self, login: &str, password: &str) -> String {
        self.sign_in(login, password).await["result"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub fn data_key(&self, user: Uuid) -> (Uuid, [u8; 32]) {
        self.keys[&user]
    }

    pub fn sync_request(&self, cursor: Option<i64>, records: &[&Record]) -> Value {
        let records: Vec<Value> = records.iter().map(|record| record.upload()).collect();
        self.sync_request_of(cursor, &records)
    }

    pub fn sync_request_of(&self, cursor: Option<i64>, records: &[Value]) -> Value {
        let mut request = json!({
            "version": 1,
            "request_id": uuid(),
            "device_id": self.id,
            "app_version": "test",
            "records": records,
            "waiting": records.len(),
        });
        if let Some(cursor) = cursor {
            request["cursor"] = cursor.into();
        }
        request
    }

    pub async fn post_sync(&self, request: &Value) -> Answer {
        let request = Request::post("/api/sync")
            .header(header::HOST, "localhost:8080")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(request.to_string()))
            .unwrap();
        send(&self.router, request).await
    }

    /// Syncs, and expects an answer.
    pub async fn sync(&self, cursor: Option<i64>, records: &[&Record]) -> Value {
        self.sync_of(&self.sync_request(cursor, records)).await
    }

    pub async fn sync_of(&self, request: &Value) -> Value {
        let answer = self.post_sync(request).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let reply = answer.json();
        assert_eq!(
            reply["request_id"], request["request_id"],
            "each reply names its request"
        );
        reply
    }

    /// The receipt of a record that is sent alone: "stored", or the code of the refusal.
    pub async fn send(&self, record: &Record) -> String {
        let reply = self.sync(None, &[record]).await;
        assert_eq!(reply["result"], "ok", "{reply}");
        let receipt = &reply["receipts"][0];
        match receipt["receipt"].as_str() {
            Some("stored") => "stored".to_owned(),
            _ => {
                assert!(receipt["message"].as_str().unwrap().ends_with('.'), "{receipt}");
                receipt["code"].as_str().unwrap().to_owned()
            }
        }
    }

    /// The ids of the user's clients, by name.
    pub async fn clients(&self) -> Vec<Uuid> {
        let reply = self.sync(None, &[]).await;
        reply["clients"]
            .as_array()
            .unwrap()
            .iter()
            .map(|client| text_id(&client["id"]))
            .collect()
    }

    /// A draft that the signed-in user writes on this tablet.
    pub fn draft(&self, client: Uuid) -> Record {
        self.draft_of(self.user, client)
    }

    /// A draft of any user who has signed in on this tablet.
    pub fn draft_of(&self, author: Uuid, client: Uuid) -> Record {
        let (dk, key) = self.data_key(author);
        let record = uuid();
        Record {
            header: Header {
                device_id: *self.id.as_bytes(),
                user_id: *author.as_bytes(),
                dk_id: *dk.as_bytes(),
                record_id: *record.as_bytes(),
                rev: 1,
                kind: kind::DOCUMENT,
                schema: 1,
            },
            key,
            document: document(record, author, client),
            iv: [1; 12],
        }
    }
}

impl Record {
    pub fn sealed(&self) -> Vec<u8> {
        self.sealed_of(&serde_json::to_vec(&self.document).unwrap())
    }

    /// Seals any bytes in place of the document.
    pub fn sealed_of(&self, plain: &[u8]) -> Vec<u8> {
        let ciphertext = native::encrypt(&self.key, &self.iv, &self.header.aad(), plain).unwrap();
        Sealed {
            header: self.header,
            iv: self.iv,
            ciphertext,
        }
        .to_bytes()
    }

    pub fn upload(&self) -> Value {
        self.upload_of(&self.sealed())
    }

    pub fn upload_of(&self, sealed: &[u8]) -> Value {
        json!({
            "record_id": Uuid::from_bytes(self.header.record_id),
            "rev": self.header.rev,
            "sealed": Base64::encode_string(sealed),
        })
    }

    /// The next revision, with other contents.
    pub fn next(&self) -> Self {
        let mut next = self.clone();
        next.header.rev += 1;
        next.iv[0] = next.iv[0].wrapping_add(1);
        next.document.modified_at.0 += 1;
        next
    }

    /// The same with a chained history, as a tablet writes it: begun, and answered.
    pub fn with_history(mut self) -> Self {
        let author = self.document.author;
        let entry = |change| Modification {
            by: author,
            at: Timestamp(START),
            change,
        };
        self.document.history = vec![entry(Change::Created)];
        self.answered("first")
    }

    /// One more answer in the history, and the chain over it.
    pub fn answered(mut self, text: &str) -> Self {
        let change = Change::Answered {
            link_id: "note".into(),
            before: json!([]),
            after: json!([{ "valueString": text }]),
        };
        documents::typed(&mut self.document, Timestamp(START), change, true);
        self.chained()
    }

    /// To the next state, as its author does it.
    pub fn turned(mut self, to: Status) -> Self {
        let turn = documents::Turn {
            by: self.document.author,
            at: Timestamp(START),
            to,
            ready: true,
            reason: "one more question",
        };
        documents::turn(&mut self.document, turn).unwrap();
        self.chained()
    }

    /// With the head that fits its entries.
    pub fn chained(mut self) -> Self {
        let mut chain = documents::Chain::begin(self.document.id);
        chain.extend(&self.document.history);
        self.document.history_head = Some(chain.head());
        self
    }

    /// The same, signed by its author.
    pub fn completed(mut self) -> Self {
        self.document.status = Status::Complete;
        self.document.signature = Some(Signature {
            by: self.document.author,
            name: self.document.author_name.clone(),
            at: Timestamp(START),
        });
        self
    }
}

fn document(id: Uuid, author: Uuid, client: Uuid) -> Document {
    Document {
        id: protocol::RecordId(id),
        client_id: protocol::ClientId(client),
        client_name: "Testcase".into(),
        form: FormRef::new("https://forms.example.org/Questionnaire/phq-9", "1.0", "PHQ-9"),
        author: protocol::UserId(author),
        author_name: "Test Field".into(),
        status: Status::Draft,
        created_at: Timestamp(START),
        modified_at: Timestamp(START),
        signature: None,
        response: json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress" }),
        set_aside: Value::Null,
        history: Vec::new(),
        history_head: None,
        typing: None,
    }
}

pub fn text_id(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

/// A tablet with field1 signed in, and field1's first client.
pub async fn at_work(server: &super::Server) -> (Tablet, Uuid) {
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let client = tablet.clients().await[0];
    (tablet, client)
}
