import { assert, describe, it, vi } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { type FramedLine, makeLineFramer } from "../../src/transport/LineFramer.ts"

const cap = 1024

/** The lines of `bytes`, given to the framer in chunks of these sizes, and the rest in one chunk. */
const linesOf = (bytes: Uint8Array, sizes: ReadonlyArray<number> = [], capBytes = cap): ReadonlyArray<FramedLine> => {
  const framer = makeLineFramer(capBytes)
  const lines: Array<FramedLine> = []
  let position = 0
  for (const size of sizes) {
    // A chunk in memory of its own, which is overwritten after it has been pushed.
    const chunk = Uint8Array.from(bytes.subarray(position, position + size))
    lines.push(...framer.push(chunk))
    chunk.fill(0x2a)
    position += size
  }
  lines.push(...framer.push(bytes.subarray(position)), ...framer.end())
  return lines
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const texts = (lines: ReadonlyArray<FramedLine>) => lines.map((line) => (line._tag === "Line" ? line.text : line._tag))
const everyByte = (bytes: Uint8Array) => Array.from(bytes, () => 1)

/** Bytes that break framers: newlines, returns, halves of characters, byte order marks, and long stretches. */
const hostileBytes = Arbitrary.array(
  Arbitrary.map(Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 15 }))), (which) => {
    const parts = ["\n", "\n", "\r", "\r\n", "\uFEFF", "€", "🙂", "a", " ", "{}", "\u0000", "long".repeat(30)]
    const part = parts[which]
    return part === undefined ? [0xe2, 0x82, 0xf0, 0xff][which - parts.length]! : part
  }),
  { maxLength: 60 },
).pipe(
  Arbitrary.map((parts) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : Array.from(utf8(part))))),
  ),
)
const chunkSizes = Arbitrary.array(Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 9 }))), {
  maxLength: 200,
})

/** The same lines, found in the obvious way: from all bytes at once. */
const linesOfWhole = (bytes: Uint8Array, capBytes: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let atStart = true
  let rest = Buffer.from(bytes)
  while (rest.length > 0) {
    const found = rest.indexOf(0x0a)
    const line = found === -1 ? rest : rest.subarray(0, found)
    rest = found === -1 ? Buffer.alloc(0) : rest.subarray(found + 1)
    if (line.length > capBytes) {
      lines.push("Overflow")
      continue
    }
    const whole = (line.at(-1) === 0x0d ? line.subarray(0, -1) : line).toString("utf8")
    const text = atStart && whole.startsWith("\uFEFF") ? whole.slice(1) : whole
    atStart = false
    if (text !== "") lines.push(text)
  }
  return lines
}

describe("LineFramer", () => {
  it.prop(
    "gives the same lines for any bytes, however they are cut into chunks",
    [hostileBytes, chunkSizes],
    ([bytes, sizes]) => {
      const expected = linesOfWhole(bytes, 100)
      assert.deepEqual(texts(linesOf(bytes, [], 100)), expected)
      assert.deepEqual(texts(linesOf(bytes, sizes, 100)), expected)
      assert.deepEqual(texts(linesOf(bytes, everyByte(bytes), 100)), expected)
    },
  )

  it("keeps a character whole that is split between two chunks", () => {
    const bytes = utf8("pr\u20ACis 🙂 fin\n")
    for (let cut = 0; cut <= bytes.length; cut++) assert.deepEqual(texts(linesOf(bytes, [cut])), ["pr€is 🙂 fin"])
  })

  it("treats CRLF as a newline, and a carriage return elsewhere as a character", () => {
    assert.deepEqual(texts(linesOf(utf8("a\r\nb\rc\r\n\r\nd\r"))), ["a", "b\rc", "d"])
  })

  it("removes a byte order mark at the start, and nowhere else", () => {
    const bytes = utf8("\uFEFFa\n\uFEFFb\n")
    assert.deepEqual(texts(linesOf(bytes)), ["a", "\uFEFFb"])
    assert.deepEqual(texts(linesOf(bytes, everyByte(bytes))), ["a", "\uFEFFb"])
  })

  it("leaves out empty lines", () => {
    assert.deepEqual(texts(linesOf(utf8("\n\n\na\n\n\r\n\nb"))), ["a", "b"])
    assert.deepEqual(linesOf(utf8("")), [])
  })

  it("keeps a last line that has no newline", () => {
    assert.deepEqual(texts(linesOf(utf8("a\nlast words"), [3])), ["a", "last words"])
  })

  it("accepts a line of exactly the cap, and not one byte more", () => {
    const full = "x".repeat(cap)
    for (const sizes of [[], [cap], [1, cap], [cap + 1]]) {
      assert.deepEqual(texts(linesOf(utf8(`${full}\nb\n`), sizes)), [full, "b"])
      assert.deepEqual(texts(linesOf(utf8(`${full}x\nb\n`), sizes)), ["Overflow", "b"])
    }
  })

  it("reports an endless line once, with its beginning, and reads what follows", () => {
    const endless = `{"_tag":"Exit"${"x".repeat(50 * cap)}`
    for (const sizes of [[], Array.from({ length: 5000 }, () => 10)]) {
      const lines = linesOf(utf8(`a\n${endless}\nb\n`), sizes)
      assert.deepEqual(texts(lines), ["a", "Overflow", "b"])
      const [, overflow] = lines
      assert.strictEqual(overflow?._tag === "Overflow" && overflow.head, endless.slice(0, 256))
    }
    assert.deepEqual(texts(linesOf(utf8(endless), [7, 7, 7])), ["Overflow"])
  })

  it("P15: keeps only the beginning of a long line that is not wanted, however it is cut, and reads what follows", () => {
    const long = "x".repeat(300 * 1024)
    for (const size of [128 * 1024, 64 * 1024, 4096, 7]) {
      const framer = makeLineFramer(1024 * 1024, (head) => head.startsWith("{"))
      const lines: Array<FramedLine> = []
      const bytes = utf8(`${long}\r\n{${long}\na\n`)
      for (let at = 0; at < bytes.length; at += size) lines.push(...framer.push(bytes.slice(at, at + size)))
      const [junk = "", wanted, after] = texts(lines)
      assert.isTrue(long.startsWith(junk))
      assert.isAbove(junk.length, 64 * 1024)
      assert.isAtMost(junk.length, 64 * 1024 + size)
      assert.strictEqual(wanted, `{${long}`)
      assert.strictEqual(after, "a")
    }
  })

  it("P15: counts all of a line that is not wanted towards the cap", () => {
    const framer = makeLineFramer(cap * 1024, () => false)
    const chunk = new Uint8Array(64 * 1024).fill(0x78)
    const lines = Array.from({ length: 40 }, () => framer.push(chunk)).flat()
    assert.deepEqual(lines, [{ _tag: "Overflow", head: "x".repeat(256) }])
  })

  it("gets memory for a long line as it grows, keeps it for the next one, and gives it back after a short one", () => {
    const megabyte = 1024 * 1024
    const allocate = vi.spyOn(Buffer, "allocUnsafe")
    try {
      const framer = makeLineFramer(16 * megabyte)
      const chunk = new Uint8Array(64 * 1024).fill(0x78)
      const takenBy = (bytes: number) => {
        allocate.mockClear()
        for (let sent = 0; sent < bytes; sent += chunk.length) framer.push(chunk)
        assert.lengthOf(framer.push(Uint8Array.of(0x0a)), 1)
        return allocate.mock.calls.reduce((sum, [size]) => sum + size, 0)
      }
      assert.isAtMost(takenBy(megabyte), 2 * megabyte)
      assert.strictEqual(takenBy(megabyte), 0)
      framer.push(utf8("a\n"))
      assert.isAtLeast(takenBy(megabyte), megabyte)
      takenBy(8 * megabyte)
      assert.isAtLeast(takenBy(8 * megabyte), 8 * megabyte)
    } finally {
      allocate.mockRestore()
    }
  })

  it("takes time in proportion to the length of a line, and not to its square", () => {
    const megabyte = 1024 * 1024
    const timeOf = (length: number) => {
      const framer = makeLineFramer(64 * megabyte)
      const chunk = new Uint8Array(1024).fill(0x78)
      const startedAt = performance.now()
      for (let sent = 0; sent < length; sent += chunk.length) framer.push(chunk)
      assert.lengthOf(framer.push(Uint8Array.of(0x0a)), 1)
      return performance.now() - startedAt
    }
    timeOf(megabyte)
    // A framer that joins its bytes at every chunk would move a hundred gigabytes here.
    assert.isBelow(timeOf(16 * megabyte), 2_000)
  })
})
