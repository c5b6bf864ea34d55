//! `main-app keys`: replacing the master key.

use anyhow::bail;
use clap::Subcommand;

use super::{On, say};

#[derive(Subcommand)]
pub enum Command {
    /// Show the master keys and how many data keys lie under each
    List {
        #[command(flatten)]
        on: On,
    },
    /// Make a new master key and seal every data key under it, or finish a rotation that broke off
    ///
    /// The service may run: it finds the new key by itself. Where the key comes from the environment, first put the new
    /// one into MAIN_APP_MASTER_KEY and the present one into MAIN_APP_EARLIER_MASTER_KEY, for the service too, and start
    /// the service anew; then run this with both. After that MAIN_APP_EARLIER_MASTER_KEY can go.
    Rotate {
        #[command(flatten)]
        on: On,
    },
    /// Remove the files of master keys under which nothing lies any more
    ///
    /// A copy of the database from before the rotation needs the old key: keep one as long as you keep the other.
    Retire {
        #[command(flatten)]
        on: On,
    },
}

impl Command {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::List { on } => {
                let app = on.open(0).await?;
                for key in main_app::master_keys(&app).await? {
                    let seals = if key.seals { ", seals new ones" } else { "" };
                    say(&format!("{}  {} data keys{seals}", key.id, key.data_keys))?;
                }
                app.close().await;
            }
            Self::Rotate { on } => {
                let app = on.open(0).await?;
                let rotated = main_app::rotate_master_key(&app).await?;
                app.close().await;
                if rotated.resumed {
                    say("Finished the rotation that had begun before.")?;
                }
                say(&format!(
                    "The master key {} seals now; {} data keys were sealed anew.",
                    rotated.id, rotated.sealed_anew
                ))?;
                if rotated.damaged > 0 {
                    bail!(
                        "{} data keys do not open under their master key and stay as they are",
                        rotated.damaged
                    );
                }
                say("Back up the new key apart from the database. Then: main-app keys retire")?;
            }
            Self::Retire { on } => {
                let app = on.open(0).await?;
                let retired = main_app::retire_master_keys(&app).await?;
                app.close().await;
                if retired.is_empty() {
                    say("No master key can go: each one seals, or data keys lie under it.")?;
                }
                for id in retired {
                    say(&format!("Removed the master key {id}."))?;
                }
            }
        }
        Ok(())
    }
}
