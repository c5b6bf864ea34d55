//! A browser: cookies as a browser keeps them, and forms as a page holds them.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};

use super::{Answer, PASSWORD, send};

#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub host: &'static str,
    /// What the browser says it comes from; `None` leaves the header out.
    pub origin: Option<&'static str>,
}

/// A page, and how it was answered.
#[derive(Debug)]
pub struct Page {
    pub answer: Answer,
    pub html: String,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            host: "localhost:8080",
            origin: Some("http://localhost:8080"),
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.request(Method::GET, path, Body::empty(), false).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.request(Method::POST, path, Body::from(body), true).await
    }

    /// Fills in the form of a page and sends it to where the form says.
    pub async fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(action);
        let hidden = hidden_fields(form);
        let all: Vec<(&str, &str)> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(fields.iter().copied())
            .collect();
        self.post(action, &all).await
    }

    /// Opens the sign-in page, fills it in and sends it.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Page {
        let page = self.get("/main/").await;
        self.submit(
            &page,
            "/main/sign-in",
            &[("login", login), ("password", password)],
        )
        .await
    }

    /// Signs in with the sample password and follows to where it leads.
    pub async fn enter(&mut self, login: &str) -> Page {
        let page = self.sign_in(login, PASSWORD).await;
        self.follow(&page).await
    }

    pub async fn follow(&mut self, page: &Page) -> Page {
        assert_eq!(page.answer.status, 303, "{}", page.html);
        let path = page.answer.header("location").unwrap().to_owned();
        self.get(&path).await
    }

    async fn request(&mut self, method: Method, path: &str, body: Body, is_form: bool) -> Page {
        let mut request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::HOST, self.host);
        if method == Method::POST
            && let Some(origin) = self.origin
        {
            request = request.header(header::ORIGIN, origin);
        }
        if is_form {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let answer = send(&self.router, request.body(body).unwrap()).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let html = answer.text();
        Page { answer, html }
    }

    fn keep(&mut self, line: &str) {
        let (pair, rest) = line.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if rest.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.into(), value.into());
        }
    }
}

impl Page {
    pub fn status(&self) -> u16 {
        self.answer.status.as_u16()
    }

    /// The words in the alert region, without markup.
    pub fn alert(&self) -> Option<String> {
        let (_, rest) = self.html.split_once("role=\"alert\">")?;
        Some(words(rest.split("</div>").next()?))
    }

    pub fn heading(&self) -> String {
        assert_eq!(self.html.matches("<h1").count(), 1, "one h1: {}", self.html);
        let (_, rest) = self.html.split_once("<h1>").unwrap();
        words(rest.split("</h1>").next().unwrap())
    }

    /// The words of the page, without markup.
    pub fn words(&self) -> String {
        let (_, main) = self.html.split_once("<main").unwrap();
        words(&format!("<main{main}"))
    }

    pub fn hidden(&self, action: &str, name: &str) -> String {
        hidden_fields(self.form(action))
            .remove(name)
            .unwrap_or_else(|| panic!("no {name} in {}", self.html))
    }

    fn form(&self, action: &str) -> &str {
        let (_, rest) = self
            .html
            .split_once(&format!("action=\"{action}\""))
            .unwrap_or_else(|| panic!("no form for {action} in {}", self.html));
        rest.split("</form>").next().unwrap()
    }
}

fn hidden_fields(form: &str) -> BTreeMap<String, String> {
    form.split("<input ")
        .skip(1)
        .filter(|input| input.starts_with("type=\"hidden\""))
        .map(|input| (attribute(input, "name"), attribute(input, "value")))
        .collect()
}

fn attribute(tag: &str, name: &str) -> String {
    let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn words(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for sign in html.chars() {
        match sign {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                text.push(' ');
            }
            _ if !in_tag => text.push(sign),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
