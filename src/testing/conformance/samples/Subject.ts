import type { Lookup } from "../../../agent/forma/References.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../../protocol/Resource.ts"
import type { TypeAtTarget } from "../peer/TypeAtTarget.ts"
import type { FailureKind, SampleChange } from "./Failing.ts"
import { applyChange, type Filling, fillObject, fillText, resolve } from "./Filling.ts"
import { placeholder, type Placeholder } from "./Placeholder.ts"
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

/** What a create is sent with, in place of the sample. */
export interface Changed {
  readonly target: TargetConfig
  readonly properties: Properties
}

/** A resource type that is tested: what is made of it, and the secrets in that. */
export interface Subject extends TypeAtTarget {
  /** The next one; it differs from the others as far as the sample says. */
  readonly specimen: () => Specimen
  /**
   * The properties of one that is deleted before the next one is made: so many
   * can be made as are needed, although only some numbers are there.
   */
  readonly spare: () => Properties
  /** Whether as many can be made as are needed, because the sample has no number. */
  readonly isFree: boolean
  /** The secrets in all that has been made so far. */
  readonly secrets: () => ReadonlyArray<string>
  /** The next create that takes long; undefined if the sample has none. */
  readonly slow: (() => Changed) | undefined
  /** The next create that fails in this way; undefined if the sample has none. */
  readonly failing: (kind: FailureKind) => Changed | undefined
  /** The file that tells which calls the provider has got. */
  readonly failureLog: string | undefined
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

/** The last of the four that a sample provides for. The one that had it before is deleted by then. */
const spareNumber = "3"

const mentions = (name: Placeholder) => (properties: Properties) =>
  [...JSON.stringify(properties).matchAll(placeholder)].some(([, found]) => found === name)
const hasUnique = mentions("unique")
const usesNumber = mentions("number")

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
  const { createOnly, failing, slow, update } = sample
  const changed = (change: SampleChange, own: Pick<Filling, "number" | "unique">): Changed => ({
    target: { ...target, ...fillObject(change.target ?? {}, run) },
    properties: fresh(applyChange(sample.properties, change.properties ?? {}), own),
  })
  const nextSpare = () => ({ unique: nextUnique(), number: spareNumber })
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
    isFree: hasUnique(sample.properties) && !usesNumber(sample.properties),
    spare: () => fresh(sample.properties, nextSpare()),
    secrets: () => [...secrets],
    slow: slow && (() => changed(slow, nextOwn())),
    failing: (kind) => {
      const change = failing?.[kind]
      return change && changed(change, nextSpare())
    },
    failureLog: failing?.log === undefined ? undefined : fillText(failing.log, run),
  }
}
