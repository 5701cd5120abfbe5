/** The forma: wanted resources and their targets, under a name. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { JsonWithRefs } from "./AttributeRef.ts"
import { type DeclaredResource, declareResource, type DeclaredTarget, declareTarget } from "./DeclaredResource.ts"
import { declareText } from "./declareText.ts"
import { documentDecoder } from "./documentDecoder.ts"
import { FormaDocument, FormaInvalid, type FormaIssue } from "./FormaDocument.ts"
import { FormaName } from "./FormaName.ts"

/** Wanted resources and their targets. `Forma.make` and `readForma` make one, and the agent checks it again. */
export interface Forma extends FormaDocument {
  /**
   * The owner of the resources: a resource that an earlier forma of the same name has
   * created and this one does not want is deleted.
   */
  readonly name: string
}

const NamedDocument = Schema.Struct({ ...FormaDocument.fields, name: FormaName })

/** What `Forma.make` takes: the content of a document, or what `Forma.target` and `Forma.resource` have declared. */
export interface FormaInput {
  /** The owner of the resources, as in `FormaDocument`. */
  readonly name: string
  /** The targets: by label as in a document, or as `Forma.target` declares them. */
  readonly targets: (typeof NamedDocument.Encoded)["targets"] | ReadonlyArray<DeclaredTarget<unknown>>
  /** The resources: as in a document, or as `Forma.resource` declares them. */
  readonly resources: ReadonlyArray<(typeof NamedDocument.Encoded)["resources"][number] | DeclaredResource<unknown>>
  /** The values that an apply gives, by name: as in a document, or with references and texts. */
  readonly outputs?: { readonly [name: string]: JsonWithRefs }
  /** The labels that were renamed. */
  readonly moved?: (typeof NamedDocument.Encoded)["moved"]
}

/** Decodes and checks any value. Fails with everything that is wrong with it, each mistake with its path. */
export const decodeForma: (value: unknown) => Effect.Effect<Forma, FormaInvalid> = documentDecoder(NamedDocument)

/**
 * Makes formae in code.
 *
 * @example
 * ```ts
 * import { Forma } from "formae/agent"
 * import { typedResource } from "formae/protocol"
 *
 * const Bucket = typedResource<
 *   { readonly BucketName: string },
 *   { readonly BucketName: string; readonly Arn: string },
 *   { readonly region: string }
 * >("AWS::S3::Bucket")
 * const cloud = Forma.target(Bucket, { label: "cloud", config: { region: "eu-west-1" } })
 * const pictures = Forma.resource(Bucket, { label: "pictures", target: cloud, properties: { BucketName: "pictures" } })
 * const copies = Forma.resource(Bucket, {
 *   label: "copies",
 *   target: cloud,
 *   properties: { BucketName: Forma.text`copies-of-${pictures.ref("BucketName")}` },
 *   dependsOn: [pictures],
 * })
 * const gallery = Forma.make({
 *   name: "gallery",
 *   targets: [cloud],
 *   resources: [pictures, copies],
 *   outputs: { files: Forma.text`${pictures.ref("Arn")}/*` },
 * })
 * ```
 */
export const Forma = {
  /**
   * Declares a target, with a config that the compiler checks. `type` is any
   * resource type of the plugin that the target belongs to.
   */
  target: declareTarget,
  /**
   * Declares a resource, with properties that the compiler checks: names, types,
   * and which must be given. `ref("Arn")` of the result stands for an attribute
   * of the resource, and is accepted wherever a value of its type is.
   */
  resource: declareResource,
  /**
   * A text with values in it, wherever a string is wanted: what `$text` is in a
   * document. A reference in it stands for its value; anything else that is put
   * in stays as it is, whatever it looks like. Where one of them is `Redacted`,
   * or refers to what is secret, the text is secret.
   */
  text: declareText,
  /**
   * Makes a forma. It is checked as a document is: shape, labels, targets and
   * references. Fails with `FormaInvalid`, which has each mistake with its
   * path. What only the plugins know is checked by the agent.
   */
  make: Effect.fnUntraced(function* (input: FormaInput): Effect.fn.Return<Forma, FormaInvalid> {
    const { targets } = input
    if (!isDeclared(targets)) return yield* decodeForma(input)
    const issues = repeatedLabels(targets)
    if (issues.length > 0) return yield* new FormaInvalid({ issues })
    const byLabel = Object.fromEntries(targets.map(({ config, label, namespace }) => [label, { namespace, config }]))
    return yield* decodeForma({ ...input, targets: byLabel })
  }),
}

const isDeclared = (targets: FormaInput["targets"]): targets is ReadonlyArray<DeclaredTarget<unknown>> =>
  Array.isArray(targets)

const repeatedLabels = (targets: ReadonlyArray<DeclaredTarget<unknown>>): ReadonlyArray<FormaIssue> =>
  targets.flatMap(({ label }, index) => {
    const first = targets.findIndex((one) => one.label === label)
    return first === index
      ? []
      : [
          {
            path: ["targets", index, "label"],
            message: `the label ${label} is taken by targets[${first}]; give one of them another label`,
          },
        ]
  })
