/** The PluginOperator that does the work, in the plugin's own process. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import type * as Scope from "effect/Scope"
import type { CanonicalizeRequest, CanonicalProperties } from "../protocol/Canonicalization.ts"
import { type Failure, isRecoverable } from "../protocol/ErrorCode.ts"
import type { HandshakeRefused, PluginConfig } from "../protocol/Handshake.ts"
import type { Identification, IdentifyRequest } from "../protocol/Identification.ts"
import type { ListPage, ListRequest, Operation, OperationKind } from "../protocol/Operation.ts"
import { OperationNotSupported, ProtocolError } from "../protocol/OperatorError.ts"
import { PluginOperator, type ProgressObserver } from "../protocol/PluginOperator.ts"
import { IdentifyFailed, ListFailed } from "../protocol/PluginRpcs.ts"
import { type Finished, isFinished } from "../protocol/Progress.ts"
import type { Recovery, RecoverRequest } from "../protocol/Recovery.ts"
import type { OperationId, ResourceType } from "../protocol/Identity.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../protocol/Settings.ts"
import { inSpan } from "../transport/Tracing.ts"
import type { ProviderError } from "./Answer.ts"
import { makeOperatorDriver, type OperatorDriver } from "./OperatorDriver.ts"
import { providerSpanOf } from "./OperationSpan.ts"
import { operatorPolicy, type OperatorPolicy } from "./OperatorPolicy.ts"
import { cutPages } from "./ListPages.ts"
import { LowestLevel } from "./PluginLogger.ts"
import { type OperatorSchedules, pollSchedule } from "./OperatorSchedules.ts"
import { defectFailure, failureOf, handlerFailure, logDefect, withinLimits } from "./ProviderCall.ts"
import { unknown } from "./Recovered.ts"
import { makeRequestLimits } from "./RequestLimits.ts"
import { provideHandlers, type ResourceDefinition } from "./ResourceDefinition.ts"
import { redactFailure, redactText } from "./redactFailure.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/** Runs the handlers of a plugin. It is behind both ways to serve a plugin: over a connection, and in process. */
export interface LocalOperator {
  /** Prepares an operation with the current settings. Nothing is sent to the provider before its first step. */
  readonly begin: (operation: Operation) => Effect.Effect<OperatorDriver, OperationNotSupported>
  /** Runs an operation to its end and returns it. A failure of the provider is an end (`Failed`). */
  readonly perform: (operation: Operation, observe: ProgressObserver) => Effect.Effect<Finished, OperationNotSupported>
  /** Makes an operation that `perform` runs make no call again. */
  readonly stopRetrying: (operationId: OperationId) => Effect.Effect<void>
  /** Returns one page of a list. Fails with `ListFailed` if the provider refuses. */
  readonly list: (request: ListRequest) => Effect.Effect<ListPage, OperationNotSupported | ListFailed>
  /** Finds out what became of a create. The answer is `Unknown` if the provider does not say. */
  readonly recover: (request: RecoverRequest) => Effect.Effect<Recovery, OperationNotSupported>
  /** Gives the canonical forms of properties. Fails with `ProtocolError` if the code of the type throws. */
  readonly canonicalize: (
    request: CanonicalizeRequest,
  ) => Effect.Effect<CanonicalProperties, OperationNotSupported | ProtocolError>
  /** Says which thing a resource is or would be. Fails with `IdentifyFailed` if the provider cannot be asked. */
  readonly identify: (request: IdentifyRequest) => Effect.Effect<Identification, OperationNotSupported | IdentifyFailed>
  /** Changes the settings for later operations, which keep those that they begin with. The log level and the rate limit change at once for all. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<void>
}

const runToEnd = (driver: OperatorDriver, observe: ProgressObserver): Effect.Effect<Finished> =>
  Effect.filterOrElse(driver.next, isFinished, (progress) =>
    Effect.andThen(
      observe(progress),
      Effect.suspend(() => runToEnd(driver, observe)),
    ),
  )

/** Performs operations, and knows those that it performs. */
const makePerformer = (begin: LocalOperator["begin"]): Pick<LocalOperator, "perform" | "stopRetrying"> => {
  const performed = new Map<OperationId, OperatorDriver>()
  return {
    perform: (operation, observe) =>
      Effect.flatMap(begin(operation), (driver) => {
        performed.set(operation.operationId, driver)
        return Effect.ensuring(
          runToEnd(driver, observe),
          Effect.sync(() => performed.delete(operation.operationId)),
        )
      }),
    stopRetrying: (operationId) => Effect.suspend(() => performed.get(operationId)?.stopRetrying ?? Effect.void),
  }
}

/** What a plugin is run with. */
export interface LocalOperatorOptions {
  /** How its operations run until `configure` says otherwise; the defaults, unless given. */
  readonly settings?: OperatorSettings | undefined
  /** The plugin's own settings, by the schema that it declares. */
  readonly config?: PluginConfig | undefined
  /** When failed calls are made again. Overrides the settings, including later changes by `configure`. */
  readonly retry?: OperatorSchedules["retry"] | undefined
  /** When accepted work is polled. Overrides the settings and those of the types, including later changes by `configure`. */
  readonly poll?: OperatorSchedules["poll"] | undefined
}

/**
 * Builds what the handlers need, from the plugin's own settings in `config`, and
 * keeps it until the scope closes. Fails with `HandshakeRefused` if the plugin
 * does not accept the settings, or if its layer cannot be built.
 */
export const makeLocalOperator = Effect.fnUntraced(function* <R>(
  plugin: ResourcePlugin<R>,
  options: LocalOperatorOptions = {},
): Effect.fn.Return<LocalOperator, HandshakeRefused, Scope.Scope> {
  const { config, settings = defaultOperatorSettings } = options
  const requests = yield* makeRequestLimits(plugin)
  let policy = operatorPolicy(plugin.name, requests, options, settings)
  const lowestLevel = yield* LowestLevel
  const configure: LocalOperator["configure"] = (next) =>
    Effect.suspend(() => {
      policy = operatorPolicy(plugin.name, requests, options, next)
      requests.configure(next.rateLimit)
      return lowestLevel === undefined ? Effect.void : Ref.set(lowestLevel, next.logLevel)
    })
  // Before the layer is built, because the layer logs too.
  yield* configure(settings)
  const context: Context.Context<R> = yield* Layer.build(plugin.layerOf(config))
  const definitions = new Map<ResourceType, ResourceDefinition>()
  /** Those of the types that the agent's settings do not fit. */
  const typePolls = new Map<ResourceType, OperatorSchedules["poll"]>()
  for (const [type, definition] of plugin.types) {
    definitions.set(type, provideHandlers(definition, context))
    if (definition.poll !== undefined && options.poll === undefined) {
      typePolls.set(type, pollSchedule(definition.poll))
    }
  }

  const find = (type: ResourceType, operation: string): Effect.Effect<ResourceDefinition, OperationNotSupported> => {
    const definition = definitions.get(type)
    if (definition !== undefined) return Effect.succeed(definition)
    const message = unknownType(plugin.name, type, [...definitions.keys()])
    return Effect.fail(new OperationNotSupported({ operation, message }))
  }

  const begin: LocalOperator["begin"] = (operation) =>
    Effect.map(find(operation.resourceType, operation._tag), (definition) => {
      const poll = typePolls.get(operation.resourceType)
      return makeOperatorDriver(definition, operation, poll === undefined ? policy : { ...policy, poll })
    })

  /** Asks a handler that changes nothing, if the type has it. */
  const ask = Effect.fnUntraced(function* <Request extends Question, A>(
    operation: OperationKind,
    request: Request,
    handlerOf: (definition: ResourceDefinition) => ((request: Request) => Effect.Effect<A, ProviderError>) | undefined,
  ): Effect.fn.Return<A, OperationNotSupported | Refused> {
    const definition = yield* find(request.resourceType, operation)
    const handler = handlerOf(definition)
    if (handler === undefined) {
      const message = `${request.resourceType} does not support ${operation}`
      return yield* new OperationNotSupported({ operation, message })
    }
    const call = handler(request)
    return yield* askProvider({ definition, policy, request, operation, call }).pipe(
      Effect.mapError((failure): Refused => ({ _tag: "Refused", failure })),
    )
  })

  return {
    begin,
    ...makePerformer(begin),
    list: (request) =>
      Effect.mapError(
        ask("List", request, ({ list }) => list && cutPages(list)),
        refusedAs(ListFailed),
      ),
    recover: (request) =>
      Effect.catchTag(
        ask("Recover", request, ({ recover }) => recover),
        "Refused",
        ({ failure: { code, message } }) => Effect.succeed(unknown(`${code}: ${message}`)),
      ),
    identify: (request) =>
      Effect.mapError(
        ask("Identify", request, ({ identify }) => identify),
        refusedAs(IdentifyFailed),
      ),
    canonicalize: (request) =>
      Effect.flatMap(find(request.resourceType, "Canonicalize"), (definition) =>
        canonicalForms(plugin.name, definition, request),
      ),
    configure,
  }
})

const canonicalForms = (
  plugin: string,
  { canonical }: ResourceDefinition,
  { properties, resourceType }: CanonicalizeRequest,
): Effect.Effect<CanonicalProperties, ProtocolError> =>
  Effect.try({
    try: () => ({ properties: canonical === undefined ? properties : properties.map(canonical) }),
    // What was thrown may quote a secret.
    catch: () =>
      new ProtocolError({ message: `The plugin ${plugin} failed to give the canonical form of a ${resourceType}` }),
  })
type Question = IdentifyRequest | ListRequest | RecoverRequest

/** The provider has refused a question. */
interface Refused {
  readonly _tag: "Refused"
  readonly failure: Failure
}

/** A refusal as the error of its call. */
const refusedAs =
  <E>(Failed: new (fields: { readonly failure: Failure }) => E) =>
  (error: OperationNotSupported | Refused): OperationNotSupported | E =>
    error._tag === "Refused" ? new Failed({ failure: error.failure }) : error

const unknownType = (plugin: string, type: ResourceType, known: ReadonlyArray<ResourceType>): string =>
  `The plugin ${plugin} does not know the resource type ${type}. It serves: ${known.join(", ")}`

/** Makes a call that changes nothing, with the time limit and the retries of an operation. */
const askProvider = <A>({
  call,
  definition: { capabilities },
  operation,
  policy,
  request,
}: {
  readonly definition: ResourceDefinition
  readonly policy: OperatorPolicy
  readonly request: Question
  readonly operation: string
  readonly call: Effect.Effect<A, ProviderError>
}): Effect.Effect<A, Failure> =>
  Effect.suspend(() =>
    Effect.annotateLogs(call, { operationId: request.operationId }).pipe(
      withinLimits(policy, operation, { capabilities, targetConfig: request.targetConfig }),
      inSpan(`provider.${operation}`, providerSpanOf(request.resourceType)),
    ),
  ).pipe(
    Effect.mapError(failureOf),
    Effect.catchDefect((defect) => {
      const redact = (text: string) => redactText(capabilities, request, text)
      return logDefect(defect, request.resourceType, operation, redact).pipe(
        Effect.annotateLogs({ operationId: request.operationId }),
        Effect.andThen(Effect.fail(handlerFailure(defect, request.resourceType, operation))),
      )
    }),
    // Before a retry, because a schedule of the host sees the failure.
    Effect.mapError((failure) => redactFailure(capabilities, request, failure)),
    Effect.retry({ schedule: policy.retry, while: ({ code }) => isRecoverable(code) }),
    Effect.catchDefect((defect) => Effect.fail(defectFailure(defect, request.resourceType, "retry schedule"))),
  )

/**
 * The PluginOperator of a plugin that is linked into this process. If the plugin
 * refuses its settings or cannot start, that is a mistake in this program and a
 * defect.
 */
export const layerLocal = <R>(plugin: ResourcePlugin<R>, options?: LocalOperatorOptions): Layer.Layer<PluginOperator> =>
  Layer.effect(PluginOperator, Effect.orDie(makeLocalOperator(plugin, options)))
