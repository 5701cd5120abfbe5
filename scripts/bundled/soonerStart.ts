/**
 * What a bundle changes in the code of dependencies, so that it starts sooner. The
 * build fails where a dependency no longer has what is changed.
 */
import { fileURLToPath } from "node:url"
import type { Plugin } from "rolldown"

/** Names that stand for something else in a bundle. */
export const inject: Record<string, [string, string]> = {
  "Intl.Segmenter": [fileURLToPath(new URL("LateSegmenter.ts", import.meta.url)), "LateSegmenter"],
}

interface Change {
  /** The end of the path of the file. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Exported for the test that holds each change against what it replaces. */
export const changes: ReadonlyArray<Change> = [
  // Effect asks here whether stacks have a certain frame. In Node they have, and to write the first
  // stack, V8 looks for the ends of all lines of the bundle: 6 ms of a start.
  {
    file: "effect/dist/Utils.js",
    from: "error.stack?.includes(InternalTypeId) === true",
    to: "true",
  },
  {
    file: "effect/dist/internal/effect.js",
    from: 'error.stack?.includes("[as " + marker + "]") === true',
    to: "true",
  },
  // V8 takes 17 ms to prepare it, and a text in ASCII never needs it.
  {
    file: "string-width/index.js",
    from: String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
    to: String.raw`const rgiEmojiRegex = {test: text => /^\p{RGI_Emoji}$/v.test(text)};`,
  },
]

const changeIn = (code: string, { file, from, to }: Change): string => {
  if (code.split(from).length !== 2) throw new Error(`${file} no longer has what a bundle changes: ${from}`)
  return code.replace(from, () => to)
}

export const soonerStart: Plugin = {
  name: "sooner-start",
  transform: {
    filter: { id: /node_modules[\\/](effect|string-width)[\\/]/ },
    handler: (code, id) => {
      const path = id.replaceAll("\\", "/")
      return changes.filter(({ file }) => path.endsWith(`node_modules/${file}`)).reduce(changeIn, code)
    },
  },
}
