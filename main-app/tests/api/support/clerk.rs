//! Somebody of the helpdesk at the console: enters requests and works them as its pages allow.

use super::{Browser, Page, Server};

pub struct Clerk {
    pub browser: Browser,
    token: String,
}

/// A request that can be saved.
pub const REQUEST: [(&str, &str); 5] = [
    ("full_name", "Test Field One"),
    ("agency", "Exampletown Home Care"),
    ("branch", "North branch"),
    ("phone", "555-555-0111"),
    ("sender", "sender@example.org"),
];

impl Clerk {
    pub async fn signs_in(server: &Server, login: &str) -> Self {
        let mut browser = server.browser();
        let home = browser.enter(login).await;
        let token = home.hidden("/main/sign-out", "token");
        Self { browser, token }
    }

    /// Saves a request, some fields of which differ from [`REQUEST`], and sees its page.
    pub async fn enters(&mut self, fields: &[(&str, &str)]) -> Page {
        let page = self.browser.get("/main/helpdesk/new").await;
        let mut all: Vec<(&str, &str)> = REQUEST
            .into_iter()
            .filter(|(name, _)| !fields.iter().any(|(other, _)| other == name))
            .collect();
        all.extend(fields);
        let saved = self.browser.submit(&page, "/main/helpdesk/new", &all).await;
        self.browser.follow(&saved).await
    }

    /// Enters a request from the account's page, with the fields as they are filled in there.
    pub async fn enters_for(&mut self, server: &Server, login: &str) -> Page {
        let user = server.user(login).await;
        let page = self
            .browser
            .get(&format!("/main/helpdesk/new?account={user}"))
            .await;
        let value = |name: &str| page.value(name);
        let fields = ["full_name", "agency", "branch", "phone", "sender"].map(|name| (name, value(name)));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let saved = self.browser.submit(&page, "/main/helpdesk/new", &fields).await;
        self.browser.follow(&saved).await
    }

    pub async fn looks_at(&mut self, number: &str) -> Page {
        self.browser
            .get(&format!("/main/helpdesk/requests/{number}"))
            .await
    }

    /// Presses a button of a request's page, and sees what comes of it.
    pub async fn presses(&mut self, page: &Page, act: &str, fields: &[(&str, &str)]) -> Page {
        let path = format!("/main/helpdesk/requests/{}/{act}", page.number());
        let rev = page.value("rev");
        let mut all = vec![("token", self.token.as_str()), ("rev", rev.as_str())];
        all.extend(fields);
        let pressed = self.browser.post(&path, &all).await;
        match pressed.status() {
            303 => self.browser.follow(&pressed).await,
            _ => pressed,
        }
    }

    /// Enters a request for the account, reaches the user, hears the right answer, and reads the temp password out.
    pub async fn resets(&mut self, server: &Server, login: &str) -> String {
        let page = self.enters_for(server, login).await;
        let page = self.presses(&page, "reached", &[]).await;
        let page = self
            .presses(&page, "answer", &[("answer", main_app::SAMPLE_ANSWER)])
            .await;
        self.presses(&page, "reset", &[]).await.temp_password()
    }
}

impl Page {
    /// The number of the request that the page is about.
    pub fn number(&self) -> String {
        let words = self.words();
        let (_, rest) = words.split_once(" Request ").unwrap_or_else(|| panic!("{words}"));
        rest.split(',').next().unwrap().to_owned()
    }

    /// The value of the first field of that name.
    pub fn value(&self, name: &str) -> String {
        let (_, rest) = self
            .html
            .split_once(&format!(" name=\"{name}\""))
            .unwrap_or_else(|| panic!("no {name} in {}", self.html));
        let (_, rest) = rest.split_once(" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    pub fn temp_password(&self) -> String {
        let (_, rest) = self
            .html
            .split_once("id=\"temp-password\">")
            .unwrap_or_else(|| panic!("{}", self.html));
        rest.split('<').next().unwrap().to_owned()
    }
}
