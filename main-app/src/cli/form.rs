//! `main-app form`: the forms that tablets get.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Subcommand;

use super::{On, say};

#[derive(Subcommand)]
pub enum Command {
    /// Publish FHIR Questionnaires: every tablet gets them with its next connection
    ///
    /// Each has a url, a version and a title. Url and version name one text for ever, since drafts that were begun with it go
    /// on with it: a form that was changed gets another version.
    Publish {
        #[command(flatten)]
        on: On,
        /// JSON files, one Questionnaire each
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

impl Command {
    pub async fn run(self) -> anyhow::Result<()> {
        let Self::Publish { on, files } = self;
        // All are read before the first is published.
        let mut forms = Vec::new();
        for file in &files {
            let name = file.display();
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
            let questionnaire = serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
            let form = main_app::admin::form(questionnaire);
            forms.push(form.map_err(|lacks| anyhow::anyhow!("{name} is not a Questionnaire with {lacks}"))?);
        }
        let app = on.open(0).await?;
        let mut refused = Vec::new();
        for form in &forms {
            let name = format!("{} {}", form.url, form.version);
            if main_app::admin::publish_form(&app, form).await? {
                say(&format!("Published \"{}\" ({name}).", form.title))?;
            } else {
                refused.push(name);
            }
        }
        app.close().await;
        if !refused.is_empty() {
            bail!(
                "not published, because another text has this url and version (give the form a new version): {}",
                refused.join(", ")
            );
        }
        Ok(())
    }
}
