/** What a command prints with `--json`. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import type { Ended } from "./formaeCommand.ts"

/** 0.1.0 and 0.2.0 print no schemaVersion. `longInventory.test.ts` and the attacks hold that this version does. */
const PrintedResult = Schema.Struct({ schemaVersion: Schema.optionalKey(Schema.Literal(1)), ...CommandResult.fields })

/** The result on stdout, which must hold nothing else. */
export const decodeResult = (text: string) =>
  Effect.map(
    Schema.decodeEffect(Schema.fromJsonString(PrintedResult), { onExcessProperty: "error" })(text),
    Struct.omit(["schemaVersion"]),
  )

/** The result in short: each resource as `label operation`, or `label operation: code`. */
export const resultOf = ({ stdout }: Ended) =>
  Effect.map(decodeResult(stdout), ({ command, resources, status }) => ({
    status: `${command} ${status}`,
    resources: resources.map(
      ({ error, label, operation }) => `${label} ${operation}${error === null ? "" : `: ${error.code}`}`,
    ),
  }))

/** The error of a command that did nothing. It is on stderr too, where advice may follow it. */
export const refusalIn = ({ stderr, stdout }: Ended) =>
  Effect.map(decodeResult(stdout), ({ error, resources, status }) => {
    assert.deepEqual([status, resources], ["refused", []])
    // On stderr, what continues a line is marked.
    assert.isTrue(stderr.replaceAll("\n  | ", "\n").startsWith(error?.message ?? "no error"), stderr)
    return error
  })
