/**
 * What the guard runs: a script for any POSIX shell. It reads what it guards from
 * its stdin, a line for each change, and kills what is left of it when stdin
 * ends, because then the agent is dead.
 *
 *     add WORD    guards the process group WORD, if that is a number, or else the launch WORD
 *     del WORD    no longer guards it
 *     beat        is answered with a line, which shows that the guard is there
 *     arm N SECONDS WHOLE WORD...
 *                 kills what is left of the words after these seconds, which are
 *                 also given as whole ones for a `sleep` that knows no others
 *     free N      does not do that any more
 *
 * What waits for such a time is a process of its own. It stays until it is freed,
 * so that its id is that of no other process by then.
 *
 * The processes of a launch are found by the variable that they have inherited.
 * `grep -l` finds the few files that may have it, and only those are read line by
 * line: all of them if this `grep`, as that of BusyBox, does not read on after a NUL.
 * Without /proc nothing is found, and only process groups are killed. So it is
 * in a container that has the /proc of its host, where the same ids are others.
 */
import { environment } from "../../protocol/LaunchVariables.ts"

/** How long a plugin may take to leave by itself. With this it is gone within a second. */
const graceSeconds = 0.7

/** How often processes are looked for that a process has started before it was killed. */
const maxRounds = 20

export const guardScript = `
# An agent that has just died does not read the answer to its last beat.
trap '' PIPE
{ read -r own _ </proc/self/stat; } 2>/dev/null
candidates() {
  if printf 'a\\000b' | grep -qF b; then
    grep -lsF "${environment.launch}=$1" /proc/[0-9]*/environ
  else
    printf '%s\\n' /proc/[0-9]*/environ
  fi 2>/dev/null
}
kill_launch() {
  candidates "$1" | while IFS=/ read -r _ _ pid _; do
    tr '\\0\\n' '\\n ' 2>/dev/null <"/proc/$pid/environ" | grep -qxF "${environment.launch}=$1" || continue
    kill -s KILL "$pid" 2>/dev/null && echo "$pid"
  done
}
kill_words() {
  for word; do
    case "$word" in
      *[!0-9]*) ;;
      *) kill -s KILL -- "-$word" 2>/dev/null ;;
    esac
  done
  [ "$own" = "$$" ] || return 0
  for word; do
    case "$word" in
      *[!0-9]*)
        round=0
        while [ "$round" -lt ${maxRounds} ] && [ -n "$(kill_launch "$word")" ]; do round=$((round + 1)); done ;;
    esac
  done
}
waiting=
wait_seconds() {
  sleep "$1" &
  waiting=$!
  wait "$waiting"
  waiting=
}
kill_later() {
  trap 'kill \${waiting:+"$waiting"} 2>/dev/null; exit 0' TERM
  wait_seconds "$1"
  shift
  # Without its guard it is not known whether this still holds. The next guard knows.
  kill -s 0 "$$" 2>/dev/null && kill_words "$@"
  while kill -s 0 "$$" 2>/dev/null; do wait_seconds 1; done
}
guarded=" "
armed=
while read -r verb word rest; do
  case "$verb" in
    add) guarded="$guarded$word " ;;
    del)
      case "$guarded" in
        *" $word "*) guarded="\${guarded%% $word *} \${guarded#* $word }" ;;
      esac ;;
    beat) echo beat ;;
    arm)
      [ -n "$fractions" ] || { sleep 0.01 2>/dev/null && fractions=known || fractions=unknown; }
      set -- $rest
      seconds=$1
      [ "$fractions" = known ] || seconds=$2
      shift 2
      kill_later "$seconds" "$@" >/dev/null 2>&1 &
      armed="$armed $word:$!" ;;
    free)
      left=
      for one in $armed; do
        case "$one" in
          "$word":*)
            kill "\${one#*:}" 2>/dev/null
            wait "\${one#*:}" ;;
          *) left="$left $one" ;;
        esac
      done
      armed=$left ;;
  esac
done
for one in $armed; do kill "\${one#*:}" 2>/dev/null; done
[ "$guarded" = " " ] && exit 0
sleep ${graceSeconds} 2>/dev/null || sleep 1
kill_words $guarded
exit 0
`
