import { assert, describe, it } from "@effect/vitest"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import { isInside } from "../../../src/agent/catalog/isInside.ts"

type Cases = ReadonlyArray<readonly [folder: string, file: string, expected: boolean]>

/** The same for both ways to write paths, where `/` stands for the separator. */
const everywhere = (root: string): Cases => [
  [root, `${root}main.js`, true],
  [root, `${root}dist/main.js`, true],
  [root, `${root}..main.js`, true],
  [root, root, false],
  [`${root}aws`, `${root}aws/main.js`, true],
  [`${root}aws/`, `${root}aws/main.js`, true],
  [`${root}aws`, `${root}aws/..main.js`, true],
  [`${root}aws`, `${root}aws/.../main.js`, true],
  [`${root}aws`, `${root}aws`, false],
  [`${root}aws`, `${root}aws/../main.js`, false],
  [`${root}aws`, `${root}aws-2/main.js`, false],
  [`${root}aws`, `${root}main.js`, false],
  [`${root}aws/dist`, `${root}aws`, false],
]

const onPosix: Cases = [
  ...everywhere("/"),
  // A backslash is a part of a name.
  ["/aws", "/aws\\..\\main.js", false],
  ["/aws", "/aws/..\\main.js", true],
  ["/aws", "/AWS/main.js", false],
]

const onWindows: Cases = [
  ...["C:\\", "\\\\server\\share\\", "\\\\?\\C:\\"]
    .flatMap(everywhere)
    .map(([folder, file, expected]) => [folder.replaceAll("/", "\\"), file.replaceAll("/", "\\"), expected] as const),
  ["\\\\server\\share", "\\\\server\\share\\main.js", true],
  ["C:\\aws", "c:\\AWS\\main.js", true],
  ["C:\\aws", "C:/aws/main.js", true],
  ["C:\\aws", "C:/aws/../main.js", false],
  ["C:\\", "D:\\main.js", false],
  ["C:\\aws", "D:\\aws\\main.js", false],
  ["\\\\server\\share\\", "\\\\server\\other\\main.js", false],
  ["\\\\server\\share\\", "\\\\elsewhere\\share\\main.js", false],
]

describe("a file is inside of a folder", () => {
  it.effect.each(onPosix)("that is %j on POSIX, where it is %j: %s", ([folder, file, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(isInside(yield* Path.Path, folder, file), expected)
    }).pipe(Effect.provide(NodePath.layerPosix)),
  )

  it.effect.each(onWindows)("that is %j on Windows, where it is %j: %s", ([folder, file, expected]) =>
    Effect.gen(function* () {
      assert.strictEqual(isInside(yield* Path.Path, folder, file), expected)
    }).pipe(Effect.provide(NodePath.layerWin32)),
  )
})
