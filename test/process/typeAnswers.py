"""Runs a command on a terminal, and types the next answer whenever it has asked: typeAnswers.py ASKED ANSWER... -- COMMAND..."""
import os
import pty
import sys

end = sys.argv.index("--")
asked = sys.argv[1].encode()
answers = sys.argv[2:end]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[end + 1], sys.argv[end + 1:])

seen = b""
typed = 0
while True:
    try:
        read = os.read(terminal, 65536)
    except OSError:
        # Linux answers EIO once the command has left its terminal.
        break
    if not read:
        break
    seen += read
    if typed < len(answers) and seen.count(asked) > typed:
        os.write(terminal, answers[typed].encode() + b"\r")
        typed += 1

sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
