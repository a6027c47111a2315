#!/usr/bin/env bash
# What `make bench-agent` prints: how often the sample pack's agent understands questions that
# changed nothing in it, and, with a folder of published sets, what the classifier makes of them.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${1:-}
export RTEN_NUM_THREADS=1
evaluate() {
    "target/${MADOGUCHI_PROFILE:-release}/madoguchi-robot" evaluate "$@"
}

data_of_pack=robot-firmware/core/tests/data
echo "== the sample pack, earlier questions"
evaluate --utterances "$data_of_pack/questions_unseen.tsv"
for half in tuning sealed fresh residents counter; do
    for kind in clean heard; do
        echo "== the sample pack, $half set, $kind"
        evaluate --utterances "$data_of_pack/agent/$half-$kind.tsv"
    done
done

for part in tuning sealed fresh; do
    echo "== escalation, $part part"
    evaluate --escalation "$data_of_pack/agent/escalation-$part.tsv"
done
if [ -f "$data/goemotions/dev.tsv" ]; then
    echo "== GoEmotions, distress against the rest, learned from the train part, tried on the dev part"
    evaluate --emotions "$data/goemotions"
else
    echo "SKIPPED: no goemotions/ in '$data'; give its folder with make bench-agent DATA=DIR" >&2
fi

clinc=$data/clinc150
if [ -f "$clinc/oos_train.tsv" ]; then
    echo "== CLINC150, learned from the train part, tried on the validation part"
    cat "$clinc/val.tsv" "$clinc/oos_val.tsv" |
        evaluate --train "$clinc/train.tsv" --train "$clinc/oos_train.tsv" --utterances /dev/stdin
else
    echo "SKIPPED: no clinc150/ in '$data'; give its folder with make bench-agent DATA=DIR" >&2
fi
if [ -f "$data/banking77/train.tsv" ]; then
    echo "== BANKING77, five parts of the train part, each tried on what the others teach"
    evaluate --train "$data/banking77/train.tsv" --folds 5
else
    echo "SKIPPED: no banking77/ in '$data'; give its folder with make bench-agent DATA=DIR" >&2
fi
