#!/bin/sh
# Ctrl-C during a run: the picture so far is saved, the exit code is 130, and nothing else is left behind.
# interrupt.sh PROGRAM; the reference data is in $IMPASTO_SHARED. Leaves with 77 (skipped) without it.
set -eu
program=$1
reference=${IMPASTO_SHARED:-none}/reference
if [ ! -f "$reference/narrow_vgg16.safetensors" ]; then
  echo "SKIPPED: the reference data is missing; set IMPASTO_SHARED to its folder"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkfifo "$folder/events"

"$program" -c "$reference/odd_content.png" -s "$reference/odd_style.png" -m "$reference/narrow_vgg16.safetensors" \
  -o "$folder/result.png" --size 64 --iterations 1000000 --progress json > "$folder/events" &
pid=$!
interrupted=0
while read -r event; do
  case $event in
    *'"event":"progress"'*)
      # A second signal would end the program at once, so it gets only one.
      if [ $interrupted = 0 ]; then interrupted=1; kill -INT $pid; fi ;;
    *) last=$event ;;
  esac
done < "$folder/events"
code=0
wait $pid || code=$?

rm "$folder/events"
[ $code = 130 ] || { echo "the exit code is $code, not 130"; exit 1; }
[ "$(ls -A "$folder")" = result.png ] || { echo "left behind: $(ls -A "$folder")"; exit 1; }
case $last in
  *'"event":"error"'*'"code":130'*) ;;
  *) echo "the last event is $last"; exit 1 ;;
esac
echo "interrupted and saved"
