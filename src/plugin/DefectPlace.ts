/** Where in the code of a plugin's author something was thrown. */
import * as Predicate from "effect/Predicate"

/** The stack, if there is one, with the message in its first lines. */
export const stackOf = (defect: unknown): string =>
  Predicate.isError(defect) ? (defect.stack ?? String(defect)) : String(defect)

/** A frame in Node, in a package, or in formae itself, whose files are in this folder and beside it. */
const isForeign = (frame: string, own: string): boolean =>
  frame.includes("node:") || frame.includes("/node_modules/") || frame.includes(own)

/** The folder of formae's own code while it is in files of its own. In a bundle it is in the file of the author. */
const ownFolder = (url: string): string =>
  url.endsWith(".ts") ? new URL("../", url).pathname : "/node_modules/formae/"

/** The top frame of the author's code, such as `create (/work/my-cloud/src/Bucket.ts:12:9)`. */
export const authorFrame = (defect: unknown, url = import.meta.url): string | undefined => {
  const own = ownFolder(url)
  const frames = stackOf(defect)
    .split("\n")
    .flatMap((line) => /^\s+at (.+:\d+:\d+\)?)$/.exec(line)?.[1] ?? [])
    .map((frame) => frame.replace("file://", ""))
  return frames.find((frame) => !isForeign(frame, own))
}
