"""Runs a program in a terminal of its own: what comes in on stdin is typed there, what it prints goes to stdout.

Ends with the program's exit code; 128 and the signal's number where a signal has ended it. Arguments: the program and its
own. https://docs.python.org/3/library/pty.html
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

ROWS, COLUMNS = 40, 200

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

watched = [terminal, sys.stdin.fileno()]
while True:
    ready, _, _ = select.select(watched, [], [])
    if terminal in ready:
        try:
            printed = os.read(terminal, 65536)
        except OSError:
            # Linux says so when the last program has left the terminal.
            break
        if not printed:
            break
        os.write(sys.stdout.fileno(), printed)
    if sys.stdin.fileno() in ready:
        typed = os.read(sys.stdin.fileno(), 65536)
        if typed:
            os.write(terminal, typed)
        else:
            watched = [terminal]

code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(128 - code if code < 0 else code)
