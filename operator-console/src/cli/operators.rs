//! `madoguchi-console operator …`

use std::io::{self, BufRead};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use madoguchi_shared::ids::Lang;
use serde::Serialize;

use super::output::{Output, shown};
use crate::auth::{account_name, hash_password};
use crate::hub::now;
use crate::secret;
use crate::store::{NewOperator, Store};

#[derive(Debug, Subcommand)]
pub(super) enum OperatorCommand {
    /// Make an account
    Add {
        /// Account name for signing in
        #[arg(value_parser = account_name)]
        account: String,
        /// Name that residents and colleagues see; the account name when absent
        #[arg(long, value_parser = shown)]
        name: Option<String>,
        /// Languages spoken, the best first, such as `en,pt`
        #[arg(long, value_delimiter = ',', required = true)]
        languages: Vec<Lang>,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// List accounts
    List,
    /// Remove an account and end its sessions
    Remove {
        /// Account name
        #[arg(value_parser = account_name)]
        account: String,
    },
    /// Replace a password and end the account's sessions
    SetPassword {
        /// Account name
        #[arg(value_parser = account_name)]
        account: String,
        #[command(flatten)]
        password: PasswordSource,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct PasswordSource {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Make a password and print it
    #[arg(long)]
    random_password: bool,
}

pub(super) async fn run(command: OperatorCommand, store: &Store, out: &Output) -> Result<()> {
    match command {
        OperatorCommand::Add {
            account,
            name,
            languages,
            password,
        } => {
            let password = password.read()?;
            let name = name.unwrap_or_else(|| account.clone());
            let password_hash = hash_password(&password.text)?;
            let new = NewOperator {
                account,
                name,
                languages,
                password_hash,
            };
            let added = store.add_operator(&new, now()).await?;
            let made = password.made();
            let answer = WithPassword {
                account: &added.account,
                password: made,
            };
            out.print(&answer, || match made {
                Some(made) => format!("{}: password {made}", added.account),
                None => format!("{}: added", added.account),
            })
        }
        OperatorCommand::SetPassword { account, password } => {
            let password = password.read()?;
            store
                .set_password(&account, &hash_password(&password.text)?)
                .await?;
            let made = password.made();
            out.print(
                &WithPassword {
                    account: &account,
                    password: made,
                },
                || match made {
                    Some(made) => format!("{account}: password {made}"),
                    None => format!("{account}: password replaced, sessions ended"),
                },
            )
        }
        OperatorCommand::List => {
            let operators = store.operators().await?;
            out.print(&operators, || {
                let lines = operators.iter().map(|operator| {
                    let languages: Vec<_> =
                        operator.card.languages.iter().map(Lang::as_str).collect();
                    format!(
                        "{}\t{}\t{}",
                        operator.account,
                        operator.card.name,
                        languages.join(",")
                    )
                });
                lines.collect::<Vec<_>>().join("\n")
            })
        }
        OperatorCommand::Remove { account } => {
            store.remove_operator(&account).await?;
            out.print(
                &WithPassword {
                    account: &account,
                    password: None,
                },
                || format!("{account}: removed"),
            )
        }
    }
}

/// A password with whether it must be shown.
struct Password {
    text: String,
    random: bool,
}

impl Password {
    fn made(&self) -> Option<&str> {
        self.random.then_some(self.text.as_str())
    }
}

impl PasswordSource {
    fn read(&self) -> Result<Password> {
        if self.random_password {
            return Ok(Password {
                text: secret::readable_password(),
                random: true,
            });
        }
        let mut line = String::new();
        io::stdin()
            .lock()
            .read_line(&mut line)
            .context("no password came from standard input")?;
        Ok(Password {
            text: line.trim_end_matches(['\r', '\n']).to_owned(),
            random: false,
        })
    }
}

#[derive(Serialize)]
struct WithPassword<'a> {
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}
