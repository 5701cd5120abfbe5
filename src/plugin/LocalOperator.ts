/** PluginOperator where the work is done: in the plugin's own process. */
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
import {
  defectFailure,
  failureOf,
  makeOperatorDriver,
  type OperatorDriver,
  withinCallTimeout,
} from "./OperatorDriver.ts"
import { cutPages } from "./ListPages.ts"
import { LowestLevel } from "./PluginLogger.ts"
import { retrySchedule } from "./OperatorSchedules.ts"
import { unknown } from "./Recovered.ts"
import { provideHandlers, type ResourceDefinition } from "./ResourceDefinition.ts"
import { redacted } from "./redactFailure.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/** What the two ways of serving a plugin have in common: over a connection, and in process. */
export interface LocalOperator {
  /** Makes an operation ready, by the settings of this moment. Nothing is sent before its first step. */
  readonly begin: (operation: Operation) => Effect.Effect<OperatorDriver, OperationNotSupported>
  /** Runs an operation to its end. */
  readonly perform: (operation: Operation, observe: ProgressObserver) => Effect.Effect<Finished, OperationNotSupported>
  readonly list: (request: ListRequest) => Effect.Effect<ListPage, OperationNotSupported | ListFailed>
  /** A provider that does not answer leaves it unknown. */
  readonly recover: (request: RecoverRequest) => Effect.Effect<Recovery, OperationNotSupported>
  /** Settings hold for the next operation, and those on their way keep theirs; the log level holds at once. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
}

const toTheEnd = (driver: OperatorDriver, observe: ProgressObserver): Effect.Effect<Finished> =>
  Effect.filterOrElse(driver.next, isFinished, (progress) =>
    Effect.andThen(
      observe(progress),
      Effect.suspend(() => toTheEnd(driver, observe)),
    ),
  )

/**
 * Builds what the handlers need, by the plugin's own settings in `config`. Those
 * that it does not accept, and a layer that can not be built, are a refusal.
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
  // First, because the layer logs too.
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

  /** A call that changes nothing, retried by the policy of operations. */
  const asking = Effect.fnUntraced(function* <A>(
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
      Effect.mapError((failure) => redacted(capabilities, request, failure)),
    )
  })

  return {
    begin,
    perform: (operation, observe) => Effect.flatMap(begin(operation), (driver) => toTheEnd(driver, observe)),
    list: Effect.fnUntraced(function* (request) {
      const definition = yield* find(request.resourceType, "List")
      const { list } = definition
      if (list === undefined) {
        return yield* new OperationNotSupported({
          operation: "List",
          message: `Resources of the type ${request.resourceType} can not be listed`,
        })
      }
      return yield* asking(definition, request, "List", cutPages(list)(request)).pipe(
        Effect.mapError((failure) => new ListFailed({ failure })),
      )
    }),
    recover: Effect.fnUntraced(function* (request) {
      const definition = yield* find(request.resourceType, "Recover")
      const { recover } = definition
      if (recover === undefined) {
        return yield* new OperationNotSupported({
          operation: "Recover",
          message: `Of a ${request.resourceType} nobody can be asked what became of its create`,
        })
      }
      return yield* asking(definition, request, "Recover", recover(request)).pipe(
        Effect.catch(({ code, message }) => Effect.succeed(unknown(`${code}: ${message}`))),
      )
    }),
    configure,
  }
})

/**
 * PluginOperator of a plugin that is linked into this process. A plugin that
 * refuses its settings, or can not start, is a mistake of the program: a defect.
 */
export const layerLocal = <R>(
  plugin: ResourcePlugin<R>,
  settings?: OperatorSettings,
  config?: PluginConfig,
): Layer.Layer<PluginOperator> =>
  Layer.effect(PluginOperator, Effect.orDie(makeLocalOperator(plugin, settings, config)))
