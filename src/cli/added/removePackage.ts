/** Removes a plugin that was added. */
import * as Effect from "effect/Effect"
import { badInput } from "../CommandFailure.ts"
import { withoutPlugin } from "./AddedPlugins.ts"
import { changeAdded, readAdded, writeAdded } from "./AddedStore.ts"
import { sweepAdded } from "./sweepAdded.ts"

/** By the name of its package, or by that of the plugin in it. A command that uses it keeps its files until it ends. */
export const removePackage = Effect.fnUntraced(function* (named: string) {
  const folder = yield* changeAdded
  const before = yield* readAdded(folder)
  const removed =
    before.plugins.find(({ name }) => name === named) ??
    before.plugins.find(({ current }) => current.plugin.name === named)
  if (removed === undefined) {
    const names = before.plugins.map(({ name }) => name).join(", ")
    return yield* badInput(
      "PluginNotAdded",
      `You have not added a plugin ${named}; ${names === "" ? "there is none" : `there are: ${names}`}. Nothing was changed`,
    )
  }
  const after = withoutPlugin(before, removed.name)
  yield* writeAdded(folder, after)
  yield* sweepAdded(folder, after)
  return removed
}, Effect.scoped)
