/**
 * What ssh(1) runs to ask (SSH_ASKPASS): it puts the question into the private folder that NETWRIGHT_ASKPASS names, and
 * prints the answer that comes through a pipe there. Nothing secret is ever in a file, an argument or an environment.
 * `q.PID`: the kind of the question (SSH_ASKPASS_PROMPT of ssh(1): confirm, none, or nothing), a line end, its text.
 * `a.PID`: one line, `+ANSWER` or `-`.
 */
export const askpassScript = `#!/bin/sh
umask 077
d=$NETWRIGHT_ASKPASS
n=$$
mkfifo "$d/a.$n" || exit 1
printf '%s\\n%s' "$SSH_ASKPASS_PROMPT" "$1" >"$d/t.$n" && mv "$d/t.$n" "$d/q.$n" || exit 1
IFS= read -r answer <"$d/a.$n"
rm -f "$d/a.$n" "$d/q.$n"
case $answer in
  +*) printf '%s\\n' "\${answer#+}" ;;
  *) exit 1 ;;
esac
`;
