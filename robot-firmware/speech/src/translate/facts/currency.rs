//! Currencies, and whether one stands beside an amount.

use std::ops::Range;

use super::numbers::SCALES;
use super::{is_unspaced, words};

/// The sign before an amount, in lower case, and the words that say the same, plurals aside.
#[derive(Debug, PartialEq)]
pub(super) struct Currency {
    sign: &'static str,
    names: &'static [&'static str],
}

/// Longer signs before those that they end with.
static CURRENCIES: [Currency; 5] = [
    Currency {
        sign: "¥",
        names: &["yen", "iene", "円", "yuan"],
    },
    Currency {
        sign: "€",
        names: &["euro"],
    },
    Currency {
        sign: "£",
        names: &["libra", "pound"],
    },
    Currency {
        sign: "r$",
        names: &["real", "reais", "brl"],
    },
    Currency {
        sign: "$",
        names: &["dollar", "dólar", "dólare", "peso"],
    },
];
/// Words between an amount and its currency's name.
const BETWEEN: [&str; 2] = ["de", "of"];

impl Currency {
    /// The currency whose sign stands in the text, and where its sign ends.
    pub(super) fn before(text: &str) -> Option<(&'static Self, usize)> {
        let lower = text.to_ascii_lowercase();
        CURRENCIES
            .iter()
            .find_map(|own| Some((own, lower.find(own.sign)? + own.sign.len())))
    }

    /// Whether it stands beside the amount in this place: its sign on either side, or its name
    /// after it.
    pub(super) fn is_beside(&self, lower: &str, amount: &Range<usize>) -> bool {
        let before = lower[..amount.start].trim_end();
        if before.ends_with(self.sign) {
            // `r$` ends with `$`.
            let own = CURRENCIES.iter().find(|own| before.ends_with(own.sign));
            return own == Some(self);
        }
        let after = lower[amount.end..].trim_start();
        if after.starts_with(self.sign) {
            return true;
        }
        let mut names = words(after).map(|word| &after[word]);
        let name = names.find(|word| !SCALES.contains(word) && !BETWEEN.contains(word));
        name.is_some_and(|word| {
            let plain = word.strip_suffix('s').unwrap_or(word);
            self.names.iter().any(|name| {
                let joined = name.starts_with(is_unspaced) && word.starts_with(name);
                plain == *name || word == *name || joined
            })
        })
    }
}
