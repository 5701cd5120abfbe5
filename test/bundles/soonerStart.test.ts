import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import * as Utils from "effect/Utils"
import { LateSegmenter } from "../../scripts/bundled/LateSegmenter.ts"
import { changes } from "../../scripts/bundled/soonerStart.ts"

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url))

const texts = [
  "",
  "a",
  "two words",
  "~ !",
  "a\tb",
  "a\r\nb",
  "e\u0301",
  "naïve",
  "👨‍👩‍👧 and 🇨🇭",
  "각",
  "\u001B[1mbold\u001B[0m",
]

describe("the segmenter of a bundle", () => {
  it.each(texts)("cuts as that of Node: %j", (text) => {
    for (const options of [undefined, { granularity: "grapheme" }, { granularity: "word" }] as const) {
      const late = new LateSegmenter(undefined, options).segment(text)
      const own = new Intl.Segmenter(undefined, options).segment(text)
      const known = ({ segment, index, input }: Intl.SegmentData) => ({ segment, index, input })
      assert.deepEqual(Array.from(late, known), Array.from(own, known))
      for (const index of [undefined, -1, 0, 1, text.length - 1, text.length]) {
        const [found, expected] = [late.containing(index), own.containing(index)]
        assert.deepEqual(found && known(found), expected && known(expected), `${index}`)
      }
    }
  })

  it("is that of Node once a text was not ASCII, too", () => {
    const late = new LateSegmenter()
    assert.lengthOf([...late.segment("é")], 1)
    assert.lengthOf([...late.segment("ab")], 2)
  })
})

describe("what a bundle changes in dependencies", () => {
  it.each(changes)("is there once: $from", ({ file, from }) => {
    assert.lengthOf(readFileSync(join(modules, file), "utf8").split(from), 2)
  })

  it("is what Effect finds out in this Node: its frames are in a stack", () => {
    // The other way has a `finally`.
    assert.notInclude(String((Utils as unknown as { readonly internalCall: unknown }).internalCall), "finally")
    const marker = "~effect/Effect/stackProbe"
    const probe = {
      [marker]: function stackProbe() {
        return new Error("probe")
      },
    }
    assert.include(probe[marker]().stack ?? "", `[as ${marker}]`)
  })
})
