/** @returns `date` as the real provider writes it, RFC 3339 to the second, for instance `2025-01-31T12:00:00Z` */
export function timestamp(date: Date | undefined): string | undefined {
  return date?.toISOString().replace(/\.\d+Z$/, "Z");
}
