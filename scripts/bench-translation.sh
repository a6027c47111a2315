#!/usr/bin/env bash
# What `make bench-translation` prints: BLEU and chrF of the installed models on a folder of sentences
# with known translations, the same of another output of these sentences, how many lines are equal to
# it, and the time on one thread.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${1:-}/flores-en-pt
if [ ! -f "$data/dev.en" ]; then
    echo "SKIPPED: no flores-en-pt/ in '${1:-}'; give its folder with make bench-translation DATA=DIR" >&2
    exit 0
fi
score() {
    echo "== $1 to $2, ${*:3}"
    "target/${MADOGUCHI_PROFILE:-release}/madoguchi-robot" translate --from "$1" --to "$2" "${@:3}" \
        --reference "$data/dev.$2" --compare "$data/dev.firefox-tiny.$2" <"$data/dev.$1"
}
score en pt
score en pt --no-glossary
score pt en
score pt en --no-glossary
