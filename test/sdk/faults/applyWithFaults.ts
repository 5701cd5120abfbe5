/** One apply of many resources through proxies, where each resource has faults of its own. */
import { assert } from "@effect/vitest"
import type { ErrorCode, Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { makeFolder } from "../../process/formaeCommand.ts"
import type { CallMatcher, Fault } from "../emulators/faultProxy.ts"

export interface Case {
  readonly name: string
  readonly label: string
  readonly type: string
  readonly properties: Properties
  /** The calls that the faults apply to. */
  readonly matches: CallMatcher
  readonly faults: ReadonlyArray<Fault>
  /** The calls that are counted, if they are different ones. */
  readonly counted?: CallMatcher
  /** How many of these calls the retry policy makes. */
  readonly calls: number
  /** Whether each of these calls is one attempt of the operation, so that the result reports as many attempts. */
  readonly isAttempt?: boolean
  /** The error code, if the operation does not succeed in the end. */
  readonly code?: ErrorCode
}

const maxRetries = 3

/** A user's settings. The timeout of calls is long enough for a busy machine. */
const settings = `
operator:
  retry: { maxRetries: ${maxRetries}, baseMillis: 10, capMillis: 50 }
  poll: { baseMillis: 10, capMillis: 100 }
  callTimeoutMillis: 8000
`

/** More faults than the operator makes attempts. */
const always = (fault: Fault): ReadonlyArray<Fault> => Array.from({ length: 10 * (maxRetries + 1) }, () => fault)
export const twice = (fault: Fault): ReadonlyArray<Fault> => [fault, fault]

/** One proxy or several. */
export interface Proxies {
  readonly on: (matches: CallMatcher, ...faults: ReadonlyArray<Fault>) => unknown
  readonly count: (matches: CallMatcher) => number
}

/** Returns the check that compares what happened to a resource with what its case says. */
export const applyWithFaults = Effect.fnUntraced(function* (
  proxies: Proxies,
  namespace: string,
  config: Properties,
  /** Created before all others, so that none of them waits for an SDK to load. Its own calls are not counted. */
  first: Pick<Case, "type" | "properties">,
  cases: ReadonlyArray<Case>,
) {
  const { formae, write } = yield* makeFolder
  for (const { faults, matches } of cases) proxies.on(matches, ...faults)
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
  return ({ calls, code, counted, isAttempt = false, label, matches }: Case) => {
    const resource = byLabel.get(label)
    if (resource === undefined) return assert.fail(`the result does not contain ${label}`)
    const { attempts, error, status } = resource
    assert.deepStrictEqual(
      { status, code: error?.code, calls: proxies.count(counted ?? matches) },
      { status: code === undefined ? "succeeded" : "failed", code, calls },
      error?.message,
    )
    if (isAttempt) assert.strictEqual(attempts, calls)
  }
})

export type Check = Effect.Success<ReturnType<typeof applyWithFaults>>

/** Success after these faults, each of which costs one call. */
export const succeedsAfter = (faults: ReadonlyArray<Fault>) => ({ faults, calls: faults.length + 1 })
export const retriesExhausted = (fault: Fault, code: ErrorCode) => ({
  faults: always(fault),
  calls: maxRetries + 1,
  code,
})
export const notRetried = (fault: Fault, code: ErrorCode) => ({ faults: always(fault), calls: 1, code })
