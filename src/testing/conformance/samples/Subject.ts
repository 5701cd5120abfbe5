import type { Lookup } from "../../../agent/forma/References.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../../protocol/Resource.ts"
import type { TypeAtTarget } from "../peer/TypeAtTarget.ts"
import { applyChange, type Filling, fillObject, resolve } from "./Filling.ts"
import type { Sample } from "./Samples.ts"
import { secretsIn } from "./secretsIn.ts"

/** The properties of one resource that can be made. */
export interface Specimen {
  readonly properties: Properties
  /** After an update in place; undefined if the sample has none. */
  readonly updated: Properties | undefined
  /** After a change that needs a new resource; undefined if the sample has none. */
  readonly replaced: Properties | undefined
}

/** A resource type that is tested: what is made of it, and the secrets in that. */
export interface Subject extends TypeAtTarget {
  /** The next one; it differs from the others as far as the sample says. */
  readonly specimen: () => Specimen
  /** The secrets in all that has been made so far. */
  readonly secrets: () => ReadonlyArray<string>
  /** The next create that takes long; undefined if the sample has none. */
  readonly slow: (() => { readonly target: TargetConfig; readonly properties: Properties }) | undefined
}

export interface SubjectOptions {
  readonly sample: Sample
  readonly capabilities: TypeCapabilities
  /** The target config of a sample that has none of its own. */
  readonly target: TargetConfig
  /** What placeholders stand for in the target config, which all resources share. */
  readonly run: Filling
  /** The next `{{unique}}` of the properties. */
  readonly nextUnique: () => string
  readonly lookup: Lookup
  /** Gets each secret before it is sent. */
  readonly onSecret: (secret: string) => void
}

export const makeSubject = (options: SubjectOptions): Subject => {
  const { capabilities, lookup, nextUnique, onSecret, run, sample } = options
  const target = fillObject(sample.target ?? options.target, run)
  const secrets = new Set<string>()
  let count = 0
  const nextOwn = () => ({ unique: nextUnique(), number: String(count++) })
  const fresh = (properties: Properties, own: Pick<Filling, "number" | "unique">): Properties => {
    const filled = resolve(fillObject(properties, { ...run, ...own }), lookup)
    for (const secret of secretsIn(filled, capabilities)) {
      secrets.add(secret)
      onSecret(secret)
    }
    return filled
  }
  const { createOnly, slow, update } = sample
  return {
    type: sample.type,
    capabilities,
    target,
    specimen: () => {
      const own = nextOwn()
      return {
        properties: fresh(sample.properties, own),
        updated: update && fresh(applyChange(sample.properties, update), own),
        replaced: createOnly && fresh(applyChange(sample.properties, createOnly), own),
      }
    },
    secrets: () => [...secrets],
    slow:
      slow &&
      (() => ({
        target: { ...target, ...fillObject(slow.target ?? {}, run) },
        properties: fresh(applyChange(sample.properties, slow.properties ?? {}), nextOwn()),
      })),
  }
}
