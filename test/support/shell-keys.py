"""Types keys into a shell on its own terminal: shell-keys.py PROMPT KEYS WORDS SHELL...

The keys are typed once the prompt is there. What is shown after them is printed once all of WORDS, one a line, are in
it, or after half a minute.
"""
import os
import pty
import select
import sys
import time

prompt, keys, words, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)


def shown_until(wanted, seconds):
    end = time.monotonic() + seconds
    shown = b""
    while not all(word.encode() in shown for word in wanted):
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        if not ready:
            break
        try:
            shown += os.read(terminal, 65536)
        except OSError:
            break
    return shown


if prompt.encode() not in shown_until([prompt], 60):
    sys.exit("no prompt")
os.write(terminal, keys.encode())
answer = shown_until(words.split("\n"), 30)
os.close(terminal)
sys.stdout.buffer.write(answer)
