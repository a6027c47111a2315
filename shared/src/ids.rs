//! Identifiers, languages and times as they stand on the wire.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema, TS,
        )]
        #[serde(transparent)]
        #[schemars(extend("format" = "uuid"))]
        #[ts(type = "string")]
        pub struct $name(#[schemars(with = "String")] pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

id!(
    /// One resident's time with one robot (UUID version 7).
    VisitId
);
id!(
    /// What opens at an escalation (UUID version 7, made by the robot).
    CaseId
);
id!(
    /// Something promised to a resident (UUID version 7, made by the robot).
    TaskId
);
id!(
    /// One robot, as the console knows it since the robot was claimed.
    RobotId
);
id!(
    /// One operator's account on the console.
    OperatorId
);

/// A language tag (BCP 47): a primary subtag of two or three lower-case letters, then optional
/// subtags, such as `pt` or `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema, TS)]
#[serde(transparent)]
#[schemars(extend("pattern" = "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$"))]
#[ts(type = "string")]
pub struct Lang(String);

/// A text that is no language tag.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a language tag such as `pt` or `zh-Hant`")]
pub struct NotALang(String);

impl Lang {
    /// Nobody knows which: `und` (ISO 639-2).
    pub fn undetermined() -> Self {
        Self("und".to_owned())
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag: `pt` of `pt-BR`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

impl FromStr for Lang {
    type Err = NotALang;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut subtags = text.split('-');
        let primary = subtags.next().unwrap_or_default();
        let primary_ok =
            matches!(primary.len(), 2 | 3) && primary.bytes().all(|b| b.is_ascii_lowercase());
        let rest_ok = subtags.all(|subtag| {
            (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
        });
        if primary_ok && rest_ok && text.len() <= 35 {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotALang(text.to_owned()))
        }
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
    TS,
)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct UnixMs(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_tag_is_checked_where_it_enters() {
        for good in ["ja", "pt", "fil", "zh-Hant", "pt-BR"] {
            assert_eq!(
                good.parse::<Lang>().map(|lang| lang.to_string()),
                Ok(good.to_owned())
            );
        }
        for bad in ["", "j", "JA", "ja_JP", "ja-", "<b>", "japanese"] {
            assert!(bad.parse::<Lang>().is_err(), "{bad} was taken");
        }
        assert!(serde_json::from_str::<Lang>("\"../etc\"").is_err());
    }
}
