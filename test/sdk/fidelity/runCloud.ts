/** Tries the resource types of an emulator, each with an agent of its own, a few at a time. */
import { Agent, PluginCoordinator, Store } from "formae/agent"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { CaseResult } from "./CaseResult.ts"
import type { Cloud } from "./Cloud.ts"
import { runCase, runDeletedOutside } from "./runCase.ts"
import type { Subject } from "./Subject.ts"

export interface Selection {
  /** Whether a type is tried. */
  readonly type?: (type: string) => boolean
  /** Whether a property of a type is tried. */
  readonly property?: (name: string, type: string) => boolean
  /** Whether each resource is also tried as a whole. */
  readonly whole?: boolean
  readonly report?: (result: CaseResult) => void
}

const typesAtOnce = 4
const casesAtOnce = 2

/** Distinguishes the resources of a run, in letters that all services accept. */
const nameOf = (type: string, number: number): string =>
  `t-${type.split("::").slice(1).join("-").toLowerCase()}-${number}`

const runSubject = <Sdk>(cloud: Cloud<Sdk>, subject: Subject<Sdk>, { property, report, whole }: Selection) => {
  const all = subject.cases(nameOf(subject.type, 0)).map(({ property }, index) => ({ property, index }))
  const runs = all
    .filter((one) => property?.(one.property, subject.type) ?? true)
    .map(({ index }) => runCase(cloud, subject, index, nameOf(subject.type, index + 1)))
  const deletions = whole === false ? [] : [runDeletedOutside(cloud, subject, nameOf(subject.type, 0))]
  const reported = [...deletions, ...runs].map(Effect.tap((result) => Effect.sync(() => report?.(result))))
  return Effect.all(reported, { concurrency: casesAtOnce }).pipe(
    Effect.provide(
      Agent.layer.pipe(Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([cloud.plugin])])),
      { local: true },
    ),
  )
}

export const runCloud = <Sdk>(cloud: Cloud<Sdk>, selection: Selection = {}) =>
  Effect.map(
    Effect.forEach(
      cloud.subjects.filter(({ type }) => selection.type?.(type) ?? true),
      (subject) => runSubject(cloud, subject, selection),
      { concurrency: typesAtOnce },
    ),
    (results) => results.flat(),
  )
