import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import * as NodePath from "@effect/platform-node/NodePath"
import { inspectorDoor } from "../../src/platform/inspectorDoor.ts"
import { isAbsolutePath, pathDelimiter, withSlashes } from "../../src/platform/paths.ts"
import { Platform, thisPlatform, variableKey } from "../../src/platform/Platform.ts"
import { isProcess } from "../../src/platform/signals.ts"
import { signalCodes, stopSignalsOf } from "../../src/platform/stopSignals.ts"

const systems = ["linux", "darwin", "win32"] as const

it.effect("the platform is that of this process, unless another is provided", () =>
  Effect.gen(function* () {
    assert.strictEqual(yield* Platform, process.platform)
    assert.strictEqual(thisPlatform, process.platform)
    assert.strictEqual(yield* Effect.provideService(Platform, Platform, "win32"), "win32")
  }),
)

describe("a path that names one place", () => {
  it.each([
    ["/a", [true, true, false]],
    ["a", [false, false, false]],
    ["./a", [false, false, false]],
    ["", [false, false, false]],
    [String.raw`C:\a`, [false, false, true]],
    ["c:/a", [false, false, true]],
    ["C:a", [false, false, false]],
    [String.raw`\a`, [false, false, false]],
    [String.raw`\\host\share`, [false, false, true]],
    ["//host/share", [true, true, true]],
  ] as const)("%s, on Linux, macOS and Windows: %j", (path, expected) => {
    assert.deepEqual(
      systems.map((platform) => isAbsolutePath(platform, path)),
      [...expected],
    )
  })
})

it.effect.each([
  ["Windows", NodePath.layerWin32, String.raw`..\packages\formae.tgz`],
  ["the others", NodePath.layerPosix, "../packages/formae.tgz"],
] as const)("a path on %s is written with slashes", ([, layer, path]) =>
  Effect.gen(function* () {
    assert.strictEqual(withSlashes((yield* Path.Path).sep, path), "../packages/formae.tgz")
  }).pipe(Effect.provide(layer)),
)

it("a backslash is part of a name where it does not separate", () => {
  assert.strictEqual(withSlashes("/", String.raw`a\b/c`), String.raw`a\b/c`)
})

it.each([
  ["linux", ["SIGHUP", "SIGINT", "SIGTERM"], ":", "SIGUSR1", "Path"],
  ["darwin", ["SIGHUP", "SIGINT", "SIGTERM"], ":", "SIGUSR1", "Path"],
  ["win32", ["SIGHUP", "SIGINT", "SIGTERM", "SIGBREAK"], ";", "debugProcess", "PATH"],
] as const)("on %s", (platform, signals, delimiter, door, key) => {
  assert.deepEqual(stopSignalsOf(platform), [...signals])
  assert.strictEqual(pathDelimiter(platform), delimiter)
  assert.strictEqual(inspectorDoor(platform), door)
  assert.strictEqual(variableKey(platform, "Path"), key)
})

it("a signal is said by the exit code that shells use", () => {
  // Of Windows, in signal.h of its C library.
  const sigbreak = 21
  assert.deepEqual(signalCodes, { SIGHUP: 128 + 1, SIGINT: 128 + 2, SIGTERM: 128 + 15, SIGBREAK: 128 + sigbreak })
})

it("a process is there, or it is not", () => {
  assert.isTrue(isProcess(process.pid))
  // The largest id that Linux gives is 2^22.
  assert.isFalse(isProcess(2 ** 22 + 1))
})
