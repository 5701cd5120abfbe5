/** In characters. */
const longest = 400

/** A value in a sentence. */
export const show = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text
}
