/** Events of a command for the tests of what a terminal shows. */
import type { ChangeEvent, PlannedChange } from "../../../src/agent/index.ts"
import { NativeId, ResourceType } from "../../../src/protocol/index.ts"

const command = { commandId: "c-1", forma: "shop" }

export const changeOf = (
  label: string,
  operation: PlannedChange["operation"] = "create",
  dependsOn: ReadonlyArray<string> = [],
): PlannedChange => ({ label, operation, type: ResourceType.make("Shop::Of::Thing"), changed: [], dependsOn })

type Usual = Extract<ChangeEvent, { _tag: "Planned" }>["usual"]

export const usual = (kind: Usual[number]["kind"], meanMillis: number): Usual[number] => ({
  type: ResourceType.make("Shop::Of::Thing"),
  kind,
  meanMillis,
})

export const planned = (changes: ReadonlyArray<PlannedChange>, times: Usual = []): ChangeEvent => ({
  _tag: "Planned",
  ...command,
  changes,
  usual: times,
})

export const started = (label: string): ChangeEvent => ({
  _tag: "Started",
  ...command,
  change: changeOf(label),
  action: "ensure",
})

export const failedTry = (label: string, attempts: number): ChangeEvent => ({
  _tag: "Progressed",
  ...command,
  change: changeOf(label),
  progress: { status: "InProgress", attempts, failure: { code: "Throttling", message: "Rate exceeded" } },
})

export const accepted = (label: string, nativeId: string): ChangeEvent => ({
  _tag: "Progressed",
  ...command,
  change: changeOf(label),
  progress: { status: "InProgress", attempts: 1, nativeId: NativeId.make(nativeId) },
})

export const finished = (label: string, code?: string): ChangeEvent => ({
  _tag: "Finished",
  ...command,
  result: {
    ...changeOf(label),
    status: code === undefined ? "succeeded" : "failed",
    nativeId: null,
    attempts: 1,
    crashes: [],
    durationMillis: 1,
    error: code === undefined ? null : { code, message: "no" },
  },
})

export const retry = { maxRetries: 9, baseMillis: 500, capMillis: 30_000 }
