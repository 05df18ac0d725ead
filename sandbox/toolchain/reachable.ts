/**
 * Whether a host answers at all. Asked before a download, whose own time-outs are minutes long.
 * @param url - asked with HEAD; any answer counts, also an error's
 * @returns undefined when it answers, else why not, in a few words
 */
export async function unreachable(url: string, milliseconds = 5_000): Promise<string | undefined> {
  try {
    await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(milliseconds) });
    return undefined;
  } catch (error) {
    const host = new URL(url).host;
    if (error instanceof Error && error.name === "TimeoutError")
      return `${host} did not answer within ${milliseconds / 1000} s`;
    const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    return `${host} cannot be reached (${cause?.code ?? cause?.message ?? String(error)})`;
  }
}
