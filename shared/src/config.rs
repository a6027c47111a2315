//! What is wrong with a TOML configuration, as a sentence for the person who wrote it.

/// Two keys closer than this (Jaro-Winkler similarity) are taken for a slip of the pen.
const SLIP: f64 = 0.8;

/// The line (counted from 1) of a deserialisation error and a sentence: an unknown key is named
/// together with the nearest key that exists.
pub fn explain(text: &str, error: &toml::de::Error) -> (usize, String) {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = 1 + text.as_bytes()[..at]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    (line, sentence(error.message()))
}

fn sentence(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return message.to_owned();
    };
    let Some(found) = rest.split('`').next() else {
        return message.to_owned();
    };
    let known: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
    let nearest = known
        .iter()
        .map(|name| (strsim::jaro_winkler(found, name), *name))
        .filter(|(likeness, _)| *likeness >= SLIP)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((_, name)) => format!("there is no key `{found}`; did you mean `{name}`?"),
        None => format!("there is no key `{found}`; there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        listen: Option<String>,
        database: Option<String>,
        key: Option<String>,
    }

    fn explained(text: &str) -> (usize, String) {
        explain(text, &toml::from_str::<Sample>(text).unwrap_err())
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let (line, message) = explained("listen = \"x\"\nlistne = \"y\"\n");
        assert_eq!(line, 2);
        assert_eq!(message, "there is no key `listne`; did you mean `listen`?");
    }

    #[test]
    fn a_foreign_key_gets_the_list() {
        let (_, message) = explained("colour = 1\n");
        assert_eq!(
            message,
            "there is no key `colour`; there are listen, database, key"
        );
    }

    #[test]
    fn a_wrong_type_keeps_its_own_words() {
        let (line, message) = explained("key = 3\n");
        assert_eq!(line, 1);
        assert!(message.contains("string"), "{message}");
    }
}
