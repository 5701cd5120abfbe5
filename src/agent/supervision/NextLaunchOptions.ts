/** What the launches of a plugin are made with and report to. */
import type * as Effect from "effect/Effect"
import type { Generation, OperationId } from "../../protocol/Identity.ts"
import type { Launch } from "../launch/Launch.ts"
import type { IdleTime } from "./IdleTime.ts"
import type { PluginOptionsOf } from "./PluginOptionsOf.ts"
import type { StartOptions } from "./ServedLaunch.ts"

export interface NextLaunchOptions extends StartOptions {
  readonly plugin: string
  readonly options: PluginOptionsOf
  readonly idle: IdleTime
  /** How long a launch that is to be replaced may be busy before it takes nothing more. */
  readonly recycleMillis: number
  /** Run when the launch begins to serve, and when it serves again. */
  readonly onReady: (launch: Launch) => Effect.Effect<unknown>
  /** Run when the launch serves no more, and the one with this number is started in its place. */
  readonly onRecycle: (launch: Launch, next: number) => Effect.Effect<unknown>
  /** Run when the launch no longer serves. Its process may still have to be cleaned up. */
  readonly onEnd: (generation: Generation, reason: string) => Effect.Effect<unknown>
  /** Returns the operations that are set aside because of a crash. */
  readonly onCrash: (crash: LaunchCrash) => ReadonlyArray<OperationId>
}

/** What is known about a crash when it happens. */
export interface LaunchCrash {
  /** The operations in flight. */
  readonly operations: ReadonlyArray<OperationId>
  /** Those of them that were sent and had no answer yet. */
  readonly unanswered: ReadonlyArray<OperationId>
  readonly servedMillis: number
  readonly reason: string
}
