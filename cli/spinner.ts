/** Shows on a terminal that something is under way; elsewhere it says nothing. */
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const PAUSE_MILLISECONDS = 80;
const CLEAR_LINE = "\r\x1b[K";

/**
 * Turns until the work has ended, and leaves no trace.
 * @param text asked for again at each turn
 */
export async function spinning<T>(text: () => string, work: () => Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work();
  let turn = 0;
  const timer = setInterval(
    () => stderr.write(`${CLEAR_LINE}${FRAMES[turn++ % FRAMES.length]} ${text()}`),
    PAUSE_MILLISECONDS,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
    stderr.write(CLEAR_LINE);
  }
}
