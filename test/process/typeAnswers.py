"""Runs a command on a terminal, and types the next answer whenever it has asked, which a regular expression tells:
typeAnswers.py ASKED ANSWER... -- COMMAND...
An answer is followed by Enter, but for one control character alone, such as Ctrl-C."""
import os
import pty
import re
import sys

end = sys.argv.index("--")
asked = re.compile(sys.argv[1].encode())
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
    if typed < len(answers) and len(asked.findall(seen)) > typed:
        answer = answers[typed]
        os.write(terminal, answer.encode() + (b"" if answer in ("\x03", "\x04") else b"\r"))
        typed += 1

sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
