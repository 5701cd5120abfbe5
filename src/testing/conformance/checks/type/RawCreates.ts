/** Creates of one type by raw frames, for what an agent does not show: what is in each frame, and what it may not send. */
import * as Effect from "effect/Effect"
import type { OperationId } from "../../../../protocol/Identity.ts"
import { isFinished, type Progress, type Succeeded } from "../../../../protocol/Progress.ts"
import type { Properties, TargetConfig } from "../../../../protocol/Resource.ts"
import type { CurrentPeer } from "../../peer/CurrentPeer.ts"
import { describeFinished } from "../../peer/expectEnd.ts"
import { progressOf, type RawProgress, watchToEnd } from "../../peer/RawOperation.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import type { TypeAtTarget } from "../../peer/TypeAtTarget.ts"
import { missingId } from "../../peer/TypeCalls.ts"
import type { Traces } from "../../peer/Traces.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"

/** The payload of a Create. */
export interface CreatePayload {
  readonly operationId: OperationId
  readonly resourceType: string
  readonly targetConfig: TargetConfig
  readonly label: string
  readonly properties: Properties
}

/** A create that was answered, and the process that has answered. */
export interface BegunCreate {
  readonly peer: RawPeer
  readonly payload: CreatePayload
  readonly first: Progress
}

export interface RawCreates {
  readonly peer: CurrentPeer
  readonly payload: (properties: Properties) => CreatePayload
  /** Sends a create. What it makes is known from then on. */
  readonly begin: (properties: Properties) => Effect.Effect<BegunCreate, Finding>
  /** Watches it to its end. `hold` keeps the first Ack back. */
  readonly finish: (begun: BegunCreate, hold?: Effect.Effect<unknown, Finding>) => Effect.Effect<RawProgress, Finding>
  /** Keeps what was made, for the clean-up. */
  readonly keep: (progress: ReadonlyArray<Progress>) => Effect.Effect<void>
  /** A call that is answered after what was written before it. */
  readonly receipt: (peer: RawPeer) => Effect.Effect<void, Finding>
}

export interface RawCreatesOptions {
  readonly peer: CurrentPeer
  readonly type: TypeAtTarget
  readonly traces: Traces
  readonly nextOperationId: () => OperationId
  /** For one operation, in milliseconds. */
  readonly withinMillis: number
}

export const makeRawCreates = ({
  nextOperationId,
  peer,
  traces,
  type,
  withinMillis,
}: RawCreatesOptions): RawCreates => {
  const madeOf = { type: type.type, capabilities: type.capabilities, target: type.target }
  const about = () => ({
    operationId: nextOperationId(),
    resourceType: type.type,
    targetConfig: type.target,
    label: "conformance",
  })
  const keep: RawCreates["keep"] = (progress) =>
    Effect.sync(() => {
      for (const { nativeId } of progress) {
        if (nativeId !== undefined) traces.addMade({ ...madeOf, nativeId })
      }
    })
  const payload: RawCreates["payload"] = (properties) => ({ ...about(), properties })
  return {
    peer,
    payload,
    keep,
    begin: (properties) =>
      Effect.flatMap(peer, (current) => {
        const asked = payload(properties)
        return Effect.flatMap(current.ask("Create", asked, { withinMillis }), (answer) =>
          progressOf("Create", answer),
        ).pipe(
          Effect.tap((first) => keep([first])),
          Effect.map((first) => ({ peer: current, payload: asked, first })),
        )
      }),
    finish: ({ first, payload: { operationId }, peer: current }, hold) =>
      Effect.tap(watchToEnd({ peer: current, operationId, first, withinMillis, hold }), ({ progress }) =>
        keep(progress),
      ),
    receipt: (current) => Effect.asVoid(current.ask("Read", { ...about(), nativeId: missingId }, { withinMillis })),
  }
}

/** For the checks that need a create that was accepted and is still under way. */
export const requireInProgress = (first: Progress): Effect.Effect<void, Finding> => {
  if (!isFinished(first)) return Effect.void
  // Another check reports a create that fails.
  return Effect.fail(skip(first.status === "Succeeded" ? "its create ends with the answer" : describeFinished(first)))
}

export const expectSucceeded = ({ progress }: RawProgress): Effect.Effect<Succeeded, Finding> => {
  const last = progress.at(-1)
  return last?.status === "Succeeded"
    ? Effect.succeed(last)
    : Effect.fail(mismatch("Succeeded at the end of Watch", last === undefined ? "nothing" : describe(last)))
}

const describe = (progress: Progress): string =>
  isFinished(progress) ? describeFinished(progress) : "InProgress, and no more"
