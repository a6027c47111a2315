//! `madoguchi-console operator …`

use std::collections::BTreeSet;
use std::io::{self, BufRead};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Output, shown};
use super::skills::{SkillOptions, in_words, spoken};
use crate::auth::{account_name, hash_password};
use crate::hub::now;
use crate::routing::{Level, Skills};
use crate::secret;
use crate::store::{NewOperator, OperatorRecord, Store};

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
        /// Languages spoken, the best first, such as `en,pt`; with levels from 1 (a few words) to 5
        /// (as a native), such as `es:5,en:3`, cases are offered by them. Without any skill set an
        /// operator is offered everything
        #[arg(long, value_delimiter = ',', required = true)]
        languages: Vec<Level>,
        #[command(flatten)]
        skills: SkillOptions,
        #[command(flatten)]
        password: PasswordSource,
    },
    /// Change an account's name, languages and skills; what isn't named stays
    Set {
        /// Account name
        #[arg(value_parser = account_name)]
        account: String,
        /// Name that residents and colleagues see
        #[arg(long, value_parser = shown)]
        name: Option<String>,
        /// Languages spoken, the best first, with or without levels, such as `es:5,en:3`
        #[arg(long, value_delimiter = ',')]
        languages: Option<Vec<Level>>,
        /// Forget all skills first: topics, authority, levels, sites, hours
        #[arg(long)]
        forget_skills: bool,
        #[command(flatten)]
        skills: SkillOptions,
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
            skills: options,
            password,
        } => {
            let mut skills = Skills::default();
            options.apply(Some(&languages), &mut skills);
            let password = password.read()?;
            let name = name.unwrap_or_else(|| account.clone());
            let password_hash = hash_password(&password.text)?;
            let new = NewOperator {
                account,
                name,
                languages: spoken(&languages),
                skills,
                password_hash,
            };
            let added = store.add_operator(&new, now()).await?;
            warn_of_unknown_sites(store, &added.skills).await?;
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
        OperatorCommand::Set {
            account,
            name,
            languages,
            forget_skills,
            skills,
        } => {
            if name.is_none() && languages.is_none() && !forget_skills && skills.are_absent() {
                bail!("nothing is to be changed; `operator set --help` shows what can be");
            }
            let mut record = store.operator(&account).await?;
            if forget_skills {
                record.skills = Skills::default();
            }
            skills.apply(languages.as_deref(), &mut record.skills);
            if let Some(languages) = &languages {
                record.card.languages = spoken(languages);
            }
            record.card.name = name.unwrap_or(record.card.name);
            store.change_operator(&record).await?;
            warn_of_unknown_sites(store, &record.skills).await?;
            out.print(&record, || line(&record))
        }
        OperatorCommand::List => {
            let operators = store.operators().await?;
            out.print(&operators, || {
                let lines = operators.iter().map(line);
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

/// A site may be set before its first robot is claimed; a slip of the pen keeps every case away.
async fn warn_of_unknown_sites(store: &Store, skills: &Skills) -> Result<()> {
    if skills.sites.is_empty() {
        return Ok(());
    }
    let robots = store.robots().await?;
    let known: BTreeSet<&str> = robots.iter().map(|robot| robot.site.as_str()).collect();
    for site in skills
        .sites
        .iter()
        .filter(|site| !known.contains(site.as_str()))
    {
        let known = match known.is_empty() {
            true => "none is claimed yet".to_owned(),
            false => format!(
                "they stand at: {}",
                Vec::from_iter(known.iter().copied()).join("; ")
            ),
        };
        eprintln!("note: no robot stands at the site “{site}” ({known}); no case comes from it");
    }
    Ok(())
}

fn line(operator: &OperatorRecord) -> String {
    let languages =
        operator
            .card
            .languages
            .iter()
            .map(|language| match operator.skills.levels.get(language) {
                Some(level) => format!("{language}:{level}"),
                None => language.to_string(),
            });
    format!(
        "{}\t{}\t{}\t{}",
        operator.account,
        operator.card.name,
        languages.collect::<Vec<_>>().join(","),
        in_words(&operator.skills)
    )
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
