#!/bin/sh
# Ctrl-C during a run: the picture so far and a checkpoint are saved, the exit code is 130, and nothing else is left behind. SIGUSR1
# before it: a snapshot and a checkpoint are saved, and the run goes on.
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
snapshot=
while read -r event; do
  case $event in
    *'"event":"progress"'*)
      # A second interrupt would end the program at once, so it gets only one.
      if [ $interrupted = 0 ]; then interrupted=1; kill -USR1 $pid; fi ;;
    *'"event":"saved"'*result_*.png*)
      snapshot=$event
      kill -INT $pid ;;
    *) last=$event ;;
  esac
done < "$folder/events"
code=0
wait $pid || code=$?

rm "$folder/events"
[ $code = 130 ] || { echo "the exit code is $code, not 130"; exit 1; }
[ -n "$snapshot" ] || { echo "SIGUSR1 saved nothing"; exit 1; }
rm "$folder"/result_*.png
left=$(ls -A "$folder" | tr '\n' ' ')
[ "$left" = "result.png result.png.checkpoint " ] || { echo "left behind: $left"; exit 1; }
case $last in
  *'"event":"error"'*'"code":130'*) ;;
  *) echo "the last event is $last"; exit 1 ;;
esac
iteration=$(expr "$last" : '.*interrupted after \([0-9]*\)')
"$program" --resume "$folder/result.png.checkpoint" --iterations $((iteration + 3)) --progress json > "$folder/events"
grep -q "\"event\":\"done\".*\"iterations\":$((iteration + 3))," "$folder/events" || { cat "$folder/events"; exit 1; }
[ "$(grep -c '"event":"progress"' "$folder/events")" -le 4 ] || { echo "it began anew"; exit 1; }
echo "interrupted, saved and resumed"
