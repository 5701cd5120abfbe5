/** What Read returns of a resource that was created. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { canonicalProperties } from "../../../../agent/plan/Comparison.ts"
import type { Succeeded } from "../../../../protocol/Progress.ts"
import type { Properties, TypeCapabilities } from "../../../../protocol/Resource.ts"
import { ownValue } from "../../../../protocol/ownValue.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import { expectNoChange } from "./expectNoChange.ts"
import { isReadable } from "./isReadable.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const readDescriptions = {
  "type.readBack": {
    section: sections.calls,
    title: "reads back what was created",
    remedy:
      "Return in Read the properties that were given, as they were given, and nothing that the type does not declare.",
  },
  "type.writeOnly": {
    section: sections.handshake,
    title: "never returns a write-only property from a read",
    remedy: "Leave write-only properties out of the answer to Read, or do not declare them write-only.",
  },
  "type.noChange": {
    section: sections.handshake,
    title: "needs no change when it is planned again",
    remedy:
      "Return properties in the form in which they were asked for; declare `unordered` where the order has no meaning.",
  },
  "type.canonical": {
    section: sections.handshake,
    title: "has canonical forms whose canonical form they are",
    remedy:
      "Give with Canonicalize, and declare in `paths`, forms that do not change any more when they are applied again.",
  },
  "type.canonicalRead": {
    section: sections.calls,
    title: "gives equal canonical forms to what was given and to what is read, whatever it is asked for beside them",
    remedy: "Make the form of properties follow from those properties alone, and the same for all that means the same.",
  },
  "type.masks": {
    section: sections.calls,
    title: "returns a secret as it is, or not at all",
    remedy: "Leave a secret property out of the answer where its value is not known or must not be shown.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** All of them look at the same Read. */
export const readChecks = Effect.fnUntraced(function* (
  { calls, record, specimen, subject: { capabilities, type } }: ResourceTest,
  created: Succeeded,
): Effect.fn.Return<void> {
  const wanted = specimen.properties
  const read = yield* Effect.cached(
    Effect.map(expectSuccess("Read", calls.read(created.nativeId)), ({ properties }) => properties),
  )
  yield* record.type(
    type,
    "type.readBack",
    Effect.flatMap(read, (properties) => expectReadBack(wanted, created.properties, properties, capabilities)),
  )
  yield* record.type(
    type,
    "type.noChange",
    Effect.flatMap(read, (properties) => expectNoChange(wanted, properties, calls)),
  )
  yield* record.type(
    type,
    "type.canonical",
    Effect.flatMap(read, (properties) => expectCanonical([wanted, properties], calls, capabilities)),
  )
  yield* record.type(
    type,
    "type.canonicalRead",
    Effect.flatMap(read, (properties) => expectEqualForms(wanted, properties, calls, capabilities)),
  )
  yield* record.type(
    type,
    "type.masks",
    Effect.flatMap(read, (properties) => noMasks(wanted, properties, calls, capabilities)),
  )
  yield* record.type(type, "type.writeOnly", noWriteOnly(read, capabilities))
})

/** Asking twice gives the same, and so does asking for the form of a form. */
const expectCanonical = Effect.fnUntraced(function* (
  given: ReadonlyArray<Properties>,
  { canonicalize }: Pick<TypeCalls, "canonicalize">,
  capabilities: TypeCapabilities,
) {
  const formsOf = (all: ReadonlyArray<Properties>) =>
    Effect.map(canonicalize(all), (forms) => forms.map((form) => canonicalProperties(form, capabilities)))
  const forms = yield* formsOf(given)
  const again = yield* formsOf(forms)
  return Equal.equals(forms, again) ? undefined : yield* mismatch(`the form itself: ${show(forms)}`, show(again))
})

/** Asked for one by one, and together. */
const expectEqualForms = Effect.fnUntraced(function* (
  wanted: Properties,
  read: Properties,
  { canonicalize }: Pick<TypeCalls, "canonicalize">,
  capabilities: TypeCapabilities,
) {
  if (capabilities.canonicalizes !== true) return yield* skip("the plugin gives no canonical forms for this type")
  const [own = {}] = yield* canonicalize([wanted])
  const [other = {}] = yield* canonicalize([read])
  const together = yield* canonicalize([{}, read, wanted])
  if (!Equal.equals(together.slice(1), [other, own])) {
    return yield* mismatch(`the same forms as one by one: ${show([other, own])}`, show(together.slice(1)))
  }
  const form = canonicalProperties(own, capabilities)
  const seen = canonicalProperties(other, capabilities)
  const differing = Object.keys(form).filter((name) => {
    const comparable = isReadable(ownValue(capabilities.properties, name)) && Object.hasOwn(seen, name)
    return comparable && !Equal.equals(form[name], seen[name])
  })
  const differingOf = (from: Properties) =>
    show(Object.fromEntries(differing.map((name) => [name, from[name] ?? null])))
  return differing.length === 0
    ? undefined
    : yield* mismatch(`one form: ${differingOf(form)}`, `another one of what is read: ${differingOf(seen)}`)
})

/** A value with the canonical form of the secret means the same, such as the hash of it. */
const noMasks = Effect.fnUntraced(function* (
  wanted: Properties,
  read: Properties,
  { canonicalize }: Pick<TypeCalls, "canonicalize">,
  capabilities: TypeCapabilities,
) {
  const secrets = Object.keys(wanted).filter((name) => ownValue(capabilities.properties, name)?.opaque === true)
  if (secrets.length === 0) return yield* skip("it has no secret property")
  const forms = yield* canonicalize([wanted, read])
  const [own = {}, seen = {}] = forms.map((form) => canonicalProperties(form, capabilities))
  const masked = secrets.filter((name) => Object.hasOwn(read, name) && !Equal.equals(own[name], seen[name]))
  return masked.length === 0
    ? undefined
    : yield* mismatch("the secret itself, or no value", `another ${masked.join(", ")}`)
})

/** All that was given is there, anything else is declared, and the answers to Create and Read agree. */
const expectReadBack = (
  wanted: Properties,
  created: Properties,
  read: Properties,
  { properties }: TypeCapabilities,
): Effect.Effect<void, Finding> => {
  const undeclared = Object.keys(read).filter((name) => !Object.hasOwn(properties, name))
  if (undeclared.length > 0)
    return Effect.fail(mismatch("properties that the type declares", `also ${undeclared.join(", ")}`))
  const missing = Object.keys(wanted).filter(
    (name) => isReadable(ownValue(properties, name)) && !Object.hasOwn(read, name),
  )
  if (missing.length > 0) return Effect.fail(mismatch("all that was given", `no ${missing.join(", ")}`))
  const differing = Object.keys(created).filter((name) => {
    const traits = ownValue(properties, name)
    // Values whose order has no meaning are for the plan to compare; an opaque value need not come back.
    const comparable = isReadable(traits) && traits?.unordered !== true
    return comparable && Object.hasOwn(read, name) && !Equal.equals(created[name], read[name])
  })
  const differingOf = (from: Properties) =>
    show(Object.fromEntries(differing.map((name) => [name, ownValue(from, name)])))
  return differing.length === 0
    ? Effect.void
    : Effect.fail(mismatch(`what Create returned: ${differingOf(created)}`, differingOf(read)))
}

const noWriteOnly = Effect.fnUntraced(function* (
  read: Effect.Effect<Properties, Finding>,
  { properties: traits }: TypeCapabilities,
) {
  const hidden = Object.keys(traits).filter((name) => traits[name]?.writeOnly)
  if (hidden.length === 0) return yield* skip("it has no write-only property")
  const properties = yield* read
  const returned = hidden.filter((name) => Object.hasOwn(properties, name))
  return returned.length === 0 ? undefined : yield* mismatch(`no ${hidden.join(", ")}`, returned.join(", "))
})
