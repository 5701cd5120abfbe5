/** One apply of many resources through a proxy, each of which meets faults of its own. */
import { assert } from "@effect/vitest"
import type { ErrorCode, Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { makeFolder } from "../../process/formaeCommand.ts"
import type { Fault, Matches } from "../emulators/faultProxy.ts"

export interface Case {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly properties: Properties
  /** The calls that the faults are for. */
  readonly matches: Matches
  readonly faults: ReadonlyArray<Fault>
  /** Those that are counted, where they are others. */
  readonly counted?: Matches
  /** How many of them the policy leads to. */
  readonly calls: number
  /** Whether each of them is one sending of the operation, and nothing else is: so it is told. */
  readonly isSending?: boolean
  /** That of the failure, where it does not succeed in the end. */
  readonly code?: ErrorCode
}

const maxRetries = 3

/** As a user says it. A call that hangs is given up late, so that one on a busy machine is not. */
const settings = `
operator:
  retry: { maxRetries: ${maxRetries}, baseMillis: 10, capMillis: 50 }
  poll: { baseMillis: 10, capMillis: 100 }
  callTimeoutMillis: 8000
`

/** As often as the operator asks, and more. */
const always = (fault: Fault): ReadonlyArray<Fault> => Array.from({ length: 10 * (maxRetries + 1) }, () => fault)
export const twice = (fault: Fault): ReadonlyArray<Fault> => [fault, fault]

/** A proxy, or several. */
export interface Faulty {
  readonly on: (matches: Matches, ...faults: ReadonlyArray<Fault>) => unknown
  readonly count: (matches: Matches) => number
}

/** What came of each, by its label. */
export const underFaults = Effect.fnUntraced(function* (
  proxy: Faulty,
  namespace: string,
  config: Properties,
  /** Made before all others, so that none of them waits for the loading of an SDK. Its own calls are not counted. */
  first: Pick<Case, "type" | "properties">,
  cases: ReadonlyArray<Case>,
) {
  const { formae, write } = yield* makeFolder
  for (const { faults, matches } of cases) proxy.on(matches, ...faults)
  write("settings.yaml", settings)
  const resources = [{ label: "first", ...first }, ...cases].map(({ label, properties, type }) => ({
    label,
    type,
    target: "there",
    properties,
  }))
  write("faults.json", JSON.stringify({ targets: { there: { namespace, config } }, resources }))
  const { stderr, stdout } = yield* formae("apply", "faults.json", "--json", "--config", "settings.yaml")
  assert.notStrictEqual(stdout, "", stderr)
  const result = JSON.parse(stdout) as CommandResult
  const byLabel = new Map(result.resources.map((resource) => [resource.label, resource]))
  return ({ calls, code, counted, isSending = false, label, matches }: Case) => {
    const resource = byLabel.get(label)
    if (resource === undefined) return assert.fail(`nothing is said of ${label}`)
    const { attempts, error, status } = resource
    assert.deepStrictEqual(
      { status, code: error?.code, calls: proxy.count(counted ?? matches) },
      { status: code === undefined ? "succeeded" : "failed", code, calls },
      error?.message,
    )
    if (isSending) assert.strictEqual(attempts, calls)
  }
})

export type Check = Effect.Success<ReturnType<typeof underFaults>>

/** What a number of faults, and then none, leads to: each of them is one call. */
export const inTheEnd = (faults: ReadonlyArray<Fault>) => ({ faults, calls: faults.length + 1 })
export const exhausted = (fault: Fault, code: ErrorCode) => ({ faults: always(fault), calls: maxRetries + 1, code })
export const atOnce = (fault: Fault, code: ErrorCode) => ({ faults: always(fault), calls: 1, code })
