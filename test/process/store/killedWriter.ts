/** A writer that is killed after a number of receipts, and a check of what it has left in the file. */
import { assert } from "@effect/vitest"
import { spawn } from "node:child_process"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { fibers, formaOf, operationOf, type Receipt } from "./sequence.ts"

const writer = fileURLToPath(new URL("writer.ts", import.meta.url))

export interface Written {
  readonly receipts: ReadonlyArray<Receipt>
  readonly stderr: string
}

/** Starts a writer, kills it after at least `receipts` receipts, and returns all the receipts that it has printed. */
export const killedAfter = (file: string, run: number, receipts: number) =>
  Effect.callback<Written>((resume) => {
    const child = spawn(process.execPath, [writer, file, String(run)], { stdio: ["ignore", "pipe", "pipe"] })
    let stdout = ""
    let stderr = ""
    let lines = 0
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text
      lines += text.split("\n").length - 1
      if (lines >= receipts) child.kill("SIGKILL")
    })
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
    child.on("close", () => {
      // A receipt that was cut off does not count: nobody could have read it.
      const whole = stdout.split("\n").slice(0, -1)
      resume(Effect.succeed({ receipts: whole.map((line) => JSON.parse(line) as Receipt), stderr }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const Operations = Schema.Array(
  Schema.Struct({
    operation_id: Schema.String,
    command_id: Schema.String,
    native_id: Schema.NullOr(Schema.String),
    request_id: Schema.NullOr(Schema.String),
    secrets: Schema.NullOr(Schema.String),
    status: Schema.String,
    settled: Schema.Int,
  }),
)
const Rows = Schema.Array(
  Schema.Struct({ forma: Schema.String, label: Schema.String, native_id: Schema.String, desired: Schema.String }),
)
const Commands = Schema.Array(Schema.Struct({ command_id: Schema.String, forma: Schema.String, status: Schema.String }))

const tablesOf = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    assert.deepEqual({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" })
    return {
      operations: Schema.decodeUnknownSync(Operations)(database.prepare("SELECT * FROM operations").all()),
      rows: Schema.decodeUnknownSync(Rows)(database.prepare("SELECT * FROM resources").all()),
      commands: Schema.decodeUnknownSync(Commands)(database.prepare("SELECT * FROM commands ORDER BY rowid").all()),
    }
  } finally {
    database.close()
  }
}

/** The inventory before a run, by forma and label: the native id, and the operation that has written the row. */
export type Kept = ReadonlyMap<string, string>

const keptIn = ({ rows }: ReturnType<typeof tablesOf>): Kept =>
  new Map(rows.map(({ desired, forma, label, native_id }) => [`${forma} ${label}`, `${native_id} ${desired}`]))

/**
 * Checks that no write of `run` is there in part, and that each write with a
 * receipt is there. Returns what the inventory has now.
 */
export const checkWritten = (file: string, run: number, receipts: ReadonlyArray<Receipt>, before: Kept): Kept => {
  const tables = tablesOf(file)
  const byId = new Map(tables.operations.map((one) => [one.operation_id, one]))
  const commands = new Map(tables.commands.map((one) => [one.command_id, one.status]))
  const expected = new Map(before)
  for (let fiber = 0; fiber < fibers; fiber++) {
    const own = receipts.filter((one) => one.write !== "opened").filter((one) => one.fiber === fiber)
    const nthOf = (write: Receipt["write"]) =>
      Math.max(-1, ...own.map((one) => ("nth" in one && one.write === write ? one.nth : -1)))
    for (const one of own) {
      if (one.write === "command begin") assert.include([...commands.keys()], one.commandId, "a begun command is there")
      if (one.write === "command end") {
        // The next command of the forma begins only after that, and supersedes only commands that have not ended.
        assert.strictEqual(commands.get(one.commandId), "succeeded", "a command that has ended has ended")
      }
    }
    const lastCommand = tables.commands.findLast((one) => one.forma === formaOf(fiber))
    assert.notStrictEqual(
      lastCommand?.status,
      "superseded",
      "a command is superseded together with the begin of the next",
    )
    const running = tables.commands.filter((one) => one.forma === formaOf(fiber) && one.status === "running")
    assert.isAtMost(running.length, 1, "a command supersedes the one before it as it begins")
    // One write of a fiber may have been done without its receipt. What comes after it was certainly not written.
    const lastIntent = nthOf("intent")
    for (let nth = 0; nth <= lastIntent + 2; nth++) {
      const operation = operationOf(run, fiber, nth)
      const { kind, label, nativeId, operationId, requestId, status } = operation
      const found = byId.get(operationId)
      if (nth <= lastIntent) assert.isDefined(found, `${operationId} has a receipt of its intent`)
      if (nth > lastIntent + 1) assert.isUndefined(found, `${operationId} was never written`)
      if (found === undefined) continue
      if (nth <= nthOf("progress")) assert.strictEqual(found.request_id, requestId, `${operationId} has progressed`)
      const hasEnded = found.status !== "InProgress"
      if (nth <= nthOf("end")) assert.isTrue(hasEnded, `${operationId} has a receipt of its end`)
      if (!hasEnded) continue
      // An end is complete: its status, whether it is settled, its secrets, its native id, and its row of the inventory.
      assert.deepInclude(found, {
        status,
        settled: status === "NeedsAttention" ? 0 : 1,
        secrets: status === "NeedsAttention" ? "locked" : null,
        native_id: nativeId,
        request_id: requestId,
      })
      if (status !== "Succeeded") continue
      if (kind === "Delete") expected.delete(`${formaOf(fiber)} ${label}`)
      else expected.set(`${formaOf(fiber)} ${label}`, `${nativeId} ${JSON.stringify({ By: operationId })}`)
    }
  }
  const kept = keptIn(tables)
  assert.deepEqual([...kept].toSorted(), [...expected].toSorted(), "the inventory matches the recorded ends")
  return kept
}
