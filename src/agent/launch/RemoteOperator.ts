/** PluginOperator over a connection: the work is done in the plugin's process. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import type { OperationId } from "../../protocol/Identity.ts"
import type { Operation } from "../../protocol/Operation.ts"
import {
  ConnectionLost,
  OperationNotSupported,
  OperationTimedOut,
  type OperatorError,
  ProtocolError,
} from "../../protocol/OperatorError.ts"
import { PluginOperator, type PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { CallError, IdentifyFailed, ListFailed, OperationError } from "../../protocol/PluginRpcs.ts"
import { isFinished, type Progress } from "../../protocol/Progress.ts"
import { isUnsendable } from "../../transport/RequestFrame.ts"
import { inSpan } from "../../transport/Tracing.ts"
import { type Admission, makeAdmission } from "./Admission.ts"
import { makeDeadlines } from "./Deadlines.ts"
import type { PluginClient } from "./PluginClient.ts"
import { describeUnreadable } from "./UnreadableAnswer.ts"
import { watchOperation } from "./watchOperation.ts"

/** What a plugin may fail a call with. */
type CallFailure = CallError | IdentifyFailed | ListFailed | OperationError

export interface RemoteOperator {
  readonly operator: PluginOperatorShape
  /** The operations that were sent and have not ended. */
  readonly inFlight: () => ReadonlyArray<OperationId>
  /** Those of them that have no answer yet. Work that was accepted, and a call that only asks for its status, are not among them. */
  readonly unanswered: () => ReadonlyArray<OperationId>
  /** Whether any operation was sent at all. */
  readonly hasServed: () => boolean
  /** Callers that wait for a turn when nothing is taken any more fail with an error that says that nothing was sent. */
  readonly admission: Admission
}

/** The calls that take a turn and are not operations on one resource. */
type OtherCall = "List" | "Canonicalize" | "Identify" | "Recover"

interface RemoteOperatorOptions {
  readonly client: PluginClient
  /** The name of the plugin. */
  readonly plugin: string
  /** How many operations may be in flight at the same time; more wait for their turn. */
  readonly inFlight: number
  /** How long one operation may be in flight. */
  readonly limit: Duration.Duration
  /** How the plugin ended, in words, once a connection is lost. */
  readonly describeLoss: Effect.Effect<string>
  /** Sends an operation, once it has its turn. By default, as it is. */
  readonly send?: SendOperation | undefined
}

/** Sends an operation, and gives its first answer. */
export type SendOperation = (operation: Operation) => Effect.Effect<Progress, OperationError | RpcClientError>

export const makeRemoteOperator = ({
  client,
  describeLoss,
  inFlight,
  limit,
  plugin,
  send = (operation) => sendOperation(client, operation),
}: RemoteOperatorOptions) =>
  Effect.map(makeDeadlines(limit), (deadlines): RemoteOperator => {
    const admission = makeAdmission(inFlight)
    const sent = new Set<OperationId>()
    const unanswered = new Set<OperationId>()
    let served = false
    const typedErrors = makeTypedErrors(describeLoss)
    const spanOf = makeSpans(plugin)

    /** Waits for a turn, and lists the operation as in flight while it has one. */
    const inTurn = <A, E extends CallFailure, B, E2>(
      operationId: OperationId,
      operation: Operation["_tag"] | OtherCall,
      call: Effect.Effect<A, E | RpcClientError>,
      rest: (answer: A) => Effect.Effect<B, E2>,
    ) => {
      const end = () => {
        sent.delete(operationId)
        unanswered.delete(operationId)
      }
      return admission.inTurn(
        Effect.suspend((): Effect.Effect<B, Exclude<E, RpcClientError> | OperatorError | E2> => {
          served = true
          sent.add(operationId)
          if (operation !== "Status") unanswered.add(operationId)
          const timed = deadlines.within(
            call,
            (exit): Effect.Effect<B, Exclude<E, RpcClientError> | OperatorError | E2> =>
              exit._tag === "Success" ? rest(exit.value) : typedErrors(operation, Effect.failCause(exit.cause)),
            // Interrupts the call, and with it the operation in the plugin.
            () => Effect.fail(timedOut(operation, limit, plugin)),
          )
          return spanOf(operation)(Effect.ensuring(timed, Effect.sync(end)))
        }),
        Effect.suspend(() => Effect.fail(new ConnectionLost({ message: `${operation} was not sent`, sent: false }))),
      )
    }

    const whole = <A, E extends CallFailure>(
      operation: OtherCall,
      operationId: OperationId,
      call: Effect.Effect<A, E | RpcClientError>,
    ) => inTurn(operationId, operation, call, Effect.succeed)

    const operator = PluginOperator.of({
      perform: (operation, observe) =>
        inTurn(operation.operationId, operation._tag, send(operation), (first) => {
          if (isFinished(first)) return Effect.succeed(first)
          unanswered.delete(operation.operationId)
          return typedErrors(operation._tag, watchOperation(client, operation, first, observe))
        }),
      // Without a turn: the operation itself has one until it ends.
      stopRetrying: (operationId) => typedErrors("StopRetrying", client.StopRetrying({ operationId })),
      list: (request) => whole("List", request.operationId, client.List(request)),
      canonicalize: (request) => whole("Canonicalize", request.operationId, client.Canonicalize(request)),
      identify: (request) => whole("Identify", request.operationId, client.Identify(request)),
      recover: (request) => whole("Recover", request.operationId, client.Recover(request)),
    })

    return {
      operator,
      inFlight: () => [...sent],
      unanswered: () => [...unanswered],
      hasServed: () => served,
      admission,
    }
  })

/** The span of a call: from its turn to its end. */
const makeSpans = (plugin: string) => {
  const facts = { kind: "client", attributes: { "formae.plugin": plugin } } as const
  return (operation: string) => inSpan(`plugin.${operation}`, facts)
}

/** Turns what the rpc layer reports as its own errors into errors of the protocol. A call that succeeds pays nothing for it. */
const makeTypedErrors = (describeLoss: Effect.Effect<string>) => {
  const fail = (operation: string, reason: string) =>
    Effect.flatMap(describeLoss, (loss) =>
      Effect.fail(new ConnectionLost({ message: `${operation} has no answer: ${loss} (${reason})`, sent: true })),
    )
  const lost = (
    operation: string,
    error: RpcClientError,
  ): Effect.Effect<never, ConnectionLost | OperationNotSupported> =>
    isUnsendable(error)
      ? Effect.fail(new OperationNotSupported({ operation, message: `${operation}: ${error.reason.message}` }))
      : fail(operation, error.reason.message)

  return <A, E extends CallFailure>(operation: string, calls: Effect.Effect<A, E | RpcClientError>) =>
    Effect.catchCause(calls, (cause) =>
      Effect.failCause(cause).pipe(
        Effect.catchIf(isRpcClientError, (error) => lost(operation, error)),
        Effect.catchDefect((defect) => Effect.fail(defectError(operation, defect))),
        // If the caller were interrupted, it would not get here: the launch is over, or the plugin gave the call up.
        Effect.catchCauseIf(Cause.hasInterruptsOnly, () => fail(operation, "the call was interrupted")),
      ),
    )
}

const isRpcClientError = (error: CallFailure | RpcClientError): error is RpcClientError =>
  error._tag === "RpcClientError"

/** Sends an operation as it is. */
export const sendOperation = (
  client: PluginClient,
  operation: Operation,
): Effect.Effect<Progress, OperationError | RpcClientError> => {
  switch (operation._tag) {
    case "Create":
      return client.Create(operation)
    case "Read":
      return client.Read(operation)
    case "Update":
      return client.Update(operation)
    case "Delete":
      return client.Delete(operation)
    case "Status":
      return client.Status(operation)
  }
}

const timedOut = (operation: string, limit: Duration.Duration, plugin: string): OperationTimedOut =>
  new OperationTimedOut({
    message: `${operation} did not end within ${Duration.format(limit)} in the plugin ${plugin}`,
  })

/** How a plugin begins its answer to a call that it does not know, as PROTOCOL.md says. */
const unknownCall = "Unknown request tag"

/**
 * A defect of a call is an unknown call, or a payload that one side could not
 * read. Handlers answer with typed failures.
 */
const defectError = (operation: string, defect: unknown): OperationNotSupported | ProtocolError => {
  const unreadable = describeUnreadable(defect)
  if (unreadable !== undefined) {
    return new ProtocolError({
      message: `${operation}: the answer cannot be read: ${unreadable}`,
    })
  }
  const text = Predicate.isError(defect) ? defect.message : String(defect)
  return text.startsWith(unknownCall)
    ? new OperationNotSupported({ operation, message: `The plugin does not know the call ${operation}` })
    : new ProtocolError({ message: `${operation}: ${text}` })
}
