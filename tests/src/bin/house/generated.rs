//! Generated files must be what their generator writes today.

use crate::Breach;
use crate::files::Tree;

const WIRE_TYPES: &str = "shared/ts/wire.gen.ts";

/// Compares the committed types of the pages with `wanted`.
pub(crate) fn check(tree: &Tree, wanted: &str) -> Option<Breach> {
    let found = tree.text(WIRE_TYPES);
    (found != Some(wanted)).then(|| {
        let state = if found.is_some() {
            "is stale"
        } else {
            "is missing"
        };
        Breach::new(
            WIRE_TYPES,
            format!("{state}; run `make generate` and commit it"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_and_missing_types_are_found() {
        let tree = Tree::of_texts(&[(WIRE_TYPES, "export type A = string\n")]);
        assert_eq!(check(&tree, "export type A = string\n"), None);
        assert!(
            check(&tree, "export type A = number\n")
                .unwrap()
                .message
                .contains("stale")
        );
        assert!(
            check(&Tree::default(), "")
                .unwrap()
                .message
                .contains("missing")
        );
    }
}
