/** In characters. */
const longest = 400

/** A value as a part of a sentence, cut if it is long. */
export const show = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text
}
