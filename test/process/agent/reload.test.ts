/** The configuration of an agent that stays, changed while it runs. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { DatabaseSync } from "node:sqlite"
import { makeFolder } from "../formaeCommand.ts"

/** The changes of the configuration that the log of the agent has. */
const changesIn = (file: string) =>
  Effect.sync(() => {
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      const rows = database.prepare("SELECT event FROM events ORDER BY number").all()
      return rows.map(({ event }) => JSON.parse(String(event))).filter(({ _tag }) => _tag === "Configuration")
    } finally {
      database.close()
    }
  })

describe("the configuration of formae agent", () => {
  it.live(
    "is read again when its file changes and on SIGHUP; a wrong one changes nothing, and each change is logged",
    () =>
      Effect.gen(function* () {
        const { at, begin, write } = yield* makeFolder
        const settings = (more: string) => `plugin: { aws: { settings: { token: canary } } }\n${more}`
        write("agent.yaml", settings(""))
        const agent = yield* begin("agent", "--config", "agent.yaml")
        yield* agent.said("listens at")

        write("agent.yaml", settings("operator: { retry: { maxRetries: 0 } }\n"))
        yield* agent.said("operator.retry.maxRetries: 9 -> 0")
        yield* agent.signal("SIGHUP")
        yield* agent.said("read again (SIGHUP). Nothing in it has changed")

        write("agent.yaml", settings("operator: { retry: { maxRetires: 1 } }\n"))
        yield* agent.said("agent.yaml:2:22 operator.retry.maxRetires: there is no such field; did you mean maxRetries?")
        write("agent.yaml", settings("state: elsewhere.db\noperator: { retry: { maxRetries: 1 } }\n"))
        yield* agent.said("state cannot be changed while the agent runs")

        yield* agent.signal("SIGTERM")
        const { stderr } = yield* agent.ended
        assert.notInclude(stderr, "canary")
        const changes = yield* changesIn(at(".formae/state.db"))
        assert.lengthOf(changes, 1)
        assert.deepInclude(changes[0], { what: "operator.retry.maxRetries", from: "9", to: "0" })
        assert.match(changes[0].by, /^the file .*\/agent\.yaml$/)
      }),
  )
})
