#!/bin/bash
# Checks what tells people about flags against --help: shells complete every flag of every command, the manual names it, and so does
# the README by one of its names. flags.sh PROGRAM
set -uo pipefail
program=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
fail() { echo "FAILED: $*"; failed=1; }

for shell in bash zsh fish; do
  "$program" completions $shell > "$scratch/$shell" || fail "completions $shell ended with $?"
done
sed 's/\\-/-/g; s/\\f.//g' "$source/docs/impasto.1" > "$scratch/manual"
# shellcheck source=/dev/null
source "$scratch/bash"

# offered WORD…: what bash completes the line to, of which the last word is being typed.
offered() {
  COMP_WORDS=(impasto "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  compopt() { :; }  # there is no completion under way
  _impasto
  printf '%s\n' "${COMPREPLY[@]}"
}
offers() { grep -qxF -- "$1" <<< "$(offered "${@:2}")" || fail "bash does not offer $1 after: impasto ${*:2}"; }

commands=$("$program" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\) .*/\1/p')
[[ $(wc -w <<< "$commands") -ge 6 ]] || fail "--help lists too few commands: $commands"
flags_seen=0
for command in $commands "weights list" "weights fetch" "weights import" "weights verify"; do
  [[ $command == *\ * ]] || offers "$command" ""
  # shellcheck disable=SC2086
  while read -r flags; do
    for flag in $flags; do
      flags_seen=$((flags_seen + 1))
      offers "$flag" $command "-"
      grep -qF -- "'*${flag}[" "$scratch/zsh" || fail "zsh does not know $flag of $command"
      spelt="-s ${flag#-}"
      [[ $flag == --* ]] && spelt="-l ${flag#--}"
      grep -qF -- "= \"$command\"' $spelt " <(sed 'p; s/ -s . -l/ -l/' "$scratch/fish") ||
        fail "fish does not know $flag of $command"
      grep -qE -- "(^|[^-a-z])$flag([^-a-z]|\$)" "$scratch/manual" || fail "docs/impasto.1 lacks $flag of $command"
    done
    grep -qE -- "(^|[^-a-z])(${flags// /|})([^-a-z]|\$)" "$source/README.md" || fail "README.md lacks ${flags// / or } of $command"
  done < <("$program" $command --help | grep -oE '^ +(-[a-z],)?--?[a-z-]+' | tr -d ' ' | tr ',' ' ')
done
[[ $flags_seen -ge 40 ]] || fail "only $flags_seen flags were found in --help"

offers --style -c photo.jpg --st  # stylize goes without saying
offers adam --optimizer a
offers gatys stylize --recipe ga
offers vgg19 weights fetch vgg1
offers import weights im
offers zsh completions z
[[ -z $(offered stylize --content vgg) ]] || fail "words are offered where a file belongs"

bash -n "$scratch/bash" || fail "bash cannot read its completions"
for shell in zsh fish; do
  if command -v $shell >/dev/null; then
    $shell -n "$scratch/$shell" || fail "$shell cannot read its completions"
  else
    echo "SKIPPED: reading them with $shell, which is not installed"
  fi
done
exit $failed
