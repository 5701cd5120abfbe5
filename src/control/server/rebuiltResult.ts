/**
 * The result of a command whose end is in the journal and whose record is not: its
 * agent was killed in between. It is made from what the events have told of it, what
 * the journal says was done, and what the state has now.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Struct from "effect/Struct"
import { Agent } from "../../agent/Agent.ts"
import type { ResourceResult } from "../../agent/apply/ResourceResult.ts"
import { type CommandResult, makeCommandResult } from "../../agent/commands/CommandResult.ts"
import { endsToTell, isEnd, isNothing } from "../../agent/events/continuedCommand.ts"
import { EventRecorder } from "../../agent/events/EventRecorder.ts"
import { CurrentAsked } from "../../agent/records/Asked.ts"
import type { PastCommand } from "../../agent/records/CommandHistory.ts"
import { OperationJournal } from "../../agent/records/OperationJournal.ts"
import { eventFromApi } from "../mapping/models.ts"
import { EventFeed } from "./EventFeed.ts"
import type { Start } from "./runInBackground.ts"

/** Makes results whole again that an earlier agent has begun. */
export const makeRebuild = Effect.gen(function* () {
  const agent = yield* Agent
  const feed = yield* EventFeed
  const journal = yield* OperationJournal
  // A host that keeps no log has none.
  const recorder = Option.getOrUndefined(yield* Effect.serviceOption(EventRecorder))

  /** How the changes of a command have ended, by label, as the events that are kept say it. */
  const toldOf = Effect.fnUntraced(function* (commandId: string) {
    const told = new Map<string, ResourceResult>()
    let from = 0
    while (true) {
      const page = yield* Effect.result(feed.readAfter(from, { commandId }))
      if (page._tag === "Failure") {
        from = page.failure.first - 1
        continue
      }
      const { events, next } = page.success
      for (const one of events) {
        const event = eventFromApi(one)
        if (event._tag === "Some" && event.value._tag === "Finished" && isEnd(event.value)) {
          told.set(event.value.result.label, event.value.result)
        }
      }
      if (next <= from) return told
      from = next
    }
  })

  /** The same, and what the journal says was done that no event has told. */
  const endsOf = Effect.fnUntraced(function* (commandId: string, forma: string) {
    yield* feed.last
    const ends = yield* toldOf(commandId)
    const told = new Map([...ends].map(([label, { error }]) => [label, error?.code ?? null]))
    const done = yield* journal.listByCommand(commandId)
    for (const { result } of endsToTell({ commandId, forma }, { told, done })) ends.set(result.label, result)
    return ends
  })

  /** Before the end, at which the log gets what the journal knows. */
  const tell = Effect.fnUntraced(function* (
    command: Pick<PastCommand, "commandId" | "forma">,
    results: ReadonlyArray<ResourceResult>,
  ) {
    const { request } = yield* CurrentAsked
    for (const result of results) {
      const event = { _tag: "Finished", ...command, result } as const
      yield* recorder?.record({ event: { _tag: "Change", event }, request }) ?? Effect.void
    }
  })

  /** The outputs of a document as its apply gives them. */
  const outputsOf = Effect.fnUntraced(function* (forma: string) {
    const { outputs = {} } = yield* agent.outputs()
    return Object.entries(outputs).flatMap(([name, value]) =>
      name.startsWith(`${forma}.`) ? [[name.slice(forma.length + 1), value] as const] : [],
    )
  })

  return {
    /** Gives the result of a command that has ended. It does nothing, but has the log say of each resource how it ended. */
    rebuild: ({ command, commandId, forma }: PastCommand): Start =>
      Effect.fnUntraced(function* () {
        const ends = yield* endsOf(commandId, forma)
        // The journal knows nothing of what needed nothing.
        const { resources } = command === "apply" ? yield* agent.inventory : { resources: [] }
        const others = resources
          .filter((one) => one.forma === forma && !ends.has(one.label))
          .map((one) => Struct.omit(one, ["forma"]))
        yield* tell({ commandId, forma }, others)
        const result = makeCommandResult(command, [...ends.values(), ...others])
        const outputs = command === "apply" ? yield* Effect.orElseSucceed(outputsOf(forma), () => []) : []
        return outputs.length === 0 ? result : { ...result, outputs: Object.fromEntries(outputs) }
      }),
    /** Adds to the result of a resume what earlier agents have done for the command. */
    complete: Effect.fnUntraced(function* (commandId: string, result: CommandResult) {
      const ends = yield* endsOf(commandId, "")
      const resources = result.resources.map((one) => {
        const ended = isNothing(one) ? ends.get(one.label) : undefined
        return ended === undefined ? one : { ...one, ...ended }
      })
      const known = new Set(resources.map(({ label }) => label))
      const gone = [...ends.values()].filter(({ label }) => !known.has(label))
      return { ...result, resources: [...resources, ...gone] }
    }),
  }
})
