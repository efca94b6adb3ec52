#!/bin/bash
# A run that is killed again and again, kill -9 at random moments, and resumed ends with the same file, bit for bit.
# kill.sh PROGRAM KILLS; the sources are in $IMPASTO_SOURCE.
set -euo pipefail
program=$1
kills=$2
folder=$(mktemp -d)
pid=
trap '[[ -z $pid ]] || kill -9 $pid 2>/dev/null || true; rm -rf "$folder"' EXIT
pictures=$IMPASTO_SOURCE/tests/fixtures/fuzz/picture
state=$folder/state
output=$folder/result.png
settings=(-c "$pictures/rgb.png" -s "$pictures/rgb.jpg" -m "$IMPASTO_SOURCE/assets/compact.safetensors" --size 24 --style-size 24
  --content-layers relu2_1 --style-layers relu1_1,relu2_1 --init noise --seed 3 --history 5 --iterations 400 -o "$output" -q)

"$program" "${settings[@]}"
mv "$output" "$folder/undisturbed.png"

start() {
  touch "$folder/started"
  if [[ -e $state ]]; then
    "$program" --resume "$state" -q &
  else
    "$program" "${settings[@]}" --checkpoint "$state" --checkpoint-seconds 0 &
  fi
  pid=$!
}

killed=0
while ((killed < kills)); do
  start
  # Not before it got further, so that the run ends some day.
  until [[ $state -nt $folder/started ]]; do
    kill -0 $pid 2>/dev/null || break
    sleep 0.01
  done
  sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
  kill -9 $pid 2>/dev/null || true
  code=0
  wait $pid 2>/dev/null || code=$?
  pid=
  ((code == 137)) && killed=$((killed + 1))
  ((code == 137 || code == 0)) || { echo "after $killed kills the program left with $code"; exit 1; }
  ((code != 0)) || break
done
echo "killed $killed times"
((killed > 0)) || { echo "the run was over before the first kill"; exit 1; }
[[ -e $output ]] || "$program" --resume "$state" -q
cmp "$output" "$folder/undisturbed.png"
"$program" --resume "$state" -q -o "$folder/again.png"  # a run that is done can be asked for its picture again
