#!/usr/bin/env bash
# What `make bench-translation` prints: BLEU and chrF of the installed models on a folder of sentences
# with known translations, the same of another output of these sentences, how many lines are equal to
# it, and the time on one thread; then the same beside what Firefox's own engine makes of the same
# sentences with the same models.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${1:-}/flores-en-pt
if [ ! -f "$data/dev.en" ]; then
    echo "SKIPPED: no flores-en-pt/ in '${1:-}'; give its folder with make bench-translation DATA=DIR" >&2
    exit 0
fi
models=.demo/models
bergamot=.tools/bergamot/node_modules/@browsermt/bergamot-translator
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT
score() {
    echo "== $1 to $2 beside $3 ${*:5}"
    "target/${MADOGUCHI_PROFILE:-release}/madoguchi-robot" translate --from "$1" --to "$2" "${@:5}" \
        --reference "$data/dev.$2" --compare "$4" <"$data/dev.$1"
}
both() {
    score "$1" "$2" "the output of the data" "$data/dev.firefox-tiny.$2"
    score "$1" "$2" "the output of the data" "$data/dev.firefox-tiny.$2" --no-glossary
    node scripts/firefox-own.mjs $bergamot "$models" "$1" "$2" <"$data/dev.$1" >"$own/$2"
    score "$1" "$2" "Firefox's own engine" "$own/$2" --no-glossary
}
both en pt
both pt en
