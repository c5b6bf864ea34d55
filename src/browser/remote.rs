//! `replica::Remote` over fetch. It judges nothing: whether a reply is an answer is `replica::answer`'s to say.

use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use protocol::SessionToken;
use replica::{HttpReply, NoReply, Remote};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode, RequestRedirect, Response};
use zeroize::Zeroizing;

#[derive(Clone, Copy, Debug, Default)]
pub struct Fetch;

impl Remote for Fetch {
    async fn get(&self, path: &str, timeout_ms: u32) -> Result<HttpReply, NoReply> {
        fetch(RequestBuilder::new(path).method(Method::GET), None, timeout_ms).await
    }

    async fn post(
        &self,
        path: &str,
        bearer: Option<&SessionToken>,
        body: Zeroizing<Vec<u8>>,
        timeout_ms: u32,
    ) -> Result<HttpReply, NoReply> {
        let mut request = RequestBuilder::new(path)
            .method(Method::POST)
            .header("Content-Type", "application/json");
        if let Some(token) = bearer {
            request = request.header("Authorization", &format!("Bearer {}", token.0));
        }
        fetch(request, Some(body), timeout_ms).await
    }
}

async fn fetch(
    request: RequestBuilder,
    body: Option<Zeroizing<Vec<u8>>>,
    timeout_ms: u32,
) -> Result<HttpReply, NoReply> {
    let abort = AbortController::new().map_err(|_| NoReply)?;
    let signal = abort.signal();
    // Dropping the handle cancels the timer; it spans the body, which can hang as well as the head.
    let _deadline = Timeout::new(timeout_ms, move || abort.abort());
    let request = request
        .header("Accept", "application/json")
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        .mode(RequestMode::SameOrigin)
        .redirect(RequestRedirect::Error)
        .abort_signal(Some(&signal));
    let sent = match body {
        Some(body) => {
            let bytes = js_sys::Uint8Array::from(body.as_slice());
            let request = request.body(&bytes).map_err(|_| NoReply)?;
            let sent = request.send().await;
            bytes.fill(0, 0, bytes.length());
            sent
        }
        None => request.send().await,
    };
    let response = sent.map_err(|_| NoReply)?;
    let headers = response.headers();
    Ok(HttpReply {
        status: response.status(),
        redirected: response.redirected(),
        content_type: headers.get("content-type").unwrap_or_default(),
        retry_after: headers
            .get("retry-after")
            .and_then(|seconds| seconds.trim().parse().ok()),
        body: take(response.into()).await.ok_or(NoReply)?,
    })
}

/// The body, which may hold a key: the browser's copy is wiped. `replica::answer` wipes ours.
async fn take(response: Response) -> Option<Vec<u8>> {
    let buffer = response.array_buffer().ok()?;
    let bytes = js_sys::Uint8Array::new(&JsFuture::from(buffer).await.ok()?);
    let body = bytes.to_vec();
    bytes.fill(0, 0, bytes.length());
    Some(body)
}
