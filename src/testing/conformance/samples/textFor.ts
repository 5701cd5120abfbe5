/** Makes a text in which a pattern is found. Patterns are taken apart here, and run by RE2 only. */
import { linearPattern } from "../../../agent/forma/schema/linearPattern.ts"

/** No sample needs a longer text, or groups in as many groups. */
const longest = 10_000
const deepest = 100

const printable = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(index + 32))
/** What a character of a pattern is chosen from, the plainest first. */
const characters = [..."a0A-", ...printable, "é", "λ", "中", "\n"]

/** A text of at least this length, or undefined if none is found. */
export const textFor = (pattern: string, minLength: number): string | undefined => {
  const whole = linearPattern(pattern)
  if (whole === undefined || minLength > longest) return undefined
  for (const repeats of [0, 1, 2, 4, 8, 16, 32, 64, minLength]) {
    const text = new TextMaker(pattern, repeats).make()
    if (text !== undefined && text.length >= minLength && whole.isIn(text)) return text
  }
  return undefined
}

/** Takes the first of alternatives, and repeats what may be repeated so many times. */
class TextMaker {
  private at = 0
  private failed = false
  private readonly pattern: string
  private readonly repeats: number

  constructor(pattern: string, repeats: number) {
    this.pattern = pattern
    this.repeats = repeats
  }

  make(): string | undefined {
    const text = this.alternatives(0)
    return this.failed || this.at < this.pattern.length ? undefined : text
  }

  private alternatives(depth: number): string {
    if (depth > deepest) return this.fail()
    const first = this.sequence(depth)
    while (!this.failed && this.take(/\|/y) !== undefined) this.sequence(depth)
    return first
  }

  private sequence(depth: number): string {
    let text = ""
    while (!this.failed && this.at < this.pattern.length && !"|)".includes(this.pattern.charAt(this.at))) {
      const one = this.atom(depth)
      const times = this.times()
      if (text.length + one.length * times > longest) return this.fail()
      text += one.repeat(times)
    }
    return text
  }

  private atom(depth: number): string {
    if (this.take(/\^|\$|\\[bB]/y) !== undefined) return ""
    if (this.take(/\((?:\?:|\?<[^=!>]+>)?(?!\?)/y) !== undefined) {
      const text = this.alternatives(depth + 1)
      return this.take(/\)/y) === undefined ? this.fail() : text
    }
    const single =
      this.take(/\\[pPu]\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\c[a-z]|\\[^]|\[(?:\\[^]|[^\]\\])*\]|[^]/iy) ?? ""
    if (!/^[\\[.]/.test(single)) return single
    const pattern = linearPattern(`^${single}$`)
    return characters.find((one) => pattern?.isIn(one)) ?? this.fail()
  }

  private times(): number {
    const quantifier = this.take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y)
    if (quantifier === undefined) return 1
    const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? []
    const min = least === undefined ? Number(quantifier.startsWith("+")) : Number(least)
    const max =
      least === undefined ? (quantifier.startsWith("?") ? 1 : Infinity) : comma === "" ? min : Number(most || Infinity)
    return Math.min(max, Math.max(min, this.repeats))
  }

  private take(next: RegExp): string | undefined {
    next.lastIndex = this.at
    const [found] = next.exec(this.pattern) ?? []
    if (found !== undefined) this.at += found.length
    return found
  }

  private fail(): string {
    this.failed = true
    return ""
  }
}
