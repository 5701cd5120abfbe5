/** Faults at the calls of a plugin's handlers, and the plugin that has them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ProviderError } from "../plugin/Answer.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import type { ErrorCode } from "../protocol/ErrorCode.ts"
import { typesAround } from "./aroundCalls.ts"
import type { CallFilter } from "./CallFilter.ts"
import { CallNumbers, type NumberedCall } from "./CallNumbers.ts"

/** Runs instead of a call. `handle` is the call itself, with the faults that come after this one. */
export type CallFault = <A, R>(
  call: NumberedCall,
  handle: Effect.Effect<A, ProviderError, R>,
) => Effect.Effect<A, ProviderError, R>

/**
 * Runs `fault` before the handler of these calls: the provider has not been
 * asked yet. If the fault succeeds, the handler follows. It may be `crash()`,
 * `stall`, `refuse(code)` or any other effect: `Effect.sleep` makes a call slow,
 * and with `Effect.never` it is never answered.
 *
 *     beforeCall(nthCall("Read", 2), Effect.sleep("2 seconds"))
 */
export const beforeCall =
  (filter: CallFilter, fault: Effect.Effect<unknown, ProviderError>): CallFault =>
  (call, handle) =>
    filter(call) ? Effect.andThen(fault, handle) : handle

/**
 * Runs `fault` after the handler of these calls, before the answer is sent: the
 * provider has done its work, and nobody has heard of it. If the fault succeeds,
 * the answer follows.
 *
 *     afterCall(nthCall("Create", 1), crash())
 */
export const afterCall =
  (filter: CallFilter, fault: Effect.Effect<unknown, ProviderError>): CallFault =>
  (call, handle) =>
    filter(call) ? Effect.flatMap(Effect.exit(handle), (exit) => Effect.andThen(fault, exit)) : handle

/**
 * Fails a call as a provider does. After a recoverable code, such as
 * `Throttling`, the operator makes the call again by its retry policy; after any
 * other code the operation has failed.
 *
 *     beforeCall(firstCalls("Create", 3), refuse("Throttling"))
 */
export const refuse = (code: ErrorCode, message = `The test refuses this call: ${code}`) =>
  Effect.fail(ProviderError.of(code, message))

/**
 * The same plugin, with these faults at the calls of its handlers. If several
 * strike the same call, the first is around the others. Calls are numbered by
 * their kind, over all launches and within each.
 *
 * The plugin can be served by fake processes (`serves`, `fakePlugin`) or linked
 * in (`inProcess`). `crash` and `stall` need a fake process.
 *
 * @example
 * ```ts
 * import { definePlugin } from "formae/plugin"
 * import { beforeCall, crash, firstCalls, withFaults } from "formae/testing"
 *
 * const plugin = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] })
 * const crashing = withFaults(plugin, beforeCall(firstCalls("Create", 3), crash("SIGSEGV")))
 * ```
 */
export const withFaults = <R>(
  plugin: ResourcePlugin<R>,
  ...faults: ReadonlyArray<CallFault>
): ResourcePlugin<R | CallNumbers> => ({
  ...plugin,
  types: typesAround(plugin, (call, handle) =>
    CallNumbers.use(({ numbered }) =>
      numbered(call, (numberedCall) => faults.reduceRight((inner, fault) => fault(numberedCall, inner), handle)),
    ),
  ),
  layerOf: (config) => Layer.merge(plugin.layerOf(config), CallNumbers.layer),
})
