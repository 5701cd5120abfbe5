/** Decodes the bytes of a text. What is not UTF-8 would reach a provider as replacement characters. */
import * as Result from "effect/Result"

const remedy = "save it as UTF-8"

/** In UTF-16, every other byte of ASCII is zero; no text in UTF-8 has such a byte at its start. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0

/** The line of the first byte that is not UTF-8. */
const lineOfMistake = (bytes: Uint8Array): number => {
  const lenient = new TextDecoder().decode(bytes)
  const encoder = new TextEncoder()
  let line = 1
  let rest = bytes
  for (const text of lenient.split("\n")) {
    const length = rest.indexOf(0x0a)
    const own = length === -1 ? rest : rest.subarray(0, length)
    const again = encoder.encode(text)
    if (Buffer.compare(own, again) !== 0 && text.includes("\ufffd")) return line
    rest = rest.subarray(own.length + 1)
    line += 1
  }
  return line
}

/** The text, or why there is none. A byte order mark is left out. */
export const decodeUtf8 = (bytes: Uint8Array): Result.Result<string, string> => {
  if (isUtf16(bytes)) return Result.fail(`it is in UTF-16; ${remedy}`)
  return Result.try({
    try: () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    catch: () => `it is not UTF-8 (line ${lineOfMistake(bytes)}); ${remedy}`,
  })
}
