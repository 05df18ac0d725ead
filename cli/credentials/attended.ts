/** Whether somebody can see a question, which is asked on standard error, and answer it. */
export function isAttended(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}
