/** Puts what is known of targets into the texts of a forma: `${target.aws.accountId}`. */
import * as Effect from "effect/Effect"
import type { ResourceType } from "../../protocol/Identity.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { mapExpressions } from "../forma/Expression.ts"
import type { FormaDocument, FormaIssue } from "../forma/FormaDocument.ts"
import { knownNames } from "../forma/nearestName.ts"
import { mapValues, reservedIn } from "../forma/outputReferences.ts"
import { plainObject } from "../forma/SecretCheck.ts"
import { formatText, type TextPart } from "../forma/TextTemplate.ts"
import { ResourceIdentifier, type TargetFacts } from "../operations/ResourceIdentifier.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"

/** What was learned of one target, or why nothing was. */
type Learned = { readonly facts: TargetFacts | undefined } | { readonly why: string }

/** The targets that are named in texts. */
const namedTargets = (forma: FormaDocument): ReadonlyArray<string> => [
  ...new Set(reservedIn(forma, "target").flatMap(({ names }) => names.slice(0, 1))),
]

export const makeTargetFacts = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const identifier = yield* ResourceIdentifier

  /** A type that lives there. Where no resource does, any type of the plugin. */
  const typeAt = Effect.fnUntraced(function* ({ resources, targets }: FormaDocument, name: string) {
    const own = resources.find(({ target }) => target === name)?.type
    const namespace = ownValue(targets, name)?.namespace
    if (own !== undefined || namespace === undefined) return own
    const [first]: ReadonlyArray<ResourceType> = [...(yield* coordinator.capabilities(namespace)).keys()]
    return first
  })

  const learn = Effect.fnUntraced(function* (forma: FormaDocument, name: string) {
    const type = yield* typeAt(forma, name)
    if (type === undefined) return { facts: undefined }
    const config = plainObject(ownValue(forma.targets, name)?.config ?? {})
    return yield* Effect.match(identifier.factsOf(type, config), {
      onSuccess: (facts): Learned => ({ facts }),
      onFailure: ({ message }): Learned => ({ why: message }),
    })
  })

  /** The forma with its facts in place, or what is wrong with them. Asks nothing where none is named. */
  return Effect.fnUntraced(function* <Document extends FormaDocument>(forma: Document) {
    const names = namedTargets(forma)
    const nothing: ReadonlyArray<FormaIssue> = []
    if (names.length === 0) return { forma, issues: nothing }
    const learned = new Map(
      yield* Effect.forEach(names, (name) => Effect.map(learn(forma, name), (one) => [name, one] as const), {
        concurrency: "unbounded",
      }),
    )
    return { forma: withFacts(forma, learned), issues: objections(forma, learned) }
  })
})

const objections = (forma: FormaDocument, learned: ReadonlyMap<string, Learned>): ReadonlyArray<FormaIssue> =>
  reservedIn(forma, "target").flatMap(({ names: [name = "", fact = ""], path }) => {
    const message = objectionTo(name, fact, learned.get(name), ownValue(forma.targets, name)?.namespace)
    return message === undefined ? [] : [{ path, message }]
  })

const objectionTo = (
  name: string,
  fact: string,
  one: Learned | undefined,
  namespace: string | undefined,
): string | undefined => {
  if (one !== undefined && "why" in one)
    return `the target ${name} cannot be asked for its ${fact}: ${one.why}. Write the value itself, or use a parameter`
  if (one?.facts === undefined) {
    return `the plugin of ${namespace} does not say what it knows of its targets; write the value itself, or use a parameter`
  }
  return ownValue(one.facts, fact) === undefined
    ? `the target ${name} has no fact ${fact}; ${knownNames(fact, "facts", Object.keys(one.facts))}`
    : undefined
}

const withFacts = <Document extends FormaDocument>(
  forma: Document,
  learned: ReadonlyMap<string, Learned>,
): Document => {
  const fillPart = (part: TextPart): TextPart => {
    if (part._tag === "Literal" || part.path[0] !== "target") return part
    const one = learned.get(part.path[1])
    const text = one !== undefined && "facts" in one ? ownValue(one.facts ?? {}, part.path[2] ?? "") : undefined
    return text === undefined ? part : { _tag: "Literal", text }
  }
  return mapValues(forma, (values) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        mapExpressions(value, (found, written) =>
          found._tag === "Text" ? { $text: formatText(found.parts.map(fillPart)) } : written,
        ),
      ]),
    ),
  )
}
