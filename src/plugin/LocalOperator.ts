/** The PluginOperator that does the work, in the plugin's own process. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import type * as Scope from "effect/Scope"
import { isRecoverable } from "../protocol/ErrorCode.ts"
import type { HandshakeRefused, PluginConfig } from "../protocol/Handshake.ts"
import type { ListPage, ListRequest, Operation } from "../protocol/Operation.ts"
import { OperationNotSupported } from "../protocol/OperatorError.ts"
import { PluginOperator, type ProgressObserver } from "../protocol/PluginOperator.ts"
import { ListFailed } from "../protocol/PluginRpcs.ts"
import { type Finished, isFinished } from "../protocol/Progress.ts"
import type { Recovery, RecoverRequest } from "../protocol/Recovery.ts"
import type { ResourceType } from "../protocol/Identity.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../protocol/Settings.ts"
import type { ProviderError } from "./Answer.ts"
import { makeOperatorDriver, type OperatorDriver } from "./OperatorDriver.ts"
import { cutPages } from "./ListPages.ts"
import { LowestLevel } from "./PluginLogger.ts"
import { retrySchedule } from "./OperatorSchedules.ts"
import { defectFailure, failureOf, withinCallTimeout } from "./ProviderCall.ts"
import { unknown } from "./Recovered.ts"
import { provideHandlers, type ResourceDefinition } from "./ResourceDefinition.ts"
import { redactFailure } from "./redactFailure.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/** Runs the handlers of a plugin. It is behind both ways to serve a plugin: over a connection, and in process. */
export interface LocalOperator {
  /** Prepares an operation with the current settings. Nothing is sent to the provider before its first step. */
  readonly begin: (operation: Operation) => Effect.Effect<OperatorDriver, OperationNotSupported>
  /** Runs an operation to its end and returns it. A failure of the provider is an end (`Failed`). */
  readonly perform: (operation: Operation, observe: ProgressObserver) => Effect.Effect<Finished, OperationNotSupported>
  /** Returns one page of a list. Fails with `ListFailed` if the provider refuses. */
  readonly list: (request: ListRequest) => Effect.Effect<ListPage, OperationNotSupported | ListFailed>
  /** Finds out what became of a create. The answer is `Unknown` if the provider does not say. */
  readonly recover: (request: RecoverRequest) => Effect.Effect<Recovery, OperationNotSupported>
  /** Changes the settings for later operations. The log level changes at once; operations under way keep their settings. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
}

const runToEnd = (driver: OperatorDriver, observe: ProgressObserver): Effect.Effect<Finished> =>
  Effect.filterOrElse(driver.next, isFinished, (progress) =>
    Effect.andThen(
      observe(progress),
      Effect.suspend(() => runToEnd(driver, observe)),
    ),
  )

/**
 * Builds what the handlers need, from the plugin's own settings in `config`, and
 * keeps it until the scope closes. Fails with `HandshakeRefused` if the plugin
 * does not accept the settings, or if its layer cannot be built.
 */
export const makeLocalOperator = Effect.fnUntraced(function* <R>(
  plugin: ResourcePlugin<R>,
  initial: OperatorSettings = defaultOperatorSettings,
  config?: PluginConfig,
): Effect.fn.Return<LocalOperator, HandshakeRefused, Scope.Scope> {
  const settings = yield* Ref.make(initial)
  const lowestLevel = yield* LowestLevel
  const configure: LocalOperator["configure"] = (next) =>
    Effect.andThen(
      Ref.set(settings, next),
      lowestLevel === undefined ? Effect.void : Ref.set(lowestLevel, next.logLevel),
    )
  // Before the layer is built, because the layer logs too.
  yield* configure(initial)
  const context: Context.Context<R> = yield* Layer.build(plugin.layerOf(config))
  const definitions = new Map<ResourceType, ResourceDefinition>()
  for (const [type, definition] of plugin.types) definitions.set(type, provideHandlers(definition, context))

  const find = (type: ResourceType, operation: string): Effect.Effect<ResourceDefinition, OperationNotSupported> => {
    const definition = definitions.get(type)
    if (definition !== undefined) return Effect.succeed(definition)
    const known = [...definitions.keys()].join(", ")
    return Effect.fail(
      new OperationNotSupported({
        operation,
        message: `The plugin ${plugin.name} does not know the resource type ${type}. It serves: ${known}`,
      }),
    )
  }

  const begin: LocalOperator["begin"] = (operation) =>
    Effect.flatMap(find(operation.resourceType, operation._tag), (definition) =>
      Effect.map(Ref.get(settings), (current) => makeOperatorDriver(definition, operation, current)),
    )

  /** Makes a call that changes nothing, with the time limit and the retries of an operation. */
  const askProvider = Effect.fnUntraced(function* <A>(
    { capabilities }: ResourceDefinition,
    request: ListRequest | RecoverRequest,
    operation: string,
    call: Effect.Effect<A, ProviderError>,
  ) {
    const current = yield* Ref.get(settings)
    return yield* call.pipe(
      Effect.annotateLogs({ operationId: request.operationId }),
      withinCallTimeout(current),
      Effect.retry({ schedule: retrySchedule(current.retry), while: (error) => isRecoverable(error.code) }),
      Effect.mapError(failureOf),
      Effect.catchDefect((defect) => Effect.fail(defectFailure(defect, request.resourceType, operation))),
      Effect.mapError((failure) => redactFailure(capabilities, request, failure)),
    )
  })

  return {
    begin,
    perform: (operation, observe) => Effect.flatMap(begin(operation), (driver) => runToEnd(driver, observe)),
    list: Effect.fnUntraced(function* (request) {
      const definition = yield* find(request.resourceType, "List")
      const { list } = definition
      if (list === undefined) {
        return yield* new OperationNotSupported({
          operation: "List",
          message: `${request.resourceType} does not support listing`,
        })
      }
      return yield* askProvider(definition, request, "List", cutPages(list)(request)).pipe(
        Effect.mapError((failure) => new ListFailed({ failure })),
      )
    }),
    recover: Effect.fnUntraced(function* (request) {
      const definition = yield* find(request.resourceType, "Recover")
      const { recover } = definition
      if (recover === undefined) {
        return yield* new OperationNotSupported({
          operation: "Recover",
          message: `${request.resourceType} does not support recovery`,
        })
      }
      return yield* askProvider(definition, request, "Recover", recover(request)).pipe(
        Effect.catch(({ code, message }) => Effect.succeed(unknown(`${code}: ${message}`))),
      )
    }),
    configure,
  }
})

/**
 * The PluginOperator of a plugin that is linked into this process. If the plugin
 * refuses its settings or cannot start, that is a mistake in this program and a
 * defect.
 */
export const layerLocal = <R>(
  plugin: ResourcePlugin<R>,
  settings?: OperatorSettings,
  config?: PluginConfig,
): Layer.Layer<PluginOperator> =>
  Layer.effect(PluginOperator, Effect.orDie(makeLocalOperator(plugin, settings, config)))
