//! Chromium's own protocol over its own socket, for what WebDriver cannot do: heap snapshots, which come as events, and a
//! look at every object of a kind. Its neighbour is `browser`.

use std::net::TcpStream;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Message, WebSocket};

use crate::browser::Browser;
use crate::{Engine, free_port, until};

/// What can be looked into of a Chromium: the memory of its pages, and its profile, which outlives it.
pub struct Inspected {
    profile: TempDir,
    port: u16,
}

impl Inspected {
    /// Opens one.
    pub async fn open() -> Result<(Browser, Self)> {
        let inspected = Self {
            profile: tempfile::tempdir()?,
            port: free_port()?,
        };
        let browser = Browser::open_with(
            Engine::Chromium,
            &[
                format!("--user-data-dir={}", inspected.profile.path().display()),
                format!("--remote-debugging-port={}", inspected.port),
                // In characters; a heap snapshot cuts longer strings off, after 1024 by itself.
                "--js-flags=--heap-snapshot-string-limit=10000000".to_owned(),
            ],
        )
        .await?;
        Ok((browser, inspected))
    }

    /// A line to the page that is open, or to its service worker, by the protocol's name of the kind.
    pub async fn line_to(&self, kind: &str) -> Result<Devtools> {
        let list = format!("http://127.0.0.1:{}/json/list", self.port);
        let address = until(kind, || async {
            let targets: Value =
                serde_json::from_str(&ureq::get(&list).call()?.into_body().read_to_string()?)?;
            let target = targets
                .as_array()
                .and_then(|targets| targets.iter().find(|target| target["type"] == kind));
            Ok(target.and_then(|target| target["webSocketDebuggerUrl"].as_str().map(str::to_owned)))
        })
        .await?;
        Devtools::connect(&address, self.port)
    }

    /// Every file of the profile as it is now, with its bytes.
    pub fn files(&self) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        files_under(self.profile.path())
    }
}

/// One that vanishes meanwhile is passed over.
fn files_under(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let (path, kind) = (entry.path(), entry.file_type());
            if kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
                folders.push(path);
            } else if kind.is_ok_and(|kind| kind.is_file())
                && let Ok(bytes) = std::fs::read(&path)
            {
                files.push((path, bytes));
            }
        }
    }
    Ok(files)
}

/// A line to one page or worker.
pub struct Devtools {
    socket: WebSocket<TcpStream>,
    last: u64,
}

impl Devtools {
    fn connect(address: &str, port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        // A heap snapshot comes in pieces, a program's memory in one.
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) = tungstenite::client::client_with_config(address, stream, Some(config))
            .map_err(|error| anyhow::anyhow!("connecting to the browser: {error}"))?;
        Ok(Self { socket, last: 0 })
    }

    /// Calls a method and waits for its result; what the browser tells meanwhile is handed to `told`.
    fn call(&mut self, method: &str, parameters: Value, mut told: impl FnMut(&str, &Value)) -> Result<Value> {
        self.last += 1;
        let request = json!({ "id": self.last, "method": method, "params": parameters });
        self.socket.send(Message::text(request.to_string()))?;
        loop {
            let Message::Text(text) = self.socket.read()? else {
                continue;
            };
            let mut message: Value = serde_json::from_str(&text)?;
            if message["id"] == self.last {
                if let Some(error) = message.get("error") {
                    bail!("{method}: {error}");
                }
                return Ok(message["result"].take());
            }
            if let Some(event) = message["method"].as_str() {
                told(event, &message["params"]);
            }
        }
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.call(method, parameters, |_, _| ())
    }

    /// The heap after everything that nobody holds is gone, as text: every string that is left is in it.
    pub fn heap(&mut self) -> Result<String> {
        self.ask("HeapProfiler.enable", json!({}))?;
        // What a first collection finalises, a second one takes away.
        self.ask("HeapProfiler.collectGarbage", json!({}))?;
        self.ask("HeapProfiler.collectGarbage", json!({}))?;
        let mut heap = String::new();
        self.call(
            "HeapProfiler.takeHeapSnapshot",
            json!({ "reportProgress": false, "captureNumericValue": true }),
            |event, parameters| {
                if event == "HeapProfiler.addHeapSnapshotChunk" {
                    heap.push_str(parameters["chunk"].as_str().unwrap_or_default());
                }
            },
        )?;
        Ok(heap)
    }

    /// The bytes of every buffer that is alive, the memory of WebAssembly programs included.
    pub fn buffers(&mut self) -> Result<Vec<Vec<u8>>> {
        let mut all = Vec::new();
        for (kind, bytes) in [
            ("WebAssembly.Memory", "new Uint8Array(this[i].buffer)"),
            ("ArrayBuffer", "new Uint8Array(this[i])"),
        ] {
            let prototype = self.ask(
                "Runtime.evaluate",
                json!({ "expression": format!("{kind}.prototype") }),
            )?;
            let found = self.ask(
                "Runtime.queryObjects",
                json!({ "prototypeObjectId": prototype["result"]["objectId"] }),
            )?;
            let objects = found["objects"]["objectId"].clone();
            let count = self.on(&objects, "function() { return this.length; }")?;
            for index in 0..count.as_u64().unwrap_or_default() {
                let read = format!(
                    "function() {{ const i = {index}; let bytes; try {{ bytes = {bytes}; }} catch {{ return ''; }}
                       let text = ''; const step = 32768;
                       for (let at = 0; at < bytes.length; at += step)
                         text += String.fromCharCode.apply(null, bytes.subarray(at, at + step));
                       return btoa(text); }}"
                );
                let text = self.on(&objects, &read)?;
                let text = text.as_str().context("a buffer's bytes")?;
                all.push(Base64::decode_vec(text).map_err(|error| anyhow::anyhow!("a buffer: {error}"))?);
            }
        }
        Ok(all)
    }

    fn on(&mut self, object: &Value, function: &str) -> Result<Value> {
        let mut done = self.ask(
            "Runtime.callFunctionOn",
            json!({ "objectId": object, "functionDeclaration": function, "returnByValue": true }),
        )?;
        if let Some(exception) = done.get("exceptionDetails") {
            bail!("in the page: {exception}");
        }
        Ok(done["result"]["value"].take())
    }
}
