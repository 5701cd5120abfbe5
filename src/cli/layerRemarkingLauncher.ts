/** A launcher that says in the log what somebody should know of a plugin, at its first launch. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import { PluginLauncher } from "../agent/index.ts"
import { describeRemarks, remarksOn } from "./pluginRemarks.ts"
import { shippedPlugins } from "./shippedPlugins.ts"

export const layerRemarkingLauncher = Layer.effect(
  PluginLauncher,
  Effect.gen(function* () {
    const { launch } = yield* PluginLauncher
    const shipped = yield* Effect.cached(
      Effect.provideContext(shippedPlugins, yield* Effect.context<FileSystem.FileSystem | Path.Path>()),
    )
    const remark = Effect.fnUntraced(function* ({ entry, generation }: Parameters<typeof launch>[0]) {
      if (generation > 1) return
      const remarks = remarksOn(entry, yield* shipped)
      if (remarks === undefined) return
      yield* Effect.forEach(describeRemarks(entry.manifest.name, remarks), (line) => Effect.logWarning(line))
    })
    return PluginLauncher.of({ launch: (request) => Effect.andThen(remark(request), launch(request)) })
  }),
).pipe(Layer.provide(PluginLauncher.layer))
