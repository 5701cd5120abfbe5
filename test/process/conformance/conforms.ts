/** A plugin of this repository does what the protocol says; what its emulator cannot do is named, check by check. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { HostEnvironment } from "../../../src/agent/index.ts"
import type { TargetConfig } from "../../../src/protocol/index.ts"
import {
  type CheckId,
  defaultLimits,
  findSamples,
  formatReport,
  type Samples,
  testPlugin,
  type TestPluginOptions,
} from "../../../src/testing/conformance/index.ts"

export const folderOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** By type, the checks that fail because of its emulator, with the reason. */
export type Lacks = Readonly<Record<string, Partial<Record<CheckId, string>>>>

export interface Expected {
  /** How many types have samples. */
  readonly types: number
  readonly lacks?: Lacks
  /** Checks that pass for one of its types at least, and are not skipped for all. */
  readonly passes?: ReadonlyArray<CheckId>
  /** The types of the resources that an emulator keeps after their delete, or that cannot be deleted. */
  readonly leavesBehind?: ReadonlyArray<string>
  /** Environment variables that the plugin may see. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs the kit, which blames no plugin here for the time that a busy machine takes. The checks that fail are the ones that are expected to: one that an emulator has learned to pass is noticed too. */
export const conforms = Effect.fnUntraced(function* (
  options: TestPluginOptions,
  { environment = {}, lacks = {}, leavesBehind = [], passes = [], types }: Expected,
) {
  const report = yield* testPlugin({ ...options, limits: { exitMillis: defaultLimits.exitGraceMillis } }).pipe(
    Effect.provideService(HostEnvironment, { ...process.env, ...environment }),
    Effect.provide(NodeServices.layer),
  )
  const told = formatReport(report)
  const notMet = report.checks.filter(({ status }) => status === "failed" || status === "warned")
  assert.sameMembers(
    notMet.map(({ id, type }) => `${type ?? "the plugin"} ${id}`),
    Object.entries(lacks).flatMap(([type, checks]) => Object.keys(checks).map((id) => `${type} ${id}`)),
    told,
  )
  assert.includeMembers(
    report.checks.flatMap(({ id, status }) => (status === "passed" ? [id] : [])),
    [...passes],
    told,
  )
  assert.lengthOf(
    report.types.filter(({ sample }) => sample === "given"),
    types,
  )
  assert.sameMembers(
    report.leftBehind.map(({ type }) => type),
    [...leavesBehind],
  )
})

/** The samples in a plugin's folder, each with the target that there is for its type; those without one are left out. One has a create that takes long. */
export const samplesAt = Effect.fnUntraced(function* (
  directory: string,
  targetOf: (type: string) => TargetConfig | undefined,
  lasting: { readonly type: string; readonly target: TargetConfig },
) {
  const samples = yield* Effect.provide(findSamples(directory), NodeServices.layer)
  if (samples === undefined) return assert.fail(`${directory} has no samples`)
  const placed = <One extends { readonly type: string; readonly target?: TargetConfig }>(all: ReadonlyArray<One>) =>
    all.flatMap((one) => {
      const target = targetOf(one.type)
      return target === undefined ? [] : [{ ...one, target: { ...samples.target, ...one.target, ...target } }]
    })
  return {
    ...samples,
    setup: placed(samples.setup ?? []),
    samples: placed(samples.samples).map((sample) =>
      sample.type === lasting.type ? { ...sample, slow: { target: lasting.target } } : sample,
    ),
  } satisfies Samples
})
