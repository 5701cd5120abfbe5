/** The processes of a plugin that are started raw, each a launch of its own. */
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import type { GuardProcess } from "../../../agent/launch/GuardProcess.ts"
import type { LaunchProcesses } from "../../../agent/launch/LaunchProcesses.ts"
import { nodeArguments } from "../../../agent/launch/PluginLauncher.ts"
import { LaunchId } from "../../../protocol/Identity.ts"
import { type Finding, mismatch } from "../report/Finding.ts"
import { type RawPeer, startRawPeer } from "./RawPeer.ts"

/** How processes are started, guarded and found. */
export type Processes = ChildProcessSpawner | GuardProcess | LaunchProcesses

export interface Peers {
  /** Starts one with this environment, which gets the id of its launch. */
  readonly start: (
    environmentOf: (launch: LaunchId) => Readonly<Record<string, string>>,
  ) => Effect.Effect<RawPeer, Finding, Scope.Scope>
  /** Those that have been started so far. */
  readonly started: () => ReadonlyArray<RawPeer>
}

export interface PeersOptions {
  readonly entryPath: string
  /** What the ids of the launches begin with: they are of no other run. */
  readonly launches: string
  readonly answerMillis: number
  readonly onPrinted: (line: string) => void
}

export const makePeers = ({
  answerMillis,
  entryPath,
  launches,
  onPrinted,
}: PeersOptions): Effect.Effect<Peers, never, Processes> =>
  Effect.map(Effect.context<Processes>(), (processes) => {
    const started: Array<RawPeer> = []
    let launched = 0
    return {
      start: (environmentOf) =>
        Effect.suspend(() => {
          const launch = LaunchId.make(`${launches}-${++launched}`)
          return startRawPeer({
            command: process.execPath,
            args: [...nodeArguments(import.meta.url, entryPath), entryPath],
            environment: environmentOf(launch),
            launch,
            answerMillis,
            onPrinted,
          })
        }).pipe(
          Effect.tap((peer) => Effect.sync(() => void started.push(peer))),
          Effect.provide(processes),
          Effect.mapError((error) => mismatch("a process", error.message)),
        ),
      started: () => started,
    }
  })
