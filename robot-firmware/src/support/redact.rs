//! A configuration without its secrets.

use toml::{Table, Value};

/// Parts of a key's name that say that its value is secret, or leads to one.
const SECRET: [&str; 9] = [
    "secret",
    "token",
    "pass",
    "key",
    "pin",
    "credential",
    "env",
    "args",
    "code",
];
/// What stands in its place.
const REMOVED: &str = "(removed)";

/// The configuration as it was read, secrets removed; of one that can't be read, nothing but why.
pub fn configuration(text: &str) -> String {
    match text.parse::<Table>() {
        Ok(mut table) => {
            clean(&mut table);
            toml::to_string_pretty(&table).unwrap_or_default()
        }
        // The error quotes the line, which may hold one.
        Err(error) => {
            let before = error
                .span()
                .map_or(0, |span| text[..span.start].lines().count());
            format!(
                "# can't be read: {} (about line {before})\n",
                error.message()
            )
        }
    }
}

fn clean(table: &mut Table) {
    for (key, value) in table.iter_mut() {
        let lower = key.to_ascii_lowercase();
        match value {
            Value::Table(table) => clean(table),
            value if SECRET.iter().any(|secret| lower.contains(secret)) => {
                *value = REMOVED.into();
            }
            value => clean_value(value),
        }
    }
}

fn clean_value(value: &mut Value) {
    match value {
        Value::Table(table) => clean(table),
        Value::Array(values) => values.iter_mut().for_each(clean_value),
        Value::String(text) => {
            if let Some(cleaned) = without_secrets(text) {
                *text = cleaned;
            }
        }
        _ => {}
    }
}

/// An address without what may be secret in it: user, password, path and what follows it.
fn without_secrets(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    Some(format!("{scheme}://{host}/{REMOVED}"))
}

#[cfg(test)]
mod tests {
    use super::configuration;

    #[test]
    fn what_may_be_secret_is_removed_and_the_rest_is_there() {
        let text = "pack = \"/p\"\n[bell]\nwebhook = \"https://anna:hunter2@desk.example/hook/s3cr3t?k=v\"\n\
                    [[back_office]]\nname = \"records\"\nargs = [\"--password\", \"hunter2\"]\n\
                    token_from = \"/etc/t\"\n[update]\nsources = [\"https://u.example/s3cr3t/pack\"]\n";
        let cleaned = configuration(text);
        for gone in ["hunter2", "anna", "s3cr3t", "/etc/t", "k=v"] {
            assert!(!cleaned.contains(gone), "{gone} in {cleaned}");
        }
        for there in [
            "pack = \"/p\"",
            "https://desk.example/",
            "records",
            "https://u.example/",
        ] {
            assert!(cleaned.contains(there), "no {there} in {cleaned}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_not_quoted() {
        let cleaned = configuration("pack = \"/p\"\ntoken = hunter2 = 3\n");
        assert!(
            cleaned.contains("line") && !cleaned.contains("hunter2"),
            "{cleaned}"
        );
    }
}
