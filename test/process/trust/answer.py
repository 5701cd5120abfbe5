"""Runs a command on a terminal, and types an answer to its question: answer.py ANSWER COMMAND..."""
import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])

seen = b""
is_answered = False
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:
        # Linux answers EIO once the command has left its terminal.
        break
    if not read:
        break
    seen += read
    if not is_answered and (b"[y/N]" in seen or b"does nothing:" in seen):
        os.write(terminal, sys.argv[1].encode() + b"\n")
        is_answered = True

sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
